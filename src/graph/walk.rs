//! The walk of a decision, step by step, and on past the limit: which links a use case has before it.

use std::collections::{BTreeMap, BTreeSet};

use crate::decide::{LeftOut, Path, Target};
use crate::explain::Explanation;
use crate::model::{Candidates, Failover, FailoverTo, ModelId};
use crate::work;

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
    /// It is tried, with what it costs more.
    Target(&'a Target),
    /// It is not tried, with why.
    LeftOut(&'a LeftOut),
    /// Past the limit, so never asked.
    Unreached,
    /// Written, and the walk does not come by.
    Aside,
}

/// The failover statement of a path.
pub(super) fn statement<'a>(explanation: &Explanation<'a>, path: &Path) -> &'a Failover {
    &explanation.world().failovers[path.failover]
}

/// Every step that a path's links lead to from the primary.
pub(super) fn steps<'a>(explanation: &Explanation<'a>, path: &'a Path) -> Vec<Step<'a>> {
    let Some(primary) = explanation.decision().primary else { return Vec::new() };
    let mut steps: Vec<Step> = Vec::new();
    let mut from = primary;
    let mut targets = path.targets.iter();
    let mut after: BTreeMap<ModelId, &LeftOut> = BTreeMap::new();
    for left_out in &path.left_out {
        after.entry(left_out.from).or_insert(left_out);
    }
    let mut met = BTreeSet::from([primary]);
    loop {
        work::step();
        // A walk meets a model once, so what was left out after this one is the next step.
        let left_out = after.get(&from).copied();
        let step = match (left_out, left_out.is_none().then(|| targets.next()).flatten()) {
            (Some(left_out), _) => Step { from, to: left_out.model, end: End::LeftOut(left_out) },
            (None, Some(target)) => Step { from, to: target.model, end: End::Target(target) },
            (None, None) => break,
        };
        from = step.to;
        met.insert(from);
        steps.push(step);
    }
    while let Some(to) = next(explanation, statement(explanation, path), from) {
        work::step();
        if !met.insert(to) {
            break;
        }
        steps.push(Step { from, to, end: End::Unreached });
        from = to;
    }
    steps
}

/// What a written link leads to.
fn next(explanation: &Explanation, failover: &Failover, from: ModelId) -> Option<ModelId> {
    match &failover.candidates {
        Candidates::Registry => match explanation.world().models[from].failover_to {
            FailoverTo::Model(next, _) => Some(next),
            FailoverTo::NotStated | FailoverTo::Nowhere(_) => None,
        },
        Candidates::Chains(chains) => chains.successors(from).next().map(|arrow| arrow.to),
        Candidates::None | Candidates::Ranking => None,
    }
}
