//! What is worse: one more critical use case stopped outweighs any number of less critical ones.

use std::cmp::Reverse;

use super::Combination;

/// Sorts by what is stopped, weighed by criticality, then by what is rerouted, then by what it adds to the bill; of
/// equals the one that takes fewer failure domains, then by name.
pub(super) fn worst_first(combinations: &mut [Combination]) {
    combinations.sort_by(|a, b| {
        let counts = |c: &Combination| Reverse((c.stopped, c.rerouted));
        let cost = || b.extra_cost().cmp(&a.extra_cost());
        let names = || (a.down.len(), &a.down).cmp(&(b.down.len(), &b.down));
        counts(a).cmp(&counts(b)).then_with(cost).then_with(names)
    });
}
