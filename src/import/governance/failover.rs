//! `failover_policies`: what failover must keep, whom it tells, and what it may cost.

use std::collections::BTreeMap;

use super::{Document, beside, shapes};
use crate::import::{Notes, text};
use crate::model::words;
use crate::number::{self, Rational};
use crate::source::visible;
use crate::yaml::{Kind, Value};

/// Keys that ask for an aspect to match, with the aspect.
const MATCHES: [(&str, &str); 7] = [
    ("require_compliance_match", "compliance"),
    ("require_data_classification_match", "classification"),
    ("require_residency_match", "residency"),
    ("require_retention_match", "retention"),
    ("require_data_retention_match", "retention"),
    ("require_hosting_match", "hosting"),
    ("require_capability_match", "capabilities"),
];

/// Keys that say whether there is failover at all, with what they say where they are true.
const SWITCHES: [(&str, bool); 11] = [
    ("enabled", true),
    ("failover", true),
    ("failover_enabled", true),
    ("enable_failover", true),
    ("allow_failover", true),
    ("disabled", false),
    ("failover_disabled", false),
    ("disable_failover", false),
    ("forbid_failover", false),
    ("block_failover", false),
    ("no_failover", false),
];

/// The failover statement; none where nothing of the section can be read, since an empty one would keep nothing.
///
/// What a statement that is not written would have carried over is not said to be.
pub(super) fn write(document: &Document, policies: &Value, notes: &mut Notes) -> Option<String> {
    let mut carried = Notes::default();
    let written = statement(document, policies, &mut carried);
    notes.take(carried, written.is_some());
    written
}

fn statement(document: &Document, policies: &Value, notes: &mut Notes) -> Option<String> {
    let maps = shapes::maps(policies, "failover_policies", notes);
    if maps.is_empty() {
        return None;
    }
    if is_off(&maps, notes) {
        return None;
    }
    // What is no map was named, and may have narrowed what the maps allow.
    let unread = policies.items().iter().filter(|item| !matches!(item.kind, Kind::Map(_)));
    let mut weaker: Vec<String> =
        unread.map(|item| format!("`{}`", text::comment(&text::flow(item)))).collect();
    let mut aspects: Vec<&str> = Vec::new();
    let mut clauses = String::new();
    let mut met: BTreeMap<&str, &Value> = BTreeMap::new();
    for (key, value) in maps.into_iter().flat_map(Value::entries) {
        let named = key.value.as_str();
        let is_switch = SWITCHES.iter().any(|(theirs, _)| *theirs == named);
        if is_switch && shapes::quiet_truth(value).is_some() {
            continue;
        }
        if let Some((_, aspect)) = MATCHES.iter().find(|(theirs, _)| *theirs == named) {
            match shapes::truth(named, value, notes) {
                Some(true) if !aspects.contains(aspect) => aspects.push(aspect),
                Some(_) => {}
                None => {
                    notes.left(value.span, format!("`{named}` is neither true nor false"));
                    weaker.push(format!("`{named}`"));
                }
            }
            continue;
        }
        if let Some(before) = met.get(named) {
            let is_looser = times(value).zip(times(before)).is_some_and(|(this, first)| this >= first);
            if shapes::twice(key, value, before, notes) && narrows(named, value) && !is_looser {
                weaker.push(format!("the second `{}`", text::comment(named)));
            }
            continue;
        }
        met.insert(named, value);
        if let Some(clause) = clause(named, value, notes) {
            clauses += &clause;
            continue;
        }
        let shown = text::comment(named);
        notes.left(key.span, format!("`{shown}: {}`", text::comment(&text::flow(value))));
        if narrows(named, value) {
            weaker.push(format!("`{shown}`"));
        }
    }
    if !weaker.is_empty() {
        let span = policies.span;
        notes.left(span, format!("`failover_policies`: no failover is written, since one without {} may go where this one does not; take out what narrows nothing, write the rest as in the reference of imports, and import again", words::joined(&weaker.iter().map(String::as_str).collect::<Vec<_>>())));
        return None;
    }
    let matched =
        if aspects.is_empty() { String::new() } else { format!("  match {}\n", aspects.join(", ")) };
    notes.state(
        policies.span,
        "a reason for failover, and what becomes of a request when nothing is left (`then`): it is blocked",
    );
    Some(format!(
        "# Failover as {} has it: the links of the registry, and what a target must match.\n\
         failover standard {{\n  follow registry\n{matched}{clauses}}}\n",
        document.file
    ))
}

/// Whether a key says that there is no failover at all; that is listed.
fn is_off(maps: &[&Value], notes: &mut Notes) -> bool {
    for (key, value) in maps.iter().flat_map(|map| map.entries()) {
        let Some((name, on)) = SWITCHES.iter().find(|(theirs, _)| *theirs == key.value) else { continue };
        let Some(is) = shapes::truth(name, value, notes).filter(|is| is != on) else { continue };
        notes.left(key.span, format!("`failover_policies`: it is switched off by `{name}: {is}`, so no failover is written; switched on, it says what stands there"));
        return true;
    }
    false
}

/// Whether a key that is not understood may keep failover from something: any may, but those that describe it or say
/// who hears of it, and those that ask for something and are switched off.
fn narrows(key: &str, value: &Value) -> bool {
    let begins = |with: &[&str]| with.iter().any(|begin| key.starts_with(begin));
    let describes = beside::describes(key);
    let asks = begins(&["require_", "max_", "forbid_", "disable_", "deny_", "block_", "no_"]);
    let asks_nothing = asks && shapes::quiet_truth(value) == Some(false);
    !(describes || asks_nothing)
}

/// A number of times, also with the sign of it: `3`, `3x`, `"3x"`.
fn times(value: &Value) -> Option<Rational> {
    let multiple = match value.text() {
        Some(text) => number::parse_decimal(text.trim().trim_end_matches(['x', 'X', '×']).trim_end())?,
        None => value.number()?.clone(),
    };
    (multiple > number::whole(0)).then_some(multiple)
}

fn clause(key: &str, value: &Value, notes: &mut Notes) -> Option<String> {
    match key {
        "log_failover_as" => {
            let name = value.text()?.trim();
            let is_name = !name.is_empty() && visible::hidden_in_name(name).is_none();
            is_name.then(|| format!("  log as {}\n", text::name(name)))
        }
        "notify_on_failover" => {
            let addresses: Vec<String> = match &value.kind {
                Kind::String(one) => vec![text::string(one)],
                Kind::List(items) => {
                    items.iter().map(|item| item.text().map(text::string)).collect::<Option<_>>()?
                }
                _ => return None,
            };
            if addresses.is_empty() {
                Some(String::new())
            } else {
                Some(format!("  notify {}\n", addresses.join(", ")))
            }
        }
        "max_failover_cost_multiplier" => {
            let multiple = number::exact(&times(value)?);
            notes.read(
                value.span,
                format!("`{key}` as `above {multiple}x cost throttle`: a key that names no action limits, and what exceeds a limit of cost is slowed down; write `block` to forbid it"),
            );
            Some(format!(
                "  # The key names a limit and no action. Dearer traffic is slowed down, not refused: `block` here would refuse it.\n  above {multiple}x cost throttle\n"
            ))
        }
        _ => None,
    }
}
