//! "Conditions" to "How a decision is made" in docs/language.md, for a whole workspace: models as bit sets, conditions
//! in all contexts at once, every decision made once however many contexts share it.
//!
//! The plain reading of the specification beside it says what is right; the two share types only, and random
//! workspaces hold them together.

mod alike;
mod atom;
mod beside;
mod bound;
mod candidate;
mod case;
mod concern;
mod condition;
mod costs;
mod gates;
mod holding;
mod index;
mod leads;
mod order;
mod ordered;
mod prices;
mod residency;
mod residual;
mod scalar;
mod shared;
mod space;
mod tri;
mod walk;
mod without;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use fixedbitset::FixedBitSet;

use super::{Decision, Undefined};
use crate::model::{
    Audit, AuditId, Axis, Budget, BudgetId, ClassificationId, Context, Expr, Failover, FailoverId, Guarantee,
    GuaranteeId, IdSet, Model, ModelId, PreferKind, Quota, QuotaId, Rule, RuleId, Table, UseCase, UseCaseId,
    World,
};
use atom::{Atoms, Reading};
pub use beside::Beside;
pub use bound::AtMost;
use candidate::{Candidate, Parts};
use case::Case;
use concern::Concerns;
pub use condition::Held;
use condition::{Condition, Residual};
use index::Index;
use leads::{AllLeads, FailoverPlan};
use prices::Prices;
use residency::Residents;
use residual::Residuals;
pub use residual::{Apart, Multiplied, TooMany};
pub use scalar::{Bindings, Known, Members};
pub use space::{Classes, Space};
pub use without::{Place, Shift, Wishes, Without};

/// Spaces by classification and classes.
type Spaces = HashMap<(ClassificationId, Vec<Classes>), Arc<Space>>;

/// A world made ready to be decided.
#[derive(Debug)]
pub struct Engine<'w> {
    world: &'w World,
    atoms: Atoms<'w>,
    index: Index,
    prices: Prices,
    rules: Table<Rule, RulePlan<'w>>,
    failovers: Table<Failover, FailoverPlan<'w>>,
    budgets: Table<Budget, Condition<'w>>,
    quotas: Table<Quota, Condition<'w>>,
    audits: Table<Audit, Condition<'w>>,
    shared: shared::Shared,
    leads: AllLeads,
    residents: Residents,
    concerns: Concerns,
    /// Per rule those that it overrides, if any.
    overrides: Table<Rule, Vec<RuleId>>,
    guarantees: Table<Guarantee, GuaranteePlan<'w>>,
    /// The classifications up to each ceiling that some model has.
    ceilings: Vec<FixedBitSet>,
    spaces: Mutex<Spaces>,
}

#[derive(Debug)]
struct GuaranteePlan<'w> {
    premise: Condition<'w>,
    /// How what it promises reads the context.
    readings: Vec<Reading>,
}

#[derive(Debug)]
struct RulePlan<'w> {
    when: Condition<'w>,
    promises: Vec<(bool, Candidate<'w>)>,
    /// The models that keep every promise, where that depends on the model alone.
    kept: Option<FixedBitSet>,
    prefers: Vec<PreferPlan<'w>>,
    /// The facts that say where the request is processed.
    placing: Vec<Reading>,
}

#[derive(Debug)]
enum PreferPlan<'w> {
    Cheapest,
    Fastest,
    MostAvailable,
    Where(Candidate<'w>),
    /// Per model the position of the first selector that matches.
    Positions(Vec<u32>),
}

/// What is decided of one use case.
#[derive(Debug, Clone)]
pub struct Decisions {
    /// Its contexts that have to be decided apart.
    pub space: Arc<Space>,
    /// Decisions, none twice for the same reason.
    pub distinct: Vec<Result<Decision, Undefined>>,
    /// Per context the index of its decision.
    pub cells: Vec<u32>,
    /// The rules that apply in some context.
    pub rules: IdSet<Rule>,
    /// The failover statements whose `when` is true in some context.
    pub failovers: IdSet<Failover>,
    /// The failover statements that are the one left for some trigger in some context.
    pub led: IdSet<Failover>,
}

/// A statement with a condition that holds in some contexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the statements of docs/language.md")]
pub enum Statement {
    Rule(RuleId),
    Failover(FailoverId),
    Budget(BudgetId),
    Quota(QuotaId),
    Audit(AuditId),
    Guarantee(GuaranteeId),
}

/// The other rules that a rule overrides.
fn overridden(id: RuleId, rule: &crate::model::Rule) -> Vec<RuleId> {
    rule.overrides.iter().map(|over| over.value).filter(|over| *over != id).collect()
}

