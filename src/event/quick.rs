//! Our own events as JSON, read in one pass over the bytes: what most lines are.
//!
//! Whatever is unusual (an escape in a text that is kept, a line feed between tokens, a number that a float would round, a
//! field that is stated twice, anything that is no JSON) is left to [`super::json`], which reads every line and says what
//! is wrong with it. So both give the same event or the other one alone gives any; a test holds them against each other.

use super::json::anything;
use super::{Event, Field, Kind, Text, Value, money, row};
use crate::limits::effort;

/// A decimal of so many digits is the same as a float.
const EXACT_DIGITS: usize = 15;

/// Reads one event into one that states nothing; none where that is to be left to the other reader, after it has been
/// cleared.
pub(super) fn read<'a>(record: &'a [u8], event: &mut Event<'a>) -> Option<()> {
    let text = std::str::from_utf8(record).ok()?;
    let mut reader = Reader { text, bytes: record, at: 0, is_clean: is_clean(record) };
    reader.take(b'{')?;
    if !reader.is_next(b'}') {
        loop {
            let key = reader.plain()?;
            reader.take(b':')?;
            if let Some(field) = Field::of(key) {
                let value = reader.field(field, event)?;
                event.fill(field, value)?;
            } else if row::is_pair(key) {
                return None;
            } else {
                reader.skip(0)?;
            }
            if !reader.is_next(b',') {
                break;
            }
        }
        reader.take(b'}')?;
    }
    // Blanks at the end are off already.
    (reader.at == record.len()).then_some(())
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Every text ends at the next quote.
    is_clean: bool,
}

impl<'a> Reader<'a> {
    /// The byte that stands here.
    fn here(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        while self.here() == Some(b' ') {
            self.at += 1;
        }
        self.here()
    }

    fn is_next(&mut self, byte: u8) -> bool {
        let is_it = self.peek() == Some(byte);
        self.at += usize::from(is_it);
        is_it
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.is_next(byte).then_some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let rest = self.bytes.get(self.at..)?;
        self.at += word.len();
        rest.starts_with(word.as_bytes()).then_some(())
    }

    /// A text without escapes.
    fn plain(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let from = self.at;
        let rest = self.bytes.get(from..)?;
        let length = if self.is_clean { quote(rest)? } else { end_of_plain(rest)? };
        self.at = from + length + 1;
        (self.is_clean || rest.get(length) == Some(&b'"')).then(|| self.text.get(from..from + length))?
    }

    /// The value of a field of an event.
    fn field(&mut self, field: Field, event: &mut Event<'a>) -> Option<Value<'a>> {
        match (field.kind(), self.peek()?) {
            (Kind::Anything, b'n') => None,
            (Kind::Anything, _) => self.anything(),
            (_, b'n') => self.word("null").map(|()| Value::Absent),
            (Kind::Pairs, b'{') => self.pairs(event.empty_pairs()),
            (Kind::List, b'[') => self.list(event.empty_list()),
            (Kind::Pairs, _) => None,
            (Kind::Text | Kind::Percent, b'"') => Some(Value::Text(self.plain()?.into())),
            (_, b'"') => row::value(field, field.key(), self.plain()?.into()).ok(),
            (Kind::Count, _) => self.whole()?.bytes().try_fold(0u64, digit).map(Value::Count),
            (Kind::Money, _) => money::parse(self.number()?.0).map(Value::Money),
            (Kind::Percent, _) => {
                let (number, is_whole) = self.number()?;
                // What a float would write otherwise.
                (is_whole || !number.ends_with('0')).then_some(Value::Text(number.into()))
            }
            _ => None,
        }
    }

    fn anything(&mut self) -> Option<Value<'a>> {
        let from = self.at;
        self.skip(0)?;
        anything::quickly(self.text.get(from..self.at)?)
    }

