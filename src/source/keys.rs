//! Keys that stand where everybody can read them: what looks like one, and a text without it.

use crate::limits::shown;
use std::borrow::Cow;

/// How keys of well-known services begin, how long they are at least, and whose they are.
const PREFIXES: [(&str, usize, &str); 23] = [
    ("sk-ant-", 24, "a key of Anthropic"),
    ("sk-", 20, "an API key"),
    ("sk_live_", 20, "an API key"),
    ("rk_live_", 20, "an API key"),
    ("AKIA", 20, "an access key of AWS"),
    ("ASIA", 20, "an access key of AWS"),
    ("ABSK", 40, "a key of Amazon Bedrock"),
    ("AIza", 35, "a key of Google"),
    ("ya29.", 30, "a token of Google"),
    ("ghp_", 30, "a token of GitHub"),
    ("gho_", 30, "a token of GitHub"),
    ("ghu_", 30, "a token of GitHub"),
    ("ghs_", 30, "a token of GitHub"),
    ("github_pat_", 30, "a token of GitHub"),
    ("glpat-", 20, "a token of GitLab"),
    ("xoxb-", 20, "a token of Slack"),
    ("xoxp-", 20, "a token of Slack"),
    ("hf_", 25, "a token of Hugging Face"),
    ("gsk_", 25, "a key of Groq"),
    ("r8_", 25, "a token of Replicate"),
    ("pplx-", 25, "a key of Perplexity"),
    ("nvapi-", 25, "a key of NVIDIA"),
    ("xai-", 25, "a key of xAI"),
];

/// How signed tokens begin.
const TOKEN: &str = "eyJ";

/// How keys of well-known services and signed tokens begin.
pub fn beginnings() -> Vec<&'static str> {
    PREFIXES.iter().map(|(prefix, ..)| *prefix).chain([TOKEN]).collect()
}

/// A text with every key in it cut to its beginning.
pub fn masked(text: &str) -> Cow<'_, str> {
    cover(text, |shown, key| {
        shown.extend(key.chars().take(shown::KEY_CHARACTERS));
        shown.push('…');
    })
}

/// A text of the same length with stars for all but the beginning of every key in it: places stay.
pub fn veiled(text: &str) -> Cow<'_, str> {
    cover(text, |shown, key| {
        for (at, c) in key.chars().enumerate() {
            if at < shown::KEY_CHARACTERS || c == '\n' || c == '\r' {
                shown.push(c);
            } else {
                shown.extend(std::iter::repeat_n('*', c.len_utf8()));
            }
        }
    })
}

/// No key is shorter, those in addresses aside.
const KEY_DIGITS: usize = 20;

/// A text with something else for every key in it.
fn cover(text: &str, put: impl Fn(&mut String, &str)) -> Cow<'_, str> {
    let keys = if may_hold(text) { keys(text) } else { Vec::new() };
    if keys.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut last = 0;
    for (start, end) in keys {
        shown += text.get(last..start).unwrap_or_default();
        put(&mut shown, text.get(start..end).unwrap_or_default());
        last = end;
    }
    shown += text.get(last..).unwrap_or_default();
    Cow::Owned(shown)
}

/// Whether something in a text is as long as a key, or an address: most texts hold neither, and no key.
fn may_hold(text: &str) -> bool {
    let mut values = text.as_bytes().split(|byte| byte.is_ascii() && parts_values(char::from(*byte)));
    values.any(|value| value.len() >= KEY_DIGITS) || text.contains("://") || text.contains("KEY-----")
}

/// Where words stand that are keys, in order.
fn words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| !is_part(char::from(*byte)));
    let ends = ends.map(|(at, _)| at).chain([text.len()]);
    let mut next = 0;
    ends.filter_map(move |end| {
        let start = std::mem::replace(&mut next, end + 1);
        let is_long = end >= start + KEY_DIGITS;
        (is_long && known(text.get(start..end)?).is_some()).then_some((start, end))
    })
}

/// Where keys stand in a text, in order.
fn keys(text: &str) -> Vec<(usize, usize)> {
    let mut keys = blocks(text);
    keys.extend(words(text));
    let words = keys.clone();
    let mut is_named = false;
    let mut name = "";
    let mut at = 0;
    for part in text.split_inclusive(parts_values) {
        let value = part.trim_end_matches(parts_values);
        let end = at + value.len();
        let (own, bare) = value.split_once([':', '=']).unwrap_or(("", value));
        if is_named && is_random(value) {
            keys.push((at, end));
            is_named = false;
        } else if value.ends_with([':', '=']) {
            let before = value.trim_end_matches([':', '=']);
            is_named = is_secret(if before.is_empty() { name } else { before });
        } else if !value.is_empty() {
            if is_secret(own) && is_random(bare) {
                keys.push((end - bare.len(), end));
            } else if let Some(scheme) = value.find("://").filter(|_| key_in(value).is_some()) {
                let has = words.iter().any(|&(start, stop)| start >= at && stop <= end);
                keys.extend((!has).then_some((at + scheme + 3, end)));
            }
            is_named &= matches!(value, "Bearer" | "Basic");
            name = value;
        }
        at += part.len();
    }
    keys.sort_unstable();
    let mut last = 0;
    keys.retain(|&(start, end)| {
        let is_apart = start >= last;
        last = last.max(end);
        is_apart
    });
    keys
}

/// Whether a value ends at a character.
fn parts_values(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | '{' | '}' | '[' | ']' | '(' | ')')
}

/// Whether what has this name is to be kept secret, the name of a variable excepted.
fn is_secret(name: &str) -> bool {
    names_secret(name) || name == "api_key_env"
}

