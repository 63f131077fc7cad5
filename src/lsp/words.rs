//! What a word of a policy means where it stands: `compliance` is a tier, a vocabulary, an aspect and an attribute, and the
//! grammar says which of them is meant.

use super::completion_policies::meaning;
use super::hover::about_attribute;
use super::keywords;
use crate::model::Table;
use crate::model::attribute::Attribute;
use crate::source::FileId;
use crate::syntax::ahead::{self, Ahead, Slot, Word};
use crate::syntax::scan::{self, Token};
use crate::vocabulary::{Aspect, Dimension, Tier, Trigger, VocabularyKind};

/// What is said of a word, as Markdown; nothing of a name.
pub(super) fn about(file: FileId, text: &str, token: Token) -> Option<String> {
    let word = token.text(text);
    let ahead = ahead::ahead(file, text.get(..token.start)?);
    let next = scan::next(text, token.end).map(|next| next.text(text)).unwrap_or_default();
    of_statement(&ahead, word, next)
        .or_else(|| of_grammar(&ahead, word))
        .or_else(|| Attribute::named(word).map(|attribute| of_attribute(word, attribute)))
        // What stands before it may be broken.
        .or_else(|| keywords::about(word).map(|about| plain(word, about)))
        .or_else(|| Some(format!("`{word}`: {}", of_vocabulary(word)?)))
}

fn plain(word: &str, about: &str) -> String {
    format!("`{word}`\n\n{about}")
}

fn of_attribute(word: &str, attribute: Attribute) -> String {
    let kind = attribute.type_of(&Table::default()).label();
    format!("`{word}`: {}\n\n{kind}", about_attribute(attribute))
}

/// The first word of a statement: that of a rule is its tier.
fn of_statement(ahead: &Ahead, word: &str, next: &str) -> Option<String> {
    if !ahead.slots.contains(&Slot::Statement) {
        return None;
    }
    if let Some(tier) = Tier::parse(word).filter(|_| next == "rule") {
        return Some(format!("`{word}`, a tier: {}", tier.about()));
    }
    VocabularyKind::parse(word).map(|kind| format!("`{word}`, a vocabulary: {}", kind.about()))
}

/// A word that the grammar takes there; in some statements it means something else than in others.
fn of_grammar(ahead: &Ahead, word: &str) -> Option<String> {
    // Units have no case, and one of which there is one has no `s`.
    let lower = word.to_ascii_lowercase();
    let is_unit = |known: &Word| {
        known.is_unit || known.of == "a unit of time" || matches!(known.text, "usd" | "x" | "hops")
    };
    let is_it = |known: &&Word| {
        let one = known.text.strip_suffix('s').filter(|one| !one.is_empty());
        known.text == word || (is_unit(known) && (known.text == lower || one == Some(lower.as_str())))
    };
    let known = ahead.words.iter().find(is_it)?;
    let statement = scan::next(ahead.statement, 0).map(|first| first.text(ahead.statement));
    if let Some(about) = keywords::about_in(statement.unwrap_or_default(), word) {
        return Some(plain(word, about));
    }
    if is_unit(known) && known.text != "hops" {
        return Some(plain(word, keywords::about_unit(known.text)));
    }
    let about = Some(meaning(known)).filter(|about| !about.is_empty())?;
    Some(match known.of {
        "a tier" | "an aspect" | "a vocabulary" | "a trigger" | "a dimension" => {
            format!("`{word}`, {}: {about}", known.of)
        }
        _ if keywords::about(known.text) == Some(about) => plain(word, about),
        _ => format!("`{word}`: {about}"),
    })
}

/// A word of a list, wherever it stands.
fn of_vocabulary(word: &str) -> Option<&'static str> {
    let about = Trigger::parse(word).map(Trigger::about);
    let about = about.or_else(|| Aspect::parse(word).map(Aspect::about));
    about.or_else(|| Dimension::parse(word).map(Dimension::about))
}
