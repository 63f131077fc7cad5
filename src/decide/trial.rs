//! A workspace taken for another day, or as if something in it had ended: what it would decide for some use cases.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Path;
use super::compare::{self, Side};
use super::coverage;
use super::engine::{Decisions, Engine, Held, Statement};
use super::reference;
use crate::limits::effort;
use crate::model::{Guarantee, GuaranteeId, ModelId, Moment, UseCaseId, World, build};

/// Models, each with the use cases that reach it.
pub type Reached = BTreeMap<ModelId, Vec<UseCaseId>>;

/// What differs once something has ended.
#[derive(Debug, Clone, Default)]
pub struct Changed {
    /// The use cases of which some decision is another one.
    pub use_cases: Vec<UseCaseId>,
    /// What becomes of the requests of each of them; empty where nobody asked, and where that is not tried.
    pub then: Vec<Then>,
    /// The models that they newly reach, which they reached in no context before.
    pub reached: Reached,
    /// The same in more contexts than before.
    pub wider: Reached,
    /// Too much ends to try it: the use cases are all that it may touch.
    pub is_untried: bool,
}

/// What becomes of the requests of a use case once something has ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Then {
    /// What ordinary requests try: the primary and what an outage leads to, the first few. Empty: no model may serve.
    /// None: nothing is defined.
    pub tried: Option<Vec<ModelId>>,
    /// Some request that a model served finds none.
    pub stops: bool,
    /// There are more contexts than are compared: of requests that are not ordinary nothing is known.
    pub is_uncompared: bool,
    /// Every request is tried on the same models: what differs is what stands beside them.
    pub is_routed_alike: bool,
}

/// What of a use case is otherwise once something has ended.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The models that some request newly reaches, where it did not before.
    pub reached: BTreeSet<ModelId>,
    /// What becomes of its requests, where that was asked.
    pub then: Option<Then>,
}

/// What of a difference is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Which models are newly reached: every check asks that.
    Reached,
    /// Also what becomes of requests, which compares all decisions again.
    Fates,
}

impl Then {
    /// Nothing can be decided any more.
    fn undefined() -> Self {
        Self { tried: None, stops: true, is_uncompared: false, is_routed_alike: false }
    }
}

/// The first few models that ordinary requests try; none where nothing is defined for them.
pub fn ordinary(decisions: &Decisions) -> Option<Vec<ModelId>> {
    let cell = *decisions.cells.get(decisions.space.baseline)?;
    let decision = decisions.distinct.get(cell as usize)?.as_ref().ok()?;
    let targets = decision.outage_path().into_iter().flat_map(Path::models);
    Some(decision.primary.into_iter().chain(targets).take(effort::TRIED_KEPT).collect())
}

/// How the new side differs; none where it does not.
fn between(old: Side, new: Side, asked: Asked) -> Option<Difference> {
    let then = || {
        let stops = compare::stops(old, new);
        Then {
            tried: ordinary(new.decisions),
            stops: stops.unwrap_or(false),
            is_uncompared: stops.is_none(),
            is_routed_alike: compare::routed_alike(old, new),
        }
    };
    let is_other = compare::differ(old, new);
    is_other.then(|| Difference {
        reached: compare::newly_reached(old, new),
        then: (asked == Asked::Fates).then(then),
    })
}

/// Nothing can be decided any more, which is another answer too and reaches nothing.
fn undefined(asked: Asked) -> Difference {
    Difference { reached: BTreeSet::new(), then: (asked == Asked::Fates).then(Then::undefined) }
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
    asked: Asked,
) -> Option<Difference> {
    let Some(after) = engine.decide_after(id, ended) else { return Some(undefined(asked)) };
    let side = |decisions| Side { world: engine.world(), use_case: &engine.world().use_cases[id], decisions };
    between(side(before), side(&after), asked)
}

impl Ready<'_> {
    /// What of a use case is otherwise; none where no decision of it is another than before.
    pub fn difference(&self, id: UseCaseId, before: &Decisions, asked: Asked) -> Option<Difference> {
        let new = self.trial.ids.get(&id)?;
        let Some(after) = self.engine.decide(*new) else { return Some(undefined(asked)) };
        let world = &self.trial.world;
        let old = Side { world: self.base, use_case: &self.base.use_cases[id], decisions: before };
        let new = Side { world, use_case: &world.use_cases[*new], decisions: &after };
        between(old, new, asked)
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
