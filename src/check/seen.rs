//! The contexts in which several statements claim one request: shared by the findings on ambiguity.

use std::collections::BTreeMap;

use crate::diag::Finding;
use crate::limits::MAX_AMBIGUOUS_SETS;
use crate::model::Context;

/// The smallest example so far, and all use cases.
pub(super) struct Seen {
    pub(super) distance: usize,
    pub(super) context: Context,
    pub(super) use_case: String,
    pub(super) use_cases: Vec<String>,
}

impl Seen {
    /// Notes one more context that has it, unless it is one of too many; the one nearest the baseline is kept as the
    /// example. Whether it is noted.
    pub(super) fn note<K: Ord>(
        all: &mut BTreeMap<K, Seen>,
        key: K,
        use_case: &str,
        context: &Context,
        distance: usize,
    ) -> bool {
        if all.len() >= MAX_AMBIGUOUS_SETS && !all.contains_key(&key) {
            return false;
        }
        let fresh = || Seen {
            distance,
            context: context.clone(),
            use_case: use_case.to_owned(),
            use_cases: Vec::new(),
        };
        let seen = all.entry(key).or_insert_with(fresh);
        if distance < seen.distance {
            let use_cases = std::mem::take(&mut seen.use_cases);
            *seen = Seen { use_cases, ..fresh() };
        }
        if seen.use_cases.last().is_none_or(|last| last != use_case) {
            seen.use_cases.push(use_case.to_owned());
        }
        true
    }
}

/// Says at the last finding that there may be more, where not all were noted.
pub(super) fn cut(mut findings: Vec<Finding>, is_cut: bool, what: &str) -> Vec<Finding> {
    if is_cut && let Some(last) = findings.pop() {
        let count = findings.len() + 1;
        findings.push(last.note(format!("there are at least {count} {what} like this: not all are named")));
    }
    findings
}
