//! Sums of expected money, one for each value of `per`, and those that exceed a limit.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::both;
use crate::limits::shown;
use crate::model::words::{count, joined, some_of};
use crate::model::{UseCaseId, World};
use crate::number::{Rational, add_up, whole};

/// What is expected for one value of `per`, or for everything where there is none.
#[derive(Debug, Clone)]
pub struct Sum {
    /// The value of `per`, if there is one.
    pub group: Option<String>,
    /// US dollars in the limit's period.
    pub cost: Rational,
    /// Those that add to it, by name.
    pub use_cases: Vec<UseCaseId>,
}

/// Sums by the value of `per`, while they are added up.
#[derive(Debug, Default)]
pub(super) struct Adding(BTreeMap<Option<String>, (Rational, Vec<UseCaseId>)>);

impl Adding {
    pub(super) fn add(&mut self, group: Option<String>, cost: &Rational, use_case: UseCaseId) {
        let sum = self.0.entry(group).or_insert_with(|| (whole(0), Vec::new()));
        if *cost > whole(0) {
            sum.1.push(use_case);
        }
        add_up(&mut sum.0, cost);
    }

    /// The sums, the largest first.
    pub(super) fn sums(self) -> Arc<[Sum]> {
        let sums = self.0.into_iter().map(|(group, (cost, mut use_cases))| {
            use_cases.sort_unstable();
            Sum { group, cost, use_cases }
        });
        let mut sums: Vec<Sum> = sums.collect();
        sums.sort_by(|a, b| b.cost.cmp(&a.cost));
        sums.into()
    }
}

/// An exceeded limit.
#[derive(Debug, Clone)]
pub struct Exceeded {
    /// US dollars in the limit's period.
    limit: Rational,
    /// All sums, the worst first.
    sums: Arc<[Sum]>,
    /// How many of them exceed the limit; at least one.
    exceeding: usize,
}

impl Exceeded {
    /// Where some of these sums, the largest first, exceed a limit.
    pub(super) fn new(limit: &Rational, sums: &Arc<[Sum]>) -> Option<Self> {
        let exceeding = sums.partition_point(|sum| sum.cost > *limit);
        (exceeding > 0).then(|| Self { limit: limit.clone(), sums: Arc::clone(sums), exceeding })
    }

    /// Every sum that exceeds it, the worst first.
    pub fn sums(&self) -> &[Sum] {
        self.sums.get(..self.exceeding).unwrap_or_default()
    }

    /// Its limit, and what is expected: of every value of `per` that exceeds it, the worst first.
    pub fn words(&self) -> (String, String) {
        let sums = self.sums();
        let Some(worst) = sums.first() else { return Default::default() };
        let (limit, cost) = both(&self.limit, &worst.cost);
        let of = |sum: &Sum, cost: &str| match &sum.group {
            Some(group) => format!("{cost} usd for `{group}`"),
            None if sums.len() > 1 => format!("{cost} usd for those that state none"),
            None => format!("{cost} usd"),
        };
        let mut parts = vec![of(worst, &cost)];
        for sum in sums.iter().skip(1).take(shown::GROUPS - 1) {
            parts.push(of(sum, &both(&self.limit, &sum.cost).1));
        }
        match sums.len().saturating_sub(shown::GROUPS) {
            0 => {}
            1 => parts.push("more for 1 other".to_owned()),
            more => parts.push(format!("more for {more} others")),
        }
        let expected = joined(&parts.iter().map(String::as_str).collect::<Vec<&str>>());
        (limit, expected)
    }

    /// How many add to an exceeded sum.
    pub fn count(&self) -> usize {
        self.sums().iter().map(|sum| sum.use_cases.len()).sum()
    }

    /// The first that add to an exceeded sum, by name, so many of them.
    pub fn use_cases(&self, most: usize) -> Vec<UseCaseId> {
        let all = || self.sums().iter().flat_map(|sum| sum.use_cases.iter().copied());
        if most == 1 {
            return all().min().into_iter().collect();
        }
        let mut ids: Vec<UseCaseId> = all().collect();
        ids.sort_unstable();
        ids.truncate(most);
        ids
    }

    /// A line for each exceeded sum, so many of them: whoever adds to it, and of several also how much it is.
    pub fn notes(&self, world: &World, on: &str, most: usize) -> Vec<String> {
        let sums = self.sums();
        let name = |id: &UseCaseId| world.use_cases[*id].name.value.as_str();
        let line = |sum: &Sum| {
            let names = some_of(sum.use_cases.iter().map(name), sum.use_cases.len(), 5);
            let (_, cost) = both(&self.limit, &sum.cost);
            match &sum.group {
                Some(group) if sums.len() > 1 => {
                    format!("these add to the {cost} usd of `{group}`, each on its {on}: {names}")
                }
                None if sums.len() > 1 => {
                    format!("these add to the {cost} usd of those that state none, each on its {on}: {names}")
                }
                Some(_) | None => format!("these add to it, each on its {on}: {names}"),
            }
        };
        let mut lines: Vec<String> = sums.iter().take(most).map(line).collect();
        if let more @ 1.. = sums.len().saturating_sub(most) {
            lines.push(format!(
                "{} not shown",
                count(more, "more sum that exceeds it is", "more sums that exceed it are")
            ));
        }
        lines
    }
}
