//! Texts as numbers, which are hashed and compared without asking what length a text has.
//!
//! Names of 5, 8 and 12 bytes come in no order, so a processor guesses wrongly at every branch that tells them apart, and
//! each wrong guess costs as much as reading the text. So a text is read in pieces of one size, whose places depend on its
//! length: short texts are read over and over, and none of them in a loop.

use super::hash::Seed;

/// Texts of up to so many bytes are all in their [`Word`].
pub(super) const ALL_IN_WORD: usize = 16;

/// Texts of up to so many bytes are all in their [`Words`].
const ALL_IN_WORDS: usize = 32;

/// What tells short texts apart: their first and last bytes and their length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) len: usize,
}

impl Word {
    #[inline]
    pub(super) fn of(text: &str) -> Self {
        let (first, last) = ends(text.as_bytes());
        Self { first, last, len: text.len() }
    }
}

/// Everything of a text of up to 32 bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub(super) eights: [u64; 4],
    pub(super) len: u32,
}

impl Words {
    /// None of a longer text.
    #[inline]
    pub(super) fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let len = u32::try_from(bytes.len()).ok()?;
        // From 16 bytes on each half takes eight bytes more, of 32 its other eight.
        let step = bytes.len() / 16 * 8;
        let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) else {
            let (first, last) = ends(bytes);
            return Some(Self { eights: [first, 0, 0, last], len });
        };
        if bytes.len() > ALL_IN_WORDS {
            return None;
        }
        let rest = bytes.get(step..)?;
        let second = rest.first_chunk::<8>()?;
        let third = bytes.get(..rest.len())?.last_chunk::<8>()?;
        Some(Self { eights: [first, second, third, last].map(|eight| u64::from_le_bytes(*eight)), len })
    }

    /// Whether they are those of a text; nothing branches on where they differ.
    #[inline]
    pub(super) fn are(self, eights: &[u64; 4], len: u32) -> bool {
        let differ = self.eights.iter().zip(eights).fold(0, |differ, (a, b)| differ | (a ^ b));
        differ | u64::from(self.len ^ len) == 0
    }

    #[inline]
    pub(super) fn hash(self, seed: Seed) -> u64 {
        seed.mixed(self.eights, self.len)
    }
}

/// The first and the last eight bytes of a text, or all of a shorter one: two texts of one length up to 16 bytes that
/// have the same are the same.
#[inline]
pub(super) fn ends(text: &[u8]) -> (u64, u64) {
    let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) else {
        return few(text);
    };
    if text.len() > ALL_IN_WORD {
        return long(text);
    }
    // From 8 bytes on each half takes four bytes more, of 16 its other four.
    let step = text.len() / 8 * 4;
    let rest = text.get(step..).unwrap_or_default();
    let (Some(second), Some(third)) =
        (rest.first_chunk::<4>(), text.get(..rest.len()).and_then(<[u8]>::last_chunk::<4>))
    else {
        return few(text);
    };
    (both(*first, *second), both(*last, *third))
}

fn both(low: [u8; 4], high: [u8; 4]) -> u64 {
    u64::from(u32::from_le_bytes(low)) | u64::from(u32::from_le_bytes(high)) << 32
}

#[inline(never)]
fn long(text: &[u8]) -> (u64, u64) {
    let ends = (text.first_chunk::<8>(), text.last_chunk::<8>());
    (ends.0.map_or(0, |first| u64::from_le_bytes(*first)), ends.1.map_or(0, |last| u64::from_le_bytes(*last)))
}

/// All of up to three bytes.
#[inline(never)]
fn few(text: &[u8]) -> (u64, u64) {
    match *text {
        [one] => (one.into(), 0),
        [one, two] => (one.into(), two.into()),
        [one, two, three] => (u64::from(one) << 8 | u64::from(two), three.into()),
        _ => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: Words, other: Words) -> bool {
        one.are(&other.eights, other.len)
    }

    /// Texts of every length, each with every one of its letters replaced, taken away and doubled.
    #[test]
    fn words_tell_all_texts_of_their_length_apart() {
        let letters: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
        for len in 0..=34 {
            let text: Vec<char> = letters.iter().copied().take(len).collect();
            let of = |letters: &[char]| letters.iter().collect::<String>();
            let mut others = vec![of(&text) + "\0", format!("\0{}", of(&text)), of(&text) + "a"];
            for at in 0..len {
                let (mut less, mut more, mut other) = (text.clone(), text.clone(), text.clone());
                less.remove(at);
                more.insert(at, letters[at]);
                other[at] = '#';
                others.extend([less, more, other].map(|letters| of(&letters)));
            }
            let (text, whole) = (of(&text), Words::of(&of(&text)));
            assert_eq!(whole.is_some(), len <= ALL_IN_WORDS);
            assert!(whole.is_none_or(|words| same(words, words)), "{len}");
            for other in &others {
                assert!(len > ALL_IN_WORD || Word::of(&text) != Word::of(other), "{text} {other}");
                let both = whole.zip(Words::of(other));
                assert!(!both.is_some_and(|(one, other)| same(one, other)), "{text} {other}");
            }
        }
    }

    #[test]
    fn texts_of_one_letter_differ_by_their_length() {
        for len in 0..=32 {
            for other in 0..=32 {
                let (one, two) = ("x".repeat(len), "x".repeat(other));
                let same =
                    Words::of(&one).zip(Words::of(&two)).is_some_and(|(one, two)| self::same(one, two));
                assert_eq!(same, len == other);
                assert_eq!(Word::of(&one) == Word::of(&two), len == other);
            }
        }
    }
}
