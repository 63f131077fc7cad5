//! The answer to a request, in a gateway's terms; it borrows the table.

use std::collections::BTreeMap;

use super::format::{self, Model, Table, Terminal, UseCase};
use super::lookup::NotUnderstood;

/// The answer to a request; it borrows the table.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    table: &'a Table,
    use_case: Option<&'a UseCase>,
    decision: Option<&'a format::Decision>,
    /// Level of the effective classification.
    level: usize,
    not_understood: Option<NotUnderstood>,
}

/// A target of a decision.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    model: &'a Model,
    target: &'a format::Target,
    position: usize,
}

/// Where a request goes while something is down.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// To this target.
    Route(Target<'a>),
    /// Nowhere: targets exist and none is up.
    Terminal(&'a Terminal),
    /// Nowhere: no model is eligible, or the request was not understood.
    Unroutable,
}

const BLOCK: Terminal = Terminal::Block {};

/// The tags of a request that was not understood.
static NO_TAGS: BTreeMap<String, String> = BTreeMap::new();

impl<'a> Decision<'a> {
    /// The decision of a cell.
    pub(super) fn new(
        table: &'a Table,
        use_case: Option<&'a UseCase>,
        decision: Option<&'a format::Decision>,
        level: usize,
    ) -> Self {
        Self { table, use_case, decision, level, not_understood: None }
    }

    /// The decision for a request that was not understood: block.
    pub(super) fn refused(table: &'a Table, what: NotUnderstood) -> Self {
        Self { table, use_case: None, decision: None, level: 0, not_understood: Some(what) }
    }

    /// What of the request was not understood, if anything: then nothing below says more than block.
    pub fn not_understood(&self) -> Option<NotUnderstood> {
        self.not_understood
    }

    /// The use case; none where the request was not understood.
    pub fn use_case(&self) -> Option<&'a UseCase> {
        self.use_case
    }

    /// The effective classification; empty where the request was not understood.
    pub fn classification(&self) -> &'a str {
        let level = self.use_case.and_then(|_| self.table.classifications.get(self.level));
        level.map_or("", String::as_str)
    }

    /// The targets, the primary first; empty: block.
    pub fn targets(&self) -> Targets<'a> {
        Targets { table: self.table, targets: self.decision.map_or(&[], |decision| &decision.targets) }
    }

    /// The failover statement that applies.
    pub fn failover(&self) -> Option<&'a format::Failover> {
        self.decision.and_then(|decision| decision.failover).and_then(|at| self.table.failovers.get(at))
    }

    /// What happens when no target is up; without targets always `block`.
    pub fn then(&self) -> &'a Terminal {
        if self.decision.is_none_or(|decision| decision.targets.is_empty()) {
            return &BLOCK;
        }
        self.failover().map_or(&BLOCK, |failover| &failover.then)
    }

    /// The rules that apply, by name.
    pub fn rules(&self) -> &'a [String] {
        self.decision.map_or(&[], |decision| &decision.rules)
    }

    /// The budgets that apply.
    pub fn budgets(&self) -> impl Iterator<Item = &'a format::Budget> + use<'a> {
        let (table, indices) = (self.table, self.decision.map_or(&[][..], |decision| &decision.budgets));
        indices.iter().filter_map(|at| table.budgets.get(*at))
    }

    /// The quotas that apply.
    pub fn quotas(&self) -> impl Iterator<Item = &'a format::Quota> + use<'a> {
        let (table, indices) = (self.table, self.decision.map_or(&[][..], |decision| &decision.quotas));
        indices.iter().filter_map(|at| table.quotas.get(*at))
    }

    /// The merged audit duty.
    pub fn audit(&self) -> Option<&'a format::Audit> {
        self.decision.and_then(|decision| decision.audit.as_ref())
    }

    /// The attribution tags.
    pub fn tags(&self) -> &'a BTreeMap<String, String> {
        self.use_case.map_or(&NO_TAGS, |use_case| &use_case.tags)
    }

    /// Where the request goes while some models are down: to the first target that is up.
    pub fn with_outages(&self, down: impl Fn(&Model) -> bool) -> Outcome<'a> {
        let targets = self.targets();
        if targets.is_empty() {
            return Outcome::Unroutable;
        }
        let up = targets.iter().find(|target| !down(target.model()));
        up.map_or(Outcome::Terminal(self.then()), Outcome::Route)
    }
}

/// The targets of a decision.
#[derive(Debug, Clone, Copy)]
pub struct Targets<'a> {
    table: &'a Table,
    targets: &'a [format::Target],
}

impl<'a> Targets<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether there is none: the request is blocked.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The primary.
    pub fn primary(&self) -> Option<Target<'a>> {
        self.get(0)
    }

    /// The target at a position.
    pub fn get(&self, position: usize) -> Option<Target<'a>> {
        Target::new(self.table, position, self.targets.get(position)?)
    }

    /// All, the primary first.
    pub fn iter(&self) -> impl Iterator<Item = Target<'a>> + use<'a> {
        let table = self.table;
        let targets = self.targets.iter().enumerate();
        targets.filter_map(move |(position, target)| Target::new(table, position, target))
    }
}

impl<'a> Target<'a> {
    /// The loader has checked that the model is there.
    fn new(table: &'a Table, position: usize, target: &'a format::Target) -> Option<Self> {
        Some(Self { model: table.models.get(target.model)?, target, position })
    }

    /// Its place among the targets; 0: the primary.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The model.
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// Its blended cost over the primary's: a decimal, or `inf`.
    pub fn cost_multiplier(&self) -> &'a str {
        &self.target.cost_multiplier
    }

    /// What to do when it is used.
    pub fn actions(&self) -> &'a [format::Action] {
        &self.target.actions
    }

    /// The regions it must be pinned to; none without residency.
    pub fn regions(&self) -> Option<&'a [String]> {
        self.target.regions.as_deref()
    }
}
