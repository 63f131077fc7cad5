//! §8.4 and §8.5: the primary, and what stands after it.

use super::case::{Case, Situation};
use super::order::Order;
use crate::decide::{LeftOut, Multiplier, Target};
use crate::model::names::Set;
use crate::model::{Aspect, CostAction, Failover, FailoverId, Model, ModelId, Path};
use crate::number::whole;
use crate::source::Span;

/// How many candidates of a ranking are sorted at first: a walk seldom comes further.
const FIRST_RANKED: usize = 16;

impl Case<'_, '_> {
    /// The targets, and what was walked and left out.
    pub(super) fn walk(
        &self,
        situation: &Situation,
        order: &Order,
        failover: Option<(FailoverId, &Failover)>,
    ) -> (Vec<Target>, Vec<LeftOut>) {
        let eligible = || situation.eligible.ones();
        let Some(primary) = eligible().min_by(|a, b| order.compare(*a, *b)) else {
            return (Vec::new(), Vec::new());
        };
        let mut walk = Walk {
            primary,
            targets: vec![plain(primary, Multiplier::Finite(whole(1)))],
            left_out: Vec::new(),
        };
        let Some((id, failover)) = failover else { return (walk.targets, walk.left_out) };
        if let Path::Ranking = failover.path {
            let mut from = primary;
            let mut rest: Vec<ModelId> = eligible().filter(|model| *model != primary).collect();
            let mut rest = rest.as_mut_slice();
            let mut most = FIRST_RANKED;
            while !rest.is_empty() && !walk.is_full(failover) {
                let first;
                (first, rest) = ranked(rest, most, order);
                for &mut model in first {
                    if walk.is_full(failover) {
                        break;
                    }
                    self.step(situation, failover, &mut walk, from, model, None);
                    from = model;
                }
                most *= 2;
            }
        } else if let Some(plan) = self.engine.failovers.get(id) {
            let (mut from, mut met) = (primary, vec![primary]);
            while !walk.is_full(failover)
                && let Some((model, link)) = plan.next.get(&from).copied()
                && !met.contains(&model)
            {
                met.push(model);
                self.step(situation, failover, &mut walk, from, model, Some(link));
                from = model;
            }
        }
        (walk.targets, walk.left_out)
    }

    /// Makes a candidate a target, or leaves it out with every reason.
    fn step(
        &self,
        situation: &Situation,
        failover: &Failover,
        walk: &mut Walk,
        from: ModelId,
        model: ModelId,
        link: Option<Span>,
    ) {
        let world = self.engine.world;
        let (Some(first), Some(candidate)) = (world.models.get(walk.primary), world.models.get(model)) else {
            return;
        };
        let gates = self.gates.failed(self.engine, situation.context.classification, model);
        let broken = situation.kept.iter().filter(|(_, kept)| !kept.contains(model));
        let rules: Vec<usize> = broken.map(|(id, _)| *id).collect();
        let aspects = failover.matches.iter().map(|(aspect, _)| *aspect);
        let mismatches: Vec<Aspect> = aspects.filter(|aspect| !alike(*aspect, first, candidate)).collect();
        let multiplier = self.multiplier(walk.primary, model);
        let mut target = plain(model, multiplier.clone());
        let mut too_dear = None;
        for above in &failover.above {
            let dearer = match &multiplier {
                Multiplier::Infinite => true,
                Multiplier::Finite(times) => *times > above.multiplier,
            };
            match &above.action {
                _ if !dearer => {}
                CostAction::Notify(list) => {
                    target.notify.get_or_insert_with(Vec::new).extend_from_slice(list);
                }
                CostAction::Throttle => target.throttle = true,
                CostAction::Confirm => target.confirm = true,
                CostAction::Block if too_dear.is_none() => too_dear = Some(above.span),
                CostAction::Block => {}
            }
        }
        if gates.is_empty() && rules.is_empty() && mismatches.is_empty() && too_dear.is_none() {
            walk.targets.push(target);
        } else {
            walk.left_out.push(LeftOut { model, from, link, gates, rules, mismatches, too_dear, multiplier });
        }
    }

    fn multiplier(&self, primary: ModelId, target: ModelId) -> Multiplier {
        let mut known = self.multipliers.borrow_mut();
        let entry = known.entry((primary, target));
        entry.or_insert_with(|| self.costs.multiplier(primary, target)).clone()
    }
}

/// A walk under way.
struct Walk {
    primary: ModelId,
    targets: Vec<Target>,
    left_out: Vec<LeftOut>,
}

impl Walk {
    /// Whether `limit` targets stand after the primary.
    fn is_full(&self, failover: &Failover) -> bool {
        self.targets.len() as u64 > failover.limit
    }
}

fn plain(model: ModelId, multiplier: Multiplier) -> Target {
    Target { model, multiplier, notify: None, throttle: false, confirm: false }
}

/// Whether a candidate holds a `match` aspect against the primary; unknown on either side: no.
fn alike(aspect: Aspect, primary: &Model, candidate: &Model) -> bool {
    match aspect {
        Aspect::Compliance => covers(candidate.compliance.as_ref(), primary.compliance.as_ref()),
        Aspect::Classification => candidate.ceiling >= primary.ceiling,
        Aspect::Residency => covers(primary.regions.as_ref(), candidate.regions.as_ref()),
        Aspect::Retention => primary
            .retention
            .as_ref()
            .zip(candidate.retention.as_ref())
            .is_some_and(|(primary, candidate)| candidate <= primary),
        Aspect::Hosting => primary.hosting.zip(candidate.hosting).is_some_and(|(a, b)| a == b),
        Aspect::ContextWindow => primary
            .context_window
            .as_ref()
            .zip(candidate.context_window.as_ref())
            .is_some_and(|(primary, candidate)| candidate > primary),
        Aspect::Capabilities => covers(candidate.capabilities.as_ref(), primary.capabilities.as_ref()),
    }
}

/// Whether a set is known to cover another; any covers an empty one.
fn covers(outer: Option<&Set>, inner: Option<&Set>) -> bool {
    inner.is_some_and(|inner| inner.is_empty() || outer.is_some_and(|outer| outer.covers(inner)))
}

/// The first models of a ranking in their order, at most so many, and the rest in any order.
fn ranked<'m>(
    models: &'m mut [ModelId],
    most: usize,
    order: &Order,
) -> (&'m mut [ModelId], &'m mut [ModelId]) {
    let compare = |a: &ModelId, b: &ModelId| order.compare(*a, *b);
    if most < models.len() {
        models.select_nth_unstable_by(most, compare);
    }
    let (first, rest) = models.split_at_mut(most.min(models.len()));
    first.sort_unstable_by(compare);
    (first, rest)
}
