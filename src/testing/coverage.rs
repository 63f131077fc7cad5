//! What tests reach, and what they do not.

use std::collections::{BTreeMap, BTreeSet};

use super::TestRun;
use super::items::{Item, Kind};
use super::reach::Reach;
use super::requests::{self, DecisionKey, Requests, TestRequest};
use crate::decide::survey::Survey;
use crate::model::UseCaseId;
use crate::number::{Rational, whole};

/// What tests reach.
#[derive(Debug)]
pub struct Coverage {
    /// Everything that can be reached, in the order of files and lines.
    pub items: Vec<Covered>,
    /// Distinct decisions over all contexts of all use cases, as a decision table counts them.
    pub decisions: Share,
    /// Distinct decisions that no test reaches, by the use case with the smallest request for each.
    pub missed: Vec<(String, usize)>,
    pub(super) missed_requests: Vec<(DecisionKey, TestRequest)>,
}

/// One thing, and how many tests reach it.
#[derive(Debug)]
pub struct Covered {
    /// The statement or clause that tests may reach.
    pub item: Item,
    /// How many tests reach it.
    pub tests: usize,
    /// The smallest request that reaches it.
    pub(super) request: Option<TestRequest>,
}

impl Covered {
    /// Whether some request reaches it; else no test can.
    pub fn reachable(&self) -> bool {
        self.request.is_some()
    }
}

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Reached by some test.
    pub reached: usize,
    /// That some request reaches.
    pub all: usize,
}

impl Share {
    /// In percent; of nothing all is reached.
    pub fn percent(self) -> Rational {
        match self.all {
            0 => whole(100),
            all => whole(self.reached as u64) * whole(100) / whole(all as u64),
        }
    }
}

impl Coverage {
    /// The share of one kind, of what some request reaches.
    pub fn of(&self, kind: Kind) -> Share {
        let of_kind = || self.items.iter().filter(|one| one.item.kind == kind && one.reachable());
        Share { reached: of_kind().filter(|one| one.tests > 0).count(), all: of_kind().count() }
    }

    /// The share of everything, distinct decisions among it.
    pub fn total(&self) -> Share {
        Kind::ALL.into_iter().map(|kind| self.of(kind)).fold(self.decisions, |sum, share| Share {
            reached: sum.reached + share.reached,
            all: sum.all + share.all,
        })
    }

    /// What some request reaches and no test does.
    pub fn unreached(&self) -> impl Iterator<Item = &Covered> {
        self.items.iter().filter(|one| one.tests == 0 && one.reachable())
    }
}

/// Measures the tests that were run; one without a defined decision reaches nothing.
pub fn coverage(survey: &Survey, runs: &[TestRun]) -> Coverage {
    let world = survey.world;
    let reach = Reach::new(world);
    let Requests { items, decisions } = requests::requests(survey, &reach);
    let mut tests = vec![0; items.len()];
    let mut reached: BTreeSet<DecisionKey> = BTreeSet::new();
    for run in runs {
        let Some(decision) = run.decision else { continue };
        for at in reach.of(run.use_case, &run.context, decision, run.test.on) {
            if let Some(count) = tests.get_mut(at) {
                *count += 1;
            }
        }
        reached.insert(requests::key(world, decision));
    }
    let all = decisions.len();
    let missed_requests: Vec<(DecisionKey, TestRequest)> =
        decisions.into_iter().filter(|(key, _)| !reached.contains(key)).collect();
    let mut missed: BTreeMap<UseCaseId, usize> = BTreeMap::new();
    for (_, request) in &missed_requests {
        *missed.entry(request.use_case).or_default() += 1;
    }
    let name = |id: UseCaseId| world.use_cases[id].name.value.clone();
    let covered = reach.items.into_iter().zip(tests).zip(items);
    Coverage {
        items: covered.map(|((item, tests), request)| Covered { item, tests, request }).collect(),
        decisions: Share { reached: all - missed_requests.len(), all },
        missed: missed.into_iter().map(|(id, count)| (name(id), count)).collect(),
        missed_requests,
    }
}
