//! §8.3: which of two models stands first.

use std::borrow::Cow;
use std::cmp::Ordering;

use fixedbitset::FixedBitSet;

use super::prices::Costs;
use crate::model::ModelId;

/// The keys of a ranking, first to last; blended cost and id follow by themselves.
pub(super) struct Order<'a> {
    pub(super) keys: Vec<Key<'a>>,
    pub(super) costs: &'a Costs,
}

/// One key.
pub(super) enum Key<'a> {
    /// Blended cost, lowest first.
    Cost,
    /// Lowest first.
    Lowest(&'a [u32]),
    /// Highest first, unknown last.
    Highest(&'a [u32]),
    /// Those in the set first.
    First(Cow<'a, FixedBitSet>),
}

impl Order<'_> {
    /// How two models stand: never equal unless they are one.
    pub(super) fn compare(&self, a: ModelId, b: ModelId) -> Ordering {
        let by_keys = self.keys.iter().map(|key| match key {
            Key::Cost => self.costs.order(a, b),
            Key::Lowest(ranks) => ranks.get(a.position()).cmp(&ranks.get(b.position())),
            Key::Highest(ranks) => {
                // Unknown is the largest rank, and counting on from it makes it the smallest.
                let height =
                    |model: ModelId| ranks.get(model.position()).map_or(0, |rank| rank.wrapping_add(1));
                height(b).cmp(&height(a))
            }
            Key::First(models) => models.contains(b.position()).cmp(&models.contains(a.position())),
        });
        let decided = by_keys.into_iter().find(|order| order.is_ne());
        decided.unwrap_or_else(|| self.costs.order(a, b).then(a.cmp(&b)))
    }
}
