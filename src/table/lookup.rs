//! Looking up: an index computation that never fails; what is not understood is `block`.

use super::faults::Percent;
use super::format::{self, Model, Table, Terminal, UseCase};
use super::load::{AxisPlan, DecisionTable};

/// A request (LANGUAGE §7).
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// A use case's name or endpoint tag.
    pub use_case: &'a str,
    /// None: the use case's own. A lower one is ignored.
    pub classification: Option<&'a str>,
    /// A decimal percent such as `15` or `12.5`; none: 100. Past 0 to 100 it is clamped.
    pub budget_remaining: Option<&'a str>,
    /// Facts by name; one that is not stated has its default.
    pub facts: &'a [(&'a str, &'a str)],
}

impl<'a> Request<'a> {
    /// A request for a use case with everything at its default.
    pub fn of(use_case: &'a str) -> Self {
        Self { use_case, ..Self::default() }
    }
}

/// The answer to a request; it borrows the table.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    table: &'a Table,
    use_case: Option<&'a UseCase>,
    decision: Option<&'a format::Decision>,
    /// Level of the effective classification.
    level: usize,
}

/// A target of a decision.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    model: &'a Model,
    target: &'a format::Target,
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

impl DecisionTable {
    /// The decision for a request. Allocates nothing and hashes the use case's name only.
    pub fn decide<'a>(&'a self, request: &Request) -> Decision<'a> {
        let table = &self.table;
        let refused = Decision { table, use_case: None, decision: None, level: 0 };
        let Some(&at) = self.use_cases.get(request.use_case) else { return refused };
        let (Some(use_case), Some(plan)) = (table.use_cases.get(at), self.plans.get(at)) else {
            return refused;
        };
        let mut level = plan.level;
        if let Some(name) = request.classification {
            match table.classifications.iter().position(|known| known == name) {
                Some(asked) => level = level.max(asked),
                None => return refused,
            }
        }
        if !request.facts.iter().all(|(name, value)| self.understands(name, value)) {
            return refused;
        }
        let budget = match request.budget_remaining {
            None => Percent::ALL,
            Some(text) => match clamped(text) {
                Some(percent) => percent,
                None => return refused,
            },
        };
        let mut cell = 0;
        for axis in &plan.axes {
            let position = match axis {
                AxisPlan::Classification => level - plan.level,
                AxisPlan::Budget(cuts) => cuts.iter().position(|cut| cut.holds(budget)).unwrap_or(cuts.len()),
                AxisPlan::Fact { name, values, default } => {
                    let stated = request.facts.iter().find(|(known, _)| known == name);
                    let position =
                        stated.and_then(|(_, value)| values.iter().position(|known| known == value));
                    position.unwrap_or(*default)
                }
            };
            cell = cell * axis.size(plan, table.classifications.len()) + position;
        }
        let decision = use_case.cells.get(cell).and_then(|decision| table.decisions.get(*decision));
        Decision { table, use_case: Some(use_case), decision, level }
    }

    /// Whether a fact is declared and has the value.
    fn understands(&self, name: &str, value: &str) -> bool {
        self.table.facts.get(name).is_some_and(|fact| fact.values.iter().any(|known| known == value))
    }

    /// Where a request goes while some models are down.
    pub fn decide_with_outages<'a>(
        &'a self,
        request: &Request,
        down: impl Fn(&Model) -> bool,
    ) -> Outcome<'a> {
        self.decide(request).with_outages(down)
    }
}

/// A gateway's percent, clamped to 0 to 100.
fn clamped(text: &str) -> Option<Percent> {
    match text.strip_prefix('-') {
        Some(rest) => Percent::parse(rest).and_then(|_| Percent::parse("0")),
        None => Percent::parse(text),
    }
}

impl<'a> Decision<'a> {
    /// The use case, if the request named one.
    pub fn use_case(&self) -> Option<&'a UseCase> {
        self.use_case
    }

    /// The effective classification.
    pub fn classification(&self) -> &'a str {
        self.table.classifications.get(self.level).map_or("", String::as_str)
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

    /// Where the request goes while some models are down.
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
        self.targets.get(position).and_then(|target| Target::new(self.table, target))
    }

    /// All, the primary first.
    pub fn iter(&self) -> impl Iterator<Item = Target<'a>> + use<'a> {
        let table = self.table;
        self.targets.iter().filter_map(move |target| Target::new(table, target))
    }
}

impl<'a> Target<'a> {
    /// The loader has checked that the model is there.
    fn new(table: &'a Table, target: &'a format::Target) -> Option<Self> {
        Some(Self { model: table.models.get(target.model)?, target })
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
