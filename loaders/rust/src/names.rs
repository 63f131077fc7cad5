//! Names and pairs of names by position: hashed perfectly where they are few.

use std::collections::HashMap;

use super::format::Fact;
use super::hash::Seed;
use super::perfect::{Perfect, same};
use super::words::{ALL_IN_WORD, Word};

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

fn key(word: Word) -> [u64; 3] {
    [word.first, word.last, word.len as u64]
}

/// Of two texts; their lengths share a number.
fn pair_key(name: Word, value: Word) -> [u64; 5] {
    let lengths = (name.len as u64).wrapping_shl(32) | value.len as u64;
    [name.first, name.last, value.first, value.last, lengths]
}

/// Names by position.
#[derive(Debug, Clone)]
pub(super) struct Names {
    keys: Box<[[u64; 3]]>,
    texts: Box<[Box<str>]>,
    perfect: Option<Perfect<3>>,
    /// Where there is no perfect hash.
    many: HashMap<Box<str>, u32, Seed>,
}

impl Names {
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n str>, seed: Seed) -> Self {
        let texts: Box<[Box<str>]> = names.into_iter().map(Into::into).collect();
        let keys: Box<[[u64; 3]]> = texts.iter().map(|text| key(Word::of(text))).collect();
        let perfect = Perfect::new(&keys);
        let mut many = HashMap::with_hasher(seed);
        if perfect.is_none() {
            many.reserve(texts.len());
            many.extend((0u32..).zip(&texts).map(|(at, text)| (text.clone(), at)));
        }
        Self { keys, texts, perfect, many }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The position of a name.
    #[inline]
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let Some(perfect) = &self.perfect else { return self.among_many(text) };
        let key = key(Word::of(text));
        let at = perfect.find(&key);
        if !same(self.keys.get(at)?, &key) || (text.len() > ALL_IN_WORD && !self.is_all(at, text)) {
            return None;
        }
        u32::try_from(at).ok()
    }

    #[inline(never)]
    fn among_many(&self, text: &str) -> Option<u32> {
        self.many.get(text).copied()
    }

    /// Whether a text is a name and not only one that begins and ends as it does.
    #[inline(never)]
    fn is_all(&self, at: usize, text: &str) -> bool {
        self.texts.get(at).is_some_and(|known| **known == *text)
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
    key: [u64; 5],
    stated: Stated,
}

/// Facts with their values.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pairs: Box<[Pair]>,
    perfect: Option<Perfect<5>>,
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
                pairs.push(Pair { key: pair_key(Word::of(name), Word::of(value)), stated });
            }
        }
        let keys: Vec<[u64; 5]> = pairs.iter().map(|pair| pair.key).collect();
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
    #[inline]
    pub(super) fn find(&self, name: &str, value: &str) -> Option<Stated> {
        let Some(perfect) = &self.perfect else { return self.apart(name, value) };
        let key = pair_key(Word::of(name), Word::of(value));
        let pair = self.pairs.get(perfect.find(&key))?;
        if !same(&pair.key, &key) {
            return None;
        }
        if name.len() > ALL_IN_WORD || value.len() > ALL_IN_WORD {
            return self.apart(name, value);
        }
        Some(pair.stated)
    }

    /// A fact, and then its value.
    #[inline(never)]
    fn apart(&self, name: &str, value: &str) -> Option<Stated> {
        self.value(self.name(name)?, value)
    }
}

fn offset(at: u32, default: u32) -> i32 {
    // A table is far smaller than 2^31 bytes.
    i32::try_from(i64::from(at) - i64::from(default)).unwrap_or_default()
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
