//! Values as YAML text: quoted and escaped, so that it says what it said and nothing more.

use super::{Kind, Value};
use crate::source::visible;

/// Words that YAML readers of some kind take for no text.
const NO_TEXT: [&str; 11] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", ".inf", ".nan"];

/// A text as a YAML scalar: plain where nothing can take it for something else.
pub fn scalar(text: &str) -> String {
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let tame = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@' | '+');
    if first && text.chars().all(tame) && !NO_TEXT.contains(&text.to_ascii_lowercase().as_str()) {
        return text.to_owned();
    }
    quoted(text)
}

/// `30-days`, a date: plain, though it begins with a digit.
pub fn digits_first(text: &str) -> String {
    // `0x1F` and `0b1` are numbers to readers of some kind, `1E3` to all.
    let based = ["0x", "0o", "0b"].iter().any(|base| text.to_ascii_lowercase().starts_with(base));
    let is_text = !based && matches!(super::scalar::plain(text), Kind::String(_));
    let has_letter = text.chars().any(|c| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'x' | 'o'));
    let tame = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    if is_text && has_letter && tame && text.starts_with(|c: char| c.is_ascii_digit()) {
        text.to_owned()
    } else {
        scalar(text)
    }
}

/// A text in double quotes, what is hidden in it escaped.
pub fn quoted(text: &str) -> String {
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
pub fn flow(value: &Value) -> String {
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
        for odd in
            ["1e5", "1E5", "1.5E-3", "0x1F", "0X1f", "0o17", "0b11", ".5", "1_000", "1:30:00", "~", "12"]
        {
            assert_eq!(digits_first(odd), format!("\"{odd}\""));
        }
        assert_eq!(digits_first("2026-01-01"), "\"2026-01-01\"");
    }
}
