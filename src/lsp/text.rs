//! Places in the protocol's measure: lines, and columns in UTF-16 units or, where the client agrees, in bytes.

use lsp_types::{Position, Range};

/// In what columns are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 units: what every client knows.
    Utf16,
}

/// Where the lines of a text begin. The protocol ends lines at a carriage return too.
#[derive(Debug, Clone)]
pub struct Lines {
    starts: Vec<usize>,
}

/// How wide a text is, in the units in which columns are counted.
fn width(text: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => text.len(),
        Encoding::Utf16 => text.chars().map(char::len_utf16).sum(),
    }
}

impl Lines {
    /// The lines of a text.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends {
                starts.push(at + 1);
            }
        }
        Self { starts }
    }

    /// The texts of the lines.
    pub fn texts<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let ends = self.starts.iter().skip(1).copied().chain([text.len()]);
        self.starts.iter().zip(ends).map(|(start, end)| text.get(*start..end).unwrap_or_default())
    }

    /// The place of a byte offset; one past the end or within a character is that of the character before.
    pub fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let offset = (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = text.get(start..offset).unwrap_or_default();
        Position { line: small(line), character: small(width(before, encoding)) }
    }

    /// The same of many offsets, those of a line one behind the other: of a long line nothing is counted twice.
    pub fn positions<'t>(&'t self, text: &'t str, encoding: Encoding) -> impl FnMut(usize) -> Position + 't {
        let (mut last, mut known) = (Position::default(), 0);
        move |offset| {
            let line =
                self.starts.partition_point(|start| *start <= offset.min(text.len())).saturating_sub(1);
            let is_onward = small(line) == last.line && known <= offset;
            let between = text.get(known..offset).filter(|_| is_onward);
            last = match between {
                Some(between) => {
                    Position { character: last.character + small(width(between, encoding)), ..last }
                }
                None => self.position(text, offset, encoding),
            };
            known = offset;
            last
        }
    }

    /// The byte offset of a place; one past the end of its line or of the text is that end, one within a character its
    /// beginning.
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        let Some(&start) = self.starts.get(line) else { return text.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let line = text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r']);
        let mut column = 0;
        for (at, c) in line.char_indices() {
            column += match encoding {
                Encoding::Utf8 => c.len_utf8(),
                Encoding::Utf16 => c.len_utf16(),
            };
            if column > position.character as usize {
                return start + at;
            }
        }
        start + line.len()
    }

    /// The range of byte offsets.
    pub fn range(&self, text: &str, start: usize, end: usize, encoding: Encoding) -> Range {
        Range { start: self.position(text, start, encoding), end: self.position(text, end, encoding) }
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A text after a change of a range, or of all of it where there is none.
pub fn changed(text: &str, range: Option<Range>, new: &str, encoding: Encoding) -> String {
    let Some(range) = range else { return new.to_owned() };
    let lines = Lines::of(text);
    let start = lines.offset(text, range.start, encoding);
    let end = lines.offset(text, range.end, encoding).max(start);
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    [before, new, after].concat()
}
