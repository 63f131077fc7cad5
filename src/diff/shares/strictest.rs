//! Budgets that stand in for others.

use std::collections::BTreeMap;

use super::coverage::Coverage;
use super::{Counted, Shares};
use crate::cost::per;
use crate::number::Rational;
use crate::work;

/// The budgets that count everything.
pub(super) struct Strictest<'a> {
    /// By which requests, by what has a limit each, and by period: the least that one of them allows.
    least: BTreeMap<(&'a str, &'a str, &'static str), &'a Rational>,
    /// Those that cover a use case whatever a request states.
    of: BTreeMap<&'a str, Vec<&'a Counted>>,
}

impl<'a> Strictest<'a> {
    pub(super) fn of(side: &'a Shares) -> Self {
        let mut all = Self { least: BTreeMap::new(), of: BTreeMap::new() };
        for budget in side.budgets.values().filter(|budget| budget.on.is_none()) {
            let key = (budget.when.as_str(), budget.per.as_str(), per(budget.period));
            let least = all.least.entry(key).or_insert(&budget.limit);
            *least = (*least).min(&budget.limit);
            for name in budget.coverage.iter().flat_map(Coverage::always) {
                work::step();
                all.of.entry(name).or_default().push(budget);
            }
        }
        all
    }

    /// Whether one of them is as strict as a budget.
    pub(super) fn replaces(&self, budget: &Counted) -> bool {
        let limits = [budget.when.as_str(), ""].into_iter().flat_map(|when| {
            [budget.per.as_str(), ""].map(|each| self.least.get(&(when, each, per(budget.period))))
        });
        limits.flatten().any(|limit| **limit <= budget.limit)
    }

    /// Whether one of them is as strict as a budget for a use case.
    pub(super) fn covers(&self, use_case: &str, budget: &Counted) -> bool {
        self.of.get(use_case).into_iter().flatten().any(|one| {
            work::step();
            one.period == budget.period
                && one.limit <= budget.limit
                && (one.per.is_empty() || one.per == budget.per)
        })
    }
}
