//! Lists and maps over several lines.

use super::keys::Keys;
use super::{Next, Quick};
use crate::source::{Span, Spanned};
use crate::yaml::read::KEEPS_NULL;
use crate::yaml::{Kind, Value};

impl Quick<'_> {
    /// A list or map whose first line stands at a column; the cursor is on it.
    pub(super) fn block(&mut self, column: usize) -> Option<Value> {
        let is_list = self.is_item();
        self.deeper(|quick| if is_list { quick.list(column, false) } else { quick.map(column) })
    }

    /// Whether a dash begins an item here.
    fn is_item(&self) -> bool {
        self.peek() == b'-' && self.after(1) == b' '
    }

    /// `- …` at a column; the cursor is on the first dash. The library has a list that is as far left as its key
    /// (`is_flush`) begin with its first item.
    fn list(&mut self, column: usize, is_flush: bool) -> Option<Value> {
        let mut start = self.at;
        let mut items: Vec<Value> = Vec::new();
        loop {
            self.at += 1;
            if self.peek() != b' ' {
                return None;
            }
            self.spaces();
            if is_flush && items.is_empty() {
                start = self.at;
            }
            items.push(self.item(column)?);
            match self.here()? {
                Next::At(indent) if indent == column && self.is_item() => {}
                Next::At(indent) if indent > column => return None,
                _ => break,
            }
        }
        let head = Span::new(self.id, start, start + 1);
        let last = items.last().map_or(head, |item| item.span);
        Some(Value { span: head.to(last), kind: Kind::List(items) })
    }

    /// What stands after a dash.
    fn item(&mut self, column: usize) -> Option<Value> {
        self.count()?;
        let inner = self.column();
        let item = match self.peek() {
            b'\n' | b'#' => return None,
            b'-' if matches!(self.after(1), b' ' | b'\n') => return None,
            _ if self.is_entry() => self.deeper(|quick| quick.map(inner))?,
            _ => {
                let value = self.inline()?;
                self.end_of_value(column)?;
                value
            }
        };
        (item.kind != Kind::Null).then_some(item)
    }

    /// The content that the cursor stands on, or the next.
    fn here(&mut self) -> Option<Next> {
        if !self.is_end() && self.at > self.line && self.before() != Some(b'\n') {
            return Some(Next::At(self.column()));
        }
        self.content()
    }

    /// `key: …` at a column; the cursor is on the first key.
    fn map(&mut self, column: usize) -> Option<Value> {
        let mut entries: Vec<(Spanned<String>, Value)> = Vec::new();
        let mut seen = Keys::default();
        let mut whole: Option<Span> = None;
        loop {
            let key = self.key()?;
            seen.add(&entries, &key.value)?;
            let value = self.entry(column)?;
            // Where a null that is left out stands is the library's to say.
            let is_kept =
                value.kind != Kind::Null || (key.value == KEEPS_NULL && value.span.start < value.span.end);
            if !is_kept {
                return None;
            }
            whole = Some(whole.unwrap_or(key.span).to(key.span).to(value.span));
            entries.push((key, value));
            if self.is_end() || self.column() < column {
                break;
            }
            if self.column() > column || !self.is_entry() {
                return None;
            }
        }
        Some(Value { span: whole?, kind: Kind::Map(entries) })
    }

    /// What stands after the colon of a key at a column.
    fn entry(&mut self, column: usize) -> Option<Value> {
        if !matches!(self.peek(), b' ' | b'\n') {
            return None;
        }
        self.count()?;
        self.spaces();
        match self.peek() {
            b'\n' => self.at += 1,
            b'#' if self.before() == Some(b' ') => self.skip_line()?,
            b'#' => return None,
            _ => {
                let value = self.inline()?;
                self.end_of_value(column)?;
                return Some(value);
            }
        }
        match self.content()? {
            Next::At(indent) if indent > column => self.block(indent),
            Next::At(indent) if indent == column && self.is_item() => {
                self.deeper(|quick| quick.list(indent, true))
            }
            _ => None,
        }
    }
}
