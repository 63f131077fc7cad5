//! "Did you mean": the names nearest to one that does not exist.

use std::collections::HashSet;

use super::{Help, Offer};
use crate::limits::MAX_NAMES_COMPARED;
use crate::limits::effort;
use crate::source::listed;
use crate::work;

/// How many names one reading may still compare: a thousand unknown names beside ten thousand known ones are ten million
/// comparisons, and past some a suggestion is not worth its time. Then help lists names as it does where none is near.
#[derive(Debug)]
pub struct Effort {
    left: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self { left: MAX_NAMES_COMPARED }
    }
}

impl Effort {
    /// Whether a name may be compared with so many others; they count.
    pub fn allows(&mut self, names: usize) -> bool {
        match self.left.checked_sub(names) {
            Some(left) => self.left = left,
            None => self.left = 0,
        }
        self.left > 0
    }

    /// [`nearest`], as far as the effort lasts; then none.
    pub fn nearest<'a>(&mut self, wanted: &str, candidates: &[&'a str]) -> Vec<&'a str> {
        if self.allows(candidates.len()) { nearest(wanted, candidates.iter().copied()) } else { Vec::new() }
    }

    /// [`help`], as far as the effort lasts; then without near ones.
    pub fn help(&mut self, wanted: &str, what: &str, candidates: &[&str]) -> Help {
        if self.allows(candidates.len()) { help(wanted, what, candidates) } else { all_of(what, candidates) }
    }
}

/// Up to three candidates close enough to be meant, nearest first, ties in the order given; never the word itself.
///
/// Close is what differs by few edits, and what the word is the beginning or the end of: `azure` of `azure-eu`.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = fold(wanted);
    let mine = parts(&folded);
    let mut scored: Vec<(usize, usize, &str)> = Vec::new();
    let mut by_parts: Vec<(usize, &str)> = Vec::new();
    let mut near: HashSet<&str> = HashSet::from([wanted]);
    for candidate in candidates {
        work::step();
        let other = fold(candidate);
        let known = near.contains(candidate);
        if let Some(score) = score(&folded, &other).filter(|_| !known) {
            let longer = if score == PART { other.len().abs_diff(folded.len()) } else { 0 };
            scored.push((score, longer, candidate));
            near.insert(candidate);
        } else if let Some(missing) = parts_missing(&mine, &other).filter(|_| !known) {
            by_parts.push((missing, candidate));
        }
    }
    if scored.is_empty() {
        by_parts.sort_by_key(|(missing, _)| *missing);
        let least = by_parts.first().map_or(0, |(missing, _)| *missing);
        let mut names: Vec<&str> = Vec::new();
        for (_, name) in by_parts.iter().take_while(|(missing, _)| *missing == least) {
            if !names.contains(name) {
                names.push(name);
            }
            if names.len() == 3 {
                break;
            }
        }
        return names;
    }
    scored.sort_by_key(|(score, longer, _)| (*score, *longer));
    // Next to a clear answer, far ones are noise.
    let best = scored.first().map_or(0, |(score, ..)| *score);
    let farthest = if best == 0 { 0 } else { best + 2 };
    scored.into_iter().filter(|(score, ..)| *score <= farthest).take(3).map(|(.., name)| name).collect()
}

/// How far a name is from one that it is a part of: nearer than an edit.
const PART: usize = 1;

/// How many parts of a name another one lacks that has all its parts, or the other way round; none where it is otherwise.
///
/// `save-budget` lacks one of `save-the-budget`, `input_cost_per_1m` one of `cost_per_1m_tokens_input`.
fn parts_missing(mine: &[&[char]], other: &[char]) -> Option<usize> {
    if mine.len() < 2 {
        return None;
    }
    let theirs = parts(other);
    let (few, many) = if mine.len() <= theirs.len() { (mine, &*theirs) } else { (&*theirs, mine) };
    let missing = many.len() - few.len();
    let all = few.len() >= 2
        && missing <= effort::PARTS_MISSING.min(few.len())
        && few.iter().all(|part| many.contains(part));
    all.then_some(missing)
}

/// The parts of a folded name.
fn parts(name: &[char]) -> Vec<&[char]> {
    let joins = |c: &char| matches!(c, '-' | '.' | '/' | ':' | ' ');
    name.split(joins).filter(|part| !part.is_empty()).collect()
}

/// How far two folded names are from each other, two for each edit; none where they are too far.
fn score(wanted: &[char], other: &[char]) -> Option<usize> {
    let limit = (wanted.len() / 3).max(1);
    let is_near = other.len().abs_diff(wanted.len()) <= limit && letters_apart(wanted, other) <= 2 * limit;
    let mut edits = if is_near { distance(wanted, other) } else { usize::MAX };
    // One letter of two says nothing, unless the two only changed places.
    let short = wanted.len().min(other.len()) < 3;
    let swapped = wanted.len() == other.len() && wanted.iter().rev().eq(other);
    if short && edits > 0 && !swapped {
        edits = usize::MAX;
    }
    let whole = if edits <= limit { Some(2 * edits) } else { None };
    let part = is_part(wanted, other).then_some(PART);
    whole.into_iter().chain(part).min()
}

