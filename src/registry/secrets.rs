//! Keys that stand in the registry, which everybody can read: what is found never shows them.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::diag::{Finding, code};
pub use crate::source::keys::{beginnings, key_in, masked};
use crate::source::keys::{is_random, names_secret};
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
        if is_variable(text) && !is_random(text) && !is_hexadecimal(text) {
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
    // A name before it says what it is: `Authorization: Bearer …`, `password=…`.
    let is_named = || matches!(masked(text), Cow::Owned(_));
    (names_secret(key) && is_random(text) || is_named()).then(|| secret("what looks like a secret"))
}

/// Whether a text is a key as many services make them: 32 hexadecimal digits or more, in whichever case.
fn is_hexadecimal(text: &str) -> bool {
    text.len() >= 32
        && text.chars().all(|c| c.is_ascii_hexdigit())
        && text.chars().any(|c| c.is_ascii_digit())
}

/// A key of the file in words; a profile's may be anything.
fn shown(key: &str) -> &str {
    if key.len() <= 40 && key_in(key).is_none() { key } else { "a value" }
}

/// What tells a key from others without showing it: the beginning of its SHA-256, in hexadecimal.
pub fn mark(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes())).chars().take(16).collect()
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

#[cfg(test)]
mod tests {
    use super::is_variable;

    #[test]
    fn names_of_variables_are_known() {
        assert!(
            is_variable("OPENAI_API_KEY") && !is_variable("my-key") && !is_variable("1A") && !is_variable("")
        );
    }
}
