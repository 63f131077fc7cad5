//! What logs say of traffic: how many requests were answered, refused or led elsewhere, by month and use case.

use std::collections::BTreeMap;

use crate::event::{Event, Field, time};
use crate::limits::MAX_TRAFFIC_ENTRIES;

/// A month and a use case as events name it; empty where they name none.
pub type UseCaseMonth = (String, String);

/// How many requests came to what. A request has an event for each model that was asked, each with its hop, so attempts
/// that failed are no requests of their own; an error of which no hop is told is a request that ended in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Requests that somebody answered.
    pub answered: u64,
    /// Those of them that were answered after the primary had failed.
    pub elsewhere: u64,
    /// Requests that no model was asked: blocked, queued or degraded.
    pub refused: u64,
    /// Requests that ended in an error.
    pub unanswered: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Events with anything wrong.
    pub wrong: u64,
}

impl Counts {
    /// Requests that came to an end.
    pub fn requests(&self) -> u64 {
        self.answered.saturating_add(self.refused).saturating_add(self.unanswered)
    }

    /// Whether anybody asked: attempts that failed tell of requests too.
    pub fn is_any(&self) -> bool {
        self.requests() > 0 || self.failed > 0
    }

    /// Of another block of the same logs.
    pub fn add(&mut self, other: &Self) {
        let sums = [
            (&mut self.answered, other.answered),
            (&mut self.elsewhere, other.elsewhere),
            (&mut self.refused, other.refused),
            (&mut self.unanswered, other.unanswered),
            (&mut self.failed, other.failed),
            (&mut self.wrong, other.wrong),
        ];
        for (sum, more) in sums {
            *sum = sum.saturating_add(more);
        }
    }

    fn take(&mut self, other: &Self) {
        let sums = [
            (&mut self.answered, other.answered),
            (&mut self.elsewhere, other.elsewhere),
            (&mut self.refused, other.refused),
            (&mut self.unanswered, other.unanswered),
            (&mut self.failed, other.failed),
        ];
        for (sum, less) in sums {
            *sum = sum.saturating_sub(less);
        }
    }

    fn of(event: &Event<'_>, is_wrong: bool) -> Self {
        let (many, wrong) = (event.requests(), u64::from(is_wrong));
        let status = event.text(Field::Status);
        if !event.is_served() {
            return Self { refused: many, wrong, ..Self::default() };
        }
        if status == Some("error") && event.count(Field::Hop).is_none() {
            return Self { unanswered: many, wrong, ..Self::default() };
        }
        if status == Some("error") {
            return Self { failed: many, wrong, ..Self::default() };
        }
        let is_elsewhere = event.count(Field::Hop).is_some_and(|hop| hop > 0);
        Self { answered: many, elsewhere: if is_elsewhere { many } else { 0 }, wrong, ..Self::default() }
    }
}

/// Traffic added up. Past a number of use cases and months what else comes is counted without a name.
#[derive(Debug, Default)]
pub struct Traffic(BTreeMap<UseCaseMonth, Counts>);

impl Traffic {
    /// Everything, by month and use case.
    pub fn iter(&self) -> impl Iterator<Item = (&UseCaseMonth, &Counts)> {
        self.0.iter()
    }

    /// Counts an event.
    pub fn event(&mut self, event: &Event<'_>, is_wrong: bool) {
        self.entry(key(event)).add(&Counts::of(event, is_wrong));
    }

    /// Takes back an event that was counted before.
    pub fn repeat(&mut self, event: &Event<'_>) {
        self.entry(key(event)).take(&Counts::of(event, false));
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: Self) {
        for (key, counts) in other.0 {
            self.entry(key).add(&counts);
        }
    }

    fn entry(&mut self, key: UseCaseMonth) -> &mut Counts {
        let is_full = self.0.len() >= MAX_TRAFFIC_ENTRIES && !self.0.contains_key(&key);
        self.0.entry(if is_full { UseCaseMonth::default() } else { key }).or_default()
    }
}

fn key(event: &Event<'_>) -> UseCaseMonth {
    let month = event.text(Field::Time).and_then(|at| time::day(at)?.get(..7).map(str::to_owned));
    (month.unwrap_or_default(), event.use_case().unwrap_or_default().to_owned())
}
