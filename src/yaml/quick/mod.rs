//! The plain part of YAML that people write in registries and estates, in one pass over the bytes.
//!
//! Whatever is not in it, or is wrong, gives none: the library then reads the file from its start and says what it is. So
//! this reader never reports anything, and where it answers, the library would have given the same tree with the same
//! places: the fuzz target `yaml` and `tests/it/yaml.rs` run both.

mod block;
mod inline;
mod keys;

use super::{Kind, Value};
use crate::limits::MAX_YAML_NODES;
use crate::limits::effort;
use crate::source::{FileId, Span};

/// The document of a file that is in the plain part of YAML.
pub(super) fn parse(id: FileId, text: &str) -> Option<Value> {
    let mut quick = Quick { id, text, bytes: text.as_bytes(), at: 0, line: 0, depth: 0, nodes: 0 };
    let Next::At(0) = quick.content()? else { return None };
    let value = quick.block(0)?;
    match quick.content()? {
        Next::End if value.kind != Kind::Null => Some(value),
        _ => None,
    }
}

/// What comes after blank lines and comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Content, with its indentation.
    At(usize),
    /// The end of the text.
    End,
}

/// A cursor over the text. Its methods give none where the text leaves the plain part.
struct Quick<'a> {
    id: FileId,
    text: &'a str,
    bytes: &'a [u8],
    /// The next byte.
    at: usize,
    /// Where its line starts.
    line: usize,
    /// How many lists and maps are open.
    depth: usize,
    /// How many keys and values were read.
    nodes: usize,
}

impl Quick<'_> {
    /// The next byte; the end reads like a line feed.
    fn peek(&self) -> u8 {
        self.after(0)
    }

    /// The byte some way ahead.
    fn after(&self, more: usize) -> u8 {
        self.bytes.get(self.at + more).copied().unwrap_or(b'\n')
    }

    fn before(&self) -> Option<u8> {
        self.bytes.get(self.at.checked_sub(1)?).copied()
    }

    fn is_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn column(&self) -> usize {
        self.at - self.line
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.id, start, self.at)
    }

    fn spaces(&mut self) {
        while self.peek() == b' ' {
            self.at += 1;
        }
    }

    /// Counts a key or a value; half of what the library reads is left to it.
    fn count(&mut self) -> Option<()> {
        self.nodes += 1;
        (self.nodes <= MAX_YAML_NODES / 2).then_some(())
    }

    /// Runs something one level deeper.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        if self.depth > effort::QUICK_YAML_DEPTH {
            return None;
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// Goes to the next content at the start of a line.
    fn content(&mut self) -> Option<Next> {
        loop {
            self.line = self.at;
            self.spaces();
            if self.is_end() {
                return Some(Next::End);
            }
            match self.peek() {
                b'\n' => self.at += 1,
                b'#' => self.skip_line()?,
                // Directives and the ends of documents.
                b'%' | b'.' => return None,
                b'-' if self.after(1) == b'-' => return None,
                _ => return Some(Next::At(self.column())),
            }
        }
    }

    /// Over a comment and the end of its line.
    fn skip_line(&mut self) -> Option<()> {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            if byte == b'\n' {
                break;
            }
            if is_odd(byte) {
                return None;
            }
        }
        Some(())
    }

    /// After a value: nothing but a comment stands in its line.
    fn end_of_line(&mut self) -> Option<()> {
        let start = self.at;
        self.spaces();
        if self.is_end() {
            return Some(());
        }
        match self.peek() {
            b'\n' => {
                self.at += 1;
                Some(())
            }
            b'#' if self.at > start => self.skip_line(),
            _ => None,
        }
    }

    /// The same after a value that goes on where something deeper follows.
    fn end_of_value(&mut self, column: usize) -> Option<()> {
        self.end_of_line()?;
        match self.content()? {
            Next::At(indent) if indent > column => None,
            _ => Some(()),
        }
    }
}

/// Bytes that may be of a character that YAML treats specially, or forbids, or that does not show.
fn is_odd(byte: u8) -> bool {
    !(0x20..0x7f).contains(&byte)
}
