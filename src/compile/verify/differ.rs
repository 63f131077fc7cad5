//! The first place at which two JSON values differ, and what stands there.

use crate::limits::shown;
use serde_json::Value;

/// Descends to the first difference: the place and what stands there on either side. Keys are gone through in their
/// order, lists from the front, and what only one side has stands against nothing.
pub(super) fn first_difference(place: &str, a: &Value, b: &Value) -> (String, String, String) {
    descend(place, Some(a), Some(b)).unwrap_or_else(|| (place.to_owned(), shown(Some(a)), shown(Some(b))))
}

fn descend(place: &str, a: Option<&Value>, b: Option<&Value>) -> Option<(String, String, String)> {
    match (a, b) {
        (a, b) if a == b => None,
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
            keys.sort();
            keys.dedup();
            let dot = if place.is_empty() { "" } else { "." };
            let inside = |key: &String| format!("{place}{dot}{}", harmless(key));
            keys.into_iter().find_map(|key| descend(&inside(key), a.get(key), b.get(key)))
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => {
            let mut places = 0..a.len().max(b.len());
            places.find_map(|at| descend(&format!("{place}[{at}]"), a.get(at), b.get(at)))
        }
        (a, b) => Some((place.to_owned(), shown(a), shown(b))),
    }
}

/// A value as JSON, cut where it is long.
fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else { return "nothing".to_owned() };
    let json = value.to_string();
    match json.char_indices().nth(shown::VERIFIED_VALUE) {
        None => harmless(&json),
        Some((end, _)) => harmless(json.get(..end).unwrap_or_default()) + "…",
    }
}

/// Text of a table without characters that would act on a terminal.
fn harmless(text: &str) -> String {
    let mut harmless = String::new();
    for c in text.chars() {
        if matches!(c, '"' | '\'' | '\\') {
            harmless.push(c);
        } else {
            harmless.extend(c.escape_debug());
        }
    }
    harmless
}
