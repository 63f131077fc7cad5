//! What models cost one use case, beside each other; what use cases of the same blend share.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use fixedbitset::FixedBitSet;
use num_traits::{ToPrimitive, Zero};

use super::prices::{Price, Prices, Weights};
use super::scalar::accepts;
use super::tri::Tri;
use crate::decide::Multiplier;
use crate::limits::effort;
use crate::model::expr::CompareOp;
use crate::model::{Model, ModelId, Table, UseCase};
use crate::number::{Integer, Rational, compare, whole};

/// The blended costs of models for one use case, all multiplied by the same number.
#[derive(Debug)]
pub(super) struct Costs<'p> {
    prices: &'p Prices,
    blend: Rational,
    by: By<'p>,
    /// What other use cases of this blend share.
    shared: Option<Arc<Blend>>,
    /// Of all models, where a condition compares them and nobody shares them.
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

/// Blends by what tells their costs apart.
#[derive(Debug, Default)]
pub(super) struct Blends(Mutex<HashMap<BlendWeights, Arc<Blend>>>);

/// What is worked out once for all use cases of a blend.
#[derive(Debug, Default)]
struct Blend {
    all: OnceLock<Values>,
    ranks: OnceLock<Arc<[u32]>>,
    compared: Mutex<HashMap<(Rational, CompareOp), Arc<Tri>>>,
}

/// Everything that the costs of a use case depend on: its weights, as small as they can be.
#[derive(Debug, PartialEq, Eq, Hash)]
struct BlendWeights {
    /// Fresh, cached and output tokens.
    tokens: [u128; 3],
    long: Option<u128>,
    all: u128,
    /// For how many lengths of the registry a prompt of average length is long, where no share is stated.
    longer_than: usize,
    is_batch: bool,
}

impl<'p> Costs<'p> {
    pub(super) fn new(prices: &'p Prices, use_case: &UseCase) -> Self {
        let weights = Weights::new(use_case);
        let (input, output) = &use_case.blend;
        let mut blend = input + output;
        let small = prices.small.as_ref().zip(weights.small());
        // What the highest prices cost is not below any cost, nor below anything on the way to it.
        let small = small.filter(|(small, weights)| weights.most(&small.highest).is_some());
        let mut shared = None;
        let by = match small {
            Some((small, mut weights)) => {
                // Twice the tokens cost twice as much, whatever the model.
                let common = [weights.cached, weights.output].into_iter().fold(weights.fresh, common_divisor);
                let common = common.max(1);
                for tokens in [&mut weights.fresh, &mut weights.cached, &mut weights.output] {
                    *tokens /= common;
                }
                blend /= Integer::from(common);
                shared = prices.blends.of(BlendWeights::new(prices, &weights));
                By::Small(&small.prices, weights)
            }
            None => By::Large(&prices.large, weights),
        };
        Costs { prices, blend, by, shared, all: OnceCell::new() }
    }
}

impl BlendWeights {
    fn new(prices: &Prices, weights: &Weights<u128>) -> Self {
        let is_long = |above: &u64| {
            weights.prompt.as_ref().is_some_and(|tokens| compare(tokens, &whole(*above)).is_gt())
        };
        let longer_than = if weights.long.is_some() { 0 } else { prices.long_above.partition_point(is_long) };
        Self {
            tokens: [weights.fresh, weights.cached, weights.output],
            long: weights.long,
            all: weights.all,
            longer_than,
            is_batch: weights.is_batch,
        }
    }
}

impl Blends {
    /// What is shared by the use cases of a blend; nothing where there are too many blends.
    fn of(&self, key: BlendWeights) -> Option<Arc<Blend>> {
        // A thread that panicked has left at worst an entry fewer.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(blend) = known.get(&key) {
            return Some(Arc::clone(blend));
        }
        (known.len() < effort::SHARED_BLENDS).then(|| {
            let blend = Arc::<Blend>::default();
            known.insert(key, Arc::clone(&blend));
            blend
        })
    }
}

impl Costs<'_> {
    /// Which models' blended cost satisfies a comparison with a rate, in US dollars per 1M tokens.
    pub(super) fn compared(&self, rate: &Rational, op: CompareOp) -> Tri {
        let Some(blend) = &self.shared else { return self.accepted(rate, op) };
        let mut known = blend.compared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tri) = known.get(&(rate.clone(), op)) {
            return Tri::clone(tri);
        }
        let tri = self.accepted(rate, op);
        known.insert((rate.clone(), op), Arc::new(tri.clone()));
        tri
    }

    fn accepted(&self, rate: &Rational, op: CompareOp) -> Tri {
        let bound = rate * self.scale();
        let (floor, exact) = (bound.to_integer(), bound.is_integer());
        // What equals the whole part is below the bound if there is a fraction.
        let finish = |order: Ordering| if order.is_eq() && !exact { Ordering::Less } else { order };
        let [below, at, above] =
            [Ordering::Less, Ordering::Equal, Ordering::Greater].map(|order| accepts(op, finish(order)));
        let is_accepted = |order: Ordering| match order {
            Ordering::Less => below,
            Ordering::Equal => at,
            Ordering::Greater => above,
        };
        match self.all() {
            Values::Small(costs) => match floor.to_u128() {
                Some(floor) => Tri::all(costs, |cost| is_accepted(cost.cmp(&floor))),
                None => Tri::same(costs.len(), Some(below)),
            },
            Values::Large(costs) => Tri::all(costs, |cost| is_accepted(cost.cmp(&floor))),
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

    fn all(&self) -> &Values {
        match &self.shared {
            Some(blend) => blend.all.get_or_init(|| self.values()),
            None => self.all.get_or_init(|| self.values()),
        }
    }

    fn values(&self) -> Values {
        match &self.by {
            By::Small(prices, weights) => {
                Values::Small(prices.iter().map(|price| weights.quick(price)).collect())
            }
            By::Large(prices, weights) => {
                Values::Large(prices.iter().map(|price| weights.of(price)).collect())
            }
        }
    }

    /// Of each of some models its rank among distinct costs, lowest first; of others nothing that counts.
    pub(super) fn ranks(&self, models: &FixedBitSet) -> Arc<[u32]> {
        if let Some(blend) = &self.shared {
            let of_all = || match self.all() {
                Values::Small(costs) => ranks(costs.len(), numbered(costs.iter())),
                Values::Large(costs) => ranks(costs.len(), numbered(costs.iter())),
            };
            return Arc::clone(blend.ranks.get_or_init(of_all));
        }
        let ids = models.ones().map(ModelId::new);
        match &self.by {
            By::Small(prices, weights) => {
                ranks(models.len(), ids.map(|id| (weights.quick(&prices[id]), id)).collect())
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
                let (base, cost) = (weights.quick(&prices[primary]), weights.quick(&prices[target]));
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

/// The costs of all models, each with its model.
fn numbered<N>(costs: impl Iterator<Item = N>) -> Vec<(N, ModelId)> {
    costs.enumerate().map(|(at, cost)| (cost, ModelId::new(at))).collect()
}

/// Per model, by position, its rank among distinct numbers, lowest first.
fn ranks<N: Ord>(size: usize, mut costs: Vec<(N, ModelId)>) -> Arc<[u32]> {
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
    ranks.into()
}

/// The greatest common divisor.
fn common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