    fn list(&mut self, mut texts: Vec<Text<'a>>) -> Option<Value<'a>> {
        self.take(b'[')?;
        if self.is_next(b']') {
            return Some(Value::List(texts));
        }
        loop {
            texts.push(self.plain()?.into());
            if !self.is_next(b',') {
                break;
            }
        }
        self.take(b']')?;
        Some(Value::List(texts))
    }

    fn pairs(&mut self, mut pairs: Vec<(Text<'a>, Text<'a>)>) -> Option<Value<'a>> {
        self.take(b'{')?;
        if self.is_next(b'}') {
            return Some(Value::Pairs(pairs));
        }
        loop {
            let name = self.plain()?;
            self.take(b':')?;
            let value: Text<'a> = match self.peek()? {
                b'"' => self.plain()?.into(),
                b't' => self.word("true").map(|()| "true".into())?,
                b'f' => self.word("false").map(|()| "false".into())?,
                _ => self.whole()?.into(),
            };
            if pairs.iter().any(|(known, _)| known == name) {
                return None;
            }
            // Empty is not stated.
            if !value.is_empty() {
                pairs.push((name.into(), value));
            }
            if !self.is_next(b',') {
                break;
            }
        }
        self.take(b'}')?;
        Some(Value::Pairs(pairs))
    }

    /// The same without decimals.
    fn whole(&mut self) -> Option<&'a str> {
        self.number().filter(|(_, is_whole)| *is_whole).map(|(number, _)| number)
    }

    /// A number that is not below zero and has no exponent, of so few digits that no float rounds it; whether it has no
    /// decimals.
    fn number(&mut self) -> Option<(&'a str, bool)> {
        let from = self.at;
        let whole = self.digits();
        let starts_with_zero = self.bytes.get(from) == Some(&b'0');
        if whole == 0 || (whole > 1 && starts_with_zero) {
            return None;
        }
        let mut digits = whole;
        if self.here() == Some(b'.') {
            self.at += 1;
            let decimals = self.digits();
            if decimals == 0 {
                return None;
            }
            digits += decimals;
        }
        if digits > EXACT_DIGITS || matches!(self.here(), Some(b'e' | b'E')) {
            return None;
        }
        Some((self.text.get(from..self.at)?, digits == whole))
    }

    fn digits(&mut self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let many = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += many;
        many
    }

    /// Passes over a value of any kind.
    fn skip(&mut self, depth: usize) -> Option<()> {
        if depth > effort::QUICK_RECORD_DEPTH {
            return None;
        }
        match self.peek()? {
            b'"' => self.skip_text(),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            b'[' => {
                self.at += 1;
                if self.is_next(b']') {
                    return Some(());
                }
                loop {
                    self.skip(depth + 1)?;
                    if !self.is_next(b',') {
                        return self.take(b']');
                    }
                }
            }
            b'{' => {
                self.at += 1;
                if self.is_next(b'}') {
                    return Some(());
                }
                loop {
                    self.skip_text()?;
                    self.take(b':')?;
                    self.skip(depth + 1)?;
                    if !self.is_next(b',') {
                        return self.take(b'}');
                    }
                }
            }
            _ => self.number().map(|_| ()),
        }
    }

    /// Passes over a text; one that holds what is no escape is left to the other reader.
    fn skip_text(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            let rest = self.bytes.get(self.at..)?;
            self.at += if self.is_clean { quote(rest)? } else { end_of_plain(rest)? };
            match (self.here()?, self.bytes.get(self.at + 1)) {
                (b'"', _) => {
                    self.at += 1;
                    return Some(());
                }
                (b'\\', Some(escaped)) if b"\"\\/bfnrt".contains(escaped) => self.at += 2,
                _ => return None,
            }
        }
    }
}

/// Whether a record has no backslash and no control character: many bytes are looked at together.
fn is_clean(record: &[u8]) -> bool {
    let unclean = |byte: &u8| u8::from(*byte < b' ') | u8::from(*byte == b'\\');
    record.iter().fold(0, |found, byte| found | unclean(byte)) == 0
}

/// A number with one more digit.
fn digit(number: u64, digit: u8) -> Option<u64> {
    number.checked_mul(10)?.checked_add(u64::from(digit.checked_sub(b'0')?))
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// In a word, the high bit of the first byte below a bound, and maybe of some behind it: a borrow reaches only those.
fn below(word: u64, bound: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(bound)) & !word & (ONES << 7)
}

/// The same of a byte.
fn is(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * u64::from(byte)), 1)
}

/// Where the first quote stands: mostly it is near, and far ones are found many bytes at a time.
fn quote(bytes: &[u8]) -> Option<usize> {
    let near = bytes.get(..NEAR).unwrap_or(bytes);
    if let Some(at) = first(near, |word| is(word, b'"'), |byte| byte == b'"') {
        return Some(at);
    }
    Some(near.len() + memchr::memchr(b'"', bytes.get(near.len()..)?)?)
}

/// So many bytes are looked at before it takes less time to look at many together.
const NEAR: usize = 16;

/// Where the first byte stands that is a quote, a backslash or a control character.
fn end_of_plain(bytes: &[u8]) -> Option<usize> {
    first(
        bytes,
        |word| below(word, b' ') | is(word, b'"') | is(word, b'\\'),
        |byte| byte < b' ' || byte == b'"' || byte == b'\\',
    )
}

