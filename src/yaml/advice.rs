//! What to write instead of a value that breaks the schema.

mod keys;

pub(super) use keys::unknown_key;

use serde_json::Value as Json;

use super::{Kind, Value};
use crate::diag::quantity::{self, Wanted};
use crate::diag::{elsewhere, nearest};

/// The type that a key's value should have, as JSON Schema calls it.
pub(super) fn for_type(value: &Value, wanted: &str, key: Option<&str>, is_entry: bool) -> String {
    let key = key.unwrap_or_default();
    let text = scalar(value);
    if let (true, "object", Some(name)) = (is_entry, wanted, text) {
        return format!("write `{{name: {name}, …}}`, or `- name: {name}` with the other keys below it");
    }
    match wanted {
        "number" | "integer" if text == Some("free") => "write `0`".to_owned(),
        "number" | "integer" => match text.and_then(|text| quantity_of(key, text)) {
            Some(right) => format!("write `{right}`"),
            None if wanted == "integer" => "write a whole number in digits, for example `400000`".to_owned(),
            None => "write it in digits, for example `0.25`".to_owned(),
        },
        "string" => for_text(value, key),
        "boolean" => match text.and_then(boolean) {
            Some(right) => format!("write `{right}`"),
            None => "write `true` or `false`".to_owned(),
        },
        "array" => for_list(value, key),
        "object" => for_map(value, key),
        _ => match value.items() {
            [one] if one.text().is_some() => for_text(value, key),
            _ => "write one name, or `null`".to_owned(),
        },
    }
}

/// How a file begins that holds no keys at all.
pub(super) fn for_root(schema: &Json) -> String {
    let has = |key: &str| schema.get("properties").is_some_and(|properties| properties.get(key).is_some());
    if has("use_cases") {
        "begin the file with `use_cases:` and indent the list below it".to_owned()
    } else if has("providers") {
        "begin the file with `providers:` and indent the providers below it".to_owned()
    } else {
        "write it with keys, one on each line".to_owned()
    }
}

/// A number, a list or a map where text belongs.
fn for_text(value: &Value, key: &str) -> String {
    match &value.kind {
        Kind::Number { text, .. } => match (quantity_of(key, text), is_quantity(key)) {
            (Some(right), true) => format!("write `{right}`"),
            (None, true) => form(Some(key)),
            _ if matches!(key, "data_classification" | "data_classification_max") => {
                "write the name of a classification, such as `internal`".to_owned()
            }
            _ => format!("write `\"{text}\"`, in quotes"),
        },
        Kind::Bool(flag) => format!("write `\"{flag}\"`, in quotes"),
        Kind::List(items) => match items.as_slice() {
            [one] if one.text().is_some() => {
                format!("write `{}`, without brackets", one.text().unwrap_or_default())
            }
            _ => "write one name, without brackets".to_owned(),
        },
        _ => "write it as text on one line".to_owned(),
    }
}

fn for_list(value: &Value, key: &str) -> String {
    match (&value.kind, key) {
        (_, "evidence") => {
            "write `[{facts: [data_retention], source: \"…\", read_on: 2027-03-01}]`".to_owned()
        }
        (_, "use_cases" | "models") => "begin each entry with `- name: …`".to_owned(),
        (_, "data_sources") => "write `[{name: …, kind: table}]`".to_owned(),
        (Kind::String(text), "approved_use_cases") if matches!(text.as_str(), "all" | "any" | "*") => {
            "write `[\"*\"]`".to_owned()
        }
        (Kind::String(text), "residency") if matches!(text.as_str(), "all" | "any" | "anywhere" | "*") => {
            "leave the key out: without it, a request may be processed anywhere".to_owned()
        }
        (Kind::String(text), _) => {
            let items: Vec<String> =
                text.split([',', ' ', ';']).filter(|part| !part.is_empty()).map(item).collect();
            format!("write `[{}]`", items.join(", "))
        }
        (Kind::Map(entries), _) => {
            let names: Vec<String> = entries.iter().take(8).map(|(key, _)| item(&key.value)).collect();
            format!("write it as `[{}]`", names.join(", "))
        }
        (_, _) => match scalar(value) {
            Some(text) => format!("write `[{text}]`"),
            None => "write it in brackets, as in `[a, b]`".to_owned(),
        },
    }
}

