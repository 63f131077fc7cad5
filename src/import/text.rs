//! Text of others as YAML, as comments and as policy text: quoted and escaped, so that it says what it said and nothing more.

use std::collections::BTreeMap;

use crate::model::words;
pub(super) use crate::source::address::{holds_secret, host, without_port};
use crate::source::visible;
pub(super) use crate::source::visible::comment;
pub(super) use crate::yaml::write::{digits_first, flow, scalar};
use crate::yaml::{Kind, Value};

/// What a value is, in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match value.kind {
        Kind::Null => "nothing",
        Kind::Bool(_) => "true or false",
        Kind::Number { .. } => "a number",
        Kind::String(_) => "a text",
        Kind::List(_) => "a list",
        Kind::Map(_) => "a map",
    }
}

/// A string of the policy language.
pub(super) fn string(text: &str) -> String {
    words::string(&visible::lines(text))
}

/// A name of the policy language, quoted where it has to be or may be taken for a keyword.
pub(super) fn name(text: &str) -> String {
    let hides = visible::hidden_in_name(text).is_some();
    if hides { string(text) } else { words::written_beside(text, &words::BESIDE_MODELS) }
}

/// A name made of what somebody wrote: lower case, words joined by `-`, unique among `taken`.
pub(super) fn slug(text: &str, taken: &mut Names) -> String {
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
        Some(c) if c.is_ascii_alphabetic() && !words::RESERVED.contains(&slug) => slug.to_owned(),
        Some(_) => format!("n-{slug}"),
        None => "unnamed".to_owned(),
    };
    unique(&slug, taken)
}

/// Names that are taken, each with the next number to try behind it.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, u64>);

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        Self(names.into_iter().map(|name| (name.to_owned(), 2)).collect())
    }
}

/// A name that none of `taken` has: with `-2` and so on where it must be. It is then taken.
pub(super) fn unique(name: &str, taken: &mut Names) -> String {
    let mut free = name.to_owned();
    while taken.0.contains_key(&free) {
        let next = taken.0.entry(name.to_owned()).or_insert(2);
        free = format!("{name}-{next}");
        *next += 1;
    }
    taken.0.insert(free.clone(), 2);
    free
}

/// A policy in its canonical layout.
pub(super) fn policy(text: &str) -> String {
    crate::syntax::format(crate::source::FileId::NONE, text).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_what_was_written() {
        let mut taken = Names::default();
        assert_eq!(slug("prefer_Anthropic", &mut taken), "prefer-anthropic");
        assert_eq!(slug("prefer  anthropic!", &mut taken), "prefer-anthropic-2");
        assert_eq!(slug("5x", &mut taken), "n-5x");
        assert_eq!(slug("AND", &mut taken), "n-and");
        assert_eq!(slug("…", &mut taken), "unnamed");
    }

    #[test]
    fn a_comment_of_others_silences_nothing() {
        assert_eq!(comment("govctl: allow(x) y\nz"), "govctl : allow(x) y\\nz");
    }
}
