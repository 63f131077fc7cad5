//! Why a table is refused.

use std::fmt;

/// The longest text of a table that a message quotes, in characters.
const MAX_QUOTED: usize = 60;

/// A fault of a table: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadError {
    /// The path of the fault, such as `use_cases[3].cells[7]`; empty: the whole table.
    pub place: String,
    /// What is wrong there: lower case, no final period.
    pub what: String,
}

impl LoadError {
    /// A fault at a place.
    pub(super) fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            write!(f, "the table is refused: {}", self.what)
        } else {
            write!(f, "the table is refused at `{}`: {}", self.place, self.what)
        }
    }
}

impl std::error::Error for LoadError {}

/// Text of a table as a message may quote it: short, and without characters that would act on a terminal.
pub(super) fn shown(text: &str) -> String {
    shown_up_to(MAX_QUOTED, text)
}

/// The same of a text that may be so many characters long.
pub(super) fn shown_up_to(max: usize, text: &str) -> String {
    let mut shown = String::new();
    for (position, c) in text.chars().enumerate() {
        if position == max {
            shown.push('…');
            break;
        }
        if matches!(c, '"' | '\'' | '\\') {
            shown.push(c);
        } else {
            shown.extend(c.escape_debug());
        }
    }
    shown
}
