//! Putting differences back, and deciding again what they make of each change.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::How;
use super::flat::{Flat, Key};
use super::time::{self, End};
use crate::decide::survey::Survey;
use crate::diff::change::Compared;
use crate::diff::kind::Kind;
use crate::diff::sides::Side;
use crate::diff::store::Store;
use crate::diff::{Diff, diff};
use crate::estate::Estate;
use crate::limits::{MAX_CAUSE_TRIALS, MAX_CAUSE_WORK, MAX_CAUSES_UNTRIED};
use crate::model::{Date, World};
use crate::registry::Registry;
use crate::workspace;

/// One difference.
pub(super) enum Unit {
    /// A thing in the text.
    Text(Key),
    /// Something that ended in between.
    End(End),
    /// The day itself, where it went backwards.
    Day,
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

/// All trials of one comparison: each is made once, for every change at the same time.
pub(super) struct Trials<'a> {
    store: &'a mut Store,
    old_side: Side,
    before: (Flat, Date),
    after: (Flat, Date),
    units: Vec<Unit>,
    /// What was found first, by use case.
    compared: BTreeMap<String, Compared>,
    /// Use cases that take part, by all their names.
    names: BTreeSet<String>,
    known: BTreeMap<BTreeSet<usize>, Effects>,
    /// Differences that were put back alone.
    alone: BTreeSet<usize>,
    left: usize,
    /// Registry and estate of the new side.
    read: Option<(Option<Registry>, Option<Estate>)>,
}

impl<'a> Trials<'a> {
    pub(super) fn new(
        diff: &Diff,
        store: &'a mut Store,
        old_side: &Side,
        before: (Flat, Date),
        after: (Flat, Date),
        units: Vec<Unit>,
    ) -> Self {
        let mut names = BTreeSet::new();
        let mut compared = BTreeMap::new();
        for change in &diff.changes {
            names.extend(change.renamed_from.clone());
            names.insert(change.use_case.clone());
            compared.insert(change.use_case.clone(), change.compared.clone());
        }
        let read = after.0.models.len() + after.0.use_cases.len();
        let left = MAX_CAUSE_TRIALS.min(MAX_CAUSE_WORK / (read / 8 + diff.changes.len()).max(1));
        let old_side = old_side.only(&names);
        Self {
            store,
            old_side,
            before,
            after,
            units,
            compared,
            names,
            known: BTreeMap::new(),
            alone: BTreeSet::new(),
            left,
            read: None,
        }
    }