/// How many letters two words do not share, at least: an edit makes at most two.
fn letters_apart(a: &[char], b: &[char]) -> usize {
    let mut counts = [0i16; 64];
    let mut count = |word: &[char], by: i16| {
        for c in word {
            if let Some(slot) = counts.get_mut(*c as usize % 64) {
                *slot += by;
            }
        }
    };
    count(a, 1);
    count(b, -1);
    counts.iter().map(|count| usize::from(count.unsigned_abs())).sum()
}

/// The word is the beginning or the end of the other one: at a mark that joins the parts of names, or long enough.
fn is_part(wanted: &[char], other: &[char]) -> bool {
    let joins = |c: Option<&char>| c.is_some_and(|c| matches!(c, '-' | '.' | '/' | ':'));
    let rest = other.len().saturating_sub(wanted.len());
    if wanted.len() < 2 || rest == 0 {
        return false;
    }
    let begins = other.starts_with(wanted) && (joins(other.get(wanted.len())) || wanted.len() >= 4);
    let ends = other.ends_with(wanted) && joins(other.get(rest - 1));
    begins || ends
}

/// Names in back quotes, joined by commas and a final `or`.
pub fn either(names: &[&str]) -> String {
    listed::quoted(names, "or")
}

/// Help for a name that does not exist: the near ones, else all that there are while they are few.
pub fn help(wanted: &str, what: &str, candidates: &[&str]) -> Help {
    let near = nearest(wanted, candidates.iter().copied());
    if !near.is_empty() {
        return Help::near(&near);
    }
    all_of(what, candidates)
}

/// All that there are while they are few, else three of them and how many more.
fn all_of(what: &str, candidates: &[&str]) -> Help {
    Help::names(match candidates {
        [] => return Help { text: format!("there is no {what} yet"), offer: Offer::Nothing },
        [one] => format!("the only {what} is `{one}`"),
        few if few.len() <= FEW => format!("write one of {}", either(few)),
        [first, second, third, rest @ ..] => {
            format!("write one of `{first}`, `{second}`, `{third}` and {} more", rest.len())
        }
        [first, second] => format!("write `{first}` or `{second}`"),
    })
}

/// As many names are listed in full.
const FEW: usize = 12;

fn fold(text: &str) -> Vec<char> {
    text.chars().take(80).flat_map(char::to_lowercase).map(|c| if c == '_' { '-' } else { c }).collect()
}

/// Edits between two words, a swap of neighbours counting once.
pub(super) fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (i, &ca) in a.iter().enumerate() {
        work::step();
        let mut row = Vec::with_capacity(width);
        row.push(i + 1);
        for (j, &cb) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut best =
                (at(&last, j) + usize::from(ca != cb)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(&cb) && b.get(j - 1) == Some(&ca);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::{Help, Offer};
    use super::{Effort, nearest};
    use crate::limits::MAX_NAMES_COMPARED;

    #[test]
    fn a_name_is_suggested_for_its_beginning_and_its_end_and_never_for_itself() {
        let models = ["azure-eu", "azure-eu/gpt-4o", "openai/gpt-4o", "openai/gpt-4o-mini"];
        assert_eq!(nearest("azure", models), ["azure-eu", "azure-eu/gpt-4o"]);
        assert_eq!(nearest("gpt-4o", models), ["openai/gpt-4o", "azure-eu/gpt-4o"]);
        assert_eq!(nearest("model.host", ["model.cost", "model.hosting"]), ["model.hosting", "model.cost"]);
        assert_eq!(nearest("azure-eu", ["azure-eu", "azure-us"]), ["azure-us"]);
        assert!(nearest("au", ["audit", "amount"]).is_empty());
        assert!(nearest("eu", ["e", "us"]).is_empty());
        assert_eq!(nearest("ue", ["eu", "us"]), ["eu"]);
    }

    #[test]
    fn a_name_is_suggested_for_its_parts_where_nothing_is_nearer() {
        let rules = ["save-the-budget", "save-time", "batch-is-cheap"];
        assert_eq!(nearest("save-budget", rules), ["save-the-budget"]);
        assert_eq!(nearest("cheap-batch", rules), ["batch-is-cheap"]);
        assert_eq!(nearest("save-all-the-budget", rules), ["save-the-budget"]);
        let keys =
            ["cost_per_1m_tokens_input", "cost_per_1m_tokens_cached_input", "cost_per_1k_tokens_input"];
        assert_eq!(nearest("input_cost_per_1m", keys), ["cost_per_1m_tokens_input"]);
        assert!(nearest("save-nothing", rules).is_empty());
    }

    #[test]
    fn suggestions_end_where_they_would_cost_too_much() {
        let names: Vec<String> = (0..1_000).map(|n| format!("use-case-{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut effort = Effort::default();
        let help = effort.help("use-case-7x", "use case", &names);
        assert_eq!(help.text, "did you mean `use-case-7`, `use-case-70` or `use-case-71`?");
        assert_eq!(help, Help::near(&["use-case-7", "use-case-70", "use-case-71"]));
        let near = (0..5 * MAX_NAMES_COMPARED / 1_000).filter(|_| effort.allows(names.len())).count();
        assert!(near < MAX_NAMES_COMPARED / 1_000);
        let help = effort.help("use-case-7x", "use case", &names);
        assert_eq!(help.text, "write one of `use-case-0`, `use-case-1`, `use-case-2` and 997 more");
        assert_eq!(help.offer, Offer::Names);
    }
}
