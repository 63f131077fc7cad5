//! A light view of policy text as tokens: for bounds, recovery and messages, which must cope with any text.

/// A stretch of text that a person sees as one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The byte at which it begins.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it looks like.
    pub kind: Kind,
}

/// What a [`Token`] looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A keyword, a name or a model reference.
    Word,
    /// Begins with a digit.
    Number,
    /// A string; `closed` is false where its line ends before it does.
    Text {
        /// It has its second quote.
        closed: bool,
    },
    /// Anything else.
    Symbol,
}

/// Symbols of several characters, ours and those that people know from elsewhere; longer ones first.
const SYMBOLS: [&str; 20] = [
    "===", "!==", "==", "!=", "<=", ">=", "->", "=>", "<>", "&&", "||", "//", "/*", "*/", "--", ":=", "=<",
    "=~", "!~", "~=",
];

impl Token {
    /// As it is written.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// The place of the next token: behind white space and comments.
pub fn skip(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'\r' | b'\n') => at += 1,
            Some(b'#') => at = line_end(text, at),
            _ => return at.min(text.len()),
        }
    }
}

/// The next token from a place on.
pub fn next(text: &str, from: usize) -> Option<Token> {
    let start = skip(text, from);
    let first = text.get(start..)?.chars().next()?;
    let (end, kind) = match first {
        '"' => string(text, start),
        '0'..='9' => (run(text, start), Kind::Number),
        c if is_word(c) => (pattern(text, start).unwrap_or_else(|| run(text, start)), Kind::Word),
        c => (symbol(text, start, c), Kind::Symbol),
    };
    Some(Token { start, end, kind })
}

/// All tokens from a place on.
pub fn tokens(text: &str, from: usize) -> impl Iterator<Item = Token> {
    let mut at = from;
    std::iter::from_fn(move || {
        let token = next(text, at)?;
        at = token.end;
        Some(token)
    })
}

/// The first byte of the line that holds a place.
pub fn line_start(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    before.iter().rposition(|&b| b == b'\n').map_or(0, |newline| newline + 1)
}

/// The newline that ends a line, or the end of the text.
pub fn line_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    rest.iter().position(|&b| b == b'\n').map_or(text.len(), |newline| at + newline)
}

/// The last place up to `at` that is not inside a character.
pub fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// A text with one space where several stand, but for those in quotes: what is shown keeps no alignment.
pub fn spaced(text: &str) -> String {
    let (mut spaced, mut quoted, mut last) = (String::with_capacity(text.len()), false, ' ');
    for c in text.chars() {
        quoted ^= c == '"' && last != '\\';
        if quoted || !(c == ' ' && last == ' ') || spaced.is_empty() {
            spaced.push(c);
        }
        last = c;
    }
    spaced
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The end of a word: letters and digits, and the marks of names and paths where one of these follows.
fn run(text: &str, start: usize) -> usize {
    let mut chars = text.get(start..).unwrap_or("").char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins =
            matches!(c, '-' | '.' | '/' | ':' | '@') && chars.peek().is_some_and(|&(_, next)| is_word(next));
        if !is_word(c) && !joins {
            return start + at;
        }
    }
    text.len()
}

/// The end of a pattern such as `support.*`, where one begins. A stretch of its characters is looked at
/// once: from its first one on.
fn pattern(text: &str, start: usize) -> Option<usize> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let bytes = text.as_bytes();
    let inside = start.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(part);
    let length = bytes.get(start..)?.iter().take_while(|byte| part(byte)).count();
    let star = start + length;
    (!inside && length > 0 && bytes.get(star) == Some(&b'*')).then_some(star + 1)
}

/// The end of a string: its second quote, or the end of its line.
fn string(text: &str, start: usize) -> (usize, Kind) {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => return (at + 1, Kind::Text { closed: true }),
            Some(b'\\') if !matches!(bytes.get(at + 1), None | Some(b'\n')) => at += 2,
            None | Some(b'\n') => break,
            Some(_) => at += 1,
        }
    }
    let at = at.min(text.len());
    let end = if bytes.get(at - 1) == Some(&b'\r') { at - 1 } else { at };
    (end.max(start + 1), Kind::Text { closed: false })
}

fn symbol(text: &str, start: usize, first: char) -> usize {
    let rest = text.get(start..).unwrap_or("");
    let known = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
    start + known.map_or(first.len_utf8(), |symbol| symbol.len())
}
