//! Bounds in the place of values: `availability: >= 99.9%`, `latency_sla_ms: < 3000`, `retention_max: up to 30 days`.

use super::{form, is_day, is_quantity, list, quantity_of, retention};
use crate::diag::day;
use crate::diag::quantity::Wanted;
use crate::yaml::lines::LISTS;

/// Keys whose values are texts for people, addresses and names that others gave.
const FREE: [&str; 17] = [
    "api_key_env",
    "base_url",
    "claims",
    "description",
    "document",
    "endpoint_tag",
    "escalate",
    "evidence",
    "facts",
    "file",
    "issuer",
    "name",
    "note",
    "notes",
    "owner",
    "source",
    "url",
];

/// What to write for a value that begins with `>`; none where it is a text that needs quotes.
pub(in crate::yaml) fn without_bound(key: &str, written: &str) -> Option<String> {
    let value = unbound(written);
    if FREE.contains(&key) || key.is_empty() || value == written || value.is_empty() {
        return None;
    }
    if LISTS.contains(&key) {
        return Some(list::for_words(value, key));
    }
    if key == "first_byte_timeout" && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(super::duration(value));
    }
    if is_day(key) {
        return Some(day::read(value).map_or_else(|| form(Some(key)), |day| format!("write `{day}`")));
    }
    let of_kind = matches!(Wanted::of_key(key), Some(wanted) if wanted != Wanted::Amount);
    let is_number = value.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '$' | '.' | '€' | '£'));
    if of_kind || is_number {
        return match retention(value).filter(|_| is_quantity(key)).or_else(|| quantity_of(key, value)) {
            Some(right) => Some(format!("write `{right}`")),
            None => Some(form(Some(key))).filter(|help| !help.is_empty()),
        };
    }
    if let ("true" | "false" | "yes" | "no", Some(flag)) = (value, super::boolean(value)) {
        return Some(format!("write `{flag}`"));
    }
    let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    plain.then(|| format!("write `{value}`"))
}

/// A value without the sign or the words with which it is bounded.
pub(super) fn unbound(text: &str) -> &str {
    const SIGNS: [&str; 10] = [">=", "<=", "=>", "=<", "==", ">", "<", "≥", "≤", "="];
    const WORDS: [&str; 20] = [
        "at least",
        "at most",
        "no more than",
        "no less than",
        "not more than",
        "not less than",
        "more than",
        "less than",
        "up to",
        "greater than",
        "max",
        "maximum",
        "min",
        "minimum",
        "above",
        "below",
        "over",
        "under",
        "exactly",
        "within",
    ];
    let text = text.trim();
    if let Some(rest) = SIGNS.iter().find_map(|sign| text.strip_prefix(sign)) {
        return rest.trim_start();
    }
    let bounded = |words: &&str| {
        let (head, rest) = text.split_at_checked(words.len())?;
        let rest = rest.strip_prefix(':').unwrap_or(rest).strip_prefix(' ')?;
        head.eq_ignore_ascii_case(words).then(|| rest.trim_start())
    };
    WORDS.iter().find_map(bounded).unwrap_or(text)
}
