//! The JSON of `genai-prices`: prices per 1M tokens with their history, and rules for what else a model is called.

use serde_json::{Map, Value};

use super::read::{day, decimal, is, tokens};
use super::{Entry, Price};
use crate::limits::MAX_CATALOGUE_RULES;
use crate::number::{Rational, whole};
use crate::registry::{Date, LongPrompt};

/// A rule for names, all in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Match {
    Equals(String),
    StartsWith(String),
    EndsWith(String),
    Contains(String),
    Any(Vec<Match>),
    All(Vec<Match>),
}

impl Match {
    /// Whether the rule names it in full; the beginning of a name is that of other models too.
    pub(super) fn names(&self, name: &str) -> bool {
        match self {
            Self::Equals(text) => name == text,
            Self::StartsWith(_) | Self::EndsWith(_) | Self::Contains(_) => false,
            Self::Any(rules) => rules.iter().any(|rule| rule.names(name)),
            Self::All(rules) => rules.iter().any(|rule| rule.names(name)) && self.holds(name),
        }
    }

    /// Whether the rule takes in the id of its model with a day or `latest` behind it.
    pub(super) fn dates(&self, id: &str, name: &str) -> bool {
        let behind = name.strip_prefix(&id.to_lowercase()).and_then(|rest| rest.strip_prefix(['-', '@']));
        behind.is_some_and(|behind| behind == "latest" || is_day(behind)) && self.holds(name)
    }

    fn holds(&self, name: &str) -> bool {
        match self {
            Self::Equals(text) => name == text,
            Self::StartsWith(text) => name.starts_with(text),
            Self::EndsWith(text) => name.ends_with(text),
            Self::Contains(text) => name.contains(text),
            Self::Any(rules) => rules.iter().any(|rule| rule.holds(name)),
            Self::All(rules) => rules.iter().all(|rule| rule.holds(name)),
        }
    }

    fn read(value: &Value, depth: usize) -> Option<Self> {
        let (kind, what) = value.as_object().filter(|map| map.len() == 1)?.iter().next()?;
        let text = || what.as_str().map(str::to_lowercase);
        let several = || {
            let rules = what.as_array().filter(|_| depth < MAX_CATALOGUE_RULES)?;
            rules.iter().map(|rule| Self::read(rule, depth + 1)).collect::<Option<Vec<Self>>>()
        };
        match kind.as_str() {
            "equals" => text().map(Self::Equals),
            "starts_with" => text().map(Self::StartsWith),
            "ends_with" => text().map(Self::EndsWith),
            "contains" => text().map(Self::Contains),
            "or" => several().map(Self::Any),
            "and" => several().map(Self::All),
            _ => None,
        }
    }
}

/// Whether a text is a day as vendors put it behind a name: `20260401` or `2026-04-01`.
fn is_day(text: &str) -> bool {
    let with_dashes = text.split('-').map(str::len).eq([4, 2, 2]);
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let is_date = (with_dashes || !text.contains('-')) && digits.len() == 8;
    let parts = digits.get(..4).zip(digits.get(4..6)).zip(digits.get(6..8));
    is_date
        && parts.is_some_and(|((year, month), day)| format!("{year}-{month}-{day}").parse::<Date>().is_ok())
}

/// The entries with the prices of a day, if this is such a file.
pub(super) fn read(json: &Value, on: Date) -> Option<Vec<Entry>> {
    let providers = json.as_array().or_else(|| json.get("providers")?.as_array())?;
    let mut entries = Vec::new();
    for provider in providers {
        let name = provider.get("id")?.as_str()?;
        let models = provider.get("models")?.as_array()?.iter().filter_map(Value::as_object);
        entries.extend(models.filter_map(|model| entry(name, model, on)));
    }
    (!entries.is_empty()).then_some(entries)
}

fn entry(provider: &str, model: &Map<String, Value>, on: Date) -> Option<Entry> {
    let listed = model.get("prices").and_then(|prices| of_day(prices, on));
    Some(Entry {
        provider: provider.to_owned(),
        model: model.get("id")?.as_str()?.to_owned(),
        beside: listed.map(beside).unwrap_or_default(),
        price: listed.map_or_else(|| Err("the catalogue has no price for it on that day".to_owned()), prices),
        context_window: tokens(model, "context_window"),
        is_deprecated: is(model, "deprecated"),
        matches: model.get("match").and_then(|rule| Match::read(rule, 0)),
        ..Entry::unknown()
    })
}

/// Of several prices the last one that has begun; those of some hours of the day are left out.
fn of_day(prices: &Value, on: Date) -> Option<&Map<String, Value>> {
    let Some(several) = prices.as_array() else { return prices.as_object() };
    let holds = |price: &&Value| match price.get("constraint").and_then(Value::as_object) {
        None => true,
        Some(constraint) => day(constraint, "start_date").is_some_and(|start| start <= on),
    };
    several.iter().rev().find(holds)?.get("prices")?.as_object()
}

fn prices(prices: &Map<String, Value>) -> Result<Price, String> {
    let base = |key: &str| {
        let value = prices.get(key)?;
        decimal(value.get("base").unwrap_or(value))
    };
    let other = prices.keys().find(|unit| unit.starts_with("output_") && *unit != "output_mtok");
    let (input, output) = match (base("input_mtok"), base("output_mtok"), other) {
        (Some(input), Some(output), _) => (input, output),
        // What only reads, as models that embed do, has no price of answers.
        (Some(input), None, None) => (input, whole(0)),
        (_, _, other) => {
            let unit = other.or_else(|| prices.keys().next()).map_or("nothing", String::as_str);
            return Err(format!("it is priced by `{unit}`, not per token"));
        }
    };
    if prices.get("requests_kcount").is_some() {
        return Err("it is priced by `requests_kcount` too, not only per token".to_owned());
    }
    Ok(Price {
        cached_input: base("cache_read_mtok"),
        long_prompt: long_prompt(prices, &output),
        batch_discount: None,
        input,
        output,
    })
}

/// What of its price a registry cannot state: other units, further steps.
fn beside(prices: &Map<String, Value>) -> Vec<String> {
    const STATED: [&str; 4] = ["input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok"];
    let steps = |price: &Value| price.get("tiers").and_then(Value::as_array).is_some_and(|all| all.len() > 1);
    let is_one = |(unit, price): &(&String, &Value)| !STATED.contains(&unit.as_str()) || steps(price);
    prices.iter().filter(is_one).map(|(unit, _)| unit.clone()).collect()
}

/// The first step of the input's price, and what the others cost from there.
fn long_prompt(prices: &Map<String, Value>, output: &Rational) -> Option<LongPrompt> {
    let tier = |key: &str| prices.get(key)?.get("tiers")?.as_array()?.first()?.as_object();
    let of = |key: &str| decimal(tier(key)?.get("price")?);
    Some(LongPrompt {
        above_tokens: tokens(tier("input_mtok")?, "start")?,
        input: of("input_mtok")?,
        output: of("output_mtok").unwrap_or_else(|| output.clone()),
        cached_input: of("cache_read_mtok"),
    })
}
