//! Looking up: an index computation that never fails; what is not understood is `block`.

use std::fmt;

use super::answer::{Decision, Outcome};
use super::decimal::Share;
use super::format::{Model, Trigger};
use super::index::Entry;
use super::load::DecisionTable;

/// A request: what a gateway knows when it asks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// A use case's name or endpoint tag.
    pub use_case: &'a str,
    /// None: the use case's own. A lower one is ignored.
    pub classification: Option<&'a str>,
    /// The smallest remaining share over the budgets, in percent: a decimal such as `15`, `12.5` or `12.5%`, of any
    /// length and compared exactly. None: 100. Outside 0 to 100 it is clamped.
    pub budget_remaining: Option<&'a str>,
    /// Remaining shares of single budgets by the budget's name, each at most once; one that is not stated is 100.
    pub budgets: &'a [(&'a str, &'a str)],
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
    /// It is not a decimal.
    BudgetRemaining,
    /// A budget that the table does not have, a share that is not a decimal, or a budget that appears twice.
    Budget,
    /// A fact or a value that is not declared, or a fact that appears twice.
    Fact,
    /// Something that no request states.
    Attribute,
}

impl fmt::Display for NotUnderstood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UseCase => "no use case has this name or endpoint tag",
            Self::Classification => "the classification is not known",
            Self::BudgetRemaining => "what remains of the budget is not a decimal",
            Self::Budget => "a budget is not known or appears twice, or what remains of it is not a decimal",
            Self::Attribute => "the request states something that the table does not know",
            Self::Fact => "a fact or its value is not declared, or appears twice",
        })
    }
}

impl DecisionTable {
    /// The decision for a request. Never fails, allocates nothing, and hashes the use case's name only.
    pub fn decide<'a>(&'a self, request: &Request) -> Decision<'a> {
        match self.find(request) {
            Ok(cell) => cell.decision(),
            Err(what) => Decision::refused(self, what),
        }
    }

    /// Where a request goes while some models are down: to the primary if it is up, else along the path for outages.
    pub fn route<'a>(&'a self, request: &Request, down: impl Fn(&Model) -> bool) -> Outcome<'a> {
        self.decide(request).route(down)
    }

    /// What is tried when the primary fails in some way while some models are down.
    pub fn route_on<'a>(
        &'a self,
        request: &Request,
        trigger: Trigger,
        down: impl Fn(&Model) -> bool,
    ) -> Outcome<'a> {
        self.decide(request).route_on(trigger, down)
    }

    /// From the cell of a request that states nothing, one step for everything that the request states.
    #[inline]
    fn find(&self, request: &Request) -> Result<Cell<'_, '_>, NotUnderstood> {
        let index = self.index();
        let entry = index.use_case(request.use_case).ok_or(NotUnderstood::UseCase)?;
        let mut walk = Cell::new(self, entry);
        if let Some(name) = request.classification {
            walk.level(index.classifications.find(name).ok_or(NotUnderstood::Classification)?);
        }
        if let Some(percent) = request.budget_remaining {
            walk.smallest(Share::clamped(percent).ok_or(NotUnderstood::BudgetRemaining)?);
        }
        if !request.budgets.is_empty() {
            self.budgets(&mut walk, request.budgets)?;
        }
        let mut stated = Once::default();
        for (at, (name, value)) in request.facts.iter().enumerate() {
            let found = index.facts.find(name, value).ok_or(NotUnderstood::Fact)?;
            if stated.again(found.fact, || known_before(request.facts, at, name)) {
                return Err(NotUnderstood::Fact);
            }
            walk.fact(found.fact, found.offset);
        }
        Ok(walk)
    }

    /// One step for each budget; apart, because few requests state any.
    #[inline(never)]
    fn budgets(&self, walk: &mut Cell, stated: &[(&str, &str)]) -> Result<(), NotUnderstood> {
        let mut once = Once::default();
        for (at, (name, percent)) in stated.iter().enumerate() {
            let budget = self.index().budgets.find(name).ok_or(NotUnderstood::Budget)?;
            if once.again(budget, || known_before(stated, at, name)) {
                return Err(NotUnderstood::Budget);
            }
            walk.budget(budget, Share::clamped(percent).ok_or(NotUnderstood::Budget)?);
        }
        Ok(())
    }
}

/// A cell on the way to what a request states.
pub(super) struct Cell<'a, 'e> {
    table: &'a DecisionTable,
    entry: &'e Entry,
    level: u32,
    cell: u32,
}

impl<'a, 'e> Cell<'a, 'e> {
    /// The cell of a request that states nothing. Every step below stays within the use case's cells.
    pub(super) fn new(table: &'a DecisionTable, entry: &'e Entry) -> Self {
        Self { table, entry, level: entry.level, cell: entry.cell }
    }

    pub(super) fn level(&mut self, asked: u32) {
        self.level = self.entry.level.max(asked);
        let steps = self.level.wrapping_sub(self.entry.level);
        self.cell = self.cell.wrapping_add(steps.wrapping_mul(self.entry.level_stride));
    }

    pub(super) fn smallest(&mut self, share: Share) {
        self.cell = self.cell.wrapping_sub(self.table.index().smallest_steps(self.entry, share));
    }

    pub(super) fn budget(&mut self, budget: u32, share: Share) {
        self.cell = self.cell.wrapping_sub(self.table.index().budget_steps(self.entry, budget, share));
    }

    pub(super) fn fact(&mut self, fact: u32, offset: i32) {
        let stride = self.table.index().fact_stride(self.entry, fact);
        self.cell = self.cell.wrapping_add(stride.wrapping_mul(offset.cast_unsigned()));
    }

    pub(super) fn decision(&self) -> Decision<'a> {
        // A use case that was found in another table may have no cell in this one.
        match self.table.index().decision(self.cell) {
            Some(decision) => Decision::new(self.table, self.entry.use_case, decision, self.level),
            None => Decision::refused(self.table, NotUnderstood::UseCase),
        }
    }
}

/// What of a list has been stated, by position in the table.
#[derive(Default)]
pub(super) struct Once(u64);

impl Once {
    /// Whether a number was there before; beyond 64 the caller looks itself.
    #[inline]
    pub(super) fn again(&mut self, number: u32, look: impl FnOnce() -> bool) -> bool {
        let Some(bit) = 1u64.checked_shl(number) else { return look() };
        let before = self.0 & bit != 0;
        self.0 |= bit;
        before
    }
}

#[inline(never)]
fn known_before(stated: &[(&str, &str)], at: usize, name: &str) -> bool {
    stated.iter().take(at).any(|(known, _)| *known == name)
}
