//! Branches that are asked one after the other.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::tree::{Branch, Pick};
use crate::limits::MAX_IMPORTED_STEPS;

/// Targets that are asked in turn, as long as the failure goes on.
pub(super) fn in_turn<'a>(parts: &[&Branch<'a>], on: [bool; 8], is_cut: &Cell<bool>) -> Vec<Pick<'a>> {
    let Some((first, rest)) = parts.split_first() else { return Vec::new() };
    let continued = |pick: &Pick<'a>| {
        let chains = std::array::from_fn(|trigger| {
            let of = |pick: &Pick| pick.chains.get(trigger).cloned().unwrap_or_default();
            if !on.get(trigger).is_some_and(|on| *on) {
                return of(pick);
            }
            let mut met = BTreeSet::new();
            let mut chain = Vec::new();
            // One that the gateway refuses ends the walk.
            let later = rest.iter().take_while(|part| !part.picks.is_empty());
            // Chance asks one of several, and none of them takes over for another.
            let later = later.filter_map(|part| part.picks.first().map(of));
            for steps in std::iter::once(of(pick)).chain(later) {
                chain.extend(steps.iter().copied().filter(|step| met.insert(*step)));
                if chain.len() > MAX_IMPORTED_STEPS {
                    chain.truncate(MAX_IMPORTED_STEPS);
                    is_cut.set(true);
                    break;
                }
            }
            Rc::new(chain)
        });
        Pick { chains, retry: pick.retry }
    };
    first.picks.iter().map(continued).collect()
}
