//! Adding up what was found: as much memory for a billion events as for ten.

use std::collections::BTreeMap;

use super::traffic::Traffic;
use super::{Judged, Kind};
use crate::event::adapters::{self, Adapter};
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

impl Sums {
    /// Of one event.
    fn of(event: &Event<'_>, judged: &Judged) -> Self {
        Self {
            by_price: judged.cost.map_or(0, |cost| cost.usual),
            stated: event.money(Field::Cost).unwrap_or_default(),
            billed: event.money(Field::Billed).unwrap_or_default(),
        }
    }

    fn add(&mut self, other: &Self, times: Nanos) {
        self.by_price += times * other.by_price;
        self.stated += times * other.stated;
        self.billed += times * other.billed;
    }
}

/// The report so far.
#[derive(Debug, Default)]
pub struct Report {
    /// How many events were read, those with nothing wrong included.
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
    /// Events that were read before: they count among the events, and not again in the sums.
    pub repeated: u64,
    /// Events that there was no room to remember, so that repeats of them are not found.
    pub forgotten: u64,
    /// Events of a day before the oldest table, which are held against it.
    pub before_tables: u64,
    /// Events that name no time in a format that has none: they are held against the table of today.
    pub undated: u64,
    /// Events whose stated amounts could not be held against a price.
    pub unheld: u64,
    /// Events that name no model, of a format of which nothing else is asked.
    pub of_no_model: u64,
    /// Charges of services that are no models.
    pub of_other_services: u64,
    /// Events of a day on which several tables were in force, held against the one that fits them best.
    pub of_several: u64,
    /// Records that are no events, also where that is allowed.
    pub unread: u64,
    /// Records that ask no model, which are passed over.
    pub passed: u64,
    /// Logs without any event, as they were named.
    pub empty: Vec<String>,
    /// Requests by month and use case, where that is asked.
    pub traffic: Option<Traffic>,
    /// How many examples of a kind are kept.
    examples: usize,
}

impl Report {
    /// Of nothing yet, which keeps so many examples of a kind.
    pub fn new(tables: usize, examples: usize) -> Self {
        Self { tables: vec![0; tables], examples, ..Self::default() }
    }

    /// The same with requests by month and use case, if that is asked.
    #[must_use]
    pub fn with_traffic(self, is_asked: bool) -> Self {
        Self { traffic: is_asked.then(Traffic::default), ..self }
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
        self.sums.add(&Sums::of(event, judged), 1);
        if let Some(traffic) = &mut self.traffic {
            traffic.event(event, is_wrong);
        }
        self.before_tables += u64::from(judged.is_before_tables);
        self.unheld += u64::from(judged.is_unheld);
        self.of_no_model += u64::from(judged.is_of_no_model);
        self.of_other_services += u64::from(judged.is_of_other_service);
        self.of_several += u64::from(judged.is_of_several);
        self.undated += u64::from(judged.table.is_some() && !event.has(Field::Time));
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

    /// Takes back what an event added that was counted before.
    pub fn repeat(&mut self, event: &Event<'_>, judged: &Judged) {
        self.repeated += 1;
        self.requests = self.requests.saturating_sub(event.requests());
        self.sums.add(&Sums::of(event, judged), -1);
        if let Some(traffic) = &mut self.traffic {
            traffic.repeat(event);
        }
    }

    /// Adds what was found in the records that follow.
    pub fn add(&mut self, other: Self) {
        self.events += other.events;
        self.requests = self.requests.saturating_add(other.requests);
        self.wrong_events += other.wrong_events;
        self.repeated += other.repeated;
        self.forgotten += other.forgotten;
        self.before_tables += other.before_tables;
        self.undated += other.undated;
        self.unheld += other.unheld;
        self.of_no_model += other.of_no_model;
        self.of_other_services += other.of_other_services;
        self.of_several += other.of_several;
        self.unread += other.unread;
        self.passed += other.passed;
        self.empty.extend(other.empty);
        self.sums.add(&other.sums, 1);
        if let Some((traffic, more)) = self.traffic.as_mut().zip(other.traffic) {
            traffic.add(more);
        }
        for (kind, count) in other.kinds {
            let of_kind = self.kinds.entry(kind).or_default();
            of_kind.count += count.count;
            let room = self.examples.saturating_sub(of_kind.examples.len());
            of_kind.examples.extend(count.examples.into_iter().take(room));
        }
        for (name, events) in other.formats {
            *self.formats.entry(name).or_default() += events;
        }
        for (events, more) in self.tables.iter_mut().zip(other.tables) {
            *events += more;
        }
        for day in other.days.iter().flat_map(|(first, last)| [first, last]) {
            self.day(day);
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

    /// Events of formats that name no use case: whether they were allowed is not asked.
    pub fn of_no_use_case(&self) -> u64 {
        let names = |name: &&str| adapters::named(name).is_none_or(Adapter::names_use_cases);
        self.formats.iter().filter(|(name, _)| !names(name)).map(|(_, events)| events).sum()
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
