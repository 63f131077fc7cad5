//! Policy text as tokens with the comments around each: all of a file but its white space.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::allow;
use crate::syntax::scan::{self, Kind};

/// A comment on a line of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Comment<'t> {
    /// From `#` on, without white space at the end.
    pub(super) text: &'t str,
    /// The line before it is blank.
    pub(super) blank: bool,
}

/// A comment at the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trailing<'t> {
    /// From `#` on, without white space at the end.
    pub(super) text: &'t str,
    /// The line that it ends.
    pub(super) line: usize,
}

/// Whether a line may end before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// Where the layout wants it.
    Free,
    /// It stays on the line of the token before it.
    Never,
    /// It begins a line.
    Always,
}

/// A token as it is written out, with the comments before and behind it.
#[derive(Debug)]
pub(super) struct Token<'t> {
    /// Its text: that of the file, but for units, whose case means nothing.
    pub(super) text: Cow<'t, str>,
    /// Where it begins in the file.
    pub(super) start: usize,
    /// Its line in the file.
    pub(super) line: usize,
    /// Columns.
    pub(super) width: usize,
    /// It is a word: a keyword, a name, a unit.
    pub(super) is_word: bool,
    /// A space stands before it on a line.
    pub(super) spaced: bool,
    /// Whether a line may end before it.
    pub(super) breaks: Break,
    /// Comments on lines of their own before it.
    pub(super) before: Vec<Comment<'t>>,
    /// The line before it is blank.
    pub(super) blank: bool,
    /// The comment behind it.
    pub(super) after: Option<Trailing<'t>>,
}

impl Token<'_> {
    /// Whether it is this symbol or keyword; a string never is.
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }
}

/// Words of units that are written in any case.
const UNITS: [&str; 16] = [
    "x", "usd", "ms", "s", "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week",
    "weeks", "year", "years",
];

/// Units that are written without a space.
const TIGHT_UNITS: [&str; 3] = ["x", "ms", "s"];

/// All tokens of a text; the last one is empty and holds what stands at the end.
pub(super) fn gather(text: &str) -> Vec<Token<'_>> {
    let mut gather = Gather { text, at: 0, line: 1, tokens: Vec::new() };
    while gather.next() {}
    let mut tokens = gather.tokens;
    hang_commas(&mut tokens);
    tokens
}

struct Gather<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    tokens: Vec<Token<'t>>,
}

impl<'t> Gather<'t> {
    /// Takes the next token; false at the end.
    fn next(&mut self) -> bool {
        let (before, blank) = self.trivia();
        let start = self.at;
        let Some(found) = scan::next(self.text, start) else {
            self.push(Cow::Borrowed(""), start, false);
            self.surround(self.tokens.len().saturating_sub(1), before, blank);
            return false;
        };
        let index = self.tokens.len();
        let text = found.text(self.text);
        match found.kind {
            Kind::Number if !self.follows("/") => self.number(text, start),
            Kind::Word => self.word(text, start),
            Kind::Number | Kind::Text { .. } | Kind::Symbol => self.push(Cow::Borrowed(text), start, false),
        }
        self.surround(index, before, blank);
        self.at = found.end;
        true
    }

