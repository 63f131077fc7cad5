//! Statuses by which gateways that read no bodies know triggers, and the one path that they walk.

use crate::table::format::{Decision, Path, Table, Trigger};

use super::cells;

/// Statuses of the 5xx that have a trigger of their own.
const NAMED: [(Trigger, &[u16]); 2] = [(Trigger::Timeout, &[504]), (Trigger::Unavailable, &[503, 529])];

/// The statuses of a trigger; none where it stands in the body.
pub(super) fn of(trigger: Trigger) -> Vec<u16> {
    let named = NAMED.iter().filter(|(known, _)| *known == trigger).flat_map(|(_, statuses)| statuses.iter());
    let others = match trigger {
        Trigger::RateLimited => vec![429],
        Trigger::Timeout => vec![408],
        Trigger::Unauthorized => vec![401, 403],
        Trigger::ServerError => {
            let has_own = |status: &u16| NAMED.iter().any(|(_, statuses)| statuses.contains(status));
            (500..600).filter(|status| !has_own(status)).collect()
        }
        _ => Vec::new(),
    };
    others.into_iter().chain(named.copied()).collect()
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
    cells::outage_path(decision).or_else(|| decision.paths.iter().find(is_told))
}

/// Whether some decision has a path for a trigger that is not the one that is walked.
pub(super) fn is_left_out(table: &Table, trigger: Trigger, of: impl Fn(Trigger) -> Vec<u16>) -> bool {
    table.decisions.iter().any(|decision| {
        let walked = walked(decision, &of);
        let other = |path: &&Path| !walked.is_some_and(|walked| std::ptr::eq(*path, walked));
        decision.paths.iter().filter(other).any(|path| path.on.contains(&trigger))
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
