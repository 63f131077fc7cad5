//! Contexts: what a decision can depend on, as finitely many cases.

use super::{UseCase, World};
use crate::number::{self, Rational, whole};

/// Everything about a request that a decision can depend on, besides its use case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Level, never below the use case's own.
    pub classification: usize,
    /// Percent, 0 to 100.
    pub budget: Rational,
    /// Per fact, the index of its value.
    pub facts: Vec<usize>,
}

/// A stretch of `budget.remaining` within which no condition changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Lower end.
    pub low: Rational,
    /// Whether the lower end belongs to it.
    pub low_in: bool,
    /// Upper end.
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

    /// Whether a percent lies in it.
    pub fn holds(&self, percent: &Rational) -> bool {
        let above = *percent > self.low || (self.low_in && *percent == self.low);
        let below = *percent < self.high || (self.high_in && *percent == self.high);
        above && below
    }
}

/// A cut of 0–100%: just below a percent, or just above it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    /// The percent.
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
            facts: self.facts.iter().map(|fact| fact.default).collect(),
        }
    }

    /// How many contexts a use case has.
    pub fn count_contexts(&self, use_case: &UseCase) -> usize {
        let levels = self.classifications.len().saturating_sub(use_case.classification);
        let facts = self.facts.iter().fold(1usize, |n, fact| n.saturating_mul(fact.values.len()));
        levels.saturating_mul(facts).saturating_mul(self.bands.len())
    }

    /// All contexts of a use case: classification slowest, then bands from the lowest, then facts by name.
    pub fn contexts(&self, use_case: &UseCase) -> Vec<Context> {
        self.contexts_from(use_case.classification)
    }

    /// All contexts with at least a classification, in the same order.
    pub fn contexts_from(&self, lowest: usize) -> Vec<Context> {
        let mut contexts = Vec::new();
        for classification in lowest..self.classifications.len() {
            for band in &self.bands {
                let budget = band.shown();
                let mut facts = vec![0; self.facts.len()];
                loop {
                    contexts.push(Context { classification, budget: budget.clone(), facts: facts.clone() });
                    if !self.next_facts(&mut facts) {
                        break;
                    }
                }
            }
        }
        contexts
    }

    /// Counts facts up like an odometer, the last fastest; false after the last.
    fn next_facts(&self, facts: &mut [usize]) -> bool {
        for (value, fact) in facts.iter_mut().zip(&self.facts).rev() {
            *value += 1;
            if *value < fact.values.len() {
                return true;
            }
            *value = 0;
        }
        false
    }

    /// In how many values a context differs from the baseline.
    pub fn distance(&self, use_case: &UseCase, context: &Context) -> usize {
        let baseline = self.baseline(use_case);
        let band = |percent: &Rational| self.bands.iter().position(|band| band.holds(percent));
        usize::from(context.classification != baseline.classification)
            + usize::from(band(&context.budget) != band(&baseline.budget))
            + context.facts.iter().zip(&baseline.facts).filter(|(a, b)| a != b).count()
    }

    /// A context as it is printed: `classification`, `budget.remaining`, facts by name.
    pub fn show_context(&self, context: &Context) -> Vec<(String, String)> {
        let level = self.classifications.get(context.classification).cloned().unwrap_or_default();
        let mut shown = vec![
            ("classification".to_owned(), level),
            ("budget.remaining".to_owned(), format!("{}%", number::exact(&context.budget))),
        ];
        for (fact, &value) in self.facts.iter().zip(&context.facts) {
            shown.push((fact.name.clone(), fact.values.get(value).cloned().unwrap_or_default()));
        }
        shown
    }
}
