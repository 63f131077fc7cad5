//! Everything that a decision can name, once: two sides decide alike exactly where they have the same number.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::table::format::{Action, Audit, Budget, Failover, Model, Quota, Trigger};

/// Equal things by number.
#[derive(Debug)]
pub struct Shelf<T> {
    by_text: HashMap<String, u32>,
    items: Vec<T>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { by_text: HashMap::new(), items: Vec::new() }
    }
}

impl<T: Serialize> Shelf<T> {
    /// The number of a thing, new or known.
    pub fn put(&mut self, item: T) -> u32 {
        // Plain data with text keys always serialises, and equal data serialises alike.
        let text = serde_json::to_string(&item).unwrap_or_default();
        let next = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let number = *self.by_text.entry(text).or_insert(next);
        if number == next {
            self.items.push(item);
        }
        number
    }
}

impl<T> Shelf<T> {
    /// The thing with a number that this shelf gave out.
    pub fn get(&self, number: u32) -> Option<&T> {
        self.items.get(number as usize)
    }
}

/// What is decided in a context, in numbers of the [`Store`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Outcome {
    /// The primary and what stands after it.
    pub targets: Vec<Target>,
    /// The failover statement that applies, without its name.
    pub failover: Option<u32>,
    /// Budgets that apply.
    pub budgets: Vec<u32>,
    /// Quotas that apply.
    pub quotas: Vec<u32>,
    /// The merged audit duty.
    pub audit: Option<Audit>,
    /// The attribution tags.
    pub tags: u32,
}

/// A target of an [`Outcome`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target {
    /// Which model.
    pub model: u32,
    /// Its cost over the primary's, as a table has it.
    pub multiplier: u32,
    /// Cost actions.
    pub actions: u32,
    /// The regions it is pinned to.
    pub regions: u32,
}

/// Everything that both sides name.
#[derive(Debug, Default)]
pub struct Store {
    /// Models as a gateway knows them: a model whose price changed is another.
    pub models: Shelf<Model>,
    /// Costs over the primary's.
    pub multipliers: Shelf<String>,
    /// Cost actions of a target.
    pub actions: Shelf<Vec<Action>>,
    /// Regions that a target is pinned to.
    pub regions: Shelf<Option<Vec<String>>>,
    /// Failover statements with the triggers that lead to them; the name is left empty, for a new name changes no decision.
    pub failovers: Shelf<(Vec<Trigger>, Failover)>,
    /// Budgets.
    pub budgets: Shelf<Budget>,
    /// Quotas.
    pub quotas: Shelf<Quota>,
    /// Attribution tags, with the statement's own mode and threshold.
    pub tags: Shelf<BTreeMap<String, String>>,
    outcomes: Vec<Outcome>,
    by_outcome: HashMap<Outcome, u32>,
}

impl Store {
    /// The number of an outcome, new or known.
    pub fn outcome(&mut self, outcome: Outcome) -> u32 {
        if let Some(&number) = self.by_outcome.get(&outcome) {
            return number;
        }
        let number = u32::try_from(self.outcomes.len()).unwrap_or(u32::MAX);
        self.outcomes.push(outcome.clone());
        self.by_outcome.insert(outcome, number);
        number
    }

    /// The outcome with a number that this store gave out.
    pub fn get(&self, number: u32) -> Option<&Outcome> {
        self.outcomes.get(number as usize)
    }

    /// The models of an outcome, the primary first.
    pub fn targets<'a>(&'a self, outcome: &'a Outcome) -> impl Iterator<Item = (&'a Target, &'a Model)> {
        outcome.targets.iter().filter_map(|target| Some((target, self.models.get(target.model)?)))
    }

    /// The ids of an outcome's models, the primary first.
    pub fn ids(&self, number: u32) -> Vec<String> {
        let outcome = self.get(number);
        outcome.map(|o| self.targets(o).map(|(_, model)| model.id.clone()).collect()).unwrap_or_default()
    }
}
