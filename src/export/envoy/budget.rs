//! Budgets, counted by a rate limit service: each share at which a budget acts is a limit of its own.
//!
//! Before an attempt the service is asked whether a share is spent, which counts nothing; when the answer is through,
//! what it cost is added. Limits are whole units of a power of ten of a dollar, the finest with which all of them can
//! be written. What neither blocks nor queues is counted all the same, so that a metric of the service can warn.

use num_traits::ToPrimitive;
use serde_json::{Value, json};

use super::Plan;
use super::apart::{apart_value, selects};
use super::parts::{header, lua, lua_text};
use super::quota::generic;
use super::service::{Counted, Kind, safe};
use crate::number::{self, Rational};
use crate::table::format::{Budget, BudgetAt, Model, UseCase};

const JSON: &str = include_str!("json.lua");
const SPEND: &str = include_str!("spend.lua");

/// The periods that the service knows. A month is 30 days and a year 365, counted from 1970.
const PERIODS: [&str; 4] = ["day", "week", "month", "year"];

/// The budgets that are counted, with their numbers.
pub(super) fn counted<'a>(plan: &'a Plan) -> impl Iterator<Item = (usize, &'a Budget)> {
    let all = plan.options.rate_limit_service.as_ref().map(|_| plan.table.budgets.iter().enumerate());
    all.into_iter().flatten().filter(|(_, budget)| PERIODS.contains(&budget.period.as_str()))
}

/// Whether a budget is counted for a period that the service knows.
pub(super) fn has_period(budget: &Budget) -> bool {
    PERIODS.contains(&budget.period.as_str())
}

/// Whether it does anything but what the proxy can do.
pub(super) fn only_stops(budget: &Budget) -> bool {
    budget.at.iter().all(|at| kind(at).is_some())
}

fn kind(at: &BudgetAt) -> Option<Kind> {
    match at.action.as_str() {
        "block" => Some(Kind::BudgetBlock),
        "queue" => Some(Kind::BudgetQueue),
        _ => None,
    }
}

/// Whether spending on a model counts.
fn covers(budget: &Budget, model: &Model) -> bool {
    budget.on.is_empty() || budget.on.iter().any(|on| selects(on, model))
}

/// Whether some budget has to be asked before a model is.
pub(super) fn guards(plan: &Plan, model: &Model) -> bool {
    counted(plan).any(|(_, budget)| covers(budget, model))
}

/// The header in which a cell says that a budget covers it, with the value that it counts apart.
fn applies(number: usize) -> String {
    format!("x-decide-spend-{number}")
}

/// Every header that budgets need: no provider sees it.
pub(super) fn own_headers(plan: &Plan) -> impl Iterator<Item = String> {
    (0..plan.table.budgets.len()).map(applies)
}

/// The headers in which the route of a cell tells gates and hops which budgets cover it.
pub(super) fn route_headers(plan: &Plan, use_case: &UseCase, budgets: &[usize]) -> Vec<Value> {
    let of = |(number, budget): (usize, &Budget)| {
        let value = || apart_value(plan, use_case, budget.per.as_deref());
        budgets.contains(&number).then(|| header(&applies(number), &value()))
    };
    counted(plan).filter_map(of).collect()
}

/// What a share is called in the service.
fn key(budget: &Budget, at: &BudgetAt) -> String {
    format!("{}/{}", safe(&budget.name), safe(at.used.trim_end_matches('%')))
}

/// What a budget counts apart where a model is asked: known there, or stated by the cell.
fn apart_at(budget: &Budget, model: &Model) -> Option<String> {
    match budget.per.as_deref() {
        Some("provider") => Some(model.provider.clone()),
        Some("model") => Some(model.id.clone()),
        _ => None,
    }
}

/// What is asked before an attempt: whether a share is spent.
pub(super) fn checks(plan: &Plan) -> Vec<(Kind, Value)> {
    let mut all = Vec::new();
    for (number, budget) in counted(plan) {
        for (at, kind) in budget.at.iter().filter_map(|at| Some((at, kind(at)?))) {
            for model in plan.table.models.iter().filter(|model| covers(budget, model)) {
                let here = json!({"header_value_match": {"descriptor_key": "budget", "descriptor_value": key(budget, at),
                    "headers": [{"name": "x-decide-model", "string_match": {"exact": model.id}},
                                {"name": applies(number), "present_match": true}]}});
                let apart = apart_at(budget, model).map_or_else(
                    || json!({"request_headers": {"header_name": applies(number), "descriptor_key": "per-0"}}),
                    |value| generic("per-0", &value),
                );
                // What is reached before anything is spent lies below all that the service counts.
                let asked = u8::from(units(budget, at) == 0);
                all.push((kind, json!({"actions": [here, apart], "hits_addend": {"number": asked}})));
            }
        }
    }
    all
}

