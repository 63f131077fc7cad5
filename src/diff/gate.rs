//! What decides whether a change passes is a part of the change: lint levels, folders, comments that silence, keys, who
//! may state what, and which reviews are planned.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::bounds::Bounds;
use super::fingerprint;
use super::rename::Names;
use super::sides::Side;
use crate::limits::shown;
use crate::load::LintLevel;
use crate::model::Date;
use crate::model::reviews::Review;
use crate::model::words::some;

/// What a side says about what is reported of it.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// How each warning counts; a table does not say.
    pub levels: BTreeMap<String, LintLevel>,
    /// Where each kind of file is read from.
    pub folders: Vec<(&'static str, Vec<String>)>,
    /// What comments silence: code and message without its amounts, with the place and how long.
    pub silenced: BTreeMap<(String, String), Silence>,
    /// The key that signed a table; none for a workspace, and where nothing signed it.
    pub key: Option<String>,
    /// Where gateways find what a request states, and who may state it.
    pub request: Map<String, Value>,
    /// The reviews that are planned, by name.
    pub reviews: BTreeMap<String, Planned>,
    /// Limits, attribution and what falls together.
    pub bounds: Bounds,
}

/// A comment that silences a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// Of the finding.
    pub place: String,
    /// The file of it.
    pub path: String,
    /// What it says.
    pub message: String,
    /// The last day; none: it has no end.
    pub until: Option<Date>,
    /// The use cases that it concerns; none where its kind names none.
    pub use_cases: BTreeSet<String>,
}

impl Silence {
    /// Of several that say the same the one that counts: the longer, for everybody whom one of them concerns.
    pub fn join(&mut self, mut other: Self) {
        if other.outlasts(self) {
            std::mem::swap(self, &mut other);
        }
        self.use_cases.append(&mut other.use_cases);
    }

    /// Whether it lasts longer than another.
    pub fn outlasts(&self, other: &Self) -> bool {
        match (self.until, other.until) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(own), Some(other)) => own > other,
        }
    }

    fn end(&self) -> String {
        self.until.map_or("without an end".to_owned(), |day| format!("until {day}"))
    }
}

/// A review that is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Who holds it.
    owner: String,
    /// The word for how often.
    cadence: String,
    /// The same in months.
    months: i32,
    /// The day of the last one.
    last: Option<Date>,
    /// Whether that day is still to come.
    is_to_come: bool,
}

impl Planned {
    /// A review as planned on a day.
    pub fn on(review: &Review, as_of: Date) -> Self {
        let last = review.last.map(|(day, _)| day);
        Self {
            owner: review.owner.clone(),
            cadence: review.cadence.clone(),
            months: review.months(),
            last,
            is_to_come: last.is_some_and(|day| day > as_of),
        }
    }
}

/// A difference between the rules of two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// In words, names in back quotes.
    pub text: String,
    /// Whether less is held than before, and nobody has accepted that.
    pub loosened: bool,
    /// The day from which it is so; none: on the day of both sides.
    pub from: Option<Date>,
    /// What else an acceptance of it is of, beside the text.
    pub bound: Vec<String>,
    /// What it is called in place of the text, where parts of that move by themselves.
    pub name: Option<String>,
}

impl Moved {
    /// Something by which less is held than before.
    pub fn loosened(text: String) -> Self {
        Self { text, loosened: true, from: None, bound: Vec::new(), name: None }
    }

    /// Something that has to be known.
    pub fn noted(text: String) -> Self {
        Self { loosened: false, ..Self::loosened(text) }
    }

    /// The same, accepted only together with what the text does not name.
    #[must_use]
    pub fn binding(mut self, mut bound: Vec<String>) -> Self {
        bound.sort();
        self.bound = bound;
        self
    }

    /// Stays the same while it does.
    pub fn fingerprint(&self) -> String {
        let name = self.name.as_ref().unwrap_or(&self.text);
        fingerprint::of([&"gate".to_owned(), name].into_iter().chain(&self.bound))
    }
}

/// Kind and name, the name in back quotes.
pub(super) fn quoted(what: &str) -> String {
    let parts =
        what.strip_prefix("use case ").map(|name| ("use case", name)).or_else(|| what.split_once(' '));
    parts.map_or(what.to_owned(), |(kind, name)| format!("{kind} `{name}`"))
}

/// How the rules differ, what is loosened first. Whom a comment concerns that no side had before adds no more than itself.
pub fn moved(old: &Rules, new: &Rules, (before, after): (&Side, &Side), names: &Names) -> Vec<Moved> {
    let mut all = levels(old, new);
    all.extend(silenced(old, new, before, names));
    all.extend(stated(old, new));
    all.extend(reviews(old, new));
    for ((what, before), (_, after)) in old.folders.iter().zip(&new.folders) {
        if before != after {
            let (before, after) = (before.join("`, `"), after.join("`, `"));
            let text = format!("`govctl.yaml` reads the {what} from `{after}`, before from `{before}`");
            all.push(Moved::noted(text));
        }
    }
    // A workspace is never signed.
    if old.key != new.key && before.is_table && after.is_table {
        let name = |key: &Option<String>| key.as_ref().map_or("no key".to_owned(), |key| format!("`{key}…`"));
        let text = format!("the table is signed with {}, before with {}", name(&new.key), name(&old.key));
        all.push(Moved { loosened: old.key.is_some(), ..Moved::noted(text) });
    }
    all.sort_by_key(|moved| !moved.loosened);
    all
}

