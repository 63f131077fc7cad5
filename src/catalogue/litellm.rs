//! `LiteLLM`'s `model_prices_and_context_window.json`: prices per token, keys that may begin with the provider.

use serde_json::{Map, Value};

use super::read::{capabilities, day, is, price, tokens};
use super::{Entry, Price};
use crate::number::{Rational, whole};
use crate::registry::LongPrompt;

/// Prices are stated per token.
const PER_1M: u64 = 1_000_000;

/// The entries, if this is such a file.
pub(super) fn read(json: &Value) -> Option<Vec<Entry>> {
    let models = json.as_object()?;
    let known = models.values().filter(|model| model.get("litellm_provider").is_some()).count();
    if known == 0 || known * 2 < models.len() {
        return None;
    }
    Some(
        models
            .iter()
            .filter(|(key, _)| *key != "sample_spec")
            .filter_map(|(key, model)| entry(key, model))
            .collect(),
    )
}

fn entry(key: &str, model: &Value) -> Option<Entry> {
    let model = model.as_object()?;
    let stated = model.get("litellm_provider")?.as_str()?;
    let provider = stated.split('-').next().filter(|first| *first == "vertex_ai").unwrap_or(stated);
    let provider = provider.strip_suffix("_converse").unwrap_or(provider);
    let id = key.strip_prefix(provider).and_then(|rest| rest.strip_prefix('/')).unwrap_or(key);
    let of = |name: &str| is(model, &format!("supports_{name}"));
    Some(Entry {
        provider: provider.to_owned(),
        model: id.to_owned(),
        price: prices(model),
        context_window: tokens(model, "max_input_tokens"),
        capabilities: capabilities(&[
            ("json-schema", of("response_schema")),
            ("tools", of("function_calling")),
            ("vision", of("vision")),
        ]),
        sunset: day(model, "deprecation_date"),
        beside: beside(model),
        listed_as: key.to_owned(),
        ..Entry::unknown()
    })
}

/// Whether an answer of it is text, or numbers made of text, which tokens measure.
fn is_of_tokens(model: &Map<String, Value>) -> bool {
    let mode = model.get("mode").and_then(Value::as_str);
    mode.is_none_or(|mode| ["chat", "completion", "responses", "embedding", "rerank"].contains(&mode))
}

/// Keys of prices above zero in other units than plain tokens of text.
fn other_units(model: &Map<String, Value>) -> impl Iterator<Item = &String> {
    let zero = whole(0);
    let output = price(model, "output_cost_per_token", 1);
    model.keys().filter(move |key| {
        let Some(unit) = key.split_once("put_cost_per_").map(|(_, unit)| unit) else { return false };
        // Of text, or of a way to be asked that a registry has no word for.
        let is_text = unit == "token" || unit.starts_with("token_") || unit.starts_with("character");
        // Tokens of thought are tokens of the answer, where they cost the same.
        let is_same = || unit == "reasoning_token" && price(model, key, 1) == output;
        !is_text && price(model, key, 1).is_some_and(|price| price > zero) && !is_same()
    })
}

/// The first key of a price above zero in a unit that is none of tokens.
fn foreign(model: &Map<String, Value>) -> Option<&String> {
    let zero = whole(0);
    let is_above = |value: &Value| super::read::decimal(value).is_some_and(|price| price > zero);
    let costs = model.iter().filter(|(key, _)| key.contains("cost_per_") && !key.contains("_token"));
    let mut costs = costs.filter(|(_, value)| {
        is_above(value) || value.as_object().is_some_and(|steps| steps.values().any(is_above))
    });
    costs.next().map(|(key, _)| key)
}

/// Why a model has no price, where it has none in another unit of input or output.
fn unpriced(model: &Map<String, Value>, has: (bool, bool)) -> String {
    if let Some(unit) = foreign(model) {
        return format!("it is priced by `{unit}`, not per token");
    }
    let listed = model.keys().find(|key| key.contains("cost_per_"));
    match (has.0, has.1, listed) {
        (true, false, _) => "it is listed with a price of input only".to_owned(),
        (false, true, _) => "it is listed with a price of output only".to_owned(),
        (_, _, Some(key)) => format!("it is listed with `{key}`, and without a plain price per token"),
        (_, _, None) => "the catalogue has no price for it".to_owned(),
    }
}

