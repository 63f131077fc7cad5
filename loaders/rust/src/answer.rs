//! What a gateway is told: read from the table, nothing is copied.

use std::collections::BTreeMap;

use super::format::{self, Model, Terminal, Trigger, UseCase};
use super::load::DecisionTable;
use super::lookup::NotUnderstood;

static BLOCK: Terminal = Terminal::Block {};
static NO_TAGS: BTreeMap<String, String> = BTreeMap::new();

/// What to do with a request.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    table: &'a DecisionTable,
    use_case: u32,
    decision: u32,
    level: u32,
    not_understood: Option<NotUnderstood>,
}

/// Where a request may go, and what that means.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    model: &'a Model,
    source: Source<'a>,
}

/// Where a target stands, read when more is asked than its model.
#[derive(Debug, Clone, Copy)]
enum Source<'a> {
    Primary(&'a format::Decision),
    Path(&'a format::Target),
}

/// Where a request goes with some models down.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// To this target.
    Route(Target<'a>),
    /// Nowhere: there is a primary, and nothing that may be tried is up.
    Terminal(&'a Terminal),
    /// Nowhere, and never: block.
    Unroutable,
}

impl<'a> Decision<'a> {
    pub(super) fn new(table: &'a DecisionTable, use_case: u32, decision: u32, level: u32) -> Self {
        Self { table, use_case, decision, level, not_understood: None }
    }

    /// The decision for a request that was not understood: block.
    pub(super) fn refused(table: &'a DecisionTable, what: NotUnderstood) -> Self {
        Self { not_understood: Some(what), ..Self::new(table, u32::MAX, u32::MAX, u32::MAX) }
    }

    fn found(&self) -> Option<&'a format::Decision> {
        self.table.table().decisions.get(self.decision as usize)
    }

    /// What of the request was not understood, if anything: then nothing below says more than block.
    pub fn not_understood(&self) -> Option<NotUnderstood> {
        self.not_understood
    }

    /// Its position among the table's decisions; none where the request was not understood.
    pub fn index(&self) -> Option<usize> {
        self.not_understood.is_none().then_some(self.decision as usize)
    }

    /// The use case; none where the request was not understood.
    pub fn use_case(&self) -> Option<&'a UseCase> {
        self.table.table().use_cases.get(self.use_case as usize)
    }

    /// The effective classification; empty where the request was not understood.
    pub fn classification(&self) -> &'a str {
        self.table.table().classifications.get(self.level as usize).map_or("", String::as_str)
    }

    /// Where the request goes; none: block.
    pub fn primary(&self) -> Option<Target<'a>> {
        let model = self.table.table().models.get(self.table.index().primary(self.decision))?;
        Some(Target { model, source: Source::Primary(self.found()?) })
    }

    /// What is tried when the primary fails, by trigger, in the order of their first triggers.
    pub fn paths(&self) -> impl ExactSizeIterator<Item = Path<'a>> + use<'a> {
        let table = self.table.table();
        let paths = self.found().map_or(&[][..], |decision| &decision.paths);
        paths.iter().map(move |path| Path { table, path })
    }

    /// What is tried when the primary fails in this way; none: block.
    pub fn on(&self, trigger: Trigger) -> Option<Path<'a>> {
        self.paths().find(|path| path.triggers().contains(&trigger))
    }

    /// What is tried when the primary is down: the path of `unavailable`, else of `server-error`, else of `timeout`.
    pub fn outage_path(&self) -> Option<Path<'a>> {
        let outages = [Trigger::Unavailable, Trigger::ServerError, Trigger::Timeout];
        outages.into_iter().find_map(|trigger| self.on(trigger))
    }

    /// The rules that apply, by name.
    pub fn rules(&self) -> &'a [String] {
        let rules = self.found().and_then(|decision| self.table.table().rule_sets.get(decision.rules));
        rules.map_or(&[], Vec::as_slice)
    }

    /// The rules that apply, by name, each with its reason where it has one.
    pub fn reasons(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> + use<'a> {
        let table = self.table;
        self.rules().iter().map(move |name| (name.as_str(), table.reason("rule", name)))
    }

    /// The budgets that apply.
    pub fn budgets(&self) -> impl Iterator<Item = &'a format::Budget> + use<'a> {
        let budgets = &self.table.table().budgets;
        self.found().into_iter().flat_map(|decision| &decision.budgets).filter_map(|at| budgets.get(*at))
    }

    /// The quotas that apply.
    pub fn quotas(&self) -> impl Iterator<Item = &'a format::Quota> + use<'a> {
        let quotas = &self.table.table().quotas;
        self.found().into_iter().flat_map(|decision| &decision.quotas).filter_map(|at| quotas.get(*at))
    }

    /// The merged audit duty.
    pub fn audit(&self) -> Option<&'a format::Audit> {
        self.found().and_then(|decision| decision.audit).and_then(|at| self.table.table().audits.get(at))
    }

    /// The attribution tags.
    pub fn tags(&self) -> &'a BTreeMap<String, String> {
        self.use_case().map_or(&NO_TAGS, |use_case| &use_case.tags)
    }

    /// Where the request goes while some models are down: to the primary if it is up, else to the first target of the
    /// path for outages that is.
    pub fn route(&self, down: impl Fn(&Model) -> bool) -> Outcome<'a> {
        match self.primary() {
            None => Outcome::Unroutable,
            Some(primary) if !down(primary.model) => Outcome::Route(primary),
            Some(_) => along(self.outage_path(), down),
        }
    }

    /// What is tried when the primary fails in some way: the first target of that path that is up.
    pub fn route_on(&self, trigger: Trigger, down: impl Fn(&Model) -> bool) -> Outcome<'a> {
        match self.primary() {
            None => Outcome::Unroutable,
            Some(_) => along(self.on(trigger), down),
        }
    }
}

