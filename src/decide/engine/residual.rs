//! What is left of all statements for one use case, and which of its contexts they tell apart.

use std::sync::Arc;

use super::Engine;
use super::atom::Reading;
use super::concern::Concern;
use super::condition::{Condition, Residual, Splits};
use super::space::{Classes, Space};
use crate::limits::{MAX_CELLS, MAX_CONTEXTS};
use crate::model::{Audit, Axis, Budget, Failover, Guarantee, Id, Quota, Rule, UseCase};

/// What is left of the conditions of the statements that may concern one use case, each with its id, ascending.
pub(super) struct Residuals<'e> {
    pub(super) rules: Of<'e, Rule>,
    pub(super) failovers: Of<'e, Failover>,
    pub(super) budgets: Of<'e, Budget>,
    pub(super) quotas: Of<'e, Quota>,
    pub(super) audits: Of<'e, Audit>,
    guarantees: Of<'e, Guarantee>,
}

/// Statements of one kind by their ids; those that are not named hold in no context.
type Of<'e, E> = Vec<(Id<E>, Residual<'e>)>;

/// What is left of the conditions of the statements of one kind.
fn left<'e, 'w: 'e, E>(
    engine: &'e Engine<'w>,
    use_case: &UseCase,
    concern: &Concern<E>,
    condition: impl Fn(Id<E>) -> &'e Condition<'w>,
) -> Of<'e, E> {
    let left = |id: Id<E>| (id, condition(id).residual(engine.world, &engine.atoms, use_case));
    concern.with(engine.world, use_case).into_iter().map(left).collect()
}

/// What is left of some statements, whatever their kind.
fn conditions<'r, 'e, E>(of: &'r Of<'e, E>) -> impl Iterator<Item = &'r Residual<'e>> {
    of.iter().map(|(_, residual)| residual)
}

/// More than is decided: the axes that multiply it, each by how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooMany {
    /// What they multiply.
    pub what: Multiplied,
    /// In the order of axes.
    pub axes: Vec<(Axis, usize)>,
}

/// What axes multiply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Multiplied {
    /// The contexts that have to be decided apart: each axis counts by its classes.
    Contexts,
    /// The cells of a decision table, which has every value of an axis that tells two decisions apart.
    Cells,
}

/// What there is to decide for a use case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Apart {
    /// The contexts that have to be decided apart.
    pub contexts: usize,
    /// The cells that a decision table has at most for it.
    pub cells: usize,
    /// The statements that may hold in some of them.
    pub asked: usize,
    /// What the steps of their long chains count as, in statements.
    pub steps: usize,
}

impl<'e> Residuals<'e> {
    pub(super) fn new(engine: &'e Engine<'_>, use_case: &UseCase) -> Self {
        let concerns = &engine.concerns;
        Self {
            rules: left(engine, use_case, &concerns.rules, |id| &engine.rules[id].when),
            failovers: left(engine, use_case, &concerns.failovers, |id| &engine.failovers[id].when),
            budgets: left(engine, use_case, &concerns.budgets, |id| &engine.budgets[id]),
            quotas: left(engine, use_case, &concerns.quotas, |id| &engine.quotas[id]),
            audits: left(engine, use_case, &concerns.audits, |id| &engine.audits[id]),
            guarantees: left(engine, use_case, &concerns.guarantees, |id| &engine.guarantees[id].premise),
        }
    }

