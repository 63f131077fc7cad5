//! Short lists of names, looked up without a branch that depends on which it is.

use std::collections::HashMap;

use super::hash::Seed;

/// Names by position.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// Of each its word and its length.
    words: Box<[(u128, usize)]>,
    texts: Box<[Box<str>]>,
    /// Where there are many, or two have one word, they are looked up as use cases are.
    many: Option<HashMap<Box<str>, usize, Seed>>,
}

/// Up to so many names are compared one after the other, whichever it is: a processor guesses nothing, and nothing wrong.
const FEW: usize = 16;

/// Texts of up to so many bytes are all in their word.
const ALL_IN_WORD: usize = 16;

impl Names {
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n String>, seed: Seed) -> Self {
        let texts: Box<[Box<str>]> = names.into_iter().map(|name| name.as_str().into()).collect();
        let words: Box<[_]> = texts.iter().map(|text| (word(text.as_bytes()), text.len())).collect();
        let alike = words.iter().enumerate().any(|(at, one)| words.iter().skip(at + 1).any(|two| one == two));
        let many = (alike || texts.len() > FEW).then(|| {
            let mut many = HashMap::with_capacity_and_hasher(texts.len(), seed);
            many.extend(texts.iter().enumerate().map(|(at, text)| (text.clone(), at)));
            many
        });
        Self { words, texts, many }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The position of a name.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        if let Some(many) = &self.many {
            return many.get(text).copied();
        }
        let wanted = (word(text.as_bytes()), text.len());
        let own = self.words.iter().enumerate();
        let at = own.fold(usize::MAX, |found, (at, own)| if *own == wanted { at } else { found });
        if at == usize::MAX {
            return None;
        }
        let is_all = text.len() <= ALL_IN_WORD || self.texts.get(at).is_some_and(|own| **own == *text);
        is_all.then_some(at)
    }
}

/// The first and the last eight bytes of a text, or all of a shorter one: two texts of one length up to 16 bytes that
/// have one word are the same.
pub(super) fn word(text: &[u8]) -> u128 {
    let (first, last) = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => short_word(text),
    };
    u128::from(first) << 64 | u128::from(last)
}

fn short_word(text: &[u8]) -> (u64, u64) {
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
        let many: Vec<String> = (0..40).map(|number| format!("value-{number}")).collect();
        let alike = ["the-first-of-those-that-differ", "the-first-in-those-that-differ"];
        let lists = [few.map(str::to_owned).to_vec(), many, alike.map(str::to_owned).to_vec()];
        for list in lists {
            let names = Names::new(&list, Seed::of("sha256:00ff"));
            for (at, name) in list.iter().enumerate() {
                assert_eq!(names.find(name), Some(at), "{name}");
                for other in [format!("{name}x"), format!("x{name}"), name.to_uppercase()] {
                    let wanted = list.iter().position(|known| *known == other);
                    assert_eq!(names.find(&other), wanted, "{other}");
                }
            }
            assert_eq!((names.len(), names.find("the-first-on-those-that-differ")), (list.len(), None));
        }
    }
}