impl<'w> Engine<'w> {
    /// Takes a world apart: what no use case changes is worked out here, once.
    pub fn new(world: &'w World) -> Self {
        let mut atoms = Atoms::new(world);
        let mut parts = Parts::new(world);
        let rules = world.rules.iter().map(|rule| RulePlan::new(&mut parts, &mut atoms, rule)).collect();
        let mut registry = None;
        let failovers = world.failovers.iter().map(|failover| {
            let when = Condition::new(&mut atoms, failover.when.as_ref());
            FailoverPlan::new(world, when, &failover.candidates, &mut registry)
        });
        let failovers = failovers.collect();
        let guarantees = world.guarantees.iter().map(|guarantee| {
            let parts = guarantee.parts.iter();
            GuaranteePlan {
                premise: Condition::new(&mut atoms, guarantee.premise.as_ref()),
                readings: parts.flat_map(|part| atoms.readings(&part.expr.root)).collect(),
            }
        });
        let guarantees = guarantees.collect();
        let mut condition = |when: Option<&'w Expr>| Condition::new(&mut atoms, when);
        let budgets = world.budgets.iter().map(|budget| condition(budget.when.as_ref())).collect();
        let quotas = world.quotas.iter().map(|quota| condition(quota.when.as_ref())).collect();
        let audits = world.audits.iter().map(|audit| condition(audit.when.as_ref())).collect();
        Self {
            world,
            index: Index::new(world),
            prices: Prices::new(world),
            rules,
            failovers,
            shared: shared::Shared::default(),
            leads: AllLeads::default(),
            residents: Residents::default(),
            concerns: Concerns::new(world),
            overrides: world.rules.enumerated().map(|(id, rule)| overridden(id, rule)).collect(),
            budgets,
            quotas,
            audits,
            guarantees,
            ceilings: ceilings(world),
            atoms,
            spaces: Mutex::default(),
        }
    }

    /// The other rules that a rule overrides.
    fn overridden(&self, rule: RuleId) -> &[RuleId] {
        &self.overrides[rule]
    }

    /// The world that it decides.
    pub fn world(&self) -> &'w World {
        self.world
    }

    /// The contexts of a use case that have to be decided apart; the axes that make them too many, if they are.
    pub fn space(&self, use_case: &UseCase) -> Result<Arc<Space>, TooMany> {
        Residuals::new(self, use_case).space(self, use_case)
    }

    /// How many contexts of a use case have to be decided apart; the axes that make them too many, if they are.
    pub fn count_apart(&self, use_case: &UseCase) -> Result<Apart, TooMany> {
        Residuals::new(self, use_case).count(self, use_case)
    }

    /// The statements that tell positions of an axis apart for a use case, as `rule NAME`.
    pub fn readers(&self, use_case: &UseCase, axis: Axis) -> Vec<String> {
        Residuals::new(self, use_case).readers(self, axis)
    }

    /// The models that are approved for a use case.
    pub fn approved(&self, use_case: &UseCase) -> IdSet<Model> {
        self.index.approved(&use_case.name.value).into()
    }

    /// Whether leaving out a rule may change a decision of a use case: not where it only takes away models, by what they
    /// are, and no such model is approved for it.
    pub fn may_matter(&self, use_case: &UseCase, id: RuleId) -> bool {
        let rule = &self.world.rules[id];
        let kept = self.rules[id].kept.as_ref();
        let only_takes = rule.process_in.is_empty() && rule.prefers.is_empty() && rule.overrides.is_empty();
        kept.filter(|_| only_takes)
            .is_none_or(|kept| !self.index.approved(&use_case.name.value).is_subset(kept))
    }

    fn condition(&self, statement: Statement) -> &Condition<'w> {
        match statement {
            Statement::Rule(id) => &self.rules[id].when,
            Statement::Failover(id) => &self.failovers[id].when,
            Statement::Budget(id) => &self.budgets[id],
            Statement::Quota(id) => &self.quotas[id],
            Statement::Audit(id) => &self.audits[id],
            Statement::Guarantee(id) => &self.guarantees[id].premise,
        }
    }

    /// Where a statement's condition is true for a use case, among the contexts of its space.
    pub fn held(&self, use_case: &UseCase, space: &Space, statement: Statement) -> Held {
        let residual = self.condition(statement).residual(self.world, &self.atoms, use_case);
        residual.held(self.world, &self.atoms, space, use_case)
    }

    /// Whether a condition is true for a use case in one context; none always is.
    pub fn applies(&self, use_case: &UseCase, context: &Context, when: Option<&Expr>) -> bool {
        let request =
            scalar::Bindings { context: Some(context), ..scalar::Bindings::of(self.world, use_case) };
        when.is_none_or(|when| request.truth(&when.root) == Some(true))
    }

    /// Whether a statement's condition is true for a use case in some context.
    pub fn holds_somewhere(&self, use_case: &UseCase, statement: Statement) -> bool {
        match self.condition(statement).residual(self.world, &self.atoms, use_case) {
            Residual::Same(value) => value == Some(true),
            residual => self
                .space(use_case)
                .is_ok_and(|space| residual.held(self.world, &self.atoms, &space, use_case).somewhere()),
        }
    }

    /// Decides every context of a use case; none where there are too many.
    pub fn decide(&self, id: UseCaseId) -> Option<Decisions> {
        self.decide_beside(id, None)
    }

    /// The same, given what was decided before some rules changed.
    pub fn decide_beside(&self, id: UseCaseId, before: Option<Beside>) -> Option<Decisions> {
        Some(Case::new(self, &self.world.use_cases[id])?.decide(before))
    }

    /// The same as if some models had ended: no request goes to them.
    pub fn decide_after(&self, id: UseCaseId, ended: &[ModelId]) -> Option<Decisions> {
        let mut case = Case::new(self, &self.world.use_cases[id])?;
        case.gates.end(ended);
        Some(case.decide(None))
    }

    /// The decisions of a use case in some contexts of its space as if a rule did not stand in the policy.
    pub fn decide_without(
        &self,
        use_case: &UseCase,
        rule: RuleId,
        contexts: impl IntoIterator<Item = usize>,
    ) -> Vec<Result<Decision, Undefined>> {
        self.without(use_case).map(|mut case| case.decide(rule, contexts)).unwrap_or_default()
    }

    /// A use case made ready to be decided as if one rule or another did not stand in the policy; none where it has too
    /// many contexts.
    pub fn without<'e>(&'e self, use_case: &'e UseCase) -> Option<Without<'e, 'w>> {
        Case::new(self, use_case).map(Without::new)
    }

    /// The wishes that order where these rules apply, by what leaving out one rule makes of them.
    pub fn wishes(&self, applying: &[RuleId]) -> Wishes<'_> {
        Wishes::of(self, applying)
    }

    /// The eligible models of a use case in a context of its space, best first.
    pub fn ranking(&self, use_case: &UseCase, context: usize) -> Vec<ModelId> {
        Case::new(self, use_case).map(|case| case.ranking(context)).unwrap_or_default()
    }
}

