//! Numbers as Portkey takes them.

use crate::number::{self, Rational};
use crate::source::Span;
use crate::yaml::{Kind, Value};

/// A number, also one that is written as a text.
pub(super) fn number(value: &Value) -> Option<Rational> {
    match value.text() {
        Some(text) => number::parse_decimal(text.trim()),
        None => value.number().cloned(),
    }
}

/// A whole number of a key, and where it stands.
pub(super) fn whole(value: Option<&Value>) -> Option<(u64, Span)> {
    let value = value?;
    Some((number::to_whole(&number(value)?)?, value.span))
}

/// The items of a list that are whole numbers; none where it is no list.
pub(super) fn codes(value: Option<&Value>) -> Option<Vec<u64>> {
    let Kind::List(items) = &value?.kind else { return None };
    Some(items.iter().filter_map(|item| whole(Some(item))).map(|(code, _)| code).collect())
}