/// A name as an item of a list: one with a `*` needs quotes.
fn item(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if plain { name.to_owned() } else { format!("\"{name}\"") }
}

fn for_map(value: &Value, key: &str) -> String {
    if key == "providers" && matches!(value.kind, Kind::List(_)) {
        return "leave out the `- `: the name of each provider is a key, as in `openai:`, with its own keys below it"
            .to_owned();
    }
    if key == "lints" {
        return "write `{no-failover: deny}`, with the findings that you mean".to_owned();
    }
    let text = scalar(value).unwrap_or_default();
    match key {
        "dpa" => {
            let status =
                elsewhere::meant(text, DPA).or_else(|| DPA.iter().copied().find(|known| *known == text));
            format!("write `{{status: {}}}`", status.unwrap_or("confirmed"))
        }
        "lifecycle" => {
            let known = ["preview", "active", "deprecated", "retired"];
            let status =
                elsewhere::meant(text, &known).or_else(|| known.into_iter().find(|known| *known == text));
            format!("write `{{status: {}}}`", status.unwrap_or("active"))
        }
        "latency" => match quantity_of("p95_ms", text) {
            Some(number) => format!("write `{{p95_ms: {number}}}`"),
            None => "write `{p50_ms: 900, p95_ms: 2500}`".to_owned(),
        },
        "rate_limits" => match quantity_of("requests_per_minute", text) {
            Some(number) => format!("write `{{requests_per_minute: {number}}}`"),
            None => "write `{requests_per_minute: 10000}`".to_owned(),
        },
        "endpoint" if text.contains("//") => {
            format!(
                "write `{{protocol: openai, base_url: \"{}\"}}`",
                text.chars().take(100).collect::<String>()
            )
        }
        "expected_monthly" => {
            "write `{requests: 400000, input_tokens: 120000000, output_tokens: 30000000}`".to_owned()
        }
        "use_cases" | "providers" | "models" => "write it with keys, one on each line".to_owned(),
        _ => "write it with keys, as in `{key: value}`".to_owned(),
    }
}

const DPA: &[&str] = &["none", "pending", "confirmed"];

/// The values that a key allows, the one that was meant first.
pub(super) fn allowed(value: &Value, options: &Json) -> String {
    let options: Vec<&str> =
        options.as_array().map(|all| all.iter().filter_map(Json::as_str).collect()).unwrap_or_default();
    let single = match &value.kind {
        Kind::List(items) => items.first().filter(|_| items.len() == 1).and_then(Value::text),
        _ => scalar(value),
    };
    let Some(text) = single else { return format!("write {}", nearest::either(&options)) };
    if let Some(same) = options.iter().find(|option| **option == text) {
        return format!("write `{same}`, without brackets");
    }
    let near = nearest::nearest(text, options.iter().copied());
    let meant = match near.as_slice() {
        [] => elsewhere::meant(text, &options),
        [one] => Some(*one),
        _ => None,
    };
    match meant {
        Some(one) => format!("did you mean `{one}`? it is one of {}", nearest::either(&options)),
        None => format!("write {}", nearest::either(&options)),
    }
}

/// How the text of a key is written.
pub(super) fn for_pattern(value: &Value, key: Option<&str>) -> String {
    let text = scalar(value).unwrap_or_default();
    let name = key.unwrap_or_default();
    let right = match name {
        "expires" | "renews" | "sunset" | "read_on" => day(text),
        "data_retention" | "retention_max" => retention(text).or_else(|| quantity_of(name, text)),
        _ if is_quantity(name) => quantity_of(name, text),
        _ => None,
    };
    right.map_or_else(|| form(key), |right| format!("write `{right}`"))
}

/// How the text of a key is written, in general.
fn form(key: Option<&str>) -> String {
    match key.unwrap_or_default() {
        "data_retention" | "retention_max" => {
            "write `zero-retention`, a number of days such as `30-days`, or `custom-365-days`".to_owned()
        }
        "availability" | "availability_target" | "batch_discount" | "long_prompts" => {
            "write a percent between 0% and 100%, such as `99.9%`".to_owned()
        }
        "overhead" => "write a percent such as `20%`".to_owned(),
        "first_byte_timeout" => "write a duration such as `30 s`".to_owned(),
        "header_prefix" => {
            "write lower-case letters, digits and `-`, with a `-` at the end, such as `x-govctl-`".to_owned()
        }
        "expires" | "renews" | "sunset" | "read_on" => {
            "write year, month and day, as in `2027-03-01`".to_owned()
        }
        "api_key_env" => "name the variable that holds the key, for example `OPENAI_API_KEY`".to_owned(),
        _ => String::new(),
    }
}