    /// The comments up to the next token, and whether a blank line stands right before it.
    fn trivia(&mut self) -> (Vec<Comment<'t>>, bool) {
        let mut comments = Vec::new();
        let mut newlines = 0;
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'\n' => {
                    newlines += 1;
                    self.line += 1;
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'#' => {
                    let end = scan::line_end(self.text, self.at);
                    let text = self.text.get(self.at..end).unwrap_or_default().trim_end();
                    match self.tokens.last_mut() {
                        Some(token) if newlines == 0 && comments.is_empty() => {
                            token.after = Some(Trailing { text, line: self.line });
                        }
                        _ => comments.push(Comment { text, blank: newlines > 1 }),
                    }
                    newlines = 0;
                    self.at = end;
                }
                _ => break,
            }
        }
        (comments, newlines > 1)
    }

    fn surround(&mut self, index: usize, before: Vec<Comment<'t>>, blank: bool) {
        if let Some(token) = self.tokens.get_mut(index) {
            token.before = before;
            token.blank = blank;
        }
    }

    /// Whether the last token is a symbol or a keyword.
    fn follows(&self, text: &str) -> bool {
        self.tokens.last().is_some_and(|token| token.is(text))
    }

    /// A number, and the unit that is written on to it.
    fn number(&mut self, text: &'t str, start: usize) {
        if is_date(text) {
            self.push(Cow::Borrowed(text), start, false);
            return;
        }
        let end = number_end(text);
        let (number, unit) = text.split_at_checked(end).unwrap_or((text, ""));
        if matches!(unit, "k" | "K" | "m" | "M") {
            // The scale of a price: `per 1k tokens`.
            self.push(lower(text), start, false);
            return;
        }
        self.push(Cow::Borrowed(number), start, false);
        if !unit.is_empty() {
            self.word(unit, start + end);
        }
    }

    /// A word, perhaps the unit of the number before it.
    fn word(&mut self, text: &'t str, start: usize) {
        let last = self.tokens.last().map(|token| token.text.as_ref());
        let after_number = last.is_some_and(|last| number_end(last) == last.len() && !last.is_empty());
        let unit = after_number.then(|| lower(text)).filter(|unit| UNITS.contains(&unit.as_ref()));
        match unit {
            Some(unit) => {
                let tight = TIGHT_UNITS.contains(&unit.as_ref());
                self.push(unit, start, true);
                if let Some(token) = self.tokens.last_mut().filter(|_| tight) {
                    token.spaced = false;
                }
            }
            None => self.push(Cow::Borrowed(text), start, true),
        }
    }

    fn push(&mut self, text: Cow<'t, str>, start: usize, is_word: bool) {
        let opens = |token: &Token| matches!(token.text.as_ref(), "(" | "[" | "{" | "/");
        let after_open = self.tokens.last().is_some_and(opens);
        let closes = matches!(text.as_ref(), ")" | "]" | "}" | "/" | "%" | ",");
        self.tokens.push(Token {
            width: text.width(),
            text,
            start,
            line: self.line,
            is_word,
            spaced: !after_open && !closes,
            breaks: Break::Free,
            before: Vec::new(),
            blank: false,
            after: None,
        });
    }
}

/// The end of a number at the start of a text, by the grammar's rule.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize, or: u8| {
        let rest = bytes.get(from..).unwrap_or_default();
        rest.iter().take_while(|&&byte| byte.is_ascii_digit() || byte == or).count()
    };
    if !bytes.first().is_some_and(u8::is_ascii_digit) {
        return 0;
    }
    let whole = digits(0, b'_');
    match bytes.get(whole) {
        Some(b'.') => match digits(whole + 1, b'0') {
            0 => whole,
            fraction => whole + 1 + fraction,
        },
        _ => whole,
    }
}

/// Whether a text is a day, by the grammar's rule.
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Puts every comma before the comments that keep it from what it ends, but for those that silence its line.
fn hang_commas(tokens: &mut [Token]) {
    for comma in 1..tokens.len() {
        let (head, tail) = tokens.split_at_mut(comma);
        let (Some(item), [comma, next, ..]) = (head.last_mut(), tail) else { continue };
        let held = comma.before.iter().any(|comment| allow::allows(comment.text))
            || comma.after.is_some_and(|comment| allow::allows(comment.text));
        if !comma.is(",") || held || (item.after.is_none() && comma.before.is_empty()) {
            continue;
        }
        let mut own = std::mem::take(&mut comma.before);
        if let Some(behind) = comma.after.take() {
            own.push(Comment { text: behind.text, blank: false });
        }
        comma.after = item.after.take();
        own.append(&mut next.before);
        next.before = own;
    }
}
