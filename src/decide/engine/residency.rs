//! Where requests may be processed, and the models that the gate `residency` leaves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use fixedbitset::FixedBitSet;

use super::Engine;
use super::case::Case;
use super::index::Index;
use crate::model::names::Set;
use crate::model::{Context, Model, RuleId, World};

impl Case<'_, '_> {
    /// Whether some rule narrows where this use case's requests are processed.
    pub(super) fn is_narrowed(&self) -> bool {
        let world = self.engine.world;
        let mut rules = self.rules.ids().into_iter().map(|id| &world.rules[id]);
        rules.any(|rule| !rule.process_in.is_empty())
    }

    /// What the applying rules leave of the stated residency; none is every region.
    pub(super) fn residency(&self, context: &Context, applying: &[RuleId]) -> Option<Arc<Set>> {
        let world = self.engine.world;
        let mut left = self.use_case.stated_residency().cloned();
        for clause in applying.iter().map(|id| &world.rules[*id]).flat_map(|rule| &rule.process_in) {
            let named = clause.regions(world, &context.facts);
            left = Some(match left {
                Some(before) => world.regions.shared(&before, &named),
                None => named,
            });
        }
        left.map(Arc::new)
    }
}

/// The models that may process in a residency, by residency: use cases state few.
pub(super) type Residents = Mutex<HashMap<Option<Arc<Set>>, Arc<FixedBitSet>>>;

impl Engine<'_> {
    /// The models that may process a request there.
    pub(super) fn resident(&self, residency: Option<&Arc<Set>>) -> Arc<FixedBitSet> {
        // A thread that panicked has left at worst an entry fewer.
        let mut known = self.residents.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = known.entry(residency.cloned());
        let found =
            entry.or_insert_with(|| Arc::new(resident(self.world, &self.index, residency.map(|set| &**set))));
        Arc::clone(found)
    }
}

fn resident(world: &World, index: &Index, residency: Option<&Set>) -> FixedBitSet {
    let Some(residency) = residency else { return index.all() };
    let mut found = index.nobody();
    for region in residency.iter().flat_map(|outer| index.inside(outer)) {
        found.union_with(index.regions.having(*region));
    }
    // Pinned to some region inside, or processing nowhere else.
    let stays =
        |model: &Model| model.regions.as_ref().is_some_and(|all| world.regions.covers(residency, all));
    for (id, model) in world.models.enumerated() {
        let at = id.position();
        if found.contains(at) && !index.selectable.contains(at) && !stays(model) {
            found.remove(at);
        }
    }
    found
}
