//! A decided world in names and numbers of the [`Store`], whether it comes from a workspace or from a table.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::portfolio::Entry;
use super::store::{Outcome, Store, Target};
use crate::compile::parts;
use crate::decide::engine::Classes;
use crate::decide::survey::{Decided, Survey};
use crate::decide::{self, show};
use crate::model::context::Cut;
use crate::model::names::Set;
use crate::model::price::{Prices, Usage};
use crate::model::{Axis, Model, World};
use crate::table::format;

/// One side of a comparison.
#[derive(Debug, Clone)]
pub struct Side {
    /// What it is called: a folder, a revision, a table.
    pub label: String,
    /// The day it was decided for.
    pub as_of: String,
    /// Lowest first.
    pub classifications: Vec<String>,
    /// Facts by name.
    pub facts: Vec<(String, format::Fact)>,
    /// Use cases whose every decision is defined, by name.
    pub cases: BTreeMap<String, Case>,
    /// Use cases whose decisions are not.
    pub undefined: BTreeSet<String>,
    /// Aliases of models, by id; a table knows none.
    pub aliases: BTreeMap<String, Vec<String>>,
    /// Exact prices, by model id.
    pub prices: BTreeMap<String, Prices>,
    /// Providers, also those without models; a table names none beyond its models'.
    pub providers: BTreeSet<String>,
    /// What is known of models, by id.
    pub entries: BTreeMap<String, Entry>,
    /// Ids of the models that are targets of some decision.
    pub serving: BTreeSet<String>,
    /// Whether it is a table, which knows neither volumes nor anything of models that are no target.
    pub is_table: bool,
}

/// A use case of a side.
#[derive(Debug, Clone)]
pub struct Case {
    /// A second name.
    pub endpoint_tag: Option<String>,
    /// Level of its own classification.
    pub level: usize,
    /// The axes of its cells, the first slowest.
    pub axes: Vec<CaseAxis>,
    /// Outcomes, one for each combination of classes.
    pub cells: Vec<u32>,
    /// What it is expected to use; none: a table does not say.
    pub volume: Option<Volume>,
    /// Who answers for it; a table does not say.
    pub owner: Option<String>,
    /// The team it counts under.
    pub team: Option<String>,
}

/// An axis of the cells of a use case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseAxis {
    /// What its positions are.
    pub kind: AxisKind,
    /// Per position its class: positions of one class decide alike.
    pub of: Vec<u32>,
    /// How many classes there are.
    pub classes: usize,
}

/// What the positions of an axis are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AxisKind {
    /// The use case's own classification and every higher one.
    Classification,
    /// The bands between the cuts, which ascend, of an attribute such as `budget.remaining`.
    Share(String, Vec<Cut>),
    /// The values of a fact, by its position among the side's facts.
    Fact(usize),
}

impl CaseAxis {
    /// An axis whose positions are all apart.
    pub fn apart(kind: AxisKind, positions: usize) -> Self {
        Self { kind, of: (0..).take(positions).collect(), classes: positions.max(1) }
    }
}

/// What a use case is expected to use in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Input and output tokens, where the estate states them.
    pub tokens: Option<(u64, u64)>,
    /// What else bears on its cost.
    pub usage: Usage,
}

impl Side {
    /// A decided workspace.
    pub fn of_workspace(label: &str, survey: &Survey, store: &mut Store) -> Self {
        let world = survey.world;
        let mut namer = Namer::new(world, store);
        let cases: BTreeMap<String, Case> =
            survey.decided().map(|decided| (decided.name(), namer.case(&decided))).collect();
        let names = world.use_cases.iter().map(|use_case| use_case.name.value.clone());
        let undefined = names.filter(|name| !cases.contains_key(name)).collect();
        let aliases = world.models.iter().filter(|model| !model.aliases.is_empty());
        let serving = world.models.iter().zip(&namer.models).filter(|(_, number)| number.is_some());
        let price = |model: &Model| (model.id.clone(), model.prices());
        Self {
            label: label.to_owned(),
            as_of: world.as_of.to_string(),
            classifications: world.classifications.clone(),
            facts: parts::facts(world).into_iter().collect(),
            cases,
            undefined,
            aliases: aliases.map(|model| (model.id.clone(), model.aliases.clone())).collect(),
            prices: world.models.iter().map(price).collect(),
            providers: world.providers.iter().map(|provider| provider.name.value.clone()).collect(),
            entries: world.models.iter().map(|model| (model.id.clone(), Entry::of(world, model))).collect(),
            serving: serving.map(|(model, _)| model.id.clone()).collect(),
            is_table: false,
        }
    }

    /// The same side with some use cases only.
    #[must_use]
    pub fn only(&self, names: &BTreeSet<String>) -> Self {
        let cases = self.cases.iter().filter(|(name, _)| names.contains(*name));
        Self {
            cases: cases.map(|(name, case)| (name.clone(), case.clone())).collect(),
            undefined: self.undefined.intersection(names).cloned().collect(),
            ..self.clone()
        }
    }
}

/// A failover statement without its name.
pub(super) fn nameless(failover: format::Failover) -> format::Failover {
    format::Failover { name: String::new(), ..failover }
}

/// Tags together with how their costs are charged: all of attribution that a use case can see.
pub(super) fn tags(
    mut tags: BTreeMap<String, String>,
    attribution: Option<&format::Attribution>,
) -> BTreeMap<String, String> {
    let mode = attribution.and_then(|attribution| attribution.mode.clone());
    let anomaly = attribution.and_then(|attribution| attribution.anomaly_above.clone());
    tags.extend(mode.map(|mode| ("mode".to_owned(), mode)));
    tags.extend(anomaly.map(|percent| ("anomaly above".to_owned(), percent)));
    tags
}

