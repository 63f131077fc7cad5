//! Failover: the statement of each trigger, and the paths that it gives: "How a decision is made" in docs/language.md,
//! step 5.

use std::collections::BTreeSet;

use super::costs;
use super::evaluation::covers;
use super::reading::Removed;
use super::rules::{processed_in, removed_by};
use super::{Scope, holding};
use crate::decide::{LeftOut, Multiplier, Path, Target};
use crate::model::trigger::Triggers;
use crate::model::{
    Aspect, Candidates, CostAction, Failover, FailoverId, FailoverTo, IdSet, Model, ModelId, RuleId, Trigger,
    UseCase, World,
};
use crate::source::Span;

/// The failover statements whose condition is true.
pub(super) fn holding_failovers(scope: Scope) -> Vec<FailoverId> {
    holding(scope, &scope.world.failovers, |known| &known.failovers, |failover| failover.when.as_ref())
}

/// Of these the statements that are left for a trigger; two or more are ambiguous.
pub(super) fn applying_failovers(world: &World, holding: &[FailoverId], trigger: Trigger) -> Vec<FailoverId> {
    let all = &world.failovers;
    let is = |id: &FailoverId, what: fn(&Failover) -> bool| what(&all[*id]);
    let mut left: Vec<FailoverId> =
        holding.iter().copied().filter(|id| all[*id].triggers().has(trigger)).collect();
    // Dropping those that another one of them overrides ...
    let overriding = left.clone();
    left.retain(|id| {
        let mut others = overriding.iter().filter(|other| *other != id).map(|other| &all[*other]);
        !others.any(|other| other.overrides.iter().any(|over| over.value == *id))
    });
    // ... if any with a `when` is left, those without ...
    if left.iter().any(|id| is(id, |failover| failover.when.is_some())) {
        left.retain(|id| is(id, |failover| failover.when.is_some()));
    }
    // ... and if any that states its `on` is left, those that do not.
    if left.iter().any(|id| is(id, |failover| failover.on.is_some())) {
        left.retain(|id| is(id, |failover| failover.on.is_some()));
    }
    left
}

/// The statements with a fork that some trigger leads to.
pub(super) fn forking(world: &World, led: &[(Trigger, FailoverId)]) -> Vec<FailoverId> {
    let led: BTreeSet<FailoverId> = led.iter().map(|(_, id)| *id).collect();
    led.into_iter().filter(|id| forks(&world.failovers[*id])).collect()
}

/// Whether a statement's chains give some model two successors.
pub fn forks(failover: &Failover) -> bool {
    let Candidates::Chains(chains) = &failover.candidates else { return false };
    chains.members.iter().any(|model| chains.successors(*model).nth(1).is_some())
}

/// The candidate after a model, and the link that leads there.
pub(super) fn next(world: &World, candidates: &Candidates, model: ModelId) -> Option<(ModelId, Span)> {
    match candidates {
        Candidates::Registry => match world.models[model].failover_to {
            FailoverTo::Model(next, span) => Some((next, span)),
            FailoverTo::NotStated | FailoverTo::Nowhere(_) => None,
        },
        Candidates::Chains(chains) => {
            let first = chains.successors(model).next()?;
            Some((first.to, first.span))
        }
        Candidates::None | Candidates::Ranking => None,
    }
}

/// One path for each statement and list of targets: the triggers that lead to it, and what is tried then.
pub(super) fn paths(
    scope: Scope,
    rules: &[RuleId],
    ranking: &[ModelId],
    primary: ModelId,
    led: &[(Trigger, FailoverId)],
) -> Vec<Path> {
    let mut paths: Vec<Path> = Vec::new();
    let mut eligible = IdSet::none_of(&scope.world.models);
    eligible.extend(ranking.iter().copied());
    // Only `context-exceeded` asks otherwise than the other triggers.
    let mut walked: Vec<(FailoverId, usize)> = Vec::new();
    for (trigger, id) in led {
        if *trigger != Trigger::ContextExceeded
            && let Some((_, at)) = walked.iter().find(|(known, _)| known == id)
            && let Some(path) = paths.get_mut(*at)
        {
            path.on.add(*trigger);
            continue;
        }
        let failover = &scope.world.failovers[*id];
        let (targets, left_out) = walk(scope, rules, (ranking, &eligible), primary, failover, *trigger);
        let is_same = |path: &Path| path.failover == *id && path.targets == targets;
        let same = paths.iter().position(is_same);
        if *trigger != Trigger::ContextExceeded {
            walked.push((*id, same.unwrap_or(paths.len())));
        }
        match same.and_then(|at| paths.get_mut(at)) {
            Some(path) => {
                path.on.add(*trigger);
                // The walk is the same, and `context-exceeded` only knows more reasons.
                if *trigger == Trigger::ContextExceeded {
                    path.left_out = left_out;
                }
            }
            None => {
                paths.push(Path { on: Triggers::from_iter([*trigger]), failover: *id, targets, left_out });
            }
        }
    }
    paths
}

