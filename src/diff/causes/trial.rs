//! Putting differences back, and deciding again what they make of each change.
//!
//! Three differences, and a use case whose primary moved. Each is put back alone; where none undoes the change, those
//! that alter it are put back together, and halves of them left out as long as the rest still undoes it:
//!
//! ```text
//! put back     a   b   c      the change is then
//! alone        ×              the same          a has no part in it
//! alone            ×          another
//! alone                ×      another
//! together         ×   ×      gone              b and c make it together; neither does alone
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::flat::{EntryName, Flat};
use super::relevance::Relevant;
use super::time::{self, End};
use super::{How, Texts};
use crate::decide::survey::Survey;
use crate::diff::change::Compared;
use crate::diff::kind::Kind;
use crate::diff::sides::Side;
use crate::diff::store::Store;
use crate::diff::{Diff, comparison, tried};
use crate::estate::Estate;
use crate::limits::{MAX_CAUSE_TRIALS, MAX_CAUSE_WORK, MAX_CAUSES_UNTRIED};
use crate::model::{Date, World};
use crate::registry::Registry;
use crate::workspace;

/// What is put back alone: a difference of the text, or of time.
pub(super) enum Unit {
    /// A thing in the text.
    Text(EntryName),
    /// Something that ended in between.
    End(End),
    /// A statement that began or ended in between.
    Turned(EntryName),
    /// The day itself, where it went backwards.
    Day,
}

impl Unit {
    /// The statement that is written otherwise, where it is one.
    pub(super) fn statement(&self) -> Option<&EntryName> {
        if let Self::Text(key @ EntryName::Statement(..)) = self { Some(key) } else { None }
    }

    /// Whether both are parts of one entry of the registry or the estate.
    pub(super) fn shares_entry(&self, other: &Self) -> bool {
        let entry = |unit: &Self| match unit {
            Self::Text(EntryName::ProviderKey(provider, _)) => Some((provider.clone(), None)),
            Self::Text(EntryName::ModelKey(provider, model, _)) => {
                Some((provider.clone(), Some(model.clone())))
            }
            Self::Text(EntryName::UseCaseKey(name, _)) => Some((String::new(), Some(name.clone()))),
            Self::End(end) => Some((end.owner.provider.clone(), end.owner.model.clone())),
            _ => None,
        };
        entry(self).is_some_and(|of| entry(other).is_some_and(|other| of == other))
    }
}

/// What putting differences back does to a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// It is gone.
    Undone,
    /// It is another.
    Altered,
    /// Nothing, or nothing that can be decided.
    None,
}

/// A kind of change of a use case.
type Of<'a> = (&'a str, Kind);

/// What a trial does to each kind of change of each use case.
type Effects = BTreeMap<String, BTreeMap<Kind, Effect>>;

/// What makes one kind of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Positions among the differences.
    pub(super) units: Vec<usize>,
    /// Whether each of them does it, or only all.
    pub(super) how: How,
}

/// What trials did to the change of each use case: which of its differences were put back, ascending, and their effect.
type Known = BTreeMap<String, BTreeMap<Vec<usize>, BTreeMap<Kind, Effect>>>;

/// All trials of one comparison: each is made once, for every change at the same time.
pub(super) struct Trials<'a> {
    store: &'a mut Store,
    old_side: Side,
    texts: &'a Texts<'a>,
    units: Vec<Vec<Unit>>,
    relevant: Relevant,
    /// What was found first, by use case.
    compared: BTreeMap<String, Arc<Compared>>,
    /// Use cases that take part, by all their names.
    names: BTreeSet<String>,
    known: Known,
    left: usize,
    /// Registry and estate of the new side.
    read: Option<(Option<Registry>, Option<Estate>)>,
}

impl<'a> Trials<'a> {
    pub(super) fn new(
        diff: &Diff,
        store: &'a mut Store,
        old_side: &Side,
        texts: &'a Texts<'a>,
        units: Vec<Vec<Unit>>,
        relevant: Relevant,
    ) -> Self {
        let mut names = BTreeSet::new();
        let mut compared = BTreeMap::new();
        for change in diff.of_use_cases() {
            names.extend(change.renamed_from.clone());
            names.insert(change.use_case.clone());
            compared.insert(change.use_case.clone(), Arc::clone(&change.compared));
        }
        let after = &texts.new.0;
        let read = after.models.len() + after.use_cases.len() + after.statements.len();
        let old_side = old_side.only(&names);
        let decided = diff.work.entries().saturating_add(comparison::deciding(&old_side));
        let work = (read + diff.changes.len()).saturating_add(decided);
        let left = MAX_CAUSE_TRIALS.min(MAX_CAUSE_WORK / work.max(1));
        let mut trials = Self {
            store,
            old_side,
            texts,
            units,
            relevant,
            compared,
            names,
            known: BTreeMap::new(),
            left,
            read: None,
        };
        trials.each_alone();
        trials
    }

