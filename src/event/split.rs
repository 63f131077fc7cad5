//! Cutting a stream of bytes into records, with no more memory than one record takes.

use crate::limits::MAX_RECORD_BYTES;

/// How records follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One on each line.
    Lines,
    /// One on each line, but a line may end within quotes: CSV.
    Rows,
    /// JSON objects, one after the other or in one list, over any number of lines.
    Objects,
}

impl Shape {
    /// What the first bytes of a stream look like.
    pub fn of(beginning: &[u8]) -> Self {
        let text = beginning.trim_ascii_start();
        match text.first() {
            None | Some(b'{') => {
                let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
                if line.is_empty() || (line.len() < text.len() && line.ends_with(b"}")) {
                    Self::Lines
                } else {
                    Self::Objects
                }
            }
            Some(b'[') => Self::Objects,
            Some(_) => Self::Rows,
        }
    }
}

/// A record, or what is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut<'a> {
    /// The bytes of a record.
    Record(&'a [u8]),
    /// A record of more than [`MAX_RECORD_BYTES`].
    TooLong,
    /// Between the objects of a file something else stands; nothing after it is read.
    Junk,
    /// The file ends within a record or a list.
    Torn,
}

/// Cuts what it is fed. Each record is handed on with the line on which it begins, from 1.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
pub struct Splitter {
    shape: Shape,
    pending: Vec<u8>,
    is_too_long: bool,
    line: u64,
    begun_on: u64,
    /// Within quotes.
    is_quoted: bool,
    is_escaped: bool,
    depth: usize,
    /// 1 within a list of all objects.
    base: usize,
    is_over: bool,
}

impl Splitter {
    /// Of a stream whose records follow each other like this.
    pub fn new(shape: Shape) -> Self {
        Self {
            shape,
            pending: Vec::new(),
            is_too_long: false,
            line: 1,
            begun_on: 1,
            is_quoted: false,
            is_escaped: false,
            depth: 0,
            base: 0,
            is_over: false,
        }
    }

    /// Whether nothing more is read.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8], each: &mut dyn FnMut(u64, Cut<'_>)) {
        match self.shape {
            Shape::Objects => self.feed_objects(bytes, each),
            Shape::Lines | Shape::Rows => self.feed_lines(bytes, each),
        }
    }

    /// There are no more bytes.
    pub fn end(&mut self, each: &mut dyn FnMut(u64, Cut<'_>)) {
        match self.shape {
            Shape::Objects if self.depth > self.base && !self.is_over => each(self.begun_on, Cut::Torn),
            Shape::Objects if self.base > 0 && !self.is_over => each(self.line, Cut::Torn),
            Shape::Objects => {}
            Shape::Lines | Shape::Rows => self.hand_on(&[], each),
        }
        self.is_over = true;
    }

    fn feed_lines(&mut self, bytes: &[u8], each: &mut dyn FnMut(u64, Cut<'_>)) {
        let mut rest = bytes;
        while let Some(end) = self.end_of_record(rest) {
            let (record, after) = rest.split_at(end);
            self.hand_on(record, each);
            self.line += 1;
            self.begun_on = self.line;
            rest = after.get(1..).unwrap_or_default();
        }
        self.keep(rest);
    }

    fn end_of_record(&mut self, bytes: &[u8]) -> Option<usize> {
        if self.shape == Shape::Lines {
            return memchr::memchr(b'\n', bytes);
        }
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'"' => self.is_quoted = !self.is_quoted,
                b'\n' if !self.is_quoted => return Some(at),
                b'\n' => self.line += 1,
                _ => {}
            }
        }
        None
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.pending.len() + bytes.len() > MAX_RECORD_BYTES {
            self.is_too_long = true;
            self.pending.clear();
        }
        if !self.is_too_long {
            self.pending.extend_from_slice(bytes);
        }
    }

    /// Hands on what is pending with the last of it.
    fn hand_on(&mut self, last: &[u8], each: &mut dyn FnMut(u64, Cut<'_>)) {
        if self.pending.is_empty() && !self.is_too_long && last.len() <= MAX_RECORD_BYTES {
            record(self.begun_on, last, each);
            return;
        }
        self.keep(last);
        if std::mem::take(&mut self.is_too_long) {
            each(self.begun_on, Cut::TooLong);
        } else {
            record(self.begun_on, &self.pending, each);
        }
        self.pending.clear();
    }

    fn feed_objects(&mut self, bytes: &[u8], each: &mut dyn FnMut(u64, Cut<'_>)) {
        let mut from = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if self.is_over {
                return;
            }
            if *byte == b'\n' {
                self.line += 1;
            }
            if self.depth > self.base {
                if self.within(*byte) {
                    self.hand_on(bytes.get(from..=at).unwrap_or_default(), each);
                }
            } else if *byte == b'{' {
                (from, self.begun_on) = (at, self.line);
                self.depth += 1;
            } else if !self.between(*byte) {
                each(self.line, Cut::Junk);
                self.is_over = true;
            }
        }
        if self.depth > self.base {
            self.keep(bytes.get(from..).unwrap_or_default());
        }
    }

    /// Takes a byte of an object; whether the object ends with it.
    fn within(&mut self, byte: u8) -> bool {
        match byte {
            _ if std::mem::take(&mut self.is_escaped) => {}
            b'\\' if self.is_quoted => self.is_escaped = true,
            b'"' => self.is_quoted = !self.is_quoted,
            b'{' | b'[' if !self.is_quoted => self.depth += 1,
            b'}' | b']' if !self.is_quoted => self.depth -= 1,
            _ => {}
        }
        self.depth == self.base
    }

    /// Takes a byte between objects; whether it may stand there.
    fn between(&mut self, byte: u8) -> bool {
        match byte {
            b'[' if self.base == 0 => (self.base, self.depth) = (1, 1),
            b']' if self.base == 1 => (self.base, self.depth) = (0, 0),
            b',' => {}
            byte => return byte.is_ascii_whitespace(),
        }
        true
    }
}

