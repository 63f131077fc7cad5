//! What to write where a list belongs and something else stands.

use super::{COMMENT, form, scalar, uncommented};
use crate::yaml::{Kind, Value};

/// What to write instead of a value that is no list.
pub(super) fn for_list(value: &Value, key: &str) -> String {
    match (&value.kind, key) {
        (_, "evidence") => {
            "write `[{facts: [data_retention], source: \"…\", read_on: 2027-03-01}]`".to_owned()
        }
        (_, "use_cases" | "models") => for_entries(value),
        (_, "data_sources") => "write `[{name: …, kind: table}]`".to_owned(),
        (Kind::Bool(true), "approved_use_cases") => "write `[\"*\"]`".to_owned(),
        (Kind::Bool(false), _) if key != "residency" => "write `[]`".to_owned(),
        (Kind::Bool(_), _) => format!("name them in brackets, as in `{}`", example(key)),
        (Kind::String(text), _) => for_words(text, key),
        (Kind::Number { text, .. }, _) => format!("write `[\"{text}\"]`"),
        (Kind::Map(entries), "compliance") => {
            let all = entries.iter().take(8).filter_map(|(key, value)| match value.kind {
                Kind::Null => Some(item(&key.value)),
                _ => form::certified(&key.value, value),
            });
            format!("write it as `[{}]`", all.collect::<Vec<_>>().join(", "))
        }
        (Kind::Map(entries), _) if entries.iter().any(|(key, value)| is_negated(&key.value, value)) => {
            negation(key)
        }
        (Kind::Map(entries), _) if !entries.is_empty() => {
            let names: Vec<String> = entries.iter().take(8).map(|(key, _)| item(&key.value)).collect();
            format!("write it as `[{}]`", names.join(", "))
        }
        (_, _) => match scalar(value) {
            Some(text) => format!("write `[{text}]`"),
            None => format!("write it in brackets, as in `{}`", example(key)),
        },
    }
}

/// Where a list of models or use cases belongs.
fn for_entries(value: &Value) -> String {
    match value.entries().first() {
        Some(_) if value.get("name").and_then(Value::text).is_some() => {
            let name = value.get("name").and_then(Value::text).unwrap_or_default();
            format!("begin the entry with `- name: {name}`, and indent its other keys like `name`")
        }
        Some((first, _)) => {
            format!("begin each entry with its name, the first with `- name: {}`", first.value)
        }
        None => "begin each entry with `- name: …`".to_owned(),
    }
}

/// What to write instead of a text: the list of the names in it.
pub(super) fn for_words(written: &str, key: &str) -> String {
    let text = uncommented(written).unwrap_or(written).trim_matches(['[', ']', '(', ')', '{', '}']).trim();
    if written.contains("${") {
        return format!("nothing is put in for `{written}` here: name them, as in `{}`", example(key));
    }
    if is_nothing(text) {
        return match key {
            "residency" => {
                "name the regions where it may be processed, as in `[eu]`; without the key it may be anywhere"
                    .to_owned()
            }
            _ => "write `[]`".to_owned(),
        };
    }
    if is_all(text) {
        return for_all(key);
    }
    let names = whole(text, key);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if names.is_empty() || names.iter().any(|name| says_not(name)) {
        return negation(key);
    }
    let items: Vec<String> = names.iter().map(|name| item(&lowered(key, name))).collect();
    // The braces stand outside of what is marked.
    let write = if written.starts_with('{') { "write it as" } else { "write" };
    let list = format!("{write} `[{}]`", items.join(", "));
    if uncommented(written).is_some() { format!("{list}: {COMMENT}") } else { list }
}

/// The names in a text, those of several words in one: `SOC 2, GDPR` has two.
fn whole(text: &str, key: &str) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    let is_number = |name: &str| name.starts_with(|c: char| c.is_ascii_digit());
    for name in names(text, key) {
        match whole.last_mut() {
            // `SOC 2`, `ISO 27001`, and no number of its own.
            Some(last)
                if matches!(key, "compliance" | "regulations")
                    && is_number(name)
                    && !last.ends_with(|c: char| c.is_ascii_digit()) =>
            {
                last.push_str(name);
            }
            _ => whole.push(name.to_owned()),
        }
    }
    whole
}

/// The words in a text: `eu, us`, `eu and us`, `eu | us`, `eu only`.
fn names<'t>(text: &'t str, key: &str) -> Vec<&'t str> {
    const BETWEEN: [&str; 14] =
        ["and", "or", "und", "oder", "both", "plus", "also", "only", "just", "then", "to", "->", "=>", "&&"];
    // Names of regions and the like have no such marks, others may.
    let is_of_words = example(key) != "[a, b]";
    let parts = |c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | '|' | '&') || (is_of_words && matches!(c, '/' | '+'))
    };
    let words = text.split(parts).map(|word| word.trim_matches(['"', '\'']));
    words
        .filter(|word| word.chars().any(|c| c.is_alphanumeric() || c == '*'))
        .filter(|word| !BETWEEN.contains(&word.to_lowercase().as_str()))
        .collect()
}

/// Words that take something out.
fn says_not(word: &str) -> bool {
    let folded = word.to_lowercase();
    word.starts_with(['!', '^', '~', '-'])
        || matches!(
            folded.as_str(),
            "not" | "no" | "non" | "except" | "without" | "exclude" | "excluding" | "outside" | "but"
        )
}

/// `us: false`, `not: us`.
pub(super) fn is_negated(key: &str, value: &Value) -> bool {
    says_not(key) || value.kind == Kind::Bool(false)
}

/// What is said of a negation in a list.
pub(in crate::yaml) fn negation(key: &str) -> String {
    format!("there is no negation in a list: write the names that are meant, as in `{}`", example(key))
}

/// Words for everything that there is.
fn is_all(text: &str) -> bool {
    let text = text.to_lowercase();
    let is_all = |word: &str| {
        matches!(
            word,
            "all"
                | "any"
                | "every"
                | "everything"
                | "everywhere"
                | "anywhere"
                | "global"
                | "globally"
                | "worldwide"
                | "world"
                | "*"
        )
    };
    is_all(&text) || text.starts_with("all ")
}

fn for_all(key: &str) -> String {
    match key {
        "approved_use_cases" => "write `[\"*\"]`".to_owned(),
        "residency" => "leave the key out: without it, a request may be processed anywhere".to_owned(),
        _ => format!("no word stands for all of them: name each, as in `{}`", example(key)),
    }
}

/// Words for a list without anything in it.
fn is_nothing(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    matches!(
        text.as_str(),
        "none" | "nothing" | "no" | "empty" | "nil" | "n/a" | "na" | "-" | "false" | "never" | "nowhere" | ""
    )
}

/// A list of names as the value of a key.
pub(super) fn example(key: &str) -> &'static str {
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
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    // Without quotes, these are no texts.
    let is_other = name.parse::<f64>().is_ok()
        || matches!(name.to_lowercase().as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off");
    if plain && !is_other { name.to_owned() } else { format!("\"{name}\"") }
}