/// Comments that silence a finding newly, for longer, or for more use cases.
fn silenced(old: &Rules, new: &Rules, before: &Side, names: &Names) -> Vec<Moved> {
    let known: BTreeSet<&String> =
        before.cases.keys().chain(&before.undefined).map(|name| new_name(names, name)).collect();
    let mut all = Vec::new();
    for ((code, subject), silence) in &new.silenced {
        let Silence { place, path, message, until, use_cases } = silence;
        let text = match old.silenced.get(&(code.clone(), subject.clone())) {
            None => format!("a comment newly silences `{code}` at `{place}`: `{message}`"),
            Some(before) if silence.outlasts(before) => {
                let (end, before) = (silence.end(), before.end());
                format!("a comment silences `{code}` at `{place}` {end}, before {before}: `{message}`")
            }
            Some(before) => {
                let had: BTreeSet<&String> =
                    before.use_cases.iter().map(|name| new_name(names, name)).collect();
                let is_more = |name: &&String| known.contains(name) && !had.contains(name);
                let more: Vec<&String> = use_cases.iter().filter(is_more).collect();
                if more.is_empty() {
                    continue;
                }
                let whom = some(&more, shown::DIFF_NAMES);
                format!("a comment newly silences `{code}` at `{place}` for {whom} too: `{message}`")
            }
        };
        // Lines and sums move while it stays the same.
        let name = ["silenced", code, path, subject].join("\u{1f}");
        let bound = until.iter().map(Date::to_string).chain(use_cases.iter().cloned());
        all.push(Moved { name: Some(name), ..Moved::loosened(text).binding(bound.collect()) });
    }
    all
}

fn new_name<'a>(names: &'a Names, use_case: &'a String) -> &'a String {
    names.of("use_case", use_case).unwrap_or(use_case)
}

/// What is not compared since one side is a table.
pub fn unsaid(is_table: bool) -> Option<Moved> {
    let text = "one side is a table, which states no promises, tests, levels, comments, agreements, training or later days: \
                of these nothing is compared";
    is_table.then(|| Moved::noted(text.to_owned()))
}

/// The entries of `request` that differ: each says whose word counts.
fn stated(old: &Rules, new: &Rules) -> Vec<Moved> {
    let keys: BTreeSet<&String> = old.request.keys().chain(new.request.keys()).collect();
    let differs = keys.into_iter().filter(|key| old.request.get(*key) != new.request.get(*key));
    let moved = differs.map(|key| {
        let word =
            |rules: &Rules| rules.request.get(key).map_or("nothing".to_owned(), |value| format!("`{value}`"));
        let text = format!("`request.{key}` says {}, before {}: who may state what", word(new), word(old));
        Moved::loosened(text)
    });
    moved.collect()
}

/// Reviews that are planned otherwise: a day that is still to come, or a longer time between two, keeps `review-due`
/// silent.
fn reviews(old: &Rules, new: &Rules) -> Vec<Moved> {
    let mut moved = Vec::new();
    for (name, before) in &old.reviews {
        let Some(after) = new.reviews.get(name) else {
            moved.push(Moved::loosened(format!("`govctl.yaml` no longer plans the review `{name}`")));
            continue;
        };
        if after.cadence != before.cadence {
            let text = format!("the review `{name}` is planned {}, before {}", after.cadence, before.cadence);
            moved.push(Moved { loosened: after.months > before.months, ..Moved::noted(text) });
        }
        if after.last != before.last {
            let day = |last: Option<Date>| last.map_or("no day".to_owned(), |day| format!("`{day}`"));
            let to_come = if after.is_to_come { ", a day still to come" } else { "" };
            let (day, was) = (day(after.last), day(before.last));
            let text = format!("the review `{name}` names {day} as its last{to_come}, before {was}");
            let loosened = after.is_to_come && after.last > before.last;
            moved.push(Moved { loosened, ..Moved::noted(text) });
        }
        if after.owner != before.owner {
            let text = format!("the review `{name}` is held by `{}`, before `{}`", after.owner, before.owner);
            moved.push(Moved::noted(text));
        }
    }
    moved
}

/// Those that move alike are one entry. Tables say nothing of levels, so of these nothing is loosened.
fn levels(old: &Rules, new: &Rules) -> Vec<Moved> {
    let mut moves: BTreeMap<(u8, u8), Vec<&str>> = BTreeMap::new();
    for (code, before) in &old.levels {
        if let Some(after) = new.levels.get(code).filter(|after| *after != before) {
            moves.entry((rank(*after), rank(*before))).or_default().push(code);
        }
    }
    let moved = moves.into_iter().map(|((after, before), codes)| {
        let named = some(&codes, shown::LEVELS_MOVED);
        let text = format!("`govctl.yaml` sets {named} to {}, before {}", word(after), word(before));
        let rest = codes.iter().skip(shown::LEVELS_MOVED).map(|code| (*code).to_owned());
        Moved { loosened: after < before, ..Moved::noted(text) }.binding(rest.collect())
    });
    moved.collect()
}

fn rank(level: LintLevel) -> u8 {
    match level {
        LintLevel::Allow => 0,
        LintLevel::Warn => 1,
        LintLevel::Deny => 2,
    }
}

fn word(rank: u8) -> &'static str {
    match rank {
        0 => "allow",
        1 => "warn",
        _ => "deny",
    }
}
