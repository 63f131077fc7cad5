//! How many statements are asked for a use case at most, by the names in their conditions alone.

use super::concern::Concerns;
use super::leads::all_beyond;
use crate::model::{Failover, Table, UseCase, World};

/// What can be asked for use cases at most.
pub struct AtMost<'w> {
    world: &'w World,
    concerns: Concerns,
    beyond: Table<Failover, usize>,
}

impl<'w> AtMost<'w> {
    /// Of the use cases of a world.
    pub fn new(world: &'w World) -> Self {
        Self { world, concerns: Concerns::new(world), beyond: all_beyond(world) }
    }

    /// How many statements may hold for a use case, with what the steps of their chains count as.
    pub fn asked(&self, use_case: &UseCase) -> usize {
        let (world, concerns) = (self.world, &self.concerns);
        let failovers = concerns.failovers.with(world, use_case);
        let steps = failovers.iter().map(|id| self.beyond[*id]).fold(0, usize::saturating_add);
        let deciding = concerns.rules.with(world, use_case).len() + failovers.len();
        let limiting =
            concerns.budgets.with(world, use_case).len() + concerns.quotas.with(world, use_case).len();
        let others =
            concerns.audits.with(world, use_case).len() + concerns.guarantees.with(world, use_case).len();
        (deciding + limiting + others).saturating_add(steps)
    }
}
