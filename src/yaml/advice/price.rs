//! Prices under other names: for how many tokens, and of what, is read off the name, so that no price becomes another one.

use super::scalar;
use crate::diag::{Finding, code};
use crate::source::Spanned;
use crate::yaml::Value;

/// What the name of a key says of a price.
#[derive(Clone, Copy)]
struct Said {
    /// `1k` or `1m` tokens, where it says so.
    scale: Option<&'static str>,
    /// `input`, `output` or `cached_input`.
    of: &'static str,
    /// Whether it says that it is a price.
    is_price: bool,
}

const MILLION: [&str; 9] =
    ["1m", "million", "millions", "mtok", "mtoks", "mtoken", "mtokens", "1mtok", "1000000"];
const THOUSAND: [&str; 8] = ["1k", "thousand", "ktok", "ktoks", "ktoken", "ktokens", "1ktok", "1000"];
const CACHED: [&str; 3] = ["cached", "cache", "cachedinput"];
const INPUT: [&str; 5] = ["input", "inputs", "in", "prompt", "prompts"];
const OUTPUT: [&str; 7] = ["output", "outputs", "out", "completion", "completions", "generated", "response"];
const PRICE: [&str; 8] = ["cost", "costs", "price", "prices", "pricing", "usd", "dollars", "rate"];
/// What makes another price of it.
const OTHERWISE: [&str; 14] = [
    "write",
    "creation",
    "batch",
    "character",
    "characters",
    "chars",
    "second",
    "seconds",
    "hour",
    "request",
    "requests",
    "image",
    "audio",
    "above",
];

fn scale_of(parts: &[&str]) -> Option<&'static str> {
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    match (has(&MILLION), has(&THOUSAND)) {
        (true, _) => Some("1m"),
        (_, true) => Some("1k"),
        _ => None,
    }
}

fn parts(name: &str) -> Vec<&str> {
    name.split(['_', '-', ' ', '.', '/']).filter(|part| !part.is_empty()).collect()
}

fn said(name: &str) -> Option<Said> {
    let folded = name.to_lowercase();
    let parts = parts(&folded);
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    let scale = scale_of(&parts);
    // `cost_per_input_token` is a price for one.
    if has(&OTHERWISE) || (scale.is_none() && has(&["token"])) {
        return None;
    }
    let of = match (has(&CACHED), has(&INPUT), has(&OUTPUT)) {
        (true, _, false) => "cached_input",
        (false, true, false) => "input",
        (false, false, true) => "output",
        _ => return None,
    };
    Some(Said { scale, of, is_price: has(&PRICE) })
}

/// The key of ours that another name of a price stands for, among keys that stand beside it.
pub(super) fn key(name: &str, known: &[&str], present: &[&str]) -> Option<String> {
    if !known.contains(&"cost_per_1m_tokens_input") {
        return None;
    }
    let Said { scale, of, is_price } = said(name)?;
    let is_cached = || parts(name).iter().all(|part| CACHED.contains(part) || INPUT.contains(part));
    if !(is_price || scale.is_some() || (of == "cached_input" && is_cached())) {
        return None;
    }
    // The others say for how many tokens prices are here.
    let beside = || present.iter().find_map(|beside| said(beside)?.scale);
    Some(format!("cost_per_{}_tokens_{of}", scale.or_else(beside)?))
}

/// The prices of a map, `{input: 1, output: 2}`, as the keys that they are.
fn keys_of(map: &Value) -> Option<String> {
    let mut unit = map.get("unit").and_then(Value::text).unwrap_or_default().to_lowercase();
    unit.retain(|c| c != '$');
    let of = |kind: &str| {
        let mut entries = map.entries().iter();
        entries.find_map(|(key, value)| {
            let said = said(&key.value).filter(|said| said.of == kind)?;
            Some((said.scale, scalar(value)?))
        })
    };
    let (input, output) = (of("input")?, of("output")?);
    let scale = input.0.or(output.0).or_else(|| scale_of(&parts(&unit)));
    let per = scale.unwrap_or("1m");
    let (input, output) = (input.1, output.1);
    let cached =
        of("cached_input").map(|(_, price)| format!(", `cost_per_{per}_tokens_cached_input: {price}`"));
    let keys = format!(
        "`cost_per_{per}_tokens_input: {input}`{} and `cost_per_{per}_tokens_output: {output}`",
        cached.unwrap_or_default()
    );
    Some(match scale {
        Some(_) => keys,
        None => keys + " if they are for a million tokens, `…_1k_…` for a thousand",
    })
}

/// `price: {input: 1, output: 2}`: each price is a key of its own, whose name says for how many tokens it is.
pub(super) fn of_map(name: &str, value: &Value, known: &[&str]) -> Option<String> {
    let is_price =
        matches!(name, "price" | "prices" | "cost" | "costs" | "rates" | "token_prices" | "tokens")
            && known.contains(&"cost_per_1m_tokens_input");
    is_price.then(|| keys_of(value).map(|keys| format!("prices are keys of their own: {keys}")))?
}

/// `pricing: {input: 1, output: 2}`: prices per tokens in the map of all others.
pub(super) fn in_pricing(key: &Spanned<String>, value: &Value) -> Option<Finding> {
    let unit = value.get("unit").and_then(Value::text);
    let is_of_tokens =
        unit.is_none_or(|unit| unit.to_lowercase().contains("tok") || scale_of(&parts(unit)).is_some());
    let keys = keys_of(value).filter(|_| is_of_tokens)?;
    // These are keys of a price by characters too.
    let is_ours = |key: &str| matches!(key, "per_1k_input" | "per_1k_output");
    let help = if unit.is_none() && value.entries().iter().all(|(key, _)| is_ours(&key.value)) {
        format!("for tokens, write in its place {keys}; for characters, add `unit: characters` to it")
    } else {
        format!("prices per tokens are keys of their own, in its place: {keys}")
    };
    let message = "`pricing` has prices by characters, compute-seconds or reserved capacity";
    Some(Finding::error(code::SCHEMA, key.span, message).help(help))
}
