//! Which differences of the text make a change: each is put back alone, and the worlds are decided again.

pub mod flat;
mod relevance;
pub mod time;
mod trial;
pub mod units;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Diff;
use super::kind::Kind;
use super::rename::Names;
use super::sides::Side;
use super::store::Store;
use crate::decide::survey::Survey;
use crate::model::Date;
use crate::source::{Sources, Span};
use crate::workspace::Trees;
use flat::{EntryName, Flat};
use trial::{Trials, Unit};
use units::Difference;

/// Something that makes a change, or has a part in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// Where it stands; none: in no file, such as the day.
    pub place: Option<Place>,
    /// Kind and name.
    pub what: String,
    /// What happened to it: `added`, `removed`, `changed`, `expired` and the like.
    pub change: String,
    /// The kinds of change that it makes, and how.
    pub makes: Vec<(Kind, How)>,
    /// Its text on the old side.
    pub old: Option<String>,
    /// Its text on the new side.
    pub new: Option<String>,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Relative to the workspace.
    pub file: String,
    /// From 1.
    pub line: u32,
}

impl Place {
    /// Where a span begins.
    pub fn of(sources: &Sources, span: Span) -> Self {
        Self { file: sources.path(span.file).to_owned(), line: sources.line_column(span).0 }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
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

impl Cause {
    fn new(place: Option<Place>, what: String, change: &str) -> Self {
        Self { place, what, change: change.to_owned(), makes: Vec::new(), old: None, new: None }
    }

    /// How it makes a kind; none where it does not.
    pub fn how(&self, kind: Kind) -> Option<How> {
        self.makes.iter().find(|(made, _)| *made == kind).map(|(_, how)| *how)
    }

    /// How it makes the kind that it is surest to make.
    pub fn surest(&self) -> How {
        self.makes.iter().map(|(_, how)| *how).min().unwrap_or(How::Perhaps)
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place} ")?;
        }
        write!(f, "{} {}", self.what, self.change)
    }
}

/// A side's text, where it has one, and what was decided of it.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// What was written.
    pub trees: &'a Trees,
    /// The files of the side, in which causes are shown.
    pub sources: &'a Sources,
    /// The day it is decided for.
    pub as_of: Date,
    /// What it decides, to be held against trials.
    pub survey: &'a Survey<'a>,
}

