//! What failover statements hold their targets to: the one that leads in a context is held against the one that led there
//! before, whatever the two are called.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::Serialize;

use super::Diff;
use super::extent;
use super::gate::Moved;
use super::grid::{Grid, Part};
use super::sides::CaseAxis;
use super::store::Store;
use crate::limits::{MAX_COMPARED_CONTEXTS, MAX_COMPARED_CONTEXTS_IN_ALL};
use crate::model::trigger::{TRIGGERS, Triggers};
use crate::model::words::{list, some};
use crate::model::{Aspect, Candidates, Failover, Trigger};
use crate::work;

/// So many use cases are named.
const MOST_NAMED: usize = 3;

/// What is asked of the targets of a failover statement.
#[derive(Debug, Clone, Serialize)]
pub struct Holder {
    name: String,
    /// The words of what they `match` the primary in.
    matches: BTreeSet<&'static str>,
    /// Whether anything can follow at all.
    follows: bool,
}

impl Holder {
    /// What a statement asks.
    pub fn of(failover: &Failover) -> Self {
        let follows = !matches!(failover.candidates, Candidates::None) && failover.limit > 0;
        let matches = failover.matches.iter().map(|(aspect, _)| aspect.word());
        Self { name: failover.name.value.clone(), matches: matches.collect(), follows }
    }

    /// Whether a target is held to something on a trigger.
    fn holds(&self, aspect: &str, on: Trigger) -> bool {
        let is_implied = on == Trigger::ContextExceeded && aspect == Aspect::ContextWindow.word();
        is_implied || self.matches.contains(aspect)
    }
}

/// Per trigger, in the order of the grammar, the number of what leads; none: nothing does.
pub type Lead = Vec<Option<u32>>;

/// What targets are no longer held to, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// The statement that led.
    was: String,
    /// The one that leads now.
    is: String,
    aspects: Vec<&'static str>,
}

impl Loss {
    /// Whether the statement itself asks less, which is said of it by its name where it stands today.
    pub fn is_of_one(&self) -> bool {
        self.was == self.is
    }
}

/// What the targets of a use case are no longer held to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses {
    /// With the triggers on which it is so.
    pub all: BTreeMap<Loss, Triggers>,
    /// Stands for the contexts.
    pub bound: String,
}

/// A use case that loses something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The use case, and the name that led elsewhere before.
    pub whom: (String, Option<String>),
    /// What it loses.
    pub losses: Losses,
}

/// What the losses of a use case depend on, of each side.
type Shape<'a> = (usize, &'a [CaseAxis], &'a [u32]);

/// The losses of use cases: those that are led alike once.
#[derive(Default)]
pub(super) struct Holds<'a> {
    known: HashMap<[Shape<'a>; 2], Arc<Losses>>,
    contexts: usize,
}

impl<'a> Holds<'a> {
    /// What a use case loses; none where both sides together have too many contexts. Of a table nothing is known.
    pub(super) fn lost(&mut self, store: &Store, old: Part<'a>, new: Part<'a>) -> Option<Arc<Losses>> {
        if old.case.leads.is_empty() || new.case.leads.is_empty() {
            return Some(Arc::default());
        }
        let shape = |part: Part<'a>| (part.case.level, part.case.axes.as_slice(), part.case.leads.as_slice());
        let key = [shape(old), shape(new)];
        if let Some(known) = self.known.get(&key) {
            return Some(Arc::clone(known));
        }
        let losses = if may_lose(store, &old.case.leads, &new.case.leads) {
            let grid = Grid::new(old, new);
            self.contexts = self.contexts.saturating_add(grid.len());
            if grid.len() > MAX_COMPARED_CONTEXTS || self.contexts > MAX_COMPARED_CONTEXTS_IN_ALL {
                return None;
            }
            between(store, &grid, &old.case.leads, &new.case.leads)
        } else {
            Losses::default()
        };
        let losses = Arc::new(losses);
        self.known.insert(key, Arc::clone(&losses));
        Some(losses)
    }
}

