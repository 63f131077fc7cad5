//! Text of others as YAML, as comments and as policy text: quoted and escaped, so that it says what it said and nothing more.

use crate::model::words;
use crate::source::visible;
pub(super) use crate::source::visible::comment;
pub(super) use crate::yaml::write::{digits_first, flow, scalar};

/// A string of the policy language.
pub(super) fn string(text: &str) -> String {
    words::string(&visible::lines(text))
}

/// A name of the policy language, quoted where it has to be or may be taken for a keyword.
pub(super) fn name(text: &str) -> String {
    const KEYWORDS: [&str; 6] = ["cheapest", "fastest", "most-available", "none", "registry", "ranking"];
    let hides = visible::hidden_in_name(text).is_some();
    if hides || KEYWORDS.contains(&text) { string(text) } else { words::written(text) }
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
