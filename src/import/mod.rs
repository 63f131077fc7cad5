//! What other people's files say, as a workspace: carried as far as it goes, and everything else listed with its line.
//!
//! Nothing is made up. What a file does not say and a workspace must have stands in the result as the value that
//! permits least, and in the report as something to state.

pub mod bifrost;
mod chains;
mod condition;
mod draft;
mod facts;
pub mod governance;
pub mod litellm;
pub mod portkey;
mod provider;
pub mod report;
mod text;
pub mod trial;

pub use draft::Options;

use serde::Serialize;

use crate::registry::secrets::masked;
use crate::source::{FileId, Sources, Span};

/// The classifications of a workspace that declares none of its own, lowest first; an imported one is such a workspace.
pub const CLASSIFICATIONS: [&str; 4] = ["public", "internal", "confidential", "restricted"];

/// A workspace to be written, and what is to be said about it.
#[derive(Debug, Default)]
pub struct Imported {
    /// Paths within the workspace, with their contents.
    pub files: Vec<(&'static str, String)>,
    /// In the order of the files and lines that they speak of.
    pub notes: Vec<Note>,
    /// Providers in the result.
    pub providers: usize,
    /// Models in the result.
    pub models: usize,
    /// Use cases in the result.
    pub use_cases: usize,
}

/// Something that `check` finds in the result whatever the missing prices and approvals are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trap {
    /// The kind of finding.
    pub code: &'static str,
    /// Whether it is an error, or a warning.
    pub severity: &'static str,
    /// In words.
    pub message: String,
    /// Where, within the workspace.
    pub file: String,
    /// Which line, from 1.
    pub line: u32,
}

/// What somebody who imports a file should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What kind of thing it is.
    pub sort: Sort,
    /// What it speaks of; of no line in particular where it is [`Span::start_of`] no file.
    pub span: Span,
    /// In words, without the place.
    pub text: String,
}

/// Kinds of notes, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Carried over by a reading that one may not expect.
    Read,
    /// Unknown to the file, and to be stated by a person.
    State,
    /// Without an equivalent, or not understood: not in the result.
    Left,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::State, Self::Left];

    /// As the key of machine-readable output.
    pub fn key(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::State => "state",
            Self::Left => "left",
        }
    }

    /// As the heading of a list.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Read => "carried over, in this reading",
            Self::State => "for you to state, since the file does not",
            Self::Left => "not carried over",
        }
    }
}

/// Notes as they are collected.
#[derive(Debug, Default)]
pub(crate) struct Notes(Vec<Note>);

impl Notes {
    fn add(&mut self, sort: Sort, span: Span, text: impl Into<String>) {
        let text = masked(&text.into()).into_owned();
        self.0.push(Note { sort, span, text });
    }

    /// Something carried over in a reading of ours.
    pub(crate) fn read(&mut self, span: Span, text: impl Into<String>) {
        self.add(Sort::Read, span, text);
    }

    /// Something that a person must state.
    pub(crate) fn state(&mut self, span: Span, text: impl Into<String>) {
        self.add(Sort::State, span, text);
    }

    /// Something that is not in the result.
    pub(crate) fn left(&mut self, span: Span, text: impl Into<String>) {
        self.add(Sort::Left, span, text);
    }

    /// Takes others over; what they call carried only where it is.
    pub(crate) fn take(&mut self, others: Self, is_carried: bool) {
        self.0.extend(others.0.into_iter().filter(|note| is_carried || note.sort != Sort::Read));
    }

    /// In the order of kinds, then of places.
    fn sorted(mut self) -> Vec<Note> {
        self.0.sort_by_key(|note| (note.sort, note.span.file == FileId::NONE, note.span));
        let mut met = std::collections::BTreeSet::new();
        self.0.retain(|note| met.insert((note.sort, note.span, note.text.clone())));
        self.0
    }
}

/// The file and line that a note speaks of, from 1; none where it speaks of no line.
pub fn place(sources: &Sources, span: Span) -> Option<(&str, u32)> {
    let file = sources.file(span.file)?;
    Some((file.path.as_str(), file.line_column(span.start).0))
}
