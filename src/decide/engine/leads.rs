//! §8.5: which failover statement each trigger leads to.

use super::case::Case;
use crate::model::trigger::{TRIGGERS, Triggers};
use crate::model::{Failover, FailoverId, Trigger};

/// Where the triggers lead.
#[derive(Default)]
pub(super) struct Leads {
    /// The statements, and the triggers that lead to each; in the order of their first triggers.
    pub(super) to: Vec<(FailoverId, Triggers)>,
    /// Triggers that several statements claim, and these.
    pub(super) several: Vec<(Trigger, Vec<FailoverId>)>,
}

impl Case<'_, '_> {
    /// Where the triggers lead, given the statements whose `when` is true.
    pub(super) fn leads(&self, applying: &[FailoverId]) -> Leads {
        let mut leads = Leads::default();
        for trigger in TRIGGERS {
            let left = self.left(applying, trigger);
            match left.as_slice() {
                [] => {}
                [one] => match leads.to.iter_mut().find(|(id, _)| id == one) {
                    Some((_, triggers)) => triggers.add(trigger),
                    None => leads.to.push((*one, Triggers::from_iter([trigger]))),
                },
                _ => leads.several.push((trigger, left)),
            }
        }
        leads
    }

    /// The statements that are left for a trigger.
    fn left(&self, applying: &[FailoverId], trigger: Trigger) -> Vec<FailoverId> {
        let answering = applying.iter().map(|id| (*id, &self.engine.world.failovers[*id]));
        let answering: Vec<(FailoverId, &Failover)> =
            answering.filter(|(_, failover)| failover.triggers().has(trigger)).collect();
        let overridden: Vec<FailoverId> = answering
            .iter()
            .flat_map(|(by, failover)| failover.overrides.iter().map(move |over| (*by, over.value)))
            .filter(|(by, over)| by != over)
            .map(|(_, over)| over)
            .collect();
        let mut left = answering;
        left.retain(|(id, _)| !overridden.contains(id));
        keep_if_any(&mut left, |failover| failover.when.is_some());
        keep_if_any(&mut left, |failover| failover.on.is_some());
        left.into_iter().map(|(id, _)| id).collect()
    }

    /// Of the statements that some trigger leads to, those whose chains fork; by name.
    pub(super) fn forks(&self, leads: &Leads) -> Vec<FailoverId> {
        let forks = |id: &FailoverId| self.engine.failovers[*id].forks;
        let mut forks: Vec<FailoverId> = leads.to.iter().map(|(id, _)| *id).filter(forks).collect();
        forks.sort_unstable();
        forks
    }
}

/// Drops those that lack something, if one that has it is left.
fn keep_if_any(left: &mut Vec<(FailoverId, &Failover)>, has: fn(&Failover) -> bool) {
    if left.iter().any(|(_, failover)| has(failover)) {
        left.retain(|(_, failover)| has(failover));
    }
}
