//! Values as pydantic takes them: a number may be written as text, and a variable of the environment may hold it.

use super::ENVIRONMENT;
use crate::import::{Notes, text};
use crate::number::{self, Rational};
use crate::yaml::Value;

/// A number, written as one or as text.
pub(super) fn plain(value: &Value) -> Option<Rational> {
    value.number().cloned().or_else(|| number::parse_decimal(value.text()?.trim()))
}

/// A number of a setting, named in words; where it is none, that is said.
pub(super) fn number(value: &Value, what: &str, notes: &mut Notes) -> Option<Rational> {
    if let Some(variable) = value.text().and_then(|text| text.strip_prefix(ENVIRONMENT)) {
        let variable = text::comment(variable);
        notes.state(value.span, format!("what {what} is: the environment variable `{variable}` holds it"));
        return None;
    }
    let found = plain(value);
    let zero = number::whole(0);
    if found.as_ref().is_none_or(|number| *number < zero) {
        let written = text::comment(&text::flow(value));
        let why = if found.is_some() { "it is below zero" } else { "this is not a number" };
        notes.left(value.span, format!("{what}: `{written}`: {why}"));
    }
    found.filter(|number| *number >= zero)
}

/// A whole number of a setting.
pub(super) fn whole(value: &Value, what: &str, notes: &mut Notes) -> Option<u64> {
    let found = number(value, what, notes)?;
    let whole = number::to_whole(&found);
    if whole.is_none() {
        notes.left(value.span, format!("{what}: `{}`: it is not whole", number::exact(&found)));
    }
    whole
}