/// Keys whose values are quantities written as text.
fn is_quantity(key: &str) -> bool {
    matches!(Wanted::of_key(key), Some(Wanted::Percent | Wanted::Growth | Wanted::Days))
}

/// A quantity as the value of a key is written, all of the text taken.
fn quantity_of(key: &str, text: &str) -> Option<String> {
    let wanted = Wanted::of_key(key)?;
    let text = text.trim();
    let (quantity, length) = quantity::read(text, wanted)?;
    let whole = text.get(length..)?.trim().is_empty();
    quantity.written(wanted).filter(|_| whole)
}

fn retention(text: &str) -> Option<String> {
    let none = [
        "none",
        "zero",
        "no",
        "never",
        "no-retention",
        "zero-data-retention",
        "zdr",
        "not-retained",
        "zero_retention",
    ];
    none.contains(&text.to_lowercase().as_str()).then(|| "zero-retention".to_owned())
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "on" | "1" | "true" | "always" => Some(true),
        "no" | "n" | "off" | "0" | "false" | "never" => Some(false),
        _ => None,
    }
}

/// A day as people write it, where there is one reading: `01.03.2027`, `2027/3/1`, `1 March 2027`.
fn day(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let date = text.split_once(['T', ' ']).filter(|(date, _)| date.len() >= 8).map_or(text, |(date, _)| date);
    let parts: Vec<&str> = date.split(['.', '/', '-', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |part: &str| part.parse::<u16>().ok();
    let month = |part: &str| {
        let begin: String = part.to_lowercase().chars().take(3).collect();
        MONTHS.iter().position(|known| *known == begin).and_then(|at| u16::try_from(at + 1).ok())
    };
    let (year, month, day) = match (number(first), number(second), number(third)) {
        (Some(year), Some(month), Some(day)) if year > 31 => (year, month, day),
        (Some(day), Some(month), Some(year)) if date.contains('.') => (year, month, day),
        // `13/01` can only be a day and a month, `03/01` can be either.
        (Some(day), Some(month), Some(year)) if day > 12 => (year, month, day),
        (Some(month), Some(day), Some(year)) if day > 12 => (year, month, day),
        (Some(day), None, Some(year)) => (year, month(second)?, day),
        (None, Some(day), Some(year)) => (year, month(first)?, day),
        _ => return None,
    };
    let plausible = (1900..=2999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    plausible.then(|| format!("{year}-{month:02}-{day:02}"))
}

/// The text of a scalar as written.
fn scalar(value: &Value) -> Option<&str> {
    match &value.kind {
        Kind::String(text) | Kind::Number { text, .. } => Some(text),
        Kind::Bool(true) => Some("true"),
        Kind::Bool(false) => Some("false"),
        _ => None,
    }
}

/// A key that is missing, with a value to begin with: the example of the schema.
pub(super) fn missing(key: &str, example: Option<&Json>) -> String {
    match example.map(flow) {
        Some(example) if example.len() <= 60 => format!("add `{key}: {example}`, with your own value"),
        _ => format!("add `{key}: …`"),
    }
}

/// A JSON value as YAML on one line.
fn flow(value: &Json) -> String {
    match value {
        Json::String(text) => item_text(text),
        Json::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Json::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{key}: {}", flow(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

fn item_text(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || "-_.@%/ ".contains(c));
    if plain { text.to_owned() } else { format!("\"{text}\"") }
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn a_day_is_read_where_there_is_one_reading() {
        let right = Some("2027-03-01".to_owned());
        for text in
            ["01.03.2027", "2027/03/01", "2027-3-1", "1 March 2027", "Mar 1, 2027", "2027-03-01T00:00:00Z"]
        {
            assert_eq!(day(text), right, "{text}");
        }
        assert_eq!(day("31/12/2027"), Some("2027-12-31".to_owned()));
        assert_eq!(day("12/31/2027"), Some("2027-12-31".to_owned()));
        for text in ["03/01/2027", "2027-03", "soon", "2027-13-01"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
