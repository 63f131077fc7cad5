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
        is_deprecated: false,
        matches: None,
    })
}

fn prices(model: &Map<String, Value>) -> Result<Price, String> {
    let of = |key: &str| price(model, key, PER_1M);
    let input = of("input_cost_per_token");
    let embeds = model.get("mode").and_then(Value::as_str) == Some("embedding");
    let output = of("output_cost_per_token").or_else(|| embeds.then(|| whole(0)));
    let (Some(input), Some(output)) = (input, output) else {
        let other = model.keys().find(|key| key.contains("_cost_per_") || key.contains("cost_per_"));
        return Err(other.map_or_else(
            || "the catalogue has no price for it".to_owned(),
            |unit| format!("it is priced by `{unit}`, not per token"),
        ));
    };
    // A price of nothing beside a price in another unit is no price.
    let zero = whole(0);
    let other = model.keys().find(|key| {
        (key.starts_with("input_cost_per_") || key.starts_with("output_cost_per_"))
            && !key.contains("_token")
            && of(key).is_some_and(|price| price > zero)
    });
    if let Some(unit) = other.filter(|_| input == zero && output == zero) {
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

/// Percent that one price is below another.
fn discount(price: &Rational, batch: Option<Rational>) -> Option<Rational> {
    let batch = batch?;
    (*price > whole(0) && batch <= *price).then(|| (whole(1) - batch / price) * whole(100))
}

/// The prices beyond a number of tokens; of several steps the first, which is dearer than none and never too dear for a
/// prompt between two.
fn long_prompt(model: &Map<String, Value>) -> Option<LongPrompt> {
    let step = |key: &String| {
        let thousands = key.strip_prefix("input_cost_per_token_above_")?.strip_suffix("k_tokens")?;
        thousands.parse::<u64>().ok()
    };
    let thousands = model.keys().filter_map(step).min()?;
    let of = |key: &str| price(model, &format!("{key}_above_{thousands}k_tokens"), PER_1M);
    Some(LongPrompt {
        above_tokens: thousands.checked_mul(1000)?,
        input: of("input_cost_per_token")?,
        output: of("output_cost_per_token").or_else(|| price(model, "output_cost_per_token", PER_1M))?,
        cached_input: of("cache_read_input_token_cost"),
    })
}
