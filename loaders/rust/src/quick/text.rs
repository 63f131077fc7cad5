//! What values are made of: literals, whole numbers, texts, lists.

use super::Reader;
use crate::canonical::write_string;
use crate::limits::{BEYOND_EXACT, MAX_DIGITS};

impl<'a> Reader<'a> {
    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Steps over these bytes.
    pub(super) fn eat<const N: usize>(&mut self, bytes: &[u8; N]) -> Option<()> {
        if self.rest().first_chunk() != Some(bytes) {
            return None;
        }
        self.at += N;
        Some(())
    }

    /// Null or a value.
    #[expect(clippy::option_option, reason = "null is a value of its own")]
    pub(super) fn or_null<T>(&mut self, value: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.eat(b"null") {
            Some(()) => Some(None),
            None => value(self).map(Some),
        }
    }

    /// The items of a list, one after another.
    pub(super) fn items(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.eat(b"[")?;
        if self.eat(b"]").is_some() {
            return Some(());
        }
        loop {
            item(self)?;
            if self.eat(b",").is_none() {
                return self.eat(b"]");
            }
        }
    }

    /// A list that may be long.
    pub(super) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut list = Vec::new();
        self.items(|reader| {
            list.push(item(reader)?);
            Some(())
        })?;
        Some(list)
    }

    /// A whole number as canonical JSON has it; none is below 0 in a table.
    pub(super) fn number(&mut self) -> Option<usize> {
        let mut number = 0u64;
        let mut digits = 0usize;
        for byte in self.rest() {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 || digits > MAX_DIGITS {
                break;
            }
            number = number.wrapping_mul(10).wrapping_add(digit.into());
            digits += 1;
        }
        let zeros = digits > 1 && self.rest().first() == Some(&b'0');
        if digits == 0 || digits > MAX_DIGITS || zeros || number >= BEYOND_EXACT {
            return None;
        }
        self.at += digits;
        usize::try_from(number).ok()
    }

    /// A text of its own.
    pub(super) fn string(&mut self) -> Option<String> {
        match self.plain()? {
            Some(text) => Some(text.to_owned()),
            None => self.escaped(),
        }
    }

    /// A text that stands in the table as it is; none where something in it is escaped, and then nothing is stepped over.
    #[expect(clippy::option_option, reason = "another text is no fault")]
    pub(super) fn plain(&mut self) -> Option<Option<&'a str>> {
        if self.rest().first() != Some(&b'"') {
            return None;
        }
        let start = self.at + 1;
        let end = start + plain_length(self.text.as_bytes().get(start..)?);
        match self.text.as_bytes().get(end)? {
            b'"' => {
                self.at = end + 1;
                self.text.get(start..end).map(Some)
            }
            b'\\' => Some(None),
            _ => None,
        }
    }

    /// A text with escapes: canonical where it would be written just so.
    fn escaped(&mut self) -> Option<String> {
        let mut length = 1usize;
        let rest = self.text.get(self.at..)?;
        loop {
            match rest.as_bytes().get(length)? {
                b'\\' => length += 2,
                b'"' => break,
                _ => length += 1,
            }
        }
        let json = rest.get(..=length)?;
        let text: String = serde_json::from_str(json).ok()?;
        let mut again = String::with_capacity(json.len());
        write_string(&text, &mut again);
        self.at += json.len();
        (again == json).then_some(text)
    }
}

/// How many bytes stand before the first quote, backslash or control character, eight at a time.
fn plain_length(bytes: &[u8]) -> usize {
    let mut length = 0usize;
    let mut rest = bytes;
    while let Some((eight, after)) = rest.split_first_chunk() {
        let found = first_special(u64::from_le_bytes(*eight));
        if let Some(found) = found {
            return length + found;
        }
        length += 8;
        rest = after;
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..0x20);
    length + rest.iter().position(special).unwrap_or(rest.len())
}

/// Where among eight bytes the first of them stands: a byte's highest bit is set where the byte is one, and perhaps in
/// bytes after such a one.
fn first_special(bytes: u64) -> Option<usize> {
    let each = |byte: u8| u64::from_le_bytes([byte; 8]);
    let below = |bytes: u64, least: u8| bytes.wrapping_sub(each(least)) & !bytes & each(0x80);
    let found = below(bytes, 0x20) | below(bytes ^ each(b'"'), 1) | below(bytes ^ each(b'\\'), 1);
    (found != 0).then(|| usize::try_from(found.trailing_zeros() / 8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_at_the_first_special_byte() {
        for special in [b'"', b'\\', 0, 0x1f] {
            for plain in ["a", " ", "!", "#", "[", "]", "\u{7f}", "ü", "\u{10ffff}"] {
                for length in 0..20 {
                    let before = plain.repeat(length);
                    let text = [before.as_bytes(), &[special, b'"', 0xff, special]].concat();
                    assert_eq!(plain_length(&text), before.len(), "{special} after {before}");
                    assert_eq!(plain_length(before.as_bytes()), before.len());
                }
            }
        }
    }
}