    /// What is left of the conditions of the statements of which decisions are made.
    fn deciding(&self) -> impl Iterator<Item = &Residual<'e>> {
        let first =
            conditions(&self.rules).chain(conditions(&self.failovers)).chain(conditions(&self.budgets));
        first.chain(conditions(&self.quotas)).chain(conditions(&self.audits))
    }

    /// What is left of the conditions of all statements.
    fn all(&self) -> impl Iterator<Item = &Residual<'e>> {
        self.deciding().chain(conditions(&self.guarantees))
    }

    /// The contexts that have to be decided apart.
    pub(super) fn space(&self, engine: &Engine, use_case: &UseCase) -> Result<Arc<Space>, TooMany> {
        let classes = self.classes(engine, use_case);
        bounded(&classes)?;
        Ok(engine.spaced(use_case, classes))
    }

    /// How many contexts have to be decided apart, and how many cells a table has for them, unless these are too many.
    pub(super) fn count(&self, engine: &Engine, use_case: &UseCase) -> Result<Apart, TooMany> {
        // What guarantees tell apart is decided apart and stands in no table.
        let mut splits = self.decided(engine, use_case);
        let decided = splits.finish();
        self.guaranteed(engine, &mut splits);
        let contexts = bounded(&splits.finish())?;
        let cells = product(&decided, Classes::width);
        if cells > MAX_CELLS {
            return Err(TooMany { what: Multiplied::Cells, axes: axes(&decided, Classes::width) });
        }
        let failovers = self.failovers.iter().filter(|(_, when)| when.may_hold());
        let steps = failovers.map(|(id, _)| engine.failovers[*id].beyond).fold(0, usize::saturating_add);
        Ok(Apart { contexts, cells, asked: self.asked(), steps })
    }

    /// How many statements may hold in some context.
    pub(super) fn asked(&self) -> usize {
        self.all().filter(|when| when.may_hold()).count()
    }

    /// The statements that read an axis, as `rule NAME`.
    pub(super) fn readers(&self, engine: &Engine, axis: Axis) -> Vec<String> {
        let world = engine.world;
        let atoms = &engine.atoms;
        let of_axis = |reading: &Reading| match reading {
            Reading::Atom(id) => atoms.of(*id).axis == axis,
            Reading::Whole(whole) => *whole == axis,
        };
        let rules = self.rules.iter().filter_map(|(id, when)| {
            let (plan, rule) = (&engine.rules[*id], &world.rules[*id]);
            let clauses = || {
                plan.placing.iter().any(of_axis)
                    || plan.candidates().any(|candidate| candidate.axes.contains(&axis))
            };
            let reads = when.reads(atoms, axis) || (when.may_hold() && clauses());
            reads.then_some(("rule", &rule.name.value))
        });
        let reads = |when: &Residual| when.reads(atoms, axis);
        let failovers = self.failovers.iter().filter(|(_, when)| reads(when));
        let failovers = failovers.map(|(id, _)| ("failover", &world.failovers[*id].name.value));
        let budgets = self.budgets.iter().filter(|(_, when)| reads(when));
        let budgets = budgets.map(|(id, _)| ("budget", &world.budgets[*id].name.value));
        let quotas = self.quotas.iter().filter(|(_, when)| reads(when));
        let quotas = quotas.map(|(id, _)| ("quota", &world.quotas[*id].name.value));
        let audits = self.audits.iter().filter(|(_, when)| reads(when));
        let audits = audits.map(|(id, _)| ("audit", &world.audits[*id].name.value));
        let guarantees = self.guarantees.iter().filter_map(|(id, premise)| {
            let (plan, guarantee) = (&engine.guarantees[*id], &world.guarantees[*id]);
            let clauses = || plan.readings.iter().any(of_axis);
            let reads = premise.reads(atoms, axis) || (premise.may_hold() && clauses());
            reads.then_some(("guarantee", &guarantee.name.value))
        });
        let all = rules.chain(failovers).chain(budgets).chain(quotas).chain(audits).chain(guarantees);
        all.map(|(kind, name)| format!("`{kind} {name}`")).collect()
    }

    /// The positions of each axis by what reads them alike.
    fn classes(&self, engine: &Engine, use_case: &UseCase) -> Vec<Classes> {
        let mut splits = self.decided(engine, use_case);
        self.guaranteed(engine, &mut splits);
        splits.finish()
    }

    /// What the statements of which decisions are made tell apart.
    fn decided<'a>(&self, engine: &Engine<'a>, use_case: &'a UseCase) -> Splits<'a> {
        let mut splits = Splits::new(engine.world, use_case);
        for residual in self.deciding() {
            residual.split(&engine.atoms, &mut splits);
        }
        for (id, when) in &self.rules {
            if when.may_hold() {
                let rule = &engine.rules[*id];
                rule.candidates().for_each(|candidate| read(engine, &candidate.readings, &mut splits));
                read(engine, &rule.placing, &mut splits);
            }
        }
        // A model whose ceiling is a classification may serve it and not the next.
        for under in &engine.ceilings {
            splits.by(Axis::Classification, under);
        }
        splits
    }

    /// What guarantees tell apart besides.
    fn guaranteed(&self, engine: &Engine, splits: &mut Splits) {
        for (id, premise) in &self.guarantees {
            premise.split(&engine.atoms, splits);
            if premise.may_hold() {
                read(engine, &engine.guarantees[*id].readings, splits);
            }
        }
    }
}

/// How many contexts have to be decided apart; the axes that make them too many, if they do.
fn bounded(classes: &[Classes]) -> Result<usize, TooMany> {
    let apart = |classes: &Classes| classes.shown.len();
    let contexts = product(classes, apart);
    if contexts > MAX_CONTEXTS {
        return Err(TooMany { what: Multiplied::Contexts, axes: axes(classes, apart) });
    }
    Ok(contexts)
}

fn product(classes: &[Classes], of: impl Fn(&Classes) -> usize) -> usize {
    classes.iter().map(of).fold(1, usize::saturating_mul)
}

/// The axes that multiply, each by how much.
fn axes(classes: &[Classes], of: impl Fn(&Classes) -> usize) -> Vec<(Axis, usize)> {
    classes.iter().map(|classes| (classes.axis, of(classes))).filter(|(_, size)| *size > 1).collect()
}

fn read(engine: &Engine, readings: &[Reading], splits: &mut Splits) {
    for reading in readings {
        match reading {
            Reading::Atom(id) => splits.by(engine.atoms.of(*id).axis, &engine.atoms.of(*id).truth),
            Reading::Whole(axis) => {
                if let Some(split) = splits.of(*axis) {
                    split.whole();
                }
            }
        }
    }
}
