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
    /// Where they fit 128 bits, with the largest.
    Small(Vec<(u128, u128)>, u128),
    /// Where they may not.
    Large(Vec<(Integer, Integer)>),
}

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
        let all_small: Option<Vec<(u128, u128)>> =
            scaled.iter().map(|(input, output)| Some((input.to_u128()?, output.to_u128()?))).collect();
        let scaled = match all_small {
            Some(small) => {
                let largest = small.iter().map(|(input, output)| *input.max(output)).max().unwrap_or(0);
                Scaled::Small(small, largest)
            }
            None => Scaled::Large(scaled),
        };
        Self { denominator, scaled }
    }

    /// All blended costs for a use case.
    pub(super) fn costs(&self, use_case: &UseCase) -> Costs {
        let (input, output) = (use_case.blend.0.to_integer(), use_case.blend.1.to_integer());
        match &self.scaled {
            Scaled::Small(prices, largest) => {
                // No cost is above the largest price for all tokens: if that fits, all do.
                let small = input.to_u128().zip(output.to_u128());
                let fits = |(i, o): &(u128, u128)| {
                    i.checked_add(*o).and_then(|all| largest.checked_mul(all)).is_some()
                };
                if let Some((i, o)) = small.filter(fits) {
                    return Costs::Small(prices.iter().map(|(p, q)| p * i + q * o).collect());
                }
                let cost = |(p, q): &(u128, u128)| &input * Integer::from(*p) + &output * Integer::from(*q);
                Costs::Large(prices.iter().map(cost).collect())
            }
            Scaled::Large(prices) => {
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
        let (base, cost) = match self {
            Self::Small(costs) => {
                let of = |model: ModelId| costs.get(model).copied().unwrap_or_default();
                let (base, cost) = (of(primary), of(target));
                let common = common_divisor(base, cost).max(1);
                (Integer::from(base / common), Integer::from(cost / common))
            }
            Self::Large(costs) => {
                let of = |model: ModelId| costs.get(model).cloned().unwrap_or_default();
                (of(primary), of(target))
            }
        };
        match (base.is_zero(), cost.is_zero()) {
            (true, true) => Multiplier::Finite(whole(1)),
            (true, false) => Multiplier::Infinite,
            (false, _) if matches!(self, Self::Small(_)) => Multiplier::Finite(Rational::new_raw(cost, base)),
            (false, _) => Multiplier::Finite(Rational::new(cost, base)),
        }
    }
}

/// The greatest common divisor.
fn common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
