//! Expected monthly cost: volumes of the estate on the primary of the baseline, and on its dearest target.

use std::collections::BTreeMap;

use super::rename::Names;
use super::sides::{Case, Side, Volume};
use super::store::Store;
use crate::number::{Rational, total, whole};

/// An amount before and after; none where it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pair {
    /// US dollars a month.
    pub old: Option<Rational>,
    /// US dollars a month.
    pub new: Option<Rational>,
}

impl Pair {
    /// Adds what is known of another.
    fn add(&mut self, old: Option<&Rational>, new: Option<&Rational>) {
        let plus = |known: &Option<Rational>, more: Option<&Rational>| total(known.iter().chain(more));
        (self.old, self.new) = (Some(plus(&self.old, old)), Some(plus(&self.new, new)));
    }
}

/// What a use case is expected to cost on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// On the primary.
    pub primary: Rational,
    /// On the dearest target.
    pub dearest: Rational,
    /// The primary's provider.
    pub provider: String,
}

/// The cost of a use case with given tokens, in the outcome of its baseline; none without tokens or targets.
pub fn cost(store: &Store, side: &Side, baseline: Option<u32>, volume: Option<&Volume>) -> Option<Cost> {
    let volume = volume?;
    let tokens = volume.tokens?;
    let outcome = baseline.and_then(|number| store.get(number))?;
    let costs = store
        .targets(outcome)
        .filter_map(|(_, model)| Some((side.prices.get(&model.id)?.monthly(&volume.usage, tokens), model)));
    let costs: Vec<(Rational, _)> = costs.collect();
    let (primary, model) = costs.first()?;
    let dearest = costs.iter().map(|(cost, _)| cost).max()?;
    Some(Cost { primary: primary.clone(), dearest: dearest.clone(), provider: model.provider.clone() })
}

/// The volume of a use case on a side; a table takes it from the other side, which has an estate.
pub fn volume<'a>(own: Option<&'a Case>, other: Option<&'a Case>) -> Option<&'a Volume> {
    let of = |case: Option<&'a Case>| case.and_then(|case| case.volume.as_ref());
    of(own).or_else(|| of(other)).filter(|volume| volume.tokens.is_some())
}

/// The team of a use case on a side; a table, which need not say, takes it from the other side.
pub fn team<'a>(own: Option<&'a Case>, other: Option<&'a Case>) -> Option<&'a str> {
    let own = own?;
    let elsewhere = if own.volume.is_none() { other.and_then(Case::team) } else { None };
    own.team().or(elsewhere)
}

/// Costs before and after, of one use case or summed up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Money {
    /// On the primary.
    pub monthly: Pair,
    /// On the dearest target.
    pub worst: Pair,
}

impl Money {
    /// The costs of one use case.
    pub fn of(old: Option<&Cost>, new: Option<&Cost>) -> Self {
        let pair = |of: fn(&Cost) -> &Rational| Pair { old: old.map(of).cloned(), new: new.map(of).cloned() };
        Self { monthly: pair(|cost| &cost.primary), worst: pair(|cost| &cost.dearest) }
    }

    /// A use case that a side does not have costs nothing there.
    #[must_use]
    pub fn with_nothing(mut self, old: bool, new: bool) -> Self {
        for pair in [&mut self.monthly, &mut self.worst] {
            if old {
                pair.old = Some(whole(0));
            }
            if new {
                pair.new = Some(whole(0));
            }
        }
        self
    }
}

/// What moves the expected cost of a use case; together the difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// It is used otherwise.
    pub volume: Rational,
    /// The model that served is priced otherwise.
    pub price: Rational,
    /// Another model serves.
    pub route: Rational,
}

/// What a use case really cost in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// `YYYY-MM`.
    pub month: String,
    /// US dollars.
    pub usd: Rational,
    /// What the same use would have cost at the new prices on the new route; none where that is not known.
    pub would_have_been: Option<Rational>,
}