    /// What makes a kind of change of a use case.
    pub(super) fn causes(&mut self, of: Of) -> Found {
        let (all, sure) = self.relevant(of);
        // A single difference made whatever there is.
        if all.len() <= 1 {
            return Found { units: all, how: if sure { How::Alone } else { How::Perhaps } };
        }
        let effects = self.each_alone(&all, of);
        let with = |wanted: Effect| -> Vec<usize> {
            effects.iter().filter(|(_, effect)| *effect == wanted).map(|(unit, _)| *unit).collect()
        };
        let alone = with(Effect::Undone);
        if !alone.is_empty() {
            return Found { units: alone, how: How::Alone };
        }
        let parts = with(Effect::Altered);
        if effects.len() < all.len() {
            let mut units = if parts.is_empty() { all } else { parts };
            units.truncate(MAX_CAUSES_UNTRIED);
            return Found { units, how: How::Perhaps };
        }
        let enough = self.effect(&parts, of) == Effect::Undone;
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

    /// What putting back each difference alone does, in their order as far as there are trials left.
    fn each_alone(&mut self, all: &[usize], of: Of) -> Vec<(usize, Effect)> {
        let known = if self.left == 0 { Some(self.alone.clone()) } else { None };
        let possible: Vec<usize> = match known {
            // Of thousands of differences few were tried, and they are the same for every change.
            Some(known) => known.into_iter().filter(|unit| all.binary_search(unit).is_ok()).collect(),
            None => all.to_vec(),
        };
        let mut effects = Vec::new();
        for unit in possible {
            if self.left == 0 && !self.alone.contains(&unit) {
                continue;
            }
            self.alone.insert(unit);
            effects.push((unit, self.effect(&[unit], of)));
        }
        effects
    }

    /// The differences that can have to do with a use case, and whether that is sure: no other use case's entry has, and
    /// where all entries together or everything but them undo a change, nothing else has either.
    fn relevant(&mut self, of: Of) -> (Vec<usize>, bool) {
        let entry = |unit: &Unit| match unit {
            Unit::Text(Key::UseCase(name) | Key::UseCaseKey(name, _)) => Some(name == of.0),
            _ => None,
        };
        let with = |wanted: &dyn Fn(Option<bool>) -> bool| -> Vec<usize> {
            let units = self.units.iter().enumerate().filter(|(_, unit)| wanted(entry(unit)));
            units.map(|(at, _)| at).collect()
        };
        let (every, own) = (with(&|_| true), with(&|entry| entry != Some(false)));
        if own.len() == every.len() {
            return (every, true);
        }
        // These two are the same for every use case, and so are tried once.
        let (entries, common) = (with(&|entry| entry.is_some()), with(&|entry| entry.is_none()));
        let own_entry = with(&|entry| entry == Some(true));
        for (tried, relevant) in [(entries, own_entry), (common.clone(), common), (own.clone(), own.clone())]
        {
            if !relevant.is_empty() && self.effect(&tried, of) == Effect::Undone {
                return (relevant, true);
            }
        }
        if self.left == 0 && !own.is_empty() { (own, false) } else { (every, true) }
    }

    /// A set that undoes a change and from which nothing can be left out: first halves are tried, then smaller parts.
    fn fewest(&mut self, mut units: Vec<usize>, of: Of) -> Vec<usize> {
        let mut size = units.len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            while at < units.len() {
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
        let set: BTreeSet<usize> = units.iter().copied().collect();
        if !self.known.contains_key(&set) {
            if self.left == 0 {
                return Effect::None;
            }
            self.left -= 1;
            let effects = self.trial(&set).unwrap_or_default();
            self.known.insert(set.clone(), effects);
        }
        let effects = self.known.get(&set);
        effects.and_then(|effects| effects.get(of.0)?.get(&of.1)).copied().unwrap_or(Effect::None)
    }

    /// Everything resolved of the new side with something put back; none where a finding keeps it from being so.
    fn world(&mut self, flat: &Flat, day: Date) -> Option<World> {
        let policies = flat.policies();
        // What stays as it is was read once.
        let (registry, estate) = self.read.get_or_insert_with(|| {
            let after = &self.after.0;
            (workspace::registry_of(&after.registry()), workspace::estate_of(&after.estate()))
        });
        let same_registry = Rc::ptr_eq(&flat.providers, &self.after.0.providers)
            && Rc::ptr_eq(&flat.models, &self.after.0.models);
        let same_estate = Rc::ptr_eq(&flat.use_cases, &self.after.0.use_cases);
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
        let (mut flat, mut day) = (self.after.0.clone(), self.after.1);
        for unit in set.iter().filter_map(|unit| self.units.get(*unit)) {
            match unit {
                Unit::Text(key) => flat.put_back(key, &self.before.0),
                Unit::End(end) => time::prolong(&mut flat, end),
                Unit::Day => day = self.before.1,
            }
        }
        let mut world = self.world(&flat, day)?;
        world.use_cases.retain(|use_case| self.names.contains(&use_case.name.value));
        let side = Side::of_workspace("", &Survey::new(&world), self.store);
        let trial = diff(self.store, &self.old_side, &side);
        let left_out: BTreeSet<&String> = trial.left_out.iter().map(|(name, _)| name).collect();
        let effects = self.compared.iter().map(|(name, before)| {
            let now = trial
                .changes
                .iter()
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
