//! `OpenRouter`'s listing of models: prices per token, as text.

use serde_json::{Map, Value};

use super::read::{capabilities, day, lists, price, tokens};
use super::{Entry, Price};
use crate::number::whole;

/// Prices are stated per token.
const PER_1M: u64 = 1_000_000;

/// The entries, if this is such a file.
pub(super) fn read(json: &Value) -> Option<Vec<Entry>> {
    let models = json.as_object()?.get("data")?.as_array()?;
    let models = models.iter().filter_map(Value::as_object);
    let entries: Vec<(bool, Entry)> = models.filter_map(entry).collect();
    let is_priced = entries.iter().any(|(is_priced, _)| *is_priced);
    is_priced.then(|| entries.into_iter().map(|(_, entry)| entry).collect())
}

/// An entry, and whether it has prices of any kind.
fn entry(model: &Map<String, Value>) -> Option<(bool, Entry)> {
    let pricing = model.get("pricing").and_then(Value::as_object);
    let inputs = model.get("architecture").and_then(Value::as_object);
    let writes = |what| {
        inputs
            .is_none_or(|all| !all.contains_key("output_modalities") || lists(all, "output_modalities", what))
    };
    let unpriced = || Err("it is listed without a price".to_owned());
    let entry = Entry {
        provider: "openrouter".to_owned(),
        model: model.get("id")?.as_str()?.to_owned(),
        price: pricing.map_or_else(unpriced, |pricing| prices(pricing, writes("text"))),
        context_window: tokens(model, "context_length"),
        capabilities: capabilities(&[
            ("json-schema", lists(model, "supported_parameters", "structured_outputs")),
            ("tools", lists(model, "supported_parameters", "tools")),
            ("vision", inputs.is_some_and(|inputs| lists(inputs, "input_modalities", "image"))),
        ]),
        sunset: day(model, "expiration_date"),
        beside: pricing.map(|pricing| other_units(pricing).cloned().collect()).unwrap_or_default(),
        ..Entry::unknown()
    };
    Some((pricing.is_some(), entry))
}

/// Keys of prices above zero in other units than tokens of text.
fn other_units(pricing: &Map<String, Value>) -> impl Iterator<Item = &String> {
    const PLAIN: [&str; 4] = ["prompt", "completion", "input_cache_read", "input_cache_write"];
    let output = price(pricing, "completion", 1);
    pricing.keys().filter(move |key| {
        // Tokens of thought are tokens of the answer, where they cost the same.
        let is_plain = PLAIN.contains(&key.as_str())
            || *key == "discount"
            || (*key == "internal_reasoning" && price(pricing, key, 1) == output);
        !is_plain && price(pricing, key, 1).is_some_and(|price| price > whole(0))
    })
}

fn prices(pricing: &Map<String, Value>, writes_text: bool) -> Result<Price, String> {
    let of = |key: &str| price(pricing, key, PER_1M);
    let (Some(input), Some(output)) = (of("prompt"), of("completion")) else {
        return Err("the catalogue has no fixed price for it".to_owned());
    };
    let units = || other_units(pricing);
    // A price of nothing beside a price in another unit is no price.
    if let Some(unit) = units().next().filter(|_| input == whole(0) && output == whole(0)) {
        return Err(format!("it is priced by `{unit}`, not per token"));
    }
    if let Some(unit) =
        units().find(|key| *key == "request").or_else(|| units().next().filter(|_| !writes_text))
    {
        return Err(format!("it is priced by `{unit}` too, not only per token"));
    }
    Ok(Price { input, output, cached_input: of("input_cache_read"), long_prompt: None, batch_discount: None })
}
