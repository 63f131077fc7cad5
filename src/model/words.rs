//! Phrases that several findings share.

use super::World;
use super::names::Set;
use crate::number::grouped;
use crate::source::{listed, spans};

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``.
pub fn list<S: AsRef<str>>(names: &[S]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { listed::quoted(names, "and") }
}

/// `a`, `a and b`, `a, b and c`: words as they are.
pub fn joined(words: &[&str]) -> String {
    if words.is_empty() { "nothing".to_owned() } else { listed::joined(words, "and") }
}

/// The first few names of a list and how many more there are.
pub fn some<S: AsRef<str>>(names: &[S], most: usize) -> String {
    some_of(names.iter().map(AsRef::as_ref), names.len(), most)
}

/// The first few of so many names and how many more there are.
pub fn some_of<'a>(names: impl Iterator<Item = &'a str>, all: usize, most: usize) -> String {
    let shown: Vec<&str> = names.take(most).collect();
    match all.saturating_sub(most) {
        0 => list(&shown),
        more => {
            let quoted: Vec<String> = shown.iter().map(|name| spans::quoted(name)).collect();
            listed::and_more(&quoted.join(", "), more)
        }
    }
}

/// The first few words of a list, as they are.
pub fn some_plain<S: AsRef<str>>(words: &[S], most: usize) -> String {
    let shown = words.iter().take(most).map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    if words.is_empty() {
        "none".to_owned()
    } else {
        listed::and_more(&shown, words.len().saturating_sub(most))
    }
}

/// The names of a set in words.
pub fn set(world: &World, set: &Set) -> String {
    list(&world.names.sorted(set))
}

/// A number of things.
pub fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{} {many}", number(n)) }
}

/// A number with commas; the greatest stands for all that are no smaller.
pub fn number(n: usize) -> String {
    format!("{}{}", at_least(n), grouped(&n.to_string()))
}

/// What stands before a number as far as things are counted.
pub fn at_least(n: usize) -> &'static str {
    if n == usize::MAX { "at least " } else { "" }
}

/// Words that are no names, wherever they stand.
pub const RESERVED: [&str; 11] =
    ["and", "or", "not", "in", "has", "covers", "where", "then", "per", "true", "false"];

/// Words that are names only in quotes where a model, an order or a chain may stand.
pub const BESIDE_MODELS: [&str; 6] = ["cheapest", "fastest", "most-available", "none", "registry", "ranking"];

/// Words that stand for themselves in a `test` statement.
pub const BESIDE_TESTS: [&str; 16] = [
    "use_case",
    "classification",
    "budget.remaining",
    "down",
    "on",
    "primary",
    "never",
    "terminal",
    "unroutable",
    "rule",
    "given",
    "expect",
    "compliance",
    "cost",
    "latency",
    "preference",
];

/// A name as it is written in a policy: quoted where it has to be.
pub fn written(name: &str) -> String {
    written_beside(name, &[])
}

/// The same where some words stand for themselves.
pub fn written_beside(name: &str, keywords: &[&str]) -> String {
    let mut last = '-';
    let plain = name.chars().enumerate().all(|(at, c)| {
        let joins = last != '-' && last != '.';
        last = c;
        c.is_ascii_alphabetic()
            || c == '_'
            || (at > 0 && (c.is_ascii_digit() || (joins && (c == '-' || c == '.'))))
    });
    let is_taken = RESERVED.contains(&name) || keywords.contains(&name);
    if plain && !name.is_empty() && !name.ends_with(['-', '.']) && !is_taken {
        name.to_owned()
    } else {
        string(name)
    }
}

/// A name or a `provider/model` as a policy writes it.
pub fn reference(name: &str) -> String {
    reference_beside(name, &[])
}

/// The same where some words stand for themselves.
pub fn reference_beside(name: &str, keywords: &[&str]) -> String {
    let Some((provider, model)) = name.split_once('/') else { return written_beside(name, keywords) };
    let mut before = '-';
    let is_path = model.chars().all(|c| {
        let joins = matches!(c, '.' | ':' | '@' | '/' | '-');
        let fits = if joins { !matches!(before, '.' | ':' | '@' | '/' | '-') } else { is_word(c) };
        before = c;
        fits
    });
    let is_path = is_path && !model.is_empty() && is_word(before) && !model.starts_with('_');
    let model = if is_path { model.to_owned() } else { string(model) };
    format!("{}/{model}", written_beside(provider, keywords))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// What is said of several names with white space between them.
pub fn parted(name: &str, candidates: &[&str]) -> Option<String> {
    // `data.pii`, `region:eu`
    if let Some((_, last)) = name.rsplit_once(['.', ':']).filter(|(_, last)| candidates.contains(last)) {
        return Some(format!("did you mean `{last}`?"));
    }
    let marks = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '&' | '+' | '/');
    let parts = name.split(marks).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.filter(|part| !BETWEEN.contains(&part.to_lowercase().as_str())).collect();
    let known = parts.iter().filter(|part| candidates.contains(part)).count();
    match parts.as_slice() {
        [one] if known == 1 && *one != name => Some(format!("did you mean `{one}`?")),
        [_, _, ..] if known == parts.len() || (known > 0 && name.contains([';', '|', '&'])) => {
            Some(format!("a comma is missing between the names: `{}`", parts.join(", ")))
        }
        _ => None,
    }
}

/// Words between names, and beside one.
const BETWEEN: [&str; 6] = ["and", "or", "only", "just", "both", "plus"];

/// Whether a name is one that something else is taken from: `!us`, `not us`.
pub fn is_negated(name: &str) -> bool {
    let (first, rest) = name.split_once(' ').unwrap_or((name, ""));
    name.starts_with(['!', '^', '~', '-'])
        || (!rest.is_empty()
            && matches!(
                first.to_lowercase().as_str(),
                "not" | "no" | "non" | "except" | "without" | "exclude" | "excluding" | "outside"
            ))
}

/// A string as the language writes it.
pub fn string(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            '\t' => quoted += "\\t",
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

/// So many contexts; at least so many where that is the most that can be counted.
pub fn contexts(counted: u64, most: u64) -> String {
    let at_least = if counted >= most { "at least " } else { "" };
    let number = grouped(&counted.to_string());
    format!("{at_least}{number} {}", if counted == 1 { "context" } else { "contexts" })
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn a_name_is_quoted_where_it_has_to_be() {
        for plain in ["tone", "checkout.ai_summary", "_x-1", "a1"] {
            assert_eq!(written(plain), plain);
        }
        for odd in ["", "1a", "a b", "a-", "a--b", "a.-b", "-a", "not", "false", "é", "a\\\"b"] {
            assert!(written(odd).starts_with('"'), "{odd}");
        }
        assert_eq!(written("a\\\"b"), "\"a\\\\\\\"b\"");
    }
}
