//! LANGUAGE §6 to §8 for a whole workspace: models as bit sets, conditions in all contexts at once, every decision made
//! once however many contexts share it.
//!
//! The plain reading of the specification beside it says what is right; the two share types only, and random
//! workspaces hold them together.

mod candidate;
mod case;
mod condition;
mod index;
mod leads;
mod order;
mod prices;
mod scalar;
mod shared;
mod tri;
mod walk;

use std::collections::HashMap;
use std::ops::Range;

use fixedbitset::FixedBitSet;

use super::{Decision, Undefined};
use crate::model::{Candidates, Context, Expr, ModelId, PreferKind, RuleId, UseCase, UseCaseId, World};
use crate::source::Span;
use candidate::Candidate;
use case::Case;
use condition::Condition;
pub use condition::Held;
use index::Index;
use prices::Prices;

/// A world made ready to be decided.
#[derive(Debug)]
pub struct Engine<'w> {
    world: &'w World,
    contexts: Vec<Context>,
    /// The classification of the first context.
    lowest: usize,
    /// Contexts of one classification.
    per_level: usize,
    index: Index,
    prices: Prices,
    rules: Vec<RulePlan<'w>>,
    failovers: Vec<FailoverPlan<'w>>,
    budgets: Vec<Condition<'w>>,
    quotas: Vec<Condition<'w>>,
    audits: Vec<Condition<'w>>,
    guarantees: Vec<Condition<'w>>,
    shared: shared::Shared,
    /// Per rule those that it overrides, if any.
    overrides: Vec<Option<FixedBitSet>>,
}

#[derive(Debug)]
struct RulePlan<'w> {
    when: Condition<'w>,
    promises: Vec<(bool, Candidate<'w>)>,
    /// The models that keep every promise, where that depends on the model alone.
    kept: Option<FixedBitSet>,
    prefers: Vec<PreferPlan<'w>>,
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

#[derive(Debug)]
struct FailoverPlan<'w> {
    when: Condition<'w>,
    /// Some model has two successors.
    forks: bool,
    /// Chains and registry links: a model's successor and the link to it.
    next: HashMap<ModelId, (ModelId, Span)>,
}

/// What is decided of one use case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decisions {
    /// Its contexts, as a range of [`Engine::contexts`].
    pub contexts: Range<usize>,
    /// Decisions, none twice for the same reason.
    pub distinct: Vec<Result<Decision, Undefined>>,
    /// Per context the index of its decision.
    pub cells: Vec<u32>,
    /// The rules that apply in some context.
    pub rules: FixedBitSet,
    /// The failover statements whose `when` is true in some context.
    pub failovers: FixedBitSet,
    /// The failover statements that are the one left for some trigger in some context.
    pub led: FixedBitSet,
}

/// A statement with a condition that holds in some contexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the statements of docs/language.md")]
pub enum Statement {
    Rule(usize),
    Failover(usize),
    Budget(usize),
    Quota(usize),
    Audit(usize),
    Guarantee(usize),
}

/// The other rules that a rule overrides; none where it overrides nothing, as most do.
fn overridden(world: &World, id: RuleId, rule: &crate::model::Rule) -> Option<FixedBitSet> {
    let mut set = FixedBitSet::with_capacity(world.rules.len());
    set.extend(rule.overrides.iter().map(|over| over.value).filter(|over| *over != id));
    (!rule.overrides.is_empty()).then_some(set)
}

impl<'w> Engine<'w> {
    /// Takes a world apart: what no use case changes is worked out here, once.
    pub fn new(world: &'w World) -> Self {
        let lowest = world.use_cases.iter().map(|use_case| use_case.classification).min().unwrap_or(0);
        let contexts = world.contexts_from(lowest);
        let levels = world.classifications.len().saturating_sub(lowest).max(1);
        let condition = |when| Condition::new(world, &contexts, when);
        let rules = world.rules.iter().map(|rule| {
            let promises =
                rule.promises.iter().map(|p| (p.forbid, Candidate::new(world, &p.expr.root))).collect();
            let prefers = rule.prefers.iter().map(|prefer| PreferPlan::new(world, &prefer.kind)).collect();
            RulePlan { when: condition(rule.when.as_ref()), promises, kept: None, prefers }.settled(world)
        });
        let failovers = world.failovers.iter().map(|failover| {
            let (next, forks) = links(world, &failover.candidates);
            FailoverPlan { when: condition(failover.when.as_ref()), forks, next }
        });
        let rules = rules.collect();
        let failovers = failovers.collect();
        Self {
            world,
            lowest,
            per_level: contexts.len() / levels,
            index: Index::new(world),
            prices: Prices::new(world),
            rules,
            failovers,
            budgets: world.budgets.iter().map(|budget| condition(budget.when.as_ref())).collect(),
            quotas: world.quotas.iter().map(|quota| condition(quota.when.as_ref())).collect(),
            audits: world.audits.iter().map(|audit| condition(audit.when.as_ref())).collect(),
            guarantees: world.guarantees.iter().map(|g| condition(g.premise.as_ref())).collect(),
            contexts,
            shared: shared::Shared::default(),
            overrides: world.rules.iter().enumerate().map(|(id, rule)| overridden(world, id, rule)).collect(),
        }
    }

