//! What to do about a finding, with what the words offer as data: whoever knows more adds to it and reads no words.

use super::{Finding, code};
use crate::source::Span;

/// What a help says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// As people read them.
    pub text: String,
    /// What they offer.
    pub offer: Offer,
}

/// What a help offers in place of a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Offer {
    /// What it says is no list of names.
    #[default]
    Else,
    /// Names that are near, as they are quoted there, and nothing besides.
    Near(Vec<String>),
    /// The names that there are, or some of them: none is near.
    Names,
    /// That there are no names yet.
    Nothing,
}

/// A name that nothing has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// What should have it: `use case`, `provider or model`.
    pub wanted: String,
    /// The name as it is written.
    pub name: String,
}

impl Help {
    /// ``did you mean `a` or `b`?``: of names that are near to one that does not exist.
    pub fn near(names: &[&str]) -> Self {
        let text = format!("did you mean {}?", super::nearest::either(names));
        Self { text, offer: Offer::Near(names.iter().map(|name| (*name).to_owned()).collect()) }
    }

    /// Words that list names, none of which is near.
    pub fn names(text: impl Into<String>) -> Self {
        Self { text: text.into(), offer: Offer::Names }
    }
}

impl From<String> for Help {
    fn from(text: String) -> Self {
        Self { text, offer: Offer::Else }
    }
}

impl From<&str> for Help {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Finding {
    /// That nothing of a kind has a name.
    pub fn missing(wanted: &str, name: &str, span: Span) -> Self {
        let message = format!("no {wanted} is called `{name}`");
        let missing = Some(UnknownName { wanted: wanted.to_owned(), name: name.to_owned() });
        Self { missing, ..Self::error(code::UNKNOWN_NAME, span, message) }.label("unknown name")
    }

    /// Says what to do, in place of what was said before.
    pub fn advise(&mut self, advice: impl Into<Help>) {
        let Help { text, offer } = advice.into();
        self.help = Some(super::bounded(text));
        self.offer = offer;
    }

    /// The one name that its help offers.
    pub fn offered(&self) -> Option<&str> {
        match &self.offer {
            Offer::Near(names) => match names.as_slice() {
                [name] => Some(name),
                _ => None,
            },
            Offer::Else | Offer::Names | Offer::Nothing => None,
        }
    }
}
