//! What a decision reaches.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{self, Item, Thing};
use crate::decide::{Decision, Multiplier, Path, reference};
use crate::model::{Candidates, Context, Failover, FailoverTo, ModelId, RuleId, Trigger, UseCase, World};

/// Everything that can be reached, found by what reaching it is.
#[derive(Debug)]
pub(super) struct Reach<'a> {
    world: &'a World,
    /// In the order of files and lines.
    pub(super) items: Vec<Item>,
    by_thing: BTreeMap<Thing, usize>,
}

impl<'a> Reach<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        let items = items::all(world);
        let by_thing = items.iter().enumerate().map(|(at, item)| (item.thing, at)).collect();
        Self { world, items, by_thing }
    }

    /// The positions of the items that a decision reaches, each once, ascending: of its paths only the one of a
    /// trigger, or of an outage where none is asked for.
    pub(super) fn of(
        &self,
        use_case: &UseCase,
        context: &Context,
        decision: &Decision,
        on: Option<Trigger>,
    ) -> Vec<usize> {
        let mut things: Vec<Thing> = decision.rules.iter().map(|rule| Thing::Rule(*rule)).collect();
        for rule in self.ordering(&decision.rules) {
            let clauses = self.world.rules[rule].prefers.len();
            things.extend((0..clauses).map(|at| Thing::Prefer(rule, at)));
        }
        let asked = decision.path(on);
        if let Some((path, failover)) = asked.map(|path| (path, &self.world.failovers[path.failover])) {
            things.push(Thing::Failover(path.failover));
            self.walked(failover, decision, path, &mut things);
            dear(failover, path, &mut things);
        }
        things.extend(decision.budgets.iter().map(|budget| Thing::Budget(*budget)));
        for (id, guarantee) in self.world.guarantees.enumerated() {
            if reference::premise_holds(self.world, use_case, context, guarantee) {
                things.push(Thing::Guarantee(id));
            }
        }
        let mut reached: Vec<usize> =
            things.iter().filter_map(|thing| self.by_thing.get(thing).copied()).collect();
        reached.sort_unstable();
        reached.dedup();
        reached
    }

    /// The applying rules whose `prefer` clauses are not silent.
    fn ordering(&self, applying: &[RuleId]) -> Vec<RuleId> {
        let rules: Vec<_> = applying.iter().map(|id| (*id, &self.world.rules[*id])).collect();
        let overridden = |id: RuleId| {
            rules.iter().any(|(by, rule)| *by != id && rule.overrides.iter().any(|o| o.value == id))
        };
        let left: Vec<_> =
            rules.iter().filter(|(id, rule)| !rule.prefers.is_empty() && !overridden(*id)).collect();
        let specific = |tier| left.iter().any(|(_, rule)| rule.tier == tier && rule.when.is_some());
        let ordering = left.iter().filter(|(_, rule)| rule.when.is_some() || !specific(rule.tier));
        ordering.map(|(id, _)| *id).collect()
    }

    /// The links that the walk took: each model is left by one link at most.
    fn walked(&self, failover: &Failover, decision: &Decision, path: &Path, things: &mut Vec<Thing>) {
        let Some(primary) = decision.primary else { return };
        let id = path.failover;
        let next = |from: ModelId| match &failover.candidates {
            Candidates::Chains(chains) => {
                let arrow = chains.successors(from).next()?;
                Some((arrow.to, Thing::Arrow(id, from, arrow.to)))
            }
            Candidates::Registry => match self.world.models[from].failover_to {
                FailoverTo::Model(to, _) => Some((to, Thing::Registry(from))),
                FailoverTo::NotStated | FailoverTo::Nowhere(_) => None,
            },
            Candidates::None | Candidates::Ranking => None,
        };
        let mut ahead: BTreeSet<ModelId> = candidates(path).map(|(model, _)| model).collect();
        let mut from = primary;
        while let Some((to, link)) = next(from) {
            if !ahead.remove(&to) {
                break;
            }
            things.push(link);
            from = to;
        }
    }
}

/// The `above` lines that some candidate passes.
fn dear(failover: &Failover, path: &Path, things: &mut Vec<Thing>) {
    for (at, above) in failover.above.iter().enumerate() {
        let threshold = Multiplier::Finite(above.multiplier.clone());
        if candidates(path).any(|(_, multiplier)| *multiplier > threshold) {
            things.push(Thing::Above(path.failover, at));
        }
    }
}

/// The candidates that were walked after the primary, targets or not, with their cost over the primary's.
fn candidates(path: &Path) -> impl Iterator<Item = (ModelId, &Multiplier)> {
    let targets = path.targets.iter().map(|target| (target.model, &target.multiplier));
    targets.chain(path.left_out.iter().map(|left_out| (left_out.model, &left_out.multiplier)))
}
