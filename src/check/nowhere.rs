//! Whether nothing follows a primary, and whether that is meant: shared by the `no-failover` findings.

use crate::decide::{Decision, Path};
use crate::model::{Candidates, FailoverId, FailoverTo, ModelId, World};

/// Whether a path has a target.
pub(super) fn leads(path: Option<&Path>) -> bool {
    path.is_some_and(|path| !path.targets.is_empty())
}

/// Whether a path without a target is meant: its statement is `none`, or follows a registry that says null of the primary.
pub(super) fn is_meant(world: &World, decision: &Decision, path: Option<&Path>) -> bool {
    let Some(failover) = path.map(|path| &world.failovers[path.failover]) else { return false };
    let primary = decision.primary.map(|primary| &world.models[primary]);
    match failover.candidates {
        Candidates::None => true,
        Candidates::Registry => {
            primary.is_some_and(|primary| matches!(primary.failover_to, FailoverTo::Nowhere(_)))
        }
        Candidates::Ranking | Candidates::Chains(_) => false,
    }
}

/// Whether a statement has chains and the primary is on none.
pub(super) fn is_off_chain(world: &World, failover: FailoverId, primary: ModelId) -> bool {
    let candidates = &world.failovers[failover].candidates;
    matches!(candidates, Candidates::Chains(chains) if !chains.members.contains(&primary))
}
