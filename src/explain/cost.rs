//! What a model costs a use case, and how that came about where more than two prices take part.

use super::words::thousands;
use crate::model::{Model, UseCase};
use crate::number::{Rational, exact, round_half_even, whole};

/// `3.25 usd per 1m tokens`, and in brackets what beside the plain prices has a part in it.
pub(super) fn words(use_case: &UseCase, model: &Model) -> String {
    let cost = round_half_even(&use_case.blended_cost(model), 4);
    let parts = parts(use_case, model);
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    format!("{cost} usd per 1m tokens{parts}")
}

/// What takes part in a blended cost beside the plain prices.
fn parts(use_case: &UseCase, model: &Model) -> Vec<String> {
    let usage = &use_case.usage;
    let long = usage.long_share(model.long_prompt.as_ref());
    let none = whole(0);
    let mut parts = Vec::new();
    let plain = model.cached_input_cost.as_ref().filter(|_| long < whole(1));
    let in_long = model.long_prompt.as_ref().and_then(|prices| prices.cached_input.as_ref());
    let in_long = in_long.filter(|_| long > none);
    let at = match (plain, in_long) {
        _ if usage.cached <= none => None,
        (None, None) => None,
        // In a long prompt input costs the same from the cache where nothing else is stated.
        (Some(price), None) => {
            let all = model.long_prompt.as_ref().filter(|_| long > none);
            let all = all.map(|prices| format!(", at {} in long prompts", exact_price(&prices.input)));
            Some(exact_price(price) + &all.unwrap_or_default())
        }
        (None, Some(price)) if long == whole(1) => Some(exact_price(price)),
        (None, Some(price)) => Some(format!("{} in long prompts", exact_price(price))),
        (Some(plain), Some(price)) => {
            Some(format!("{}, at {} in long prompts", exact_price(plain), exact_price(price)))
        }
    };
    if let Some(at) = at {
        parts.push(format!("{} of its input from the cache at {at}", percent(&usage.cached)));
    }
    if let Some(prices) = model.long_prompt.as_ref().filter(|_| long > none) {
        parts.push(format!(
            "{} in prompts above {} tokens at {} in and {} out",
            percent(&long),
            thousands(&whole(prices.above_tokens)),
            exact_price(&prices.input),
            exact_price(&prices.output)
        ));
    }
    if let Some(discount) = model.batch_discount.as_ref().filter(|discount| usage.batch && **discount > none)
    {
        parts.push(format!("{}% off in batches", exact(discount)));
    }
    parts
}

/// A share as a percent.
fn percent(share: &Rational) -> String {
    format!("{}%", round_half_even(&(share * whole(100)), 2))
}

fn exact_price(price: &Rational) -> String {
    round_half_even(price, 9)
}
