//! The five price forms, normalised exactly to US dollars per 1M tokens.

use super::{Reader, decimal, percent, whole as whole_number};
use crate::diag::{Finding, code};
use crate::number::{Rational, exact, whole};
use crate::registry::{LongPrompt, Price};
use crate::source::{Span, Spanned};
use crate::yaml::schema::{Schema, has_key, is_misspelt};
use crate::yaml::{Kind, Value};

/// Input, output, and what may stand beside them.
const PER_1K: [&str; 3] =
    ["cost_per_1k_tokens_input", "cost_per_1k_tokens_output", "cost_per_1k_tokens_cached_input"];
const PER_1M: [&str; 3] =
    ["cost_per_1m_tokens_input", "cost_per_1m_tokens_output", "cost_per_1m_tokens_cached_input"];
const FORMS: &str = "a price is `cost_per_1k_tokens_input` and `…_output`, `cost_per_1m_tokens_input` and `…_output`, or `pricing: {unit: …}` by characters, compute-seconds or reserved";

impl Reader {
    /// The price of a model; exactly one of the five forms.
    pub(super) fn price(&mut self, model: &Value) -> Option<Price> {
        let keys: Vec<(&str, Span)> = PER_1K
            .iter()
            .chain(&PER_1M)
            .chain(&["pricing"])
            .filter_map(|key| model.entry(key).map(|(written, _)| (*key, written.span)))
            .collect();
        let title = model.get("name").and_then(Value::text).unwrap_or_default();
        let Some(&(_, first)) = keys.first() else {
            self.no_price(model, title);
            return None;
        };
        let forms = [&PER_1K[..], &PER_1M[..], &["pricing"][..]];
        let used = forms.iter().filter(|form| keys.iter().any(|(key, _)| form.contains(key))).count();
        if used > 1 {
            let span = keys.last().map_or(first, |(_, span)| *span);
            let words: Vec<String> = keys.iter().map(|(key, _)| format!("`{key}`")).collect();
            let message = format!("`{title}` states its price in {used} forms: {}", words.join(", "));
            self.find(span, message, &one_form(model, &keys));
            return None;
        }
        let batch_discount = percent(model, "batch_discount").map(|percent| percent.value);
        if let Some(pricing) = model.get("pricing") {
            if let Some((key, _)) = model.entry("long_prompt") {
                let message = format!("`{title}` states `long_prompt` beside `pricing`");
                self.find(key.span, message, "long prompts are priced beside prices per token only");
                return None;
            }
            return Some(Price { batch_discount, ..self.pricing(pricing, first)? });
        }
        let (keys, scale) = if PER_1K.contains(&keys.first()?.0) { (PER_1K, 1000) } else { (PER_1M, 1) };
        let [input, output, cached] = keys;
        match (decimal(model, input), decimal(model, output)) {
            (Some(a), Some(b)) => {
                let scale = whole(scale);
                let cached_input = decimal(model, cached).map(|price| price.value * &scale);
                let long_prompt = model.get("long_prompt").and_then(|long| long_prompt(long, &scale));
                let price = scaled(first, &a.value, &b.value, &scale);
                Some(Price { cached_input, long_prompt, batch_discount, ..price })
            }
            (a, _) => {
                let missing = if a.is_some() { output } else { input };
                // One that is there and no number is the schema's to report, and one in other words too.
                let is_told = is_misspelt(missing, model, Schema::Registry, "model");
                if model.entry(missing).is_some() || is_told {
                    return None;
                }
                self.find(
                    first,
                    format!("`{title}` has no `{missing}`"),
                    "state both prices; a free one is `0`",
                );
                None
            }
        }
    }

    /// Reports a model that states no price, unless that is told already.
    fn no_price(&mut self, model: &Value, title: &str) {
        // Of a name alone it is: an entry is a map.
        if !matches!(model.kind, Kind::Map(_)) {
            return;
        }
        // A key of another tool may be the price, and is reported as a key; none of ours is.
        let is_price = |key: &str| {
            ["cost", "price", "usd", "per_1", "per_m", "mtok"].iter().any(|word| key.contains(word))
                && !has_key(key, Schema::Registry, "model")
        };
        if model.entries().iter().any(|(key, _)| is_price(&key.value)) {
            return;
        }
        let span = model.get("name").map_or(model.span, |name| name.span);
        let message = format!("`{title}` has no price");
        self.unpriced.push(
            Finding::error(code::SCHEMA, span, message)
                .help(format!("{FORMS}; `--catalogue` of `govctl import` looks prices up")),
        );
    }

