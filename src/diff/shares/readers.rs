//! Whose promises go by what is left of which budgets, and whether they hold while little or while much is left.

use std::collections::BTreeMap;

use crate::decide::engine::Statement;
use crate::diff::latent::{said_by, said_in};
use crate::model::attribute::{Attribute, RequestAttribute};
use crate::model::expr::{CompareOp, Node, Term};
use crate::model::{Candidates, Expr, Failover, World};

/// What is left of what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Remaining {
    /// The budgets that count everything: `budget.remaining`.
    All,
    /// `budget.NAME.remaining`.
    Of(String),
}

/// When something holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sense {
    /// While little is left.
    pub(super) little: bool,
    /// While much is left.
    pub(super) much: bool,
}

/// A statement that promises something by what is left.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    /// Its kind and its name.
    pub(super) what: String,
    pub(super) id: Statement,
    /// What it promises, canonical; of failover one word.
    pub(super) said: Vec<String>,
    pub(super) sense: Sense,
}

/// What the conditions of one statement read.
type Senses = BTreeMap<Remaining, Sense>;

/// Everybody who promises something by what is left, by what of.
pub(super) fn of(world: &World) -> BTreeMap<Remaining, Vec<Reader>> {
    let mut readers: BTreeMap<Remaining, Vec<Reader>> = BTreeMap::new();
    let mut add = |senses: Senses, what: String, id: Statement, said: &dyn Fn() -> Vec<String>| {
        if senses.is_empty() {
            return;
        }
        let said = said();
        for (key, sense) in senses {
            let reader = Reader { what: what.clone(), id, said: said.clone(), sense };
            readers.entry(key).or_default().push(reader);
        }
    };
    for (id, rule) in world.rules.enumerated() {
        if rule.promises.is_empty() && rule.process_in.is_empty() {
            continue;
        }
        let promises = rule.promises.iter().map(|one| (&one.expr, !one.forbid));
        let senses = senses(world, rule.when.iter().map(|when| (when, false)).chain(promises));
        let what = format!("rule `{}`", rule.name.value);
        add(senses, what, Statement::Rule(id), &|| said_by(world, rule));
    }
    for (id, one) in world.guarantees.enumerated() {
        let parts = one.parts.iter().map(|part| (&part.expr, !part.never));
        let senses = senses(world, one.premise.iter().map(|premise| (premise, false)).chain(parts));
        let what = format!("guarantee `{}`", one.name.value);
        add(senses, what, Statement::Guarantee(id), &|| said_in(world, one));
    }
    let is_asked = world.failovers.iter().any(|one| !one.matches.is_empty());
    for (id, one) in world.failovers.enumerated() {
        let narrows = narrows(one);
        if !narrows && !is_asked {
            continue;
        }
        // One that asks less than others holds them up where it leads.
        let senses = senses(world, one.when.iter().map(|when| (when, !narrows)));
        let what = format!("failover `{}`", one.name.value);
        add(senses, what, Statement::Failover(id), &|| vec!["failover".to_owned()]);
    }
    readers
}

/// Whether targets are asked for something, or there are none.
fn narrows(failover: &Failover) -> bool {
    !failover.matches.is_empty() || matches!(failover.candidates, Candidates::None) || failover.limit == 0
}

/// When a promise is made, by what is left: each expression with whether it takes from the promise where it holds.
fn senses<'a>(world: &World, exprs: impl Iterator<Item = (&'a Expr, bool)>) -> Senses {
    let mut found = Senses::new();
    for (expr, turned) in exprs {
        if expr.reads.iter().any(|(attribute, _)| key(world, *attribute).is_some()) {
            read(world, &expr.root, turned, &mut found);
        }
    }
    found
}

fn key(world: &World, attribute: Attribute) -> Option<Remaining> {
    match attribute {
        Attribute::Request(RequestAttribute::BudgetRemaining) => Some(Remaining::All),
        // Of one that is not in force everything is left.
        Attribute::Request(RequestAttribute::Share(id)) => {
            world.budgets.if_there(id).map(|budget| Remaining::Of(budget.name.value.clone()))
        }
        _ => None,
    }
}

fn read(world: &World, node: &Node, turned: bool, found: &mut Senses) {
    let mut hear = |term: &Term, sense: Sense| {
        if let Term::Attribute(attribute) = term
            && let Some(key) = key(world, *attribute)
        {
            let known = found.entry(key).or_default();
            let Sense { little, much } =
                if turned { Sense { little: sense.much, much: sense.little } } else { sense };
            *known = Sense { little: known.little || little, much: known.much || much };
        }
    };
    match node {
        Node::And(parts) | Node::Or(parts) => {
            for part in parts {
                read(world, part, turned, found);
            }
        }
        Node::Not(part) => read(world, part, !turned, found),
        Node::Compare(left, op, right) => {
            let little = Sense { little: true, much: false };
            let much = Sense { little: false, much: true };
            let (of_left, of_right) = match op {
                CompareOp::Lt | CompareOp::Le => (little, much),
                CompareOp::Gt | CompareOp::Ge => (much, little),
                CompareOp::Eq | CompareOp::Ne => (BOTH, BOTH),
            };
            hear(left, of_left);
            hear(right, of_right);
        }
        Node::In(term, items) | Node::Within(term, items) => {
            hear(term, BOTH);
            for item in items.iter() {
                hear(item, BOTH);
            }
        }
        Node::Const(_) | Node::Is(_) | Node::Has(..) | Node::Covers(..) => {}
    }
}

/// Nobody can tell.
const BOTH: Sense = Sense { little: true, much: true };