    /// What makes a kind of change of a use case.
    pub(super) fn causes(&mut self, of: Of) -> Found {
        let all = self.relevant.get(of.0).cloned().unwrap_or_default();
        // A single difference made whatever there is.
        if all.len() <= 1 {
            return Found { units: all, how: How::Alone };
        }
        let effects: Vec<(usize, Effect)> =
            all.iter().filter_map(|unit| Some((*unit, self.known_effect(&[*unit], of)?))).collect();
        let with = |wanted: Effect| -> Vec<usize> {
            effects.iter().filter(|(_, effect)| *effect == wanted).map(|(unit, _)| *unit).collect()
        };
        let alone = with(Effect::Undone);
        if !alone.is_empty() {
            return Found { units: alone, how: How::Alone };
        }
        let parts = with(Effect::Altered);
        let enough = !parts.is_empty() && self.effect(&parts, of) == Effect::Undone;
        if !enough && self.effect(&all, of) != Effect::Undone {
            let mut units = if parts.is_empty() { all } else { parts };
            units.truncate(MAX_CAUSES_UNTRIED);
            return Found { units, how: How::Perhaps };
        }
        let units = self.fewest(if enough { parts.clone() } else { all }, of);
        // Where there were too many trials to be made, what has a part in it says more than everything.
        let settled = self.left > 0;
        let mut units = if settled || parts.is_empty() { units } else { parts };
        units.truncate(if settled { usize::MAX } else { MAX_CAUSES_UNTRIED });
        let how = match (settled, units.len()) {
            (false, _) => How::Perhaps,
            (true, 0 | 1) => How::Alone,
            (true, _) => How::Together,
        };
        Found { units, how }
    }

    /// Puts back each difference alone. What can have to do with no common change is put back in one trial: for each
    /// change it is as if it had been put back alone.
    fn each_alone(&mut self) {
        let mut concerned: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (change, units) in self.relevant.values().enumerate().filter(|(_, units)| units.len() > 1) {
            for unit in units {
                concerned.entry(*unit).or_default().insert(change);
            }
        }
        if concerned.len() > 1 {
            self.try_back(&concerned.keys().copied().collect());
        }
        let mut groups: Vec<(BTreeSet<usize>, BTreeSet<usize>)> = Vec::new();
        for (unit, changes) in concerned {
            // With too many of them the halves of all say more than a few alone.
            if groups.len() > self.left / 2 {
                return;
            }
            match groups.iter_mut().find(|(_, taken)| taken.is_disjoint(&changes)) {
                Some((units, taken)) => {
                    units.insert(unit);
                    taken.extend(changes);
                }
                None => groups.push((BTreeSet::from([unit]), changes)),
            }
        }
        for (group, _) in &groups {
            self.try_back(group);
        }
    }

