//! Keys that say the right thing in another form: a price for one token, a map around keys, a name as a key.

use super::scalar;
use crate::diag::{Finding, code, day};
use crate::number::{self, whole};
use crate::source::{Span, Spanned};
use crate::yaml::{Kind, Value};

/// Prices for one token, as other tools have them, each with the price for a million of ours.
const PER_TOKEN: &[(&[&str], &str)] = &[
    (
        &["input_cost_per_token", "cost_per_input_token", "input_price_per_token", "price_per_input_token"],
        "cost_per_1m_tokens_input",
    ),
    (
        &[
            "output_cost_per_token",
            "cost_per_output_token",
            "output_price_per_token",
            "price_per_output_token",
        ],
        "cost_per_1m_tokens_output",
    ),
    (&["cache_read_input_token_cost", "cached_input_cost_per_token"], "cost_per_1m_tokens_cached_input"),
];

/// What to write instead of an unknown key, where its value says it, and what that replaces.
pub(in crate::yaml) fn with_value(
    key: &Spanned<String>,
    value: &Value,
    known: &[&str],
) -> Option<(Span, String)> {
    let name = key.value.as_str();
    let ours = PER_TOKEN.iter().find(|(theirs, ours)| theirs.contains(&name) && known.contains(ours));
    if let (Some((_, ours)), Some(price)) = (ours, value.number()) {
        let million = number::exact(&(price * whole(1_000_000)));
        return Some((key.span.to(value.span), format!("write `{ours}: {million}`")));
    }
    let seconds = match name {
        "per_hour" | "hourly" | "price_per_hour" => 3600,
        "per_minute" => 60,
        _ => 0,
    };
    if let (1.., true, Some(price)) = (seconds, known.contains(&"per_second"), value.number()) {
        let price = number::round_half_even(&(price / whole(seconds)), 12);
        return Some((key.span.to(value.span), format!("write `per_second: {price}`")));
    }
    if let Some(help) = per_minute(name, value, known) {
        return Some((key.span.to(value.span), help));
    }
    if let Some(within) = within(name, value, known) {
        return Some(within).map(|help| (key.span.to(value.span), help));
    }
    if let Some(help) = prices(name, value, known) {
        return Some((key.span, help));
    }
    // A map around keys that stand here.
    let inner: Vec<&str> = value.entries().iter().map(|(key, _)| key.value.as_str()).collect();
    let (first, rest) = inner.split_first()?;
    let all = inner.iter().all(|inner| known.contains(inner));
    all.then(|| {
        let help = match rest {
            [] => format!("leave `{name}` out: `{first}` is a key of its own, beside the others here"),
            _ => format!(
                "leave `{name}` out: `{first}` and the others in it are keys of their own, beside those here"
            ),
        };
        (key.span, help)
    })
}

/// A rate limit of another period: `requests_per_hour: 600`.
fn per_minute(name: &str, value: &Value, known: &[&str]) -> Option<String> {
    const LIMITS: [&str; 2] = ["requests_per_minute", "tokens_per_minute"];
    let (ours, period) = match name {
        "rps" | "qps" => ("requests_per_minute", "second"),
        "tps" => ("tokens_per_minute", "second"),
        "rpd" => ("requests_per_minute", "day"),
        "tpd" => ("tokens_per_minute", "day"),
        name => {
            let (what, period) = name.split_once("_per_")?;
            (LIMITS.into_iter().find(|ours| ours.split('_').next() == Some(what))?, period)
        }
    };
    let number = value.number().filter(|_| known.contains(&ours))?;
    let minute = match period {
        "second" | "sec" | "s" => number * whole(60),
        "hour" | "h" => number / whole(60),
        "day" => number / whole(1_440),
        "week" | "month" => return Some(NO_OTHER.to_owned()),
        _ => return None,
    };
    Some(match number::to_whole(&minute) {
        Some(minute) => format!("write `{ours}: {minute}`: limits are per minute"),
        None => NO_OTHER.to_owned(),
    })
}

/// What is said of a limit that is no whole number for a minute.
const NO_OTHER: &str = "limits are whole numbers for a minute: a quota of a policy may be per day, `limit 5000 requests per day`";

/// Keys that stand within the map of one of ours: the words of others, the map, and the key in it.
const WITHIN: &[(&[&str], &str, &str)] = &[
    (&["latency_p95_ms", "p95_latency_ms", "p95_ms", "latency_ms", "p95"], "latency", "p95_ms"),
    (&["latency_p50_ms", "p50_latency_ms", "p50_ms", "p50"], "latency", "p50_ms"),
    (&["requests_per_minute", "rpm", "rpm_limit"], "rate_limits", "requests_per_minute"),
    (&["tokens_per_minute", "tpm", "tpm_limit"], "rate_limits", "tokens_per_minute"),
    (&["sunset", "eol", "end_of_life", "retires"], "lifecycle", "sunset"),
    (&["status", "lifecycle_status"], "lifecycle", "status"),
    (&["dpa_status"], "dpa", "status"),
    (&["renews", "dpa_renews", "dpa_expires"], "dpa", "renews"),
    (&["base_url", "api_base", "url"], "endpoint", "base_url"),
    (&["api_key_env"], "endpoint", "api_key_env"),
    (&["protocol"], "endpoint", "protocol"),
    (&["temperature"], "profile", "temperature"),
    (&["max_output_tokens", "max_tokens"], "profile", "max_output_tokens"),
    (&["requests", "monthly_requests", "requests_per_month"], "expected_monthly", "requests"),
];

