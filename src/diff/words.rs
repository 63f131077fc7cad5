//! A comparison in words that a person and a pull request read alike.

use super::causes::Cause;
use super::change::{Detail, Example};
use super::kind::Kind;
use super::money::{Money, Pair, dollars};
use super::portfolio::{Moved, Portfolio, Turned};
use super::{Change, Diff};
use crate::model::words::{count, list};
use crate::number::{Rational, round_half_even, whole};

/// What to call the difference as a whole: one line without a final period.
pub fn headline(diff: &Diff) -> String {
    let compared = format!(
        "{} of {} compared",
        count(diff.contexts, "context", "contexts"),
        count(diff.use_cases, "use case", "use cases")
    );
    if diff.changes.is_empty() {
        return format!("no decision changes: {compared}");
    }
    let changed = count(diff.changes.len(), "use case changes", "use cases change");
    let risks: Vec<String> = [Kind::Widened, Kind::Unroutable, Kind::Narrowed]
        .into_iter()
        .filter(|kind| diff.count(*kind) > 0)
        .map(|kind| format!("{} {}", diff.count(kind), kind.name()))
        .collect();
    let risks = if risks.is_empty() { "none widened".to_owned() } else { risks.join(", ") };
    format!("{changed}, {risks}: {compared}")
}

/// What is compared with what.
pub fn sides(diff: &Diff) -> String {
    let ((old, old_day), (new, new_day)) = (&diff.old, &diff.new);
    if old_day == new_day {
        format!("from `{old}` to `{new}`, both on {new_day}")
    } else {
        format!("from `{old}` on {old_day} to `{new}` on {new_day}")
    }
}

/// The kinds of a change, what to be feared most first.
pub fn kinds(change: &Change) -> Vec<Kind> {
    let kinds = change.kinds();
    Kind::BY_RISK.into_iter().filter(|kind| kinds.has(*kind)).collect()
}

/// What to be feared comes before its name.
pub fn names(kinds: &[Kind]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<&str>>().join(", ")
}

/// The details of a change that show one context, together.
pub fn by_example(change: &Change) -> Vec<(Vec<&Detail>, &Example)> {
    let mut details: Vec<&Detail> = change.compared.details.iter().collect();
    details.sort_by_key(|detail| detail.kind.risk());
    let mut groups: Vec<(Vec<&Detail>, &Example)> = Vec::new();
    for detail in details {
        match groups.iter_mut().find(|(_, example)| **example == detail.example) {
            Some((group, _)) => group.push(detail),
            None => groups.push((vec![detail], &detail.example)),
        }
    }
    groups
}

/// `widened and primary in 2 contexts, cost in 4`.
pub fn extent(details: &[&Detail]) -> String {
    let mut groups: Vec<(usize, Vec<&str>)> = Vec::new();
    for detail in details {
        match groups.iter_mut().find(|(contexts, _)| *contexts == detail.contexts) {
            Some((_, names)) => names.push(detail.kind.name()),
            None => groups.push((detail.contexts, vec![detail.kind.name()])),
        }
    }
    let groups = groups.iter().enumerate().map(|(at, (contexts, names))| {
        let contexts = if at == 0 { count(*contexts, "context", "contexts") } else { contexts.to_string() };
        format!("{} in {contexts}", names.join(", "))
    });
    groups.collect::<Vec<String>>().join("; ")
}

/// The context of an example, as far as it is not the usual one.
pub fn context(example: &Example) -> String {
    if example.unusual.is_empty() {
        return "by default".to_owned();
    }
    let parts = example.unusual.iter().map(|(name, value)| match name.as_str() {
        "classification" => format!("{value} data"),
        "budget.remaining" => format!("{value} of the budget left"),
        name => format!("{name} {value}"),
    });
    format!("with {}", parts.collect::<Vec<String>>().join(", "))
}

/// A cause, with the kinds that it makes where it does not make all of them.
pub fn cause(change: &Change, cause: &Cause) -> String {
    if cause.kinds.is_empty() || cause.kinds.len() == change.compared.details.len() {
        return cause.to_string();
    }
    let made: Vec<Kind> = Kind::BY_RISK.into_iter().filter(|kind| cause.kinds.contains(kind)).collect();
    format!("{cause}: {}", names(&made))
}

/// Targets in order, and what happens then.
pub fn route(targets: &[String], then: &str) -> String {
    if targets.is_empty() {
        return "no model: block".to_owned();
    }
    format!("{}, then {then}", targets.join(" → "))
}

/// Whether both sides of an example route alike.
pub fn same_route(example: &Example) -> bool {
    example.old == example.new && example.old_then == example.new_then
}

/// `2100.00 → 690.00 usd a month (-1410.00, -67.1%)`; none where nothing is known or nothing differs.
pub fn amounts(pair: &Pair) -> Option<String> {
    if pair.is_same() {
        return None;
    }
    let shown = |amount: &Option<Rational>| amount.as_ref().map_or("not known".to_owned(), dollars);
    Some(format!("{} → {} usd a month{}", shown(&pair.old), shown(&pair.new), difference(pair)))
}

