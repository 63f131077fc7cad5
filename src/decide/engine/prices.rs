//! Blended costs as whole numbers: compared a million times, divided only where a ratio is asked for.
//!
//! All prices stand over one denominator. What a use case pays for a model is a sum of products of these
//! and of its own whole numbers (tokens, shares of long prompts), so the costs of all models for one use
//! case are whole numbers over one scale.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::BTreeSet;

use fixedbitset::FixedBitSet;
use num_traits::{CheckedAdd, CheckedMul, CheckedSub, ToPrimitive, Zero};

use super::tri::Tri;
use crate::decide::Multiplier;
use crate::model::{Model, ModelId, Table, UseCase, World};
use crate::number::{Integer, Rational, whole};

/// The prices of all models over one denominator.
#[derive(Debug)]
pub(super) struct Prices {
    denominator: Rational,
    /// What `Price::batch` is over.
    batch: Rational,
    /// Where they all fit 128 bits.
    small: Option<Small>,
    large: Table<Model, Price<Integer>>,
}

/// Prices in 128 bits.
#[derive(Debug)]
struct Small {
    prices: Table<Model, Price<u128>>,
    /// No price of a model is above this one.
    highest: Price<u128>,
}

/// The prices of one model.
#[derive(Debug)]
struct Price<N> {
    plain: PerToken<N>,
    /// Of long prompts, and the tokens above which a prompt is one.
    long: Option<(PerToken<N>, u64)>,
    /// What batch use cases pay of it.
    batch: N,
}

#[derive(Debug)]
struct PerToken<N> {
    input: N,
    cached: N,
    output: N,
}

/// What one use case multiplies prices with.
#[derive(Debug)]
struct Weights<N> {
    /// Input tokens that are not read from a cache.
    fresh: N,
    cached: N,
    output: N,
    /// The share of long prompts, where stated, and what it is over.
    long: Option<N>,
    all: N,
    /// A prompt's average length.
    prompt: Option<Rational>,
    is_batch: bool,
}

/// The blended costs of models for one use case, all multiplied by the same number.
#[derive(Debug)]
pub(super) struct Costs<'p> {
    prices: &'p Prices,
    blend: Rational,
    by: By<'p>,
    /// Of all models, where a condition compares them.
    all: OnceCell<Values>,
}

/// What gives the cost of a model.
#[derive(Debug)]
enum By<'p> {
    /// No cost is too large for 128 bits.
    Small(&'p Table<Model, Price<u128>>, Weights<u128>),
    Large(&'p Table<Model, Price<Integer>>, Weights<Integer>),
}

#[derive(Debug)]
enum Values {
    Small(Vec<u128>),
    Large(Vec<Integer>),
}

impl Prices {
    pub(super) fn new(world: &World) -> Self {
        let denominator = common(world.models.iter().flat_map(prices));
        let batch = common(world.models.iter().map(kept).collect::<Vec<_>>().iter());
        let large: Table<Model, Price<Integer>> =
            world.models.iter().map(|model| Price::new(model, &denominator, &batch)).collect();
        let small = large.iter().map(Price::small).collect::<Option<Table<Model, Price<u128>>>>();
        let small = small.map(|prices| Small { highest: Price::highest(prices.iter()), prices });
        Self { denominator, batch, small, large }
    }

    /// The blended costs for a use case.
    pub(super) fn costs(&self, use_case: &UseCase) -> Costs<'_> {
        let weights = Weights::new(use_case);
        let (input, output) = &use_case.blend;
        let small = self.small.as_ref().zip(weights.small());
        // What the highest prices cost is not below any cost, nor below anything on the way to it.
        let small = small.filter(|(small, weights)| weights.most(&small.highest).is_some());
        let by = match small {
            Some((small, weights)) => By::Small(&small.prices, weights),
            None => By::Large(&self.large, weights),
        };
        Costs { prices: self, blend: input + output, by, all: OnceCell::new() }
    }
}

/// All prices of a model.
fn prices(model: &Model) -> impl Iterator<Item = &Rational> {
    let long = model.long_prompt.iter();
    let long = long.flat_map(|long| [Some(&long.input), Some(&long.output), long.cached_input.as_ref()]);
    let plain = [Some(&model.input_cost), Some(&model.output_cost), model.cached_input_cost.as_ref()];
    plain.into_iter().chain(long).flatten()
}

/// The share of its prices that batch use cases pay.
fn kept(model: &Model) -> Rational {
    model.batch_discount.as_ref().map_or_else(|| whole(1), |discount| whole(1) - discount / whole(100))
}

