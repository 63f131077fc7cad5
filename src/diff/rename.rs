//! Things that have another name on the new side, where that is certain.

use crate::limits::effort;
use std::collections::{BTreeMap, BTreeSet};

use super::change::Renames;
use super::sides::{Case, Side};

/// Names that things have on the old side, with those that they have on the new one.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// By what they are: `use_case`, `model`, `fact`, `team`, `business_unit`, `project`, `application`.
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
        by_kind.insert("fact", facts(old, new));
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
    let tag =
        |side: &Side, name: &str| side.cases.get(name).and_then(|case: &Case| case.endpoint_tag.clone());
    let before = |name: &String| {
        let tag = tag(old, name);
        let of_tag = tag.into_iter().flat_map(|tag| [Link::Tag(tag.clone()), Link::New(tag)]);
        of_tag.chain([Link::Old(name.clone())]).collect()
    };
    let after = |name: &String| {
        let tag = tag(new, name);
        let of_tag = tag.into_iter().flat_map(|tag| [Link::Tag(tag.clone()), Link::Old(tag)]);
        of_tag.chain([Link::New(name.clone())]).collect()
    };
    certain((&gone(old, new), &before), (&gone(new, old), &after))
}

/// Names and endpoint tags that lead to another use case than they did, where it is not the same one renamed: each with
/// the old use case and the new one.
pub fn led_elsewhere(old: &Side, new: &Side, names: &Names) -> Vec<(String, String, String)> {
    let (before, after) = (led(old), led(new));
    let both = before.into_iter().filter_map(|(asked, before)| {
        let after = *after.get(asked)?;
        (names.of("use_case", before).unwrap_or(before) != after)
            .then(|| (asked.to_owned(), before.clone(), after.clone()))
    });
    both.collect()
}

/// Per name that a request can state, the use case that it means.
pub(super) fn led(side: &Side) -> BTreeMap<&str, &String> {
    leading(side.cases.iter().map(|(name, case)| (name.as_str(), case.endpoint_tag.as_deref(), name)))
}

/// The same of use cases by their names and endpoint tags: a name comes before another one's tag.
pub(super) fn leading<'a, T: Copy>(
    all: impl Iterator<Item = (&'a str, Option<&'a str>, T)>,
) -> BTreeMap<&'a str, T> {
    let all: Vec<_> = all.collect();
    let tags = all.iter().filter_map(|(_, tag, use_case)| Some(((*tag)?, *use_case)));
    tags.chain(all.iter().map(|(name, _, use_case)| (*name, *use_case))).collect()
}

/// Models that kept an alias: the old name among the new one's aliases, or the other way round.
fn models(old: &Side, new: &Side) -> Renames {
    let gone = |side: &Side, other: &Side| -> Vec<String> {
        side.prices.keys().filter(|id| !other.prices.contains_key(*id)).cloned().collect()
    };
    let aliases = |side: &Side, id: &String| -> Vec<String> {
        let provider = id.split('/').next().unwrap_or_default();
        let aliases = side.aliases.get(id).into_iter().flatten();
        aliases.map(|alias| format!("{provider}/{alias}")).collect()
    };
    let before = |id: &String| {
        let of_aliases = aliases(old, id).into_iter().map(Link::New);
        of_aliases.chain([Link::Old(id.clone())]).collect()
    };
    let after = |id: &String| {
        let of_aliases = aliases(new, id).into_iter().map(Link::Old);
        of_aliases.chain([Link::New(id.clone())]).collect()
    };
    certain((&gone(old, new), &before), (&gone(new, old), &after))
}

/// Facts that are gone and came back with the same values and the same default under another name; of several such those
/// that the same statements read.
fn facts(old: &Side, new: &Side) -> Renames {
    let said = |side: &Side, name: &String| -> Vec<Link> {
        let fact = side.facts.iter().position(|(known, _)| known == name);
        // What nobody reads decides nothing under any name.
        let fact = fact.and_then(|at| Some((side.facts.get(at)?, side.readers.get(at)?)));
        let fact = fact.filter(|(_, readers)| !readers.is_empty());
        let said = fact
            .map(|((_, fact), readers)| Link::Tag(format!("{:?} {} {readers:?}", fact.values, fact.default)));
        said.into_iter().collect()
    };
    let gone = |side: &Side, other: &Side| -> Vec<String> {
        let known: BTreeSet<&String> = other.facts.iter().map(|(name, _)| name).collect();
        let gone = side.facts.iter().filter(|(name, _)| !known.contains(name));
        gone.map(|(name, _)| name.clone()).collect()
    };
    certain((&gone(old, new), &|name| said(old, name)), (&gone(new, old), &|name| said(new, name)))
}

/// What makes two names those of one thing: both sides have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Link {
    /// What both call it besides.
    Tag(String),
    /// The old name.
    Old(String),
    /// The new name.
    New(String),
}

/// Names of one side, with the links of each.
type Linked<'a> = (&'a [String], &'a dyn Fn(&String) -> Vec<Link>);

/// Pairs in which each is the other's only partner.
fn certain(old: Linked, new: Linked) -> Renames {
    let mut by_link: BTreeMap<Link, Vec<&String>> = BTreeMap::new();
    for after in new.0 {
        for link in new.1(after) {
            by_link.entry(link).or_default().push(after);
        }
    }
    let mut partners: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    let mut taken: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    for before in old.0 {
        for after in
            old.1(before).iter().filter_map(|link| by_link.get(link)).flatten().take(effort::RENAME_PARTNERS)
        {
            partners.entry(before).or_default().insert(after);
            taken.entry(after).or_default().insert(before);
        }
    }
    let only = partners.into_iter().filter_map(|(before, partners)| {
        let mut partners = partners.into_iter();
        let (after, None) = (partners.next()?, partners.next()) else { return None };
        let is_only = taken.get(after).is_some_and(|names| names.len() == 1);
        is_only.then(|| (before.clone(), after.clone()))
    });
    only.collect()
}
