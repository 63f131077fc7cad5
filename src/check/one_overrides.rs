//! Ways out of an ambiguity: each of the statements may override the others.

use crate::diag::fix::{Applies, Change, Fix};
use crate::limits::shown;
use crate::model::Id;
use crate::model::words::{list, written};
use crate::source::{Span, Spanned};

/// A statement among several that claim the same.
pub(super) struct Part<'a> {
    name: &'a Spanned<String>,
    /// The last name of its `overrides`, where it has some.
    last: Option<Span>,
}

impl<'a> Part<'a> {
    pub(super) fn new<E>(name: &'a Spanned<String>, overrides: &[Spanned<Id<E>>]) -> Self {
        Self { name, last: overrides.iter().map(|over| over.span).max_by_key(|span| span.end) }
    }

    /// Adds names to its `overrides`.
    fn overriding(&self, names: &str) -> Change {
        match self.last {
            Some(span) => Change::Text(Span { start: span.end, ..span }, format!(", {names}")),
            None => Change::Clause(self.name.span, format!("overrides {names}")),
        }
    }
}

/// For each statement the way in which it alone counts.
pub(super) fn choices(parts: &[Part]) -> Vec<Fix> {
    if parts.len() > shown::OVERRIDERS {
        return Vec::new();
    }
    let choice = |(at, part): (usize, &Part)| {
        let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
        let others: Vec<&str> = others.map(|(_, other)| other.name.value.as_str()).collect();
        let names: Vec<String> = others.iter().map(|name| written(name)).collect();
        Fix {
            title: format!("let `{}` override {}", part.name.value, list(&others)),
            applies: Applies::Choice,
            changes: vec![part.overriding(&names.join(", "))],
        }
    };
    parts.iter().enumerate().map(choice).collect()
}
