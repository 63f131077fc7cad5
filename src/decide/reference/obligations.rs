//! Obligations: what has to be logged (§8.7).

use super::{Scope, holds};
use crate::decide::Audit;
use crate::number;
use crate::number::{SECONDS_PER_DAY, whole};

pub(super) fn audit(scope: Scope) -> Option<Audit> {
    let applying = scope.world.audits.iter().filter(|audit| holds(scope, audit.when.as_ref()));
    let applying: Vec<_> = applying.collect();
    if applying.is_empty() {
        return None;
    }
    let longest = applying.iter().filter_map(|audit| audit.retain.as_ref()).max();
    let mut mask: Vec<String> = applying.iter().flat_map(|audit| audit.mask.iter().cloned()).collect();
    let mut owners: Vec<String> = applying.iter().filter_map(|audit| audit.owner.clone()).collect();
    for names in [&mut mask, &mut owners] {
        names.sort();
        names.dedup();
    }
    Some(Audit {
        retain_days: longest.map(|seconds| number::ceil(&(seconds / whole(SECONDS_PER_DAY)))),
        lineage: applying.iter().any(|audit| audit.lineage.is_some()),
        mask,
        owners,
    })
}