/// What is added when the answer of a hop is through.
pub(super) fn spending(plan: &Plan, model: &Model) -> Vec<Value> {
    let mut all = Vec::new();
    for (number, budget) in counted(plan).filter(|(_, budget)| covers(budget, model)) {
        for at in &budget.at {
            let apart = json!({"metadata": {"descriptor_key": "per-0", "source": "DYNAMIC",
                "metadata_key": {"key": "govctl", "path": [{"key": format!("spent-{number}")}]}}});
            let cost = format!("%DYNAMIC_METADATA(govctl:cost-{})%", digits(budget));
            all.push(
                json!({"actions": [generic("budget", &key(budget, at)), apart], "apply_on_stream_done": true,
                            "hits_addend": {"format": cost}}),
            );
        }
    }
    all
}

/// The script of a hop that says what its answer cost; none where no budget counts it.
pub(super) fn script(plan: &Plan, model: &Model) -> Option<Value> {
    let mine: Vec<(usize, &Budget)> = counted(plan).filter(|(_, budget)| covers(budget, model)).collect();
    if mine.is_empty() {
        return None;
    }
    let spends = mine.iter().map(|(number, budget)| {
        let apart = apart_at(budget, model).map_or_else(|| "nil".to_owned(), |value| lua_text(&value));
        format!("{{header = {}, key = \"spent-{number}\", apart = {apart}}}", lua_text(&applies(*number)))
    });
    let mut used: Vec<u32> = mine.iter().map(|(_, budget)| digits(budget)).collect();
    used.sort_unstable();
    used.dedup();
    let used = used.iter().map(u32::to_string).collect::<Vec<String>>().join(", ");
    let prices =
        prices(&model.input_usd_per_1m, &model.output_usd_per_1m, model.cached_input_usd_per_1m.as_deref());
    let long = model.long_prompt.as_ref().map_or_else(
        || "nil".to_owned(),
        |long| {
            let prices = self::prices(
                &long.input_usd_per_1m,
                &long.output_usd_per_1m,
                long.cached_input_usd_per_1m.as_deref(),
            );
            format!("{{above = {}, {prices}}}", long.above_tokens)
        },
    );
    let data = format!(
        "local SPENDS, DIGITS = {{{}}}, {{{used}}}\nlocal PRICES, LONG = {{{prices}}}, {long}\n",
        spends.collect::<Vec<String>>().join(", ")
    );
    Some(lua("spend", &format!("{JSON}{data}{SPEND}")))
}

fn prices(input: &str, output: &str, cached: Option<&str>) -> String {
    let price = |text: &str| {
        number::parse_decimal(text).map_or_else(|| "0".to_owned(), |price| number::exact(&price))
    };
    let cached = cached.map_or_else(|| "nil".to_owned(), price);
    format!("input = {}, output = {}, cached = {cached}", price(input), price(output))
}

/// The limits of the service, one for each share.
pub(super) fn limits(plan: &Plan) -> Vec<Counted> {
    let of = |(_, budget): (usize, &Budget)| {
        let each = budget.at.iter().map(|at| Counted {
            kind: "budget",
            value: key(budget, at),
            values: 1,
            most: most(budget, at),
            unit: PERIODS.into_iter().find(|period| *period == budget.period).unwrap_or("year"),
            silent: kind(at).is_none(),
        });
        each.collect::<Vec<Counted>>()
    };
    counted(plan).flat_map(of).collect()
}

fn dollars(budget: &Budget) -> Rational {
    number::parse_decimal(&budget.limit_usd).unwrap_or_else(|| number::whole(0))
}

/// How many digits after the point of a dollar a budget is counted in: the limit must fit into 32 bits.
fn digits(budget: &Budget) -> u32 {
    let fits = |digits: &u32| {
        dollars(budget) * number::whole(10_u64.pow(*digits)) <= number::whole(u64::from(u32::MAX))
    };
    (0..=6).rev().find(fits).unwrap_or(0)
}

/// How much is spent where the share is reached, in units.
fn units(budget: &Budget, at: &BudgetAt) -> u32 {
    let share = number::parse_decimal(at.used.trim_end_matches('%')).unwrap_or_else(|| number::whole(100));
    let units = dollars(budget) * number::whole(10_u64.pow(digits(budget))) * share / number::whole(100);
    units.ceil().to_integer().to_u32().unwrap_or(u32::MAX)
}

/// The most that may be spent with the share not yet reached. The service acts above a limit, a budget at it.
fn most(budget: &Budget, at: &BudgetAt) -> u32 {
    units(budget, at).saturating_sub(1)
}
