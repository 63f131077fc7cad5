//! `OpenRouter`'s listing of models: prices per token, as text.

use serde_json::{Map, Value};

use super::read::{capabilities, day, lists, price, tokens};
use super::{Entry, Price};

/// Prices are stated per token.
const PER_1M: u64 = 1_000_000;

/// The entries, if this is such a file.
pub(super) fn read(json: &Value) -> Option<Vec<Entry>> {
    let models = json.as_object()?.get("data")?.as_array()?;
    let models = models.iter().filter_map(Value::as_object);
    let entries: Vec<Entry> = models.filter_map(entry).collect();
    (!entries.is_empty()).then_some(entries)
}

fn entry(model: &Map<String, Value>) -> Option<Entry> {
    let pricing = model.get("pricing")?.as_object()?;
    let inputs = model.get("architecture").and_then(Value::as_object);
    Some(Entry {
        provider: "openrouter".to_owned(),
        model: model.get("id")?.as_str()?.to_owned(),
        price: prices(pricing),
        context_window: tokens(model, "context_length"),
        capabilities: capabilities(&[
            ("json-schema", lists(model, "supported_parameters", "structured_outputs")),
            ("tools", lists(model, "supported_parameters", "tools")),
            ("vision", inputs.is_some_and(|inputs| lists(inputs, "input_modalities", "image"))),
        ]),
        sunset: day(model, "expiration_date"),
        ..Entry::unknown()
    })
}

fn prices(pricing: &Map<String, Value>) -> Result<Price, String> {
    let of = |key: &str| price(pricing, key, PER_1M);
    let (Some(input), Some(output)) = (of("prompt"), of("completion")) else {
        return Err("the catalogue has no fixed price for it".to_owned());
    };
    if of("request").is_some_and(|price| price > crate::number::whole(0)) {
        return Err("it is priced by `request` too, not only per token".to_owned());
    }
    Ok(Price { input, output, cached_input: of("input_cache_read"), long_prompt: None, batch_discount: None })
}