/// The least common denominator.
fn common<'a>(numbers: impl Iterator<Item = &'a Rational>) -> Rational {
    // Prices are many and their denominators few.
    let distinct: BTreeSet<&Integer> = numbers.map(Rational::denom).collect();
    let mut denominator = Integer::from(1u8);
    for one in distinct {
        // a · b / gcd(a, b): reducing a/b leaves b / gcd below.
        let reduced = Rational::new(denominator.clone(), one.clone());
        denominator *= reduced.denom();
    }
    Rational::from_integer(denominator)
}

impl Price<Integer> {
    fn new(model: &Model, denominator: &Rational, batch: &Rational) -> Self {
        // The denominator is a multiple of each price's own.
        let scaled = |price: &Rational| price.numer() * (denominator.numer() / price.denom());
        let per_token = |input: &Rational, cached: Option<&Rational>, output: &Rational| PerToken {
            input: scaled(input),
            cached: scaled(cached.unwrap_or(input)),
            output: scaled(output),
        };
        let long = model.long_prompt.as_ref();
        Self {
            plain: per_token(&model.input_cost, model.cached_input_cost.as_ref(), &model.output_cost),
            long: long.map(|long| {
                (per_token(&long.input, long.cached_input.as_ref(), &long.output), long.above_tokens)
            }),
            batch: (kept(model) * batch).to_integer(),
        }
    }

    fn small(&self) -> Option<Price<u128>> {
        let per_token = |price: &PerToken<Integer>| {
            Some(PerToken {
                input: price.input.to_u128()?,
                cached: price.cached.to_u128()?,
                output: price.output.to_u128()?,
            })
        };
        let long = match &self.long {
            Some((price, above)) => Some((per_token(price)?, *above)),
            None => None,
        };
        Some(Price { plain: per_token(&self.plain)?, long, batch: self.batch.to_u128()? })
    }
}

impl Price<u128> {
    /// The highest of each of its numbers; of long prompts as of others.
    fn highest<'a>(prices: impl Iterator<Item = &'a Self>) -> Self {
        let mut highest = Self { plain: PerToken { input: 0, cached: 0, output: 0 }, long: None, batch: 0 };
        for price in prices {
            highest.batch = highest.batch.max(price.batch);
            for one in [&price.plain].into_iter().chain(price.long.as_ref().map(|(long, _)| long)) {
                let most = &mut highest.plain;
                most.input = most.input.max(one.input);
                most.cached = most.cached.max(one.cached);
                most.output = most.output.max(one.output);
            }
        }
        highest
    }
}

impl Weights<Integer> {
    fn new(use_case: &UseCase) -> Self {
        let (input, output) = &use_case.blend;
        let usage = &use_case.usage;
        // Cached tokens are a part of the input tokens: both are whole.
        let cached = if usage.cached.is_zero() { Rational::zero() } else { input * &usage.cached };
        let fresh = if cached.is_zero() { input.to_integer() } else { (input - &cached).to_integer() };
        Self {
            fresh,
            cached: cached.to_integer(),
            output: output.to_integer(),
            long: usage.long_prompts.as_ref().map(|share| share.numer().clone()),
            all: usage
                .long_prompts
                .as_ref()
                .map_or_else(|| Integer::from(1u8), |share| share.denom().clone()),
            prompt: usage.prompt_tokens.clone(),
            is_batch: usage.batch,
        }
    }

    fn small(&self) -> Option<Weights<u128>> {
        let long = match &self.long {
            Some(long) => Some(long.to_u128()?),
            None => None,
        };
        Some(Weights {
            fresh: self.fresh.to_u128()?,
            cached: self.cached.to_u128()?,
            output: self.output.to_u128()?,
            long,
            all: self.all.to_u128()?,
            prompt: self.prompt.clone(),
            is_batch: self.is_batch,
        })
    }
}

impl<N: CheckedAdd + CheckedMul + CheckedSub + Clone + Zero> Weights<N> {
    /// The cost of a model; nothing where a number is too large.
    fn total(&self, price: &Price<N>) -> Option<N> {
        let plain = self.per_token(&price.plain)?;
        let cost = match &price.long {
            None => plain.checked_mul(&self.all)?,
            Some((long, above)) => {
                let long = self.per_token(long)?;
                match &self.long {
                    Some(share) => {
                        let rest = self.all.checked_sub(share)?;
                        plain.checked_mul(&rest)?.checked_add(&long.checked_mul(share)?)?
                    }
                    // Nothing is stated, so shares are over 1.
                    None if self.prompt.as_ref().is_some_and(|tokens| *tokens > whole(*above)) => long,
                    None => plain,
                }
            }
        };
        if self.is_batch { cost.checked_mul(&price.batch) } else { Some(cost) }
    }

    /// What no model costs more than, given the highest prices; nothing where a number is too large.
    fn most(&self, highest: &Price<N>) -> Option<N> {
        let cost = self.per_token(&highest.plain)?.checked_mul(&self.all)?;
        if self.is_batch { cost.checked_mul(&highest.batch) } else { Some(cost) }
    }

