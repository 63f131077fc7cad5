//! Whom the differences of two texts can concern on any day.

use std::collections::BTreeSet;

use crate::diff::Diff;
use crate::diff::causes::flat::EntryName;
use crate::diff::causes::units::{bare, units};
use crate::diff::causes::{Text, Texts};
use crate::diff::sides::Side;
use crate::syntax::tree::StatementKind;

/// The use cases that are looked at.
#[derive(Default)]
pub(super) struct Scope {
    /// None: all of them.
    pub(super) only: Option<BTreeSet<String>>,
}

/// The use cases that the differences of the text can concern; nothing where nothing differs.
pub(super) fn concerned(diff: &Diff, sides: (&Side, &Side), texts: &Texts) -> Option<Scope> {
    let ((old_flat, old), (new_flat, new)) = (&texts.old, &texts.new);
    let units = units((old_flat, old.sources), (new_flat, new.sources));
    if guarantees(old) != guarantees(new) {
        return Some(Scope::default());
    }
    if units.is_empty() {
        return None;
    }
    let mut kept = BTreeSet::new();
    for (key, _) in units {
        match key {
            EntryName::UseCase(name) | EntryName::UseCaseKey(name, _) => kept.insert(name),
            _ => return Some(Scope::default()),
        };
    }
    Some(Scope { only: Some(related(diff, sides, kept)) })
}

/// With their names on the other side, and whoever is asked for by the same names.
fn related(diff: &Diff, sides: (&Side, &Side), mut kept: BTreeSet<String>) -> BTreeSet<String> {
    loop {
        let before = kept.len();
        for (old, new) in diff.names.of_kind("use_case") {
            if kept.contains(old) || kept.contains(new) {
                kept.extend([old.clone(), new.clone()]);
            }
        }
        let all = || sides.0.cases.iter().chain(&sides.1.cases);
        let tags = all().filter(|(name, _)| kept.contains(*name));
        let tags: BTreeSet<&String> = tags.filter_map(|(_, case)| case.endpoint_tag.as_ref()).collect();
        let shares = |name: &String, tag: Option<&String>| {
            tags.contains(name) || tag.is_some_and(|tag| tags.contains(tag) || kept.contains(tag))
        };
        let more = all().filter(|(name, case)| shares(name, case.endpoint_tag.as_ref()));
        let more: Vec<String> = more.map(|(name, _)| name.clone()).collect();
        kept.extend(more);
        if kept.len() == before {
            return kept;
        }
    }
}

/// The texts of the guarantees of a side.
fn guarantees(side: &Text) -> Vec<String> {
    let statements = side.trees.policies.iter().flat_map(|file| &file.statements);
    let guarantees = statements.filter(|one| matches!(one.kind, StatementKind::Guarantee(_)));
    let mut texts: Vec<String> = guarantees.map(|one| bare(side.sources.text(one.span))).collect();
    texts.sort();
    texts
}
