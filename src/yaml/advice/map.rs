//! What to write where a map belongs and something else stands.

use super::{quantity_of, scalar};
use crate::diag::{Finding, code, elsewhere};
use crate::source::Spanned;
use crate::vocabulary::{DpaStatus, Lifecycle};
use crate::yaml::{Kind, Value};

/// Keys of a provider, none of which has a map for its value: in the place of one they stand too far left.
const OF_PROVIDERS: [&str; 12] = [
    "hosting",
    "jurisdiction",
    "owner",
    "regions",
    "region_selectable",
    "failure_domain",
    "compliance",
    "data_retention",
    "trains_on_data",
    "availability",
    "evidence",
    "models",
];

/// `azure-eu:` at the beginning of a line: a provider.
pub(in crate::yaml) fn too_far_left(key: &str, value: &Value, known: &[&str]) -> Option<String> {
    let has = |keys: &[&str]| value.entries().iter().any(|(key, _)| keys.contains(&key.value.as_str()));
    if known.contains(&"providers") && has(&OF_PROVIDERS) {
        return Some(format!(
            "write `providers:` in a line above, and indent `{key}:` and what is its own below it"
        ));
    }
    None
}

/// Words for a price of nothing.
const FREE: [&str; 8] = ["free", "none", "no", "zero", "gratis", "n/a", "included", "-"];

/// What to write instead of a value that is no map.
pub(super) fn for_map(value: &Value, key: &str) -> String {
    if key == "providers" && matches!(value.kind, Kind::List(_)) {
        return "leave out the `- `: the name of each provider is a key, as in `openai:`, with its own keys below it"
            .to_owned();
    }
    if OF_PROVIDERS.contains(&key) {
        return format!(
            "indent it below its provider: `{key}` is one of the provider's keys, and no provider itself"
        );
    }
    if key == "lints" {
        return match denied(value, "deny") {
            Some(denied) => format!("write `{denied}`, or `warn` or `allow` in the place of `deny`"),
            None => "write `{no-failover: deny}`, with the findings that you mean".to_owned(),
        };
    }
    let text = scalar(value).unwrap_or_default();
    match key {
        "dpa" => of_status(text, DpaStatus::NAMES, "pending"),
        "lifecycle" => of_status(text, Lifecycle::NAMES, "preview"),
        "latency" => match quantity_of("p95_ms", text) {
            Some(number) => format!("write `{{p95_ms: {number}}}`"),
            None => "write, for example, `{p50_ms: 900, p95_ms: 2500}`".to_owned(),
        },
        "rate_limits" => match quantity_of("requests_per_minute", text) {
            Some(number) => format!("write `{{requests_per_minute: {number}}}`"),
            None => "write, for example, `{requests_per_minute: 10000}`".to_owned(),
        },
        "endpoint" if text.contains("//") => {
            format!(
                "write `{{protocol: openai, base_url: \"{}\"}}`",
                text.chars().take(100).collect::<String>()
            )
        }
        "expected_monthly" => match quantity_of("requests", text) {
            Some(number) => format!(
                "say of what: `{{requests: {number}}}` if these are requests, with your own `input_tokens` and `output_tokens` beside it"
            ),
            None => {
                "write, with your own values, `{requests: …, input_tokens: …, output_tokens: …}`".to_owned()
            }
        },
        "pricing" if FREE.contains(&text.to_lowercase().as_str()) => {
            "leave `pricing` out, and write `cost_per_1m_tokens_input: 0` and `cost_per_1m_tokens_output: 0`"
                .to_owned()
        }
        "pricing" => match value.number() {
            Some(_) => format!(
                "a price per tokens stands beside it, `cost_per_1m_tokens_input: {text}` and `cost_per_1m_tokens_output: {text}`; `pricing` is, for example, `{PRICING}`"
            ),
            None => format!("write, for example, `{PRICING}`"),
        },
        "request" => "write, for example, `{header_prefix: x-govctl-}`".to_owned(),
        "long_prompt" => "write, for example, `{above_tokens: 200000, input: 6, output: 22.50}`".to_owned(),
        "endpoint" => {
            "write, for example, `{protocol: openai, base_url: \"https://api.example.com/v1\"}`".to_owned()
        }
        "profile" => "write the keys of the gateway with their values, as in `{temperature: 0}`".to_owned(),
        "governance" => "indent `providers:` below it".to_owned(),
        "use_cases" | "providers" | "models" => "write it with keys, one on each line".to_owned(),
        _ => "write its keys below it, one on each line, each with its value".to_owned(),
    }
}

/// `[expiring, overload]`, `expiring`: findings without their level.
pub(super) fn denied(value: &Value, level: &str) -> Option<String> {
    let one = std::slice::from_ref(value);
    let codes = if value.items().is_empty() { one } else { value.items() };
    let is_code =
        |code: &&str| code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let entries: Option<Vec<String>> = codes
        .iter()
        .take(8)
        .map(|code| code.text().filter(is_code).map(|code| format!("{code}: {level}")))
        .collect();
    entries.filter(|entries| !entries.is_empty()).map(|entries| format!("{{{}}}", entries.join(", ")))
}

/// A status that stands alone, as the map that has it.
fn of_status(text: &str, known: &[&str], example: &str) -> String {
    let status = elsewhere::meant(text, known).or_else(|| known.iter().copied().find(|known| *known == text));
    match status {
        Some(status) => format!("write `{{status: {status}}}`"),
        None => format!("write, for example, `{{status: {example}}}`"),
    }
}

/// A price by the second.
const PRICING: &str = "{unit: compute-seconds, per_second: 0.002, tokens_per_second: 900, overhead: 20%}";

/// A file that begins with the keys of one use case or provider: one finding, for all of them stand one level too high.
pub(in crate::yaml) fn headless(
    known: &[String],
    map: &Value,
    unknown: &[&(Spanned<String>, Value)],
    home: impl Fn(&str) -> Option<&'static str>,
) -> Option<Finding> {
    const TOPS: [(&str, &str, &str); 2] = [
        (
            "use_cases",
            "a use case",
            "begin the file with `use_cases:`, and below it the entry with `- name: …`, its other keys indented like `name`",
        ),
        (
            "providers",
            "a provider",
            "begin the file with `providers:`, and below it the name of the provider as a key, these keys indented below that",
        ),
    ];
    let (top, of, help) = TOPS.into_iter().find(|(top, ..)| known.iter().any(|key| key == top))?;
    let is_of = |key: &str| home(key) == Some(of) || (key == "name" && top == "use_cases");
    let all = unknown.iter().all(|(key, _)| is_of(&key.value));
    let (first, _) = unknown.first().filter(|_| unknown.len() > 1 && all && map.get(top).is_none())?;
    let message = format!("`{}` is a key of {of}, and stands at the top of the file", first.value);
    Some(Finding::error(code::SCHEMA, first.span, message).help(help))
}
