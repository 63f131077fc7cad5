//! Whom a budget covers, and what each counts together with.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::decide::show;
use crate::diff::rename::Names;
use crate::model::{Budget, Per, UseCase, World};

/// The use cases that a budget may cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Coverage {
    /// By name, each with its value of the dimension of which every value has a limit of its own; none where that is no
    /// dimension of theirs.
    use_cases: BTreeMap<String, Option<String>>,
    /// Whether it covers them whatever a request states.
    pub(super) is_fixed: bool,
}

impl Coverage {
    pub(super) fn of(world: &World, budget: &Budget, covered: &[&UseCase]) -> Self {
        let each = |use_case: &UseCase| match budget.per {
            Some(Per::Dimension(dimension)) => {
                show::stated(use_case, dimension).map(|value| world.names.name(value).to_owned())
            }
            Some(Per::Fact(_)) | None => None,
        };
        let mut reads = budget.when.iter().flat_map(|when| &when.reads);
        Self {
            use_cases: covered.iter().map(|one| (one.name.value.clone(), each(one))).collect(),
            is_fixed: !reads.any(|(read, _)| read.is_of_context()),
        }
    }

    /// The same with the names that use cases have on the new side.
    pub(super) fn renamed(&self, names: &Names) -> Self {
        let new = |name: &String| names.of("use_case", name).unwrap_or(name).clone();
        let use_cases = self.use_cases.iter().map(|(name, value)| (new(name), value.clone()));
        Self { use_cases: use_cases.collect(), is_fixed: self.is_fixed }
    }

    /// Who is covered.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.use_cases.keys()
    }

    /// Use cases of these that another covers and it does not.
    pub(super) fn misses(&self, other: &Self, known: &BTreeSet<String>) -> Vec<String> {
        let missing =
            other.names().filter(|name| !self.use_cases.contains_key(*name) && known.contains(*name));
        missing.cloned().collect()
    }

    /// Use cases that another counts together with such as it does not: of each group those that most are not with.
    pub(super) fn apart(&self, other: &Self) -> Vec<String> {
        let mut groups: BTreeMap<&Option<String>, BTreeMap<&Option<String>, Vec<&String>>> = BTreeMap::new();
        for (name, together) in &other.use_cases {
            if let Some(value) = self.use_cases.get(name) {
                groups.entry(together).or_default().entry(value).or_default().push(name);
            }
        }
        let mut apart: Vec<String> = Vec::new();
        for (together, parts) in groups {
            let most =
                parts.iter().max_by_key(|(value, names)| (names.len(), **value == together, Reverse(*value)));
            let most = most.map(|(value, _)| *value);
            apart.extend(
                parts
                    .iter()
                    .filter(|(value, _)| Some(**value) != most)
                    .flat_map(|(_, names)| names.iter().map(|name| (*name).clone())),
            );
        }
        apart.sort();
        apart
    }
}