/// What to write for a key that stands in the map of another one.
fn within(name: &str, value: &Value, known: &[&str]) -> Option<String> {
    let (_, outer, inner) =
        WITHIN.iter().find(|(theirs, outer, _)| theirs.contains(&name) && known.contains(outer))?;
    let text = scalar(value)?;
    let text = match (&value.kind, day::read(text)) {
        (Kind::String(_), Some(day)) => day,
        (Kind::String(text), None) => item(text),
        _ => text.to_owned(),
    };
    Some(format!("write `{outer}: {{{inner}: {text}}}`"))
}

/// A text as a value: one with marks in it needs quotes.
fn item(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' '));
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// `price: {input: 1, output: 2}`: each price is a key of its own, whose name says for how many tokens it is.
fn prices(name: &str, value: &Value, known: &[&str]) -> Option<String> {
    let is_price = matches!(name, "price" | "prices" | "cost" | "costs" | "rates")
        && known.contains(&"cost_per_1m_tokens_input");
    let price =
        |kind: &str| value.get(kind).or_else(|| value.get(&format!("{kind}_tokens"))).and_then(scalar);
    let (input, output) = (price("input")?, price("output")?);
    is_price.then(|| {
        format!(
            "prices are keys of their own: `cost_per_1m_tokens_input: {input}` and `cost_per_1m_tokens_output: {output}` if they are for a million tokens, `…_1k_…` for a thousand"
        )
    })
}

/// Entries of lists that have their name as a key, `{gdpr: 2027-01-31}`: the path of each, and what is said of it.
pub(in crate::yaml) fn named_by_key(document: &Value) -> Vec<(String, Finding)> {
    let mut found = Vec::new();
    look(document, "", "", &mut found);
    found
}

/// As many of them are told.
const MOST: usize = 20;

fn look(value: &Value, path: &str, key: &str, found: &mut Vec<(String, Finding)>) {
    for (name, inner) in value.entries() {
        let part = name.value.replace('~', "~0").replace('/', "~1");
        look(inner, &format!("{path}/{part}"), &name.value, found);
    }
    for (at, item) in value.items().iter().enumerate() {
        if found.len() >= MOST {
            return;
        }
        let path = format!("{path}/{at}");
        match entry(key, item) {
            Some(finding) => found.push((path, finding)),
            None => look(item, &path, "", found),
        }
    }
}

/// What is said of an entry that has one key, its name.
fn entry(list: &str, item: &Value) -> Option<Finding> {
    let [(name, value)] = item.entries() else { return None };
    let said = name.value.as_str();
    match list {
        "compliance" if !matches!(said, "name" | "expires" | "evidence") => {
            let right = certified(said, value)?;
            let message = format!("an entry of `compliance` has the key `name`, and not `{said}`");
            Some(Finding::error(code::SCHEMA, item.span, message).help(format!("write it as `{right}`")))
        }
        "models" | "use_cases" if matches!(value.kind, Kind::Map(_)) => {
            let message = format!("an entry of `{list}` has the key `name`, and not `{said}`");
            let help = format!("begin it with `- name: {said}`, its other keys below");
            Some(Finding::error(code::SCHEMA, name.span, message).help(help))
        }
        _ => None,
    }
}

/// A certification with what stands behind its name: the day on which it expires, or its evidence.
pub(super) fn certified(name: &str, value: &Value) -> Option<String> {
    const NAMES: [&str; 10] = [
        "cert",
        "certificate",
        "certification",
        "standard",
        "framework",
        "id",
        "title",
        "label",
        "type",
        "key",
    ];
    let text = scalar(value)?;
    if NAMES.contains(&name) && !day::is_day(text) && !text.contains(['"', '\\', ' ', ',']) {
        return Some(format!("{{name: {text}}}"));
    }
    Some(match (day::read(text), &value.kind) {
        (Some(day), _) => format!("{{name: {name}, expires: {day}}}"),
        (None, Kind::String(text)) if day::is_day(text) => format!("{{name: {name}, expires: …}}"),
        (None, Kind::String(text)) if !text.contains(['"', '\\']) => {
            format!("{{name: {name}, evidence: \"{text}\"}}")
        }
        _ => name.to_owned(),
    })
}