    /// A set that undoes a change and from which nothing can be left out: first halves are tried, then smaller parts.
    fn fewest(&mut self, mut units: Vec<usize>, of: Of) -> Vec<usize> {
        let mut size = units.len().div_ceil(2);
        // Without trials that are left nothing more can be told, and each part of many would still be looked up.
        while size > 0 && self.left > 0 {
            let mut at = 0;
            while at < units.len() && self.left > 0 {
                let without = |(position, unit): (usize, &usize)| {
                    (position < at || position >= at + size).then_some(*unit)
                };
                let fewer: Vec<usize> = units.iter().enumerate().filter_map(without).collect();
                if !fewer.is_empty() && self.effect(&fewer, of) == Effect::Undone {
                    units = fewer;
                } else {
                    at += size;
                }
            }
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
        units
    }

    /// What putting some differences back does to a change.
    fn effect(&mut self, units: &[usize], of: Of) -> Effect {
        if let Some(known) = self.known_effect(units, of) {
            return known;
        }
        if self.left == 0 {
            return Effect::None;
        }
        self.try_back(&units.iter().copied().collect());
        self.known_effect(units, of).unwrap_or(Effect::None)
    }

    /// The same as far as it was tried.
    fn known_effect(&self, units: &[usize], of: Of) -> Option<Effect> {
        let effects = self.known.get(of.0)?.get(units)?;
        Some(effects.get(&of.1).copied().unwrap_or(Effect::None))
    }

    /// Puts differences back and notes for each use case what those that concern it do.
    fn try_back(&mut self, set: &BTreeSet<usize>) {
        self.left = self.left.saturating_sub(1);
        let mut effects = self.trial(set).unwrap_or_default();
        for (name, relevant) in &self.relevant {
            let own: Vec<usize> = relevant.iter().filter(|unit| set.contains(unit)).copied().collect();
            if !own.is_empty() {
                let known = self.known.entry(name.clone()).or_default();
                known.insert(own, effects.remove(name).unwrap_or_default());
            }
        }
    }

    /// Everything resolved of the new side with something put back; none where a finding keeps it from being so.
    fn world(&mut self, flat: &Flat, day: Date) -> Option<World> {
        let policies = flat.policies();
        // What stays as it is was read once.
        let (registry, estate) = self.read.get_or_insert_with(|| {
            let after = &self.texts.new.0;
            (workspace::registry_of(&after.registry()), workspace::estate_of(&after.estate()))
        });
        let same_registry = Rc::ptr_eq(&flat.providers, &self.texts.new.0.providers)
            && Rc::ptr_eq(&flat.models, &self.texts.new.0.models);
        let same_estate = Rc::ptr_eq(&flat.use_cases, &self.texts.new.0.use_cases);
        let (other_registry, other_estate);
        let registry = if same_registry {
            registry.as_ref()?
        } else {
            other_registry = workspace::registry_of(&flat.registry())?;
            &other_registry
        };
        let estate = if same_estate {
            estate.as_ref()?
        } else {
            other_estate = workspace::estate_of(&flat.estate())?;
            &other_estate
        };
        workspace::world_of(&policies, registry, estate, day)
    }

    /// The new side with some differences put back, compared with the old one; none where it cannot be decided.
    fn trial(&mut self, set: &BTreeSet<usize>) -> Option<Effects> {
        let (mut flat, mut day) = (self.texts.new.0.clone(), self.texts.new.1.as_of);
        for unit in set.iter().filter_map(|unit| self.units.get(*unit)).flatten() {
            match unit {
                Unit::Text(key) => flat.put_back(key, &self.texts.old.0),
                Unit::End(end) => time::prolong(&mut flat, end),
                Unit::Turned(key) => time::turn_back(&mut flat, key, self.texts.new.1.as_of),
                Unit::Day => day = self.texts.old.1.as_of,
            }
        }
        let mut world = self.world(&flat, day)?;
        world.keep_use_cases(|use_case| self.names.contains(&use_case.name.value));
        let side = Side::of_workspace("", &Survey::new(&world), self.store);
        let trial = tried(self.store, &self.old_side, &side);
        let left_out: BTreeSet<&String> = trial.left_out.iter().map(|(name, _)| name).collect();
        let effects = self.compared.iter().map(|(name, before)| {
            let now = trial
                .of_use_cases()
                .find(|change| change.use_case == *name || change.renamed_from.as_ref() == Some(name));
            let now = now.map(|change| &change.compared);
            let has = |kind: Kind| before.details.iter().any(|detail| detail.kind == kind);
            // A kind that only gives way to another one, as the primary does where no model is left, is not undone.
            let hidden = |kind: Kind| {
                let others = now.into_iter().flat_map(|now| &now.details);
                others.into_iter().any(|other| !has(other.kind) && kind.gives_way_to(other.kind))
            };
            let kinds = before.details.iter().map(|detail| {
                let left = now.and_then(|now| now.details.iter().find(|other| other.kind == detail.kind));
                let effect = match left {
                    _ if left_out.contains(name) => Effect::None,
                    None if hidden(detail.kind) => Effect::Altered,
                    None => Effect::Undone,
                    Some(left) if left != detail => Effect::Altered,
                    Some(_) if now.is_some_and(|now| !before.agrees(now, detail.kind)) => Effect::Altered,
                    Some(_) => Effect::None,
                };
                (detail.kind, effect)
            });
            (name.clone(), kinds.collect())
        });
        Some(effects.collect())
    }
}
