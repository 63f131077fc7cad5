//! Contexts: what a decision can depend on, as finitely many cases.

use std::collections::BTreeSet;

use super::{BudgetId, ClassificationId, Fact, FactId, FactValueId, Table, UseCase, World};
use crate::number::{self, Rational, compare, whole};
use crate::table::following;

/// Everything about a request that a decision can depend on, besides its use case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Never below the use case's own.
    pub classification: ClassificationId,
    /// `budget.remaining`: percent, 0 to 100.
    pub budget: Rational,
    /// `budget.NAME.remaining` of each budget that is an axis of the use case, by name; of any other it is 100%.
    pub shares: Vec<(BudgetId, Rational)>,
    /// Per fact, its value.
    pub facts: Table<Fact, FactValueId>,
}

impl Context {
    /// `budget.NAME.remaining` of one budget, if it is an axis; elsewhere it is 100%.
    pub fn share(&self, budget: BudgetId) -> Option<&Rational> {
        let at = self.shares.binary_search_by_key(&budget, |(known, _)| *known).ok()?;
        self.shares.get(at).map(|(_, share)| share)
    }
}

/// One of the things in which contexts of a use case differ, in the order in which they stand everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// The use case's own classification and every higher one.
    Classification,
    /// The bands of `budget.remaining`.
    Budget,
    /// The bands of `budget.NAME.remaining`.
    Share(BudgetId),
    /// The values of a fact, as declared.
    Fact(FactId),
}

/// A stretch of `budget.remaining` within which no condition changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The least remaining share of the band, in percent.
    pub low: Rational,
    /// Whether the lower end belongs to it.
    pub low_in: bool,
    /// The largest remaining share of the band, in percent.
    pub high: Rational,
    /// Whether the upper end belongs to it.
    pub high_in: bool,
}

impl Band {
    /// One value in it: its upper end if that belongs to it, else its lower end, else its middle.
    pub fn shown(&self) -> Rational {
        if self.high_in {
            self.high.clone()
        } else if self.low_in {
            self.low.clone()
        } else {
            (&self.low + &self.high) / whole(2)
        }
    }

    /// The condition that this band and all below it satisfy, and none above: `<20%` or `<=20%`.
    pub fn cut(&self) -> String {
        format!("{}{}%", if self.high_in { "<=" } else { "<" }, number::exact(&self.high))
    }

    /// Whether a percent lies above it.
    fn is_below(&self, percent: &Rational) -> bool {
        *percent > self.high || (!self.high_in && *percent == self.high)
    }

    /// Whether a percent lies in it.
    pub fn holds(&self, percent: &Rational) -> bool {
        let (low, high) = (compare(percent, &self.low), compare(percent, &self.high));
        let above = low.is_gt() || (self.low_in && low.is_eq());
        let below = high.is_lt() || (self.high_in && high.is_eq());
        above && below
    }
}

/// A budget whose own remaining share is compared, and the bands that this makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The budget whose remaining share is compared.
    pub budget: BudgetId,
    /// Lowest first; at least one.
    pub bands: Table<Band>,
}

/// A cut of 0–100%: just below a percent, or just above it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cut {
    /// Where the cut is, from 0 to 100.
    pub percent: Rational,
    /// Just above rather than just below.
    pub above: bool,
}

/// The bands that cuts make of 0–100%, lowest first, empty ones left out.
pub fn bands(mut cuts: Vec<Cut>) -> Vec<Band> {
    let (zero, hundred) = (whole(0), whole(100));
    cuts.sort();
    cuts.dedup();
    let mut bands = Vec::new();
    let (mut low, mut low_in) = (zero.clone(), true);
    for cut in cuts {
        let outside = (cut.percent == zero && !cut.above) || (cut.percent == hundred && cut.above);
        if outside || cut.percent < zero || cut.percent > hundred {
            continue;
        }
        bands.push(Band { low, low_in, high: cut.percent.clone(), high_in: cut.above });
        (low, low_in) = (cut.percent, !cut.above);
    }
    bands.push(Band { low, low_in, high: hundred, high_in: true });
    bands
}

impl World {
    /// The declared classification, default facts, 100%.
    pub fn baseline(&self, use_case: &UseCase) -> Context {
        Context {
            classification: use_case.classification,
            budget: whole(100),
            shares: use_case.shares.iter().map(|budget| (*budget, whole(100))).collect(),
            facts: self.facts.iter().map(|fact| fact.default).collect(),
        }
    }