impl<'w> RulePlan<'w> {
    fn new(parts: &mut Parts<'w>, atoms: &mut Atoms<'w>, rule: &'w Rule) -> Self {
        let promises = rule.promises.iter();
        let promises = promises.map(|p| (p.forbid, Candidate::new(parts, atoms, &p.expr.root))).collect();
        let prefers = rule.prefers.iter();
        let prefers = prefers.map(|prefer| PreferPlan::new(parts, atoms, &prefer.kind)).collect();
        let when = Condition::new(atoms, rule.when.as_ref());
        let placing = rule.placing_facts().map(|fact| Reading::Whole(Axis::Fact(fact))).collect();
        RulePlan { when, promises, kept: None, prefers, placing }.settled(parts.world())
    }

    /// The expressions over candidates.
    fn candidates(&self) -> impl Iterator<Item = &Candidate<'w>> {
        let promises = self.promises.iter().map(|(_, promise)| promise);
        let wishes = self.prefers.iter().filter_map(|prefer| match prefer {
            PreferPlan::Where(candidate) => Some(candidate),
            _ => None,
        });
        promises.chain(wishes)
    }
}

impl RulePlan<'_> {
    /// With the models that keep its promises, where no request can change them.
    fn settled(mut self, world: &World) -> Self {
        let mut kept = FixedBitSet::with_capacity(world.models.len());
        kept.insert_range(..);
        for (forbid, promise) in &self.promises {
            let Some(tri) = promise.of_models() else { return self };
            kept.intersect_with(if *forbid { &tri.no } else { &tri.yes });
        }
        self.kept = Some(kept);
        self
    }
}

impl<'w> PreferPlan<'w> {
    fn new(parts: &mut Parts<'w>, atoms: &mut Atoms<'w>, kind: &'w PreferKind) -> Self {
        let world = parts.world();
        match kind {
            PreferKind::Cheapest => Self::Cheapest,
            PreferKind::Fastest => Self::Fastest,
            PreferKind::MostAvailable => Self::MostAvailable,
            PreferKind::Where(expr) => Self::Where(Candidate::new(parts, atoms, &expr.root)),
            PreferKind::Selectors(list) => {
                let position = |model| list.iter().position(|selector| selector.matches(world, model));
                let position = |model| position(model).unwrap_or(list.len());
                let positions = world.models.ids().map(position);
                Self::Positions(positions.map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect())
            }
        }
    }
}

fn ceilings(world: &World) -> Vec<FixedBitSet> {
    let levels = world.classifications.len();
    let mut ceilings: Vec<ClassificationId> = world.models.iter().map(|model| model.ceiling).collect();
    ceilings.sort_unstable();
    ceilings.dedup();
    let under = ceilings.into_iter().map(|ceiling| {
        let mut under = FixedBitSet::with_capacity(levels);
        under.insert_range(..ceiling.after(1).position());
        under
    });
    under.collect()
}
