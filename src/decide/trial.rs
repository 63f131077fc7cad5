//! A workspace taken for another day, or as if something in it had ended: what it would decide for some use cases.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::compare::{self, Side};
use super::coverage;
use super::engine::{Decisions, Engine, Held, Statement};
use super::reference;
use crate::model::{Guarantee, GuaranteeId, ModelId, Moment, UseCaseId, World, build};

/// Models, each with the use cases that reach it.
pub type Reached = BTreeMap<ModelId, Vec<UseCaseId>>;

/// What differs once something has ended.
#[derive(Debug, Clone, Default)]
pub struct Changed {
    /// The use cases of which some decision is another one.
    pub use_cases: Vec<UseCaseId>,
    /// The models that they newly reach, which they reached in no context before.
    pub reached: Reached,
    /// The same in more contexts than before.
    pub wider: Reached,
    /// Too much ends to try it: the use cases are all that it may touch.
    pub is_untried: bool,
}

/// The world of another moment, with some of its use cases.
#[derive(Debug)]
pub struct Trial {
    world: World,
    /// By number in the world as it is, that in the other one.
    ids: BTreeMap<UseCaseId, UseCaseId>,
}

impl Trial {
    /// The same workspace in another moment; none where it is not known what a world was made from.
    pub fn new(base: &World, moment: Moment, use_cases: &[UseCaseId]) -> Option<Self> {
        let written = base.written.as_ref()?;
        let (world, _) = build::build(&written.policies, &written.registry, &written.estate, moment);
        let mut world = world?;
        // Use cases stand in the order of their names in both.
        let mut ids: Vec<UseCaseId> = use_cases.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let mut kept = ids.iter().map(|id| &base.use_cases[*id].name.value).peekable();
        world.keep_use_cases(|use_case| kept.next_if(|name| **name == use_case.name.value).is_some());
        coverage::settle(&mut world);
        let ids = ids.into_iter().zip(world.use_cases.ids()).collect();
        Some(Self { world, ids })
    }

    /// Makes it ready to be asked.
    pub fn ready<'t>(&'t self, base: &'t World) -> Ready<'t> {
        Ready { trial: self, base, engine: Engine::new(&self.world) }
    }
}

/// A trial that can be asked.
#[derive(Debug)]
pub struct Ready<'t> {
    trial: &'t Trial,
    base: &'t World,
    engine: Engine<'t>,
}

/// The same as [`Ready::difference`] where some models have ended, which takes no other world: all else is as it was.
pub fn difference_after(
    engine: &Engine,
    id: UseCaseId,
    before: &Decisions,
    ended: &[ModelId],
) -> Option<BTreeSet<ModelId>> {
    let Some(after) = engine.decide_after(id, ended) else { return Some(BTreeSet::new()) };
    let side = |decisions| Side { world: engine.world(), use_case: &engine.world().use_cases[id], decisions };
    let (old, new) = (side(before), side(&after));
    compare::differ(old, new).then(|| compare::newly_reached(old, new))
}

impl Ready<'_> {
    /// The models that some request of a use case newly reaches, where it did not before; none where no decision of it is
    /// another than before.
    pub fn difference(&self, id: UseCaseId, before: &Decisions) -> Option<BTreeSet<ModelId>> {
        let new = self.trial.ids.get(&id)?;
        // What can no longer be decided is another answer too, and reaches nothing.
        let Some(after) = self.engine.decide(*new) else { return Some(BTreeSet::new()) };
        let world = &self.trial.world;
        let old = Side { world: self.base, use_case: &self.base.use_cases[id], decisions: before };
        let new = Side { world, use_case: &world.use_cases[*new], decisions: &after };
        compare::differ(old, new).then(|| compare::newly_reached(old, new))
    }

    /// Whether some decision of a use case is another than before, or some guarantee does not hold for it.
    pub fn differs_or_breaks(&self, id: UseCaseId, before: &Decisions) -> bool {
        let Some(new) = self.trial.ids.get(&id) else { return false };
        // What can no longer be decided is another answer too.
        let Some(after) = self.engine.decide(*new) else { return true };
        let world = &self.trial.world;
        let old = Side { world: self.base, use_case: &self.base.use_cases[id], decisions: before };
        let new = Side { world, use_case: &world.use_cases[*new], decisions: &after };
        compare::differ(old, new) || world.guarantees.ids().any(|guarantee| self.breaks(new, guarantee))
    }

    /// Whether a guarantee does not hold in some context.
    fn breaks(&self, side: Side, id: GuaranteeId) -> bool {
        let Side { world, use_case, decisions } = side;
        let guarantee = &world.guarantees[id];
        let held = self.engine.held(use_case, &decisions.space, Statement::Guarantee(id));
        if held == Held::Never {
            return false;
        }
        let varies = varies(guarantee);
        // Contexts that share a decision share the verdict, unless the guarantee itself looks at the context.
        let mut known: HashMap<u32, bool> = HashMap::new();
        let contexts = decisions.space.contexts.iter().zip(&decisions.cells).enumerate();
        contexts.filter(|(at, _)| held.at(*at)).any(|(_, (context, cell))| {
            let Some(Ok(decision)) = decisions.distinct.get(*cell as usize) else { return true };
            let verdict = || reference::breaks(world, use_case, context, decision, guarantee).is_some();
            if varies { verdict() } else { *known.entry(*cell).or_insert_with(verdict) }
        })
    }
}

/// Whether what a guarantee promises reads the context.
fn varies(guarantee: &Guarantee) -> bool {
    guarantee
        .parts
        .iter()
        .any(|part| part.expr.reads.iter().any(|(read, _)| read.is_of_context() || read.is_of_place()))
}
