//! What to write instead of a value that breaks the schema.

mod belongs;
mod form;
mod keys;
mod map;
mod tools;

pub(super) use form::{named_by_key, said_otherwise};
pub(super) use keys::{is_misspelt, unknown_key};

use serde_json::Value as Json;

use super::pointer::is_required;
use super::{Kind, Value};
use crate::diag::quantity::{self, Wanted};
use crate::diag::{day, elsewhere, nearest};

/// The type that a key's value should have, as JSON Schema calls it.
pub(super) fn for_type(value: &Value, wanted: &str, key: Option<&str>, is_entry: bool) -> String {
    let key = key.unwrap_or_default();
    let text = scalar(value);
    if let (true, "object", Some(name)) = (is_entry, wanted, text) {
        return format!("write `{{name: {name}, …}}`, or `- name: {name}` with the other keys below it");
    }
    if let Some(right) = text.and_then(uncommented).and_then(|text| match wanted {
        "number" | "integer" => quantity_of(key, text),
        "boolean" => boolean(text).map(|flag| flag.to_string()),
        _ => None,
    }) {
        return format!("write `{right}`: {COMMENT}");
    }
    match wanted {
        "number" | "integer" => for_number(text.unwrap_or_default(), wanted, key),
        "string" => for_text(value, key),
        "boolean" => match text.and_then(boolean) {
            Some(right) => format!("write `{right}`"),
            None => "write `true` or `false`".to_owned(),
        },
        "array" => for_list(value, key),
        "object" => map::for_map(value, key),
        _ => match value.items() {
            [one] if one.text().is_some() => for_text(value, key),
            _ => "write one name, or `null`".to_owned(),
        },
    }
}

/// What is said where another mark stands before a comment.
const COMMENT: &str = "a comment begins with `#` in YAML";

/// A value without the comment that stands behind it as in other languages.
fn uncommented(text: &str) -> Option<&str> {
    let value = [" //", " /*", " --", " ;"].iter().find_map(|mark| text.split_once(mark))?.0.trim();
    (!value.is_empty()).then_some(value)
}

