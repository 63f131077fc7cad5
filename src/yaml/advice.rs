//! What to write instead of a value that breaks the schema.

mod belongs;
mod bound;
mod form;
mod keys;
mod list;
mod map;
mod price;
mod tools;
mod units;

pub(super) use bound::without_bound;
pub(super) use form::{named_by_key, said_otherwise};
pub(super) use keys::{is_misspelt, together, unknown_key};
pub(super) use list::negation;
pub(super) use map::headless;

use serde_json::Value as Json;

use super::pointer::is_required;
use super::{Kind, Value};
use crate::diag::quantity::{self, Wanted};
use crate::diag::{day, elsewhere, nearest};
use crate::number::whole;

/// The type that a key's value should have, as JSON Schema calls it.
pub(super) fn for_type(value: &Value, wanted: &str, key: Option<&str>, is_entry: bool) -> String {
    let key = key.unwrap_or_default();
    let text = scalar(value);
    if is_entry && value.kind == Kind::Null {
        return "leave it out: a list has nothing but its entries".to_owned();
    }
    if is_entry && wanted == "object" && text.is_some_and(|text| text.contains(" = ")) {
        return "write each key with a `:` in the place of its `=`, on a line of its own".to_owned();
    }
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
        "array" => list::for_list(value, key),
        "object" => map::for_map(value, key),
        _ if is_entry => for_text(value, key),
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
        _ if key.ends_with("_ms") => {
            "write a number of milliseconds in digits, for example `3000`".to_owned()
        }
        "integer" => "write a whole number in digits, for example `400000`".to_owned(),
        _ => "write it in digits, for example `0.25`".to_owned(),
    }
}

/// A number that is one.
fn is_one(value: &Value) -> bool {
    value.number().is_some_and(|number| *number == whole(1))
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
        // `1` is all of it as a share, and nearly nothing as a percent.
        Kind::Number { .. } if is_one(value) && matches!(Wanted::of_key(key), Some(Wanted::Percent)) => {
            "write `100%`; `1%` if one in a hundred is meant".to_owned()
        }
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
            _ if key == "first_byte_timeout" => duration(text),
            // Quotes alone would not make it one.
            _ if !form(Some(key)).is_empty() => form(Some(key)),
            _ => format!("write `\"{text}\"`, in quotes"),
        },
        Kind::Bool(true) if key == "approved_use_cases" => "write `\"*\"`".to_owned(),
        Kind::Bool(false) if key == "data_retention" => "write `zero-retention`".to_owned(),
        Kind::Bool(_) if is_quantity(key) || is_day(key) => form(Some(key)),
        Kind::Bool(_) if !form(Some(key)).is_empty() => form(Some(key)),
        Kind::Bool(flag) => format!("write `\"{flag}\"`, in quotes"),
        Kind::List(items) => match items.as_slice() {
            [one] if one.text().is_some_and(|text| text.contains("{{") || text.contains("${")) => {
                "nothing is put in for a variable here: write the name itself, without brackets".to_owned()
            }
            [one] if one.text().is_some() => {
                format!("write `{}`, without brackets", form::item(one.text().unwrap_or_default()))
            }
            _ if matches!(key, "data_classification" | "data_classification_max") => {
                "write one of them without brackets, the highest: it holds for what is lower too".to_owned()
            }
            _ => "write one name, without brackets".to_owned(),
        },
        Kind::Map(entries) => match entries.as_slice() {
            [(name, one)] if list::is_negated(&name.value, one) => negation(key),
            [(name, one)] if matches!(one.kind, Kind::Null | Kind::Bool(true)) => {
                format!("write it as `{}`", name.value)
            }
            _ => "write it as text on one line".to_owned(),
        },
        _ => "write it as text on one line".to_owned(),
    }
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
    let text = bound::unbound(uncommented(text).unwrap_or(text));
    if let Some(same) = options.iter().find(|option| **option == text) {
        return format!("write `{same}`: a value is no comparison");
    }
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '|' | ';' | '&'));
    let named: Vec<&str> = words.filter(|word| options.contains(word)).collect();
    if named.len() > 1 {
        return format!("write one of them: {}", nearest::either(&named));
    }
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
        name if is_day(name) && name != "read_on" && is_never(text) => {
            return "leave the key out: without it, there is no such day".to_owned();
        }
        name if is_day(name) => day::read(bound::unbound(text)),
        "data_retention" | "retention_max" => {
            retention(bound::unbound(text)).or_else(|| quantity_of(name, text))
        }
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

/// Words for a day that does not come.
fn is_never(text: &str) -> bool {
    const NEVER: [&str; 14] = [
        "never",
        "none",
        "no",
        "n/a",
        "na",
        "unlimited",
        "forever",
        "indefinite",
        "indefinitely",
        "open",
        "null",
        "nil",
        "-",
        "perpetual",
    ];
    NEVER.contains(&text.trim().to_lowercase().as_str())
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
        "first_byte_timeout" => {
            "write a duration such as `30 s`, above 0 and below 10,000 minutes".to_owned()
        }
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

/// A number of seconds, or of milliseconds where as many seconds are more than anybody waits for a first byte.
fn duration(text: &str) -> String {
    match text.parse::<u32>() {
        Ok(number @ 1..1_000) => format!("write `{number} s`"),
        Ok(number @ 1_000..10_000_000) => format!("write `{number} ms`"),
        _ => form(Some("first_byte_timeout")),
    }
}

/// Keys whose values are quantities written as text.
fn is_quantity(key: &str) -> bool {
    matches!(Wanted::of_key(key), Some(Wanted::Percent | Wanted::Growth | Wanted::Days))
}

/// A quantity as the value of a key is written, all of the text taken.
fn quantity_of(key: &str, text: &str) -> Option<String> {
    let wanted = Wanted::of_key(key)?;
    let text = bound::unbound(text);
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
