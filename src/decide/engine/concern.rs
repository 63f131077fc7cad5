//! Which statements may concern which use case: most name a use case, a team or the like, and hold for no other.

use std::collections::{BTreeMap, HashMap};

use super::scalar::{Bindings, Known};
use super::{Engine, Statement};
use crate::model::attribute::{Attribute, RequestAttribute};
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::names::Symbol;
use crate::model::{
    Audit, Budget, Expr, Failover, Guarantee, Id, Quota, Rule, Table, UseCase, UseCaseId, World,
};

/// The statements of a world by the use cases that they may concern.
#[derive(Debug)]
pub(super) struct Concerns {
    pub(super) rules: Concern<Rule>,
    pub(super) failovers: Concern<Failover>,
    pub(super) budgets: Concern<Budget>,
    pub(super) quotas: Concern<Quota>,
    pub(super) audits: Concern<Audit>,
    pub(super) guarantees: Concern<Guarantee>,
    /// The use cases by what they state.
    use_cases: HashMap<(RequestAttribute, Symbol), Vec<UseCaseId>>,
}

/// The statements of one kind.
#[derive(Debug)]
pub(super) struct Concern<E> {
    /// Those that may concern any use case.
    any: Vec<Id<E>>,
    /// Those that concern only use cases that state one of some names.
    by: BTreeMap<RequestAttribute, HashMap<Symbol, Vec<Id<E>>>>,
    /// Per statement these names.
    names: Table<E, Option<Names>>,
}

/// An attribute, and the names of which it must have one.
type Names = (RequestAttribute, Vec<Symbol>);

impl Concerns {
    pub(super) fn new(world: &World) -> Self {
        Self {
            rules: Concern::new(world.rules.iter().map(|rule| rule.when.as_ref())),
            failovers: Concern::new(world.failovers.iter().map(|failover| failover.when.as_ref())),
            budgets: Concern::new(world.budgets.iter().map(|budget| budget.when.as_ref())),
            quotas: Concern::new(world.quotas.iter().map(|quota| quota.when.as_ref())),
            audits: Concern::new(world.audits.iter().map(|audit| audit.when.as_ref())),
            guarantees: Concern::new(world.guarantees.iter().map(|guarantee| guarantee.premise.as_ref())),
            use_cases: HashMap::new(),
        }
        .stated(world)
    }

    fn stated(mut self, world: &World) -> Self {
        for (id, use_case) in world.use_cases.enumerated() {
            for attribute in NAMING {
                if let Some(symbol) = name_of(world, use_case, attribute) {
                    self.use_cases.entry((attribute, symbol)).or_default().push(id);
                }
            }
        }
        self
    }

    /// The use cases that a statement may concern, ascending; none where that may be any.
    pub(super) fn of<E>(&self, kind: &Concern<E>, statement: Id<E>) -> Option<Vec<UseCaseId>> {
        let (attribute, names) = kind.names[statement].as_ref()?;
        let ids = names.iter().filter_map(|name| self.use_cases.get(&(*attribute, *name))).flatten();
        let mut ids: Vec<UseCaseId> = ids.copied().collect();
        ids.sort_unstable();
        ids.dedup();
        Some(ids)
    }
}

impl<E> Concern<E> {
    fn new<'w>(conditions: impl Iterator<Item = Option<&'w Expr>>) -> Self {
        let conditions = conditions.map(|when| when.and_then(|when| names(&when.root)));
        let mut concern = Self { any: Vec::new(), by: BTreeMap::new(), names: conditions.collect() };
        for (id, names) in concern.names.enumerated() {
            match names {
                None => concern.any.push(id),
                Some((attribute, names)) => {
                    let by = concern.by.entry(*attribute).or_default();
                    for name in names {
                        let ids: &mut Vec<Id<E>> = by.entry(*name).or_default();
                        if ids.last() != Some(&id) {
                            ids.push(id);
                        }
                    }
                }
            }
        }
        concern
    }

    /// The statements that may concern a use case, ascending.
    pub(super) fn with(&self, world: &World, use_case: &UseCase) -> Vec<Id<E>> {
        let mut ids = self.any.clone();
        for (attribute, by) in &self.by {
            let name = name_of(world, use_case, *attribute);
            ids.extend(name.and_then(|name| by.get(&name)).into_iter().flatten());
        }
        ids.sort_unstable();
        ids
    }
}

