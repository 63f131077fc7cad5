//! The prices that a table states.

use crate::event::money;
use crate::event::price::{Price, Rates};
use crate::table::format::{LongPrompt, Model};

/// The prices that a table states of a model.
pub(super) fn of(model: &Model) -> Price {
    let amount = |text: &str| money::parse(text).unwrap_or_default();
    let rates = |input: &str, cached: Option<&String>, output: &str| Rates {
        input: amount(input),
        cached: cached.map_or_else(|| amount(input), |cached| amount(cached)),
        output: amount(output),
    };
    let long = |long: &LongPrompt| {
        let cached = long.cached_input_usd_per_1m.as_ref();
        (long.above_tokens, rates(&long.input_usd_per_1m, cached, &long.output_usd_per_1m))
    };
    let plain =
        rates(&model.input_usd_per_1m, model.cached_input_usd_per_1m.as_ref(), &model.output_usd_per_1m);
    let discount = model.batch_discount.as_ref();
    let discount = discount.and_then(|text| money::parse(text.trim_end_matches('%')));
    Price::new(plain, model.long_prompt.as_ref().map(long), discount)
}
