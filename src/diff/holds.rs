//! What failover statements hold their targets to: the one that leads in a context is held against the one that led there
//! before, whatever the two are called. Where nothing could follow before and something can now, what the others asked is
//! asked of it, or the least that is expected where the data is sensitive.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::Serialize;

use super::Diff;
use super::extent;
use super::gate::Moved;
use super::grid::{Grid, Part};
use super::sides::CaseAxis;
use super::store::Store;
use crate::limits::shown;
use crate::limits::{MAX_COMPARED_CONTEXTS, MAX_COMPARED_CONTEXTS_IN_ALL};
use crate::model::words::{list, some};
use crate::model::{Aspect, Candidates, Failover, Trigger};
use crate::model::{ClassificationId, trigger::Triggers};
use crate::work;

/// What failover is expected to hold its targets to where it is new for sensitive data.
const EXPECTED: [Aspect; 2] = [Aspect::Compliance, Aspect::Classification];

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
        let matches = failover.matches.iter().map(|(aspect, _)| aspect.name());
        Self { name: failover.name.value.clone(), matches: matches.collect(), follows }
    }

    /// Whether a target is held to something on a trigger.
    fn holds(&self, aspect: &str, on: Trigger) -> bool {
        let is_implied = on == Trigger::ContextExceeded && aspect == Aspect::ContextWindow.name();
        is_implied || self.matches.contains(aspect)
    }
}

/// Per trigger, in the order of the grammar, the number of what leads; none: nothing does. Empty where nothing serves.
pub type Lead = Vec<Option<u32>>;

/// What targets are no longer held to, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// The statement that led; empty: none did.
    was: String,
    /// The one that leads now.
    is: String,
    aspects: Vec<&'static str>,
    /// Whether nothing could follow before.
    is_new: bool,
}

impl Loss {
    /// Whether the statement itself asks less, which is said of it by its name where it stands today.
    pub fn is_of_one(&self) -> bool {
        self.was == self.is && !self.is_new
    }

    fn words(&self) -> String {
        let Self { was, is, aspects, is_new } = self;
        let by = match was.as_str() {
            "" => format!("by `{is}`, where there was none"),
            _ if was == is => format!("by `{is}`"),
            _ => format!("was `{was}`, is `{is}`"),
        };
        let aspects = list(aspects);
        if *is_new {
            return format!("is new and does not match {aspects}: nothing could follow before ({by})");
        }
        format!("no longer matches {aspects} ({by})")
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

/// What the losses of a use case depend on, of each side: its axes, what leads, and whether its data is sensitive.
type Shape<'a> = (ClassificationId, &'a [CaseAxis], &'a [u32], bool);

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
        let shape = |part: Part<'a>| {
            let case = part.case;
            (case.level, case.axes.as_slice(), case.leads.as_slice(), case.is_sensitive)
        };
        let key = [shape(old), shape(new)];
        if let Some(known) = self.known.get(&key) {
            return Some(Arc::clone(known));
        }
        let asking = Asking { store, is_sensitive: old.case.is_sensitive || new.case.is_sensitive };
        let losses = if asking.may_lose(&old.case.leads, &new.case.leads) {
            let grid = Grid::new(old, new);
            self.contexts = self.contexts.saturating_add(grid.len());
            if grid.len() > MAX_COMPARED_CONTEXTS || self.contexts > MAX_COMPARED_CONTEXTS_IN_ALL {
                return None;
            }
            asking.between(&grid, &old.case.leads, &new.case.leads)
        } else {
            Losses::default()
        };
        let losses = Arc::new(losses);
        self.known.insert(key, Arc::clone(&losses));
        Some(losses)
    }
}

/// Asks what the targets of one use case are no longer held to.
#[derive(Clone, Copy)]
struct Asking<'a> {
    store: &'a Store,
    /// Whether its data is sensitive, so that whatever newly follows is expected to be held to something.
    is_sensitive: bool,
}

