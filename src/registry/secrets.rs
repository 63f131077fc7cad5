//! Keys that stand in the registry, which everybody can read: what is found never shows them.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::diag::{Finding, code};
use crate::source::{Span, hex};
use crate::yaml::{Kind, Value};

/// Every value that is a key or looks like one, and every name of a variable that is none.
pub fn find(documents: &[Value]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for document in documents {
        look(document, "", &mut findings);
    }
    findings
}

fn look(value: &Value, key: &str, findings: &mut Vec<Finding>) {
    match &value.kind {
        Kind::Map(entries) => {
            for (key, value) in entries {
                look(value, &key.value, findings);
            }
        }
        Kind::List(items) => {
            for item in items {
                look(item, key, findings);
            }
        }
        Kind::String(text) => findings.extend(fault(key, text, value.span)),
        Kind::Null | Kind::Bool(_) | Kind::Number { .. } => {}
    }
}

const ROTATE: &str = "keep it in the environment and name the variable in `api_key_env`; what was committed is known, so have the provider replace it";

fn fault(key: &str, text: &str, span: Span) -> Option<Finding> {
    let secret = |what: &str| {
        let message = format!("`{}` holds {what}", shown(key));
        Finding::error(code::SECRET_IN_REGISTRY, span, message).label("not shown here").help(ROTATE)
    };
    if let Some(whose) = key_in(text) {
        return Some(secret(&format!("what looks like {whose}")));
    }
    if key == "api_key_env" {
        if is_variable(text) && !is_random(text) {
            return None;
        }
        if let Some(name) = variable_in(text) {
            let message = "`api_key_env` holds more than the name of a variable";
            let finding = Finding::error(code::SECRET_IN_REGISTRY, span, message);
            return Some(finding.label("the name alone").help(format!("write `{name}`")));
        }
        let message = "`api_key_env` does not name an environment variable";
        let help = format!(
            "write a name such as `OPENAI_API_KEY`: letters, digits and `_`; if it is the key itself, {ROTATE}"
        );
        return Some(
            Finding::error(code::SECRET_IN_REGISTRY, span, message).label("not shown here").help(help),
        );
    }
    (names_secret(key) && is_random(text)).then(|| secret("what looks like a secret"))
}

/// A key of the file in words; a profile's may be anything.
fn shown(key: &str) -> &str {
    if key.len() <= 40 && key_in(key).is_none() { key } else { "a value" }
}

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

/// How keys of well-known services begin.
pub fn beginnings() -> Vec<&'static str> {
    PREFIXES.iter().map(|(prefix, ..)| *prefix).collect()
}

/// What tells a key from others without showing it: the beginning of its SHA-256, in hexadecimal.
pub fn mark(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes())).chars().take(16).collect()
}

/// A text with every word that looks like a key cut to its beginning.
pub fn masked(text: &str) -> Cow<'_, str> {
    if key_in(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for part in text.split_inclusive(|c: char| !is_part(c)) {
        let word = part.trim_end_matches(|c: char| !is_part(c));
        match key_in(word) {
            Some(_) => {
                shown.extend(word.chars().take(4));
                shown.push('…');
                shown += part.get(word.len()..).unwrap_or_default();
            }
            None => shown += part,
        }
    }
    Cow::Owned(shown)
}

/// Whether a character can stand in a key.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.+".contains(c)
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
    text.split(|c: char| !is_part(c)).find_map(|word| {
        let known = PREFIXES.iter().find(|(prefix, least, _)| {
            let rest = word.strip_prefix(prefix).filter(|_| word.len() >= *least);
            rest.is_some_and(|rest| rest.bytes().any(|byte| byte.is_ascii_digit()) || is_mixed(rest))
        });
        let is_token = word.starts_with("eyJ") && word.len() >= 40 && word.matches('.').count() == 2;
        known.map(|(.., whose)| *whose).or(is_token.then_some("a signed token"))
    })
}

/// Whether a text without digits is as nobody would call anything: long, one word, letters of both cases.
fn is_mixed(text: &str) -> bool {
    let many = |test: fn(&u8) -> bool| text.bytes().filter(test).count() >= 8;
    text.len() >= 30
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && many(u8::is_ascii_uppercase)
        && many(u8::is_ascii_lowercase)
}

/// The variable that a text names as shells, gateways and templates do: `$NAME`, `${NAME}`, `env:NAME`.
fn variable_in(text: &str) -> Option<&str> {
    let trimmed = text.trim();
    let begins = ["os.environ/", "process.env.", "env.", "env:", "ENV:", "$env:", "secrets.", "$"];
    let open = trimmed
        .trim_start_matches(['$', '{', '%', '(', '<', ' '])
        .trim_end_matches(['}', '%', ')', '>', ' ']);
    let name = begins.iter().find_map(|begin| open.strip_prefix(begin)).unwrap_or(open);
    let upper = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    (name != text && upper && is_variable(name) && name.len() <= 80).then_some(name)
}

/// A name that a shell can export.
fn is_variable(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a key says that its value is to be kept secret, and does not only name where it is.
fn names_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    ["key", "token", "secret", "password", "authorization", "credential"]
        .iter()
        .any(|word| key == *word || key.ends_with(&format!("_{word}")) || key == format!("{word}s"))
}

/// Whether a text is as nobody would call anything: long, one word, letters of one case or both mixed with digits.
fn is_random(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-+/=.".contains(c);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let has_lower = text.bytes().any(|byte| byte.is_ascii_lowercase());
    text.len() >= 20 && digits >= 4 && has_lower && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::{is_random, is_variable, key_in, names_secret};

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
            is_variable("OPENAI_API_KEY") && !is_variable("my-key") && !is_variable("1A") && !is_variable("")
        );
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