    /// The world that it decides.
    pub fn world(&self) -> &'w World {
        self.world
    }

    /// Every context of the use cases with the lowest classification; those of others are the end of it.
    pub fn contexts(&self) -> &[Context] {
        &self.contexts
    }

    /// The contexts of a use case, as a range of [`Engine::contexts`].
    pub fn contexts_of(&self, use_case: &UseCase) -> Range<usize> {
        let above = use_case.classification.saturating_sub(self.lowest);
        above.saturating_mul(self.per_level).min(self.contexts.len())..self.contexts.len()
    }

    /// The band of `budget.remaining` of one of [`Engine::contexts`].
    fn band(&self, context: usize) -> usize {
        let bands = self.world.bands.len().max(1);
        let facts = (self.per_level / bands).max(1);
        context / facts % bands
    }

    /// Where a statement's condition is true for a use case.
    pub fn held(&self, use_case: &UseCase, statement: Statement) -> Held {
        let condition = match statement {
            Statement::Rule(id) => self.rules.get(id).map(|rule| &rule.when),
            Statement::Failover(id) => self.failovers.get(id).map(|failover| &failover.when),
            Statement::Budget(id) => self.budgets.get(id),
            Statement::Quota(id) => self.quotas.get(id),
            Statement::Audit(id) => self.audits.get(id),
            Statement::Guarantee(id) => self.guarantees.get(id),
        };
        condition.map_or(Held::Never, |condition| condition.held(self.world, &self.contexts, use_case))
    }

    /// Decides every context of a use case.
    pub fn decide(&self, id: UseCaseId) -> Option<Decisions> {
        Some(Case::new(self, self.world.use_cases.get(id)?, None).decide())
    }

    /// The decision of a use case in one of [`Engine::contexts`] as if a rule did not stand in the policy.
    pub fn decide_without(
        &self,
        use_case: &UseCase,
        rule: RuleId,
        contexts: impl IntoIterator<Item = usize>,
    ) -> Vec<Result<Decision, Undefined>> {
        let case = Case::new(self, use_case, Some(rule));
        contexts.into_iter().map(|context| case.at(context)).collect()
    }

    /// The eligible models of a use case in one of [`Engine::contexts`], best first.
    pub fn ranking(&self, use_case: &UseCase, context: usize) -> Vec<ModelId> {
        Case::new(self, use_case, None).ranking(context)
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
    fn new(world: &'w World, kind: &'w PreferKind) -> Self {
        match kind {
            PreferKind::Cheapest => Self::Cheapest,
            PreferKind::Fastest => Self::Fastest,
            PreferKind::MostAvailable => Self::MostAvailable,
            PreferKind::Where(expr) => Self::Where(candidate(world, expr)),
            PreferKind::Selectors(list) => {
                let position = |model| list.iter().position(|selector| selector.matches(world, model));
                let position = |model| position(model).unwrap_or(list.len());
                let positions = (0..world.models.len()).map(position);
                Self::Positions(positions.map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect())
            }
        }
    }
}

fn candidate<'w>(world: &'w World, expr: &'w Expr) -> Candidate<'w> {
    Candidate::new(world, &expr.root)
}

/// Successors on a path, and whether some model has two.
fn links(world: &World, candidates: &Candidates) -> (HashMap<ModelId, (ModelId, Span)>, bool) {
    let mut next = HashMap::new();
    let mut forks = false;
    match candidates {
        Candidates::None | Candidates::Ranking => {}
        Candidates::Registry => {
            for (id, model) in world.models.iter().enumerate() {
                if let crate::model::FailoverTo::Model(to, span) = model.failover_to {
                    next.insert(id, (to, span));
                }
            }
        }
        Candidates::Chains(chains) => {
            for arrow in &chains.arrows {
                let first = *next.entry(arrow.from).or_insert((arrow.to, arrow.span));
                forks = forks || first.0 != arrow.to;
            }
        }
    }
    (next, forks)
}