    /// The cost of a model, which is known not to be too large.
    fn of(&self, price: &Price<N>) -> N {
        self.total(price).unwrap_or_else(N::zero)
    }

    fn per_token(&self, price: &PerToken<N>) -> Option<N> {
        let sum =
            price.input.checked_mul(&self.fresh)?.checked_add(&price.output.checked_mul(&self.output)?)?;
        if self.cached.is_zero() {
            Some(sum)
        } else {
            sum.checked_add(&price.cached.checked_mul(&self.cached)?)
        }
    }
}

impl Costs<'_> {
    /// Which models' blended cost satisfies a comparison with a rate, in US dollars per 1M tokens.
    pub(super) fn compared(&self, rate: &Rational, accepts: impl Fn(Ordering) -> bool) -> Tri {
        let orders = self.against(rate);
        Tri::each(orders.len(), |at| orders.get(at).map(|order| accepts(*order)))
    }

    /// How the blended cost of every model stands to a rate, in US dollars per 1M tokens.
    fn against(&self, rate: &Rational) -> Vec<Ordering> {
        let bound = rate * self.scale();
        let (floor, exact) = (bound.to_integer(), bound.is_integer());
        // What equals the whole part is below the bound if there is a fraction.
        let finish = |order: Ordering| if order.is_eq() && !exact { Ordering::Less } else { order };
        match self.all.get_or_init(|| self.values()) {
            Values::Small(costs) => match floor.to_u128() {
                Some(floor) => costs.iter().map(|cost| finish(cost.cmp(&floor))).collect(),
                None => vec![Ordering::Less; costs.len()],
            },
            Values::Large(costs) => costs.iter().map(|cost| finish(cost.cmp(&floor))).collect(),
        }
    }

    /// What all costs are multiplied by.
    fn scale(&self) -> Rational {
        let (all, is_batch) = match &self.by {
            By::Small(_, weights) => (Integer::from(weights.all), weights.is_batch),
            By::Large(_, weights) => (weights.all.clone(), weights.is_batch),
        };
        let batch = if is_batch { self.prices.batch.clone() } else { whole(1) };
        &self.prices.denominator * &self.blend * Rational::from_integer(all) * batch
    }

    fn values(&self) -> Values {
        match &self.by {
            By::Small(prices, weights) => {
                Values::Small(prices.iter().map(|price| weights.of(price)).collect())
            }
            By::Large(prices, weights) => {
                Values::Large(prices.iter().map(|price| weights.of(price)).collect())
            }
        }
    }

    /// Of each of some models its rank among their distinct costs, lowest first; of others nothing that counts.
    pub(super) fn ranks(&self, models: &FixedBitSet) -> Vec<u32> {
        let ids = models.ones().map(ModelId::new);
        match &self.by {
            By::Small(prices, weights) => {
                ranks(models.len(), ids.map(|id| (weights.of(&prices[id]), id)).collect())
            }
            By::Large(prices, weights) => {
                ranks(models.len(), ids.map(|id| (weights.of(&prices[id]), id)).collect())
            }
        }
    }

    /// The cost of a target over that of a primary.
    pub(super) fn multiplier(&self, primary: ModelId, target: ModelId) -> Multiplier {
        let (base, cost) = match &self.by {
            By::Small(prices, weights) => {
                let (base, cost) = (weights.of(&prices[primary]), weights.of(&prices[target]));
                let common = common_divisor(base, cost).max(1);
                (Integer::from(base / common), Integer::from(cost / common))
            }
            By::Large(prices, weights) => (weights.of(&prices[primary]), weights.of(&prices[target])),
        };
        match (base.is_zero(), cost.is_zero()) {
            (true, true) => Multiplier::Finite(whole(1)),
            (true, false) => Multiplier::Infinite,
            (false, _) if matches!(self.by, By::Small(..)) => {
                Multiplier::Finite(Rational::new_raw(cost, base))
            }
            (false, _) => Multiplier::Finite(Rational::new(cost, base)),
        }
    }
}

/// Per model, by position, its rank among distinct numbers, lowest first.
fn ranks<N: Ord>(size: usize, mut costs: Vec<(N, ModelId)>) -> Vec<u32> {
    costs.sort_unstable();
    let mut ranks = vec![0; size];
    let (mut before, mut rank) = (None, 0);
    for (cost, id) in &costs {
        if before.is_some_and(|before| before != cost) {
            rank += 1;
        }
        before = Some(cost);
        if let Some(slot) = ranks.get_mut(id.position()) {
            *slot = rank;
        }
    }
    ranks
}

/// The greatest common divisor.
fn common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