/// Where the first byte of a kind stands; eight bytes are looked at together.
fn first(bytes: &[u8], in_word: impl Fn(u64) -> u64, is_it: impl Fn(u8) -> bool) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let found = in_word(u64::from_le_bytes(*word));
        if found != 0 {
            return Some(at * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    Some(words.len() * 8 + rest.iter().position(|byte| is_it(*byte))?)
}

#[cfg(test)]
mod tests {
    use super::super::json;
    use super::{Event, end_of_plain, quote, read};

    #[test]
    fn the_end_of_a_plain_text_is_the_first_byte_that_is_none() {
        for before in 0..20 {
            for filler in [b' ', b'!', b'#', b'[', b']', b'a', 0x7f, 0x80, 0xa2, 0xdc, 0xff] {
                for end in [0, 1, 0x1f, b'"', b'\\'] {
                    for behind in 0..10 {
                        let bytes =
                            [&vec![filler; before][..], &[end], &[b'"', filler, end].repeat(behind)].concat();
                        assert_eq!(end_of_plain(&bytes), Some(before), "{bytes:?}");
                        assert_eq!(quote(&bytes), bytes.iter().position(|byte| *byte == b'"'), "{bytes:?}");
                    }
                }
                assert_eq!(end_of_plain(&vec![filler; before]), None);
            }
        }
    }

    /// The quick reader gives what the other one gives, or nothing.
    #[track_caller]
    fn agrees(line: &str, is_quick: bool) {
        let mut event = Event::default();
        let quick = read(line.as_bytes(), &mut event);
        assert_eq!(quick.is_some(), is_quick, "{line}");
        if quick.is_some() {
            let other = json::read_any(line.as_bytes()).expect("an event");
            assert_eq!(format!("{event:?}"), format!("{other:?}"), "{line}");
        }
    }

    #[test]
    fn ordinary_lines_are_read_as_by_the_other_reader() {
        for line in [
            "{}",
            r#"{ "hop": 1 , "sources": [ "a" , "b" ] , "facts": { "a" : " b " }, "x": { "y" : [ 1 , "\"" ] } }"#,
            r#"{"time":"2026-11-21T10:00:00Z","use_case":"a","facts":{"tenant":"premium","seats":7,"beta":true}}"#,
            r#"{"cost_usd":"0.0035","billed_usd":0.0035,"effective_usd":12,"budget.remaining":12.5,"hop":0}"#,
            r#"{"facts":{"a":"","b":"c"},"budgets":{"a":""}}"#,
            r#"{"sources":["a","b;c"],"masked":[],"policies":"a; b","hop":null,"budgets":{},"retain_days":"30"}"#,
            r#"{"content":{"text":"he \"said\" \\ \/ \n"},"unknown":[1,2.5,{"a":null}],"use_case":"ü"}"#,
            r#"{"gen_ai.usage.input_tokens":540,"gen_ai.input.messages":[[],{}],"x":"","budget.remaining":0.5}"#,
        ] {
            agrees(line, true);
        }
    }

    #[test]
    fn what_is_unusual_is_left_to_the_other_reader() {
        for line in [
            "",
            "[1]",
            "{} {}",
            "{\"hop\":\t1}",
            r#"{"use_case":"a\u0062c"}"#,
            r#"{"use\u005fcase":"a"}"#,
            r#"{"hop":1,"hop":1}"#,
            r#"{"hop":1.0}"#,
            r#"{"hop":01}"#,
            r#"{"hop":-1}"#,
            r#"{"hop":1,}"#,
            r#"{"hop":true}"#,
            r#"{"cost_usd":1e-7}"#,
            r#"{"cost_usd":0.1234567890123456789}"#,
            r#"{"budget.remaining":12.50}"#,
            r#"{"facts":{"a":"b","a":"b"}}"#,
            r#"{"facts":{"a":null}}"#,
            r#"{"facts.tenant":"premium"}"#,
            r#"{"x":"\ud800"}"#,
            "{\"x\":\"\u{0}\"}",
            "{\"x\":\"a\tb\"}",
            r#"{"x":nul}"#,
            r#"{"x":[1,]}"#,
            r#"{"x":1 .5}"#,
            r#"{"x":1. 5}"#,
            r#"{"x":tr ue}"#,
            r#"{"use_case":7}"#,
            r#"{"content":null}"#,
        ] {
            agrees(line, false);
        }
        agrees(&format!("{{\"x\":{}{}}}", "[".repeat(100), "]".repeat(100)), false);
    }
}
