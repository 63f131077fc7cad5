//! What is in force on the as-of date, and the days on which statements begin and end.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::build::Builder;
use super::{Date, Id};
use crate::diag::{Finding, code};
use crate::source::Span;
use crate::syntax::tree::{Force, Name};

/// A statement that begins or ends on some day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    /// Its keyword: `rule`, `failover`, `budget`, `quota`, `audit` or `guarantee`.
    pub kind: &'static str,
    /// The name, which several statements may share that stand one after the other.
    pub name: String,
    /// Where `from` and `until` are reported: the statement's first line.
    pub head: Span,
    /// The first day on which it is in force, where it says so.
    pub from: Option<Date>,
    /// The last day on which it is in force, where it says so.
    pub until: Option<Date>,
    /// One of its kind and name begins on the day after its last.
    pub is_succeeded: bool,
}

/// The statements of one kind by name.
#[derive(Debug)]
pub(super) struct Ids<'a, E> {
    /// Those that are in force.
    pub(super) in_force: HashMap<&'a str, Id<E>>,
    /// Names of which no statement is in force.
    pub(super) resting: HashSet<&'a str>,
}

impl<E> Default for Ids<'_, E> {
    fn default() -> Self {
        Self { in_force: HashMap::new(), resting: HashSet::new() }
    }
}

impl<E> Ids<'_, E> {
    /// Every name: those in force by their id, the others by ids past the last.
    pub(super) fn numbered(&self) -> BTreeMap<String, Id<E>> {
        let mut resting: Vec<&str> =
            self.resting.iter().copied().filter(|name| !self.in_force.contains_key(name)).collect();
        resting.sort_unstable();
        let in_force = self.in_force.iter().map(|(name, id)| ((*name).to_owned(), *id));
        let past = (self.in_force.len()..).map(Id::new);
        let resting = resting.into_iter().zip(past).map(|(name, id)| (name.to_owned(), id));
        in_force.chain(resting).collect()
    }
}

/// The days on which statements of one name are in force, each stretch with the place of the name.
#[derive(Debug, Default)]
pub(super) struct Days(BTreeMap<Date, (Date, Span)>);

impl Days {
    /// Takes the days of a statement; the place of another that is in force on one of them.
    pub(super) fn take(&mut self, force: Force, span: Span) -> Option<Span> {
        let (first, last) = (force.first(), force.last());
        if first > last {
            return None;
        }
        let before = self.0.range(..=first).next_back().filter(|(_, (end, _))| *end >= first);
        let taken = before.or_else(|| self.0.range(first..=last).next()).map(|(_, (_, place))| *place);
        if taken.is_none() {
            self.0.insert(first, (last, span));
        }
        taken
    }
}

impl Builder {
    /// Whether a statement is in force; one that begins after it ends is reported.
    pub(super) fn in_force(&mut self, force: Force, head: Span) -> bool {
        if let (Some(from), Some(until)) = (force.from, force.until)
            && from.date > until.date
        {
            let message = format!("`from {}` is after `until {}`", from.date, until.date);
            self.find(
                Finding::error(code::TYPE_MISMATCH, from.span, message)
                    .label("does not fit")
                    .related(until.span, "its last day")
                    .help("a statement is in force from its first day through its last"),
            );
        }
        self.moment.has(force, head)
    }

    /// Remembers when a statement begins and ends.
    pub(super) fn note_days(&mut self, kind: &'static str, name: &Name, head: Span, force: Force) {
        if force.from.is_some() || force.until.is_some() {
            let day = |day: Option<crate::syntax::tree::Day>| day.map(|day| day.date);
            let (from, until) = (day(force.from), day(force.until));
            let name = name.text.clone();
            self.timed.push(Timed { kind, name, head, from, until, is_succeeded: false });
        }
    }
}

/// Says which statements have a successor.
pub(super) fn succeed(timed: &mut [Timed]) {
    let begins: HashSet<(&'static str, String, Date)> =
        timed.iter().filter_map(|t| Some((t.kind, t.name.clone(), t.from?))).collect();
    for statement in timed {
        let next = statement.until.and_then(|until| until.tomorrow().ok());
        statement.is_succeeded =
            next.is_some_and(|next| begins.contains(&(statement.kind, statement.name.clone(), next)));
    }
}
