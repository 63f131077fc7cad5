//! The registry's differences in words.

use super::super::Diff;
use super::super::portfolio::{Days, Moved, Portfolio, Turned};
use super::money::signed;
use crate::model::words::{list, some};
use crate::number::{parse_decimal, whole};

/// The most models that a line about the portfolio names.
const MOST_MODELS: usize = 12;

/// How the registry differs, one line each.
pub fn portfolio(diff: &Diff) -> Vec<String> {
    let all: &Portfolio = &diff.portfolio;
    let mut lines = Vec::new();
    let mut names = |what: &str, names: &[String]| {
        if !names.is_empty() {
            lines.push(format!("{what}: {}", list(names)));
        }
    };
    names("providers added", &all.providers_added);
    names("providers removed", &all.providers_removed);
    names("models added", &all.models_added);
    names("models removed", &all.models_removed);
    let renamed = diff.renamed();
    lines.extend(renamed.map(|(what, old, new)| format!("{what} `{old}` is now called `{new}`")));
    let lifecycle = all.lifecycle.iter().map(|(model, states, days)| {
        (model, status(states, days.as_ref().map(|days| format!("sunset {}", sunset(days)))))
    });
    lines.extend(merged("lifecycle", lifecycle));
    let prices = all.price_changes.iter().map(|(model, input, output)| {
        let part = |word: &str, turned: &Turned| {
            (turned.old != turned.new).then(|| {
                let share = share(turned).map(|share| format!(" ({share})")).unwrap_or_default();
                format!("{word} {} → {}{share}", turned.old, turned.new)
            })
        };
        let parts: Vec<String> =
            [part("input", input), part("output", output)].into_iter().flatten().collect();
        (model, format!("{} usd per 1m tokens", parts.join(", ")))
    });
    lines.extend(merged("price", prices));
    lines.extend(merged(
        "certifications",
        all.compliance.iter().map(|(model, change)| (model, moved(change))),
    ));
    let dpa = all.dpa.iter().map(|(model, states, days)| (model, status(states, days.as_ref().map(ends))));
    lines.extend(merged("agreement", dpa));
    lines.extend(merged("evidence", all.evidence.iter().map(|(model, change)| (model, moved(change)))));
    lines.extend(merged("approvals", all.approvals.iter().map(|(model, change)| (model, moved(change)))));
    lines
}

/// By how much a price moved, in percent; none where it was nothing.
fn share(price: &Turned) -> Option<String> {
    let (old, new) = (parse_decimal(&price.old)?, parse_decimal(&price.new)?);
    (old > whole(0)).then(|| format!("{}%", signed(&((new - &old) * whole(100) / &old), 1)))
}

/// A status where it turned, and the day where it moved.
fn status(status: &Turned, day: Option<String>) -> String {
    let turned = (status.old != status.new).then(|| format!("{} → {}", status.old, status.new));
    [turned, day].into_iter().flatten().collect::<Vec<String>>().join(", ")
}

/// How the first day without a model moved.
fn sunset(days: &Days) -> String {
    match (&days.old, &days.new) {
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (None, Some(new)) => format!("on {new}"),
        (Some(old), None) => format!("on {old} called off"),
        (None, None) => String::new(),
    }
}

/// How the last day of something moved; the order of days is that of their text.
fn ends(days: &Days) -> String {
    match (&days.old, &days.new) {
        (Some(old), Some(new)) if old < new => format!("renewed {old} → {new}"),
        (Some(old), Some(new)) => format!("shortened {old} → {new}"),
        (None, Some(new)) => format!("now ends on {new}"),
        (Some(old), None) => format!("no longer ends on {old}"),
        (None, None) => String::new(),
    }
}

/// What happened alike to several models is said once.
fn merged<'a>(what: &str, changes: impl Iterator<Item = (&'a String, String)>) -> Vec<String> {
    let mut groups: Vec<(String, Vec<&String>)> = Vec::new();
    for (model, change) in changes {
        match groups.iter_mut().find(|(known, _)| *known == change) {
            Some((_, models)) => models.push(model),
            None => groups.push((change, vec![model])),
        }
    }
    groups
        .into_iter()
        .map(|(change, models)| format!("{what} of {}: {change}", some(&models, MOST_MODELS)))
        .collect()
}

fn moved(moved: &Moved) -> String {
    let names = |word: &str, names: &[String]| (!names.is_empty()).then(|| format!("{word} {}", list(names)));
    let renewed = moved.renewed.iter().map(|(name, days)| format!("`{name}` {}", ends(days)));
    let parts = [names("gained", &moved.gained), names("lost", &moved.lost)].into_iter().flatten();
    parts.chain(renewed).collect::<Vec<String>>().join(", ")
}