/// Where private keys stand that have their own beginning and end.
fn blocks(text: &str) -> Vec<(usize, usize)> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("PRIVATE KEY-----")) {
        let start = at + found + "PRIVATE KEY-----".len();
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.find("-----END").map_or(text.len(), |end| start + end);
        if end > start {
            blocks.push((start, end));
        }
        // Behind the words of its end.
        at = text.get(end..).and_then(|rest| rest.find("KEY-----")).map_or(text.len(), |last| end + last + 8);
    }
    blocks
}

/// Whether a character can stand in a key.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+')
}

/// Whose key stands in a text, if any does.
pub fn key_in(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY") {
        return Some("a private key");
    }
    if let Some((_, rest)) = text.split_once("://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let query = rest.split_once('?').map_or("", |(_, query)| query);
        let secret = query.split(['&', '#']).filter_map(|pair| pair.split_once('=')).any(|(name, value)| {
            let kept = names_secret(name) || matches!(name, "sig" | "signature" | "apikey" | "code");
            kept && value.len() >= 8
                && value.chars().any(|c| c.is_ascii_digit())
                && !value.starts_with(['$', '{', '<', '%'])
        });
        if secret {
            return Some("a key in an address");
        }
        if authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':')) {
            return Some("a password in an address");
        }
    }
    text.split(|c: char| !is_part(c)).find_map(known)
}

/// Whose key a word is, if it is one.
fn known(word: &str) -> Option<&'static str> {
    if word.len() < KEY_DIGITS {
        return None;
    }
    let known = PREFIXES.iter().find(|(prefix, least, _)| {
        let rest = word.strip_prefix(prefix).filter(|_| word.len() >= *least);
        rest.is_some_and(|rest| rest.bytes().any(|byte| byte.is_ascii_digit()) || is_mixed(rest))
    });
    let is_token = word.starts_with(TOKEN) && word.len() >= 40 && word.matches('.').count() == 2;
    known.map(|(.., whose)| *whose).or(is_token.then_some("a signed token"))
}

/// Whether a text without digits is as nobody would call anything: long, one word, letters of both cases.
fn is_mixed(text: &str) -> bool {
    let many = |test: fn(&u8) -> bool| text.bytes().filter(test).count() >= 8;
    text.len() >= 30
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && many(u8::is_ascii_uppercase)
        && many(u8::is_ascii_lowercase)
}

/// Whether a key says that its value is to be kept secret, and does not only name where it is.
pub fn names_secret(key: &str) -> bool {
    let key = key.as_bytes();
    let rest = |end: &[u8]| {
        let (rest, last) = key.split_at_checked(key.len().checked_sub(end.len())?)?;
        last.eq_ignore_ascii_case(end).then_some(rest)
    };
    let words = ["key", "token", "secret", "password", "authorization", "credential"];
    words.iter().map(|word| word.as_bytes()).any(|word| {
        let is_last = rest(word).is_some_and(|rest| rest.last().is_none_or(|c| matches!(c, b'_' | b'-')));
        is_last || rest(b"s").is_some_and(|rest| rest.eq_ignore_ascii_case(word))
    })
}

/// Whether a text is as nobody would call anything: long, one word, letters of one case or both mixed with digits.
pub fn is_random(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-+/=.".contains(c);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let has_lower = text.bytes().any(|byte| byte.is_ascii_lowercase());
    text.len() >= 20 && digits >= 4 && has_lower && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::{KEY_DIGITS, PREFIXES, is_random, key_in, keys, may_hold, names_secret};

    #[test]
    fn no_key_is_shorter_than_the_least() {
        assert!(PREFIXES.iter().all(|(prefix, least, _)| *least >= KEY_DIGITS && prefix.len() < KEY_DIGITS));
    }

    #[test]
    fn texts_are_looked_through_only_where_they_may_hold_keys() {
        for text in [
            "a sk-example0example1example2 b",
            "é/sk-example0example1example2é",
            "api_key: 0123abcd4567ef890123abcd",
            "see ftp://a:b@c",
            "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
        ] {
            assert!(may_hold(text) && !keys(text).is_empty(), "{text}");
        }
        assert!(!may_hold("a rule that keeps no secret: none at all, `sk-short0`"));
    }

    #[test]
    fn keys_are_known_and_names_are_none() {
        for key in [
            "sk-example0example1example2",
            "Bearer sk-proj-abcdefgh12345678",
            "AKIAIOSFODNN7EXAMPLE",
            "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",
            "https://x.example/v1?key=AIzaSyA1234567890123456789012345678901234",
            "https://user:word@x.example/v1",
            "https://x.example/v1?key=abcd1234efgh",
            "https://x.example/v1?version=2&api_key=abcd1234",
            "-----BEGIN RSA PRIVATE KEY-----",
        ] {
            assert!(key_in(key).is_some(), "{key}");
        }
        for name in [
            "OPENAI_API_KEY",
            "sk-learn",
            "https://api.openai.example/v1",
            "https://x.example/v1?key=${OPENAI_KEY_1}",
            "https://x.example/v1?api-version=2026-01-01",
            "gpt-4-turbo-2024-04-09",
            "bedrock/anthropic.claude-3-sonnet-20240229-v1:0",
            "task-force-of-the-year-2026",
            "ai-platform@example.com",
        ] {
            assert!(key_in(name).is_none(), "{name}");
        }
        assert!(
            is_random("0123abcd4567ef890123abcd")
                && !is_random("OPENAI_API_KEY_2")
                && !is_random("a-name-of-mine")
        );
        assert!(
            names_secret("api_key")
                && names_secret("API-Key")
                && !names_secret("api_key_env")
                && !names_secret("max_tokens")
        );
    }
}