    /// What the contexts of a use case differ in: classification, `budget.remaining`, named budgets by name, facts
    /// by name.
    pub fn axes<'a>(&self, use_case: &'a UseCase) -> impl Iterator<Item = Axis> + use<'a> {
        let shares = use_case.shares.iter().map(|budget| Axis::Share(*budget));
        let facts = self.facts.ids().map(Axis::Fact);
        [Axis::Classification, Axis::Budget].into_iter().chain(shares).chain(facts)
    }

    /// The bands of a remaining share, lowest first; none of other axes.
    pub fn bands_of(&self, axis: Axis) -> &[Band] {
        match axis {
            Axis::Budget => self.bands.as_slice(),
            Axis::Share(budget) => self.own_bands(budget).map_or(&[], Table::as_slice),
            Axis::Classification | Axis::Fact(_) => &[],
        }
    }

    /// The bands of what remains of one budget; none where nothing compares that, or it is not in force.
    fn own_bands(&self, budget: BudgetId) -> Option<&Table<Band>> {
        let at = self.shares.binary_search_by_key(&budget, |share| share.budget).ok()?;
        self.shares.get(at).map(|share| &share.bands)
    }

    /// How many positions an axis has for a use case.
    pub fn positions(&self, use_case: &UseCase, axis: Axis) -> usize {
        match axis {
            Axis::Classification => self.classifications.rest(use_case.classification).len(),
            Axis::Budget | Axis::Share(_) => self.bands_of(axis).len(),
            Axis::Fact(fact) => self.facts[fact].values.len(),
        }
    }

    /// Where a context stands on an axis; none where its value is none of the axis.
    pub fn position(&self, use_case: &UseCase, context: &Context, axis: Axis) -> Option<usize> {
        let band = |share: &Rational| {
            let bands = self.bands_of(axis);
            let at = bands.partition_point(|band| band.is_below(share));
            bands.get(at).is_some_and(|band| band.holds(share)).then_some(at)
        };
        match axis {
            Axis::Classification => context.classification.places_after(use_case.classification),
            Axis::Budget => band(&context.budget),
            Axis::Share(budget) => context.share(budget).map_or_else(|| band(&whole(100)), band),
            Axis::Fact(fact) => Some(context.facts[fact].position()),
        }
    }

    /// Moves a context to a position of an axis.
    pub fn move_to(&self, use_case: &UseCase, context: &mut Context, axis: Axis, position: usize) {
        let shown = |bands: &Table<Band>| bands[bands.at(position)].shown();
        match axis {
            Axis::Classification => context.classification = use_case.classification.after(position),
            Axis::Budget => context.budget = shown(&self.bands),
            Axis::Share(budget) => {
                let at = context.shares.binary_search_by_key(&budget, |(known, _)| *known).ok();
                if let Some((share, bands)) =
                    at.and_then(|at| context.shares.get_mut(at)).zip(self.own_bands(budget))
                {
                    share.1 = shown(bands);
                }
            }
            Axis::Fact(fact) => context.facts[fact] = self.facts[fact].values.at(position),
        }
    }

    /// How many contexts a use case has, as far as that can be counted.
    pub fn count_contexts(&self, use_case: &UseCase) -> u64 {
        let sizes = self.axes(use_case).map(|axis| self.positions(use_case, axis) as u64);
        sizes.fold(1, u64::saturating_mul)
    }

    /// All contexts of a use case, the first axis slowest, positions ascending.
    pub fn contexts<'a>(&'a self, use_case: &'a UseCase) -> impl Iterator<Item = Context> + 'a {
        let axes: Vec<(Axis, usize)> =
            self.axes(use_case).map(|axis| (axis, self.positions(use_case, axis))).collect();
        let mut next = Some(vec![0usize; axes.len()]);
        std::iter::from_fn(move || {
            let mut at = next.take()?;
            let mut context = self.baseline(use_case);
            for ((axis, _), position) in axes.iter().zip(&at) {
                self.move_to(use_case, &mut context, *axis, *position);
            }
            next = following(&mut at, axes.iter().map(|(_, size)| *size)).then_some(at);
            Some(context)
        })
    }

    /// In how many values a context differs from the baseline.
    pub fn distance(&self, use_case: &UseCase, context: &Context) -> usize {
        let baseline = self.baseline(use_case);
        let apart = |axis: &Axis| {
            self.position(use_case, context, *axis) != self.position(use_case, &baseline, *axis)
        };
        self.axes(use_case).filter(apart).count()
    }

    /// What a context says that a request which states nothing does not, in the order of the axes.
    pub fn unusual(&self, use_case: &UseCase, context: &Context) -> Vec<(Axis, String)> {
        let usual = self.baseline(use_case);
        let both = self.values(context).zip(self.values(&usual));
        both.filter(|(one, usual)| one != usual).map(|(one, _)| one).collect()
    }

    /// The name of a budget, also of one that is not in force.
    pub fn budget_name(&self, budget: BudgetId) -> &str {
        let past = || budget.position().checked_sub(self.budgets.len());
        match self.budgets.if_there(budget) {
            Some(budget) => budget.name.value.as_str(),
            None => past().and_then(|past| self.resting_budgets().into_iter().nth(past)).unwrap_or_default(),
        }
    }

    /// Names of which no budget is in force, in the order of the ids that such a name stands for: those past the last.
    pub fn resting_budgets(&self) -> BTreeSet<&str> {
        let timed = self.timed.iter().filter(|timed| timed.kind == "budget").map(|timed| timed.name.as_str());
        timed
            .filter(|name| self.budgets.search(|budget| budget.name.value.as_str().cmp(name)).is_none())
            .collect()
    }

    /// What an axis is called.
    pub fn axis_name(&self, axis: Axis) -> String {
        match axis {
            Axis::Classification => "classification".to_owned(),
            Axis::Budget => "budget.remaining".to_owned(),
            Axis::Share(budget) => format!("budget.{}.remaining", self.budget_name(budget)),
            Axis::Fact(fact) => self.facts[fact].name.clone(),
        }
    }

    /// What a context says on each of its axes, in their order.
    pub fn values<'a>(&'a self, context: &'a Context) -> impl Iterator<Item = (Axis, String)> + 'a {
        let percent = |share: &Rational| format!("{}%", number::exact(share));
        let level = self.classifications[context.classification].clone();
        let first = [(Axis::Classification, level), (Axis::Budget, percent(&context.budget))];
        let shares = context.shares.iter().map(move |(budget, share)| (Axis::Share(*budget), percent(share)));
        let facts = self
            .facts
            .enumerated()
            .map(|(id, fact)| (Axis::Fact(id), fact.values[context.facts[id]].clone()));
        first.into_iter().chain(shares).chain(facts)
    }

    /// A context as it is printed: `classification`, `budget.remaining`, named budgets, facts by name.
    pub fn show_context(&self, context: &Context) -> Vec<(String, String)> {
        self.values(context).map(|(axis, value)| (self.axis_name(axis), value)).collect()
    }
}
