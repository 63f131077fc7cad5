//! Which differences can have to do with which change, without trying any: a decision names whom it concerns.
//!
//! No other use case's entry has to do with a use case, no model that neither side reaches, no rule or failover
//! statement that applies on neither side. What may reach further, such as a fact or a link of the registry, always counts.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::flat::EntryName;
use super::trial::Unit;
use super::{Text, Texts};
use crate::decide::survey::Survey;
use crate::diff::sides::Side;
use crate::diff::store::Store;
use crate::diff::{Change, Diff};
use crate::model::UseCaseId;

/// Statements that only say which names there are.
const NAMES_ONLY: [&str; 7] =
    ["compliance", "data", "capabilities", "teams", "business_units", "projects", "applications"];

/// Per use case that changes the positions of the differences that can have to do with it.
pub(super) type Relevant = BTreeMap<String, Vec<usize>>;

pub(super) fn relevant(
    diff: &Diff,
    store: &Store,
    sides: (&Side, &Side),
    texts: &Texts,
    units: &[Vec<Unit>],
) -> Relevant {
    let index = Index::new(units, texts);
    let sides = [Decided::new(sides.0, &texts.old.1), Decided::new(sides.1, &texts.new.1)];
    let of = |change: &Change| {
        let old_name = change.renamed_from.as_ref().unwrap_or(&change.use_case);
        let names = [old_name, &change.use_case];
        // Where the whole use case comes or goes, nothing else makes that.
        let whole = Index::of(&index.whole, names);
        if !whole.is_empty() {
            return whole.into_iter().collect();
        }
        let mut found = Index::of(&index.use_cases, names);
        found.extend(&index.always);
        for (side, name) in sides.iter().zip(names) {
            side.found(name, store, &index, &mut found);
        }
        found.into_iter().collect()
    };
    diff.of_use_cases().map(|change| (change.use_case.clone(), of(change))).collect()
}

/// Positions of differences by what they are of.
type Positions = HashMap<String, Vec<usize>>;

/// Differences by whom they can concern.
#[derive(Default)]
struct Index {
    /// Whole use cases.
    whole: Positions,
    /// Keys of use cases.
    use_cases: Positions,
    /// By id.
    models: Positions,
    providers: Positions,
    rules: Positions,
    failovers: Positions,
    /// What can concern everyone.
    always: Vec<usize>,
}

impl Index {
    fn new(units: &[Vec<Unit>], texts: &Texts) -> Self {
        let mut index = Self::default();
        let shares = [&texts.old, &texts.new].iter().any(|(_, text)| !text.survey.world.shares.is_empty());
        for (at, units) in units.iter().enumerate() {
            for unit in units {
                index.add(unit, at, shares);
            }
        }
        index
    }

    fn add(&mut self, unit: &Unit, at: usize, shares: bool) {
        let (positions, name) = match unit {
            Unit::Day => return self.always.push(at),
            Unit::End(end) => match &end.owner.model {
                Some(model) => (&mut self.models, format!("{}/{model}", end.owner.provider)),
                None => (&mut self.providers, end.owner.provider.clone()),
            },
            Unit::Text(key) | Unit::Turned(key) => match key {
                EntryName::Statement(kind @ ("rule" | "failover"), name) => {
                    // A name that stands for another statement after a day carries the day behind it.
                    let name = name.split_once(" from ").map_or(name.as_str(), |(name, _)| name);
                    let positions = if *kind == "rule" { &mut self.rules } else { &mut self.failovers };
                    (positions, name.to_owned())
                }
                EntryName::Statement("quota" | "audit", _) => return,
                EntryName::Statement("budget", _) if !shares => return,
                EntryName::Statement(kind, _) if NAMES_ONLY.contains(kind) => return,
                // A link of the registry is walked also where it leads from a model that is left out.
                EntryName::ModelKey(_, _, key) if key == "failover_to" => return self.always.push(at),
                EntryName::Statement(..) => return self.always.push(at),
                EntryName::UseCase(name) => (&mut self.whole, name.clone()),
                EntryName::UseCaseKey(name, _) => (&mut self.use_cases, name.clone()),
                EntryName::Provider(name) | EntryName::ProviderKey(name, _) => {
                    (&mut self.providers, name.clone())
                }
                EntryName::Model(provider, model) | EntryName::ModelKey(provider, model, _) => {
                    (&mut self.models, format!("{provider}/{model}"))
                }
            },
        };
        positions.entry(name).or_default().push(at);
    }

    /// Of what a decision reaches.
    fn reached(&self, store: &Store, cell: u32) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for (_, portrait) in store.get(cell).into_iter().flat_map(|outcome| store.reached(outcome)) {
            found.extend(self.models.get(&portrait.model.id).into_iter().flatten());
            found.extend(self.providers.get(&portrait.model.provider).into_iter().flatten());
        }
        found
    }

    fn of(positions: &Positions, names: [&String; 2]) -> BTreeSet<usize> {
        names.into_iter().filter_map(|name| positions.get(name)).flatten().copied().collect()
    }
}

/// A side with the places of its use cases.
struct Decided<'a> {
    side: &'a Side,
    survey: &'a Survey<'a>,
    ids: HashMap<&'a str, UseCaseId>,
    /// Per decision the differences of what it reaches.
    known: RefCell<HashMap<u32, BTreeSet<usize>>>,
}

impl<'a> Decided<'a> {
    fn new(side: &'a Side, text: &Text<'a>) -> Self {
        let use_cases = text.survey.world.use_cases.enumerated();
        let ids = use_cases.map(|(id, use_case)| (use_case.name.value.as_str(), id)).collect();
        Self { side, survey: text.survey, ids, known: RefCell::default() }
    }

    /// What this side's decisions of a use case have to do with.
    fn found(&self, name: &str, store: &Store, index: &Index, found: &mut BTreeSet<usize>) {
        let cells =
            self.side.cases.get(name).map(|case| case.cells.iter().copied().collect::<BTreeSet<u32>>());
        let mut known = self.known.borrow_mut();
        for cell in cells.into_iter().flatten() {
            found.extend(known.entry(cell).or_insert_with(|| index.reached(store, cell)).iter());
        }
        let world = self.survey.world;
        let decisions = self.ids.get(name).and_then(|id| self.survey.cases[*id].decisions.as_ref());
        for (id, rule) in world.rules.enumerated() {
            if let Some(positions) = index.rules.get(&rule.name.value)
                && decisions.is_none_or(|decisions| decisions.rules.contains(id))
            {
                found.extend(positions);
            }
        }
        for (id, failover) in world.failovers.enumerated() {
            if let Some(positions) = index.failovers.get(&failover.name.value)
                && decisions.is_none_or(|decisions| decisions.failovers.contains(id))
            {
                found.extend(positions);
            }
        }
    }
}
