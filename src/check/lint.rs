//! Codes in `lints:` that are none of a warning.

use crate::diag::{Finding, Severity, code, nearest};
use crate::source::Spanned;

/// What is said where all of them are meant.
const EACH: &str =
    "name each finding, as in `{no-failover: deny}`; `check --deny warnings` fails on every warning";

/// A code in `lints:` that is not one of a warning.
pub fn unknown(written: &Spanned<String>) -> Option<Finding> {
    let name = &written.value;
    let warnings = || super::CHECKS.iter().filter(|rule| rule.severity == Severity::Warning);
    let (message, help) = match super::named(name).map(|rule| rule.severity) {
        Some(Severity::Warning) => return None,
        None if name == super::PRACTICE => return None,
        Some(Severity::Error) => {
            (format!("`{name}` is an error and always denied"), "only warnings have a level".to_owned())
        }
        None => {
            let candidates = warnings().map(|rule| rule.code.0).chain([super::PRACTICE]);
            let near = nearest::nearest(name, candidates);
            let help = match near.as_slice() {
                _ if ["all", "any", "*", "every", "warnings"].contains(&name.as_str()) => EACH.to_owned(),
                [] => "`govctl explain` lists every finding".to_owned(),
                near => format!("did you mean {}?", nearest::either(near)),
            };
            (format!("no finding is called `{name}`"), help)
        }
    };
    Some(Finding::error(code::SCHEMA, written.span, message).help(help))
}
