//! How to put a statement right that does not parse.

use crate::diag::nearest;

use super::label::Label;
use super::message::Scene;
use super::words;

/// What to do, where it can be guessed.
pub(super) fn help(scene: &Scene<'_>) -> Option<String> {
    let found = scene.found_text();
    let candidates = candidates(scene);
    let near = nearest::nearest(found, candidates.iter().copied());
    if !near.is_empty() && !near.contains(&found) {
        return Some(format!("did you mean {}?", nearest::either(&near)));
    }
    let _ = (words::SYNONYMS, words::SYMBOLS, words::CLAUSES);
    None
}

/// Every word that could have stood there.
fn candidates(scene: &Scene<'_>) -> Vec<&'static str> {
    let mut all = Vec::new();
    for label in &scene.expected {
        match label {
            Label::Word(word) | Label::More(word) => all.push(*word),
            Label::Group(_, words) => all.extend(words.iter().copied()),
            Label::End => {}
        }
    }
    all
}
