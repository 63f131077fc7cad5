//! Whether two documents say the same, wherever it stands; and values as JSON has them.

use std::collections::HashSet;

use super::{Kind, Value};

/// Whether two values are equal, wherever they stand.
pub fn same(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::List(a), Kind::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Kind::Map(a), Kind::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k.value == l.value && same(a, b))
        }
        (Kind::Number { exact: Some(a), .. }, Kind::Number { exact: Some(b), .. }) => a == b,
        (a, b) => a == b,
    }
}

/// Whether two documents are equal but for what stands at some paths.
pub(super) fn differs_only(
    old: &Value,
    new: &Value,
    path: &mut Vec<String>,
    changed: &HashSet<&[String]>,
) -> bool {
    if changed.contains(path.as_slice()) {
        return true;
    }
    match (&old.kind, &new.kind) {
        (Kind::List(old), Kind::List(new)) => {
            let pairs = old.iter().zip(new).enumerate();
            old.len() == new.len()
                && pairs.fold(true, |same, (at, (old, new))| {
                    same && below(old, new, at.to_string(), path, changed)
                })
        }
        (Kind::Map(_) | Kind::Null, Kind::Map(new_entries)) => {
            let old_entries = old.entries();
            let kept = |key: &str| old_entries.iter().any(|(old, _)| old.value == key);
            let is_meant = |key: &str| {
                let mut whole = path.clone();
                whole.push(key.to_owned());
                changed.contains(whole.as_slice())
            };
            if !new_entries.iter().all(|(key, _)| kept(&key.value) || is_meant(&key.value)) {
                return false;
            }
            let new_entries: Vec<_> = new_entries.iter().filter(|(key, _)| kept(&key.value)).collect();
            old_entries.len() == new_entries.len()
                && old_entries.iter().zip(new_entries).all(|((key, old), (other, new))| {
                    key.value == other.value && below(old, new, key.value.clone(), path, changed)
                })
        }
        _ => same(old, new),
    }
}

fn below(
    old: &Value,
    new: &Value,
    step: String,
    path: &mut Vec<String>,
    changed: &HashSet<&[String]>,
) -> bool {
    path.push(step);
    let is_same = differs_only(old, new, path, changed);
    path.pop();
    is_same
}

/// A value as JSON has it; none where JSON has no such value.
pub(super) fn json(value: &Value) -> Option<String> {
    let text = |text: &str| serde_json::to_string(text).ok();
    match &value.kind {
        Kind::Null => Some("null".to_owned()),
        Kind::Bool(is) => Some(is.to_string()),
        Kind::Number { text, .. } => {
            serde_json::from_str::<serde_json::Number>(text).ok().map(|_| text.clone())
        }
        Kind::String(written) => text(written),
        Kind::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(json).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Kind::Map(entries) => {
            let entry = |(key, value): &(crate::source::Spanned<String>, Value)| {
                Some(format!("{}: {}", text(&key.value)?, json(value)?))
            };
            let entries: Option<Vec<String>> = entries.iter().map(entry).collect();
            Some(format!("{{{}}}", entries?.join(", ")))
        }
    }
}
