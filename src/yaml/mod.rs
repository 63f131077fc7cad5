//! The only place that knows YAML: values with their positions, read by the YAML 1.2 core schema.

mod advice;
mod alike;
pub mod apparent;
mod behind;
pub mod edit;
mod entry;
mod fault;
mod find;
mod flow;
mod foreign;
mod lines;
mod marks;
mod meant;
mod names;
mod nulls;
mod pointer;
mod policy;
mod quick;
mod read;
mod refusal;
pub mod remarks;
mod scalar;
pub mod schema;
mod shape;
pub mod write;
mod shown;
mod slip;
mod unquoted;

pub use foreign::{Doubled, half_a_character, parse_last};
pub use read::{parse, parse_as, parse_comparing, parse_foreign, parse_plain, parse_rest, parse_whole};

use crate::number::Rational;
use crate::source::{Span, Spanned};

/// A value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The value as written; of a list or map from its first to its last entry.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Exact, with its text since `1.0` and `1` differ as names.
    Number {
        /// Its exact value; none for infinities, not-a-number and numbers past the limits.
        exact: Option<Rational>,
        /// As written.
        text: String,
    },
    /// A scalar that is none of these, and whatever stands in quotes.
    String(String),
    /// Items in their order, each with its place.
    List(Vec<Value>),
    /// A map in the order written; keys whose value is null are left out, but for `failover_to`.
    Map(Vec<(Spanned<String>, Value)>),
}

impl Value {
    /// The value of a key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|(_, value)| value)
    }

    /// A key with its value, if this is a map that has it.
    pub fn entry(&self, key: &str) -> Option<(&Spanned<String>, &Value)> {
        let Kind::Map(entries) = &self.kind else { return None };
        entries.iter().find(|(known, _)| known.value == key).map(|(key, value)| (key, value))
    }

    /// The text, if this is a string.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text with its place, if this is a string.
    pub fn spanned(&self) -> Option<Spanned<String>> {
        self.text().map(|text| Spanned::new(text.to_owned(), self.span))
    }

    /// The items, if this is a list; else none.
    pub fn items(&self) -> &[Value] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The entries, if this is a map; else none.
    pub fn entries(&self) -> &[(Spanned<String>, Value)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The exact number, if this is one.
    pub fn number(&self) -> Option<&Rational> {
        match &self.kind {
            Kind::Number { exact, .. } => exact.as_ref(),
            _ => None,
        }
    }
}
