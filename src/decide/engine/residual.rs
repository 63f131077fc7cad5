//! What is left of all statements for one use case, and which of its contexts they tell apart.

use std::sync::{Arc, PoisonError};

use super::Engine;
use super::atom::Reading;
use super::condition::{Condition, Residual, Splits};
use super::space::{Classes, Space};
use crate::limits::MAX_CONTEXTS;
use crate::model::{Audit, Axis, Budget, Failover, Guarantee, Quota, Rule, Table, UseCase};

/// What is left of the conditions of all statements for one use case, each by its id.
pub(super) struct Residuals<'e> {
    pub(super) rules: Table<Rule, Residual<'e>>,
    pub(super) failovers: Table<Failover, Residual<'e>>,
    pub(super) budgets: Table<Budget, Residual<'e>>,
    pub(super) quotas: Table<Quota, Residual<'e>>,
    pub(super) audits: Table<Audit, Residual<'e>>,
    guarantees: Table<Guarantee, Residual<'e>>,
}

/// More contexts than are decided: the axes that multiply, each with how many positions it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooMany {
    /// In the order of axes.
    pub axes: Vec<(Axis, usize)>,
}

impl<'e> Residuals<'e> {
    pub(super) fn new(engine: &'e Engine<'_>, use_case: &UseCase) -> Self {
        let of = |condition: &'e Condition<'_>| condition.residual(engine.world, &engine.atoms, use_case);
        Self {
            rules: engine.rules.iter().map(|rule| of(&rule.when)).collect(),
            failovers: engine.failovers.iter().map(|failover| of(&failover.when)).collect(),
            budgets: engine.budgets.iter().map(of).collect(),
            quotas: engine.quotas.iter().map(of).collect(),
            audits: engine.audits.iter().map(of).collect(),
            guarantees: engine.guarantees.iter().map(|guarantee| of(&guarantee.premise)).collect(),
        }
    }

    /// The contexts that have to be decided apart.
    pub(super) fn space(&self, engine: &Engine, use_case: &UseCase) -> Result<Arc<Space>, TooMany> {
        let classes = self.classes(engine, use_case);
        bounded(&classes)?;
        let key = (use_case.classification, classes);
        let mut spaces = engine.spaces.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(space) = spaces.get(&key) {
            return Ok(Arc::clone(space));
        }
        let space = Arc::new(Space::new(engine.world, use_case, key.1.clone()));
        spaces.insert(key, Arc::clone(&space));
        Ok(space)
    }

    /// How many contexts have to be decided apart, unless the use case has too many.
    ///
    /// Its contexts count in full, however many are decided alike: only a fact that nothing reads for it multiplies nothing.
    pub(super) fn count(&self, engine: &Engine, use_case: &UseCase) -> Result<usize, TooMany> {
        let classes = self.classes(engine, use_case);
        let world = engine.world;
        let counted = |classes: &Classes| {
            let positions = world.positions(use_case, classes.axis);
            let is_free = || {
                classes.shown.len() <= 1
                    && matches!(classes.axis, Axis::Fact(_))
                    && !self.is_read(engine, classes.axis)
            };
            if positions > 1 && is_free() { 1 } else { positions }
        };
        let axes: Vec<(Axis, usize)> =
            classes.iter().map(|classes| (classes.axis, counted(classes))).collect();
        if axes.iter().map(|(_, size)| *size).fold(1, usize::saturating_mul) > MAX_CONTEXTS {
            return Err(TooMany { axes: axes.into_iter().filter(|(_, size)| *size > 1).collect() });
        }
        Ok(classes.iter().map(|classes| classes.shown.len()).fold(1, usize::saturating_mul))
    }

    /// Whether some statement that may concern the use case reads an axis.
    fn is_read(&self, engine: &Engine, axis: Axis) -> bool {
        !self.readers(engine, axis).is_empty()
    }

