//! Everything that decisions share, once, in the order in which it is first needed.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use super::portable::{Portable, PortablePath, PortableTarget};
use crate::model::{FailoverId, ModelId};
use crate::table::format;

/// Distinct things by number, in the order in which they came.
#[derive(Debug)]
pub(super) struct Once<T> {
    numbers: HashMap<T, usize>,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new() }
    }
}

impl<T: Eq + Hash> Once<T> {
    /// The number of a thing, new or known.
    pub(super) fn put(&mut self, item: T) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(item).or_insert(next)
    }

    /// The things by number.
    pub(super) fn items(&self) -> impl Iterator<Item = &T> {
        let mut items: Vec<(&T, usize)> = self.numbers.iter().map(|(item, number)| (item, *number)).collect();
        items.sort_unstable_by_key(|(_, number)| *number);
        items.into_iter().map(|(item, _)| item)
    }

    /// The things by number.
    pub(super) fn into_items(self) -> Vec<T> {
        let mut items: Vec<(T, usize)> = self.numbers.into_iter().collect();
        items.sort_unstable_by_key(|(_, number)| *number);
        items.into_iter().map(|(item, _)| item).collect()
    }
}

/// The lists of a table, filled as cells need them.
pub(super) struct Lists<'a> {
    portable: Vec<&'a Portable>,
    models: Vec<ModelId>,
    failovers: Vec<FailoverId>,
    pub(super) rule_sets: Once<Vec<String>>,
    pub(super) target_lists: Once<Vec<format::Target>>,
    pub(super) audits: Once<format::Audit>,
    pub(super) decisions: Vec<format::Decision>,
    /// The table's number of each decision that a cell has needed.
    numbers: HashMap<usize, usize>,
}

impl<'a> Lists<'a> {
    /// Lists for decisions, of which some are those of cells.
    pub(super) fn new(
        portable: impl Iterator<Item = &'a Portable>,
        cells: impl Iterator<Item = usize>,
    ) -> Self {
        let portable: Vec<&Portable> = portable.collect();
        let needed: BTreeSet<usize> = cells.collect();
        let needed = || needed.iter().filter_map(|at| portable.get(*at).copied());
        let paths = || needed().flat_map(|decision| &decision.paths);
        let primaries = needed().filter_map(|decision| decision.primary.as_ref()).map(|(model, _)| *model);
        let targets = paths().flat_map(|path| &path.targets).map(|target| target.model);
        let models: BTreeSet<ModelId> = primaries.chain(targets).collect();
        let failovers: BTreeSet<FailoverId> = paths().map(|path| path.failover).collect();
        Self {
            models: models.into_iter().collect(),
            failovers: failovers.into_iter().collect(),
            portable,
            rule_sets: Once::default(),
            target_lists: Once::default(),
            audits: Once::default(),
            decisions: Vec::new(),
            numbers: HashMap::new(),
        }
    }

    /// The models that are targets of some cell, in the world's order.
    pub(super) fn models(&self) -> &[ModelId] {
        &self.models
    }

    /// The failover statements that some path names, in the world's order.
    pub(super) fn failovers(&self) -> &[FailoverId] {
        &self.failovers
    }

    /// The table's number of a decision that a cell needs.
    pub(super) fn decision(&mut self, at: usize) -> usize {
        if let Some(number) = self.numbers.get(&at) {
            return *number;
        }
        let number = self.decisions.len();
        if let Some(portable) = self.portable.get(at).copied() {
            let decision = self.numbered(portable);
            self.decisions.push(decision);
            self.numbers.insert(at, number);
        }
        number
    }

    fn numbered(&mut self, portable: &Portable) -> format::Decision {
        let primary = portable
            .primary
            .as_ref()
            .map(|(model, regions)| format::Primary { model: self.model(*model), regions: regions.clone() });
        format::Decision {
            primary,
            paths: portable.paths.iter().map(|path| self.path(path)).collect(),
            rules: self.rule_sets.put(portable.rules.clone()),
            budgets: portable.budgets.clone(),
            quotas: portable.quotas.clone(),
            audit: portable.audit.clone().map(|audit| self.audits.put(audit)),
        }
    }

    fn path(&mut self, path: &PortablePath) -> format::Path {
        let targets = path.targets.iter().cloned().map(|target| {
            let PortableTarget { model, cost_multiplier, actions, regions } = target;
            format::Target { model: self.model(model), cost_multiplier, actions, regions }
        });
        let targets = targets.collect();
        format::Path {
            on: path.on.clone(),
            failover: self.failovers.partition_point(|id| *id < path.failover),
            targets: self.target_lists.put(targets),
        }
    }

    fn model(&self, id: ModelId) -> usize {
        self.models.partition_point(|known| *known < id)
    }
}
