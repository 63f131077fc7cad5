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