/// What of its price a registry cannot state.
fn beside(model: &Map<String, Value>) -> Vec<String> {
    let mut found: Vec<String> = other_units(model).cloned().collect();
    let mut steps: Vec<u64> = model.keys().filter_map(|key| step(key)).collect();
    steps.sort_unstable();
    found.extend(steps.iter().skip(1).map(|step| format!("input_cost_per_token_above_{step}k_tokens")));
    if tiers(model).is_some_and(|tiers| tiers.len() > 2) {
        found.push("tiered_pricing".to_owned());
    }
    found
}

/// Prices by ranges of tokens, the first of which begins at none: the shortest prompts first.
fn tiers(model: &Map<String, Value>) -> Option<Vec<&Map<String, Value>>> {
    let tiers = model.get("tiered_pricing")?.as_array()?;
    let mut tiers: Vec<(u64, &Map<String, Value>)> = tiers
        .iter()
        .map(|tier| {
            let tier = tier.as_object()?;
            let from = tier.get("range")?.as_array()?.first()?;
            Some((crate::number::to_whole(&super::read::decimal(from)?)?, tier))
        })
        .collect::<Option<_>>()?;
    tiers.sort_by_key(|(from, _)| *from);
    (tiers.first()?.0 == 0).then(|| tiers.into_iter().map(|(_, tier)| tier).collect())
}

/// The price of ranges of tokens: the first, and the second as that of long prompts.
fn tiered(model: &Map<String, Value>) -> Option<Price> {
    let tiers = tiers(model)?;
    let of = |tier: &Map<String, Value>, key: &str| price(tier, key, PER_1M);
    let (first, second) = (*tiers.first()?, tiers.get(1).copied());
    let long = |tier: &Map<String, Value>| {
        Some(LongPrompt {
            above_tokens: crate::number::to_whole(&super::read::decimal(
                tier.get("range")?.as_array()?.first()?,
            )?)?,
            input: of(tier, "input_cost_per_token")?,
            output: of(tier, "output_cost_per_token")?,
            cached_input: of(tier, "cache_read_input_token_cost"),
        })
    };
    Some(Price {
        input: of(first, "input_cost_per_token")?,
        output: of(first, "output_cost_per_token")?,
        cached_input: of(first, "cache_read_input_token_cost"),
        long_prompt: second.and_then(long),
        batch_discount: None,
    })
}

fn prices(model: &Map<String, Value>) -> Result<Price, String> {
    let of = |key: &str| price(model, key, PER_1M);
    let input = of("input_cost_per_token");
    let embeds = model.get("mode").and_then(Value::as_str) == Some("embedding");
    let output = of("output_cost_per_token").or_else(|| embeds.then(|| whole(0)));
    let per_request = other_units(model).find(|key| key.ends_with("_cost_per_request"));
    let unit = other_units(model).next().filter(|_| !is_of_tokens(model)).or(per_request);
    let has = (input.is_some(), output.is_some());
    let (Some(input), Some(output)) = (input, output) else {
        if let Some(price) = tiered(model).filter(|_| unit.is_none()) {
            return Ok(price);
        }
        let below = ["input_cost_per_token", "output_cost_per_token"]
            .into_iter()
            .find(|key| model.get(*key).and_then(super::read::decimal).is_some_and(|price| price < whole(0)));
        return Err(match (below, unit.or_else(|| other_units(model).next())) {
            (Some(key), _) => format!("its `{key}` is below zero"),
            (None, Some(unit)) => format!("it is priced by `{unit}`, not per token"),
            (None, None) if model.contains_key("tiered_pricing") => {
                "the ranges of its `tiered_pricing` do not begin at 0 tokens".to_owned()
            }
            (None, None) => unpriced(model, has),
        });
    };
    if let Some(unit) = unit {
        return Err(format!("it is priced by `{unit}` too, not only per token"));
    }
    // A price of nothing beside a price in another unit is no price.
    let zero = whole(0);
    if let Some(unit) = foreign(model).filter(|_| input == zero && output == zero) {
        return Err(format!("it is priced by `{unit}`, not per token"));
    }
    let batch_discount = discount(&input, of("input_cost_per_token_batches")).filter(|off| {
        output == zero || discount(&output, of("output_cost_per_token_batches")).as_ref() == Some(off)
    });
    Ok(Price {
        cached_input: of("cache_read_input_token_cost"),
        long_prompt: long_prompt(model),
        batch_discount,
        input,
        output,
    })
}

