//! The same events by another table: where they would have gone, what they would have cost, what would be refused.

use std::collections::BTreeMap;

use super::names::Found;
use super::tables::Known;
use super::{Auditor, decide};
use crate::event::{Event, Field, Fields, Nanos};
use crate::table::{Decision, Outcome, Request, Target, Trigger};

/// Where a request went, or would have gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Went {
    /// To a model.
    To(String),
    /// Nowhere.
    Refused,
    /// To a model that the tables do not know.
    Elsewhere,
}

/// The events of a use case.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// How many requests its events stand for.
    pub requests: u64,
    /// Those that go where they went.
    pub same: u64,
    /// What they cost by the prices of their tables, in billionths of a dollar.
    pub cost: Nanos,
    /// What they would have cost.
    pub would_cost: Nanos,
    /// Requests by where they went and would have gone, where that differs.
    pub moves: BTreeMap<(Went, Went), u64>,
}

impl Row {
    /// Those that would no longer be served.
    pub fn refused(&self) -> u64 {
        let lost = |(from, to): &(Went, Went)| *from != Went::Refused && *to == Went::Refused;
        self.moves.iter().filter(|(way, _)| lost(way)).map(|(_, count)| count).sum()
    }
}

/// All events by use case; those of no use case together.
#[derive(Debug, Default)]
pub struct Replay {
    /// By use case; none: of no use case that either table knows.
    pub rows: BTreeMap<Option<String>, Row>,
    /// Events that name no time or a table that is not known, and what is no event.
    pub unread: u64,
    /// Events that were read before, and count once.
    pub repeated: u64,
    /// Requests that no model served though the table led to one: an outage, a budget, a quota. Nothing says whether any
    /// other model would have served them.
    pub unserved: u64,
}

impl Replay {
    /// Replays one event.
    pub fn event(&mut self, auditor: &Auditor, other: &Known, event: &Event<'_>, states: Fields) {
        let Ok((in_force, _)) = auditor.fitting(event, states) else {
            self.unread += 1;
            return;
        };
        let known = in_force.known;
        if event.use_case().is_none() {
            self.unread += 1;
            return;
        }
        let (before, after) = (decide(known, event), decide(other, event));
        if !event.is_served() && target(&before, event).is_some() {
            self.unserved = self.unserved.saturating_add(event.requests());
            return;
        }
        // A request that is not understood is refused, and is one of its use case all the same.
        let named = || by_name(other, event).or_else(|| by_name(known, event));
        let name = after.use_case().or_else(|| before.use_case()).map(|use_case| use_case.name.clone());
        let name = name.or_else(named);
        // The same use on both sides: what one of them knows of it holds for the other.
        let is_batch = known.is_batch(Some(&before)).or_else(|| other.is_batch(Some(&after)));
        let price = |known: &Known, at: usize| {
            let price = known.prices.get(at);
            price.and_then(|price| price.cost(event, || is_batch)).map_or(0, |cost| cost.usual)
        };
        let found = known.names.find(event, Some(&before));
        let went = match found {
            _ if !event.is_served() => Went::Refused,
            Found::Target(at) => {
                known.table.table().models.get(at).map_or(Went::Elsewhere, |model| Went::To(model.id.clone()))
            }
            _ => Went::Elsewhere,
        };
        let target = target(&after, event);
        let row = self.rows.entry(name).or_default();
        let requests = event.requests();
        row.requests = row.requests.saturating_add(requests);
        row.cost += match found {
            Found::Target(at) if went != Went::Refused => price(known, at),
            _ => event.money(Field::Cost).or(event.money(Field::Billed)).unwrap_or_default(),
        };
        let would_go = match target {
            None => Went::Refused,
            Some(target) => {
                let id = &target.model().id;
                let at = other.table.table().models.iter().position(|model| model.id == *id);
                row.would_cost += at.map_or(0, |at| price(other, at));
                Went::To(id.clone())
            }
        };
        if went == would_go {
            row.same += requests;
        } else {
            *row.moves.entry((went, would_go)).or_default() += requests;
        }
    }

    /// All use cases together.
    pub fn total(&self) -> Row {
        let mut total = Row::default();
        for row in self.rows.values() {
            total.requests += row.requests;
            total.same += row.same;
            total.cost += row.cost;
            total.would_cost += row.would_cost;
            for (way, count) in &row.moves {
                *total.moves.entry(way.clone()).or_default() += count;
            }
        }
        total
    }
}

/// The use case that an event names, whatever else it states.
fn by_name(known: &Known, event: &Event<'_>) -> Option<String> {
    let request = Request { use_case: event.use_case()?, ..Request::default() };
    known.table.decide(&request).use_case().map(|use_case| use_case.name.clone())
}

/// Where a decision leads a request that failed as the event says: on its trigger, at its hop.
fn target<'d>(decision: &Decision<'d>, event: &Event<'_>) -> Option<Target<'d>> {
    let hop = event.count(Field::Hop).unwrap_or(0);
    let trigger = event.text(Field::Trigger).and_then(Trigger::parse);
    match (trigger, hop) {
        (Some(trigger), hop) => {
            decision.primary()?;
            let place = usize::try_from(hop.saturating_sub(1)).ok()?;
            decision.on(trigger)?.targets().nth(place)
        }
        (None, _) => match decision.route(|_| false) {
            Outcome::Route(target) => Some(target),
            _ => None,
        },
    }
}
