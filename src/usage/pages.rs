//! Pages of a provider that tell of the same requests twice: one of their tokens, the other of what they cost.

use std::collections::{BTreeMap, BTreeSet};

use super::{Made, SpendingGroup};
use crate::event::{Event, Field, Nanos, Page};
use crate::limits::MAX_LEDGER_ENTRIES;

/// A provider and a day of its pages.
type Of = (String, String);

/// What rows of usage were priced at by the registry.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Priced {
    usd: Nanos,
    records: u64,
    /// Rows that the registry has no price for.
    unpriced: u64,
    guessed: u64,
}

/// What pages state, day by day: which of two that tell of the same was read first does not matter.
#[derive(Debug, Default)]
pub(super) struct Pages {
    usage: BTreeMap<Of, BTreeMap<SpendingGroup, Priced>>,
    /// The projects of pages of costs; none: of all.
    costs: BTreeMap<Of, BTreeSet<Option<String>>>,
    /// How many sums are kept.
    kept: usize,
}

/// More is kept apart than fits.
pub(super) struct TooMany;

impl Pages {
    /// Takes down a row of a page: `before` and `after` are what is known of its month without and with it.
    pub(super) fn row(
        &mut self,
        (event, page): (&Event<'_>, Page),
        day: &str,
        key: &SpendingGroup,
        (before, after): (Made, Made),
    ) -> Result<(), TooMany> {
        let text = |field: Field| event.text(field).map(str::to_owned);
        let of = (text(Field::Provider).unwrap_or_default(), day.get(..10).unwrap_or(day).to_owned());
        if page == Page::Costs {
            self.costs.entry(of).or_default().insert(text(Field::Project));
            return Ok(());
        }
        let (records, unpriced) = (after.priced - before.priced, after.unpriced - before.unpriced);
        if records + unpriced == 0 {
            return Ok(());
        }
        let rows = self.usage.entry(of).or_default();
        if !rows.contains_key(key) {
            self.kept += 1;
            if self.kept > MAX_LEDGER_ENTRIES {
                return Err(TooMany);
            }
        }
        let priced = rows.entry(key.clone()).or_default();
        priced.usd = priced.usd.saturating_add(after.priced_usd - before.priced_usd);
        priced.records += records;
        priced.unpriced += unpriced;
        priced.guessed += after.guessed - before.guessed;
        Ok(())
    }

    /// What was priced though pages of costs of the same day state it; none of it is told again.
    pub(super) fn stated_by_costs(&mut self) -> Vec<(SpendingGroup, Priced)> {
        let mut found = Vec::new();
        for (of, rows) in std::mem::take(&mut self.usage) {
            let Some(projects) = self.costs.get(&of) else { continue };
            // Costs of other projects alone say nothing of this one.
            let states = |key: &SpendingGroup| {
                let names = |project: &String| projects.contains(&Some(project.clone()));
                projects.contains(&None) || key.project().is_none_or(names)
            };
            found.extend(rows.into_iter().filter(|(key, _)| states(key)));
        }
        found
    }
}

impl Priced {
    /// Takes it out of what is said of a month, and what it was priced at.
    pub(super) fn taken_out(self, made: &mut Made) -> Nanos {
        made.priced = made.priced.saturating_sub(self.records);
        made.unpriced = made.unpriced.saturating_sub(self.unpriced);
        made.priced_usd = made.priced_usd.saturating_sub(self.usd);
        made.guessed = made.guessed.saturating_sub(self.guessed);
        made.in_costs = made.in_costs.saturating_add(self.records).saturating_add(self.unpriced);
        self.usd
    }
}
