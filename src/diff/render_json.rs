//! `diff --format json`, as docs/cli.md has it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::change::{Detail, Example};
use super::kind::Kind;
use super::money::{self, Money};
use super::portfolio::{Days, Moved, Turned};
use super::{Change, Diff, Named, Origin};
use crate::render::json::{Pairs, to_text};

#[derive(Serialize)]
struct Report<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gate: Vec<Gate<'a>>,
    changes: Vec<Item<'a>>,
    portfolio: Portfolio<'a>,
    renamed: Vec<Renamed<'a>>,
    summary: Summary<'a>,
}

#[derive(Serialize)]
struct Gate<'a> {
    text: &'a str,
    loosened: bool,
}

#[derive(Serialize)]
struct Item<'a> {
    use_case: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    renamed_from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<&'a str>,
    kind: Vec<&'static str>,
    contexts: usize,
    example: Shown<'a>,
    monthly_cost: Amounts,
    worst_monthly_cost: Amounts,
    causes: Vec<String>,
    details: Vec<One<'a>>,
    gained: Vec<String>,
    lost: Vec<String>,
    obligations: Vec<&'a str>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct One<'a> {
    kind: &'static str,
    contexts: usize,
    example: Shown<'a>,
    causes: Vec<String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    context: Pairs<'a>,
    old: &'a [String],
    new: &'a [String],
}

/// Dollars with two decimals; null: not known.
#[derive(Serialize)]
struct Amounts {
    old: Option<String>,
    new: Option<String>,
}

#[derive(Serialize)]
struct Renamed<'a> {
    what: &'static str,
    old: &'a str,
    new: &'a str,
}

#[derive(Serialize)]
struct Portfolio<'a> {
    providers_added: &'a [String],
    providers_removed: &'a [String],
    models_added: &'a [String],
    models_removed: &'a [String],
    price_changes: Vec<Price<'a>>,
    lifecycle: Vec<Status<'a>>,
    compliance: Vec<Move<'a>>,
    dpa: Vec<Status<'a>>,
    evidence: Vec<Move<'a>>,
    approvals: Vec<Move<'a>>,
    spend_by_provider: BTreeMap<&'a str, Amounts>,
    spend_by_team: BTreeMap<&'a str, Amounts>,
}

#[derive(Serialize)]
struct Price<'a> {
    model: &'a str,
    input_usd_per_1m: Both<'a>,
    output_usd_per_1m: Both<'a>,
}

#[derive(Serialize)]
struct Both<'a> {
    old: &'a str,
    new: &'a str,
}

#[derive(Serialize)]
struct Status<'a> {
    model: &'a str,
    old: &'a str,
    new: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sunset: Option<Ends<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renews: Option<Ends<'a>>,
}

/// Days before and after; null: no end.
#[derive(Serialize)]
struct Ends<'a> {
    old: Option<&'a str>,
    new: Option<&'a str>,
}

#[derive(Serialize)]
struct Move<'a> {
    model: &'a str,
    gained: &'a [String],
    lost: &'a [String],
    renewed: Vec<Renewal<'a>>,
}

#[derive(Serialize)]
struct Renewal<'a> {
    name: &'a str,
    #[serde(flatten)]
    days: Ends<'a>,
}

#[derive(Serialize)]
struct Summary<'a> {
    old: Labelled<'a>,
    new: Labelled<'a>,
    use_cases: usize,
    contexts: usize,
    use_cases_changed: usize,
    widened: usize,
    narrowed: usize,
    not_compared: Vec<&'a str>,
    monthly_cost: Amounts,
    worst_monthly_cost: Amounts,
}

#[derive(Serialize)]
struct Labelled<'a> {
    source: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    as_of: &'a str,
}

fn labelled(side: &Named) -> Labelled<'_> {
    let commit = match &side.origin {
        Origin::Commit(id) => Some(id.as_str()),
        Origin::Folder | Origin::Table => None,
    };
    Labelled { source: &side.label, kind: side.origin.kind(), commit, as_of: &side.as_of }
}

/// The report, one line feed at the end.
pub fn render(diff: &Diff) -> String {
    let (monthly_cost, worst_monthly_cost) = amounts(&diff.spend.total);
    let (monthly_cost, worst_monthly_cost) = (sum(monthly_cost), sum(worst_monthly_cost));
    let report = Report {
        gate: diff.gate.iter().map(|moved| Gate { text: &moved.text, loosened: moved.loosened }).collect(),
        changes: diff.changes.iter().filter_map(item).collect(),
        portfolio: portfolio(diff),
        renamed: diff.renamed().map(|(what, old, new)| Renamed { what, old, new }).collect(),
        summary: Summary {
            old: labelled(&diff.old),
            new: labelled(&diff.new),
            use_cases: diff.use_cases,
            contexts: diff.contexts,
            use_cases_changed: diff.changes.len(),
            widened: diff.count(Kind::Widened),
            narrowed: diff.count(Kind::Narrowed),
            not_compared: diff.left_out.iter().map(|(name, _)| name.as_str()).collect(),
            monthly_cost,
            worst_monthly_cost,
        },
    };
    to_text(&report)
}