/// What a configuration states of a model under the keys of this file, each on its own.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Per 1M tokens of input.
    pub input: Option<Rational>,
    /// Per 1M tokens of output.
    pub output: Option<Rational>,
    /// Per 1M tokens of input read from the provider's cache.
    pub cached_input: Option<Rational>,
    /// Of a request with a long prompt.
    pub long_prompt: Option<LongPrompt>,
    /// Percent off every price for what runs in batches.
    pub batch_discount: Option<Rational>,
    /// Tokens.
    pub context_window: Option<u64>,
    /// Capabilities, and whether it has them.
    pub capabilities: Vec<(&'static str, bool)>,
}

/// The capabilities that these files know, by their keys.
pub const CAPABILITIES: [(&str, &str); 3] = [
    ("supports_response_schema", "json-schema"),
    ("supports_function_calling", "tools"),
    ("supports_vision", "vision"),
];

impl Stated {
    /// Reads it from the keys of one model.
    pub fn read(model: &Map<String, Value>) -> Self {
        let of = |key: &str| price(model, key, PER_1M);
        let capability = |(key, name): &(&str, &'static str)| Some((*name, model.get(*key)?.as_bool()?));
        let priced = prices(model).ok();
        Self {
            input: of("input_cost_per_token"),
            output: of("output_cost_per_token").or_else(|| priced.as_ref().map(|price| price.output.clone())),
            cached_input: of("cache_read_input_token_cost"),
            long_prompt: long_prompt(model),
            batch_discount: priced.and_then(|price| price.batch_discount),
            context_window: tokens(model, "max_input_tokens"),
            capabilities: CAPABILITIES.iter().filter_map(capability).collect(),
        }
    }

    /// The same with what a catalogue says beside it. A price of its own is whole: nothing of another is mixed in.
    pub fn over(&self, entry: Option<&Entry>) -> Entry {
        let mut all = entry.cloned().unwrap_or_else(Entry::unknown);
        all.price = match (&self.input, &self.output, all.price) {
            (Some(input), Some(output), _) => Ok(Price {
                input: input.clone(),
                output: output.clone(),
                cached_input: self.cached_input.clone(),
                long_prompt: self.long_prompt.clone(),
                batch_discount: self.batch_discount.clone(),
            }),
            (input, output, Ok(listed)) => Ok(Price {
                input: input.clone().unwrap_or(listed.input),
                output: output.clone().unwrap_or(listed.output),
                cached_input: self.cached_input.clone().or(listed.cached_input),
                ..listed
            }),
            (_, _, unpriced) => unpriced,
        };
        all.context_window = self.context_window.or(all.context_window);
        all.capabilities.retain(|name| !self.capabilities.contains(&(*name, false)));
        let more = self.capabilities.iter().filter(|(_, has)| *has).map(|(name, _)| *name);
        all.capabilities.extend(more);
        all.capabilities.sort_unstable();
        all.capabilities.dedup();
        all
    }
}

/// Percent that one price is below another.
fn discount(price: &Rational, batch: Option<Rational>) -> Option<Rational> {
    let batch = batch?;
    (*price > whole(0) && batch <= *price).then(|| (whole(1) - batch / price) * whole(100))
}

/// The thousands of tokens beyond which a key is the price of input.
fn step(key: &str) -> Option<u64> {
    let thousands = key.strip_prefix("input_cost_per_token_above_")?.strip_suffix("k_tokens")?;
    thousands.parse::<u64>().ok()
}

/// The prices beyond a number of tokens; of several steps the first, which is dearer than none and never too dear for a
/// prompt between two.
fn long_prompt(model: &Map<String, Value>) -> Option<LongPrompt> {
    let thousands = model.keys().filter_map(|key| step(key)).min()?;
    let of = |key: &str| price(model, &format!("{key}_above_{thousands}k_tokens"), PER_1M);
    Some(LongPrompt {
        above_tokens: thousands.checked_mul(1000)?,
        input: of("input_cost_per_token")?,
        output: of("output_cost_per_token").or_else(|| price(model, "output_cost_per_token", PER_1M))?,
        cached_input: of("cache_read_input_token_cost"),
    })
}