/// Both sides as text, flat.
pub struct Texts<'a> {
    /// As it was, flat and whole.
    pub old: (Flat, Text<'a>),
    /// As it is now, flat and whole.
    pub new: (Flat, Text<'a>),
}

impl<'a> Texts<'a> {
    /// Takes both apart.
    pub fn new(old: Text<'a>, new: Text<'a>) -> Self {
        let flat = |text: Text| {
            let mut flat = Flat::of_policies(text.trees);
            flat.with_entries(text.trees);
            flat
        };
        Self { old: (flat(old), old), new: (flat(new), new) }
    }

    /// Statements that are the same under another name.
    pub fn renamed(&self) -> Vec<(&'static str, String, String)> {
        units::renamed((&self.old.0, self.old.1.sources), (&self.new.0, self.new.1.sources))
    }
}

/// Finds what makes each change, and writes it there.
pub fn find(diff: &mut Diff, store: &mut Store, sides: (&Side, &Side), texts: &Texts) {
    diff.statements_renamed = texts.renamed();
    let mut all = differences(texts);
    diff.quiet = untold(&diff.statements_renamed, &all);
    if diff.changes.is_empty() {
        return;
    }
    name_renamed(&mut all, &diff.names, texts);
    // Another name makes no change, and one of two equal statements put back alone would only claim the other's place.
    let (old_words, new_words) = (words(&texts.old), words(&texts.new));
    let named: BTreeSet<EntryName> = diff
        .statements_renamed
        .iter()
        .filter(|(_, old_name, new_name)| {
            !mentioned(&old_words, old_name) && !mentioned(&new_words, new_name)
        })
        .flat_map(|(kind, old, new)| {
            [EntryName::Statement(kind, old.clone()), EntryName::Statement(kind, new.clone())]
        })
        .collect();
    let is_named = |units: &[Unit]| matches!(units, [Unit::Text(key)] if named.contains(key));
    let kept = all.into_iter().filter(|(units, _)| !is_named(units));
    let (units, causes): (Vec<Vec<Unit>>, Vec<Cause>) = kept.unzip();
    let relevant = relevance::relevant(diff, store, sides, texts, &units);
    let mut trials = Trials::new(diff, store, sides.0, texts, units, relevant);
    for change in diff.changes.iter_mut().filter(|change| change.asked_as.is_none()) {
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
    let moving = diff.changes.iter().flat_map(|change| &change.causes);
    let moving: BTreeSet<(Option<Place>, String)> =
        moving.map(|cause| (cause.place.clone(), cause.what.clone())).collect();
    diff.quiet.retain(|cause| !moving.contains(&(cause.place.clone(), cause.what.clone())));
}

/// Statements that are compared as such, whatever they move.
const COMPARED: [&str; 3] = ["budget", "quota", "audit"];

/// Keys of a model or its provider that are told of the portfolio or the gate.
const TOLD: [&str; 10] = [
    "name",
    "models",
    "cost_per_1m_tokens_input",
    "cost_per_1m_tokens_output",
    "lifecycle",
    "compliance",
    "dpa",
    "approved_use_cases",
    "data_classification_max",
    "endpoint",
];

/// What is written otherwise and is told nowhere else, unless it is the cause of a change.
fn untold(renamed: &[(&'static str, String, String)], all: &[(Vec<Unit>, Cause)]) -> Vec<Cause> {
    let is_untold = |unit: &Unit| match unit {
        Unit::Text(EntryName::Statement(kind, name)) => {
            let is_renamed =
                |(of, old, new): &(&'static str, String, String)| of == kind && (old == name || new == name);
            !COMPARED.contains(kind) && !renamed.iter().any(is_renamed)
        }
        Unit::Text(EntryName::ProviderKey(_, key) | EntryName::ModelKey(_, _, key)) => {
            !TOLD.contains(&key.as_str())
        }
        Unit::Text(EntryName::UseCaseKey(..)) => true,
        Unit::Text(EntryName::Provider(_) | EntryName::Model(..) | EntryName::UseCase(_))
        | Unit::End(_)
        | Unit::Turned(_)
        | Unit::Day => false,
    };
    all.iter().filter(|(units, _)| units.iter().any(is_untold)).map(|(_, cause)| cause.clone()).collect()
}

/// What has another name is neither added nor removed: it is renamed, and changed where it says other things besides.
fn name_renamed(all: &mut [(Vec<Unit>, Cause)], names: &Names, texts: &Texts) {
    for (units, cause) in all {
        let [Unit::Text(key)] = units.as_slice() else { continue };
        let (kind, name) = match key {
            EntryName::Model(provider, model) => ("model", format!("{provider}/{model}")),
            EntryName::UseCase(name) => ("use_case", name.clone()),
            EntryName::Statement(..) | EntryName::Provider(_) | EntryName::ProviderKey(..) => continue,
            EntryName::ModelKey(..) | EntryName::UseCaseKey(..) => continue,
        };
        let Some((old, new)) = names.of_kind(kind).find(|(old, new)| **old == name || **new == name) else {
            continue;
        };
        let more = if units::say_the_same(texts.old.0.entry(kind, old), texts.new.0.entry(kind, new)) {
            ""
        } else {
            " and changed"
        };
        cause.change = if *new == name {
            format!("renamed from {old}{more}")
        } else {
            format!("renamed to {new}{more}")
        };
    }
}

/// How often each word stands in the statements of a side.
fn words<'a>((flat, side): &'a (Flat, Text<'a>)) -> HashMap<&'a str, usize> {
    let mut words: HashMap<&str, usize> = HashMap::new();
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-' || c == '.';
    for statement in flat.statements.values() {
        for word in side.sources.text(statement.span).split(|c| !is_part(c)) {
            *words.entry(word).or_default() += 1;
        }
    }
    words
}

/// Whether a statement's name stands in another one, which then has to change with it: once it stands in its own.
fn mentioned(words: &HashMap<&str, usize>, name: &str) -> bool {
    let parts = name.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-' || c == '.'));
    // A name of several words is mentioned where each of them is.
    parts.filter(|part| !part.is_empty()).all(|part| words.get(part).is_some_and(|times| *times > 1))
}

/// Everything that differs, and how it is called: what stands on one line of registry or estate is one thing.
fn differences(texts: &Texts) -> Vec<(Vec<Unit>, Cause)> {
    let mut all = single_differences(texts);
    all.sort_by(|a, b| a.1.cmp(&b.1));
    let mut joined: Vec<(Vec<Unit>, Cause)> = Vec::new();
    for (unit, cause) in all {
        match joined.last_mut() {
            Some((units, before))
                if before.place == cause.place && units.iter().all(|known| known.shares_entry(&unit)) =>
            {
                before.what = one_name(&before.what, &cause.what);
                if before.change != cause.change {
                    "changed".clone_into(&mut before.change);
                }
                units.push(unit);
            }
            _ => joined.push((vec![unit], cause)),
        }
    }
    joined
}

/// Two keys of one entry: `model a/b price` and `model a/b tier` are `model a/b price, tier`.
fn one_name(before: &str, more: &str) -> String {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<String>>();
    let (known, more) = (words(before), words(more));
    let common = known.iter().zip(&more).take_while(|(a, b)| a == b).count();
    let rest = more.get(common..).unwrap_or_default().join(" ");
    if rest.is_empty() { before.to_owned() } else { format!("{before}, {rest}") }
}

fn single_differences(texts: &Texts) -> Vec<(Unit, Cause)> {
    let ((old_flat, old), (new_flat, new)) = (&texts.old, &texts.new);
    let mut all: Vec<(Unit, Cause)> = Vec::new();
    for (key, how) in units::units((old_flat, old.sources), (new_flat, new.sources)) {
        let before = old_flat.place(old.sources, &key);
        let after = new_flat.place(new.sources, &key);
        let place = match (&after, &before, how) {
            (Some((span, _)), _, Difference::Added | Difference::Changed) => {
                Some(Place::of(new.sources, *span))
            }
            (_, Some((span, _)), _) => Some(Place::of(old.sources, *span)),
            _ => None,
        };
        let (before, after) = (before.map(|(_, text)| text), after.map(|(_, text)| text));
        let cause = Cause { old: before, new: after, ..Cause::new(place, key.words(), how.name()) };
        all.push((Unit::Text(key), cause));
    }
    let (from, to) = (old.as_of, new.as_of);
    if from < to {
        for end in time::ends(new_flat, &from.to_string(), &to.to_string()) {
            let place = Place::of(new.sources, end.span);
            let cause = Cause::new(Some(place), end.what.clone(), end.change);
            all.push((Unit::End(end), cause));
        }
        let edited: BTreeSet<EntryName> =
            all.iter().filter_map(|(unit, _)| unit.statement().cloned()).collect();
        for (key, change) in time::turned(new_flat, from, to) {
            // One that is written otherwise is put back as it was written.
            if !edited.contains(&key) {
                let place = new_flat.place(new.sources, &key).map(|(span, _)| Place::of(new.sources, span));
                all.push((Unit::Turned(key.clone()), Cause::new(place, key.words(), change)));
            }
        }
    } else if from > to {
        let cause = Cause::new(None, format!("the day, from {from}"), &format!("moved back to {to}"));
        all.push((Unit::Day, cause));
    }
    all
}
