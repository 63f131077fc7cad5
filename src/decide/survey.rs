//! Every decision of a world, made once and shared by whoever reads them.

mod again;
mod decided;
mod recut;
mod tried;

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::decide::engine::{Beside, Decisions, Engine, Statement};
use crate::decide::{Decision, Undefined, reference};
use crate::model::attribute::{Attribute, RequestAttribute};
use crate::model::{Context, Expr, PreferKind, Table, UseCase, UseCaseId, World};
use crate::source::Span;
pub use again::Earlier;
pub use decided::Decided;
pub use tried::{Before, Known, Mattering, Tried};

/// A world and all its decisions.
#[derive(Debug)]
pub struct Survey<'a> {
    /// What was decided, by index.
    pub world: &'a World,
    /// What decides it.
    pub engine: Engine<'a>,
    /// Per use case of [`World::use_cases`].
    pub cases: Table<UseCase, Case>,
    /// What has been found out by deciding otherwise.
    pub tried: Tried,
}

/// What is decided of one use case.
#[derive(Debug)]
pub struct Case {
    /// The use case.
    pub id: UseCaseId,
    /// Attributes that conditions test and it does not state; then nothing else is decided.
    pub missing: Vec<Missing>,
    /// Its decisions; none where attributes are missing.
    pub decisions: Option<Decisions>,
    /// Whether every decision is defined.
    is_decided: bool,
    /// The first use case that is decided alike: itself, if none before it is known to be.
    pub first_alike: UseCaseId,
}

/// An attribute that is tested and not stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The attribute that the use case does not state.
    pub attribute: Attribute,
    /// Where it is tested.
    pub tested: Span,
}

impl Case {
    /// Whether every decision is defined.
    pub fn is_decided(&self) -> bool {
        self.is_decided
    }

    /// The same of a use case that is decided alike.
    fn of_another(&self, id: UseCaseId) -> Self {
        let Self { missing, decisions, is_decided, first_alike, .. } = self;
        let (missing, decisions) = (missing.clone(), decisions.clone());
        Self { id, missing, decisions, is_decided: *is_decided, first_alike: *first_alike }
    }

    /// In how many values a context differs from the baseline, by its position.
    pub fn distance(&self, at: usize) -> usize {
        self.decisions.as_ref().map_or(0, |decisions| decisions.space.distance(at))
    }
}

/// Below this many use cases one core is as fast as several.
const FEW: usize = 32;

impl<'a> Survey<'a> {
    /// Decides every context of every use case.
    pub fn new(world: &'a World) -> Self {
        Self::counted(world, &|| ())
    }

    /// The same, telling after each use case that it is done.
    pub fn counted(world: &'a World, done: &(dyn Fn() + Sync)) -> Self {
        let engine = Engine::new(world);
        let conditions = Conditions::new(world);
        let one = |id: &UseCaseId| {
            let case = case(&engine, &conditions, *id, None);
            done();
            case
        };
        let first = engine.first_alike();
        let apart = world.use_cases.ids().zip(&first).filter(|(id, first)| id == *first);
        let apart: Vec<UseCaseId> = apart.map(|(id, _)| id).collect();
        let decided: Vec<Case> = if apart.len() < FEW {
            apart.iter().map(one).collect()
        } else {
            apart.par_iter().map(one).collect()
        };
        let mut decided = decided.into_iter();
        let mut cases: Vec<Case> = Vec::with_capacity(first.len());
        for (id, first) in world.use_cases.ids().zip(first) {
            let case = match cases.get(first.position()) {
                Some(first) => {
                    done();
                    Some(first.of_another(id))
                }
                None => decided.next(),
            };
            cases.extend(case);
        }
        Self { world, engine, cases: cases.into(), tried: Tried::default() }
    }

    /// The same with one use case alone decided: every other stands there without decisions.
    pub fn of_one(world: &'a World, only: UseCaseId) -> Self {
        let engine = Engine::new(world);
        let conditions = Conditions::new(world);
        let one = |id: UseCaseId| {
            if id == only {
                return case(&engine, &conditions, id, None);
            }
            Case { id, missing: Vec::new(), decisions: None, is_decided: false, first_alike: id }
        };
        let cases = world.use_cases.ids().map(one).collect();
        Self { world, engine, cases, tried: Tried::default() }
    }

    /// The same decided by the reference: slow, and there to be compared with.
    pub fn by_reference(world: &'a World) -> Self {
        let engine = Engine::new(world);
        let conditions = Conditions::new(world);
        let cases = world.use_cases.enumerated().map(|(id, use_case)| {
            let mut case = case(&engine, &conditions, id, None);
            if let Some(decisions) = &mut case.decisions {
                let contexts = decisions.space.contexts.iter();
                decisions.distinct =
                    contexts.map(|context| reference::decide(world, use_case, context)).collect();
                decisions.cells = (0..).take(decisions.distinct.len()).collect();
            }
            case
        });
        Self { world, cases: cases.collect(), engine, tried: Tried::default() }
    }

