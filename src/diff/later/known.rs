//! What of use cases was said already, so that a later day tells only what is new on it.

use std::collections::BTreeMap;

use crate::diff::Change;
use crate::diff::kind::Kind;
use crate::diff::risk::Gain;

/// A use case, and the name that led elsewhere before.
pub(super) type Whom = (String, Option<String>);

/// What of one use case was said already.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Per kind in how many contexts of how many.
    pub(super) kinds: BTreeMap<Kind, (usize, usize)>,
    /// What is newly reachable.
    pub(super) gained: Gain,
}

/// What of one use case is new: the kinds with their contexts, and what is newly reachable.
pub(super) type News = BTreeMap<Whom, Known>;

pub(super) fn whom(change: &Change) -> Whom {
    (change.use_case.clone(), change.asked_as.clone())
}

/// What a change says of some kinds.
pub(super) fn said(change: &Change, kinds: &[Kind]) -> Known {
    let compared = &change.compared;
    let details = compared.details.iter().filter(|detail| kinds.contains(&detail.kind));
    let kinds: BTreeMap<Kind, (usize, usize)> =
        details.map(|detail| (detail.kind, (detail.contexts, compared.contexts))).collect();
    let gained = if kinds.contains_key(&Kind::Widened) { compared.gained.clone() } else { Gain::default() };
    Known { kinds, gained }
}

/// Whether one part of all contexts is greater than another.
pub(super) fn is_more((a, of_a): (usize, usize), (b, of_b): (usize, usize)) -> bool {
    a as u128 * of_b as u128 > b as u128 * of_a as u128
}

impl Known {
    pub(super) fn join(&mut self, other: Self) {
        for (kind, extent) in other.kinds {
            let known = self.kinds.entry(kind).or_insert(extent);
            if is_more(extent, *known) {
                *known = extent;
            }
        }
        self.gained.join(other.gained);
    }
}

/// What changes for whom.
pub(super) fn words((use_case, asked_as): &Whom, known: &Known) -> String {
    let asked = asked_as.as_ref().map(|name| format!(" (asked as `{name}`)")).unwrap_or_default();
    let kinds = Kind::BY_RISK.into_iter().filter(|kind| known.kinds.contains_key(kind));
    let kinds: Vec<&str> = kinds.map(Kind::name).collect();
    let reach = known.gained.words();
    let reach = if reach.is_empty() { String::new() } else { format!(": {}", reach.join(", ")) };
    format!("`{use_case}`{asked} changes: {}{reach}", kinds.join(", "))
}
