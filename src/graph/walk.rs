//! The walk of a decision, step by step, and on past the limit: which links a use case has before it.

use crate::decide::LeftOut;
use crate::explain::Question;
use crate::model::{Failover, FailoverTo, ModelId, Path};

/// One step from a model to the next candidate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) from: ModelId,
    pub(super) to: ModelId,
    pub(super) end: End<'a>,
}

/// What became of a step.
#[derive(Debug, Clone, Copy)]
pub(super) enum End<'a> {
    /// A target, by its position after the primary.
    Target(usize),
    /// Left out.
    LeftOut(&'a LeftOut),
    /// Past the limit, so never asked.
    Unreached,
}

/// The failover statement of a decision.
pub(super) fn statement<'a>(question: &Question<'a>) -> Option<&'a Failover> {
    question.decision.failover.and_then(|id| question.world.failovers.get(id))
}

/// Every step that the statement's links lead to from the primary.
pub(super) fn steps<'a>(question: &Question<'a>) -> Vec<Step<'a>> {
    let decision = question.decision;
    let Some(primary) = decision.targets.first() else { return Vec::new() };
    let mut steps: Vec<Step> = Vec::new();
    let mut from = primary.model;
    let mut targets = decision.targets.iter().enumerate().skip(1);
    loop {
        // A walk meets a model once, so what was left out after this one is the next step.
        let left_out = decision.left_out.iter().find(|left_out| left_out.from == from);
        let step = match (left_out, left_out.is_none().then(|| targets.next()).flatten()) {
            (Some(left_out), _) => Step { from, to: left_out.model, end: End::LeftOut(left_out) },
            (None, Some((position, target))) => Step { from, to: target.model, end: End::Target(position) },
            (None, None) => break,
        };
        from = step.to;
        steps.push(step);
    }
    let met = |steps: &[Step], model| model == primary.model || steps.iter().any(|step| step.to == model);
    while let Some(to) = statement(question).and_then(|statement| next(question, &statement.path, from)) {
        if met(&steps, to) {
            break;
        }
        steps.push(Step { from, to, end: End::Unreached });
        from = to;
    }
    steps
}

/// What a written link leads to.
fn next(question: &Question, path: &Path, from: ModelId) -> Option<ModelId> {
    match path {
        Path::Registry => match question.world.models.get(from)?.failover_to {
            FailoverTo::Model(next, _) => Some(next),
            FailoverTo::NotStated | FailoverTo::Nowhere(_) => None,
        },
        Path::Chains(chains) => chains.arrows.iter().find(|arrow| arrow.from == from).map(|arrow| arrow.to),
        Path::None | Path::Ranking => None,
    }
}