    /// Whether it is done sooner on one core than spread over several.
    pub fn is_small(&self) -> bool {
        self.world.use_cases.len() < FEW
    }

    /// How many contexts were decided: all of them, however many share one decision.
    pub fn contexts(&self) -> u64 {
        let decided = self.cases.iter().filter(|case| case.decisions.is_some());
        let use_cases = decided.map(|case| &self.world.use_cases[case.id]);
        use_cases.map(|use_case| self.world.count_contexts(use_case)).fold(0, u64::saturating_add)
    }

    /// Every context of a use case that has to be decided apart, with its decision; nothing where attributes are
    /// missing.
    pub fn pairs<'s>(
        &'s self,
        case: &'s Case,
    ) -> impl Iterator<Item = (&'s Context, &'s Result<Decision, Undefined>)> {
        case.decisions.iter().flat_map(|decisions| {
            let contexts = &decisions.space.contexts;
            let decisions = decisions.cells.iter().filter_map(|cell| decisions.distinct.get(*cell as usize));
            contexts.iter().zip(decisions)
        })
    }

    /// One context of a use case, by position, with its decision.
    pub fn at<'s>(
        &'s self,
        case: &'s Case,
        position: usize,
    ) -> Option<(&'s Context, &'s Result<Decision, Undefined>)> {
        let decisions = case.decisions.as_ref()?;
        let context = decisions.space.contexts.get(position)?;
        Some((context, decisions.distinct.get(*decisions.cells.get(position)? as usize)?))
    }

    /// The decision for any request: that of the context that stands for it.
    pub fn decision<'s>(
        &'s self,
        case: &'s Case,
        asked: &Context,
    ) -> Option<&'s Result<Decision, Undefined>> {
        let (use_case, decisions) = (&self.world.use_cases[case.id], case.decisions.as_ref()?);
        let at = decisions.space.find(self.world, use_case, asked)?;
        decisions.distinct.get(*decisions.cells.get(at)? as usize)
    }

    /// Use cases whose every decision is defined, with those decisions.
    pub fn decided(&self) -> impl Iterator<Item = Decided<'_>> {
        self.cases.iter().filter_map(|case| self.decided_case(case))
    }

    /// The same of those that a statement may concern.
    pub fn concerned(&self, statement: Statement) -> impl Iterator<Item = Decided<'_>> {
        let some = self.engine.may_concern(statement);
        let all = if some.is_none() { Some(self.decided()) } else { None };
        let some = some.into_iter().flatten().filter_map(|id| self.decided_at(id));
        all.into_iter().flatten().chain(some)
    }

    /// A use case whose every decision is defined, with those decisions.
    pub fn decided_at(&self, id: UseCaseId) -> Option<Decided<'_>> {
        self.decided_case(&self.cases[id])
    }

    fn decided_case<'s>(&'s self, case: &'s Case) -> Option<Decided<'s>> {
        if !case.is_decided() {
            return None;
        }
        let use_case = &self.world.use_cases[case.id];
        let decisions = case.decisions.as_ref()?;
        let space = decisions.space.as_ref();
        let baseline = *decisions.cells.get(space.baseline)? as usize;
        let baseline = decisions.distinct.get(baseline)?.as_ref().ok()?;
        Some(Decided { id: case.id, use_case, space, all: decisions, baseline })
    }

    /// Whether every decision of every use case is defined.
    pub fn complete(&self) -> bool {
        self.cases.iter().all(Case::is_decided)
    }
}

fn case(engine: &Engine, conditions: &Conditions, id: UseCaseId, before: Option<Beside>) -> Case {
    let missing = conditions.missing(engine, &engine.world().use_cases[id]);
    let decisions = if missing.is_empty() { engine.decide_beside(id, before) } else { None };
    let is_decided = decisions.as_ref().is_some_and(|decisions| decisions.distinct.iter().all(Result::is_ok));
    Case { id, missing, decisions, is_decided, first_alike: id }
}

/// What conditions read that a use case need not state.
#[derive(Debug)]
struct Conditions {
    statements: Vec<(Statement, Reads, Reads)>,
    /// Every attribute that one of them reads.
    read: BTreeSet<Attribute>,
}

/// Attributes with the place that reads them.
type Reads = Vec<(Attribute, Span)>;

