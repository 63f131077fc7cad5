//! The registry's differences and who spends what, as JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Amounts, pair, sum};
use crate::diff::Diff;
use crate::diff::money;
use crate::diff::portfolio::{self, Moved, Repriced, Stated, Turned};

#[derive(Serialize)]
pub(super) struct Portfolio<'a> {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    cached_input_usd_per_1m: Option<Ends<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    long_prompt: Option<LongPrompt<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch_discount_percent: Option<Ends<'a>>,
}

/// What differs of the prices of long prompts.
#[derive(Serialize)]
struct LongPrompt<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    above_tokens: Option<Ends<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_usd_per_1m: Option<Ends<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_usd_per_1m: Option<Ends<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cached_input_usd_per_1m: Option<Ends<'a>>,
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

/// Days or amounts before and after; null: no end, or not stated.
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

/// The portfolio of a comparison.
pub(super) fn of(diff: &Diff) -> Portfolio<'_> {
    let all = &diff.portfolio;
    let prices = all.price_changes.iter().map(price);
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

fn price(one: &Repriced) -> Price<'_> {
    let long = &one.long_prompt;
    let differs = *long != portfolio::LongPrompt::default();
    Price {
        model: &one.model,
        input_usd_per_1m: both(&one.input),
        output_usd_per_1m: both(&one.output),
        cached_input_usd_per_1m: one.cached_input.as_ref().map(ends),
        long_prompt: differs.then(|| LongPrompt {
            above_tokens: long.above_tokens.as_ref().map(ends),
            input_usd_per_1m: long.input.as_ref().map(ends),
            output_usd_per_1m: long.output.as_ref().map(ends),
            cached_input_usd_per_1m: long.cached_input.as_ref().map(ends),
        }),
        batch_discount_percent: one.batch_discount.as_ref().map(ends),
    }
}

fn spend(by_name: &BTreeMap<String, money::Pair>) -> BTreeMap<&str, Amounts> {
    by_name.iter().map(|(name, amounts)| (name.as_str(), sum(pair(amounts)))).collect()
}

fn both(turned: &Turned) -> Both<'_> {
    Both { old: &turned.old, new: &turned.new }
}

fn ends(days: &Stated) -> Ends<'_> {
    Ends { old: days.old.as_deref(), new: days.new.as_deref() }
}

fn moved((model, moved): &(String, Moved)) -> Move<'_> {
    let renewed = moved.renewed.iter().map(|(name, days)| Renewal { name, days: ends(days) });
    Move { model, gained: &moved.gained, lost: &moved.lost, renewed: renewed.collect() }
}
