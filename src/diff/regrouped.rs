//! Regions that lie within others than before: whoever may be processed in the outer one may now be processed there, and a
//! condition that asks for the outer one may not hold there any more.

use std::collections::BTreeMap;

use super::causes::Texts;
use super::gate::Moved;
use crate::model::World;
use crate::model::words::some;

/// The regions that newly lie within one that the old side names, by that, and those that no longer do.
pub fn moved(texts: &Texts) -> Vec<Moved> {
    let (old, new) = (texts.old.1.survey.world, texts.new.1.survey.world);
    let mut within: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (inner, outer) in new.regions.pairs() {
        let (inner, outer) = (new.names.name(inner), new.names.name(outer));
        // Whom an older side does not name at all nobody was promised; a new region within a known one is one more place.
        let Some(around) = old.names.find(outer) else { continue };
        if !old.names.find(inner).is_some_and(|region| old.regions.lies_within(region, around)) {
            within.entry(outer).or_default().push(inner);
        }
    }
    let mut all = apart(old, new);
    let moved = within.into_iter().map(|(outer, mut inner)| {
        inner.sort_unstable();
        let (lie, they) = if inner.len() == 1 { ("lies", "it") } else { ("lie", "them") };
        let text = format!(
            "{} newly {lie} within `{outer}`: whoever may be processed in `{outer}` may be processed in {they}",
            some(&inner, MOST_NAMED)
        );
        Moved::loosened(text).binding(inner.iter().skip(MOST_NAMED).map(|name| (*name).to_owned()).collect())
    });
    all.extend(moved);
    all
}

/// Regions of both sides that no longer lie within another one: what is asked of the outer one is not asked of them.
fn apart(old: &World, new: &World) -> Vec<Moved> {
    let mut apart: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (inner, outer) in old.regions.pairs() {
        let (inner, outer) = (old.names.name(inner), old.names.name(outer));
        let Some((region, around)) = new.names.find(inner).zip(new.names.find(outer)) else { continue };
        if !new.regions.lies_within(region, around) {
            apart.entry(outer).or_default().push(inner);
        }
    }
    let moved = apart.into_iter().map(|(outer, mut inner)| {
        inner.sort_unstable();
        let (lie, they) = if inner.len() == 1 { ("lies", "it") } else { ("lie", "them") };
        let text = format!(
            "{} no longer {lie} within `{outer}`: a condition that asks for `{outer}` is not met in {they} any more",
            some(&inner, MOST_NAMED)
        );
        Moved::loosened(text).binding(inner.iter().skip(MOST_NAMED).map(|name| (*name).to_owned()).collect())
    });
    moved.collect()
}

/// So many regions are named.
const MOST_NAMED: usize = 3;
