//! Names and pairs of names, found by one multiplication: hashed perfectly where they are few.

use std::collections::HashMap;

use super::format::Fact;
use super::hash::Seed;

/// Texts of up to so many bytes are all in their word.
const ALL_IN_WORD: usize = 16;

/// Up to so many keys are hashed perfectly; more are looked up as use cases are.
const FEW: usize = 512;

/// How many factors are tried for each size of a perfect hash.
const TRIES: usize = 64;

/// An odd number without a pattern.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

const NOBODY: u16 = u16::MAX;

/// Whether a text is a `name` of the policy language: only such a budget has an attribute of its own.
pub(super) fn is_name(text: &str) -> bool {
    let mut before = b'.';
    for (at, byte) in text.bytes().enumerate() {
        let fits = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => true,
            b'0'..=b'9' => at > 0,
            b'-' | b'.' => at > 0 && !matches!(before, b'-' | b'.'),
            _ => false,
        };
        if !fits {
            return false;
        }
        before = byte;
    }
    !text.is_empty() && !matches!(before, b'-' | b'.')
}

/// Keys, each at a slot of its own.
#[derive(Debug, Clone)]
struct Perfect {
    slots: Box<[u16]>,
    factor: u64,
    shift: u32,
}

impl Perfect {
    /// None where there are many keys, two are the same, or no factor tells them apart soon.
    fn new(keys: &[u64]) -> Option<Self> {
        if keys.len() > FEW {
            return None;
        }
        let least = (2 * keys.len().max(2)).next_power_of_two().trailing_zeros();
        let mut factor = MIX;
        for bits in least..least + 6 {
            for _ in 0..TRIES {
                factor = factor.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(2) | 1;
                let shift = 64 - bits;
                if let Some(slots) = Self::slots(keys, factor, shift) {
                    return Some(Self { slots, factor, shift });
                }
            }
        }
        None
    }

    fn slots(keys: &[u64], factor: u64, shift: u32) -> Option<Box<[u16]>> {
        let mut slots = vec![NOBODY; 1usize.checked_shl(64 - shift)?];
        for (at, key) in (0u16..).zip(keys) {
            let slot = slots.get_mut(slot(*key, factor, shift))?;
            if *slot != NOBODY {
                return None;
            }
            *slot = at;
        }
        Some(slots.into())
    }

    /// Where a key stands if it is one of them, and no place if its slot is nobody's.
    fn find(&self, key: u64) -> usize {
        self.slots.get(slot(key, self.factor, self.shift)).copied().unwrap_or(NOBODY).into()
    }
}

fn slot(key: u64, factor: u64, shift: u32) -> usize {
    usize::try_from(key.wrapping_mul(factor) >> shift).unwrap_or(usize::MAX)
}

/// What tells short texts apart: their first and last bytes and their length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Word {
    first: u64,
    last: u64,
    len: usize,
}

impl Word {
    fn of(text: &str) -> Self {
        let (first, last) = ends(text.as_bytes());
        Self { first, last, len: text.len() }
    }

    fn key(self) -> u64 {
        self.first.wrapping_mul(MIX).wrapping_add(self.last) ^ (self.len as u64)
    }

    /// Whether the word says everything.
    fn is_all(self) -> bool {
        self.len <= ALL_IN_WORD
    }
}

fn pair_key(name: Word, value: Word) -> u64 {
    name.key().rotate_left(23).wrapping_mul(MIX) ^ value.key()
}

/// Names by position.
#[derive(Debug, Clone)]
pub(super) struct Names {
    words: Box<[Word]>,
    texts: Box<[Box<str>]>,
    perfect: Option<Perfect>,
    /// Where there is no perfect hash.
    many: HashMap<Box<str>, u32, Seed>,
}

impl Names {
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n str>, seed: Seed) -> Self {
        let texts: Box<[Box<str>]> = names.into_iter().map(Into::into).collect();
        let words: Box<[Word]> = texts.iter().map(|text| Word::of(text)).collect();
        let perfect = Perfect::new(&words.iter().map(|word| word.key()).collect::<Vec<u64>>());
        let mut many = HashMap::with_hasher(seed);
        if perfect.is_none() {
            many.reserve(texts.len());
            many.extend((0u32..).zip(&texts).map(|(at, text)| (text.clone(), at)));
        }
        Self { words, texts, perfect, many }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The position of a name.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let Some(perfect) = &self.perfect else { return self.many.get(text).copied() };
        let word = Word::of(text);
        let at = perfect.find(word.key());
        let is_it = *self.words.get(at)? == word && (word.is_all() || **self.texts.get(at)? == *text);
        is_it.then_some(at).and_then(|at| u32::try_from(at).ok())
    }
}

/// A fact and one of its values, found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stated {
    /// Position of the fact by name.
    pub(super) fact: u32,
    /// Position of the value less that of the default.
    pub(super) offset: i32,
}

#[derive(Debug, Clone)]
struct Pair {
    name: Word,
    value: Word,
    stated: Stated,
}

/// Facts with their values.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pairs: Box<[Pair]>,
    perfect: Option<Perfect>,
    names: Names,
    values: Box<[Values]>,
}

#[derive(Debug, Clone)]
struct Values {
    names: Names,
    default: u32,
}

