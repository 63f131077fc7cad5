//! What `check` newly reports on the new side, and what it no longer does.

use std::collections::HashMap;

use crate::diag::Finding;
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

/// The most findings of one kind about the same words that are looked through.
const MOST_OF_A_SUBJECT: usize = 100;

/// All findings of a side.
type All<'a> = (&'a Sources, &'a [Finding]);

/// What makes two findings the same wherever they stand.
type Same<'a> = (&'a str, &'a str, &'a [String]);

/// Compares the findings of two sides.
pub fn between<'a>(old: All<'a>, new: All<'a>) -> Findings<'a> {
    let (old_rest, new_rest) = unequal(old, new);
    // Of what is said otherwise, such as a sum that moved, only what concerns more is new, and what concerned more gone.
    let says_more = |found: &Found, others: &HashMap<Subject, Vec<Found>>| {
        let known = others.get(&subject(found));
        !known.into_iter().flatten().take(MOST_OF_A_SUBJECT).any(|other| {
            let covers = |name| other.finding.use_cases.contains(name);
            other.finding.severity <= found.finding.severity && found.finding.use_cases.iter().all(covers)
        })
    };
    let (before, after) = (by_subject(&old_rest), by_subject(&new_rest));
    Findings {
        new: new_rest.iter().filter(|found| says_more(found, &before)).copied().collect(),
        gone: old_rest.iter().filter(|found| says_more(found, &after)).copied().collect(),
    }
}

/// Without what both sides report in the same words of the same use cases, as often as both do.
fn unequal<'a>(old: All<'a>, new: All<'a>) -> (Vec<Found<'a>>, Vec<Found<'a>>) {
    let mut counts: HashMap<Same, i64> = HashMap::new();
    for finding in old.1 {
        *counts.entry(same(finding)).or_default() += 1;
    }
    let mut rest = Vec::new();
    for finding in new.1 {
        let count = counts.entry(same(finding)).or_default();
        if *count > 0 {
            *count -= 1;
        } else {
            rest.push(Found { sources: new.0, finding });
        }
    }
    let left = old.1.iter().filter(|finding| {
        let count = counts.entry(same(finding)).or_default();
        *count -= 1;
        *count >= 0
    });
    (left.map(|finding| Found { sources: old.0, finding }).collect(), rest)
}

fn same(finding: &Finding) -> Same<'_> {
    (finding.code.0, &finding.message, &finding.use_cases)
}

/// What a finding is about: its kind, the text at its place, and what of its message tells it from others there.
type Subject<'a> = (&'a str, &'a str, &'a str, bool);

fn subject<'a>(found: &Found<'a>) -> Subject<'a> {
    let Finding { code, message, primary, .. } = found.finding;
    // In back quotes stand names; the place of these kinds is a limit, or a use case that lacks several things.
    let mut names = message.split('`').skip(1).step_by(2);
    let name = match code.0 {
        "overload" | "failover-overload" | "missing-attribute" | "quota-overcommitted" => names.last(),
        "budget-forecast" | "budget-failover" => names.next(),
        _ => None,
    };
    let is_of_tokens = code.0 == "quota-overcommitted" && message.contains(" tokens ");
    (code.0, found.sources.text(primary.span), name.unwrap_or_default(), is_of_tokens)
}

fn by_subject<'a>(all: &[Found<'a>]) -> HashMap<Subject<'a>, Vec<Found<'a>>> {
    let mut subjects: HashMap<Subject, Vec<Found>> = HashMap::new();
    for found in all {
        subjects.entry(subject(found)).or_default().push(*found);
    }
    subjects
}
