//! Comments of languages other than Python: from where to where something stands that is not run.

use crate::limits::effort;

/// How a language writes what is not run, and texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syntax {
    /// What a comment to the end of the line begins with, at the start of a line or behind white space or a sign.
    pub(super) lines: &'static [&'static str],
    /// What comments of any length begin and end with; one that begins with `=` or `@` stands at the start of a line.
    pub(super) blocks: &'static [(&'static str, &'static str)],
    /// What begins like a comment and is none.
    pub(super) except: &'static [&'static str],
    /// What takes the meaning of the character behind it.
    pub(super) escape: u8,
}

impl Syntax {
    pub(super) const fn new(
        lines: &'static [&'static str],
        blocks: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { lines, blocks, except: &[], escape: b'\\' }
    }

    /// Whether texts may begin as `<<END` and end with a line of that word.
    fn has_here_documents(self) -> bool {
        self.lines.contains(&"#")
    }
}

/// The ranges of bytes in comments, in order. Quotes that are open at the end of a line are none, so that what is
/// misread ends with the line; so is a comment that nothing closes.
pub(super) fn ranges(text: &str, syntax: Syntax) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    if syntax.lines.is_empty() && syntax.blocks.is_empty() {
        return found;
    }
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        unclosed: vec![false; syntax.blocks.len()],
        unclosed_raw: false,
        left: effort::HERE_BYTES,
    };
    let mut at = 0;
    while at < text.len() {
        if let Some(end) = reader.comment(at, syntax) {
            found.push((at, end));
            at = end;
        } else {
            at = reader.past(at, syntax);
        }
    }
    found
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// Of each kind of block: whether nothing that closes one is left.
    unclosed: Vec<bool>,
    /// Whether nothing closes a raw text any more.
    unclosed_raw: bool,
    /// How many more bytes are searched for the ends of here-documents.
    left: usize,
}

impl Reader<'_> {
    fn before(&self, at: usize) -> Option<u8> {
        self.bytes.get(at.checked_sub(1)?).copied()
    }

    fn begins(&self, at: usize, mark: &str) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(mark.as_bytes()))
    }

    /// Where a comment ends that begins here.
    fn comment(&mut self, at: usize, syntax: Syntax) -> Option<usize> {
        let before = self.before(at);
        let is_free = before.is_none_or(|byte| byte.is_ascii_whitespace() || b"(){}[];,=>".contains(&byte));
        if !is_free {
            return None;
        }
        for (number, (open, close)) in syntax.blocks.iter().enumerate() {
            if !self.begins(at, open) || self.unclosed.get(number) == Some(&true) {
                continue;
            }
            if open.starts_with(['=', '@']) && !self.is_first(at) {
                continue;
            }
            match self.text.get(at + open.len()..).and_then(|rest| rest.find(close)) {
                Some(length) => return Some(at + open.len() + length + close.len()),
                // Looked for once only, however often it is opened.
                None => self.unclosed.iter_mut().skip(number).take(1).for_each(|unclosed| *unclosed = true),
            }
        }
        // `${#list}` is no comment, and `{#` begins none where `#` does.
        let is_line = |mark: &&str| {
            self.begins(at, mark) && (**mark != *"#" || before.is_none_or(|byte| !b"{[,=>".contains(&byte)))
        };
        let is_excepted = syntax.except.iter().any(|mark| self.begins(at, mark));
        (!is_excepted && syntax.lines.iter().any(is_line)).then(|| self.end_of_line(at))
    }

    /// Whether only blanks stand before, on the line.
    fn is_first(&self, at: usize) -> bool {
        let line = self.bytes.get(..at).unwrap_or_default().iter().rev().take_while(|byte| **byte != b'\n');
        line.into_iter().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    fn end_of_line(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |length| at + length)
    }

    /// What is no comment: a text whole, else one character.
    fn past(&mut self, at: usize, syntax: Syntax) -> usize {
        let quote = match self.bytes.get(at) {
            Some(byte) if *byte == syntax.escape => return at + 2,
            Some(quote @ (b'"' | b'\'' | b'`')) => *quote,
            Some(b'r') if self.begins(at, "r#") => return self.past_raw(at).unwrap_or(at + 1),
            Some(b'<') if syntax.has_here_documents() && self.begins(at, "<<") => {
                return self.past_here_document(at).unwrap_or(at + 2);
            }
            Some(_) => return at + 1,
            None => return self.bytes.len(),
        };
        let mut end = at + 1;
        while let Some(byte) = self.bytes.get(end) {
            match byte {
                byte if *byte == syntax.escape => end += 1,
                b'\n' if quote != b'`' => return at + 1,
                byte if *byte == quote => return end + 1,
                _ => {}
            }
            end += 1;
        }
        at + 1
    }

    /// What is behind `r##"…"##`, a text in which nothing else counts.
    fn past_raw(&mut self, at: usize) -> Option<usize> {
        if self.unclosed_raw {
            return None;
        }
        let rest = self.text.get(at + 1..)?;
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        let inner = rest.get(hashes..)?.strip_prefix('"')?;
        let close = format!("\"{}", rest.get(..hashes)?);
        let length = inner.find(&close);
        self.unclosed_raw = length.is_none();
        Some(at + 1 + hashes + 1 + length? + close.len())
    }

    /// What is behind a text that begins as `<<END` and ends with a line of that word.
    fn past_here_document(&mut self, at: usize) -> Option<usize> {
        if self.left == 0 {
            return None;
        }
        let rest = self.text.get(at..)?;
        let first = rest.split('\n').next().unwrap_or_default();
        self.left = self.left.saturating_sub(first.len());
        let below = rest.get(first.len() + 1..)?;
        let word = first.trim_start_matches('<').trim_start_matches(['-', '~', ' ', '"', '\'', '\\']);
        let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(word.len());
        let word =
            word.get(..end).filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))?;
        let mut length = first.len() + 1;
        for line in below.split_inclusive('\n') {
            self.left = self.left.checked_sub(line.len())?;
            length += line.len();
            if line.trim().trim_end_matches([';', ')', ',']) == word {
                return Some(at + length);
            }
        }
        None
    }
}