    fn pricing(&mut self, pricing: &Value, span: Span) -> Option<Price> {
        let unit = pricing.get("unit").and_then(Value::text)?.to_owned();
        let (needed, allowed): (&[&str], &[&str]) = match unit.as_str() {
            "characters" => (&["per_1k_input", "per_1k_output"], &["characters_per_token"]),
            "reserved" => (&["per_month", "tokens_per_month"], &[]),
            "compute-seconds" => (&["per_second", "tokens_per_second"], &["overhead"]),
            // The schema says what a unit can be.
            _ => return None,
        };
        let mut complete = true;
        for key in needed.iter().filter(|key| pricing.get(key).is_none()) {
            let place = pricing.get("unit").map_or(span, |unit| unit.span);
            // A key that stands there in other words is told already.
            let is_told = |(written, _): &(Spanned<String>, Value)| is_other_word(key, &written.value);
            if !pricing.entries().iter().any(is_told) {
                self.find(place, format!("a price by {unit} has no `{key}`"), &lacking(&unit, key));
            }
            complete = false;
        }
        for (key, _) in pricing.entries() {
            let known = key.value == "unit" || needed.contains(&key.value.as_str());
            if !known && !allowed.contains(&key.value.as_str()) {
                let keys: Vec<String> = needed.iter().chain(allowed).map(|key| format!("`{key}`")).collect();
                let help = format!("the keys of a price by {unit} are `unit` and {}", keys.join(", "));
                self.find(key.span, format!("a price by {unit} does not use `{}`", key.value), &help);
                complete = false;
            }
        }
        if !complete {
            return None;
        }
        let number = |key| decimal(pricing, key).map(|number| number.value);
        // Zero breaks the schema, which says so, and what else is wrong is read all the same.
        let above_zero = |key| number(key).filter(|number| *number > whole(0));
        if unit == "characters" {
            let per_token = number("characters_per_token").unwrap_or_else(|| whole(4));
            // 1M tokens are 1,000,000 × characters per token; the prices are per 1,000 characters.
            let factor = per_token * whole(1000);
            return Some(scaled(span, &number("per_1k_input")?, &number("per_1k_output")?, &factor));
        }
        if unit == "reserved" {
            let rate = number("per_month")? / above_zero("tokens_per_month")? * whole(1_000_000);
            return Some(plain(span, rate.clone(), rate));
        }
        let overhead = percent(pricing, "overhead").map_or_else(|| whole(0), |percent| percent.value);
        let rate = number("per_second")? / above_zero("tokens_per_second")? * whole(1_000_000);
        let rate = rate * (whole(1) + overhead / whole(100));
        Some(plain(span, rate.clone(), rate))
    }
}

/// A price stated per 1k tokens and per 1M tokens, all of it per 1M tokens.
fn one_form(model: &Value, keys: &[(&str, Span)]) -> String {
    let per_1m = |(key, _): &(&str, Span)| {
        let at = PER_1K.iter().position(|known| known == key);
        let price = model.get(key)?.number()?;
        let (name, price) = match at {
            Some(at) => (*PER_1M.get(at)?, price * whole(1000)),
            None => (*PER_1M.iter().find(|known| *known == key)?, price.clone()),
        };
        Some((name, exact(&price)))
    };
    let all: Option<Vec<(&str, String)>> = keys.iter().map(per_1m).collect();
    let Some(all) = all else { return FORMS.to_owned() };
    let is_one =
        |(at, (name, _)): (usize, &(&str, String))| all.iter().skip(at + 1).all(|(other, _)| other != name);
    if !all.iter().enumerate().all(is_one) {
        return FORMS.to_owned();
    }
    let all: Vec<String> = all.iter().map(|(name, price)| format!("`{name}: {price}`")).collect();
    format!("state both per 1M tokens: {}", all.join(" and "))
}

/// What is written where a key of `pricing` lacks.
fn lacking(unit: &str, key: &str) -> String {
    let example = match unit {
        "characters" => "{unit: characters, per_1k_input: 0.000125, per_1k_output: 0.000375}",
        "reserved" => "{unit: reserved, per_month: 20000, tokens_per_month: 5000000000}",
        _ => "{unit: compute-seconds, per_second: 0.002, tokens_per_second: 900, overhead: 20%}",
    };
    format!("add `{key}`, with your own value, as in `{example}`")
}

/// A key by which other programs call one of ours.
fn is_other_word(ours: &str, written: &str) -> bool {
    match ours {
        "per_second" => {
            matches!(written, "per_hour" | "per_minute" | "hourly" | "price_per_hour" | "per_sec")
        }
        "per_month" => matches!(written, "per_year" | "monthly" | "price_per_month" | "per_day"),
        _ => false,
    }
}

fn scaled(span: Span, input: &Rational, output: &Rational, factor: &Rational) -> Price {
    plain(span, input * factor, output * factor)
}

fn plain(span: Span, input: Rational, output: Rational) -> Price {
    Price { span, input, output, cached_input: None, long_prompt: None, batch_discount: None }
}

/// The prices of long prompts, in the unit of the model's own.
fn long_prompt(written: &Value, scale: &Rational) -> Option<LongPrompt> {
    let price = |key| decimal(written, key).map(|price| price.value * scale);
    Some(LongPrompt {
        above_tokens: whole_number(written, "above_tokens")?.value,
        input: price("input")?,
        output: price("output")?,
        cached_input: price("cached_input"),
    })
}
