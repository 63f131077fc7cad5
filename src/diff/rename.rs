//! Things that have another name on the new side, where that is certain.

use std::collections::BTreeMap;

use super::change::Renames;
use super::sides::{Case, Side};

/// Use cases that are gone and came back under another name: one endpoint tag on both sides, or the one's name is the
/// other's tag.
pub fn use_cases(old: &Side, new: &Side) -> Renames {
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
pub fn models(old: &Side, new: &Side) -> Renames {
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
