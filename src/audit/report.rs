//! Adding up what was found: as much memory for a billion events as for ten.

use std::collections::BTreeMap;

use super::{Judged, Kind};
use crate::event::adapters::Adapter;
use crate::event::{Event, Field, Nanos, time};

/// One thing that is wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The file as it was named.
    pub file: String,
    /// The line on which its record begins, from 1.
    pub line: u64,
    /// The request's id, where there is one.
    pub request_id: Option<String>,
    /// The use case as the event names it.
    pub use_case: Option<String>,
    /// What is wrong.
    pub message: String,
}

/// All of a kind.
#[derive(Debug, Clone, Default)]
pub struct Count {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<Violation>,
}

/// Money of all events, in billionths of a dollar.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sums {
    /// By the tables' prices, of events that state their tokens.
    pub by_price: Nanos,
    /// As `cost_usd` says.
    pub stated: Nanos,
    /// As `billed_usd` says.
    pub billed: Nanos,
}

/// The report so far.
#[derive(Debug, Default)]
pub struct Report {
    /// Events.
    pub events: u64,
    /// Requests: some events add up several.
    pub requests: u64,
    /// Events with anything wrong, records that are no events included.
    pub wrong_events: u64,
    /// What is wrong, by kind.
    pub kinds: BTreeMap<Kind, Count>,
    /// Events by format.
    pub formats: BTreeMap<&'static str, u64>,
    /// Events by table, in the order of the tables.
    pub tables: Vec<u64>,
    /// The first and the last day.
    pub days: Option<(String, String)>,
    /// Money.
    pub sums: Sums,
    /// How many examples of a kind are kept.
    examples: usize,
}

impl Report {
    /// Of nothing yet, which keeps so many examples of a kind.
    pub fn new(tables: usize, examples: usize) -> Self {
        Self { tables: vec![0; tables], examples, ..Self::default() }
    }

    /// Counts an event that has been judged.
    pub fn event(&mut self, event: &Event<'_>, adapter: &Adapter, judged: &Judged, is_wrong: bool) {
        self.events += 1;
        self.requests = self.requests.saturating_add(event.requests());
        self.wrong_events += u64::from(is_wrong);
        *self.formats.entry(adapter.name).or_default() += 1;
        if let Some(count) = judged.table.and_then(|at| self.tables.get_mut(at)) {
            *count += 1;
        }
        self.sums.by_price += judged.cost.map_or(0, |cost| cost.usual);
        self.sums.stated += event.money(Field::Cost).unwrap_or_default();
        self.sums.billed += event.money(Field::Billed).unwrap_or_default();
        if let Some(at) = event.text(Field::Time) {
            match time::plain_day(at) {
                Some(day) => self.day(day),
                None => {
                    if let Some(day) = time::day(at) {
                        self.day(&day);
                    }
                }
            }
        }
    }

    /// Counts a record that is no event.
    pub fn unreadable(&mut self) {
        self.wrong_events += 1;
    }

    /// Counts something wrong, and keeps it where it is among the first of its kind.
    pub fn wrong(&mut self, kind: Kind, violation: impl FnOnce() -> Violation) {
        let of_kind = self.kinds.entry(kind).or_default();
        of_kind.count += 1;
        if of_kind.examples.len() < self.examples {
            of_kind.examples.push(violation());
        }
    }

    /// Everything that is wrong, counted.
    pub fn violations(&self) -> u64 {
        self.kinds.values().map(|of_kind| of_kind.count).sum()
    }

    fn day(&mut self, day: &str) {
        match &mut self.days {
            None => self.days = Some((day.to_owned(), day.to_owned())),
            Some((first, _)) if day < first.as_str() => day.clone_into(first),
            Some((_, last)) if day > last.as_str() => day.clone_into(last),
            Some(_) => {}
        }
    }
}
