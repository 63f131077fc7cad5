//! Looking up: an index computation that never fails; what is not understood is `block`.

use std::fmt;

use super::answer::{Decision, Outcome};
use super::decimal::Share;
use super::format::Model;
use super::load::DecisionTable;

/// A request, as LANGUAGE §7 has it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// A use case's name or endpoint tag.
    pub use_case: &'a str,
    /// None: the use case's own. A lower one is ignored.
    pub classification: Option<&'a str>,
    /// What is left of the budget, in percent: a decimal such as `15`, `12.5` or `12.5%`, of any length and compared
    /// exactly. None: 100. Outside 0 to 100 it is clamped.
    pub budget_remaining: Option<&'a str>,
    /// Facts by name, each at most once; one that is not stated has its default.
    pub facts: &'a [(&'a str, &'a str)],
}

impl<'a> Request<'a> {
    /// A request for a use case with everything at its default.
    pub fn of(use_case: &'a str) -> Self {
        Self { use_case, ..Self::default() }
    }
}

/// The part of a request that the table does not know; such a request is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotUnderstood {
    /// No use case has this name or endpoint tag.
    UseCase,
    /// No classification is called so.
    Classification,
    /// It is no decimal.
    BudgetRemaining,
    /// A fact or a value that is not declared, or a fact that stands twice.
    Fact,
}

impl fmt::Display for NotUnderstood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UseCase => "no use case has this name or endpoint tag",
            Self::Classification => "the classification is not known",
            Self::BudgetRemaining => "what remains of the budget is no decimal",
            Self::Fact => "a fact or its value is not declared, or stands twice",
        })
    }
}

impl DecisionTable {
    /// The decision for a request. Never fails, allocates nothing, and hashes the use case's name only.
    pub fn decide<'a>(&'a self, request: &Request) -> Decision<'a> {
        self.find(request).unwrap_or_else(|what| Decision::refused(&self.table, what))
    }

    /// Where a request goes while some models are down.
    pub fn decide_with_outages<'a>(
        &'a self,
        request: &Request,
        down: impl Fn(&Model) -> bool,
    ) -> Outcome<'a> {
        self.decide(request).with_outages(down)
    }

    /// From the cell of a request that states nothing, one step for everything that the request states.
    fn find<'a>(&'a self, request: &Request) -> Result<Decision<'a>, NotUnderstood> {
        let index = &self.index;
        let found = index.use_case(request.use_case).ok_or(NotUnderstood::UseCase)?;
        let shape = found.shape;
        let (mut level, mut cell) = (shape.level, shape.baseline);
        if let Some(name) = request.classification {
            let asked = index.classifications.find(name).ok_or(NotUnderstood::Classification)?;
            level = level.max(asked);
            cell += (level - shape.level) * shape.level_stride;
        }
        if let Some(percent) = request.budget_remaining {
            let share = Share::clamped(percent).ok_or(NotUnderstood::BudgetRemaining)?;
            cell -= shape.budget_steps(share);
        }
        let mut stated = Stated::default();
        for (at, (name, value)) in request.facts.iter().enumerate() {
            let (fact, position, default) = index.fact(name, value).ok_or(NotUnderstood::Fact)?;
            if stated.twice(fact, request.facts.get(..at).unwrap_or_default(), name) {
                return Err(NotUnderstood::Fact);
            }
            let stride = shape.fact_stride(fact);
            cell = cell + position * stride - default * stride;
        }
        let table = &self.table;
        let decision = index.decision(found, cell).and_then(|decision| table.decisions.get(decision));
        Ok(Decision::new(table, table.use_cases.get(found.use_case), decision, level))
    }
}

/// Which facts a request has stated so far.
#[derive(Default)]
struct Stated {
    /// Of the first facts, a bit each.
    first: u64,
}

impl Stated {
    /// Whether a fact stands a second time.
    fn twice(&mut self, fact: usize, before: &[(&str, &str)], name: &str) -> bool {
        let Some(bit) = u32::try_from(fact).ok().and_then(|fact| 1u64.checked_shl(fact)) else {
            return before.iter().any(|(other, _)| *other == name);
        };
        let twice = self.first & bit != 0;
        self.first |= bit;
        twice
    }
}
