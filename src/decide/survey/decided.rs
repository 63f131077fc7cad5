//! A use case with its decisions, as findings look at it.

use std::collections::HashSet;

use crate::decide::engine::{Decisions, Space};
use crate::decide::{Decision, Path};
use crate::model::{Context, ModelId, UseCase, UseCaseId};

/// A use case with a decision in every context.
#[derive(Debug, Clone)]
pub struct Decided<'a> {
    /// The id of the use case.
    pub id: UseCaseId,
    /// For which all contexts are decided.
    pub use_case: &'a UseCase,
    /// Its contexts that have to be decided apart.
    pub space: &'a Space,
    /// Its decisions as the engine has them.
    pub all: &'a Decisions,
    /// The decision in the baseline context.
    pub baseline: &'a Decision,
}

impl<'a> Decided<'a> {
    /// Contexts with their decisions.
    pub fn pairs(&self) -> impl Iterator<Item = (&'a Context, &'a Decision)> + use<'a> {
        let all = self.all;
        self.space
            .contexts
            .iter()
            .zip(all.cells.iter())
            .filter_map(|(context, cell)| Some((context, all.distinct.get(*cell as usize)?.as_ref().ok()?)))
    }

    /// Per context the position of its decision among the distinct ones.
    pub fn cells(&self) -> impl Iterator<Item = usize> + use<'a> {
        self.all.cells.iter().map(|cell| *cell as usize)
    }

    /// The models that some request may go to, ascending.
    pub fn reached(&self) -> Vec<ModelId> {
        let mut reached: Vec<ModelId> = self.distinct().filter_map(|decision| decision.primary).collect();
        let mut seen: HashSet<*const Path> = HashSet::new();
        for paths in self.distinct().map(|decision| &decision.paths) {
            // Decisions that agree on what is tried share the list.
            if seen.insert(paths.as_ptr()) {
                reached.extend(paths.iter().flat_map(Path::models));
            }
        }
        reached.sort_unstable();
        reached.dedup();
        reached
    }

    /// Every decision once.
    pub fn distinct(&self) -> impl Iterator<Item = &'a Decision> + use<'a> {
        self.all.distinct.iter().filter_map(|decision| decision.as_ref().ok())
    }

    /// Per decision, one of the contexts that have it.
    pub fn examples(&self) -> Vec<(usize, &'a Decision)> {
        let mut first = vec![None; self.all.distinct.len()];
        for (at, cell) in self.all.cells.iter().enumerate() {
            if let Some(entry @ None) = first.get_mut(*cell as usize) {
                *entry = Some(at);
            }
        }
        let pairs = first.into_iter().zip(&self.all.distinct);
        pairs.filter_map(|(at, decision)| Some((at?, decision.as_ref().ok()?))).collect()
    }

    /// The use case's name.
    pub fn name(&self) -> String {
        self.use_case.name.value.clone()
    }
}
