//! Limits that are more than they were, though nobody touched the statement: what has a limit of its own has more values.

use std::collections::BTreeSet;

use super::rename::{DIMENSIONS, Names};
use super::sides::Side;
use crate::limits::shown;
use crate::model::words::{count, some};

/// What a budget or a quota counts on both sides: what has a limit each, and the use cases that it covers.
pub(super) struct Counted<'a> {
    pub(super) per: [Option<&'a str>; 2],
    pub(super) covered: [&'a BTreeSet<&'a String>; 2],
}

/// That there are more limits, in words; nothing where there are not, and where use cases that are new bring them.
pub(super) fn more(old: &Side, new: &Side, counted: &Counted, names: &Names) -> Option<String> {
    let [Some(per), Some(now)] = counted.per else { return None };
    if names.of("fact", per).map_or(per, String::as_str) != now {
        return None;
    }
    let (before, after) = match (fact(old, per), fact(new, now)) {
        (Some(before), Some(after)) => (before, after),
        _ => dimension(old, new, now, counted, names)?,
    };
    let fresh: Vec<&String> = after.difference(&before).collect();
    (!fresh.is_empty()).then(|| {
        let (was, is) = (before.len(), count(after.len(), "limit", "limits"));
        format!("has {is} per {now}, before {was}: newly for {}", some(&fresh, shown::DIFF_NAMES))
    })
}

fn fact(side: &Side, name: &str) -> Option<BTreeSet<String>> {
    let fact = side.facts.iter().find(|(known, _)| known == name);
    fact.map(|(_, fact)| fact.values.iter().cloned().collect())
}

/// The values of a dimension among what is covered, in names of the new side.
fn dimension(
    old: &Side,
    new: &Side,
    per: &str,
    counted: &Counted,
    names: &Names,
) -> Option<(BTreeSet<String>, BTreeSet<String>)> {
    let (per, _) = DIMENSIONS.into_iter().find(|(known, _)| *known == per)?;
    let value = |side: &Side, name: &String| side.cases.get(name)?.dimensions.get(per).cloned();
    let renamed = |value: String| names.of(per, &value).cloned().unwrap_or(value);
    let [was, is] = counted.covered;
    let before: BTreeSet<String> = was.iter().filter_map(|name| value(old, name)).map(renamed).collect();
    let known: BTreeSet<&String> =
        was.iter().map(|name| names.of("use_case", name).unwrap_or(name)).collect();
    let there = is.iter().filter(|name| known.contains(**name));
    let mut after: BTreeSet<String> = there.filter_map(|name| value(new, name)).collect();
    after.extend(before.iter().cloned());
    Some((before, after))
}
