//! Why a table is refused.

use crate::limits::MAX_QUOTED;
use std::fmt;

/// What kind of fault a table is refused for; every loader has the same codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Refusal {
    /// It is not JSON, or not UTF-8.
    NotJson,
    /// A key appears twice in an object.
    DuplicateKey,
    /// It is JSON in another form than the canonical one (RFC 8785).
    NotCanonical,
    /// It has another format, or another version of it.
    Format,
    /// A key of the format is missing.
    MissingField,
    /// A key that the format does not have.
    UnknownField,
    /// A value of another kind than the format has there.
    Type,
    /// A value that the format does not allow there: a number, a word, a day, a size.
    Range,
    /// Something that is sorted is not, or appears twice.
    Order,
    /// An index or a name leads nowhere, or nothing leads to an item.
    Index,
    /// The number of cells is not what the axes make.
    Cells,
    /// The digest does not fit the content.
    Digest,
    /// `valid_until` has passed, or a newer table was taken before.
    Expired,
    /// There is no signature, and one is asked for.
    Unsigned,
    /// The signature is broken, or not of these bytes.
    Signature,
    /// The signature was made with a key that is not trusted.
    Key,
}

impl Refusal {
    /// All, in the order in which they are documented.
    pub const ALL: [Refusal; 16] = [
        Self::NotJson,
        Self::DuplicateKey,
        Self::NotCanonical,
        Self::Format,
        Self::MissingField,
        Self::UnknownField,
        Self::Type,
        Self::Range,
        Self::Order,
        Self::Index,
        Self::Cells,
        Self::Digest,
        Self::Expired,
        Self::Unsigned,
        Self::Signature,
        Self::Key,
    ];

    /// The code, such as `not-json`.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotJson => "not-json",
            Self::DuplicateKey => "duplicate-key",
            Self::NotCanonical => "not-canonical",
            Self::Format => "format",
            Self::MissingField => "missing-field",
            Self::UnknownField => "unknown-field",
            Self::Type => "type",
            Self::Range => "range",
            Self::Order => "order",
            Self::Index => "index",
            Self::Cells => "cells",
            Self::Digest => "digest",
            Self::Expired => "expired",
            Self::Unsigned => "unsigned",
            Self::Signature => "signature",
            Self::Key => "key",
        }
    }
}

/// A fault of a table: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadError {
    /// What kind of fault it is.
    pub refusal: Refusal,
    /// The path of the fault, such as `use_cases[3].cells[7]`; empty: the whole table.
    pub place: String,
    /// What is wrong there: lower case, no final period.
    pub what: String,
}

impl LoadError {
    /// A fault at a place.
    pub(super) fn new(refusal: Refusal, place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { refusal, place: place.into(), what: what.into() }
    }

    /// The code of the fault, such as `not-json`.
    pub fn code(&self) -> &'static str {
        self.refusal.code()
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
