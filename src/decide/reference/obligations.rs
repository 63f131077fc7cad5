//! Obligations: what has to be logged: "How a decision is made" in docs/language.md, step 7.

use super::{Scope, holding};
use crate::decide::Audit;
use crate::model::Audit as AuditStatement;
use crate::number;
use crate::number::{SECONDS_PER_DAY, whole};

pub(super) fn audit(scope: Scope) -> Option<Audit> {
    let audits = &scope.world.audits;
    let applying = holding(scope, audits, |known| &known.audits, |audit| audit.when.as_ref());
    let applying: Vec<&AuditStatement> = applying.into_iter().map(|id| &audits[id]).collect();
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
