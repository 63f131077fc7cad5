//! Words of all files together: one that stands once and is much like one that stands often is that one misspelt.

use std::collections::BTreeMap;

use crate::diag::slip::is_slip;
use crate::limits::effort;
use crate::source::FileId;
use crate::yaml::Value;
use crate::yaml::slip::short;

/// Keys whose values are free words by which others find what belongs together.
const WORDS: [&str; 7] =
    ["team", "business_unit", "project", "application", "owner", "jurisdiction", "failure_domain"];

/// A word that stands so often is no slip itself.
const OFTEN: usize = 2;

/// A word: how often it stands, and where first.
#[derive(Debug, Clone, Copy)]
struct Seen {
    times: usize,
    at: (FileId, usize),
}

/// The words of a document by their keys.
#[derive(Debug, Default)]
pub(super) struct Words(BTreeMap<&'static str, BTreeMap<String, Seen>>);

impl Words {
    pub(super) fn of(document: &Value) -> Self {
        let mut words = Self::default();
        let top = document.get("governance").unwrap_or(document);
        for use_case in top.get("use_cases").map(Value::items).unwrap_or_default() {
            words.collect(use_case);
        }
        for (_, provider) in top.get("providers").map(Value::entries).unwrap_or_default() {
            words.collect(provider);
            for model in provider.get("models").map(Value::items).unwrap_or_default() {
                words.collect(model);
            }
        }
        words
    }

    fn collect(&mut self, map: &Value) {
        for key in WORDS {
            let Some((value, text)) = map.get(key).and_then(|value| Some((value, value.text()?))) else {
                continue;
            };
            let at = (value.span.file, value.span.start as usize);
            let all = self.0.entry(key).or_default();
            match all.get_mut(text) {
                Some(seen) => {
                    seen.times += 1;
                    seen.at = seen.at.min(at);
                }
                None => {
                    all.insert(text.to_owned(), Seen { times: 1, at });
                }
            }
        }
    }
}

/// What is said of the words of several documents, each with its place.
pub(super) fn across<'w>(documents: impl IntoIterator<Item = &'w Words>) -> Vec<(FileId, usize, String)> {
    let mut words: BTreeMap<&'static str, BTreeMap<&'w str, Seen>> = BTreeMap::new();
    for (key, of_one) in documents.into_iter().flat_map(|words| &words.0) {
        let all = words.entry(key).or_default();
        for (word, seen) in of_one {
            let known = all.entry(word).or_insert(Seen { times: 0, ..*seen });
            known.times += seen.times;
            known.at = known.at.min(seen.at);
        }
    }
    let mut notes: Vec<(FileId, usize, String)> = Vec::new();
    let mut left = effort::WORDS_COMPARED;
    for (key, all) in &words {
        notes.extend(folded(key, all));
        notes.extend(misspelt(key, all, &mut left));
    }
    notes.sort_by_key(|(file, at, _)| (*file, *at));
    notes.dedup_by_key(|(file, at, _)| (*file, *at));
    notes
}

/// Words that differ in capitals and marks alone: `US` beside `us`.
fn folded(key: &str, all: &BTreeMap<&str, Seen>) -> Vec<(FileId, usize, String)> {
    let mut alike: BTreeMap<String, Vec<(&str, &Seen)>> = BTreeMap::new();
    for (word, seen) in all {
        let letters = word.chars().filter(|c| !matches!(c, '-' | '_' | ' ' | '.'));
        alike.entry(letters.flat_map(char::to_lowercase).collect()).or_default().push((word, seen));
    }
    let mut notes = Vec::new();
    for mut group in alike.into_values().filter(|group| group.len() > 1) {
        group.sort_by_key(|(_, seen)| (std::cmp::Reverse(seen.times), seen.at));
        let Some(((right, most), rest)) = group.split_first() else { continue };
        notes.extend(
            rest.iter().map(|(word, seen)| {
                (seen.at.0, seen.at.1, note(key, (word, seen.times), (right, most.times)))
            }),
        );
    }
    notes
}

/// Words that stand once, each near to one that stands often: `suport` and `support`.
fn misspelt(key: &str, all: &BTreeMap<&str, Seen>, left: &mut usize) -> Vec<(FileId, usize, String)> {
    // How models fall together, and where providers are, is no word in which letters are changed.
    if key == "jurisdiction" {
        return Vec::new();
    }
    let mut often: BTreeMap<Option<char>, Vec<(&str, usize)>> = BTreeMap::new();
    let first = |word: &str| word.chars().next().and_then(|c| c.to_lowercase().next());
    for (word, seen) in all.iter().filter(|(_, seen)| seen.times >= OFTEN) {
        often.entry(first(word)).or_default().push((word, seen.times));
    }
    let mut notes = Vec::new();
    for (word, seen) in all.iter().filter(|(_, seen)| seen.times == 1) {
        let near = often.get(&first(word)).into_iter().flatten();
        let near = near.take_while(|_| {
            *left = left.saturating_sub(1);
            *left > 0
        });
        let is_near = |(right, _): &&(&str, usize)| is_slip(word, right) || is_stutter(word, right);
        if let Some((right, times)) = near.into_iter().find(is_near) {
            notes.push((seen.at.0, seen.at.1, note(key, (word, 1), (right, *times))));
        }
    }
    notes
}

/// `cxx` for `cx`: a letter twice.
fn is_stutter(word: &str, right: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let twice =
        |at: usize| letters.get(at).is_some_and(|c| c.is_alphabetic() && letters.get(at + 1) == Some(c));
    let without = |at: usize| {
        let rest = letters.iter().enumerate().filter(|(other, _)| *other != at);
        rest.map(|(_, c)| *c).eq(right.chars())
    };
    letters.len() <= 100 && (0..letters.len()).any(|at| twice(at) && without(at))
}

fn note(key: &str, (word, times): (&str, usize), (right, often): (&str, usize)) -> String {
    let stands = |times: usize| match times {
        1 => "once".to_owned(),
        times => format!("{times} times"),
    };
    format!(
        "`{key}: {}` stands {}, and `{key}: {}` {}: they are two, so write one word where one is meant",
        short(word),
        stands(times),
        short(right),
        stands(often)
    )
}

#[cfg(test)]
mod tests {
    use super::{Seen, is_stutter, misspelt};
    use crate::source::FileId;
    use std::collections::BTreeMap;

    #[test]
    fn a_word_that_stands_once_is_another_one_misspelt_where_it_is_near() {
        let said = |once: &'static str, often: &'static str| {
            let seen = |times| Seen { times, at: (FileId::NONE, 0) };
            !misspelt("team", &BTreeMap::from([(once, seen(1)), (often, seen(2))]), &mut 100).is_empty()
        };
        for (once, often) in
            [("suport", "support"), ("cxx", "cx"), ("platfrom", "platform"), ("sale", "sales")]
        {
            assert!(said(once, often), "{once}");
        }
        for (once, often) in
            [("team-a", "team-b"), ("cx", "hr"), ("data2", "data1"), ("support-eu", "support")]
        {
            assert!(!said(once, often), "{once}");
        }
        assert!(is_stutter("cxx", "cx") && !is_stutter("cx", "cxx"));
    }
}
