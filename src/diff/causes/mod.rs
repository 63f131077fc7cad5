//! Which differences of the text make a change: each is put back alone, and the worlds are decided again.

pub mod flat;
pub mod time;
mod trial;
pub mod units;

use std::collections::BTreeMap;

use super::Diff;
use super::kind::Kind;
use super::sides::Side;
use super::store::Store;
use crate::model::Date;
use crate::source::{Sources, Span};
use crate::workspace::Trees;
use flat::{Flat, Key};
use trial::{Trials, Unit};
use units::Difference;

/// Something that makes a change, or has a part in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// File and line.
    pub place: String,
    /// Kind, name and what happened to it.
    pub what: String,
    /// The kinds of change that it makes, and how.
    pub makes: Vec<(Kind, How)>,
    /// Its text on the old side.
    pub old: Option<String>,
    /// Its text on the new side.
    pub new: Option<String>,
}

/// How a cause makes a kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Put back alone, it undoes the change.
    Alone,
    /// Only put back with the others that make the kind together does it undo the change.
    Together,
    /// Not enough was put back to be sure: it may only have something to do with it.
    Perhaps,
}

impl How {
    /// What stands behind a cause that is listed among others.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Alone => "",
            Self::Together => " (together)",
            Self::Perhaps => " (perhaps)",
        }
    }
}

impl Cause {
    fn new(place: String, what: String) -> Self {
        Self { place, what, makes: Vec::new(), old: None, new: None }
    }

    /// How it makes a kind; none where it does not.
    pub fn how(&self, kind: Kind) -> Option<How> {
        self.makes.iter().find(|(made, _)| *made == kind).map(|(_, how)| *how)
    }

    /// How it makes the kind that it is surest to make.
    pub fn surest(&self) -> How {
        self.makes.iter().map(|(_, how)| *how).min().unwrap_or(How::Perhaps)
    }

    /// The cause among others: place, what happened, and whether it needs them.
    pub fn listed(&self, how: How) -> String {
        format!("{self}{}", how.suffix())
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.place, self.what)
    }
}

/// A side's text, where it has one.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// What was written.
    pub trees: &'a Trees,
    /// Its files.
    pub sources: &'a Sources,
    /// The day it is decided for.
    pub as_of: Date,
}

/// Finds what makes each change, and writes it there.
pub fn find(diff: &mut Diff, store: &mut Store, old_side: &Side, old: Text, new: Text) {
    let (mut before, mut after) = (Flat::of_policies(old.trees), Flat::of_policies(new.trees));
    diff.statements_renamed = units::renamed((&before, old.sources), (&after, new.sources));
    if diff.changes.is_empty() {
        return;
    }
    before.with_entries(old.trees);
    after.with_entries(new.trees);
    let (mut units, mut causes) = differences((&before, old), (&after, new));
    // Another name makes no change, and one of two equal statements put back alone would only claim the other's place.
    let named: Vec<Key> = diff
        .statements_renamed
        .iter()
        .filter(|(_, old_name, new_name)| {
            !mentioned(&before, old, old_name) && !mentioned(&after, new, new_name)
        })
        .flat_map(|(kind, old, new)| [Key::Statement(kind, old.clone()), Key::Statement(kind, new.clone())])
        .collect();
    let mut kept = units.iter().map(|unit| !matches!(unit, Unit::Text(key) if named.contains(key)));
    causes.retain(|_| kept.next().unwrap_or(true));
    units.retain(|unit| !matches!(unit, Unit::Text(key) if named.contains(key)));
    let mut trials = Trials::new(diff, store, old_side, (before, old.as_of), (after, new.as_of), units);
    for change in &mut diff.changes {
        let mut all: BTreeMap<usize, Cause> = BTreeMap::new();
        for detail in &change.compared.details {
            let found = trials.causes((&change.use_case, detail.kind));
            for unit in found.units {
                let Some(cause) = causes.get(unit) else { continue };
                all.entry(unit).or_insert_with(|| cause.clone()).makes.push((detail.kind, found.how));
            }
        }
        change.causes = all.into_values().collect();
    }
}

/// Whether a statement's name stands in another one, which then has to change with it.
fn mentioned(flat: &Flat, side: Text, name: &str) -> bool {
    let others = flat.statements.iter().filter(|((_, own), _)| own != name);
    others.into_iter().any(|(_, statement)| side.sources.text(statement.span).contains(name))
}

/// Everything that differs, and how it is called.
fn differences(old: (&Flat, Text), new: (&Flat, Text)) -> (Vec<Unit>, Vec<Cause>) {
    let mut all: Vec<(Unit, Cause)> = Vec::new();
    for (key, how) in units::units((old.0, old.1.sources), (new.0, new.1.sources)) {
        let before = old.0.place(old.1.sources, &key);
        let after = new.0.place(new.1.sources, &key);
        let place = match (&after, &before, how) {
            (Some((span, _)), _, Difference::Added | Difference::Changed) => place(new.1.sources, *span),
            (_, Some((span, _)), _) => place(old.1.sources, *span),
            _ => String::new(),
        };
        let what = format!("{} {}", key.words(), how.name());
        let (before, after) = (before.map(|(_, text)| text), after.map(|(_, text)| text));
        all.push((Unit::Text(key), Cause { old: before, new: after, ..Cause::new(place, what) }));
    }
    let (from, to) = (old.1.as_of, new.1.as_of);
    if from < to {
        for end in time::ends(new.0, &from.to_string(), &to.to_string()) {
            let cause = Cause::new(place(new.1.sources, end.span), end.words.clone());
            all.push((Unit::End(end), cause));
        }
    } else if from > to {
        all.push((Unit::Day, Cause::new("--as-of".to_owned(), format!("day {from} became {to}"))));
    }
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all.into_iter().unzip()
}

/// File and line.
fn place(sources: &Sources, span: Span) -> String {
    format!("{}:{}", sources.path(span.file), sources.line_column(span).0)
}
