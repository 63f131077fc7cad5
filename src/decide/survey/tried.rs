//! What has been found out by deciding otherwise, and what of it holds once some statements have changed.
//!
//! Whatever was found of a use case for which nothing depends on them holds for it as before, so it is found anew for the
//! others alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::decide::engine::Statement;
use crate::decide::trial::{Changed, Difference};
use crate::model::{Guarantee, IdSet, ModelId, Rule, RuleId, Table, UseCase, UseCaseId, World};

/// What has been found out of a world by deciding it otherwise, once it has been asked: it holds by number, and as long
/// as no statement changes.
#[derive(Debug, Default)]
pub struct Tried {
    /// What each thing that soon ends changes.
    pub endings: OnceLock<Vec<Changed>>,
    /// The rules without a promise but for which some decision would be another.
    pub mattering: OnceLock<Mattering>,
    /// The guarantees that no decision breaks.
    pub unbroken: OnceLock<IdSet<Guarantee>>,
    /// What was found of an earlier world, where this one has something of it.
    pub before: Option<Before>,
    ended: Mutex<Ended>,
}

/// Per models that end and use case, what it newly reaches without them; none where nothing differs.
type Ended = BTreeMap<Vec<ModelId>, BTreeMap<UseCaseId, Option<BTreeSet<ModelId>>>>;

/// Rules that matter, each with a use case of which some decision would be another without it.
#[derive(Debug, Clone, Default)]
pub struct Mattering {
    witnesses: BTreeMap<RuleId, UseCaseId>,
}

/// What was found before some statements changed.
#[derive(Debug)]
pub struct Before {
    /// The use cases that are decided anew: of all others everything holds that was found of them.
    pub anew: IdSet<UseCase>,
    mattering: Option<Mattering>,
    unbroken: IdSet<Guarantee>,
}

/// What is known of a rule before the use cases that are decided anew are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It matters to one of the others.
    Matters(UseCaseId),
    /// It matters to none of the others.
    Idle,
    /// It mattered to one of those that are decided anew: nobody knows of the others.
    Open,
}

impl Mattering {
    /// Whether a rule matters.
    pub fn contains(&self, rule: RuleId) -> bool {
        self.witnesses.contains_key(&rule)
    }

    /// Adds a rule that matters to a use case.
    pub fn add(&mut self, rule: RuleId, to: UseCaseId) {
        self.witnesses.entry(rule).or_insert(to);
    }
}

impl Before {
    /// What is known of each rule; none where nothing is.
    pub fn mattering(&self, rules: &Table<Rule>) -> Option<Table<Rule, Known>> {
        let mattering = self.mattering.as_ref()?;
        let known = |rule| match mattering.witnesses.get(&rule) {
            None => Known::Idle,
            Some(to) if self.anew.contains(*to) => Known::Open,
            Some(to) => Known::Matters(*to),
        };
        Some(rules.ids().map(known).collect())
    }

    /// Whether none but the use cases that are decided anew can break a guarantee.
    pub fn is_unbroken(&self, guarantee: crate::model::GuaranteeId) -> bool {
        self.unbroken.contains(guarantee)
    }
}

impl Tried {
    /// What is left of it where some statements have changed and some use cases are decided anew.
    pub(super) fn kept(self, world: &World, changed: &[Statement], anew: IdSet<UseCase>) -> Self {
        let is_local = |statement: &Statement| match statement {
            Statement::Rule(_) | Statement::Failover(_) | Statement::Guarantee(_) => true,
            // Obligations may be read through a statement that stands within another.
            Statement::Budget(_) | Statement::Quota(_) | Statement::Audit(_) => false,
        };
        if !changed.iter().all(is_local) {
            return Self::default();
        }
        let mut ended = self.ended.into_inner().unwrap_or_else(PoisonError::into_inner);
        for of_one in ended.values_mut() {
            of_one.retain(|id, _| !anew.contains(*id));
        }
        let mut unbroken = IdSet::none_of(&world.guarantees);
        if let Some(all) = self.unbroken.into_inner() {
            unbroken.extend(all.ids().filter(|id| !changed.contains(&Statement::Guarantee(*id))));
        }
        let before = Before { anew, mattering: self.mattering.into_inner(), unbroken };
        Self { before: Some(before), ended: Mutex::new(ended), ..Self::default() }
    }

    /// What of a use case is otherwise once some models have ended, found out once.
    pub fn after(
        &self,
        id: UseCaseId,
        ended: &[ModelId],
        find: impl FnOnce() -> Option<Difference>,
    ) -> Option<Difference> {
        let all = || self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all().get(ended).and_then(|of_one| of_one.get(&id)).cloned();
        if let Some(known) = known {
            return known.map(|reached| Difference { reached, then: None });
        }
        let found = find();
        let reached = found.as_ref().map(|difference| difference.reached.clone());
        all().entry(ended.to_vec()).or_default().insert(id, reached);
        found
    }
}
