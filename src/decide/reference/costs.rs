//! What models cost one use case, each worked out once: blended costs are long fractions, and every context asks anew.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use num_traits::Zero;

use crate::decide::Multiplier;
use crate::model::{Model, ModelId, Table, UseCase, World};
use crate::number::{Rational, whole};

/// What is known so far of the costs of one use case.
#[derive(Debug)]
pub(super) struct Costs {
    /// By model.
    blended: Table<Model, OnceCell<Rational>>,
    /// By primary and target.
    multipliers: RefCell<HashMap<(ModelId, ModelId), Multiplier>>,
}

impl Costs {
    /// Nothing is known yet.
    pub(super) fn new(world: &World) -> Self {
        let blended = world.models.iter().map(|_| OnceCell::new()).collect();
        Self { blended, multipliers: RefCell::default() }
    }

    /// The blended cost of a model.
    pub(super) fn blended<'a>(
        &'a self,
        world: &World,
        use_case: &UseCase,
        model: &Model,
    ) -> Cow<'a, Rational> {
        let cost = || use_case.blended_cost(model);
        match id(world, model) {
            Some(id) => Cow::Borrowed(self.blended[id].get_or_init(cost)),
            None => Cow::Owned(cost()),
        }
    }

    /// The cost of a target over that of the primary.
    pub(super) fn multiplier(
        &self,
        world: &World,
        use_case: &UseCase,
        primary: &Model,
        target: &Model,
    ) -> Multiplier {
        let ratio = || {
            let cost = |model| self.blended(world, use_case, model);
            multiplier(&cost(primary), &cost(target))
        };
        let Some(pair) = id(world, primary).zip(id(world, target)) else { return ratio() };
        if let Some(known) = self.multipliers.borrow().get(&pair) {
            return known.clone();
        }
        let ratio = ratio();
        self.multipliers.borrow_mut().insert(pair, ratio.clone());
        ratio
    }
}

/// A model's id; none where it is not of this world, as one that somebody asks about in place of another.
fn id(world: &World, model: &Model) -> Option<ModelId> {
    world.models.search(|known| known.id.cmp(&model.id))
}

/// A cost over another one: a primary that costs nothing makes every other cost infinite.
pub(super) fn multiplier(primary: &Rational, target: &Rational) -> Multiplier {
    match (primary.is_zero(), target.is_zero()) {
        (true, true) => Multiplier::Finite(whole(1)),
        (true, false) => Multiplier::Infinite,
        (false, _) => Multiplier::Finite(target / primary),
    }
}