impl Conditions {
    fn new(world: &World) -> Self {
        let optional = |expr: &Expr| -> Reads {
            expr.reads.iter().copied().filter(|(attribute, _)| is_optional(*attribute)).collect()
        };
        let of = |when: Option<&Expr>| when.map(optional).unwrap_or_default();
        let mut statements = Vec::new();
        for (id, rule) in world.rules.enumerated() {
            let promises = rule.promises.iter().map(|promise| &promise.expr);
            let wishes = rule.prefers.iter().filter_map(|prefer| match &prefer.kind {
                PreferKind::Where(expr) => Some(expr),
                _ => None,
            });
            let clauses = promises.chain(wishes).flat_map(optional).collect();
            statements.push((Statement::Rule(id), of(rule.when.as_ref()), clauses));
        }
        let mut plain = |statement, when: Option<&Expr>| statements.push((statement, of(when), Vec::new()));
        world.failovers.enumerated().for_each(|(id, f)| plain(Statement::Failover(id), f.when.as_ref()));
        world.budgets.enumerated().for_each(|(id, b)| plain(Statement::Budget(id), b.when.as_ref()));
        world.quotas.enumerated().for_each(|(id, q)| plain(Statement::Quota(id), q.when.as_ref()));
        world.audits.enumerated().for_each(|(id, a)| plain(Statement::Audit(id), a.when.as_ref()));
        for (id, guarantee) in world.guarantees.enumerated() {
            let clauses = guarantee.parts.iter().flat_map(|part| optional(&part.expr)).collect();
            statements.push((Statement::Guarantee(id), of(guarantee.premise.as_ref()), clauses));
        }
        statements.retain(|(_, when, clauses)| !when.is_empty() || !clauses.is_empty());
        let reads = statements.iter().flat_map(|(_, when, clauses)| when.iter().chain(clauses));
        let read = reads.map(|(attribute, _)| *attribute).collect();
        Self { statements, read }
    }

    /// Attributes that conditions test and a use case does not state, each once, with the first place.
    fn missing(&self, engine: &Engine, use_case: &UseCase) -> Vec<Missing> {
        let mut found: Vec<Missing> = Vec::new();
        let unstated = |reads: &Reads| -> Vec<Missing> {
            let unstated = reads.iter().filter(|(attribute, _)| !states(use_case, *attribute));
            unstated.map(|(attribute, tested)| Missing { attribute: *attribute, tested: *tested }).collect()
        };
        if self.read.iter().all(|attribute| states(use_case, *attribute)) {
            return found;
        }
        for (statement, when, clauses) in &self.statements {
            let of_when = unstated(when);
            if !of_when.is_empty() {
                found.extend(of_when);
                continue;
            }
            let of_clauses = unstated(clauses);
            let applies = || engine.holds_somewhere(use_case, *statement);
            if !of_clauses.is_empty() && applies() {
                found.extend(of_clauses);
            }
        }
        found.sort_by_key(|missing| (missing.attribute, missing.tested));
        found.dedup_by_key(|missing| missing.attribute);
        found
    }
}

/// Whether a use case may leave an attribute out.
fn is_optional(attribute: Attribute) -> bool {
    optional(attribute).is_some()
}

/// Whether a use case states an attribute, or the attribute has a default or is none of the estate's.
pub fn states(use_case: &UseCase, attribute: Attribute) -> bool {
    optional(attribute).is_none_or(|is_stated| is_stated(use_case))
}

/// Whether a use case states an attribute that it may leave out; none where it may not.
fn optional(attribute: Attribute) -> Option<fn(&UseCase) -> bool> {
    use RequestAttribute as A;
    let Attribute::Request(attribute) = attribute else { return None };
    match attribute {
        A::BusinessUnit => Some(|use_case| use_case.business_unit.is_some()),
        A::Team => Some(|use_case| use_case.team.is_some()),
        A::Project => Some(|use_case| use_case.project.is_some()),
        A::Application => Some(|use_case| use_case.application.is_some()),
        A::Risk => Some(|use_case| use_case.risk.is_some()),
        A::RetentionMax => Some(|use_case| use_case.retention_max.is_some()),
        A::LatencySla => Some(|use_case| use_case.latency_sla.is_some()),
        A::AvailabilityTarget => Some(|use_case| use_case.availability_target.is_some()),
        A::MinContext => Some(|use_case| use_case.min_context.is_some()),
        A::UseCase
        | A::Workload
        | A::Classification
        | A::Criticality
        | A::Compliance
        | A::Regulations
        | A::Residency
        | A::Data
        | A::Capabilities
        | A::RegulatedOutput
        | A::BudgetRemaining
        | A::Share(_)
        | A::Fact(_) => None,
    }
}
