//! Cutting a stream of bytes into records, with no more memory than one record takes.

mod document;
mod objects;
mod rows;

use crate::limits::MAX_RECORD_BYTES;
use objects::Objects;
use rows::Rows;

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
    /// A record of more than [`MAX_RECORD_BYTES`], which may hold many events or is one.
    TooLong {
        /// It is a document: how many events are in it is not known.
        of_many: bool,
    },
    /// A line ends within a list or a second object.
    Broken,
    /// The file ends within a record or a list.
    Torn,
    /// A quote of a table is open at the end, or closes within a cell of another row; nothing after it is read.
    OpenQuote,
    /// In a document that was cut, what all of its parts need stands behind them; nothing after it is read.
    Late,
}

/// Takes what is cut, with the line on which it begins, from 1.
pub type Each<'e> = dyn FnMut(u64, Cut<'_>) + 'e;

/// Cuts what it is fed. Each record is handed on with the line on which it begins, from 1.
#[derive(Debug)]
pub struct Splitter {
    shape: Shape,
    pending: Vec<u8>,
    is_too_long: bool,
    line: u64,
    begun_on: u64,
    rows: Rows,
    /// Of objects: those of the stream; of lines: those of one that is long.
    objects: Option<Box<Objects>>,
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
            rows: Rows::default(),
            objects: (shape == Shape::Objects).then(|| Box::new(Objects::new(1))),
            is_over: false,
        }
    }

    /// Whether nothing more is read.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8], each: &mut Each<'_>) {
        match (self.shape, &mut self.objects) {
            _ if self.is_over => {}
            (Shape::Objects, Some(objects)) => {
                objects.feed(bytes, each);
                self.is_over = objects.is_over();
            }
            (Shape::Rows, _) => self.feed_rows(bytes, each),
            _ => self.feed_lines(bytes, each),
        }
    }

    /// There are no more bytes.
    pub fn end(&mut self, each: &mut Each<'_>) {
        match (self.shape, &mut self.objects) {
            _ if self.is_over => {}
            (Shape::Objects, Some(objects)) => {
                if let Some(line) = objects.end(each) {
                    each(line, Cut::Torn);
                }
            }
            (Shape::Rows, _) if self.rows.open_on().is_some() => self.open_quote(each),
            _ => self.hand_on(&[], each),
        }
        self.is_over = true;
    }

    fn feed_lines(&mut self, bytes: &[u8], each: &mut Each<'_>) {
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (record, after) = rest.split_at(end);
            self.next_record(record, each);
            rest = after.get(1..).unwrap_or_default();
        }
        self.keep(rest, each);
    }

    fn feed_rows(&mut self, bytes: &[u8], each: &mut Each<'_>) {
        let mut rest = bytes;
        while let Some(end) = self.rows.end_of_row(rest, &mut self.line) {
            let (record, after) = rest.split_at(end);
            self.next_record(record, each);
            rest = after.get(1..).unwrap_or_default();
        }
        if self.rows.is_broken() {
            self.open_quote(each);
            self.is_over = true;
        } else {
            self.keep(rest, each);
        }
    }

    fn open_quote(&mut self, each: &mut Each<'_>) {
        each(self.rows.open_on().unwrap_or(self.begun_on), Cut::OpenQuote);
    }

    fn next_record(&mut self, record: &[u8], each: &mut Each<'_>) {
        self.hand_on(record, each);
        self.line += 1;
        self.begun_on = self.line;
    }

    fn keep(&mut self, bytes: &[u8], each: &mut Each<'_>) {
        if self.shape == Shape::Lines && self.objects.is_none() && self.is_past(bytes.len()) {
            self.begin_document(each);
        }
        if let Some(objects) = &mut self.objects {
            return objects.feed(bytes, each);
        }
        if self.is_past(bytes.len()) {
            self.is_too_long = true;
            self.pending.clear();
        }
        if !self.is_too_long {
            self.pending.extend_from_slice(bytes);
        }
    }

    fn is_past(&self, more: usize) -> bool {
        self.pending.len() + more > MAX_RECORD_BYTES
    }

    /// A line that is too long for one record may be a document that can be cut.
    fn begin_document(&mut self, each: &mut Each<'_>) {
        if matches!(self.pending.trim_ascii_start().first(), Some(b'{' | b'[')) {
            let mut objects = Box::new(Objects::new(self.begun_on));
            objects.feed(&self.pending, each);
            self.pending = Vec::new();
            self.objects = Some(objects);
        }
    }

    /// Hands on what is pending with the last of it.
    fn hand_on(&mut self, last: &[u8], each: &mut Each<'_>) {
        if self.pending.is_empty() && !self.is_too_long && self.objects.is_none() && !self.is_past(last.len())
        {
            return self.record(last, each);
        }
        self.keep(last, each);
        if let Some(mut objects) = self.objects.take() {
            end_of_line(&mut objects, self.begun_on, each);
            self.is_over |= objects.is_over();
        } else if std::mem::take(&mut self.is_too_long) {
            each(self.begun_on, Cut::TooLong { of_many: false });
        } else {
            let pending = std::mem::take(&mut self.pending);
            self.record(&pending, each);
            self.pending = pending;
        }
        self.pending.clear();
    }

    /// Hands on a line unless it is blank. A list on a line is what stands in it.
    fn record(&self, bytes: &[u8], each: &mut Each<'_>) {
        let bytes = bytes.trim_ascii_end();
        if self.shape == Shape::Lines && bytes.trim_ascii_start().first() == Some(&b'[') {
            let mut objects = Objects::new(self.begun_on);
            objects.feed(bytes, each);
            end_of_line(&mut objects, self.begun_on, each);
        } else if !bytes.is_empty() {
            each(self.begun_on, Cut::Record(bytes));
        }
    }
}

