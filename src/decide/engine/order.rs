//! Which models stand first: "Ranking" in docs/language.md.

use std::borrow::Cow;

use fixedbitset::FixedBitSet;

use crate::invariant::there;
use crate::model::ModelId;

/// The keys of a ranking, first to last; blended cost and id follow by themselves.
pub(super) struct Order<'a> {
    pub(super) keys: Vec<SortKey<'a>>,
    /// Per model its rank by blended cost, the same for the same cost.
    pub(super) costs: &'a [u32],
}

pub(super) enum SortKey<'a> {
    /// Blended cost, lowest first.
    Cost,
    /// Lowest first.
    Lowest(&'a [u32]),
    /// Highest first, unknown last.
    Highest(&'a [u32]),
    /// Those in the set first.
    First(Cow<'a, FixedBitSet>),
}

/// A model with all keys in one number.
type Keyed = (u128, ModelId);

/// Models in their order, as far as somebody asked.
pub(super) struct Ranking {
    models: Vec<Keyed>,
    /// So many stand in their places, and no later one belongs before them.
    sorted: usize,
}

/// How many are sorted at first: a walk seldom comes further.
const FIRST: usize = 16;

/// So many keys of 32 bits fit one number.
const FIT: usize = 4;

impl Order<'_> {
    /// Ranks models.
    pub(super) fn rank(&self, models: &FixedBitSet) -> Ranking {
        let mut keyed: Vec<Keyed> = Vec::with_capacity(models.count_ones(..));
        keyed.extend(models.ones().map(|at| (0, ModelId::new(at))));
        let mut filled = 0;
        for key in self.keys.iter().chain([&SortKey::Cost]) {
            if filled == FIT {
                condense(&mut keyed);
                filled = 1;
            }
            filled += 1;
            match key {
                SortKey::Cost => add(&mut keyed, |at| of(self.costs, at)),
                SortKey::Lowest(ranks) => add(&mut keyed, |at| of(ranks, at)),
                // Unknown is the largest rank, and counting on from it makes it the smallest height.
                SortKey::Highest(ranks) => {
                    let height = |rank: u32| u32::MAX - rank.wrapping_add(1);
                    add(&mut keyed, |at| ranks.get(at).map_or(u32::MAX, |rank| height(*rank)));
                }
                SortKey::First(models) => add(&mut keyed, |at| u32::from(!models.contains(at))),
            }
        }
        Ranking { models: keyed, sorted: 0 }
    }
}

/// Adds where a key puts each model, by its position: lowest first.
fn add(keyed: &mut [Keyed], place: impl Fn(usize) -> u32) {
    for (number, model) in keyed {
        *number = *number << 32 | u128::from(place(model.position()));
    }
}

fn of(ranks: &[u32], at: usize) -> u32 {
    *there(ranks.get(at), "the rank")
}

/// Makes of the keys so far one key that fits 32 bits.
fn condense(models: &mut [Keyed]) {
    models.sort_unstable();
    let (mut before, mut place) = (None, 0);
    for (number, _) in models {
        if before.is_some_and(|before| before != *number) {
            place += 1;
        }
        before = Some(*number);
        *number = place;
    }
}

impl Ranking {
    /// The model at a position, from 0.
    pub(super) fn get(&mut self, at: usize) -> Option<ModelId> {
        if at >= self.sorted && self.sorted < self.models.len() {
            self.sort((at + 1).max(FIRST).max(self.sorted * 2));
        }
        self.models.get(at).map(|(_, model)| *model)
    }

    /// All models, first to last.
    pub(super) fn all(mut self) -> Vec<ModelId> {
        self.sort(self.models.len());
        self.models.into_iter().map(|(_, model)| model).collect()
    }

    fn sort(&mut self, most: usize) {
        let rest = self.models.get_mut(self.sorted..).unwrap_or_default();
        let more = most.saturating_sub(self.sorted).min(rest.len());
        if more < rest.len() {
            rest.select_nth_unstable(more);
        }
        rest.get_mut(..more).unwrap_or_default().sort_unstable();
        self.sorted += more;
    }
}