    /// The statements that read an axis, as `rule NAME`.
    pub(super) fn readers(&self, engine: &Engine, axis: Axis) -> Vec<String> {
        let world = engine.world;
        let atoms = &engine.atoms;
        let of_axis = |reading: &Reading| match reading {
            Reading::Atom(id) => atoms.of(*id).axis == axis,
            Reading::Whole(whole) => *whole == axis,
        };
        let rules = engine.rules.iter().zip(&self.rules).zip(&world.rules).filter(|((plan, when), _)| {
            let clauses = || {
                plan.placing.iter().any(of_axis)
                    || plan.candidates().any(|candidate| candidate.axes.contains(&axis))
            };
            when.reads(atoms, axis) || (when.may_hold() && clauses())
        });
        let rules = rules.map(|(_, rule)| ("rule", &rule.name.value));
        let failovers = self.failovers.iter().zip(&world.failovers);
        let failovers = failovers.filter(|(when, _)| when.reads(atoms, axis));
        let failovers = failovers.map(|(_, failover)| ("failover", &failover.name.value));
        let budgets = self.budgets.iter().zip(&world.budgets).filter(|(when, _)| when.reads(atoms, axis));
        let budgets = budgets.map(|(_, budget)| ("budget", &budget.name.value));
        let quotas = self.quotas.iter().zip(&world.quotas).filter(|(when, _)| when.reads(atoms, axis));
        let quotas = quotas.map(|(_, quota)| ("quota", &quota.name.value));
        let audits = self.audits.iter().zip(&world.audits).filter(|(when, _)| when.reads(atoms, axis));
        let audits = audits.map(|(_, audit)| ("audit", &audit.name.value));
        let guarantees = engine.guarantees.iter().zip(&self.guarantees).zip(&world.guarantees);
        let guarantees = guarantees.filter(|((plan, premise), _)| {
            let clauses = || plan.readings.iter().any(of_axis);
            premise.reads(atoms, axis) || (premise.may_hold() && clauses())
        });
        let guarantees = guarantees.map(|(_, guarantee)| ("guarantee", &guarantee.name.value));
        let all = rules.chain(failovers).chain(budgets).chain(quotas).chain(audits).chain(guarantees);
        all.map(|(kind, name)| format!("`{kind} {name}`")).collect()
    }

    /// The positions of each axis by what reads them alike.
    fn classes(&self, engine: &Engine, use_case: &UseCase) -> Vec<Classes> {
        let world = engine.world;
        let mut splits = Splits::new(world, use_case);
        let all = self.rules.iter().chain(&self.failovers).chain(&self.budgets).chain(&self.quotas);
        for residual in all.chain(&self.audits).chain(&self.guarantees) {
            residual.split(&engine.atoms, &mut splits);
        }
        for (rule, when) in engine.rules.iter().zip(&self.rules) {
            if when.may_hold() {
                rule.candidates().for_each(|candidate| read(engine, &candidate.readings, &mut splits));
                read(engine, &rule.placing, &mut splits);
            }
        }
        for (guarantee, premise) in engine.guarantees.iter().zip(&self.guarantees) {
            if premise.may_hold() {
                read(engine, &guarantee.readings, &mut splits);
            }
        }
        // A model whose ceiling is a classification may serve it and not the next.
        for under in &engine.ceilings {
            splits.by(Axis::Classification, under);
        }
        let usual = world.baseline(use_case);
        let position = |axis| world.position(use_case, &usual, axis).unwrap_or(0);
        splits.axes.iter().map(|(axis, split)| split.finish(*axis, position(*axis))).collect()
    }
}

/// The axes that make the cells of a table too many, if they do.
fn bounded(classes: &[Classes]) -> Result<(), TooMany> {
    let widths = || classes.iter().map(Classes::width);
    if widths().fold(1, usize::saturating_mul) <= MAX_CONTEXTS {
        return Ok(());
    }
    let axes = classes.iter().zip(widths()).filter(|(_, width)| *width > 1);
    Err(TooMany { axes: axes.map(|(classes, width)| (classes.axis, width)).collect() })
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
