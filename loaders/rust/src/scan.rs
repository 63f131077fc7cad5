//! One pass over a table's text before anything is made of it: it must be canonical JSON (RFC 8785).
//!
//! So a key that appears twice, a number that no other language reads alike, deep nesting and bytes after the end are
//! refused with their place, and equal tables are equal bytes.

use crate::limits::{BEYOND_EXACT, MAX_DEPTH};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use super::canonical::utf16_order;
use super::error::{LoadError, Refusal};
use super::place::Place;

type Scanned<T = ()> = Result<T, LoadError>;

/// What the pass finds at the top of the table.
#[derive(Debug, Default)]
pub(super) struct Top<'a> {
    /// The value of `format`, as JSON.
    pub(super) format: Option<&'a str>,
    /// Where the member `digest` stands, its comma included.
    pub(super) digest: Option<Range<usize>>,
}

/// Goes through the whole text.
pub(super) fn scan(text: &str) -> Scanned<Top<'_>> {
    let mut scanner = Scanner { text, at: 0, stop: usize::MAX, depth: 0, top: Top::default() };
    scanner.value(&Place::Table)?;
    match scanner.peek() {
        None => Ok(scanner.top),
        Some(_) => Err(scanner.unexpected(&Place::Table, "the end")),
    }
}

/// The place that has been reached after so many bytes of a text that [`scan`] has passed.
pub(super) fn place_at(text: &str, bytes: usize) -> String {
    let mut scanner = Scanner { text, at: 0, stop: bytes, depth: 0, top: Top::default() };
    scanner.value(&Place::Table).err().map_or_else(String::new, |reached| reached.place)
}

/// Where the value ends that begins there, inside so many others; none where it is not canonical JSON.
pub(super) fn passed(text: &str, at: usize, depth: usize) -> Option<usize> {
    let mut scanner = Scanner { text, at, stop: usize::MAX, depth, top: Top::default() };
    let table = Place::Table;
    scanner.value(&table.item(0)).ok()?;
    Some(scanner.at)
}