fn difference(pair: &Pair) -> String {
    let (Some(old), Some(new)) = (&pair.old, &pair.new) else { return String::new() };
    let difference = new - old;
    let share = if *old > whole(0) {
        format!(", {}%", signed(&(&difference * whole(100) / old), 1))
    } else {
        String::new()
    };
    format!(" ({}{share})", signed(&difference, 2))
}

/// With a sign, rounded half to even.
pub fn signed(value: &Rational, decimals: u32) -> String {
    let text = if decimals == 2 { dollars(value) } else { round_half_even(value, decimals) };
    if *value > whole(0) { format!("+{text}") } else { text }
}

/// Costs of a use case or of all, one line; none where nothing differs.
pub fn money(money: &Money) -> Option<String> {
    // Where the primary is the dearest target, the worst case says nothing new.
    let worst = if money.worst == money.monthly { None } else { amounts(&money.worst) };
    match (amounts(&money.monthly), worst) {
        (Some(usual), Some(worst)) => Some(format!("{usual}; at worst {worst}")),
        (Some(usual), None) => Some(usual),
        (None, Some(worst)) => Some(format!("at worst {worst}")),
        (None, None) => None,
    }
}

/// The line about everything's cost.
pub fn total(diff: &Diff) -> Option<String> {
    let spend = &diff.spend.total.monthly;
    let known = spend.new.as_ref().or(spend.old.as_ref())?;
    let none = spend.old.as_ref().is_none_or(|old| *old == whole(0)) && *known == whole(0);
    if none {
        return None;
    }
    let changes = money(&diff.spend.total);
    Some(changes.unwrap_or_else(|| format!("{} usd a month, as before", dollars(known))))
}

/// A row of a table of spend: name, before, after, difference, share before, share after.
pub type Row = [String; 6];

/// Who spends how much, where anything differs; the largest first.
pub fn spend(by_name: &std::collections::BTreeMap<String, Pair>, total: &Money) -> Vec<Row> {
    if by_name.values().all(Pair::is_same) {
        return Vec::new();
    }
    let zero = whole(0);
    let amount = |amount: &Option<Rational>| amount.clone().unwrap_or_else(|| whole(0));
    let share = |part: &Rational, all: &Option<Rational>| match all {
        Some(all) if *all > zero => format!("{}%", round_half_even(&(part * whole(100) / all), 1)),
        _ => "–".to_owned(),
    };
    let mut rows: Vec<(&String, &Pair)> = by_name.iter().collect();
    rows.sort_by(|a, b| amount(&b.1.new).cmp(&amount(&a.1.new)).then(a.0.cmp(b.0)));
    let rows = rows.into_iter().map(|(name, pair)| {
        let (old, new) = (amount(&pair.old), amount(&pair.new));
        let name = if name.is_empty() { "no team".to_owned() } else { name.clone() };
        let shares = (share(&old, &total.monthly.old), share(&new, &total.monthly.new));
        [name, dollars(&old), dollars(&new), signed(&(new - old), 2), shares.0, shares.1]
    });
    rows.collect()
}

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
    let renamed = diff.use_cases_renamed.iter().map(|names| ("use case", names));
    let renamed = renamed.chain(diff.models_renamed.iter().map(|names| ("model", names)));
    lines.extend(renamed.map(|(what, (old, new))| format!("{what} `{old}` is now called `{new}`")));
    let renamed = diff.statements_renamed.iter();
    lines.extend(renamed.map(|(kind, old, new)| format!("{kind} `{old}` is now called `{new}`")));
    let turned = |turned: &Turned| format!("{} → {}", turned.old, turned.new);
    let lifecycle = all.lifecycle.iter().map(|(model, states)| (model, turned(states)));
    lines.extend(merged("lifecycle", lifecycle));
    let prices = all.price_changes.iter().map(|(model, input, output)| {
        let part = |word: &str, turned: &Turned| {
            (turned.old != turned.new).then(|| format!("{word} {} → {}", turned.old, turned.new))
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
    let dpa = all.dpa.iter().map(|(model, status, renews)| {
        let status = (status.old != status.new).then(|| turned(status));
        let renews = renews.as_ref().map(|days| format!("renews {}", turned(days)));
        (model, [status, renews].into_iter().flatten().collect::<Vec<String>>().join(", "))
    });
    lines.extend(merged("agreement", dpa));
    lines.extend(merged("evidence", all.evidence.iter().map(|(model, change)| (model, moved(change)))));
    lines.extend(merged("approvals", all.approvals.iter().map(|(model, change)| (model, moved(change)))));
    lines
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
    groups.into_iter().map(|(change, models)| format!("{what} of {}: {change}", list(&models))).collect()
}

fn moved(moved: &Moved) -> String {
    let names = |word: &str, names: &[String]| (!names.is_empty()).then(|| format!("{word} {}", list(names)));
    let renewed = moved.renewed.iter().map(|(name, old, new)| format!("`{name}` renewed {old} → {new}"));
    let parts = [names("gained", &moved.gained), names("lost", &moved.lost)].into_iter().flatten();
    parts.chain(renewed).collect::<Vec<String>>().join(", ")
}