fn along(path: Option<Path<'_>>, down: impl Fn(&Model) -> bool) -> Outcome<'_> {
    let Some(path) = path else { return Outcome::Terminal(&BLOCK) };
    let up = path.targets().find(|target| !down(target.model));
    up.map_or(Outcome::Terminal(path.then()), Outcome::Route)
}

impl<'a> Outcome<'a> {
    /// The target, if the request goes to one.
    pub fn target(&self) -> Option<Target<'a>> {
        match self {
            Self::Route(target) => Some(*target),
            _ => None,
        }
    }

    /// What happens instead of an answer, if the request goes nowhere.
    pub fn terminal(&self) -> Option<&'a Terminal> {
        match self {
            Self::Route(_) => None,
            Self::Terminal(terminal) => Some(terminal),
            Self::Unroutable => Some(&BLOCK),
        }
    }
}

/// What is tried on some triggers.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    table: &'a format::Table,
    path: &'a format::Path,
}

impl<'a> Path<'a> {
    /// The triggers that lead to it, in the order of the grammar.
    pub fn triggers(&self) -> &'a [Trigger] {
        &self.path.on
    }

    /// The failover statement; the loader has checked that it is there.
    pub fn failover(&self) -> Option<&'a format::Failover> {
        self.table.failovers.get(self.path.failover)
    }

    /// Why the statement says so, where it says why.
    pub fn reason(&self) -> Option<&'a str> {
        let name = format!("failover {}", self.failover()?.name);
        self.table.reasons.get(&name)?.as_deref()
    }

    /// What happens when none of its targets is up.
    pub fn then(&self) -> &'a Terminal {
        self.failover().map_or(&BLOCK, |failover| &failover.then)
    }

    /// Its targets, the first first.
    pub fn targets(&self) -> impl Iterator<Item = Target<'a>> + use<'a> {
        let table = self.table;
        let targets = table.target_lists.get(self.path.targets).map_or(&[][..], Vec::as_slice);
        targets.iter().filter_map(|target| {
            let model = table.models.get(target.model)?;
            Some(Target { model, source: Source::Path(target) })
        })
    }
}

impl<'a> Target<'a> {
    /// What is known of the model that serves.
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// Whether it is the primary.
    pub fn is_primary(&self) -> bool {
        self.target().is_none()
    }

    fn target(&self) -> Option<&'a format::Target> {
        match self.source {
            Source::Primary(_) => None,
            Source::Path(target) => Some(target),
        }
    }

    /// Its blended cost over the primary's: a decimal, or `inf`; the primary's own is `1`.
    pub fn cost_multiplier(&self) -> &'a str {
        self.target().map_or("1", |target| &target.cost_multiplier)
    }

    /// What to do when it is used; never anything with the primary.
    pub fn actions(&self) -> &'a [format::Action] {
        self.target().map_or(&[], |target| &target.actions)
    }

    /// The regions it must be pinned to; none where every region is allowed.
    pub fn regions(&self) -> Option<&'a [String]> {
        let regions = match self.source {
            Source::Primary(decision) => decision.primary.as_ref()?.regions.as_ref(),
            Source::Path(target) => target.regions.as_ref(),
        };
        regions.map(Vec::as_slice)
    }
}
