//! What other programs let pass in their files: keys that appear twice; and what none does.

use std::collections::BTreeMap;

use super::read::{options, parse_foreign, parse_keeping};
use super::{Kind, Value, nulls};
use crate::diag::Finding;
use crate::source::{FileId, Span, Spanned};

/// A key that stands more than once in one map.
#[derive(Debug, PartialEq, Eq)]
pub struct Doubled {
    /// Where it stands last, which counts.
    pub counts: Spanned<String>,
    /// Where it stands first.
    pub first: Span,
}

/// The document of a file in which the last of several equal keys counts, as `PyYAML` reads it; all keys of that kind.
pub fn parse_last(id: FileId, text: &str) -> (Option<Value>, Vec<Finding>, Vec<Doubled>) {
    let (strict, findings) = parse_foreign(id, text);
    if strict.is_some() {
        return (strict, findings, Vec::new());
    }
    // The library then hands over every entry of a map.
    let mut options = options(serde_saphyr::MergeKeyPolicy::Merge);
    options.duplicate_keys = serde_saphyr::DuplicateKeyPolicy::LastWins;
    let (Some(mut root), others) = parse_keeping(id, text, options) else {
        return (None, findings, Vec::new());
    };
    let mut doubled = Vec::new();
    keep_last(&mut root, &mut doubled);
    nulls::leave_out(&mut root);
    (Some(root), others, doubled)
}

/// Leaves out the entries whose key stands again behind them.
fn keep_last(value: &mut Value, doubled: &mut Vec<Doubled>) {
    match &mut value.kind {
        Kind::List(items) => {
            for item in items.iter_mut() {
                keep_last(item, doubled);
            }
        }
        Kind::Map(entries) => {
            let mut places: BTreeMap<String, (Span, usize)> = BTreeMap::new();
            for (at, (key, _)) in entries.iter().enumerate() {
                places.entry(key.value.clone()).or_insert((key.span, at)).1 = at;
            }
            let mut at = 0;
            entries.retain(|(key, _)| {
                at += 1;
                let Some((first, last)) = places.get(&key.value) else { return true };
                if *last == at - 1 && *first != key.span {
                    doubled.push(Doubled { counts: key.clone(), first: *first });
                }
                *last == at - 1
            });
            for (_, value) in entries.iter_mut() {
                keep_last(value, doubled);
            }
        }
        _ => {}
    }
}

/// Where half of a surrogate pair is written as `\u….` in a JSON text: it stands for no character.
pub fn half_a_character(text: &str) -> Option<usize> {
    let unit = |at: usize| {
        let digits = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find('\\') {
        at += found;
        match unit(at) {
            Some(0xD800..=0xDBFF) if matches!(unit(at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => return Some(at),
            _ => at += 1 + text.get(at + 1..)?.chars().next().map_or(0, char::len_utf8),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> (Option<Value>, Vec<(String, u32, u32)>) {
        let (value, findings, doubled) = parse_last(FileId::NONE, text);
        assert!(findings.is_empty(), "{findings:?}");
        (
            value,
            doubled
                .into_iter()
                .map(|one| (one.counts.value, one.first.start, one.counts.span.start))
                .collect(),
        )
    }

    #[test]
    fn the_last_of_equal_keys_counts_at_every_depth() {
        let (value, doubled) = keys("a: {x: 1, x: 2}\nb:\n  - y: 1\n    y: 1\na: {x: 3, x: 4}\n");
        assert_eq!(
            value.and_then(|root| Some(root.get("a")?.get("x")?.number()?.to_string())).as_deref(),
            Some("4")
        );
        let mut found: Vec<&str> = doubled.iter().map(|(key, ..)| key.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, ["a", "x", "y"]);
    }

    #[test]
    fn a_merged_key_is_not_one_that_stands_twice() {
        let text = "base: &b {x: 1, y: 1}\nuse:\n  x: 2\n  <<: *b\n";
        let (value, doubled) = keys(&format!("{text}z: 1\nz: 2\n"));
        let of = |key: &str| value.as_ref()?.get("use")?.get(key)?.number().map(ToString::to_string);
        assert_eq!((of("x").as_deref(), of("y").as_deref()), (Some("2"), Some("1")));
        assert_eq!(doubled.len(), 1, "{doubled:?}");
    }

    #[test]
    fn half_of_a_pair_is_found_and_a_whole_one_is_not() {
        assert_eq!(half_a_character(r#"{"a": "\ud83d\ude00 \\ud83d é\n"}"#), None);
        assert_eq!(half_a_character(r#"{"a": "\ud83dx"}"#), Some(7));
        assert_eq!(half_a_character(r#"{"a": "\udc00"}"#), Some(7));
        assert_eq!(half_a_character("\\"), None);
    }
}
