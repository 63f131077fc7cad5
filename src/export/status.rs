//! Statuses by which gateways that read no bodies know triggers, and the one path that they walk.

use crate::table::format::{Decision, Path, Table, Trigger};

/// The statuses of a trigger; none where it stands in the body.
pub(super) fn of(trigger: Trigger) -> Vec<u16> {
    match trigger {
        Trigger::RateLimited => vec![429],
        Trigger::Timeout => vec![408, 504],
        Trigger::Unavailable => vec![503, 529],
        Trigger::Unauthorized => vec![401, 403],
        Trigger::ServerError => (500..600).filter(|status| ![503, 504, 529].contains(status)).collect(),
        Trigger::ContentFiltered | Trigger::ContextExceeded | Trigger::OutOfCredit => Vec::new(),
    }
}

/// The statuses of several triggers, in order.
pub(super) fn all(on: &[Trigger], of: impl Fn(Trigger) -> Vec<u16>) -> Vec<u16> {
    let mut all: Vec<u16> = on.iter().flat_map(|trigger| of(*trigger)).collect();
    all.sort_unstable();
    all
}

/// The path that is walked where only one can be: that of an outage, else the first of which any status tells.
pub(super) fn walked(decision: &Decision, of: impl Fn(Trigger) -> Vec<u16>) -> Option<&Path> {
    let is_told = |path: &&Path| path.on.iter().any(|trigger| !of(*trigger).is_empty());
    decision.outage_path().or_else(|| decision.paths.iter().find(is_told))
}

/// Whether some decision has a path for a trigger that is not the one that is walked.
pub(super) fn is_left_out(table: &Table, trigger: Trigger, of: impl Fn(Trigger) -> Vec<u16>) -> bool {
    table.decisions.iter().any(|decision| {
        // A trigger is on one path of a decision at most.
        let is_for = |path: &Path| path.on.contains(&trigger);
        decision.paths.iter().any(is_for) && !walked(decision, &of).is_some_and(is_for)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_the_5xx_has_one_trigger() {
        for status in 500..600 {
            let of = Trigger::ALL.iter().filter(|trigger| of(**trigger).contains(&status)).count();
            assert_eq!(of, 1, "{status}");
        }
    }
}
