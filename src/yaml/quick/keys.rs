//! Keys, each of which a map has once.

use std::collections::HashSet;

use super::Quick;
use crate::limits::effort;
use crate::source::Spanned;
use crate::yaml::Value;

/// With so many keys a set is quicker than a look at each.
const FEW: usize = 32;

/// The keys of a map so far.
#[derive(Default)]
pub(super) struct Keys {
    many: Option<HashSet<String>>,
}

impl Keys {
    /// Notes a key; none if the map has it.
    pub(super) fn add(&mut self, entries: &[(Spanned<String>, Value)], key: &str) -> Option<()> {
        if self.many.is_none() && entries.len() >= FEW {
            self.many = Some(entries.iter().map(|(key, _)| key.value.clone()).collect());
        }
        let is_new = match &mut self.many {
            Some(many) => many.insert(key.to_owned()),
            None => !entries.iter().any(|(known, _)| known.value == key),
        };
        is_new.then_some(())
    }
}

impl Quick<'_> {
    /// A key; the cursor ends after its colon.
    pub(super) fn key(&mut self) -> Option<Spanned<String>> {
        self.count()?;
        let start = self.at;
        let name = if self.peek() == b'"' {
            self.quoted()?
        } else {
            while is_key(self.peek()) {
                self.at += 1;
            }
            let name = self.text.get(start..self.at)?;
            let first = name.bytes().next()?;
            // A number, or a word that is none in YAML.
            let is_name = first.is_ascii_alphabetic() || first == b'_';
            (is_name && !is_word(name)).then_some(name)?
        };
        let key = Spanned::new(name.to_owned(), self.span(start));
        if name.len() > effort::QUICK_YAML_KEY || self.peek() != b':' {
            return None;
        }
        self.at += 1;
        Some(key)
    }

    /// Whether a key and a colon stand here.
    pub(super) fn is_entry(&self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let end = match rest.split_first() {
            Some((b'"', rest)) => match rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\n')) {
                Some(end) if rest.get(end) == Some(&b'"') => end + 2,
                _ => return false,
            },
            _ => rest.iter().position(|byte| !is_key(*byte)).unwrap_or(rest.len()),
        };
        rest.get(end) == Some(&b':') && matches!(rest.get(end + 1), None | Some(b' ' | b'\n'))
    }
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/')
}

/// Words that some edition of YAML reads as something else.
fn is_word(name: &str) -> bool {
    let known = ["null", "true", "false", "y", "n", "yes", "no", "on", "off"];
    known.iter().any(|word| word.eq_ignore_ascii_case(name))
}