/// The targets of a statement on a trigger, and what was walked and left out.
pub(super) fn walk(
    scope: Scope,
    rules: &[RuleId],
    (ranking, eligible): (&[ModelId], &IdSet<Model>),
    primary: ModelId,
    failover: &Failover,
    trigger: Trigger,
) -> (Vec<Target>, Vec<LeftOut>) {
    let (mut targets, mut left_out) = (Vec::new(), Vec::new());
    let mut met = BTreeSet::from([primary]);
    let mut rest = ranking.iter().copied().skip(1);
    let mut from = primary;
    while (targets.len() as u64) < failover.limit {
        let step = match failover.candidates {
            Candidates::Ranking => rest.next().map(|model| (model, None)),
            _ => next(scope.world, &failover.candidates, from).map(|(model, link)| (model, Some(link))),
        };
        let Some((model, link)) = step else { break };
        if !met.insert(model) {
            break;
        }
        let step = Step { model, from, link, trigger, is_eligible: eligible.contains(model) };
        match candidate(scope, rules, failover, primary, step) {
            Ok(target) => targets.push(target),
            Err(reasons) => left_out.push(*reasons),
        }
        from = model;
    }
    (targets, left_out)
}

/// One step of a walk.
#[derive(Clone, Copy)]
pub(super) struct Step {
    model: ModelId,
    from: ModelId,
    link: Option<Span>,
    trigger: Trigger,
    is_eligible: bool,
}

/// A candidate as a target, or the reasons why it is left out.
pub(super) fn candidate(
    scope: Scope,
    rules: &[RuleId],
    failover: &Failover,
    primary: ModelId,
    step: Step,
) -> Result<Target, Box<LeftOut>> {
    let removed = if step.is_eligible {
        Removed { model: step.model, gates: Vec::new(), promises: Vec::new() }
    } else {
        removed_by(scope, rules, step.model)
    };
    let mut reasons = LeftOut {
        model: step.model,
        from: step.from,
        link: step.link,
        rules: removed.rules(),
        gates: removed.gates,
        mismatches: Vec::new(),
        window: false,
        too_dear: None,
        multiplier: Multiplier::Infinite,
    };
    let (first, model) = (&scope.world.models[primary], &scope.world.models[step.model]);
    let aspects = failover.matches.iter().map(|(aspect, _)| *aspect);
    reasons.mismatches = aspects.filter(|aspect| !matches_primary(scope, *aspect, first, model)).collect();
    reasons.window = step.trigger == Trigger::ContextExceeded
        && !failover.matches.iter().any(|(aspect, _)| *aspect == Aspect::ContextWindow)
        && !matches_primary(scope, Aspect::ContextWindow, first, model);
    let multiplier = match scope.known {
        Some(known) => known.costs.multiplier(scope.world, scope.use_case, primary, step.model),
        None => cost_multiplier(scope.use_case, first, model),
    };
    let mut target = Target {
        model: step.model,
        multiplier: multiplier.clone(),
        notify: None,
        throttle: false,
        confirm: false,
    };
    for above in &failover.above {
        if multiplier <= Multiplier::Finite(above.multiplier.clone()) {
            continue;
        }
        match &above.action {
            CostAction::Notify(list) => target.notify.get_or_insert_default().extend(list.iter().cloned()),
            CostAction::Throttle => target.throttle = true,
            CostAction::Confirm => target.confirm = true,
            CostAction::Block => reasons.too_dear = reasons.too_dear.or(Some(above.span)),
        }
    }
    reasons.multiplier = multiplier;
    let kept = reasons.gates.is_empty()
        && reasons.rules.is_empty()
        && reasons.mismatches.is_empty()
        && !reasons.window
        && reasons.too_dear.is_none();
    if kept { Ok(target) } else { Err(Box::new(reasons)) }
}

/// The cost multiplier of a target: its blended cost over the primary's.
pub fn cost_multiplier(use_case: &UseCase, primary: &Model, target: &Model) -> Multiplier {
    costs::multiplier(&use_case.blended_cost(primary), &use_case.blended_cost(target))
}

pub(super) fn matches_primary(scope: Scope, aspect: Aspect, primary: &Model, target: &Model) -> bool {
    match aspect {
        Aspect::Compliance => covers(target.compliance.as_ref(), primary.compliance.as_ref()) == Some(true),
        Aspect::Classification => target.ceiling >= primary.ceiling,
        Aspect::Residency => {
            let processed = |model| processed_in(scope.world, scope.residency, model);
            match (processed(primary), processed(target)) {
                (_, Some(target)) if target.is_empty() => true,
                (Some(primary), Some(target)) => scope.world.regions.covers(&primary, &target),
                _ => false,
            }
        }
        Aspect::Retention => match (&primary.retention, &target.retention) {
            (Some(primary), Some(target)) => target <= primary,
            _ => false,
        },
        Aspect::Hosting => primary.hosting.is_some() && primary.hosting == target.hosting,
        Aspect::Capabilities => {
            covers(target.capabilities.as_ref(), primary.capabilities.as_ref()) == Some(true)
        }
        Aspect::ContextWindow => match (&primary.context_window, &target.context_window) {
            (Some(primary), Some(target)) => target > primary,
            _ => false,
        },
    }
}
