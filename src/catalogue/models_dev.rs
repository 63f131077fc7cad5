//! models.dev's `api.json`: prices per 1M tokens, models under their providers.

use serde_json::{Map, Value};

use super::read::{capabilities, is, lists, price, tokens};
use super::{Entry, Price};
use crate::registry::LongPrompt;

/// The threshold that the name of the key states.
const LONG: u64 = 200_000;

/// The entries, if this is such a file.
pub(super) fn read(json: &Value) -> Option<Vec<Entry>> {
    let top = json.as_object()?;
    let providers = top.get("providers").and_then(Value::as_object).unwrap_or(top);
    let mut entries = Vec::new();
    for (name, provider) in providers {
        let models = provider.get("models")?.as_object()?;
        let models = models.iter().filter_map(|(id, model)| Some((id, model.as_object()?)));
        entries.extend(models.map(|(id, model)| entry(name, id, model)));
    }
    (!entries.is_empty()).then_some(entries)
}

fn entry(provider: &str, id: &str, model: &Map<String, Value>) -> Entry {
    let inputs = model.get("modalities").and_then(Value::as_object);
    Entry {
        provider: provider.to_owned(),
        model: id.to_owned(),
        price: model
            .get("cost")
            .and_then(Value::as_object)
            .and_then(prices)
            .ok_or_else(|| "the catalogue has no price for it".to_owned()),
        context_window: model
            .get("limit")
            .and_then(Value::as_object)
            .and_then(|limit| tokens(limit, "context")),
        capabilities: capabilities(&[
            ("json-schema", is(model, "structured_output")),
            ("tools", is(model, "tool_call")),
            ("vision", inputs.is_some_and(|inputs| lists(inputs, "input", "image"))),
        ]),
        is_deprecated: model.get("status").and_then(Value::as_str) == Some("deprecated"),
        ..Entry::unknown()
    }
}

fn prices(cost: &Map<String, Value>) -> Option<Price> {
    let long_prompt = cost.get("context_over_200k").and_then(Value::as_object).and_then(|long| {
        Some(LongPrompt {
            above_tokens: LONG,
            input: price(long, "input", 1)?,
            output: price(long, "output", 1)?,
            cached_input: price(long, "cache_read", 1),
        })
    });
    Some(Price {
        input: price(cost, "input", 1)?,
        output: price(cost, "output", 1)?,
        cached_input: price(cost, "cache_read", 1),
        long_prompt,
        batch_discount: None,
    })
}
