//! Notebooks of Jupyter: what stands in the source of a code cell is code; its outputs and the rest are a document.

/// A part of a notebook in which code stands, as bytes of its text: from the quote that opens it to the one that closes it.
pub(super) type Code = (usize, usize);

/// Where the code of a notebook stands, in order; as far as it can be read.
pub(super) fn code(text: &str) -> Vec<Code> {
    let mut walk = Walk {
        bytes: text.as_bytes(),
        at: 0,
        open: Vec::new(),
        cell: Vec::new(),
        is_code: false,
        found: Vec::new(),
    };
    walk.run();
    walk.found
}

/// The line of code that a place in a code cell stands on, up to that place, as it was before it was written as JSON.
pub(super) fn line(text: &str, (from, _): Code, place: usize) -> String {
    let before = text.get(from + 1..place).unwrap_or_default();
    let mut line = String::new();
    let mut chars = before.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            (_, Some('n' | 'r')) => line.clear(),
            (_, Some('t')) => line.push('\t'),
            (_, Some(escaped)) => line.push(escaped),
            _ => line.push(c),
        }
    }
    line
}

/// What is open: an object with the key at hand, or a list.
enum Open {
    Object(String),
    List,
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<Open>,
    /// The source of the cell at hand, and whether it is code.
    cell: Vec<Code>,
    is_code: bool,
    found: Vec<Code>,
}

impl Walk<'_> {
    fn run(&mut self) {
        let mut is_key = false;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += 1;
            match byte {
                b'{' => {
                    self.open.push(Open::Object(String::new()));
                    is_key = true;
                }
                b'[' => {
                    self.open.push(Open::List);
                    is_key = false;
                }
                b'}' | b']' => {
                    self.open.pop();
                    if byte == b'}' && self.open.len() == 2 {
                        self.cell_ends();
                    }
                    is_key = false;
                }
                b',' => is_key = matches!(self.open.last(), Some(Open::Object(_))),
                b'"' => {
                    let from = self.at - 1;
                    let to = self.string();
                    self.met(from, to, is_key);
                    is_key = false;
                }
                _ => {}
            }
        }
    }

    /// Behind the quote that closes the string at hand.
    fn string(&mut self) -> usize {
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'"' => break,
                _ => {}
            }
        }
        self.at.min(self.bytes.len())
    }

    fn met(&mut self, from: usize, to: usize, is_key: bool) {
        let inner = || {
            let bytes = self.bytes.get(from + 1..to.saturating_sub(1)).unwrap_or_default();
            String::from_utf8_lossy(bytes.get(..40.min(bytes.len())).unwrap_or_default()).into_owned()
        };
        if is_key {
            let key = inner();
            if let Some(Open::Object(known)) = self.open.last_mut() {
                *known = key;
            }
            return;
        }
        let key = |open: &Open, wanted: &str| matches!(open, Open::Object(key) if key == wanted);
        let path = self.open.as_slice();
        let is_cell = matches!(path, [top, Open::List, _, ..] if key(top, "cells"));
        match path {
            [_, _, of] if is_cell && key(of, "cell_type") => self.is_code = inner() == "code",
            [_, _, of] | [_, _, of, Open::List] if is_cell && key(of, "source") => self.cell.push((from, to)),
            _ => {}
        }
    }

    fn cell_ends(&mut self) {
        if self.is_code {
            self.found.append(&mut self.cell);
        }
        self.cell.clear();
        self.is_code = false;
    }
}

#[cfg(test)]
mod tests {
    use super::{code, line};

    #[test]
    fn the_source_of_code_cells_is_told_from_the_rest() {
        let text = r##"{"cells": [
            {"cell_type": "markdown", "source": ["W1"]},
            {"source": ["a = \"W2\"\n", "# W3"], "outputs": [{"text": ["W4"], "source": "W5"}], "cell_type": "code"},
            {"cell_type": "code", "metadata": {"source": "W6"}, "source": "x\n# \"W7\"\nW8"}
        ], "source": "W9", "metadata": {"cells": [{"cell_type": "code", "source": "W10"}]}}"##;
        let found: Vec<&str> = code(text).iter().filter_map(|(from, to)| text.get(*from..*to)).collect();
        assert_eq!(found, [r#""a = \"W2\"\n""#, r##""# W3""##, r#""x\n# \"W7\"\nW8""#]);
        let before = |word: &str| {
            let place = text.find(word).unwrap_or_default();
            let ranges = code(text);
            let range =
                ranges.iter().find(|(from, to)| *from < place && place < *to).copied().unwrap_or_default();
            line(text, range, place)
        };
        assert_eq!((before("W2"), before("W3")), ("a = \"".to_owned(), "# ".to_owned()));
        assert_eq!((before("W7"), before("W8")), ("# \"".to_owned(), String::new()));
    }

    #[test]
    fn any_text_ends() {
        for text in [
            "",
            "{",
            "\"",
            "{\"cells\": [{\"source\": \"a\\",
            "]]}}",
            "{\"cells\": [{\"cell_type\": \"code\"",
        ] {
            assert!(code(text).iter().all(|(from, to)| from < to && *to <= text.len()), "{text}");
        }
    }
}
