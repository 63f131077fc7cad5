//! Values in one line: words, numbers, quoted texts, `[…]` and `{…}`.

use super::keys::Keys;
use super::{Quick, is_odd};
use crate::limits::effort;
use crate::source::{Span, Spanned};
use crate::yaml::{Kind, Value, scalar};

impl<'a> Quick<'a> {
    /// A value in its line.
    pub(super) fn inline(&mut self) -> Option<Value> {
        self.one(false)
    }

    /// A value, which may be one among several between brackets.
    fn one(&mut self, in_brackets: bool) -> Option<Value> {
        match self.peek() {
            b'[' => self.deeper(Self::list_in_brackets),
            b'{' => self.deeper(Self::map_in_braces),
            b'"' | b'\'' => {
                let start = self.at;
                let text = self.quoted()?.to_owned();
                Some(Value { span: self.span(start), kind: Kind::String(text) })
            }
            _ => self.plain(in_brackets),
        }
    }

    /// Text between quotes, without escapes and on one line.
    pub(super) fn quoted(&mut self) -> Option<&'a str> {
        let quote = self.peek();
        self.at += 1;
        let start = self.at;
        while *self.bytes.get(self.at)? != quote {
            let byte = self.peek();
            if byte == b'\\' || is_odd(byte) {
                return None;
            }
            self.at += 1;
        }
        let text = self.text.get(start..self.at)?;
        self.at += 1;
        // Two single quotes are one.
        (self.peek() != quote).then_some(text)
    }

    /// A word, a number or several words, without quotes and on one line.
    fn plain(&mut self, in_brackets: bool) -> Option<Value> {
        let start = self.at;
        let is_dash =
            self.peek() == b'-' && !(self.after(1).is_ascii_alphanumeric() || self.after(1) == b'.');
        if is_dash || b",[]{}#&*!|>'\"%@`?:\n".contains(&self.peek()) {
            return None;
        }
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => break,
                b':' if matches!(self.after(1), b' ' | b'\n') => return None,
                b':' if in_brackets && b",[]{}".contains(&self.after(1)) => return None,
                b'#' if self.before() == Some(b' ') && in_brackets => return None,
                b'#' if self.before() == Some(b' ') => break,
                b',' | b']' | b'}' if in_brackets => break,
                b'[' | b'{' if in_brackets => return None,
                _ if is_odd(byte) => return None,
                _ => self.at += 1,
            }
        }
        let kept = self.text.get(start..self.at)?.trim_end_matches(' ');
        self.at = start + kept.len();
        if kept.len() > effort::QUICK_YAML_TEXT {
            return None;
        }
        match scalar::plain(kept) {
            Kind::Number { exact: None, .. } => None,
            kind => Some(Value { span: self.span(start), kind }),
        }
    }

    /// `[…]` on one line.
    fn list_in_brackets(&mut self) -> Option<Value> {
        let start = self.at;
        self.at += 1;
        let head = self.span(start);
        let mut items: Vec<Value> = Vec::new();
        self.spaces();
        while self.peek() != b']' {
            self.count()?;
            let item = self.one(true)?;
            if item.kind == Kind::Null {
                return None;
            }
            items.push(item);
            // A comma before the bracket is the library's to read.
            if self.comma(b']')? && self.peek() == b']' {
                return None;
            }
        }
        self.at += 1;
        let last = items.last().map_or(head, |item| item.span);
        Some(Value { span: head.to(last), kind: Kind::List(items) })
    }

    /// `{…}` on one line; not empty.
    fn map_in_braces(&mut self) -> Option<Value> {
        self.at += 1;
        self.spaces();
        let mut entries: Vec<(Spanned<String>, Value)> = Vec::new();
        let mut seen = Keys::default();
        let mut whole: Option<Span> = None;
        loop {
            let key = self.key()?;
            seen.add(&entries, &key.value)?;
            if self.peek() != b' ' {
                return None;
            }
            self.spaces();
            let value = self.one(true)?;
            if value.kind == Kind::Null {
                return None;
            }
            whole = Some(whole.unwrap_or(key.span).to(value.span));
            entries.push((key, value));
            if !self.comma(b'}')? {
                break;
            }
        }
        self.at += 1;
        Some(Value { span: whole?, kind: Kind::Map(entries) })
    }

    /// Over a comma; false where the closing bracket stands instead.
    fn comma(&mut self, closing: u8) -> Option<bool> {
        self.spaces();
        match self.peek() {
            b',' => {
                self.at += 1;
                self.spaces();
                Some(true)
            }
            byte if byte == closing => Some(false),
            _ => None,
        }
    }
}