fn amounts(money: &Money) -> (Amounts, Amounts) {
    (pair(&money.monthly), pair(&money.worst))
}

fn pair(pair: &money::Pair) -> Amounts {
    let text = |amount: &Option<_>| amount.as_ref().map(money::dollars);
    Amounts { old: text(&pair.old), new: text(&pair.new) }
}

/// A sum of nothing is nothing.
fn sum(amounts: Amounts) -> Amounts {
    let zero = |amount: Option<String>| Some(amount.unwrap_or_else(|| "0.00".to_owned()));
    Amounts { old: zero(amounts.old), new: zero(amounts.new) }
}

fn item(change: &Change) -> Option<Item<'_>> {
    let (monthly_cost, worst_monthly_cost) = amounts(&change.money);
    Some(Item {
        use_case: &change.use_case,
        renamed_from: change.renamed_from.as_deref(),
        owner: change.owner.as_deref(),
        team: change.team.as_deref(),
        kind: change.kinds().iter().map(Kind::name).collect(),
        contexts: change.compared.changed,
        example: shown(&change.worst()?.example),
        monthly_cost,
        worst_monthly_cost,
        causes: change.causes.iter().map(|cause| cause.listed(cause.surest())).collect(),
        details: change.compared.details.iter().map(|detail| one(change, detail)).collect(),
        gained: change.compared.gained.words(),
        lost: change.compared.lost.words(),
        obligations: change.compared.duties.iter().map(String::as_str).collect(),
        fingerprint: &change.fingerprint,
    })
}

fn one<'a>(change: &'a Change, detail: &'a Detail) -> One<'a> {
    let causes = change.causes.iter();
    let causes = causes.filter_map(|cause| Some(cause.listed(cause.how(detail.kind)?)));
    One {
        kind: detail.kind.name(),
        contexts: detail.contexts,
        example: shown(&detail.example),
        causes: causes.collect(),
    }
}

fn shown(example: &Example) -> Shown<'_> {
    Shown { context: Pairs(&example.context), old: &example.old, new: &example.new }
}

fn portfolio(diff: &Diff) -> Portfolio<'_> {
    let all = &diff.portfolio;
    let prices = all.price_changes.iter().map(|(model, input, output)| Price {
        model,
        input_usd_per_1m: both(input),
        output_usd_per_1m: both(output),
    });
    let lifecycle = all.lifecycle.iter().map(|(model, turned, sunset)| {
        let sunset = sunset.as_ref().map(ends);
        Status { model, old: &turned.old, new: &turned.new, sunset, renews: None }
    });
    let dpa = all.dpa.iter().map(|(model, turned, renews)| {
        let renews = renews.as_ref().map(ends);
        Status { model, old: &turned.old, new: &turned.new, sunset: None, renews }
    });
    Portfolio {
        providers_added: &all.providers_added,
        providers_removed: &all.providers_removed,
        models_added: &all.models_added,
        models_removed: &all.models_removed,
        price_changes: prices.collect(),
        lifecycle: lifecycle.collect(),
        compliance: all.compliance.iter().map(moved).collect(),
        dpa: dpa.collect(),
        evidence: all.evidence.iter().map(moved).collect(),
        approvals: all.approvals.iter().map(moved).collect(),
        spend_by_provider: spend(&diff.spend.by_provider),
        spend_by_team: spend(&diff.spend.by_team),
    }
}

fn spend(by_name: &BTreeMap<String, money::Pair>) -> BTreeMap<&str, Amounts> {
    by_name.iter().map(|(name, amounts)| (name.as_str(), sum(pair(amounts)))).collect()
}

fn both(turned: &Turned) -> Both<'_> {
    Both { old: &turned.old, new: &turned.new }
}

fn ends(days: &Days) -> Ends<'_> {
    Ends { old: days.old.as_deref(), new: days.new.as_deref() }
}

fn moved((model, moved): &(String, Moved)) -> Move<'_> {
    let renewed = moved.renewed.iter().map(|(name, days)| Renewal { name, days: ends(days) });
    Move { model, gained: &moved.gained, lost: &moved.lost, renewed: renewed.collect() }
}
