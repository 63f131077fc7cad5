//! Values that are valid and not what they look like: keys that hold nothing, texts behind a `#`, thousands with a dot, days
//! that lie ahead, and words that are another one misspelt.

mod across;
mod endpoint;
mod values;

pub use values::thousands;

use super::Value;
use super::entry::indent;
use super::read::parse_as_written;
use super::slip::{Line, short};
use crate::source::FileId;

/// The document of a file with the keys that hold nothing; none where it cannot be read.
pub fn document(id: FileId, text: &str) -> Option<Value> {
    parse_as_written(id, text).0
}

/// What is said of one file, and its words, of which more is said beside those of others.
#[derive(Debug)]
pub struct Said {
    /// Each with its place.
    pub notes: Vec<(usize, String)>,
    words: across::Words,
}

impl Said {
    /// What is said of a file on a day, written as `2027-03-01`.
    pub fn of(text: &str, document: Option<&Value>, as_of: &str) -> Self {
        let words = document.map(across::Words::of).unwrap_or_default();
        Self { notes: notes(text, document, as_of), words }
    }
}

/// What is said of the words of several files together, each with its place.
pub fn across<'s>(files: impl IntoIterator<Item = &'s Said>) -> Vec<(FileId, usize, String)> {
    across::across(files.into_iter().map(|said| &said.words))
}

/// What is said of the values of a file, each with its place.
fn notes(text: &str, document: Option<&Value>, as_of: &str) -> Vec<(usize, String)> {
    let mut notes = comments(text);
    notes.extend(document.into_iter().flat_map(|document| values::notes(text, document, as_of)));
    notes.sort_by_key(|(at, _)| *at);
    // A comment in the place of a value is told as one.
    notes.dedup_by_key(|(at, _)| *at);
    notes
}

/// `owner: #support`: comments that may be meant as a value.
fn comments(text: &str) -> Vec<(usize, String)> {
    let mut notes = Vec::new();
    // The column of a key whose text stands below it.
    let mut block: Option<usize> = None;
    for line in lines(text).filter(|line| !line.is_blank()) {
        if block.is_some_and(|column| indent(&line) > column) {
            continue;
        }
        block = None;
        let Some((key, value)) = line.entry() else { continue };
        if value.starts_with(['|', '>']) {
            block = Some(line.column);
            continue;
        }
        let Some(whole) = hidden(value) else { continue };
        let comment = whole.find('#').and_then(|at| whole.get(at..)).unwrap_or_default();
        let note = format!(
            "`{}` is a comment: if it is a part of the value, write `{}: \"{}\"`; else a space stands behind the `#`",
            short(comment),
            short(key),
            short(&whole)
        );
        notes.push((line.start + line.column, note));
    }
    notes
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        Line::new(text, at)
    })
}

/// `#support`, `https://x/ #y`: a value with the comment behind it that may be a part of it.
pub(super) fn hidden(value: &str) -> Option<String> {
    if value.starts_with(['"', '\'', '[', '{']) {
        return None;
    }
    let at = if value.starts_with('#') { 0 } else { value.find(" #")? + 1 };
    let comment = value.get(at..)?;
    let is_meant = comment.get(1..)?.starts_with(|c: char| c.is_alphanumeric() || c == '/');
    let whole = format!("{}{}", value.get(..at)?, comment);
    (is_meant && !whole.contains(['"', '\\'])).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::{document, notes};
    use crate::source::FileId;

    fn said(text: &str) -> Vec<String> {
        notes(text, document(FileId::NONE, text).as_ref(), "2026-11-21")
            .into_iter()
            .map(|(at, note)| format!("{at} {}", note.split(':').next().unwrap_or_default()))
            .collect()
    }

    #[test]
    fn a_key_holds_nothing_where_nothing_lies_below_it() {
        assert_eq!(said("a:\n  b: 1\nc:\n- d\ne: [1]\n"), [] as [&str; 0]);
        assert_eq!(said("a:\nb: 1\n"), ["0 `a` holds nothing, and is read as if it were not there"]);
        assert_eq!(said("- a:\n- b: 1\n").len(), 1);
        assert_eq!(said("a: {b: , c: 1}\n").len(), 1);
        assert_eq!(said("failover_to:\n"), [] as [&str; 0]);
        assert_eq!(said("a: |\n  b:\n  c:\nd: 1\n"), [] as [&str; 0]);
    }

    #[test]
    fn a_comment_that_may_be_meant_as_a_value_is_told() {
        assert_eq!(said("a: #support\n"), ["0 `#support` is a comment"]);
        assert_eq!(said("a: help #desk\n"), ["0 `#desk` is a comment"]);
        assert_eq!(said("a: b # why\nc: \"x #y\"\nd: 1 # 2\n"), [] as [&str; 0]);
    }

    #[test]
    fn a_dot_of_thousands_is_told_where_no_fraction_is_likely() {
        assert_eq!(said("a: {requests: 400.000, input_tokens: 48.5}\n"), ["4 `requests"]);
        assert_eq!(
            said("min_context: 128.000\ncost_per_1m_tokens_input: 1.125\np95_ms: 0.125\n"),
            ["0 `min_context"]
        );
    }
}
