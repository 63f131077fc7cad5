//! Things that have another name on the new side, where that is certain.

use std::collections::{BTreeMap, BTreeSet};

use super::change::Renames;
use super::sides::{Case, Side};

/// Names that things have on the old side, with those that they have on the new one.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// By what they are: `use_case`, `model`, `team`, `business_unit`, `project`, `application`.
    pub by_kind: BTreeMap<&'static str, Renames>,
}

/// The dimensions whose values can have another name, and what they are in words.
pub const DIMENSIONS: [(&str, &str); 4] = [
    ("team", "team"),
    ("business_unit", "business unit"),
    ("project", "project"),
    ("application", "application"),
];

impl Names {
    /// What has another name on the new side, where that is certain.
    pub fn between(old: &Side, new: &Side) -> Self {
        let use_cases = use_cases(old, new);
        let dimensions =
            DIMENSIONS.map(|(dimension, _)| (dimension, values(old, new, &use_cases, dimension)));
        let mut by_kind = BTreeMap::from(dimensions);
        by_kind.insert("use_case", use_cases);
        by_kind.insert("model", models(old, new));
        Self { by_kind }
    }

    /// Those of one kind.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = (&String, &String)> {
        self.by_kind.get(kind).into_iter().flatten()
    }

    /// The new name of something; none where it kept its own.
    pub fn of<'a>(&'a self, kind: &str, old: &str) -> Option<&'a String> {
        self.by_kind.get(kind)?.get(old)
    }
}

/// Values of a dimension that all their use cases call otherwise now, and nobody called so before.
fn values(old: &Side, new: &Side, use_cases: &Renames, dimension: &str) -> Renames {
    let used = |side: &Side| -> BTreeSet<String> {
        side.cases.values().filter_map(|case| case.dimensions.get(dimension).cloned()).collect()
    };
    let (before, after) = (used(old), used(new));
    let mut called: BTreeMap<&String, BTreeSet<Option<&String>>> = BTreeMap::new();
    for (name, case) in &old.cases {
        let Some(other) = new.cases.get(use_cases.get(name).unwrap_or(name)) else { continue };
        if let Some(value) = case.dimensions.get(dimension) {
            called.entry(value).or_default().insert(other.dimensions.get(dimension));
        }
    }
    let mut renamed = Renames::new();
    let mut taken: BTreeMap<&String, usize> = BTreeMap::new();
    for (value, names) in called {
        let mut names = names.into_iter();
        if let (Some(Some(name)), None) = (names.next(), names.next())
            && !after.contains(value)
            && !before.contains(name)
        {
            *taken.entry(name).or_default() += 1;
            renamed.insert(value.clone(), name.clone());
        }
    }
    renamed.retain(|_, name| taken.get(name) == Some(&1));
    renamed
}

/// Use cases that are gone and came back under another name: one endpoint tag on both sides, or the one's name is the
/// other's tag.
fn use_cases(old: &Side, new: &Side) -> Renames {
    let gone = |side: &Side, other: &Side| -> Vec<String> {
        let gone = side.cases.keys().filter(|name| !other.cases.contains_key(*name));
        gone.filter(|name| !other.undefined.contains(*name)).cloned().collect()
    };
    let (removed, added) = (gone(old, new), gone(new, old));
    let tag =
        |side: &Side, name: &str| side.cases.get(name).and_then(|case: &Case| case.endpoint_tag.clone());
    let same = |before: &String, after: &String| {
        let (old_tag, new_tag) = (tag(old, before), tag(new, after));
        (old_tag.is_some() && old_tag == new_tag)
            || new_tag.as_ref() == Some(before)
            || old_tag.as_ref() == Some(after)
    };
    certain(&removed, &added, same)
}

/// Models that kept an alias: the old name among the new one's aliases, or the other way round.
fn models(old: &Side, new: &Side) -> Renames {
    let gone = |side: &Side, other: &Side| -> Vec<String> {
        side.prices.keys().filter(|id| !other.prices.contains_key(*id)).cloned().collect()
    };
    let is_alias = |side: &Side, id: &str, other: &str| {
        let (Some((provider, _)), Some((other_provider, name))) = (id.split_once('/'), other.split_once('/'))
        else {
            return false;
        };
        let aliases = side.aliases.get(id);
        provider == other_provider && aliases.is_some_and(|all| all.iter().any(|alias| alias == name))
    };
    let same = |before: &String, after: &String| is_alias(new, after, before) || is_alias(old, before, after);
    certain(&gone(old, new), &gone(new, old), same)
}

/// Pairs in which each is the other's only partner.
fn certain(
    removed: &[String],
    added: &[String],
    same: impl Fn(&String, &String) -> bool,
) -> BTreeMap<String, String> {
    let mut pairs = BTreeMap::new();
    for before in removed {
        let partners: Vec<&String> = added.iter().filter(|after| same(before, after)).collect();
        if let [after] = partners.as_slice()
            && removed.iter().filter(|other| same(other, after)).count() == 1
        {
            pairs.insert(before.clone(), (*after).clone());
        }
    }
    pairs
}
