//! Short lists of names, compared a word at a time.

/// Names and their positions, sorted by their words.
#[derive(Debug, Clone)]
pub(super) struct Names(Vec<Name>);

#[derive(Debug, Clone)]
struct Name {
    word: u128,
    text: Box<str>,
    position: usize,
}

impl Names {
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n String>) -> Self {
        let names = names.into_iter().enumerate().map(|(position, name)| Name {
            word: word(name.as_bytes()),
            text: name.as_str().into(),
            position,
        });
        let mut names: Vec<Name> = names.collect();
        names.sort_by_key(|name| name.word);
        Self(names)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The position of a name.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let word = word(text.as_bytes());
        let first = self.0.partition_point(|name| name.word < word);
        let alike = self.0.get(first..)?.iter().take_while(|name| name.word == word);
        // A short text is all in its word.
        let same = |name: &&Name| name.text.len() == text.len() && (text.len() <= 16 || *name.text == *text);
        alike.filter(same).map(|name| name.position).next()
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
