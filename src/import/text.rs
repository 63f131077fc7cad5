//! Text of others as YAML, as comments and as policy text: quoted and escaped, so that it says what it said and nothing more.

use crate::source::visible;
use crate::yaml::{Kind, Value};

/// Words that YAML readers of some kind take for no text.
const NO_TEXT: [&str; 11] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", ".inf", ".nan"];

/// A text as a YAML scalar: plain where nothing can take it for something else.
pub(super) fn scalar(text: &str) -> String {
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let tame = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@' | '+');
    if first && text.chars().all(tame) && !NO_TEXT.contains(&text.to_ascii_lowercase().as_str()) {
        return text.to_owned();
    }
    quoted(text)
}

/// `30-days`, a date: plain, though it begins with a digit.
pub(super) fn digits_first(text: &str) -> String {
    let has_letter = text.chars().any(|c| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'x' | 'o'));
    let tame = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    if has_letter && tame && text.starts_with(|c: char| c.is_ascii_digit()) {
        text.to_owned()
    } else {
        scalar(text)
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            '\t' => quoted += "\\t",
            c if visible::is_hidden(c) && u32::from(c) > 0xffff => {
                quoted += &format!("\\U{:08X}", u32::from(c));
            }
            c if visible::is_hidden(c) => quoted += &format!("\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// A value on one line, in YAML's flow style; numbers as they were written.
pub(super) fn flow(value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number { text, .. } => text.clone(),
        Kind::String(text) => digits_first(text),
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", scalar(&key.value), flow(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// Text of others in a comment, on one line.
pub(super) fn comment(text: &str) -> String {
    // A comment of ours that silences a finding must not come from somebody's file.
    visible::inline(text).replace("govctl:", "govctl :")
}

/// A string of the policy language.
pub(super) fn string(text: &str) -> String {
    let mut string = String::from("\"");
    for c in visible::lines(text).chars() {
        match c {
            '"' => string += "\\\"",
            '\\' => string += "\\\\",
            '\n' => string += "\\n",
            c => string.push(c),
        }
    }
    string + "\""
}

/// A name of the policy language, quoted where it has to be or may be taken for a keyword.
pub(super) fn name(text: &str) -> String {
    const KEYWORDS: [&str; 6] = ["cheapest", "fastest", "most-available", "none", "registry", "ranking"];
    let hides = visible::hidden_in_name(text).is_some();
    if hides || KEYWORDS.contains(&text) { string(text) } else { crate::model::words::written(text) }
}

/// A name made of what somebody wrote: lower case, words joined by `-`, unique among `taken`.
pub(super) fn slug(text: &str, taken: &mut Vec<String>) -> String {
    let mut slug = String::new();
    for c in text.chars().take(80) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    let slug = match slug.chars().next() {
        Some(c) if c.is_ascii_alphabetic() => slug.to_owned(),
        Some(_) => format!("n-{slug}"),
        None => "unnamed".to_owned(),
    };
    unique(&slug, taken)
}

/// A name that none of `taken` has: with `-2` and so on where it must be. It is then taken.
pub(super) fn unique(name: &str, taken: &mut Vec<String>) -> String {
    let numbered = (2..).map(|n| format!("{name}-{n}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    let free = names.find(|name| !taken.contains(name)).unwrap_or_default();
    taken.push(free.clone());
    free
}

/// A policy in its canonical layout.
pub(super) fn policy(text: &str) -> String {
    crate::syntax::format(crate::source::FileId::NONE, text).unwrap_or_else(|_| text.to_owned())
}

/// The host of an address, with its port.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.rsplit('@').next().unwrap_or_default()
}

/// Whether an address holds a name and a password, or a key behind a question mark.
pub(super) fn holds_secret(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    host.contains('@') || url.contains('?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_where_something_else_could_be_read() {
        for plain in ["soc2", "gpt-4-turbo", "a/b", "x@y.z", "_a"] {
            assert_eq!(scalar(plain), plain);
        }
        for odd in ["", "no", "True", "1", "a b", "a: b", "#x", "- a", "a\nb", "[x]", "*a", "&a", "!a", "é"]
        {
            assert!(scalar(odd).starts_with('"'), "{odd}");
        }
        assert_eq!(scalar("a\"\\\n\u{1b}\u{e0001}"), "\"a\\\"\\\\\\n\\u001B\\U000E0001\"");
        assert_eq!(digits_first("30-days"), "30-days");
        assert_eq!(digits_first("1e5"), "\"1e5\"");
        assert_eq!(digits_first("2026-01-01"), "\"2026-01-01\"");
    }

    #[test]
    fn a_name_is_made_of_what_was_written() {
        let mut taken = Vec::new();
        assert_eq!(slug("prefer_Anthropic", &mut taken), "prefer-anthropic");
        assert_eq!(slug("prefer  anthropic!", &mut taken), "prefer-anthropic-2");
        assert_eq!(slug("5x", &mut taken), "n-5x");
        assert_eq!(slug("…", &mut taken), "unnamed");
    }

    #[test]
    fn a_comment_of_others_silences_nothing() {
        assert_eq!(comment("govctl: allow(x) y\nz"), "govctl : allow(x) y\\nz");
    }
}
