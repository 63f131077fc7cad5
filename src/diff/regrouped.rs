//! Regions that lie within others than before: whoever may be processed in the outer one may now be processed there.

use std::collections::BTreeMap;

use super::causes::Texts;
use super::gate::Moved;
use crate::model::words::some;

/// The regions of both sides that newly lie within another one of both sides, by that.
pub fn moved(texts: &Texts) -> Vec<Moved> {
    let (old, new) = (texts.old.1.survey.world, texts.new.1.survey.world);
    let mut within: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (inner, outer) in new.regions.pairs() {
        let (inner, outer) = (new.names.name(inner), new.names.name(outer));
        // What an older side does not name at all was promised to nobody.
        let Some((region, around)) = old.names.find(inner).zip(old.names.find(outer)) else { continue };
        if !old.regions.lies_within(region, around) {
            within.entry(outer).or_default().push(inner);
        }
    }
    let moved = within.into_iter().map(|(outer, mut inner)| {
        inner.sort_unstable();
        let (lie, they) = if inner.len() == 1 { ("lies", "it") } else { ("lie", "them") };
        let text = format!(
            "{} newly {lie} within `{outer}`: whoever may be processed in `{outer}` may be processed in {they}",
            some(&inner, MOST_NAMED)
        );
        Moved::loosened(text).binding(inner.iter().skip(MOST_NAMED).map(|name| (*name).to_owned()).collect())
    });
    moved.collect()
}

/// So many regions are named.
const MOST_NAMED: usize = 3;
