//! Keys that say the right thing in another form: a price for one token, a map around keys, a name as a key.

use super::keys::HERE_ALREADY;
use super::map::{denied, too_far_left};
use super::{price, scalar, units};
use crate::diag::{Finding, code, day};
use crate::limits::shown;
use crate::number::{self, whole};
use crate::source::{Span, Spanned};
use crate::yaml::pointer::is_key;
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

/// The finding of an unknown key, where its value says what is to be written instead of both.
pub(in crate::yaml) fn said_otherwise(
    mut finding: Finding,
    key: &Spanned<String>,
    value: &Value,
    (known, present): (&[String], &[&str]),
) -> Finding {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    if let Some(help) = too_far_left(&key.value, value, &known) {
        return finding.help(help);
    }
    if let Some((whole, help)) = with_value(key, value, &known) {
        // What stands here already is not written a second time.
        let right = help.strip_prefix("write `").or_else(|| help.strip_prefix("write it as `"));
        let ours = right.and_then(|right| right.split(':').next()).unwrap_or_default();
        if present.contains(&ours) {
            let (_, right) = help.split_once('`').unwrap_or_default();
            return finding.help(format!("`{ours}` {HERE_ALREADY}: say it there, as in `{right}"));
        }
        finding.primary.span = whole;
        finding = finding.help(help);
    }
    finding
}