struct Scanner<'a> {
    text: &'a str,
    /// How many bytes are behind.
    at: usize,
    /// After how many bytes to give up with the place that is reached.
    stop: usize,
    depth: usize,
    top: Top<'a>,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over a byte if it is the next one.
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn reached(&self, place: &Place) -> Scanned {
        if self.at >= self.stop { Err(place.fault(Refusal::Type, "here")) } else { Ok(()) }
    }

    fn value(&mut self, place: &Place) -> Scanned {
        self.reached(place)?;
        match self.peek() {
            Some(b'{') => self.nested(place, Self::object)?,
            Some(b'[') => self.nested(place, Self::list)?,
            Some(b'"') => self.string(place).map(drop)?,
            Some(b'-' | b'0'..=b'9') => self.number(place)?,
            _ => self.word(place)?,
        }
        self.reached(place)
    }

    /// Steps into an object or a list.
    fn nested(&mut self, place: &Place, inside: fn(&mut Self, &Place) -> Scanned) -> Scanned {
        if self.depth == MAX_DEPTH {
            return Err(place.fault(Refusal::Range, format!("it is nested deeper than {MAX_DEPTH}")));
        }
        self.depth += 1;
        self.at += 1;
        inside(self, place)?;
        self.depth -= 1;
        Ok(())
    }

    fn list(&mut self, place: &Place) -> Scanned {
        if self.eat(b']') {
            return Ok(());
        }
        for index in 0.. {
            self.value(&place.item(index))?;
            if self.eat(b']') {
                break;
            }
            self.need(place, b',', "`,` or `]`")?;
        }
        Ok(())
    }

    fn object(&mut self, place: &Place) -> Scanned {
        if self.eat(b'}') {
            return Ok(());
        }
        let mut last: Option<Cow<str>> = None;
        let first = self.at;
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected(place, "a key"));
            }
            let key = unescaped(self.string(place)?);
            match last.map_or(Ordering::Less, |last| utf16_order(&last, &key)) {
                Ordering::Less => {}
                Ordering::Greater if !self.has_before(first..start, &key) => {
                    return Err(not_canonical(&place.key(&key), "its key is out of order"));
                }
                Ordering::Equal | Ordering::Greater => {
                    return Err(place.key(&key).fault(Refusal::DuplicateKey, "the key appears twice"));
                }
            }
            self.reached(place)?;
            self.need(place, b':', "`:`")?;
            let value = self.at;
            self.value(&place.key(&key))?;
            if matches!(place, Place::Table) {
                self.note(&key, start, value);
            }
            last = Some(key);
            if self.eat(b'}') {
                return Ok(());
            }
            self.need(place, b',', "`,` or `}`")?;
        }
    }

    /// Whether some members of an object, which are passed already, have a key: asked of a key out of order only.
    fn has_before(&self, members: Range<usize>, key: &str) -> bool {
        let top = Top::default();
        let mut again = Scanner { text: self.text, at: members.start, stop: usize::MAX, depth: 0, top };
        while again.at < members.end {
            match again.string(&Place::Table) {
                Ok(found) if unescaped(found) == key => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
            if !again.eat(b':') || again.value(&Place::Table).is_err() || !again.eat(b',') {
                return false;
            }
        }
        false
    }

    /// Keeps what is asked of the top of the table.
    fn note(&mut self, key: &str, start: usize, value: usize) {
        match key {
            "format" => self.top.format = Some(self.since(value)),
            // Its comma goes with it: the one before, or after the first member the one that follows.
            "digest" if start > 1 => self.top.digest = Some(start - 1..self.at),
            "digest" => self.top.digest = Some(start..self.at + usize::from(self.peek() == Some(b','))),
            _ => {}
        }
    }

    /// A string in its quotes; gives what stands between them.
    fn string(&mut self, place: &Place) -> Scanned<&'a str> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.peek() {
                None => return Err(self.unexpected(place, "`\"`")),
                Some(b'"') => break,
                Some(b'\\') => self.escape(place)?,
                Some(..0x20) => return Err(self.not_json(place, "a bare control character")),
                Some(_) => self.at += 1,
            }
        }
        let inside = self.since(start);
        self.at += 1;
        Ok(inside)
    }

    fn escape(&mut self, place: &Place) -> Scanned {
        let rest = self.text.as_bytes().get(self.at + 1..).unwrap_or_default();
        match rest {
            [b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r', ..] => self.at += 2,
            [b'u', code @ ..] if code.len() >= 4 && code.iter().take(4).all(u8::is_ascii_hexdigit) => {
                let code = code.get(..4).unwrap_or_default();
                let short = [b"0008", b"0009", b"000a", b"000c", b"000d"].iter().any(|short| *short == code);
                let lower = !code.iter().any(u8::is_ascii_uppercase);
                if !matches!(code, [b'0', b'0', b'0' | b'1', _]) || short || !lower {
                    return Err(not_canonical(place, &format!("a needless escape at byte {}", self.at)));
                }
                self.at += 6;
            }
            [b'/', ..] => {
                return Err(not_canonical(place, &format!("a needless escape at byte {}", self.at)));
            }
            _ => return Err(self.not_json(place, "an unknown escape")),
        }
        Ok(())
    }

    fn number(&mut self, place: &Place) -> Scanned {
        let start = self.at;
        self.eat(b'-');
        let digits = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        let zeros = self.since(digits).starts_with('0');
        match self.since(digits).len() {
            0 => return Err(self.unexpected(place, "a digit")),
            2.. if zeros => return Err(self.not_json(place, "a number with a leading zero")),
            _ => {}
        }
        if zeros && digits > start {
            return Err(not_canonical(place, "zero has a sign"));
        }
        let whole = !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        match self.since(digits).parse::<u64>() {
            Ok(number) if whole && number < BEYOND_EXACT => Ok(()),
            _ => Err(place.fault(Refusal::Range, "it is not a whole number below 2^53")),
        }
    }

    fn word(&mut self, place: &Place) -> Scanned {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match ["null", "true", "false"].into_iter().find(|word| rest.starts_with(word)) {
            Some(word) => self.at += word.len(),
            None => return Err(self.unexpected(place, "a value")),
        }
        Ok(())
    }

    fn need(&mut self, place: &Place, byte: u8, what: &str) -> Scanned {
        if self.eat(byte) { Ok(()) } else { Err(self.unexpected(place, what)) }
    }

    fn unexpected(&self, place: &Place, wanted: &str) -> LoadError {
        match self.peek() {
            None => place.fault(Refusal::NotJson, format!("the JSON ends where {wanted} should follow")),
            Some(b' ' | b'\t' | b'\r' | b'\n') => {
                not_canonical(place, &format!("white space at byte {}", self.at))
            }
            Some(_) => self.not_json(place, &format!("something else than {wanted}")),
        }
    }

    fn not_json(&self, place: &Place, what: &str) -> LoadError {
        place.fault(Refusal::NotJson, format!("it is not JSON: {what} at byte {}", self.at))
    }
}

fn not_canonical(place: &Place, what: &str) -> LoadError {
    place.fault(Refusal::NotCanonical, format!("it is not canonical JSON (RFC 8785): {what}"))
}

/// A key without its escapes.
fn unescaped(key: &str) -> Cow<'_, str> {
    if !key.contains('\\') {
        return Cow::Borrowed(key);
    }
    // The scanner has passed it, so it is a JSON string.
    serde_json::from_str(&format!("\"{key}\"")).map_or(Cow::Borrowed(key), Cow::Owned)
}