/// Text where a number belongs.
fn for_number(text: &str, wanted: &str, key: &str) -> String {
    if text == "free" {
        return "write `0`".to_owned();
    }
    if let Some(right) = quantity_of(key, text) {
        return format!("write `{right}`");
    }
    let read = Wanted::of_key(key).and_then(|wanted| quantity::read(text, wanted));
    if read.is_some_and(|(quantity, _)| quantity.unit == quantity::Unit::Currency) {
        let example = if key.contains("1k") { "0.0025" } else { "2.50" };
        return format!(
            "amounts are in US dollars: convert it and write the number alone, for example `{example}`"
        );
    }
    match wanted {
        "integer" if key.ends_with("_per_minute") => {
            "write a whole number for a minute in digits, for example `600`".to_owned()
        }
        "integer" => "write a whole number in digits, for example `400000`".to_owned(),
        _ => "write it in digits, for example `0.25`".to_owned(),
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
            _ if is_day(key) => match day::read(text) {
                Some(right) => format!("write `{right}`"),
                None => form(Some(key)),
            },
            _ if matches!(key, "data_classification" | "data_classification_max") => {
                "write the name of a classification, such as `internal`".to_owned()
            }
            _ => format!("write `\"{text}\"`, in quotes"),
        },
        Kind::Bool(true) if key == "approved_use_cases" => "write `\"*\"`".to_owned(),
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
        (_, "use_cases" | "models") => match value.entries().first() {
            Some(_) if value.get("name").and_then(Value::text).is_some() => {
                let name = value.get("name").and_then(Value::text).unwrap_or_default();
                format!("begin the entry with `- name: {name}`, and indent its other keys like `name`")
            }
            Some((first, _)) => {
                format!("begin each entry with its name, the first with `- name: {}`", first.value)
            }
            None => "begin each entry with `- name: …`".to_owned(),
        },
        (_, "data_sources") => "write `[{name: …, kind: table}]`".to_owned(),
        (Kind::String(text), "approved_use_cases") if matches!(text.as_str(), "all" | "any" | "*") => {
            "write `[\"*\"]`".to_owned()
        }
        (Kind::String(text), "residency") if matches!(text.as_str(), "all" | "any" | "anywhere" | "*") => {
            "leave the key out: without it, a request may be processed anywhere".to_owned()
        }
        (Kind::Bool(true), "approved_use_cases") => "write `[\"*\"]`".to_owned(),
        (Kind::String(text), "residency") if is_nothing(text) => {
            "name the regions where it may be processed, as in `[eu]`; without the key it may be anywhere"
                .to_owned()
        }
        (Kind::String(text), _) if is_nothing(text) => "write `[]`".to_owned(),
        (Kind::Bool(false), _) if key != "residency" => "write `[]`".to_owned(),
        (Kind::Bool(_), _) => format!("name them in brackets, as in `{}`", example(key)),
        (Kind::String(written), _) => {
            let text = uncommented(written).unwrap_or(written).trim_matches(['[', ']', '(', ')', '{', '}']);
            let parts = text.split([',', ' ', ';']).map(|part| part.trim_matches(['"', '\'']));
            let items: Vec<String> =
                parts.filter(|part| !part.is_empty()).map(|part| item(&lowered(key, part))).collect();
            // The braces stand outside of what is marked.
            let write = if written.starts_with('{') { "write it as" } else { "write" };
            format!("{write} `[{}]`", items.join(", "))
        }
        (Kind::Number { text, .. }, _) => format!("write `[\"{text}\"]`"),
        (Kind::Map(entries), "compliance") => {
            let all = entries.iter().take(8).filter_map(|(key, value)| match value.kind {
                Kind::Null => Some(item(&key.value)),
                _ => form::certified(&key.value, value),
            });
            format!("write it as `[{}]`", all.collect::<Vec<_>>().join(", "))
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

/// Words for a list without anything in it.
fn is_nothing(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    matches!(
        text.as_str(),
        "none" | "nothing" | "no" | "empty" | "nil" | "n/a" | "na" | "-" | "false" | "never" | ""
    )
}

/// A list of names as the value of a key.
fn example(key: &str) -> &'static str {
    match key {
        "regions" | "residency" | "processed_in" => "[eu]",
        "compliance" | "regulations" => "[gdpr]",
        "capabilities" => "[tools]",
        "data" => "[pii]",
        _ => "[a, b]",
    }
}

/// A name in lower case, in which regions, certifications and the like are written everywhere.
fn lowered(key: &str, name: &str) -> String {
    if example(key) == "[a, b]" { name.to_owned() } else { name.to_lowercase() }
}

/// A name as an item of a list: one with a `*` needs quotes.
fn item(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if plain { name.to_owned() } else { format!("\"{name}\"") }
}

/// The values that a key allows, the one that was meant first.
pub(super) fn allowed(value: &Value, options: &Json) -> String {
    let options: Vec<&str> =
        options.as_array().map(|all| all.iter().filter_map(Json::as_str).collect()).unwrap_or_default();
    let single = match &value.kind {
        Kind::List(items) => items.first().filter(|_| items.len() == 1).and_then(Value::text),
        _ => scalar(value),
    };
    let Some(text) = single else { return format!("write {}", nearest::either(&options)) };
    if options.contains(&"compute-seconds")
        && let "tokens" | "token" | "per_token" | "free" | "requests" | "request" | "none" = text
    {
        return format!(
            "a price for tokens stands without `pricing`, as `cost_per_1m_tokens_input` and `cost_per_1m_tokens_output`, which may be `0`; a unit is {}",
            nearest::either(&options)
        );
    }
    if let Some(same) = options.iter().find(|option| **option == text) {
        return format!("write `{same}`, without brackets");
    }
    if let Some(same) = options.iter().find(|option| uncommented(text) == Some(**option)) {
        return format!("write `{same}`: {COMMENT}");
    }
    let text = uncommented(text).unwrap_or(text);
    let near = nearest::nearest(text, options.iter().copied());
    let meant = match near.as_slice() {
        [] => elsewhere::meant(text, &options),
        [one] => Some(*one),
        _ => None,
    };
    match meant {
        Some(one) => format!("did you mean `{one}`? it is one of {}", nearest::either(&options)),
        None if near.len() > 1 => format!("did you mean {}?", nearest::either(&near)),
        None => format!("write {}", nearest::either(&options)),
    }
}

/// How the text of a key is written.
pub(super) fn for_pattern(value: &Value, key: Option<&str>) -> String {
    let text = scalar(value).unwrap_or_default();
    let (text, is_commented) = uncommented(text).map_or((text, false), |text| (text, true));
    let name = key.unwrap_or_default();
    let right = match name {
        name if is_day(name) => day::read(text),
        "data_retention" | "retention_max" => retention(text).or_else(|| quantity_of(name, text)),
        _ if is_quantity(name) => quantity_of(name, text),
        _ => None,
    };
    match right {
        Some(right) if is_commented => format!("write `{right}`: {COMMENT}"),
        Some(right) => format!("write `{right}`"),
        None if is_day(name) => day::doubt(text).unwrap_or_else(|| form(key)),
        None => form(key),
    }
}

/// Whether a key has a day.
fn is_day(key: &str) -> bool {
    matches!(key, "expires" | "renews" | "sunset" | "read_on" | "until")
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
        "expires" | "renews" | "sunset" | "read_on" | "until" => {
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

/// What stands in place of an empty text.
pub(super) fn empty(schema: &Json, path: &str, key: Option<&str>) -> String {
    match key {
        Some("owner") => "write who answers for it, as in `\"team@example.com\"`".to_owned(),
        Some(key) if is_required(schema, path, key) => format!("write a text: `{key}` must be there"),
        _ => "write a name or leave the key out".to_owned(),
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