/// The attributes of which a use case states one name.
const NAMING: [RequestAttribute; 5] = [
    RequestAttribute::UseCase,
    RequestAttribute::BusinessUnit,
    RequestAttribute::Team,
    RequestAttribute::Project,
    RequestAttribute::Application,
];

pub(super) fn name_of(world: &World, use_case: &UseCase, attribute: RequestAttribute) -> Option<Symbol> {
    match Bindings::of(world, use_case).read(Attribute::Request(attribute)) {
        Some(Known::Name(symbol)) => Some(symbol),
        _ => None,
    }
}

/// Names of which a use case must state one for a condition to be true; none where that cannot be seen.
pub(super) fn names(node: &Node) -> Option<Names> {
    let naming = |term: &Term| match term {
        Term::Attribute(Attribute::Request(attribute)) => NAMING.contains(attribute).then_some(*attribute),
        Term::Attribute(Attribute::Model(_) | Attribute::Chain(_) | Attribute::Duty(_)) | Term::Value(_) => {
            None
        }
    };
    let name = |term: &Term| match term {
        Term::Value(Value::Symbol(symbol)) => Some(*symbol),
        _ => None,
    };
    match node {
        Node::Compare(left, CompareOp::Eq, right) => match (naming(left), naming(right)) {
            (Some(attribute), None) => Some((attribute, vec![name(right)?])),
            (None, Some(attribute)) => Some((attribute, vec![name(left)?])),
            _ => None,
        },
        Node::In(left, items) => {
            Some((naming(left)?, items.iter().map(name).collect::<Option<Vec<Symbol>>>()?))
        }
        Node::And(parts) => parts.iter().filter_map(names).min_by_key(|(_, names)| names.len()),
        Node::Or(parts) => {
            let mut parts = parts.iter();
            let (attribute, mut all) = names(parts.next()?)?;
            for part in parts {
                let (other, more) = names(part)?;
                if other != attribute {
                    return None;
                }
                all.extend(more);
            }
            Some((attribute, all))
        }
        _ => None,
    }
}

impl Engine<'_> {
    /// The use cases for which a statement's condition may be true, ascending; none where that may be any.
    pub fn may_concern(&self, statement: Statement) -> Option<Vec<UseCaseId>> {
        let concerns = &self.concerns;
        match statement {
            Statement::Rule(id) => concerns.of(&concerns.rules, id),
            Statement::Failover(id) => concerns.of(&concerns.failovers, id),
            Statement::Budget(id) => concerns.of(&concerns.budgets, id),
            Statement::Quota(id) => concerns.of(&concerns.quotas, id),
            Statement::Audit(id) => concerns.of(&concerns.audits, id),
            Statement::Guarantee(id) => concerns.of(&concerns.guarantees, id),
        }
    }

    /// The rules and guarantees whose condition may be true for a use case.
    pub fn promising(&self, use_case: &UseCase) -> impl Iterator<Item = Statement> {
        let rules = self.concerns.rules.with(self.world, use_case).into_iter().map(Statement::Rule);
        let guarantees = self.concerns.guarantees.with(self.world, use_case).into_iter();
        rules.chain(guarantees.map(Statement::Guarantee))
    }

    /// The use cases for which something may depend on a statement, ascending: its condition is not the same falsehood in
    /// all their contexts.
    pub fn depending_on(&self, statement: Statement) -> Vec<UseCaseId> {
        let condition = self.condition(statement);
        let may_hold = |id: &UseCaseId| {
            condition.residual(self.world, &self.atoms, &self.world.use_cases[*id]).may_hold()
        };
        let ids = self.may_concern(statement).unwrap_or_else(|| self.world.use_cases.ids().collect());
        ids.into_iter().filter(may_hold).collect()
    }
}
