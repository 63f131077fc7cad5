//! How a finding can be mended, as data: what is to change, and whether that may be done unasked.

use crate::source::{Span, keys};

/// Whether a fix is made unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applies {
    /// It says what was meant, and no more.
    Safe,
    /// It may say something else than was meant, or leaves something to be filled in.
    Unsafe,
    /// One of several ways, and only a person knows which.
    Choice,
}

/// One way to mend a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a short phrase.
    pub title: String,
    /// Whether it is made unasked.
    pub applies: Applies,
    /// What changes; all of it or nothing.
    pub changes: Vec<Change>,
}

/// One change of a file, in the words of what is meant: the text that it takes depends on the layout around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A text stands in place of another; at an empty place it is put in.
    Text(Span, String),
    /// A name stands in place of another, quoted where it has to be.
    Name(Span, String),
    /// A clause is added to the policy statement that has this place.
    Clause(Span, String),
    /// A key and its value, as YAML, are added to the map that is the value of the key at this place.
    Below(Span, &'static str, String),
    /// A key and its value, as YAML, are added beside the key or value at this place.
    Beside(Span, &'static str, String),
    /// The comment that has this place is removed.
    Comment(Span),
    /// The item of a list at this place is removed.
    Item(Span),
}

/// Text that stands in place of other text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
}

impl Fix {
    /// A fix that is made unasked.
    pub fn safe(title: impl Into<String>, change: Change) -> Self {
        let title: String = title.into();
        let title = keys::masked(&title).into_owned();
        Self { title, applies: Applies::Safe, changes: vec![change] }
    }

    /// A fix that is made where fixes of its kind are asked for.
    pub fn not_safe(title: impl Into<String>, change: Change) -> Self {
        Self { applies: Applies::Unsafe, ..Self::safe(title, change) }
    }

    /// One of several ways.
    pub fn choice(title: impl Into<String>, change: Change) -> Self {
        Self { applies: Applies::Choice, ..Self::safe(title, change) }
    }
}

/// What is put where only a person knows the value.
pub const FILL_IN: &str = "change-me@example.com";
