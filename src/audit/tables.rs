//! Which table was in force: by the digest that an event names, else by its day.

use std::collections::HashMap;

use super::names::{Names, Registry};
use super::price;
use crate::event::price::Price;
use crate::table::{Decision, DecisionTable};

/// A table with what events are held against besides.
#[derive(Debug)]
pub struct Known {
    /// As it is loaded, so its decisions can be asked for.
    pub table: DecisionTable,
    /// What its models are called.
    pub names: Names,
    /// Their prices, by index.
    pub prices: Vec<Price>,
    /// Whether each use case is a batch, by name, as far as it is known.
    batches: HashMap<String, bool>,
}

impl Known {
    /// A table, and what a workspace says besides where there is one.
    pub fn new(table: DecisionTable, registry: &Registry) -> Self {
        let names = Names::new(table.table(), registry);
        let prices = table.table().models.iter().map(price::of).collect();
        Self { table, names, prices, batches: registry.batches.clone() }
    }

    /// Whether the use case of a decision is a batch; none where nobody says.
    pub fn is_batch(&self, decision: Option<&Decision<'_>>) -> Option<bool> {
        self.batches.get(&decision?.use_case()?.name).copied()
    }

    fn as_of(&self) -> &str {
        &self.table.table().as_of
    }
}

/// All tables, the oldest first.
#[derive(Debug)]
pub struct Tables {
    known: Vec<Known>,
    by_digest: HashMap<String, usize>,
}

/// The table that an event is held against.
#[derive(Debug, Clone, Copy)]
pub struct InForce<'t> {
    /// The table, and what else events are held against.
    pub known: &'t Known,
    /// Its place among all.
    pub at: usize,
    /// A newer one was in force on that day.
    pub newer: Option<&'t Known>,
    /// It was no longer valid.
    pub is_expired: bool,
    /// It was not made yet.
    pub is_unmade: bool,
    /// It is the oldest, and the day is before it.
    pub is_before: bool,
}

impl Tables {
    /// Of several with one digest, one is kept.
    pub fn new(mut known: Vec<Known>) -> Self {
        known.sort_by(|a, b| (a.as_of(), a.digest()).cmp(&(b.as_of(), b.digest())));
        known.dedup_by(|a, b| a.digest() == b.digest());
        let by_digest = known.iter().zip(0..).map(|(known, at)| (known.digest().to_owned(), at)).collect();
        Self { known, by_digest }
    }

    /// The other tables that were in force on the day of one that was made on it, the newest first.
    pub fn beside(&self, one: &InForce<'_>, day: &str) -> Vec<InForce<'_>> {
        if one.known.as_of() != day {
            return Vec::new();
        }
        let before = self.known.partition_point(|known| known.as_of() < day);
        let others = self.known.iter().enumerate().take(one.at).skip(before.saturating_sub(1)).rev();
        let in_force = |(at, known)| InForce {
            known,
            at,
            newer: None,
            is_expired: is_expired(known, day),
            is_unmade: false,
            is_before: false,
        };
        others.map(in_force).collect()
    }

    /// All, the oldest first.
    pub fn all(&self) -> &[Known] {
        &self.known
    }

    /// The table in force for a digest and a day, `YYYY-MM-DD`; none where no table has the digest.
    ///
    /// Without a digest it is the newest that had been made by that day; for a day before all of them the oldest.
    pub fn find(&self, digest: Option<&str>, day: &str) -> Option<InForce<'_>> {
        let made = self.known.partition_point(|known| known.as_of() <= day);
        let newest = made.saturating_sub(1);
        let at = match digest {
            // Mostly it is the newest.
            Some(digest) if self.known.get(newest).is_some_and(|known| known.digest() == digest) => newest,
            Some(digest) => *self.by_digest.get(digest)?,
            None => newest,
        };
        let known = self.known.get(at)?;
        // On the day on which a table is made, the one before it may still be in use.
        let is_old = |newer: &&Known| newest > at && newer.as_of() < day && newer.as_of() > known.as_of();
        let newer = self.known.get(newest).filter(is_old);
        let is_expired = is_expired(known, day);
        let is_unmade = digest.is_some() && known.as_of() > day && !is_eve(day, known.as_of());
        let is_before = digest.is_none() && made == 0;
        Some(InForce { known, at, newer, is_expired, is_unmade, is_before })
    }
}

fn is_expired(known: &Known, day: &str) -> bool {
    known.table.table().valid_until.as_deref().is_some_and(|last| last < day)
}

/// Whether a day is the one before another: clocks differ.
fn is_eve(day: &str, other: &str) -> bool {
    let day: Option<jiff::civil::Date> = day.parse().ok();
    day.and_then(|day| day.tomorrow().ok()).is_some_and(|next| next.to_string() == other)
}

impl Known {
    /// The table's digest.
    pub fn digest(&self) -> &str {
        &self.table.table().digest
    }
}
