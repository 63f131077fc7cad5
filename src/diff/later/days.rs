//! The days after that of both sides on which something of either begins or ends.

use std::collections::{BTreeMap, BTreeSet};

use crate::limits::shown;
use crate::model::{Date, EndingKind, Expiry, World};

/// What begins or has ended on a day, in words, on each side.
#[derive(Debug, Default)]
pub(super) struct Turn {
    pub(super) old: BTreeSet<String>,
    pub(super) new: BTreeSet<String>,
}

impl Turn {
    /// Whether the sides differ in what begins or ends.
    pub(super) fn differs(&self) -> bool {
        self.old != self.new
    }

    /// What makes the day, as a clause: what the new side alone has, else what only the old one has, else what both have.
    pub(super) fn words(&self) -> String {
        let of = |words: Vec<&String>, side: &str| {
            let more = words.len().saturating_sub(shown::DAY_EVENTS);
            let mut shown: Vec<String> = words.into_iter().take(shown::DAY_EVENTS).cloned().collect();
            shown.extend((more > 0).then(|| format!("{more} more do so")));
            format!("when {}{side}", shown.join(" and "))
        };
        let own: Vec<&String> = self.new.difference(&self.old).collect();
        if !own.is_empty() {
            return of(own, "");
        }
        let gone: Vec<&String> = self.old.difference(&self.new).collect();
        if gone.is_empty() { of(self.new.iter().collect(), "") } else { of(gone, " on the old side alone") }
    }
}

/// Every later day with what begins or ends on it.
pub(super) fn turns(old: &World, new: &World, after: Date) -> BTreeMap<Date, Turn> {
    let mut turns: BTreeMap<Date, Turn> = BTreeMap::new();
    for (day, words) in of_side(old, after) {
        turns.entry(day).or_default().old.insert(words);
    }
    for (day, words) in of_side(new, after) {
        turns.entry(day).or_default().new.insert(words);
    }
    turns
}

fn of_side(world: &World, after: Date) -> Vec<(Date, String)> {
    let mut found = Vec::new();
    for statement in &world.timed {
        let words = format!("{} `{}`", statement.kind, statement.name);
        found.extend(statement.from.map(|from| (from, format!("{words} begins"))));
        let over = statement.until.and_then(|until| until.tomorrow().ok());
        found.extend(over.map(|day| (day, format!("{words} has ended"))));
    }
    for expiry in &world.expiries {
        let over = expiry.last_day.tomorrow().ok();
        found.extend(over.map(|day| (day, format!("{} has ended", words(expiry)))));
    }
    found.retain(|(day, _)| *day > after);
    found
}

fn words(Expiry { kind, name, owner, .. }: &Expiry) -> String {
    match kind {
        EndingKind::Certification => format!("certification `{name}` of `{owner}`"),
        EndingKind::Dpa => format!("the agreement of `{owner}`"),
        EndingKind::Evidence => format!("evidence of `{owner}`"),
        EndingKind::Model => format!("model `{owner}`"),
    }
}

/// As many days as are allowed, those first on which the sides differ in what begins or ends, then the earliest; in
/// their order.
pub(super) fn picked(turns: &BTreeMap<Date, Turn>, allowed: usize) -> BTreeSet<Date> {
    let mut days: Vec<(bool, Date)> = turns.iter().map(|(day, turn)| (!turn.differs(), *day)).collect();
    days.sort_unstable();
    days.into_iter().take(allowed).map(|(_, day)| day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_on_which_the_sides_differ_come_first() {
        let turn = |old: &str, new: &str| Turn { old: [old.to_owned()].into(), new: [new.to_owned()].into() };
        let day = |day: i8| Date::constant(2026, 11, day);
        let turns =
            BTreeMap::from([(day(1), turn("a", "a")), (day(2), turn("b", "b")), (day(3), turn("c", "d"))]);
        assert_eq!(picked(&turns, 2), [day(1), day(3)].into());
        assert_eq!(picked(&turns, 1), [day(3)].into());
        assert_eq!(picked(&turns, 9).len(), 3);
    }
}
