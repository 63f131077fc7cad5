//! Every decision of a world, made once and shared by all checks.

use crate::decide::{Decision, Undefined, reference};
use crate::model::attribute::Attribute;
use crate::model::{Context, Expr, UseCase, UseCaseId, World};
use crate::source::Span;

/// A world and all its decisions.
#[derive(Debug)]
pub struct Survey<'a> {
    /// The world.
    pub world: &'a World,
    /// Per use case, in the order of [`World::use_cases`].
    pub cases: Vec<Case>,
}

/// What is decided of one use case.
#[derive(Debug)]
pub struct Case {
    /// The use case.
    pub id: UseCaseId,
    /// Attributes that conditions test and it does not state; then nothing else is decided.
    pub missing: Vec<Missing>,
    /// Its contexts; empty where attributes are missing.
    pub contexts: Vec<Context>,
    /// The decision in each context.
    pub decisions: Vec<Result<Decision, Undefined>>,
    /// Position of the baseline among the contexts.
    pub baseline: usize,
}

/// An attribute that is tested and not stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Which.
    pub attribute: Attribute,
    /// Where it is tested.
    pub tested: Span,
}

impl Case {
    /// The decision in every context, if every one is defined.
    pub fn decided(&self) -> Option<Vec<&Decision>> {
        if !self.missing.is_empty() {
            return None;
        }
        self.decisions.iter().map(|decision| decision.as_ref().ok()).collect()
    }

    /// Whether every decision is defined.
    pub fn is_decided(&self) -> bool {
        self.missing.is_empty() && self.decisions.iter().all(Result::is_ok)
    }
}

impl<'a> Survey<'a> {
    /// Decides every context of every use case.
    pub fn new(world: &'a World) -> Self {
        let cases = world.use_cases.iter().enumerate().map(|(id, use_case)| case(world, id, use_case));
        Self { world, cases: cases.collect() }
    }

    /// How many contexts were decided.
    pub fn contexts(&self) -> usize {
        self.cases.iter().map(|case| case.contexts.len()).sum()
    }

    /// Use cases whose every decision is defined, with those decisions.
    pub fn decided(&self) -> impl Iterator<Item = Decided<'_>> {
        self.cases.iter().filter_map(|case| {
            let use_case = self.world.use_cases.get(case.id)?;
            let decisions = case.decided()?;
            let baseline = decisions.get(case.baseline).copied()?;
            Some(Decided { id: case.id, use_case, contexts: &case.contexts, decisions, baseline })
        })
    }

    /// Whether every decision of every use case is defined.
    pub fn complete(&self) -> bool {
        self.cases.iter().all(Case::is_decided)
    }
}

/// A use case with a decision in every context.
#[derive(Debug, Clone)]
pub struct Decided<'a> {
    /// Which.
    pub id: UseCaseId,
    /// The use case.
    pub use_case: &'a UseCase,
    /// Its contexts.
    pub contexts: &'a [Context],
    /// Its decisions, context by context.
    pub decisions: Vec<&'a Decision>,
    /// The decision in the baseline context.
    pub baseline: &'a Decision,
}

impl<'a> Decided<'a> {
    /// Contexts with their decisions.
    pub fn pairs(&self) -> impl Iterator<Item = (&'a Context, &'a Decision)> {
        self.contexts.iter().zip(self.decisions.iter().copied())
    }

    /// The use case's name.
    pub fn name(&self) -> String {
        self.use_case.name.value.clone()
    }
}

fn case(world: &World, id: UseCaseId, use_case: &UseCase) -> Case {
    let contexts = world.contexts(use_case);
    let missing = missing(world, use_case, &contexts);
    if !missing.is_empty() {
        return Case { id, missing, contexts: Vec::new(), decisions: Vec::new(), baseline: 0 };
    }
    let decisions = contexts.iter().map(|context| reference::decide(world, use_case, context)).collect();
    let baseline = world.baseline(use_case);
    let baseline = contexts.iter().position(|context| *context == baseline).unwrap_or(0);
    Case { id, missing, contexts, decisions, baseline }
}

/// Attributes that conditions test on a use case that does not state them (§3), each once, with the first place.
pub fn missing(world: &World, use_case: &UseCase, contexts: &[Context]) -> Vec<Missing> {
    let mut found: Vec<Missing> = Vec::new();
    let rules = world.rules.iter().map(|rule| {
        let promises = rule.promises.iter().map(|promise| &promise.expr);
        let prefers = rule.prefers.iter().filter_map(|prefer| match &prefer.kind {
            crate::model::PreferKind::Where(expr) => Some(expr),
            _ => None,
        });
        (rule.when.as_ref(), promises.chain(prefers).collect::<Vec<&Expr>>())
    });
    let plain = world.failovers.iter().map(|failover| failover.when.as_ref());
    let plain = plain.chain(world.budgets.iter().map(|budget| budget.when.as_ref()));
    let plain = plain.chain(world.quotas.iter().map(|quota| quota.when.as_ref()));
    let plain = plain.chain(world.audits.iter().map(|audit| audit.when.as_ref()));
    let guarantees = world.guarantees.iter().map(|guarantee| {
        (guarantee.premise.as_ref(), guarantee.parts.iter().map(|part| &part.expr).collect())
    });
    for (when, clauses) in rules.chain(plain.map(|when| (when, Vec::new()))).chain(guarantees) {
        let before = when.map(|when| unstated(use_case, when)).unwrap_or_default();
        let in_when = !before.is_empty();
        found.extend(before);
        let tested = clauses.iter().flat_map(|clause| unstated(use_case, clause));
        let tested: Vec<Missing> = if in_when { Vec::new() } else { tested.collect() };
        if tested.is_empty() {
            continue;
        }
        if contexts.iter().any(|context| reference::applies(world, use_case, context, when)) {
            found.extend(tested);
        }
    }
    found.sort_by_key(|missing| (missing.attribute, missing.tested));
    found.dedup_by_key(|missing| missing.attribute);
    found
}

fn unstated(use_case: &UseCase, expr: &Expr) -> Vec<Missing> {
    let unstated = expr.reads.iter().filter(|(attribute, _)| !states(use_case, *attribute));
    unstated.map(|(attribute, tested)| Missing { attribute: *attribute, tested: *tested }).collect()
}

/// Whether a use case states an attribute, or the attribute has a default or is none of the estate's.
pub fn states(use_case: &UseCase, attribute: Attribute) -> bool {
    match attribute {
        Attribute::BusinessUnit => use_case.business_unit.is_some(),
        Attribute::Team => use_case.team.is_some(),
        Attribute::Project => use_case.project.is_some(),
        Attribute::Application => use_case.application.is_some(),
        Attribute::Risk => use_case.risk.is_some(),
        Attribute::RetentionMax => use_case.retention_max.is_some(),
        Attribute::LatencySla => use_case.latency_sla.is_some(),
        Attribute::AvailabilityTarget => use_case.availability_target.is_some(),
        Attribute::MinContext => use_case.min_context.is_some(),
        _ => true,
    }
}