impl Spent {
    /// What was spent, with what price and route make of it: an edited volume is no use of that month.
    pub fn of(month: &str, usd: Rational, parts: Option<&Parts>, monthly: &Pair) -> Self {
        let before = monthly.old.as_ref().zip(parts).map(|(old, parts)| old + &parts.volume);
        let before = before.filter(|before| *before > whole(0));
        let would_have_been = before.zip(monthly.new.as_ref()).map(|(before, new)| &usd * new / before);
        Self { month: month.to_owned(), usd, would_have_been }
    }
}

/// A side with the use case on it, and the outcome of its baseline.
type Served<'a> = ((&'a Side, Option<&'a Case>), Option<u32>);

impl Parts {
    /// From the old cost to the new one: first the new volume, then the new price, then the new route. None where a side
    /// does not know its cost.
    pub fn between(store: &Store, old: Served, new: Served, names: &Names) -> Option<Self> {
        let ((old_side, old_case), (new_side, new_case)) = (old.0, new.0);
        let (old_volume, new_volume) = (volume(old_case, new_case)?, volume(new_case, old_case)?);
        let primary = |cell: Option<u32>| {
            store.get(cell?).and_then(|outcome| Some(store.targets(outcome).next()?.1.id.clone()))
        };
        let (before, after) = (primary(old.1)?, primary(new.1)?);
        let on = |side: &Side, id: &str, volume: &Volume| {
            Some(side.prices.get(id)?.monthly(&volume.usage, volume.tokens?))
        };
        let start = on(old_side, &before, old_volume)?;
        let used = on(old_side, &before, new_volume)?;
        let renamed = names.of("model", &before).unwrap_or(&before);
        let priced = on(new_side, renamed, new_volume).unwrap_or_else(|| used.clone());
        let end = on(new_side, &after, new_volume)?;
        Some(Self { volume: &used - start, price: &priced - used, route: end - priced })
    }
}

/// All use cases together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spend {
    /// Over all use cases.
    pub total: Money,
    /// Whether any use case states its volume, before and after.
    pub known: (bool, bool),
    /// On the primary, by its provider.
    pub by_provider: BTreeMap<String, Pair>,
    /// On the primary, by team; use cases without one under the empty name.
    pub by_team: BTreeMap<String, Pair>,
}

impl Spend {
    /// Counts a use case in, on each side under the team that it has there.
    pub fn add(&mut self, teams: (Option<&str>, Option<&str>), old: Option<&Cost>, new: Option<&Cost>) {
        let primary = |cost: Option<&Cost>| cost.map(|cost| cost.primary.clone());
        let dearest = |cost: Option<&Cost>| cost.map(|cost| cost.dearest.clone());
        let (before, after) = (primary(old), primary(new));
        self.total.monthly.add(before.as_ref(), after.as_ref());
        self.total.worst.add(dearest(old).as_ref(), dearest(new).as_ref());
        if let Some(cost) = old {
            self.by_provider.entry(cost.provider.clone()).or_default().add(before.as_ref(), None);
            self.team(teams.0).add(before.as_ref(), None);
        }
        if let Some(cost) = new {
            self.by_provider.entry(cost.provider.clone()).or_default().add(None, after.as_ref());
            self.team(teams.1).add(None, after.as_ref());
        }
    }

    /// Hears whether a use case states its volume.
    pub fn states(&mut self, old: bool, new: bool) {
        self.known = (self.known.0 || old, self.known.1 || new);
    }

    /// The total, not known on a side where no use case states its volume.
    pub fn of_known(&self) -> Money {
        let known = |pair: &Pair| Pair {
            old: pair.old.clone().filter(|_| self.known.0),
            new: pair.new.clone().filter(|_| self.known.1),
        };
        Money { monthly: known(&self.total.monthly), worst: known(&self.total.worst) }
    }

    fn team(&mut self, name: Option<&str>) -> &mut Pair {
        self.by_team.entry(name.unwrap_or_default().to_owned()).or_default()
    }
}