/// The objects of one line end with it.
fn end_of_line(objects: &mut Objects, line: u64, each: &mut Each<'_>) {
    if objects.end(each).is_some() {
        each(line, Cut::Broken);
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
        assert_eq!(cut(Shape::Objects, "{} x y {}"), owned(&[(1, "{}"), (1, "x y"), (1, "{}")]));
        let list = "[{},\nnull, \"],{\" ,[{}],\n[]]{}]";
        let wanted = [(1, "{}"), (2, "null"), (2, "\"],{\""), (2, "{}"), (3, "{}"), (3, "]")];
        assert_eq!(cut(Shape::Objects, list), owned(&wanted));
        assert_eq!(
            cut(Shape::Lines, "{1}\n[{1},{2}]\n[{3}\n{4}"),
            owned(&[(1, "{1}"), (2, "{1}"), (2, "{2}"), (3, "{3}"), (3, "Broken"), (4, "{4}")])
        );
        assert_eq!(cut(Shape::Objects, "[{},\n{\"a\":"), owned(&[(1, "{}"), (2, "Torn")]));
        assert_eq!(cut(Shape::Objects, "[{},\n"), owned(&[(1, "{}"), (2, "Torn")]));
        assert_eq!(cut(Shape::Objects, ""), owned(&[]));
    }

    #[test]
    fn a_quote_that_nothing_closes_swallows_nothing() {
        let open = |text: &str, rows: usize, line: u64| {
            let found = cut(Shape::Rows, text);
            let last = (found.len(), found.last().cloned());
            assert_eq!(last, (rows + 1, Some((line, "OpenQuote".to_owned()))), "{text}");
        };
        open("a,b\n1,\"v1\n2,v1\n", 1, 2);
        open("a,b\n1,\"v1\n2,\"v1\"\n", 1, 2);
        open("a,b\n1,\"\"\"v1\n2,v1", 1, 2);
        assert_eq!(
            cut(Shape::Rows, "a\"b,\"c\"d\n1,\"x\n\"\"y\"\"\n\",\"\"\n5\" disk,2"),
            owned(&[(1, "a\"b,\"c\"d"), (2, "1,\"x\n\"\"y\"\"\n\",\"\""), (5, "5\" disk,2")])
        );
    }

    #[test]
    fn a_document_is_cut_between_the_parts_of_its_lists() {
        let spans = |from: usize, to: usize| (from..to).map(|at| format!("{{\"n\":{at},\"of\":[1,{{}}]}}"));
        let pad = "x".repeat(MAX_RECORD_BYTES / 8);
        let all: Vec<String> =
            spans(0, 12).map(|span| span.replace("{}", &format!("{{\"p\":\"{pad}\"}}"))).collect();
        let scope = format!("{{\"scope\":{{}},\"spans\":[{}],\"schemaUrl\":\"u\"}}", all.join(" , "));
        let document =
            format!("{{\"resourceSpans\":[{{\"resource\":{{\"a\":[]}},\"scopeSpans\":[{scope}]}}]}}\n");
        for shape in [Shape::Objects, Shape::Lines] {
            let (mut numbers, mut pieces) = (Vec::new(), 0);
            let mut splitter = Splitter::new(shape);
            let mut each = |_: u64, cut: Cut<'_>| {
                let Cut::Record(bytes) = cut else { panic!("{cut:?}") };
                let piece: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
                let resource = &piece["resourceSpans"][0];
                assert!(resource["resource"]["a"].is_array());
                let spans = resource["scopeSpans"][0]["spans"].as_array().expect("spans");
                numbers.extend(spans.iter().filter_map(|span| span["n"].as_u64()));
                pieces += 1;
            };
            for piece in document.as_bytes().chunks(100_000) {
                splitter.feed(piece, &mut each);
            }
            splitter.end(&mut each);
            assert_eq!(numbers, (0..12).collect::<Vec<u64>>());
            assert!(pieces > 2, "{pieces}");
        }
        let late = format!("{{\"resourceSpans\":[{{\"scopeSpans\":[{scope}],\"resource\":{{}}}}]}}");
        assert_eq!(cut(Shape::Objects, "{\"data\":[{},{}],\"resource\":1}").len(), 1);
        let mut last = None;
        let mut splitter = Splitter::new(Shape::Objects);
        splitter.feed(late.as_bytes(), &mut |_, cut| last = Some(matches!(cut, Cut::Late)));
        assert_eq!((last, splitter.is_over()), (Some(true), true));
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
                found.push((line, matches!(cut, Cut::TooLong { .. })));
            });
        }
        assert_eq!(found, [(1, true), (2, false)]);
    }
}
