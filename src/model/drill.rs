//! Drills: outages that were rehearsed, and what they still prove.

use super::{Date, Down, UseCase, UseCaseId, World};
use crate::number::Rational;
use crate::source::{Span, Spanned};
use crate::vocabulary::Criticality;

/// For so many days a drill of a use case of high criticality counts: chains are to be tested every month.
const DAYS_HIGH: i32 = 30;
/// The same for all others.
const DAYS_OTHERS: i32 = 90;
/// A use case in a rehearsed outage.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named like the keys of the estate, which docs/language.md explains")]
pub struct Drill {
    pub use_case: UseCaseId,
    /// The whole entry.
    pub span: Span,
    pub date: Date,
    /// Not empty.
    pub down: Vec<Down>,
    /// Else it failed.
    pub passed: bool,
    /// As written: a model that may be gone by now.
    pub answered_by: Option<String>,
    /// Milliseconds.
    pub resolution_ms: Option<Spanned<Rational>>,
}

impl UseCase {
    /// For how many days a drill of it counts.
    pub fn drill_days(&self) -> i32 {
        if self.criticality == Criticality::High { DAYS_HIGH } else { DAYS_OTHERS }
    }
}

impl World {
    /// The drills of a use case up to the as-of date, the last one first.
    pub fn drills_of(&self, use_case: UseCaseId) -> impl Iterator<Item = &Drill> {
        let until = self.as_of;
        self.drills.iter().rev().filter(move |drill| drill.use_case == use_case && drill.date <= until)
    }

    /// Whether a drill is young enough to count.
    pub fn counts(&self, drill: &Drill) -> bool {
        let days = self.use_cases[drill.use_case].drill_days();
        drill.passed && drill.date <= self.as_of && days_between(drill.date, self.as_of) <= days
    }
}

/// Days from one day to another.
pub fn days_between(from: Date, to: Date) -> i32 {
    // Days between two dates always fit.
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}
