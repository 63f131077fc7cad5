//! `failover_policies`: what failover must keep, whom it tells, and what it may cost.

use std::collections::BTreeMap;

use super::{Document, shapes};
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

/// The failover statement; none where nothing of the section can be read, since an empty one would keep nothing.
pub(super) fn write(document: &Document, policies: &Value, notes: &mut Notes) -> Option<String> {
    let maps = shapes::maps(policies, "failover_policies", notes);
    if maps.is_empty() {
        return None;
    }
    if let Some((key, value)) = maps.iter().find_map(|map| map.entry("enabled"))
        && shapes::truth("enabled", value, notes) == Some(false)
    {
        notes.left(key.span, "`failover_policies`: it is switched off by `enabled: false`, so no failover is written; switched on, it says what stands there");
        return None;
    }
    let mut weaker: Vec<String> = Vec::new();
    let mut aspects: Vec<&str> = Vec::new();
    let mut clauses = String::new();
    let mut met: BTreeMap<&str, &Value> = BTreeMap::new();
    for (key, value) in maps.into_iter().flat_map(Value::entries) {
        let named = key.value.as_str();
        if named == "enabled" && matches!(value.kind, Kind::Bool(true)) {
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
            shapes::twice(key, value, before, notes);
            continue;
        }
        met.insert(named, value);
        if let Some(clause) = clause(named, value, notes) {
            clauses += &clause;
            continue;
        }
        let shown = text::comment(named);
        notes.left(key.span, format!("`{shown}: {}`", text::comment(&text::flow(value))));
        if asks(named, value) {
            weaker.push(format!("`{shown}`"));
        }
    }
    if !weaker.is_empty() {
        let span = policies.span;
        notes.left(span, format!("`failover_policies`: no failover is written, since one without {} may go where this one does not; mend that and import again", words::joined(&weaker.iter().map(String::as_str).collect::<Vec<_>>())));
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

/// Whether a key that is not understood keeps failover from something.
fn asks(key: &str, value: &Value) -> bool {
    ["require_", "max_"].iter().any(|begin| key.starts_with(begin)) && value.kind != Kind::Bool(false)
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