impl Facts {
    pub(super) fn new<'n>(facts: impl Iterator<Item = (&'n String, &'n Fact)> + Clone, seed: Seed) -> Self {
        let names = Names::new(facts.clone().map(|(name, _)| name.as_str()), seed);
        let values: Box<[Values]> = facts
            .clone()
            .map(|(_, fact)| {
                let names = Names::new(fact.values.iter().map(String::as_str), seed);
                Values { default: names.find(&fact.default).unwrap_or_default(), names }
            })
            .collect();
        let mut pairs = Vec::new();
        for (fact, ((name, declared), values)) in (0u32..).zip(facts.zip(&values)) {
            for (at, value) in (0u32..).zip(&declared.values) {
                let stated = Stated { fact, offset: offset(at, values.default) };
                pairs.push(Pair { name: Word::of(name), value: Word::of(value), stated });
            }
        }
        let keys: Vec<u64> = pairs.iter().map(|pair| pair_key(pair.name, pair.value)).collect();
        Self { perfect: Perfect::new(&keys), pairs: pairs.into(), names, values }
    }

    /// How many facts there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// How many values a fact has, and the position of its default.
    pub(super) fn values(&self, fact: u32) -> Option<(usize, u32)> {
        let values = self.values.get(fact as usize)?;
        Some((values.names.len(), values.default))
    }

    /// The position of a fact.
    pub(super) fn name(&self, name: &str) -> Option<u32> {
        self.names.find(name)
    }

    /// A value of a fact.
    pub(super) fn value(&self, fact: u32, value: &str) -> Option<Stated> {
        let values = self.values.get(fact as usize)?;
        Some(Stated { fact, offset: offset(values.names.find(value)?, values.default) })
    }

    /// A fact and its value.
    pub(super) fn find(&self, name: &str, value: &str) -> Option<Stated> {
        if let Some(perfect) = &self.perfect {
            let words = (Word::of(name), Word::of(value));
            let pair = self.pairs.get(perfect.find(pair_key(words.0, words.1)))?;
            if (pair.name, pair.value) != words {
                return None;
            }
            if words.0.is_all() && words.1.is_all() {
                return Some(pair.stated);
            }
        }
        self.value(self.name(name)?, value)
    }
}

fn offset(at: u32, default: u32) -> i32 {
    // A table is far smaller than 2^31 bytes.
    i32::try_from(i64::from(at) - i64::from(default)).unwrap_or_default()
}

/// The first and the last eight bytes of a text, or all of a shorter one: two texts of one length up to 16 bytes that
/// have the same are the same.
fn ends(text: &[u8]) -> (u64, u64) {
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => short_ends(text),
    }
}

/// The same as one number.
pub(super) fn word(text: &[u8]) -> u128 {
    let (first, last) = ends(text);
    u128::from(first) << 64 | u128::from(last)
}

fn short_ends(text: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into());
    }
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

    /// Few and many, short and long, and texts of one length with the same first and last bytes.
    #[test]
    fn every_name_is_found_at_its_place_and_no_other() {
        let few = ["", "a", "eu", "new", "given", "withheld", "sixteen-letters-", "seventeen-letters"];
        let many: Vec<String> = (0..700).map(|number| format!("value-{number}")).collect();
        let alike = ["the-first-of-those-that-differ", "the-first-in-those-that-differ"];
        let lists = [few.map(str::to_owned).to_vec(), many, alike.map(str::to_owned).to_vec()];
        for list in lists {
            let names = Names::new(list.iter().map(String::as_str), Seed::of("sha256:00ff"));
            for (at, name) in list.iter().enumerate() {
                assert_eq!(names.find(name), u32::try_from(at).ok(), "{name}");
                for other in [format!("{name}x"), format!("x{name}"), name.to_uppercase()] {
                    let wanted = list.iter().position(|known| *known == other);
                    assert_eq!(names.find(&other).map(|at| at as usize), wanted, "{other}");
                }
            }
            assert_eq!((names.len(), names.find("the-first-on-those-that-differ")), (list.len(), None));
        }
    }

    #[test]
    fn a_pair_is_found_whatever_the_length_of_its_words() {
        let fact = |values: &[&str]| Fact {
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            default: values[1].to_owned(),
        };
        let long = ["the-first-of-those-that-differ", "the-first-in-those-that-differ"];
        let mut all = std::collections::BTreeMap::new();
        all.insert("zone".to_owned(), fact(&["eu", "us", long[0], long[1]]));
        all.insert("a-fact-with-a-long-name".to_owned(), fact(&["given", "withheld"]));
        let facts = Facts::new(all.iter(), Seed::of("sha256:00ff"));
        for (at, (name, one)) in (0u32..).zip(&all) {
            for (value, offset) in one.values.iter().zip(-1..) {
                assert_eq!(facts.find(name, value), Some(Stated { fact: at, offset }), "{name} {value}");
                assert_eq!(facts.find(value, name), None);
            }
        }
        assert_eq!(facts.find("zone", "the-first-on-those-that-differ"), None);
        assert_eq!(facts.find("a-fact-with-a-long-nama", "given"), None);
    }

    #[test]
    fn only_names_of_the_language_are_names() {
        for name in ["a", "_", "planning-daily", "a.b_1"] {
            assert!(is_name(name), "{name}");
        }
        for text in ["", "1a", "-a", "a-", "a--b", "a.", "a b", "ü"] {
            assert!(!is_name(text), "{text}");
        }
    }
}
