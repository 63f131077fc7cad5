//! Hardcoded models, endpoints and keys in source code: what a migration has to touch.
//!
//! Words are looked for, not guessed: what a registry or a catalogue calls a model, where providers are reached, and how keys
//! of well-known services begin.

mod comments;
mod marks;
mod named;
mod notebook;
mod place;
mod python;
pub mod report;
mod words;

pub use place::Place;
pub use words::{What, Words};

use std::path::Path;

use crate::limits::MAX_SCANNED_HITS;
use crate::registry::secrets::mark;

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// As it stands there; of a key its beginning.
    pub text: String,
    /// Of a key the beginning of its SHA-256, so that a baseline knows it from another one.
    pub mark: Option<String>,
    /// What it is.
    pub what: What,
    /// Where such a thing stands.
    pub place: Place,
}

/// What was found in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The path as it was named.
    pub path: String,
    /// In the order of the text.
    pub hits: Vec<Hit>,
    /// Whether there is more than [`MAX_SCANNED_HITS`].
    pub is_cut: bool,
}

/// What a scan has to tell.
#[derive(Debug, Default)]
pub struct Scanned {
    /// Files with something in them, by path.
    pub found: Vec<Found>,
    /// How many files were looked into.
    pub files: usize,
    /// Files, or parts of them, that were not looked into, each with the reason, by path.
    pub left_out: Vec<(String, String)>,
}

/// Everything in a text that is one of the words.
pub fn file(words: &Words, path: &str, text: &str) -> Found {
    let (mut hits, mut is_cut) = (Vec::new(), false);
    let kind = place::of_path(path);
    let mut lines = place::Lines::new(path, text);
    let is_notebook =
        kind == Place::Document && Path::new(path).extension().is_some_and(|end| end == "ipynb");
    let code = if is_notebook { notebook::code(text) } else { Vec::new() };
    for (start, end, what) in words.find(text) {
        is_cut = hits.len() >= MAX_SCANNED_HITS;
        if is_cut {
            break;
        }
        let line = lines.at(start);
        let before = text.get(line.start..start).unwrap_or_default();
        let shown = text.get(start..end).unwrap_or_default();
        let (shown, mark) = match what {
            What::Key => (shown.chars().take(4).chain(['…']).collect(), Some(mark(shown))),
            _ => (shown.to_owned(), None),
        };
        let place = match within(&code, start) {
            Some(part) if place::is_behind_hash(&notebook::line(text, part, start)) => Place::Comment,
            Some(_) => Place::Code,
            None if kind == Place::Code && lines.is_comment(start) => Place::Comment,
            None => kind,
        };
        let column = u32::try_from(before.chars().count()).unwrap_or(u32::MAX).saturating_add(1);
        hits.push(Hit { line: line.number, column, text: shown, mark, what, place });
    }
    Found { path: path.to_owned(), hits, is_cut }
}

/// The part of some, in order, in which a place is.
fn within(parts: &[(usize, usize)], place: usize) -> Option<(usize, usize)> {
    let after = parts.partition_point(|(from, _)| *from <= place);
    parts.get(after.checked_sub(1)?).copied().filter(|(_, to)| place < *to)
}