fn case_axis(world: &World, classes: &Classes) -> CaseAxis {
    let kind = match classes.axis {
        Axis::Classification => AxisKind::Classification,
        axis @ (Axis::Budget | Axis::Share(_)) => {
            let bands = world.bands_of(axis);
            let ends = bands.iter().take(bands.len().saturating_sub(1));
            let cuts = ends.map(|band| Cut { percent: band.high.clone(), above: band.high_in });
            AxisKind::Share(world.axis_name(axis), cuts.collect())
        }
        Axis::Fact(fact) => AxisKind::Fact(fact),
    };
    CaseAxis { kind, of: classes.of.clone(), classes: classes.shown.len() }
}

/// Turns indices of a world into numbers of the store.
struct Namer<'a> {
    world: &'a World,
    store: &'a mut Store,
    models: Vec<Option<u32>>,
    failovers: Vec<format::Failover>,
    budgets: Vec<u32>,
    quotas: Vec<u32>,
    attribution: Option<format::Attribution>,
    no_actions: u32,
    /// Of the use case at hand, by primary and target: the price over the primary's.
    multipliers: HashMap<(usize, usize), u32>,
    /// By target and residency: the regions it is pinned to.
    regions: HashMap<(usize, Option<Arc<Set>>), u32>,
}

impl<'a> Namer<'a> {
    fn new(world: &'a World, store: &'a mut Store) -> Self {
        let failovers = world.failovers.iter().map(|one| nameless(parts::failover(one))).collect();
        let budgets = parts::budgets(world).into_iter().map(|budget| store.budgets.put(budget)).collect();
        let quotas = parts::quotas(world).into_iter().map(|quota| store.quotas.put(quota)).collect();
        let (models, attribution) = (vec![None; world.models.len()], parts::attribution(world));
        let no_actions = store.actions.put(Vec::new());
        let (multipliers, regions) = (HashMap::new(), HashMap::new());
        Self {
            world,
            store,
            models,
            failovers,
            budgets,
            quotas,
            attribution,
            no_actions,
            multipliers,
            regions,
        }
    }

    fn case(&mut self, decided: &Decided) -> Case {
        let (world, use_case) = (self.world, decided.use_case);
        let own_tags = show::tags(world, use_case).into_iter().collect();
        let tags = self.store.tags.put(tags(own_tags, self.attribution.as_ref()));
        self.multipliers.clear();
        self.regions.clear();
        // A decided case has no undefined decision, so positions among the distinct ones hold.
        let outcomes: Vec<u32> = decided.distinct().map(|decision| self.outcome(decision, tags)).collect();
        let cells = decided.cells().filter_map(|at| outcomes.get(at).copied()).collect();
        Case {
            endpoint_tag: use_case.endpoint_tag.as_ref().map(|tag| tag.value.clone()),
            level: use_case.classification,
            axes: decided.space.axes.iter().map(|classes| case_axis(world, classes)).collect(),
            cells,
            volume: Some(Volume { tokens: use_case.tokens, usage: use_case.usage.clone() }),
            owner: Some(use_case.owner.clone()),
            team: use_case.team.map(|team| world.names.name(team).to_owned()),
        }
    }

    fn outcome(&mut self, decision: &decide::Decision, tags: u32) -> u32 {
        let primary = decision.primary.unwrap_or(0);
        let targets = decision.chain_targets();
        let targets = targets.iter().filter_map(|target| {
            let model = self.model(target.model)?;
            let actions = self.actions(target);
            let Self { world, store, multipliers, regions, .. } = self;
            let regions = regions.entry((target.model, decision.residency.clone())).or_insert_with(|| {
                let model = world.models.get(target.model);
                store.regions.put(model.and_then(|model| show::regions(world, decision, model)))
            });
            let multiplier = multipliers
                .entry((primary, target.model))
                .or_insert_with(|| store.multipliers.put(show::multiplier(&target.multiplier)));
            Some(Target { model, multiplier: *multiplier, actions, regions: *regions })
        });
        let targets = targets.collect();
        let all = |known: &[u32], at: &[usize]| at.iter().filter_map(|at| known.get(*at).copied()).collect();
        let outcome = Outcome {
            targets,
            failover: decision.outage_path().and_then(|path| {
                let statement = self.failovers.get(path.failover)?.clone();
                Some(self.store.failovers.put((parts::triggers(path.on), statement)))
            }),
            budgets: all(&self.budgets, &decision.budgets),
            quotas: all(&self.quotas, &decision.quotas),
            audit: decision.audit.as_deref().map(parts::audit),
            tags,
        };
        self.store.outcome(outcome)
    }

    /// The number of a target's cost actions.
    fn actions(&mut self, target: &decide::Target) -> u32 {
        if target.notify.is_none() && !target.throttle && !target.confirm {
            return self.no_actions;
        }
        self.store.actions.put(parts::actions(target))
    }

    /// The number of a model's portrait, drawn where it first serves.
    fn model(&mut self, id: usize) -> Option<u32> {
        let slot = self.models.get_mut(id)?;
        if slot.is_none() {
            let model = self.world.models.get(id)?;
            *slot = Some(self.store.models.put(parts::model(self.world, model)));
        }
        *slot
    }
}
