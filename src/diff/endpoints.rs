//! Endpoint by endpoint: a model that both sides reach in a context, or another one of a provider that both reach, is
//! held against what it was itself. What something else in the same answer was already excuses nothing.

use std::collections::BTreeMap;

use super::change::Lens;
use super::gate::Moved;
use super::risk::{Gain, Reach, Scale};
use super::store::{NumberedDecision, Portrait, Target};
use crate::limits::shown;
use crate::model::words::some;

/// A model that is worse than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worse {
    /// Its id on the new side.
    pub id: String,
    /// The provider that it is held against, where it was not reached itself.
    pub than: Option<String>,
    /// What it has now and had not.
    pub gain: Gain,
}

impl Worse {
    /// The same in one text.
    pub fn text(&self) -> String {
        format!("{} {} {}", self.id, self.than.as_deref().unwrap_or_default(), self.gain.words().join("; "))
    }

    /// Adds what it is worse by in another context.
    pub fn join(&mut self, other: &Self) {
        self.gain.join(other.gain.clone());
        self.than = self.than.take().filter(|_| other.than.is_some());
    }
}

/// What two outcomes say, endpoint by endpoint.
#[derive(Default)]
pub(super) struct Own {
    /// Every model that is worse than it was, by id.
    pub all: BTreeMap<String, Gain>,
    /// Those that are worse by what the answer as a whole had before.
    pub beside: Vec<Worse>,
}

/// What is reached by a name, and whether all of it is on the other side too.
type Reached<'a> = BTreeMap<&'a str, Vec<(&'a Target, &'a Portrait)>>;

/// The models of an outcome that are worse than they were in another.
pub(super) fn worse(lens: &Lens, old: &NumberedDecision, new: &NumberedDecision) -> Own {
    let (mut models, mut providers): (Reached, Reached) = (BTreeMap::new(), BTreeMap::new());
    for one in lens.store.reached(old) {
        models.entry(lens.new_id(&one.1.model.id)).or_default().push(one);
        providers.entry(one.1.model.provider.as_str()).or_default().push(one);
    }
    let mut after: Reached = BTreeMap::new();
    for one in lens.store.reached(new) {
        after.entry(one.1.model.id.as_str()).or_default().push(one);
    }
    let needed = lens.needed(old, new);
    let scale = Scale { needed: needed.as_ref(), enclosing: lens.enclosing };
    let mut own = Own::default();
    let mut whole: Option<Gain> = None;
    for (id, now) in after {
        let same = models.get(id);
        let numbers = |all: &[(&Target, &Portrait)]| -> Vec<(u32, u32)> {
            all.iter().map(|(target, _)| (target.model, target.regions)).collect()
        };
        if same.is_some_and(|before| numbers(before) == numbers(&now)) {
            continue;
        }
        let provider = now.first().map_or("", |(_, portrait)| portrait.model.provider.as_str());
        let Some(before) = same.or_else(|| providers.get(provider)) else { continue };
        let [before, after] = [before, &now].map(|all| Reach::over(lens.store, all.iter().copied()));
        let gain = Gain::between(scale, &before, &after);
        if gain.is_empty() {
            continue;
        }
        let whole = whole.get_or_insert_with(|| lens.gains(old, new).0);
        let rest = gain.beyond(whole);
        if !rest.is_empty() {
            let than = same.is_none().then(|| provider.to_owned());
            own.beside.push(Worse { id: id.to_owned(), than, gain: rest });
        }
        own.all.insert(id.to_owned(), gain);
    }
    own
}

/// The models of a use case that are worse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The use case, and the name that led elsewhere before.
    pub whom: (String, Option<String>),
    /// By id, with what makes each worse.
    pub worse: BTreeMap<String, Worse>,
    /// Stands for the contexts.
    pub bound: String,
}

/// Than what something is worse, how, and whether that is where it is processed.
type Alike<'a> = (Option<&'a str>, String, bool);

/// What of that holds the gate open. What is worse alike is one entry.
pub fn moved(cases: &[Case]) -> Vec<Moved> {
    // By what is worse than what: the models, the use cases, and all of it with its contexts.
    let mut groups: BTreeMap<Alike, [Vec<String>; 3]> = BTreeMap::new();
    for case in cases {
        for one in case.worse.values() {
            let group = groups
                .entry((one.than.as_deref(), one.gain.words().join(", "), one.gain.is_place()))
                .or_default();
            let [ids, whom, bound] = group;
            ids.push(one.id.clone());
            whom.push(case.whom.0.clone());
            let asked = case.whom.1.as_deref().unwrap_or_default();
            bound.push(format!("{} {asked} {} {}", case.whom.0, one.id, case.bound));
        }
    }
    let moved = groups.into_iter().map(|((than, by, is_place), [mut ids, mut whom, bound])| {
        for names in [&mut ids, &mut whom] {
            names.sort();
            names.dedup();
        }
        let one = ids.len() == 1;
        let (ids, whom) = (some(&ids, shown::DIFF_NAMES), some(&whom, shown::DIFF_NAMES));
        let than = than.map_or("before".to_owned(), |than| format!("`{than}` was there before"));
        let how = match (is_place, one) {
            (true, true) => "reaches more",
            (true, false) => "reach more",
            (false, true) => "is worse",
            (false, false) => "are worse",
        };
        Moved::loosened(format!("for {whom}, {ids} {how} than {than}: {by}")).binding(bound)
    });
    moved.collect()
}