impl<'a> Asking<'a> {
    /// Whether some lead of the new side may ask less than some lead of the old one.
    fn may_lose(self, old: &[u32], new: &[u32]) -> bool {
        let distinct = |leads: &[u32]| -> BTreeSet<u32> { leads.iter().copied().collect() };
        let holders = |leads: &BTreeSet<u32>| -> BTreeSet<(Trigger, Option<u32>)> {
            let led = leads.iter().inspect(|_| work::step()).filter_map(|lead| self.store.leads.get(*lead));
            led.flat_map(|lead| Trigger::ALL.into_iter().zip(lead.iter().copied())).collect()
        };
        let holder = |number: Option<u32>| self.store.holders.get(number?);
        let (old, new) = (holders(&distinct(old)), holders(&distinct(new)));
        let asked = old.iter().filter_map(|(_, number)| holder(*number));
        let mut asked: BTreeSet<&str> = asked.flat_map(|one| one.matches.iter().copied()).collect();
        if self.is_sensitive {
            asked.extend(EXPECTED.map(Aspect::name));
        }
        new.difference(&old).any(|(on, number)| {
            holder(*number).is_some_and(|one| one.follows && asked.iter().any(|word| !one.holds(word, *on)))
        })
    }

    fn between(self, grid: &Grid, old: &[u32], new: &[u32]) -> Losses {
        let mut all: BTreeMap<Loss, Triggers> = BTreeMap::new();
        let leads = |a: usize, b: usize| old.get(a).copied().zip(new.get(b).copied());
        let bound = extent::of_contexts(grid, leads, |(before, after)| {
            work::step();
            let mut lines = String::new();
            for (loss, on) in self.losses(before, after) {
                let Loss { was, is, aspects, .. } = &loss;
                lines += &format!("{was} {is} {} {}\n", aspects.join(" "), on.names().join(" "));
                let known = all.entry(loss).or_default();
                *known = known.with(on);
            }
            lines
        });
        Losses { all, bound }
    }

    /// What one lead asks and another does not.
    fn losses(self, before: u32, after: u32) -> BTreeMap<Loss, Triggers> {
        let mut all: BTreeMap<Loss, Triggers> = BTreeMap::new();
        let leads = &self.store.leads;
        let Some((before, after)) = leads.get(before).zip(leads.get(after)) else { return all };
        for on in Trigger::ALL {
            let Some(is) = self.holder(after, on).filter(|is| is.follows) else { continue };
            let was = self.holder(before, on);
            let (asked, is_new) = match was {
                Some(was) if was.follows => (was.matches.clone(), false),
                // What serves at all only now is routable, and new with all that it may do.
                _ if before.is_empty() => continue,
                _ => (self.expected(before), true),
            };
            let aspects: Vec<&str> = asked.into_iter().filter(|word| !is.holds(word, on)).collect();
            if !aspects.is_empty() {
                let was = was.map(|was| was.name.clone()).unwrap_or_default();
                all.entry(Loss { was, is: is.name.clone(), aspects, is_new }).or_default().add(on);
            }
        }
        all
    }

    /// What leads on a trigger.
    fn holder(self, lead: &Lead, on: Trigger) -> Option<&'a Holder> {
        self.store.holders.get(lead.get(on as usize).copied().flatten()?)
    }

    /// What is asked of targets on a trigger on which nothing could follow: what all asked that can follow on others.
    fn expected(self, before: &Lead) -> BTreeSet<&'static str> {
        let others = Trigger::ALL.into_iter().filter_map(|on| self.holder(before, on));
        let others = others.filter(|one| one.follows).map(|one| one.matches.clone());
        let least = || EXPECTED.into_iter().filter(|_| self.is_sensitive).map(Aspect::name).collect();
        others.reduce(|all, one| &all & &one).unwrap_or_else(least)
    }
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
        let whom = some(&whom.into_iter().collect::<Vec<_>>(), shown::DIFF_NAMES);
        let on = if on == Triggers::usual() { String::new() } else { format!(" on {}", list(&on.names())) };
        let text = format!("failover of {whom}{on} {}", loss.words());
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