/// Hands on a line unless it is blank.
fn record(line: u64, bytes: &[u8], each: &mut dyn FnMut(u64, Cut<'_>)) {
    let bytes = bytes.trim_ascii_end();
    if !bytes.is_empty() {
        each(line, Cut::Record(bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a text is cut into, whatever pieces it comes in.
    fn cut(shape: Shape, text: &str) -> Vec<(u64, String)> {
        let of = |size: usize| {
            let mut found = Vec::new();
            let mut each = |line: u64, cut: Cut<'_>| {
                found.push((
                    line,
                    match cut {
                        Cut::Record(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                        other => format!("{other:?}"),
                    },
                ));
            };
            let mut splitter = Splitter::new(shape);
            for piece in text.as_bytes().chunks(size) {
                splitter.feed(piece, &mut each);
            }
            splitter.end(&mut each);
            found
        };
        let whole = of(text.len().max(1));
        for size in 1..text.len().min(40) {
            assert_eq!(of(size), whole, "in pieces of {size}");
        }
        whole
    }

    fn owned(wanted: &[(u64, &str)]) -> Vec<(u64, String)> {
        wanted.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
    }

    #[test]
    fn lines_rows_and_objects_are_cut_whatever_pieces_they_come_in() {
        assert_eq!(cut(Shape::Lines, "{1}\r\n\n{2}\n{3}"), owned(&[(1, "{1}"), (3, "{2}"), (4, "{3}")]));
        assert_eq!(
            cut(Shape::Rows, "a,b\n\"x\ny\",1\nz,2\n"),
            owned(&[(1, "a,b"), (2, "\"x\ny\",1"), (4, "z,2")])
        );
        let list = "[\n{\"a\":\"}\\\"\"},\n {\"b\":[{}]}\n]\n";
        assert_eq!(cut(Shape::Objects, list), owned(&[(2, "{\"a\":\"}\\\"\"}"), (3, "{\"b\":[{}]}")]));
        assert_eq!(cut(Shape::Objects, "{} {\n}"), owned(&[(1, "{}"), (1, "{\n}")]));
        assert_eq!(cut(Shape::Objects, "{} x {}"), owned(&[(1, "{}"), (1, "Junk")]));
        assert_eq!(cut(Shape::Objects, "[{},\n{\"a\":"), owned(&[(1, "{}"), (2, "Torn")]));
        assert_eq!(cut(Shape::Objects, "[{},\n"), owned(&[(1, "{}"), (2, "Torn")]));
        assert_eq!(cut(Shape::Objects, ""), owned(&[]));
    }

    #[test]
    fn a_stream_is_known_by_how_it_begins() {
        for (text, wanted) in [
            ("{\"a\":1}\n{\"a\":2}\n", Shape::Lines),
            ("\u{20}\n", Shape::Lines),
            ("{\n  \"a\": 1\n}\n", Shape::Objects),
            ("{\"a\":1}", Shape::Objects),
            ("[{\"a\":1}]", Shape::Objects),
            ("time,use_case\n", Shape::Rows),
        ] {
            assert_eq!(Shape::of(text.as_bytes()), wanted, "{text}");
        }
    }

    #[test]
    fn a_record_that_is_too_long_is_passed_over() {
        let long = "x".repeat(MAX_RECORD_BYTES + 1);
        let mut found = Vec::new();
        let mut splitter = Splitter::new(Shape::Lines);
        for piece in [long.as_str(), "yy\n", "{1}\n"] {
            splitter.feed(piece.as_bytes(), &mut |line, cut| {
                found.push((line, matches!(cut, Cut::TooLong)));
            });
        }
        assert_eq!(found, [(1, true), (2, false)]);
    }
}
