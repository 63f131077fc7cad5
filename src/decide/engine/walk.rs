//! The primary, and what stands after it: "Primary" and "Failover" in docs/language.md.

use std::collections::BTreeSet;

use super::case::{Case, Situation};
use super::order::Ranking;
use super::scalar::place;
use crate::decide::{LeftOut, Multiplier, Path, Target};
use crate::model::names::Set;
use crate::model::trigger::Triggers;
use crate::model::{
    Aspect, Candidates, CostAction, Failover, FailoverId, Model, ModelId, RuleId, Trigger, World,
};
use crate::number::compare;
use crate::source::Span;

impl Case<'_, '_> {
    /// What is tried, given where the triggers lead.
    pub(super) fn paths(
        &self,
        situation: &Situation,
        ranking: &mut Ranking,
        primary: ModelId,
        leads: &[(FailoverId, Triggers)],
    ) -> Vec<Path> {
        let mut paths = Vec::new();
        for (id, on) in leads {
            let failover = &self.engine.world.failovers[*id];
            let mut walk = |exceeded| {
                let mut walk =
                    Walk { primary, failover, exceeded, targets: Vec::new(), left_out: Vec::new() };
                self.walk(situation, ranking, *id, &mut walk);
                walk
            };
            let asks_window = failover.matches.iter().any(|(aspect, _)| *aspect == Aspect::ContextWindow);
            let plain: Triggers = on.iter().filter(|trigger| *trigger != Trigger::ContextExceeded).collect();
            if asks_window || plain == *on {
                paths.push(walk(false).path(*id, *on));
                continue;
            }
            let exceeded = walk(true);
            if plain.is_empty() {
                paths.push(exceeded.path(*id, *on));
                continue;
            }
            let usual = walk(false);
            if usual.targets == exceeded.targets {
                // The same is walked; on `context-exceeded` with the reasons of the window too.
                paths.push(exceeded.path(*id, *on));
            } else {
                paths.push(usual.path(*id, plain));
                paths.push(exceeded.path(*id, Triggers::from_iter([Trigger::ContextExceeded])));
            }
        }
        paths.sort_by_key(|path: &Path| path.on.iter().next());
        paths
    }

    /// Walks a statement's candidates.
    fn walk(&self, situation: &Situation, ranking: &mut Ranking, id: FailoverId, walk: &mut Walk) {
        if let Candidates::Ranking = walk.failover.candidates {
            // The primary stands first.
            let (mut from, mut at) = (walk.primary, 1);
            while !walk.is_full()
                && let Some(model) = ranking.get(at)
            {
                self.step(situation, walk, from, model, None);
                (from, at) = (model, at + 1);
            }
        } else {
            let plan = &self.engine.failovers[id];
            let (mut from, mut met) = (walk.primary, BTreeSet::from([walk.primary]));
            while !walk.is_full()
                && let Some((model, link)) = plan.next.get(&from).copied()
                && met.insert(model)
            {
                self.step(situation, walk, from, model, Some(link));
                from = model;
            }
        }
    }

    /// Makes a candidate a target, or leaves it out with every reason.
    fn step(
        &self,
        situation: &Situation,
        walk: &mut Walk,
        from: ModelId,
        model: ModelId,
        link: Option<Span>,
    ) {
        let (world, failover) = (self.engine.world, walk.failover);
        let (first, candidate) = (&world.models[walk.primary], &world.models[model]);
        let gates = self.gates.failed(self.engine, situation, model);
        let broken = situation.kept.iter().filter(|(_, kept)| !kept.contains(model.position()));
        let rules: Vec<RuleId> = broken.map(|(id, _)| *id).collect();
        let aspects = failover.matches.iter().map(|(aspect, _)| *aspect);
        let mismatches: Vec<Aspect> =
            aspects.filter(|aspect| !alike(world, situation, *aspect, first, candidate)).collect();
        let window = walk.exceeded && !alike(world, situation, Aspect::ContextWindow, first, candidate);
        let multiplier = self.multiplier(walk.primary, model);
        let (mut notify, mut throttle, mut confirm) = (None::<Vec<String>>, false, false);
        let mut too_dear = None;
        for above in &failover.above {
            let dearer = match &multiplier {
                Multiplier::Infinite => true,
                Multiplier::Finite(times) => compare(times, &above.multiplier).is_gt(),
            };
            match &above.action {
                _ if !dearer => {}
                CostAction::Notify(list) => {
                    notify.get_or_insert_with(Vec::new).extend_from_slice(list);
                }
                CostAction::Throttle => throttle = true,
                CostAction::Confirm => confirm = true,
                CostAction::Block if too_dear.is_none() => too_dear = Some(above.span),
                CostAction::Block => {}
            }
        }
        let kept = gates.is_empty() && rules.is_empty() && mismatches.is_empty();
        if kept && !window && too_dear.is_none() {
            walk.targets.push(Target { model, multiplier, notify, throttle, confirm });
        } else {
            let reasons =
                LeftOut { model, from, link, gates, rules, mismatches, window, too_dear, multiplier };
            walk.left_out.push(reasons);
        }
    }

    fn multiplier(&self, primary: ModelId, target: ModelId) -> Multiplier {
        let mut known = self.multipliers.borrow_mut();
        let entry = known.entry((primary, target));
        entry.or_insert_with(|| self.costs.multiplier(primary, target)).clone()
    }
}

/// A walk under way.
struct Walk<'a> {
    primary: ModelId,
    failover: &'a Failover,
    /// On `context-exceeded`, and no `match` asks for a larger window.
    exceeded: bool,
    targets: Vec<Target>,
    left_out: Vec<LeftOut>,
}

impl Walk<'_> {
    /// Whether `limit` targets stand.
    fn is_full(&self) -> bool {
        self.targets.len() as u64 >= self.failover.limit
    }

    fn path(self, failover: FailoverId, on: Triggers) -> Path {
        Path { on, failover, targets: self.targets, left_out: self.left_out }
    }
}

/// Whether a candidate holds a `match` aspect against the primary; unknown on either side: no.
fn alike(world: &World, situation: &Situation, aspect: Aspect, primary: &Model, candidate: &Model) -> bool {
    match aspect {
        Aspect::Compliance => covers(candidate.compliance.as_ref(), primary.compliance.as_ref()),
        Aspect::Classification => candidate.ceiling >= primary.ceiling,
        Aspect::Residency => {
            let processed = |model| place(world, situation.residency.as_deref(), model);
            match (processed(primary), processed(candidate)) {
                (Some(primary), Some(candidate)) => world.regions.covers(&primary, &candidate),
                // Nothing is known to lie within what is not known, but for nothing.
                (None, Some(candidate)) => candidate.is_empty(),
                (_, None) => false,
            }
        }
        Aspect::Retention => primary
            .retention
            .as_ref()
            .zip(candidate.retention.as_ref())
            .is_some_and(|(primary, candidate)| candidate <= primary),
        Aspect::Hosting => primary.hosting.zip(candidate.hosting).is_some_and(|(a, b)| a == b),
        Aspect::Capabilities => covers(candidate.capabilities.as_ref(), primary.capabilities.as_ref()),
        Aspect::ContextWindow => primary
            .context_window
            .as_ref()
            .zip(candidate.context_window.as_ref())
            .is_some_and(|(primary, candidate)| candidate > primary),
    }
}

/// Whether a set is known to cover another; any covers an empty one.
fn covers(outer: Option<&Set>, inner: Option<&Set>) -> bool {
    inner.is_some_and(|inner| inner.is_empty() || outer.is_some_and(|outer| outer.covers(inner)))
}
