//! Expressions of routing rules as words and signs, by the grammar of CEL.

use super::parse::Why;
use crate::import::text;

/// A word, literal or sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name or a keyword.
    Word(String),
    /// In quotes, escapes resolved.
    Text(String),
    /// A string of bytes; what it holds is not read.
    Bytes,
    /// A number as written.
    Number(String),
    Sign(&'static str),
}

impl Token {
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Word(text) | Self::Number(text) => text.clone(),
            Self::Text(text) => format!("\"{}\"", text::comment(text)),
            Self::Bytes => "b\"…\"".to_owned(),
            Self::Sign(sign) => (*sign).to_owned(),
        }
    }
}

/// A token with where it begins and ends.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) from: usize,
    pub(super) to: usize,
}

const SIGNS: [&str; 24] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "(", ")", "[", "]", ",", "!", ".", "{", "}", "?", ":", "+",
    "-", "*", "/", "%",
];

/// The words and signs of an expression, without its comments.
pub(super) fn tokens(whole: &str) -> Result<Vec<Placed>, Why> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = whole.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(comment) = rest.strip_prefix("//") {
            at += 2 + comment.find('\n').unwrap_or(comment.len());
            continue;
        }
        let space = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
        if space > 0 {
            at += space;
            continue;
        }
        let (token, length) = token(rest)?;
        found.push(Placed { token, from: at, to: at + length });
        at += length;
    }
    Ok(found)
}

fn token(rest: &str) -> Result<(Token, usize), Why> {
    if let Some(quoted) = quoted(rest) {
        return quoted;
    }
    let begins = |test: fn(char) -> bool| rest.starts_with(test);
    if begins(|c| c.is_ascii_digit())
        || (begins(|c| c == '.') && digits(rest.get(1..).unwrap_or_default()) > 0)
    {
        let length = number(rest);
        return Ok((Token::Number(rest.get(..length).unwrap_or_default().to_owned()), length));
    }
    if begins(|c| c.is_ascii_alphabetic() || c == '_') {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        return Ok((Token::Word(rest.get(..end).unwrap_or_default().to_owned()), end));
    }
    let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
    let shown = || text::comment(&rest.chars().take(1).collect::<String>());
    let sign = sign.ok_or_else(|| Why::Invalid(format!("`{}` is not part of an expression", shown())))?;
    Ok((Token::Sign(sign), sign.len()))
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// How long the number is that a text begins with.
fn number(text: &str) -> usize {
    let after = |from: usize| text.get(from..).unwrap_or_default();
    let unsigned = |from: usize| from + usize::from(after(from).starts_with(['u', 'U']));
    if let Some(hex) = text.strip_prefix("0x") {
        let length = hex.bytes().take_while(u8::is_ascii_hexdigit).count();
        return unsigned(2 + length);
    }
    let whole = digits(text);
    let fraction = after(whole).strip_prefix('.').map_or(0, digits);
    let mut end = if fraction > 0 { whole + 1 + fraction } else { whole };
    let exponent = after(end).strip_prefix(['e', 'E']).map(|rest| {
        let sign = usize::from(rest.starts_with(['+', '-']));
        (1 + sign, digits(rest.get(sign..).unwrap_or_default()))
    });
    if let Some((sign, count)) = exponent.filter(|(_, count)| *count > 0) {
        end += sign + count;
        return end;
    }
    if fraction > 0 { end } else { unsigned(end) }
}

/// A string, if a text begins with one: with `r` it has no escapes, with `b` it is of bytes, three quotes hold lines.
fn quoted(rest: &str) -> Option<Result<(Token, usize), Why>> {
    let bytes = rest.starts_with(['b', 'B']);
    let after = rest.get(usize::from(bytes)..)?;
    let raw = after.starts_with(['r', 'R']);
    let prefix = usize::from(bytes) + usize::from(raw);
    let body = rest.get(prefix..)?;
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| body.starts_with(quote))?;
    let start = prefix + quote.len();
    Some(
        string(rest.get(start..)?, quote, raw)
            .map(|(text, length)| (if bytes { Token::Bytes } else { Token::Text(text) }, start + length)),
    )
}

/// What a string holds, and how long it is with the quote that ends it.
fn string(text: &str, quote: &str, raw: bool) -> Result<(String, usize), Why> {
    let mut inner = String::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(quote) {
            return Ok((inner, at + quote.len()));
        }
        let c = rest.chars().next().unwrap_or_default();
        if quote.len() == 1 && (c == '\n' || c == '\r') {
            break;
        }
        if c == '\\' && !raw {
            let (escaped, length) = escape(rest)?;
            inner.push(escaped);
            at += length;
        } else {
            // Of a raw text, a backslash and what follows it belong together.
            inner.push(c);
            at += c.len_utf8();
            if let Some(next) = rest.chars().nth(1).filter(|_| c == '\\') {
                inner.push(next);
                at += next.len_utf8();
            }
        }
    }
    Err(Why::Invalid("a text is not closed".to_owned()))
}

/// The character that an escape stands for, and how long the escape is.
fn escape(rest: &str) -> Result<(char, usize), Why> {
    let kind = rest.chars().nth(1).ok_or_else(|| Why::Invalid("a text is not closed".to_owned()))?;
    let plain = match kind {
        'a' => Some('\u{7}'),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'v' => Some('\u{b}'),
        '\\' | '"' | '\'' | '`' | '?' => Some(kind),
        _ => None,
    };
    if let Some(plain) = plain {
        return Ok((plain, 2));
    }
    let (from, count, radix) = match kind {
        'x' | 'X' => (2, 2, 16),
        'u' => (2, 4, 16),
        'U' => (2, 8, 16),
        '0'..='3' => (1, 3, 8),
        _ => (0, 0, 0),
    };
    let code = rest.get(from..from + count).filter(|digits| !digits.is_empty());
    let found = code.and_then(|digits| char::from_u32(u32::from_str_radix(digits, radix).ok()?));
    found
        .map(|c| (c, from + count))
        .ok_or_else(|| Why::Invalid(format!("`\\{}` is not an escape", text::comment(&kind.to_string()))))
}
