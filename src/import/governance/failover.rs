//! `failover_policies`: what failover must keep, whom it tells, and what it may cost.

use std::collections::BTreeMap;

use super::{Document, shapes};
use crate::import::{Notes, text};
use crate::number;
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
                None => notes.left(value.span, format!("`{named}` is neither true nor false")),
            }
            continue;
        }
        if let Some(before) = met.get(named) {
            shapes::twice(key, value, before, notes);
            continue;
        }
        met.insert(named, value);
        match clause(named, value, notes) {
            Some(clause) => clauses += &clause,
            None => notes
                .left(key.span, format!("`{}: {}`", text::comment(named), text::comment(&text::flow(value)))),
        }
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

fn clause(key: &str, value: &Value, notes: &mut Notes) -> Option<String> {
    match key {
        "log_failover_as" => Some(format!("  log as {}\n", text::name(value.text()?))),
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
            let multiple = value.number().filter(|multiple| **multiple > number::whole(0))?;
            let multiple = number::exact(multiple);
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
