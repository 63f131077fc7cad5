//! What requests may state and mean by it: a name that nobody understands any more is refused today, and means whatever a
//! later change gives it to.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Change;
use super::gate::Moved;
use super::kind::Kind;
use super::rename::{self, Names};
use super::sides::Side;
use crate::limits::shown;
use crate::model::words::some;
use crate::table::format::Fact;

/// The names, classifications, facts and values that a request could state and no longer can, and what it means otherwise
/// now to state one or none.
pub fn moved(old: &Side, new: &Side, names: &Names) -> Vec<Moved> {
    let mut all = nowhere(old, new, names);
    all.extend(classifications(old, new));
    all.extend(facts(old, new, names));
    all
}

/// Use cases that are gone without anybody having accepted it: what is called so later is added, and widens nothing.
pub fn gone(changes: &[Change]) -> Vec<Moved> {
    let is_gone = |change: &&Change| change.accepted.is_none() && change.kinds().has(Kind::Removed);
    let gone = changes.iter().filter(is_gone);
    let moved = gone.map(|change| {
        Moved::loosened(format!(
            "the use case `{}` is gone: requests that state it are refused, until something else is called so",
            change.use_case
        ))
    });
    moved.collect()
}

/// Names and endpoint tags that lead nowhere although their use case is still there: of one that is gone, `removed` tells.
fn nowhere(old: &Side, new: &Side, names: &Names) -> Vec<Moved> {
    let (before, after) = (rename::led(old), rename::led(new));
    let gone = before.into_iter().filter(|(asked, _)| !after.contains_key(asked));
    let moved = gone.filter_map(|(asked, use_case)| {
        let now = names.of("use_case", use_case).unwrap_or(use_case);
        new.cases.contains_key(now).then(|| {
            let of = if now == asked { String::new() } else { format!(" and led to `{now}` before") };
            Moved::loosened(format!(
                "`{asked}` names no use case any more{of}: requests that state it are refused, until something else is called so"
            ))
        })
    });
    moved.collect()
}

fn classifications(old: &Side, new: &Side) -> Vec<Moved> {
    let at: HashMap<&String, usize> = new.classifications.iter().zip(0..).collect();
    let mut moved = Vec::new();
    let gone: Vec<&String> = old.classifications.iter().filter(|name| !at.contains_key(name)).collect();
    if !gone.is_empty() && !new.classifications.is_empty() {
        let be =
            if gone.len() == 1 { "is no longer a classification" } else { "are no longer classifications" };
        let text = format!("{} {be}: requests that state it are refused", some(&gone, shown::DIFF_NAMES));
        moved.push(Moved::loosened(text).binding(gone.iter().map(|name| (*name).clone()).collect()));
    }
    let kept: Vec<(&String, usize)> =
        old.classifications.iter().filter_map(|name| Some((name, *at.get(name)?))).collect();
    // Where neighbours keep their order, all do.
    let swapped = kept.windows(2).filter_map(|pair| match pair {
        [(low, a), (high, b)] if a > b => Some((low, high)),
        _ => None,
    });
    moved.extend(swapped.map(|(low, high)| {
        Moved::loosened(format!("the classification `{high}` now stands below `{low}`, before above it"))
    }));
    moved
}

/// Facts that some statement read.
fn facts(old: &Side, new: &Side, names: &Names) -> Vec<Moved> {
    let known: HashMap<&String, &Fact> = new.facts.iter().map(|(name, fact)| (name, fact)).collect();
    let mut moved = Vec::new();
    for (at, (name, before)) in old.facts.iter().enumerate() {
        // A table does not say who reads a fact.
        if old.readers.get(at).is_some_and(BTreeSet::is_empty) {
            continue;
        }
        let now = names.of("fact", name).unwrap_or(name);
        let after = known.get(now);
        if now != name {
            let text = format!(
                "the fact `{name}` is called `{now}`: requests that state `{name}` are refused, until something else is called so"
            );
            moved.push(Moved::loosened(text));
        }
        match after {
            None => moved.push(Moved::loosened(format!(
                "`{name}` is no longer a fact: requests that state it are refused, until something else is called so"
            ))),
            Some(after) => moved.extend(meaning(now, before, after)),
        }
    }
    moved
}

/// What it means otherwise to state a fact or not.
fn meaning(name: &str, before: &Fact, after: &Fact) -> Vec<Moved> {
    let mut moved = Vec::new();
    if before.default != after.default {
        moved.push(Moved::loosened(format!(
            "a request that does not state `{name}` now counts as `{}`, before as `{}`",
            after.default, before.default
        )));
    }
    let kept: HashSet<&String> = after.values.iter().collect();
    let gone: Vec<&String> = before.values.iter().filter(|value| !kept.contains(value)).collect();
    if !gone.is_empty() {
        let be = if gone.len() == 1 { "is no longer a value" } else { "are no longer values" };
        let text = format!(
            "{} {be} of `{name}`: requests that state it are refused",
            some(&gone, shown::DIFF_NAMES)
        );
        moved.push(Moved::loosened(text).binding(gone.iter().map(|value| (*value).clone()).collect()));
    }
    moved
}
