//! Comments of languages other than Python: from where to where something stands that is not run.

/// How a language writes what is not run, and texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syntax {
    /// What a comment to the end of the line begins with, at the start of a line or behind white space or a sign.
    pub(super) lines: &'static [&'static str],
    /// What comments of any length begin and end with; one that begins with `=` or `@` stands at the start of a line.
    pub(super) blocks: &'static [(&'static str, &'static str)],
}

impl Syntax {
    pub(super) const fn new(
        lines: &'static [&'static str],
        blocks: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { lines, blocks }
    }
}

/// The ranges of bytes in comments, in order. Quotes that are open at the end of a line are none, so that what is
/// misread ends with the line; so is a comment that nothing closes.
pub(super) fn ranges(text: &str, syntax: Syntax) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    if syntax.lines.is_empty() && syntax.blocks.is_empty() {
        return found;
    }
    let mut reader = Reader { text, bytes: text.as_bytes(), unclosed: vec![false; syntax.blocks.len()] };
    let mut at = 0;
    while at < text.len() {
        if let Some(end) = reader.comment(at, syntax) {
            found.push((at, end));
            at = end;
        } else {
            at = reader.past(at);
        }
    }
    found
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// Of each kind of block: whether nothing that closes one is left.
    unclosed: Vec<bool>,
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
        syntax.lines.iter().any(|mark| self.begins(at, mark)).then(|| self.end_of_line(at))
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
    fn past(&self, at: usize) -> usize {
        let quote = match self.bytes.get(at) {
            Some(quote @ (b'"' | b'\'' | b'`')) => *quote,
            Some(b'\\') => return at + 2,
            Some(_) => return at + 1,
            None => return self.bytes.len(),
        };
        let mut end = at + 1;
        while let Some(byte) = self.bytes.get(end) {
            match byte {
                b'\\' => end += 1,
                b'\n' if quote != b'`' => return at + 1,
                byte if *byte == quote => return end + 1,
                _ => {}
            }
            end += 1;
        }
        at + 1
    }
}
