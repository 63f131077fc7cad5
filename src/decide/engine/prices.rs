//! Blended costs as whole numbers: compared a million times, divided only where a ratio is asked for.
//!
//! All prices stand over one denominator. What a use case pays for a model is a sum of products of these
//! and of its own whole numbers (tokens, shares of long prompts), so the costs of all models for one use
//! case are whole numbers over one scale.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::{CheckedAdd, CheckedMul, CheckedSub, ToPrimitive, Zero};

use super::costs::{Blends, Costs};
use crate::model::{Model, Table, UseCase, World};
use crate::number::{Integer, Rational, compare, whole};

/// The prices of all models over one denominator.
#[derive(Debug)]
pub(super) struct Prices {
    pub(super) denominator: Rational,
    /// What `Price::batch` is over.
    pub(super) batch: Rational,
    /// Where they all fit 128 bits.
    pub(super) small: Option<Small>,
    pub(super) large: Table<Model, Price<Integer>>,
    /// The lengths above which a prompt is long for some model, ascending.
    pub(super) long_above: Vec<u64>,
    /// What is known of blends that several use cases have.
    pub(super) blends: Blends,
}

/// Prices in 128 bits.
#[derive(Debug)]
pub(super) struct Small {
    pub(super) prices: Table<Model, Price<u128>>,
    /// No price of a model is above this one.
    pub(super) highest: Price<u128>,
}

/// The prices of one model.
#[derive(Debug)]
pub(super) struct Price<N> {
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
pub(super) struct Weights<N> {
    /// Input tokens that are not read from a cache.
    pub(super) fresh: N,
    pub(super) cached: N,
    pub(super) output: N,
    /// The share of long prompts, where stated, and what it is over.
    pub(super) long: Option<N>,
    pub(super) all: N,
    /// A prompt's average length.
    pub(super) prompt: Option<Rational>,
    pub(super) is_batch: bool,
}

impl Prices {
    pub(super) fn new(world: &World) -> Self {
        let (denominator, over) = common(world.models.iter().flat_map(prices));
        let (batch, _) = common(world.models.iter().filter_map(kept).collect::<Vec<_>>().iter());
        let of_batch = |model: &Model| match kept(model) {
            Some(kept) => (kept * &batch).to_integer(),
            None => batch.numer().clone(),
        };
        let price = |model: &Model| Price::new(model, &over, of_batch(model));
        let large: Table<Model, Price<Integer>> = world.models.iter().map(price).collect();
        let small = large.iter().map(Price::small).collect::<Option<Table<Model, Price<u128>>>>();
        let small = small.map(|prices| Small { highest: Price::highest(prices.iter()), prices });
        let above = world.models.iter().filter_map(|model| Some(model.long_prompt.as_ref()?.above_tokens));
        let long_above = above.collect::<BTreeSet<u64>>().into_iter().collect();
        Self { denominator, batch, small, large, long_above, blends: Blends::default() }
    }

    /// The blended costs for a use case.
    pub(super) fn costs(&self, use_case: &UseCase) -> Costs<'_> {
        Costs::new(self, use_case)
    }
}

/// All prices of a model.
fn prices(model: &Model) -> impl Iterator<Item = &Rational> {
    let long = model.long_prompt.iter();
    let long = long.flat_map(|long| [Some(&long.input), Some(&long.output), long.cached_input.as_ref()]);
    let plain = [Some(&model.input_cost), Some(&model.output_cost), model.cached_input_cost.as_ref()];
    plain.into_iter().chain(long).flatten()
}

/// The share of its prices that batch use cases pay, where that is less than all.
fn kept(model: &Model) -> Option<Rational> {
    model.batch_discount.as_ref().map(|discount| whole(1) - discount / whole(100))
}

/// The least common denominator, and what it is over each denominator.
fn common<'a>(numbers: impl Iterator<Item = &'a Rational>) -> (Rational, BTreeMap<&'a Integer, Integer>) {
    // Prices are many and their denominators few.
    let distinct: BTreeSet<&Integer> = numbers.map(Rational::denom).collect();
    let mut denominator = Integer::from(1u8);
    for one in &distinct {
        // a · b / gcd(a, b): reducing a/b leaves b / gcd below.
        let reduced = Rational::new(denominator.clone(), (*one).clone());
        denominator *= reduced.denom();
    }
    let over = distinct.into_iter().map(|one| (one, &denominator / one)).collect();
    (Rational::from_integer(denominator), over)
}

impl Price<Integer> {
    /// The prices of a model, given what their common denominator is over each one's own.
    fn new(model: &Model, over: &BTreeMap<&Integer, Integer>, batch: Integer) -> Self {
        let scaled = |price: &Rational| match over.get(price.denom()) {
            Some(times) => price.numer() * times,
            None => price.numer().clone(),
        };
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
            batch,
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
    pub(super) fn new(use_case: &UseCase) -> Self {
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

    pub(super) fn small(&self) -> Option<Weights<u128>> {
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
    pub(super) fn most(&self, highest: &Price<N>) -> Option<N> {
        let cost = self.per_token(&highest.plain)?.checked_mul(&self.all)?;
        if self.is_batch { cost.checked_mul(&highest.batch) } else { Some(cost) }
    }

    /// The cost of a model, which is known not to be too large.
    pub(super) fn of(&self, price: &Price<N>) -> N {
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

impl Weights<u128> {
    /// The same as [`Weights::of`], and quicker: nothing on the way to a cost is too large, which [`Weights::most`] has
    /// seen.
    pub(super) fn quick(&self, price: &Price<u128>) -> u128 {
        let per_token = |price: &PerToken<u128>| {
            let sum = product(price.input, self.fresh).wrapping_add(product(price.output, self.output));
            if self.cached == 0 { sum } else { sum.wrapping_add(product(price.cached, self.cached)) }
        };
        let plain = per_token(&price.plain);
        let cost = match (&price.long, &self.long) {
            (None, _) => product(plain, self.all),
            (Some((long, _)), Some(share)) => {
                let rest = self.all.wrapping_sub(*share);
                product(plain, rest).wrapping_add(product(per_token(long), *share))
            }
            // Nothing is stated, so shares are over 1.
            (Some((long, above)), None) => {
                let is_long =
                    self.prompt.as_ref().is_some_and(|tokens| compare(tokens, &whole(*above)).is_gt());
                if is_long { per_token(long) } else { plain }
            }
        };
        if self.is_batch { product(cost, price.batch) } else { cost }
    }
}

/// A product that is known to fit: of numbers of 64 bits it is one step.
fn product(a: u128, b: u128) -> u128 {
    match (u64::try_from(a), u64::try_from(b)) {
        (Ok(a), Ok(b)) => u128::from(a).wrapping_mul(u128::from(b)),
        _ => a.wrapping_mul(b),
    }
}
