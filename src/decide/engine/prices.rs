//! Blended costs as whole numbers: compared a million times, divided only where a ratio is asked for.

use std::cmp::Ordering;

use num_traits::{ToPrimitive, Zero};

use super::tri::Tri;
use crate::decide::Multiplier;
use crate::model::{ModelId, UseCase, World};
use crate::number::{Integer, Rational, whole};

/// The prices of all models over one denominator.
#[derive(Debug)]
pub(super) struct Prices {
    denominator: Rational,
    scaled: Scaled,
}

/// Input and output price per model.
#[derive(Debug)]
enum Scaled {
    /// Where the products fit 128 bits.
    Small(Vec<(u64, u64)>),
    /// Where they may not.
    Large(Vec<(Integer, Integer)>),
}

/// Prices and volumes below this leave room for two products and their sum in 128 bits.
const SMALL: u64 = 1 << 62;

/// The blended cost of every model for one use case, all multiplied by the same number.
#[derive(Debug)]
pub(super) enum Costs {
    Small(Vec<u128>),
    Large(Vec<Integer>),
}

impl Prices {
    pub(super) fn new(world: &World) -> Self {
        let mut denominator = Integer::from(1u8);
        for price in world.models.iter().flat_map(|model| [&model.input_cost, &model.output_cost]) {
            // a · b / gcd(a, b): reducing a/b leaves b / gcd below.
            let reduced = Rational::new(denominator.clone(), price.denom().clone());
            denominator *= reduced.denom();
        }
        let denominator = Rational::from_integer(denominator);
        let scale = |price: &Rational| (price * &denominator).to_integer();
        let scaled: Vec<(Integer, Integer)> =
            world.models.iter().map(|model| (scale(&model.input_cost), scale(&model.output_cost))).collect();
        let small = |number: &Integer| number.to_u64().filter(|number| *number < SMALL);
        let all_small: Option<Vec<(u64, u64)>> =
            scaled.iter().map(|(input, output)| Some((small(input)?, small(output)?))).collect();
        let scaled = all_small.map_or(Scaled::Large(scaled), Scaled::Small);
        Self { denominator, scaled }
    }

    /// All blended costs for a use case.
    pub(super) fn costs(&self, use_case: &UseCase) -> Costs {
        let (input, output) = (use_case.blend.0.to_integer(), use_case.blend.1.to_integer());
        let small = |number: &Integer| number.to_u64().filter(|number| *number < SMALL);
        match (&self.scaled, small(&input), small(&output)) {
            (Scaled::Small(prices), Some(i), Some(o)) => {
                let (i, o) = (u128::from(i), u128::from(o));
                Costs::Small(prices.iter().map(|(p, q)| u128::from(*p) * i + u128::from(*q) * o).collect())
            }
            (Scaled::Small(prices), ..) => {
                let cost = |(p, q): &(u64, u64)| &input * Integer::from(*p) + &output * Integer::from(*q);
                Costs::Large(prices.iter().map(cost).collect())
            }
            (Scaled::Large(prices), ..) => {
                Costs::Large(prices.iter().map(|(p, q)| p * &input + q * &output).collect())
            }
        }
    }

    /// How the blended cost of every model stands to a rate, in US dollars per 1M tokens.
    pub(super) fn against(&self, use_case: &UseCase, costs: &Costs, rate: &Rational) -> Vec<Ordering> {
        let bound = rate * &self.denominator * (&use_case.blend.0 + &use_case.blend.1);
        let (floor, exact) = (bound.to_integer(), bound.is_integer());
        // What equals the whole part is below the bound if there is a fraction.
        let finish = |order: Ordering| if order.is_eq() && !exact { Ordering::Less } else { order };
        match costs {
            Costs::Small(costs) => match floor.to_u128() {
                Some(floor) => costs.iter().map(|cost| finish(cost.cmp(&floor))).collect(),
                None => vec![Ordering::Less; costs.len()],
            },
            Costs::Large(costs) => costs.iter().map(|cost| finish(cost.cmp(&floor))).collect(),
        }
    }

    /// Which models' blended cost satisfies a comparison with a rate.
    pub(super) fn compared(
        &self,
        use_case: &UseCase,
        costs: &Costs,
        rate: &Rational,
        accepts: impl Fn(Ordering) -> bool,
    ) -> Tri {
        let orders = self.against(use_case, costs, rate);
        Tri::each(orders.len(), |at| orders.get(at).map(|order| accepts(*order)))
    }
}

impl Costs {
    /// How two models stand.
    pub(super) fn order(&self, a: ModelId, b: ModelId) -> Ordering {
        match self {
            Self::Small(costs) => costs.get(a).cmp(&costs.get(b)),
            Self::Large(costs) => costs.get(a).cmp(&costs.get(b)),
        }
    }

    /// The cost of a target over that of a primary.
    pub(super) fn multiplier(&self, primary: ModelId, target: ModelId) -> Multiplier {
        let exact = |model: ModelId| match self {
            Self::Small(costs) => costs.get(model).map(|cost| Integer::from(*cost)).unwrap_or_default(),
            Self::Large(costs) => costs.get(model).cloned().unwrap_or_default(),
        };
        let (base, cost) = (exact(primary), exact(target));
        match (base.is_zero(), cost.is_zero()) {
            (true, true) => Multiplier::Finite(whole(1)),
            (true, false) => Multiplier::Infinite,
            (false, _) => Multiplier::Finite(Rational::new(cost, base)),
        }
    }
}
