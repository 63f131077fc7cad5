//! Regions that lie within others than before: whoever may be processed in the outer one may now be processed there, and a
//! condition that asks for the outer one may not hold there any more.

use std::collections::BTreeMap;

use super::causes::Texts;
use super::gate::Moved;
use crate::limits::shown;
use crate::model::World;
use crate::model::words::some;

/// The regions that newly lie within one that the old side names, by that, and those that no longer do.
pub fn moved(texts: &Texts) -> Vec<Moved> {
    let (old, new) = (texts.old.1.survey.world, texts.new.1.survey.world);
    // Whom an older side does not name at all nobody was promised; a new region within a known one is one more place.
    let newly = pairs(new).filter(|(inner, outer)| {
        old.names.find(outer).is_some_and(|around| {
            !old.names.find(inner).is_some_and(|region| old.regions.lies_within(region, around))
        })
    });
    // What is asked of the outer one is not asked of these.
    let apart = pairs(old).filter(|(inner, outer)| {
        let both = new.names.find(inner).zip(new.names.find(outer));
        both.is_some_and(|(region, around)| !new.regions.lies_within(region, around))
    });
    let apart = by_outer(apart).into_iter().map(|(outer, inner)| {
        let so = format!("a condition that asks for `{outer}` is not met in");
        entry(("no longer", outer), inner, &so, " any more")
    });
    let newly = by_outer(newly).into_iter().map(|(outer, inner)| {
        let so = format!("whoever may be processed in `{outer}` may be processed in");
        entry(("newly", outer), inner, &so, "")
    });
    apart.chain(newly).collect()
}

/// The names of every region with each that encloses it.
fn pairs(world: &World) -> impl Iterator<Item = (&str, &str)> {
    world.regions.pairs().map(|(inner, outer)| (world.names.name(inner), world.names.name(outer)))
}

fn by_outer<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (inner, outer) in pairs {
        all.entry(outer).or_default().push(inner);
    }
    all
}

/// What moved into a region or out of it, and what follows from that for them.
fn entry((how, outer): (&str, &str), mut inner: Vec<&str>, so: &str, end: &str) -> Moved {
    inner.sort_unstable();
    let (lie, they) = if inner.len() == 1 { ("lies", "it") } else { ("lie", "them") };
    let text = format!("{} {how} {lie} within `{outer}`: {so} {they}{end}", some(&inner, shown::DIFF_NAMES));
    Moved::loosened(text)
        .binding(inner.iter().skip(shown::DIFF_NAMES).map(|name| (*name).to_owned()).collect())
}
