//! A comparison in words that a person and a pull request read alike.

use super::causes::{Cause, How};
use super::change::{Detail, Example};
use super::kind::Kind;
use super::money::{Money, Pair, dollars};
use super::portfolio::{Days, Moved, Portfolio, Turned};
use super::{Change, Diff, Named, Origin};
use crate::model::words::{count, list, some};
use crate::number::{Rational, fixed_half_even, parse_decimal, round_half_even, whole};

/// The most models that a line about the portfolio names.
const MOST_MODELS: usize = 12;

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
    let (old, new) = (&diff.old, &diff.new);
    if old.as_of == new.as_of {
        format!("from {} to {}, both on {}", side(old), side(new), new.as_of)
    } else {
        format!("from {} on {} to {} on {}", side(old), old.as_of, side(new), new.as_of)
    }
}

/// What kind of side it is, its name, and of a revision the commit.
fn side(side: &Named) -> String {
    let commit = match &side.origin {
        Origin::Commit(id) => format!(" (commit {id})"),
        Origin::Folder | Origin::Table => String::new(),
    };
    format!("{} `{}`{commit}", side.origin.kind(), side.label)
}

/// Whom a change concerns: the owner and the team of its use case.
pub fn concerned(change: &Change) -> Option<String> {
    let owner = change.owner.as_ref().map(|owner| format!("owned by `{owner}`"));
    let team = change.team.as_ref().map(|team| format!("team `{team}`"));
    let parts: Vec<String> = owner.into_iter().chain(team).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
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

/// `widened, primary in 2 contexts; cost in 4; for example by default`.
pub fn extent(details: &[&Detail], example: &Example) -> String {
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
    let extent = groups.collect::<Vec<String>>().join("; ");
    // A single context is no example, it is all there is.
    let only = details.iter().all(|detail| detail.contexts == 1);
    let such_as = if only { "," } else { "; for example" };
    format!("{extent}{such_as} {}", context(example))
}

/// The context of an example, as far as it is not the usual one.
fn context(example: &Example) -> String {
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

/// What makes some kinds of a change: one thing, or several together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason<'a> {
    /// The things, several only where they are needed together.
    pub causes: Vec<&'a Cause>,
    /// How they make the kinds.
    pub how: How,
    /// Which kinds, what to be feared most first; none where they are all of the change.
    pub kinds: Vec<Kind>,
}

impl Reason<'_> {
    /// The words before its things.
    pub fn because(&self) -> &'static str {
        match self.how {
            How::Alone => "because",
            How::Together => "because together",
            How::Perhaps => "perhaps because",
        }
    }

    /// The kinds, behind a colon; nothing where they are all.
    pub fn of(&self) -> String {
        if self.kinds.is_empty() { String::new() } else { format!(": {}", names(&self.kinds)) }
    }
}

/// Why a change happens, what makes the kind to be feared most first.
pub fn reasons(change: &Change) -> Vec<Reason<'_>> {
    let kinds = kinds(change);
    let mut reasons: Vec<Reason> = Vec::new();
    for kind in &kinds {
        let of_kind = change.causes.iter().filter_map(|cause| Some((cause, cause.how(*kind)?)));
        let (together, apart): (Vec<_>, Vec<_>) = of_kind.partition(|(_, how)| *how == How::Together);
        let apart = apart.into_iter().map(|(cause, how)| (vec![cause], how));
        let together: Vec<&Cause> = together.into_iter().map(|(cause, _)| cause).collect();
        let together = (!together.is_empty()).then_some((together, How::Together));
        for (causes, how) in apart.chain(together) {
            match reasons.iter_mut().find(|known| known.how == how && known.causes == causes) {
                Some(known) => known.kinds.push(*kind),
                None => reasons.push(Reason { causes, how, kinds: vec![*kind] }),
            }
        }
    }
    for reason in reasons.iter_mut().filter(|reason| reason.kinds.len() == kinds.len()) {
        reason.kinds.clear();
    }
    reasons
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
    let shown = |amount: &Option<Rational>| amount.as_ref().map_or("not known".to_owned(), dollars);
    let (old, new) = (shown(&pair.old), shown(&pair.new));
    // A table has prices to nine decimals: what is less than a cent is no difference.
    (old != new).then(|| format!("{old} → {new} usd a month{}", difference(pair)))
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

/// What a change costs, one line; that it costs nothing more is said where something is priced otherwise.
pub fn cost(change: &Change) -> Option<String> {
    let usual = &change.money.monthly;
    if let Some(old) = unserved(change) {
        return Some(format!("{} usd a month → nothing, for no model serves it by default", dollars(old)));
    }
    let same = usual.new.as_ref().filter(|_| change.kinds().has(Kind::Cost) && amounts(usual).is_none());
    let parts = same.map(as_before).into_iter().chain(money(&change.money));
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What a use case cost that no model serves by default any more.
fn unserved(change: &Change) -> Option<&Rational> {
    let (usual, kinds) = (&change.money.monthly, change.kinds());
    usual.old.as_ref().filter(|_| usual.new.is_none() && kinds.has(Kind::Unroutable))
}

fn as_before(amount: &Rational) -> String {
    format!("{} usd a month, as before", dollars(amount))
}

/// The line about everything's cost.
pub fn total(diff: &Diff) -> Option<String> {
    let spend = &diff.spend.total.monthly;
    let known = spend.new.as_ref().or(spend.old.as_ref())?;
    let none = spend.old.as_ref().is_none_or(|old| *old == whole(0)) && *known == whole(0);
    if none {
        return None;
    }
    let changes = money(&diff.spend.of_known());
    let unserved: Vec<&Rational> = diff.changes.iter().filter_map(unserved).collect();
    if let Some(changes) = changes.as_ref().filter(|_| !unserved.is_empty()) {
        let lost = unserved.iter().fold(whole(0), |sum, cost| sum + *cost);
        let whose = count(unserved.len(), "use case", "use cases");
        return Some(format!("{changes}; {} of it is no saving: no model serves {whose}", dollars(&lost)));
    }
    Some(changes.unwrap_or_else(|| as_before(known)))
}

/// A row of a table of spend: name, before, after, difference, share before, share after.
pub type Row = [String; 6];

/// Who spends how much, where anything differs; the largest first.
pub fn spend(by_name: &std::collections::BTreeMap<String, Pair>, total: &Money) -> Vec<Row> {
    if by_name.values().all(|pair| amounts(pair).is_none()) {
        return Vec::new();
    }
    let zero = whole(0);
    let amount = |amount: &Option<Rational>| amount.clone().unwrap_or_else(|| whole(0));
    let share = |part: &Rational, all: &Option<Rational>| match all {
        Some(all) if *all > zero => format!("{}%", fixed_half_even(&(part * whole(100) / all), 1)),
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
