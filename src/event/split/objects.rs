//! JSON objects one after the other, or in lists: where each begins and ends.

use super::document::Document;
use super::{Cut, Each};
use crate::limits::MAX_RECORD_BYTES;

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// What stands between records.
    Nothing,
    /// A record: what stands between its braces.
    Object,
    /// What is not an object and should be one.
    Other,
}

/// Cuts objects, and tells what else stands between them.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
pub(super) struct Objects {
    within: Within,
    pending: Vec<u8>,
    is_too_long: bool,
    line: u64,
    begun_on: u64,
    is_quoted: bool,
    is_escaped: bool,
    /// Lists that are open around all objects.
    lists: usize,
    /// How deep in the object.
    depth: usize,
    document: Document,
    is_over: bool,
}

impl Objects {
    /// Of a stream that begins on a line.
    pub(super) fn new(line: u64) -> Self {
        Self {
            within: Within::Nothing,
            pending: Vec::new(),
            is_too_long: false,
            line,
            begun_on: line,
            is_quoted: false,
            is_escaped: false,
            lists: 0,
            depth: 0,
            document: Document::default(),
            is_over: false,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Takes the next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8], each: &mut Each<'_>) {
        let mut from = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if self.is_over {
                return;
            }
            if self.within == Within::Other && self.ends_other(*byte) {
                self.hand_on(bytes.get(from..at).unwrap_or_default(), each);
            }
            self.line += u64::from(*byte == b'\n');
            match self.within {
                Within::Nothing => {
                    if self.between(*byte) {
                        from = at;
                    }
                }
                Within::Other => self.quote(*byte),
                Within::Object => {
                    if self.object(*byte, at - from) {
                        self.hand_on(bytes.get(from..=at).unwrap_or_default(), each);
                    } else if self.document.is_late() {
                        each(self.line, Cut::Late);
                        self.is_over = true;
                    } else if *byte == b',' && !self.is_quoted && self.can_be_cut(at - from) {
                        self.cut(bytes.get(from..at).unwrap_or_default(), each);
                        from = at + 1;
                    }
                }
            }
        }
        if self.within != Within::Nothing {
            self.keep(bytes.get(from..).unwrap_or_default());
        }
    }

    /// There are no more bytes; the line on which something begins that does not end.
    pub(super) fn end(&mut self, each: &mut Each<'_>) -> Option<u64> {
        match self.within {
            _ if self.is_over => None,
            Within::Object => Some(self.begun_on),
            Within::Other if self.is_quoted => Some(self.begun_on),
            Within::Other => {
                self.hand_on(&[], each);
                (self.lists > 0).then_some(self.line)
            }
            Within::Nothing => (self.lists > 0).then_some(self.line),
        }
    }

    /// Takes a byte between records; whether one begins with it.
    fn between(&mut self, byte: u8) -> bool {
        match byte {
            b'[' => self.lists += 1,
            b']' if self.lists > 0 => self.lists -= 1,
            byte if byte == b',' || byte.is_ascii_whitespace() => {}
            byte => {
                self.begun_on = self.line;
                if byte == b'{' {
                    (self.within, self.depth) = (Within::Object, 1);
                    self.document.begin();
                } else {
                    self.within = Within::Other;
                    self.quote(byte);
                }
                return true;
            }
        }
        false
    }

    /// Whether what is not an object has ended before a byte. No text of JSON goes on behind a line feed.
    fn ends_other(&self, byte: u8) -> bool {
        let is_end = matches!(byte, b'{' | b'[') || (self.lists > 0 && matches!(byte, b',' | b']'));
        byte == b'\n' || (is_end && !self.is_quoted)
    }

    fn quote(&mut self, byte: u8) {
        match byte {
            _ if std::mem::take(&mut self.is_escaped) => {}
            b'\\' if self.is_quoted => self.is_escaped = true,
            b'"' => self.is_quoted = !self.is_quoted,
            _ => {}
        }
    }

    /// Takes a byte of an object, so far behind what is pending; whether the object ends with it.
    fn object(&mut self, byte: u8, at: usize) -> bool {
        let was_quoted = self.is_quoted;
        self.quote(byte);
        if was_quoted || self.is_quoted {
            self.document.text(byte, was_quoted, self.is_quoted, self.depth);
            return false;
        }
        match byte {
            b'{' | b'[' => {
                self.depth += 1;
                self.document.open(byte == b'[', self.pending.len() + at, self.depth);
            }
            b'}' | b']' => {
                self.document.close(self.depth);
                self.depth -= 1;
            }
            b',' => self.document.comma(self.depth),
            _ => {}
        }
        self.depth == 0
    }

    fn can_be_cut(&mut self, at: usize) -> bool {
        !self.is_too_long && self.document.can_be_cut(self.pending.len() + at, self.depth)
    }

    /// Hands on what a document has so far as if it ended here, and begins it again.
    fn cut(&mut self, last: &[u8], each: &mut Each<'_>) {
        self.keep(last);
        if self.is_too_long {
            return;
        }
        let begin = self.document.cut(&mut self.pending);
        each(self.begun_on, Cut::Record(&self.pending));
        self.pending = begin;
        self.begun_on = self.line;
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.pending.len() + bytes.len() > MAX_RECORD_BYTES {
            self.is_too_long = true;
            self.pending = Vec::new();
        }
        if !self.is_too_long {
            self.pending.extend_from_slice(bytes);
        }
    }

    /// Hands on what is pending with the last of it.
    fn hand_on(&mut self, last: &[u8], each: &mut Each<'_>) {
        self.within = Within::Nothing;
        (self.is_quoted, self.is_escaped) = (false, false);
        if self.pending.is_empty() && !self.is_too_long && last.len() <= MAX_RECORD_BYTES {
            return each(self.begun_on, Cut::Record(last.trim_ascii_end()));
        }
        self.keep(last);
        if std::mem::take(&mut self.is_too_long) {
            each(self.begun_on, Cut::TooLong { of_many: self.document.is_of_many() });
        } else {
            each(self.begun_on, Cut::Record(self.pending.trim_ascii_end()));
        }
        self.pending.clear();
    }
}
