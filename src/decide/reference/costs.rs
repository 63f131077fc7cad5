//! What models cost one use case, each worked out once: blended costs are long fractions, and every context asks anew.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use num_traits::Zero;

use crate::decide::Multiplier;
use crate::model::{Model, ModelId, Table, UseCase, World};
use crate::number::{Rational, quotient_of_sums, whole};

/// What is known so far of the costs of one use case.
#[derive(Debug, Default)]
pub(super) struct Costs {
    /// By model; nothing while none was asked for, since there are many.
    blended: OnceCell<Table<Model, OnceCell<Rational>>>,
    /// By primary and target.
    multipliers: RefCell<HashMap<(ModelId, ModelId), Multiplier>>,
}

impl Costs {
    /// The blended cost of a model.
    pub(super) fn blended(&self, world: &World, use_case: &UseCase, model: ModelId) -> &Rational {
        let blended = self.blended.get_or_init(|| world.models.iter().map(|_| OnceCell::new()).collect());
        blended[model].get_or_init(|| use_case.blended_cost(&world.models[model]))
    }

    /// The cost of a target over that of the primary.
    pub(super) fn multiplier(
        &self,
        world: &World,
        use_case: &UseCase,
        primary: ModelId,
        target: ModelId,
    ) -> Multiplier {
        if let Some(known) = self.multipliers.borrow().get(&(primary, target)) {
            return known.clone();
        }
        let cost = |model| self.blended(world, use_case, model);
        let ratio = multiplier(cost(primary), cost(target));
        self.multipliers.borrow_mut().insert((primary, target), ratio.clone());
        ratio
    }
}

/// A cost over another one: a primary that costs nothing makes every other cost infinite.
pub(super) fn multiplier(primary: &Rational, target: &Rational) -> Multiplier {
    match (primary.is_zero(), target.is_zero()) {
        (true, true) => Multiplier::Finite(whole(1)),
        (true, false) => Multiplier::Infinite,
        (false, _) => {
            let ratio = quotient_of_sums(&[[target]], [primary]);
            Multiplier::Finite(ratio.unwrap_or_else(|| target / primary))
        }
    }
}