/// What to write instead of an unknown key, where its value says it, and what that replaces.
fn with_value(key: &Spanned<String>, value: &Value, known: &[&str]) -> Option<(Span, String)> {
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
    if let Some(help) = of_lists(name, value, known) {
        return Some((key.span.to(value.span), help));
    }
    if let Some(help) = per_minute(name, value, known) {
        return Some((key.span.to(value.span), help));
    }
    if let Some(help) = of_period(name, value, known).or_else(|| flag(name, value, known)) {
        return Some((key.span.to(value.span), help));
    }
    if let Some(help) = units::other(name, value, known) {
        return Some((key.span.to(value.span), help));
    }
    if let Some(within) = within(name, value, known) {
        return Some(within).map(|help| (key.span.to(value.span), help));
    }
    if let Some(help) = price::of_map(name, value, known) {
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

/// `deny: [expiring]` at the top of `govctl.yaml`, `fallbacks: [quay/large]` of a model.
fn of_lists(name: &str, value: &Value, known: &[&str]) -> Option<String> {
    if matches!(name, "deny" | "warn" | "allow") && known.contains(&"lints") {
        return denied(value, name).map(|denied| format!("write it as `lints: {denied}`"));
    }
    let follows = matches!(name, "fallbacks" | "fallback" | "failover" | "failovers" | "backups");
    let [first, others @ ..] = value.items() else { return None };
    let right = first.text().filter(|_| follows && known.contains(&"failover_to")).map(item)?;
    Some(match others {
        [] => format!("write it as `failover_to: {right}`"),
        _ => format!(
            "a model names one: write it as `failover_to: {right}`; more of them stand in the chain of a failover statement"
        ),
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

/// What is expected in another period than a month: `expected_daily`, `requests_per_day`, `peak_rps`.
fn of_period(name: &str, value: &Value, known: &[&str]) -> Option<String> {
    const PERIODS: [(&[&str], [u64; 2]); 3] = [
        (&["daily", "day"], [30, 1]),
        (&["weekly", "week"], [30, 7]),
        (&["yearly", "annual", "annually", "year"], [30, 365]),
    ];
    const KEYS: [&str; 4] = ["requests", "input_tokens", "output_tokens", "cached_input_tokens"];
    if !known.contains(&"expected_monthly") {
        return None;
    }
    if matches!(name, "peak_rps" | "rps" | "qps" | "peak_requests_per_second" | "requests_per_second") {
        let minute = number::to_whole(&(value.number()? * whole(60)))?;
        return Some(format!("write `peak_requests_per_minute: {minute}`"));
    }
    let parts: Vec<&str> = name.split('_').collect();
    let (_, [times, by]) = PERIODS.iter().find(|(words, _)| parts.iter().any(|part| words.contains(part)))?;
    let month =
        |value: &Value| Some(number::round_half_even(&(value.number()? * whole(*times) / whole(*by)), 0));
    let entry = |(key, value): &(Spanned<String>, Value)| {
        let ours = KEYS.iter().find(|ours| **ours == key.value)?;
        Some(format!("{ours}: {}", month(value)?))
    };
    let all: Vec<String> = match (&value.kind, KEYS.iter().find(|key| name.contains(**key))) {
        (Kind::Map(entries), _) => entries.iter().map(entry).collect::<Option<_>>()?,
        (Kind::Number { .. }, Some(key)) => vec![format!("{key}: {}", month(value)?)],
        (Kind::Number { .. }, None) if parts.contains(&"expected") => {
            vec![format!("requests: {}", month(value)?)]
        }
        _ => return None,
    };
    // The brace that closes a map stands outside of what is marked.
    let write = if matches!(value.kind, Kind::Map(_)) { "write it as" } else { "write" };
    Some(format!("{write} `expected_monthly: {{{}}}`: for a month, which has 30 days", all.join(", ")))
}

/// `pii: true`, `gdpr: true`: what a set has, as a key of its own.
fn flag(name: &str, value: &Value, known: &[&str]) -> Option<String> {
    const SETS: [(&[&str], &str, &str); 3] = [
        (&["pii", "health", "phi", "payment", "financial"], "data_sources", "data"),
        (&["gdpr", "hipaa", "soc2", "iso27001", "pci", "ccpa"], "data_sources", "regulations"),
        (&["gdpr", "hipaa", "soc2", "iso27001", "pci", "ccpa"], "models", "compliance"),
    ];
    if let Some(help) = capability(name, value, known) {
        return Some(help);
    }
    let Kind::Bool(true) = value.kind else { return None };
    if matches!(name, "zdr" | "zero_retention" | "zero_data_retention") && known.contains(&"data_retention") {
        return Some("write `data_retention: zero-retention`".to_owned());
    }
    let (.., set) = SETS.iter().find(|(names, beside, _)| names.contains(&name) && known.contains(beside))?;
    Some(format!("write `{set}: [{name}]`"))
}

/// `supports_vision: true`, `mode: embedding`: what a model can do, in the words of other tools.
fn capability(name: &str, value: &Value, known: &[&str]) -> Option<String> {
    const CAPABILITIES: [(&[&str], &str); 4] = [
        (&["vision", "image_input", "images"], "vision"),
        (
            &[
                "function_calling",
                "parallel_function_calling",
                "tool_choice",
                "tools",
                "tool_use",
                "tool_calling",
            ],
            "tools",
        ),
        (
            &["response_schema", "json_schema", "structured_output", "structured_outputs", "json"],
            "json-schema",
        ),
        (&["embedding", "embeddings"], "embeddings"),
    ];
    if !(known.contains(&"capabilities") && known.contains(&"approved_use_cases")) {
        return None;
    }
    if name == "mode" {
        return Some(match value.text()? {
            "embedding" | "embeddings" => "write `capabilities: [embeddings]`".to_owned(),
            _ => "leave it out: what a model can do besides is named in `capabilities`".to_owned(),
        });
    }
    let said = ["supports_", "has_", "can_", "is_"].iter().find_map(|begin| name.strip_prefix(begin))?;
    let (_, ours) = CAPABILITIES.iter().find(|(theirs, _)| theirs.contains(&said))?;
    match value.kind {
        Kind::Bool(true) => Some(format!("write `capabilities: [{ours}]`")),
        Kind::Bool(false) => Some("leave it out: `capabilities` names what a model can do".to_owned()),
        _ => None,
    }
}

/// What is said of a limit that is not a whole number for a minute.
const NO_OTHER: &str = "limits are whole numbers for a minute: a quota of a policy may be per day, `limit 5000 requests per day`";

/// Keys that stand within the map of one of ours: the words of others, the map, and the key in it.
const WITHIN: &[(&[&str], &str, &str)] = &[
    (&["latency_p95_ms", "p95_latency_ms", "p95_ms", "latency_ms", "p95"], "latency", "p95_ms"),
    (&["latency_p50_ms", "p50_latency_ms", "p50_ms", "p50"], "latency", "p50_ms"),
    (&["requests_per_minute", "rpm", "rpm_limit"], "rate_limits", "requests_per_minute"),
    (&["tokens_per_minute", "tpm", "tpm_limit"], "rate_limits", "tokens_per_minute"),
    (&["sunset", "eol", "end_of_life", "retires"], "lifecycle", "sunset"),
    (&["status", "lifecycle_status"], "lifecycle", "status"),
    (&["dpa_status", "status"], "dpa", "status"),
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
    let text = scalar(value)?;
    // A status is that of what has such a one.
    let is_of = |outer: &str| match outer {
        "dpa" if name == "status" => matches!(text, "none" | "pending" | "confirmed"),
        "lifecycle" if name == "status" => !matches!(text, "none" | "pending" | "confirmed"),
        _ => true,
    };
    let mut within = WITHIN.iter().filter(|(theirs, outer, _)| theirs.contains(&name) && is_of(outer));
    let (_, outer, inner) = within.find(|(_, outer, _)| known.contains(outer))?;
    let text = match (&value.kind, day::read(text)) {
        (Kind::String(_), Some(day)) => day,
        (Kind::String(text), None) => item(text),
        _ => text.to_owned(),
    };
    Some(format!("write `{outer}: {{{inner}: {text}}}`"))
}

/// A text as a value: one with marks in it needs quotes.
pub(super) fn item(text: &str) -> String {
    let within = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ' | '@' | '/');
    let plain = text.starts_with(char::is_alphanumeric) && text.chars().all(within);
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// Entries of lists that have their name as a key, `{gdpr: 2027-01-31}`, and prices per tokens in `pricing`: the path of
/// each, and what is said of it.
pub(in crate::yaml) fn named_by_key(document: &Value) -> Vec<(String, Finding)> {
    let mut found = Vec::new();
    look(document, "", "", &mut found);
    found
}

fn look(value: &Value, path: &str, key: &str, found: &mut Vec<(String, Finding)>) {
    for (name, inner) in value.entries() {
        let part = name.value.replace('~', "~0").replace('/', "~1");
        let path = format!("{path}/{part}");
        match price::in_pricing(name, inner).filter(|_| name.value == "pricing" && found.len() < shown::FORM)
        {
            Some(finding) => found.push((path, finding)),
            None => look(inner, &path, &name.value, found),
        }
    }
    for (at, item) in value.items().iter().enumerate() {
        if found.len() >= shown::FORM {
            return;
        }
        let path = format!("{path}/{at}");
        match entry(key, item) {
            Some(finding) => found.push((path, finding)),
            None => look(item, &path, "", found),
        }
    }
}

/// What is said of an entry whose first key is its name.
fn entry(list: &str, item: &Value) -> Option<Finding> {
    let [(name, value), others @ ..] = item.entries() else { return None };
    let said = name.value.as_str();
    match list {
        "compliance" if !others.is_empty() => None,
        "compliance" if !matches!(said, "name" | "expires" | "evidence") => {
            let right = certified(said, value)?;
            let message = format!("an entry of `compliance` has the key `name`, and not `{said}`");
            Some(Finding::error(code::SCHEMA, item.span, message).help(format!("write it as `{right}`")))
        }
        "models" | "use_cases"
            if matches!(value.kind, Kind::Map(_)) && !is_key(said) && item.get("name").is_none() =>
        {
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
