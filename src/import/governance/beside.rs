//! What a rule says beside its condition and its action: when it holds, what describes it, and what may limit it.

use super::shapes;
use crate::import::{Notes, text};
use crate::model::Date;
use crate::yaml::{Kind, Value};

/// Keys that describe, and keep no request from anywhere.
const DESCRIBES: [&str; 19] = [
    "name",
    "title",
    "id",
    "description",
    "comment",
    "comments",
    "note",
    "notes",
    "reason",
    "rationale",
    "owner",
    "contact",
    "version",
    "logging",
    "tags",
    "labels",
    "author",
    "reference",
    "references",
];

/// Keys that are read elsewhere.
const READ: [&str; 10] =
    ["rule", "when", "condition", "action", "fallback", "reason", "because", "name", "id", "enabled"];

/// Keys that name the first day of a rule.
const FIRST: [&str; 8] = [
    "from",
    "effective_from",
    "valid_from",
    "active_from",
    "effective_date",
    "starts",
    "start_date",
    "effective",
];

/// Keys that name the last one.
const LAST: [&str; 9] = [
    "until",
    "effective_until",
    "valid_until",
    "active_until",
    "expires",
    "expires_on",
    "expiry_date",
    "end_date",
    "effective_to",
];

/// Keys that say that a rule is enforced.
const ENFORCES: [&str; 6] = ["enforce", "enforced", "active", "mandatory", "required", "blocking"];

/// What they and `mode` have where it is.
const ENFORCED: [&str; 11] = [
    "enabled",
    "enforce",
    "enforced",
    "enforcing",
    "enforcement",
    "active",
    "mandatory",
    "block",
    "blocking",
    "strict",
    "hard",
];

/// Words of keys that keep a rule from acting where they are true: `dry_run`, `log_only`.
const SOFTENS: [&str; 20] = [
    "dry",
    "dryrun",
    "only",
    "shadow",
    "simulate",
    "simulation",
    "simulated",
    "monitor",
    "test",
    "testing",
    "draft",
    "disabled",
    "paused",
    "suspended",
    "optional",
    "advisory",
    "experimental",
    "preview",
    "bypass",
    "skip",
];

/// The words of a key.
fn words(key: &str) -> impl Iterator<Item = String> {
    key.split(['_', '-', ' ', '.']).map(str::to_ascii_lowercase)
}

/// Whether a key only describes, or says who hears of it.
pub(super) fn describes(key: &str) -> bool {
    let is_told = ["log_", "notify_", "alert_"].iter().any(|begin| key.starts_with(begin));
    DESCRIBES.contains(&key) || is_told && !words(key).any(|word| word == "only")
}

/// Clauses for the days on which a rule holds. Why there is no rule, where something may limit it that cannot be
/// carried over.
pub(super) fn read(rule: &Value, that: &str, chooses: bool, notes: &mut Notes) -> Result<String, String> {
    let (mut first, mut last, mut days) = (None, None, Vec::new());
    for (key, value) in rule.entries() {
        let name = key.value.as_str();
        let shown = || format!("`{}: {}`", text::comment(name), text::comment(&text::flow(value)));
        if READ.contains(&name) {
            continue;
        }
        if FIRST.contains(&name) || LAST.contains(&name) {
            let is_first = FIRST.contains(&name);
            let place = if is_first { &mut first } else { &mut last };
            let day = day(value).filter(|_| place.is_none());
            let day =
                day.ok_or_else(|| format!("{that}: {} is not a single day, as in `2027-01-31`", shown()))?;
            *place = Some(day);
            let word = if is_first { "from" } else { "until" };
            days.push((key.span, format!("{} of {that} as `{word} {day}`, that day included", shown())));
        } else if limits(name, value, chooses) {
            return Err(format!(
                "{that}: {} may limit it, so it is not made as one that always holds",
                shown()
            ));
        } else {
            notes.left(key.span, format!("`{}` of {that}", text::comment(name)));
        }
    }
    if let (Some(first), Some(last)) = (first, last)
        && first > last
    {
        return Err(format!("{that}: it begins on {first} and ends on {last}"));
    }
    for (span, read) in days {
        notes.read(span, read);
    }
    let clause =
        |word: &str, day: Option<Date>| day.map(|day| format!("  {word} {day}\n")).unwrap_or_default();
    Ok(clause("from", first) + &clause("until", last))
}

/// Lists what a rule has twice, by another key, and differently.
pub(super) fn spare(rule: &Value, that: &str, notes: &mut Notes) {
    for (first, other) in [("name", "id"), ("reason", "because")] {
        let stated = |key| rule.get(key).filter(|value| value.text().is_some());
        if let (Some(first_value), Some(value)) = (stated(first), stated(other))
            && first_value.text() != value.text()
        {
            notes.left(
                value.span,
                format!("`{other}: {}` of {that}: its `{first}` counts", text::comment(&text::flow(value))),
            );
        }
    }
}

/// A day as the language writes it.
fn day(value: &Value) -> Option<Date> {
    let written = value.text()?.trim();
    let day: Date = written.parse().ok()?;
    (day.to_string() == written).then_some(day)
}

/// Whether a key may keep a rule from holding for everything that its condition says.
fn limits(key: &str, value: &Value, chooses: bool) -> bool {
    let is_nothing = match &value.kind {
        Kind::Null => true,
        Kind::String(text) => text.trim().is_empty(),
        Kind::List(items) => items.is_empty(),
        Kind::Map(entries) => entries.is_empty(),
        _ => false,
    };
    let word = value.text().map(|text| text.trim().to_ascii_lowercase());
    let word = word.as_deref().unwrap_or_default();
    let is_enforced = ENFORCED.contains(&word) || shapes::quiet_truth(value) == Some(true);
    match key {
        _ if is_nothing || describes(key) => false,
        // Where every promise holds, none comes first; of wishes one does.
        "priority" | "order" | "weight" => chooses,
        "severity" => !is_enforced && !["critical", "high", "error"].contains(&word),
        "mode" | "enforcement" | "enforcement_mode" | "status" | "level" => !is_enforced,
        _ if ENFORCES.contains(&key) => !is_enforced,
        // What is switched off asks for nothing: `dry_run: false`. Of other words nobody knows what their absence means.
        _ => {
            let softens = words(key).any(|word| SOFTENS.contains(&word.as_str()));
            !softens || shapes::quiet_truth(value) != Some(false)
        }
    }
}
