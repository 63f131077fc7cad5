//! What `check` newly reports on the new side, and what it no longer does.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use crate::diag::Finding;
use crate::limits::effort;
use crate::source::Sources;

/// A finding with the files that it is in.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// Files of its side.
    pub sources: &'a Sources,
    /// What was found.
    pub finding: &'a Finding,
}

/// Findings that only one side has, in the order of `check`.
#[derive(Debug, Default)]
pub struct Findings<'a> {
    /// Only the new side has them.
    pub new: Vec<Found<'a>>,
    /// Only the old side has them.
    pub gone: Vec<Found<'a>>,
}

/// All findings of a side.
type All<'a> = (&'a Sources, &'a [Finding]);

/// Old names with the new ones.
type Renames<'a> = HashMap<&'a str, &'a str>;

/// Compares the findings of two sides; what has another name on the new one is given with its kind and both names.
pub fn between<'a, 'r>(
    old: All<'a>,
    new: All<'a>,
    renamed: impl Iterator<Item = (&'static str, &'r str, &'r str)>,
) -> Findings<'a> {
    let renames: Renames = renamed.map(|(_, old, new)| (old, new)).collect();
    let kept = Renames::new();
    let (old_rest, new_rest) = unequal(old, new, &renames);
    // Of what is said otherwise, such as a sum that moved, only what concerns more is new, and what concerned more gone.
    let says_more =
        |found: &Found, own: &Renames, others: &HashMap<Subject, Vec<Found>>, theirs: &Renames| {
            let known = others.get(&subject(found, own));
            let concerned = called(&found.finding.use_cases, own);
            !known.into_iter().flatten().take(effort::ALIKE_FINDINGS).any(|other| {
                let others = called(&other.finding.use_cases, theirs);
                other.finding.severity <= found.finding.severity
                    && concerned.iter().all(|name| others.contains(name))
            })
        };
    let (before, after) = (by_subject(&old_rest, &renames), by_subject(&new_rest, &kept));
    Findings {
        new: new_rest.iter().filter(|found| says_more(found, &kept, &before, &renames)).copied().collect(),
        gone: old_rest.iter().filter(|found| says_more(found, &renames, &after, &kept)).copied().collect(),
    }
}

/// Without what both sides report in the same words of the same use cases, as often as both do; where something has
/// another name now, words differ, so there each finding also stands for one about the same thing and use cases.
fn unequal<'s, 'a: 's>(
    old: All<'a>,
    new: All<'a>,
    renames: &Renames<'s>,
) -> (Vec<Found<'a>>, Vec<Found<'a>>) {
    let kept = Renames::new();
    let found = |sources, finding| Found { sources, finding };
    let old: Vec<Found> = old.1.iter().map(|finding| found(old.0, finding)).collect();
    let new: Vec<Found> = new.1.iter().map(|finding| found(new.0, finding)).collect();
    let words = |found: &Found<'s>, renames: &Renames<'s>| {
        let Finding { code, message, use_cases, .. } = found.finding;
        (code.0, message.as_str(), called(use_cases, renames))
    };
    let (old, new) = unpaired(old, new, |found| words(found, renames), |found| words(found, &kept));
    if renames.is_empty() {
        return (old, new);
    }
    let about = |found: &Found<'s>, renames: &Renames<'s>| {
        (subject(found, renames), called(&found.finding.use_cases, renames))
    };
    unpaired(old, new, |found| about(found, renames), |found| about(found, &kept))
}

/// What is left on both sides where each has a partner of the same key, the first ones first.
fn unpaired<'a, K: Eq + Hash>(
    old: Vec<Found<'a>>,
    new: Vec<Found<'a>>,
    old_key: impl Fn(&Found<'a>) -> K,
    new_key: impl Fn(&Found<'a>) -> K,
) -> (Vec<Found<'a>>, Vec<Found<'a>>) {
    let mut counts: HashMap<K, i64> = HashMap::new();
    for found in &old {
        *counts.entry(old_key(found)).or_default() += 1;
    }
    let mut rest = Vec::new();
    for found in new {
        let count = counts.entry(new_key(&found)).or_default();
        if *count > 0 {
            *count -= 1;
        } else {
            rest.push(found);
        }
    }
    let is_left = |found: &Found<'a>| {
        let count = counts.entry(old_key(found)).or_default();
        *count -= 1;
        *count >= 0
    };
    (old.into_iter().filter(is_left).collect(), rest)
}

/// Names of use cases as the new side has them, in order.
fn called<'a>(names: &'a [String], renames: &Renames) -> Cow<'a, [String]> {
    if !names.iter().any(|name| renames.contains_key(name.as_str())) {
        return Cow::Borrowed(names);
    }
    let new =
        |name: &String| renames.get(name.as_str()).map_or_else(|| name.clone(), |new| (*new).to_owned());
    let mut names: Vec<String> = names.iter().map(new).collect();
    names.sort();
    Cow::Owned(names)
}

/// What a finding is about: its kind, the text at its place, and what it says besides.
type Subject<'a> = (&'a str, &'a str, Option<(&'a str, &'static str)>);

fn subject<'a>(found: &Found<'a>, renames: &Renames<'a>) -> Subject<'a> {
    let Finding { code, primary, subject, .. } = found.finding;
    let new = |name: &'a str| renames.get(name).copied().unwrap_or(name);
    let besides = subject.as_ref().map(|subject| (new(&subject.name), subject.unit));
    (code.0, new(found.sources.text(primary.span)), besides)
}

fn by_subject<'a>(all: &[Found<'a>], renames: &Renames<'a>) -> HashMap<Subject<'a>, Vec<Found<'a>>> {
    let mut subjects: HashMap<Subject, Vec<Found>> = HashMap::new();
    for found in all {
        subjects.entry(subject(found, renames)).or_default().push(*found);
    }
    subjects
}