/// Whether some lead of the new side asks less than some lead of the old one.
fn may_lose(store: &Store, old: &[u32], new: &[u32]) -> bool {
    let distinct = |leads: &[u32]| -> BTreeSet<u32> { leads.iter().copied().collect() };
    let (old, new) = (distinct(old), distinct(new));
    let holders = |leads: &BTreeSet<u32>, on: Trigger| -> Vec<Holder> {
        let led = leads.iter().inspect(|_| work::step()).filter_map(|lead| store.leads.get(*lead));
        let numbers: BTreeSet<u32> =
            led.filter_map(|lead| lead.get(on as usize).copied().flatten()).collect();
        numbers.into_iter().filter_map(|number| store.holders.get(number).cloned()).collect()
    };
    TRIGGERS.into_iter().any(|on| {
        let asked: BTreeSet<&str> =
            holders(&old, on).iter().flat_map(|one| one.matches.iter().copied()).collect();
        let follow = holders(&new, on);
        let mut follow = follow.iter().filter(|one| one.follows);
        follow.any(|one| asked.iter().any(|aspect| !one.holds(aspect, on)))
    })
}

fn between(store: &Store, grid: &Grid, old: &[u32], new: &[u32]) -> Losses {
    let mut all: BTreeMap<Loss, Triggers> = BTreeMap::new();
    let leads = |a: usize, b: usize| old.get(a).copied().zip(new.get(b).copied());
    let bound = extent::of_contexts(grid, leads, |(before, after)| {
        work::step();
        let mut lines = String::new();
        for (loss, on) in losses(store, before, after) {
            lines +=
                &format!("{} {} {} {}\n", loss.was, loss.is, loss.aspects.join(" "), on.names().join(" "));
            let known = all.entry(loss).or_default();
            *known = known.with(on);
        }
        lines
    });
    Losses { all, bound }
}

/// What one lead asks and another does not.
fn losses(store: &Store, before: u32, after: u32) -> BTreeMap<Loss, Triggers> {
    let mut all: BTreeMap<Loss, Triggers> = BTreeMap::new();
    let Some((before, after)) = store.leads.get(before).zip(store.leads.get(after)) else { return all };
    for on in TRIGGERS {
        let holder = |lead: &Lead| store.holders.get(lead.get(on as usize).copied().flatten()?);
        let Some((was, is)) = holder(before).zip(holder(after)) else { continue };
        if !was.follows || !is.follows {
            continue;
        }
        let aspects: Vec<&str> = was.matches.iter().copied().filter(|word| !is.holds(word, on)).collect();
        if !aspects.is_empty() {
            let loss = Loss { was: was.name.clone(), is: is.name.clone(), aspects };
            all.entry(loss).or_default().add(on);
        }
    }
    all
}

impl Diff {
    /// Hears what the targets of a use case are no longer held to.
    pub(super) fn unheld(&mut self, (use_case, asked_as): (&str, Option<&str>), losses: &Losses) {
        if !losses.all.is_empty() {
            let whom = (use_case.to_owned(), asked_as.map(str::to_owned));
            self.unheld.push(Case { whom, losses: losses.clone() });
        }
    }
}

/// What of that holds the gate open; those that lose the same are one entry.
pub fn moved(cases: &[Case]) -> Vec<Moved> {
    let mut groups: BTreeMap<(&Loss, Triggers), Vec<&Case>> = BTreeMap::new();
    for case in cases {
        for (loss, on) in &case.losses.all {
            groups.entry((loss, *on)).or_default().push(case);
        }
    }
    let moved = groups.into_iter().map(|((loss, on), cases)| {
        let whom: BTreeSet<&String> = cases.iter().map(|case| &case.whom.0).collect();
        let whom = some(&whom.into_iter().collect::<Vec<_>>(), MOST_NAMED);
        let on = if on == Triggers::usual() { String::new() } else { format!(" on {}", list(&on.names())) };
        let Loss { was, is, aspects } = loss;
        let by = if loss.is_of_one() { format!("by `{is}`") } else { format!("was `{was}`, is `{is}`") };
        let text = format!("failover of {whom}{on} no longer matches {} ({by})", list(aspects));
        let bound = cases.iter().map(|case| {
            let asked = case.whom.1.as_deref().unwrap_or_default();
            format!("{} {asked} {}", case.whom.0, case.losses.bound)
        });
        Moved::loosened(text).binding(bound.collect())
    });
    moved.collect()
}

/// Of today: a statement that asks less under its own name is an entry of its own.
pub fn moved_today(diff: &Diff) -> Vec<Moved> {
    let others = diff.unheld.iter().cloned().map(|mut case| {
        case.losses.all.retain(|loss, _| !loss.is_of_one());
        case
    });
    moved(&others.collect::<Vec<Case>>())
}
