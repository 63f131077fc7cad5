//! `diff --format json`, as docs/cli.md has it.

mod portfolio;

use serde::Serialize;

use super::causes::{self, How};
use super::change::{Detail, Example};
use super::kind::Kind;
use super::money::{self, Money};
use super::{Change, Diff, Named, Origin};
use crate::accepted::Entry;
use crate::model::Trigger;
use crate::number;
use crate::render::json::{Finding, Pairs, finding, to_text};
use crate::table::format::AxisName;
use portfolio::Portfolio;

#[derive(Serialize)]
struct Report<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gate: Vec<Gate<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    later: Vec<Later<'a>>,
    changes: Vec<Item<'a>>,
    findings: Findings<'a>,
    latent: Vec<Latent<'a>>,
    budgets: Vec<Budget<'a>>,
    obligations: Vec<Obligation<'a>>,
    portfolio: Portfolio<'a>,
    renamed: Vec<Renamed<'a>>,
    summary: Summary<'a>,
}

#[derive(Serialize)]
struct Gate<'a> {
    text: &'a str,
    loosened: bool,
}

/// A part of the gate that is looser from a later day on.
#[derive(Serialize)]
struct Later<'a> {
    from: String,
    text: &'a str,
    loosened: bool,
}

#[derive(Serialize)]
struct Item<'a> {
    use_case: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    renamed_from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_as: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<&'a str>,
    kind: Vec<&'static str>,
    contexts: usize,
    example: Shown<'a>,
    monthly_cost: Amounts,
    worst_monthly_cost: Amounts,
    #[serde(skip_serializing_if = "Option::is_none")]
    monthly_cost_moved_by: Option<Parts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spent: Option<Spent<'a>>,
    causes: Vec<Cause<'a>>,
    details: Vec<One<'a>>,
    gained: Vec<String>,
    lost: Vec<String>,
    obligations: Vec<&'a str>,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<Acceptance<'a>>,
}

/// What it really cost.
#[derive(Serialize)]
struct Spent<'a> {
    month: &'a str,
    usd: String,
    would_have_been: Option<String>,
}

/// Who accepted something, why and how long.
#[derive(Serialize)]
struct Acceptance<'a> {
    owner: &'a str,
    reason: &'a str,
    until: String,
}

#[derive(Serialize)]
struct One<'a> {
    kind: &'static str,
    contexts: usize,
    example: Shown<'a>,
    causes: Vec<Cause<'a>>,
}

/// What makes a change, or has a part in it.
#[derive(Serialize)]
struct Cause<'a> {
    file: Option<&'a str>,
    line: Option<u32>,
    what: &'a str,
    change: &'a str,
    together: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    perhaps: bool,
    kind: Vec<&'static str>,
}

/// Dollars with two decimals that the difference of two costs consists of.
#[derive(Serialize)]
struct Parts {
    volume: String,
    price: String,
    route: String,
}

#[derive(Serialize)]
struct Findings<'a> {
    new: Vec<Finding<'a>>,
    gone: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Latent<'a> {
    file: &'a str,
    line: u32,
    what: &'a str,
    change: &'a str,
    text: &'a str,
    fingerprint: String,
}

#[derive(Serialize)]
struct Budget<'a> {
    name: &'a str,
    limit: Amounts,
    period: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_period: Option<&'a str>,
    forecast: Amounts,
    worst: Amounts,
    differs: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<Acceptance<'a>>,
}

#[derive(Serialize)]
struct Obligation<'a> {
    what: String,
    change: &'static str,
    differs: &'a [String],
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<Acceptance<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    context: Pairs<'a, AxisName<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<&'static str>,
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

fn gate(diff: &Diff) -> Vec<Gate<'_>> {
    let today = diff.gate.iter().filter(|moved| moved.from.is_none());
    today.map(|moved| Gate { text: &moved.text, loosened: moved.loosened }).collect()
}

fn later(diff: &Diff) -> Vec<Later<'_>> {
    let later = diff.gate.iter().filter_map(|moved| {
        Some(Later { from: moved.from?.to_string(), text: &moved.text, loosened: moved.loosened })
    });
    later.collect()
}

