//! The contexts in which several statements claim one request: shared by the findings on ambiguity.

use std::collections::BTreeMap;

use crate::model::Context;

/// The smallest example so far, and all use cases.
pub(super) struct Seen {
    pub(super) distance: usize,
    pub(super) context: Context,
    pub(super) use_case: String,
    pub(super) use_cases: Vec<String>,
}

impl Seen {
    /// Notes one more context that has it; the one nearest the baseline is kept as the example.
    pub(super) fn note<K: Ord>(
        all: &mut BTreeMap<K, Seen>,
        key: K,
        use_case: &str,
        context: &Context,
        distance: usize,
    ) {
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
    }
}