/// The report, one line feed at the end.
pub fn render(diff: &Diff, findings: &super::findings::Findings) -> String {
    let (monthly_cost, worst_monthly_cost) = amounts(&diff.spend.total);
    let (monthly_cost, worst_monthly_cost) = (sum(monthly_cost), sum(worst_monthly_cost));
    let report = Report {
        gate: gate(diff),
        later: later(diff),
        changes: diff.changes.iter().filter_map(item).collect(),
        findings: Findings { new: found(&findings.new), gone: found(&findings.gone) },
        latent: diff.latent.iter().map(latent).collect(),
        budgets: diff.statements.budgets.iter().map(budget).collect(),
        obligations: diff.statements.duties.iter().map(obligation).collect(),
        portfolio: portfolio::of(diff),
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
    let text = |amount: &Option<_>| amount.as_ref().map(number::dollars);
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
        asked_as: change.asked_as.as_deref(),
        owner: change.owner.as_deref(),
        team: change.team.as_deref(),
        kind: change.kinds().iter().map(Kind::name).collect(),
        contexts: change.compared.changed,
        example: shown(&change.worst()?.example),
        monthly_cost,
        worst_monthly_cost,
        monthly_cost_moved_by: change.parts.as_ref().map(parts),
        spent: change.spent.as_ref().map(spent),
        causes: change.causes.iter().map(|one| cause(one, one.surest(), &kinds_of(one))).collect(),
        details: change.compared.details.iter().map(|detail| one(change, detail)).collect(),
        gained: change.compared.gained.words(),
        lost: change.compared.lost.words(),
        obligations: change.compared.duties.iter().map(String::as_str).collect(),
        fingerprint: &change.fingerprint,
        accepted: change.accepted.as_ref().map(acceptance),
    })
}

fn spent(spent: &money::Spent) -> Spent<'_> {
    Spent {
        month: &spent.month,
        usd: number::dollars(&spent.usd),
        would_have_been: spent.would_have_been.as_ref().map(number::dollars),
    }
}

fn one<'a>(change: &'a Change, detail: &'a Detail) -> One<'a> {
    let causes = change.causes.iter();
    let causes = causes.filter_map(|one| Some(cause(one, one.how(detail.kind)?, &[detail.kind])));
    One {
        kind: detail.kind.name(),
        contexts: detail.contexts,
        example: shown(&detail.example),
        causes: causes.collect(),
    }
}

/// The kinds that a cause makes, in the order in which a change lists them.
fn kinds_of(cause: &causes::Cause) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|kind| cause.how(*kind).is_some()).collect()
}

fn cause<'a>(cause: &'a causes::Cause, how: How, kinds: &[Kind]) -> Cause<'a> {
    Cause {
        file: cause.place.as_ref().map(|place| place.file.as_str()),
        line: cause.place.as_ref().map(|place| place.line),
        what: &cause.what,
        change: &cause.change,
        together: how == How::Together,
        perhaps: how == How::Perhaps,
        kind: kinds.iter().map(|kind| kind.name()).collect(),
    }
}

fn parts(parts: &money::Parts) -> Parts {
    let [volume, price, route] = [&parts.volume, &parts.price, &parts.route].map(number::dollars);
    Parts { volume, price, route }
}

fn acceptance(entry: &Entry) -> Acceptance<'_> {
    Acceptance { owner: &entry.owner, reason: &entry.reason, until: entry.until.to_string() }
}

fn found<'a>(all: &[super::findings::Found<'a>]) -> Vec<Finding<'a>> {
    all.iter().map(|found| finding(found.sources, found.finding)).collect()
}

fn latent(latent: &super::latent::Latent) -> Latent<'_> {
    Latent {
        file: &latent.place.file,
        line: latent.place.line,
        what: &latent.what,
        change: &latent.change,
        text: &latent.text,
        fingerprint: latent.fingerprint(),
    }
}

fn budget(budget: &super::statements::BudgetChange) -> Budget<'_> {
    Budget {
        name: &budget.name,
        limit: pair(&budget.limit),
        period: &budget.period,
        old_period: budget.old_period.as_deref(),
        forecast: pair(&budget.forecast),
        worst: pair(&budget.worst),
        differs: &budget.differs,
        fingerprint: budget.is_edited.then(|| budget.fingerprint()),
        accepted: budget.accepted.as_ref().map(acceptance),
    }
}

fn obligation(duty: &super::statements::DutyChange) -> Obligation<'_> {
    Obligation {
        what: format!("{} {}", duty.kind, duty.name),
        change: duty.change,
        differs: &duty.differs,
        fingerprint: duty.fingerprint(),
        accepted: duty.accepted.as_ref().map(acceptance),
    }
}

fn shown(example: &Example) -> Shown<'_> {
    let on = example.on.map(Trigger::name);
    Shown { context: Pairs(&example.context), on, old: &example.old, new: &example.new }
}
