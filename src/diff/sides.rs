//! A decided world in names and numbers of the [`Store`], whether it comes from a workspace or from a table.

use std::collections::{BTreeMap, BTreeSet};

use super::destinations::{self, Way};
use super::edits::Written;
use super::namer::Namer;
use super::portfolio::Entry;
use super::rename::Names;
use super::risk::Enclosing;
use super::store::Store;
use crate::compile::parts;
use crate::decide::engine::Classes;
use crate::decide::survey::Survey;
use crate::model::attribute::{Attribute, RequestAttribute};
use crate::model::names::Set;
use crate::model::price::{Prices, Usage};
use crate::model::{Axis, Expr, Fact, Model, Table, World};
use crate::model::{ClassificationId, Classifications, context::Cut};
use crate::table::format;

/// One side of a comparison.
#[derive(Debug, Clone)]
pub struct Side {
    /// What it is called: a folder, a revision, a table.
    pub label: String,
    /// The day it was decided for.
    pub as_of: String,
    /// Lowest first.
    pub classifications: Classifications,
    /// Facts by name.
    pub facts: Vec<(String, format::Fact)>,
    /// Per fact, in the same order, the statements that read it; a table does not say.
    pub readers: Vec<BTreeSet<String>>,
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
    /// How each model is reached, by id.
    pub ways: BTreeMap<String, Way>,
    /// How the models of each provider are reached that do not say otherwise; a table does not say.
    pub usual_ways: BTreeMap<String, Way>,
    /// What its budgets, quotas and audit statements say.
    pub written: Written,
    /// Per region the regions that enclose it.
    pub enclosing: Enclosing,
    /// Whether it is a table, which knows neither volumes nor anything of models that are no target.
    pub is_table: bool,
}

/// A use case of a side.
#[derive(Debug, Clone)]
pub struct Case {
    /// A second name.
    pub endpoint_tag: Option<String>,
    /// Its own classification.
    pub level: ClassificationId,
    /// The axes of its cells, the first slowest.
    pub axes: Vec<CaseAxis>,
    /// Outcomes, one for each combination of classes.
    pub cells: Vec<u32>,
    /// Per cell the number of what leads when something fails; empty: a table does not say what is asked of targets.
    pub leads: Vec<u32>,
    /// Whether its data is classified above the lowest, personal or regulated, or demands certifications; a table does not
    /// say.
    pub is_sensitive: bool,
    /// Its attribution tags, by their number in the store.
    pub tags: u32,
    /// What it is expected to use; none: a table does not say.
    pub volume: Option<Volume>,
    /// Who answers for it; a table does not say.
    pub owner: Option<String>,
    /// What it counts under, by dimension: its team and the like.
    pub dimensions: BTreeMap<&'static str, String>,
}

impl Case {
    /// The team it counts under.
    pub fn team(&self) -> Option<&str> {
        self.dimensions.get("team").map(String::as_str)
    }
}

/// An axis of the cells of a use case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CaseAxis {
    /// What its positions are.
    pub kind: AxisKind,
    /// Per position its class: positions of one class decide alike.
    pub of: Vec<u32>,
    /// How many classes there are.
    pub classes: usize,
}

/// What the positions of an axis are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AxisKind {
    /// The use case's own classification and every higher one.
    Classification,
    /// The bands between the cuts, which ascend, of what remains of all budgets, or of the one that is named.
    Share(Option<String>, Vec<Cut>),
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Volume {
    /// Input and output tokens, where the estate states them.
    pub tokens: Option<(u64, u64)>,
    /// What else bears on its cost.
    pub usage: Usage,
}

impl Side {
    /// A decided workspace.
    pub fn of_workspace(label: &str, survey: &Survey, store: &mut Store) -> Self {
        Self::named(label, survey, store, false)
    }

    /// A decided workspace of which only what is decided by default is told: enough to compare it with itself.
    pub fn of_itself(label: &str, survey: &Survey, store: &mut Store) -> Self {
        Self::named(label, survey, store, true)
    }

    fn named(label: &str, survey: &Survey, store: &mut Store, usual_only: bool) -> Self {
        let world = survey.world;
        let mut namer = Namer::new(survey, store, usual_only);
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
            readers: readers(world),
            cases,
            undefined,
            aliases: aliases.map(|model| (model.id.clone(), model.aliases.clone())).collect(),
            prices: world.models.iter().map(price).collect(),
            providers: world.providers.iter().map(|provider| provider.name.value.clone()).collect(),
            entries: world.models.iter().map(|model| (model.id.clone(), Entry::of(world, model))).collect(),
            serving: serving.map(|(model, _)| model.id.clone()).collect(),
            ways: destinations::of_models(world),
            usual_ways: destinations::of_providers(world),
            written: namer.written.clone(),
            enclosing: enclosing(world),
            is_table: false,
        }
    }

    /// A side of which nothing is decided.
    pub fn empty(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            as_of: String::new(),
            classifications: Classifications::default(),
            facts: Vec::new(),
            readers: Vec::new(),
            cases: BTreeMap::new(),
            undefined: BTreeSet::new(),
            aliases: BTreeMap::new(),
            prices: BTreeMap::new(),
            providers: BTreeSet::new(),
            entries: BTreeMap::new(),
            serving: BTreeSet::new(),
            ways: BTreeMap::new(),
            usual_ways: BTreeMap::new(),
            written: Written::default(),
            enclosing: Enclosing::new(),
            is_table: false,
        }
    }

    /// The same side whose facts have their new names; none where each has its own.
    pub fn with_facts(&self, names: &Names) -> Option<Self> {
        names.of_kind("fact").next()?;
        let mut side = self.clone();
        for (name, _) in &mut side.facts {
            if let Some(new) = names.of("fact", name) {
                name.clone_from(new);
            }
        }
        Some(side)
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

/// Per fact the rules, failover statements, budgets and quotas that read it.
fn readers(world: &World) -> Vec<BTreeSet<String>> {
    let mut readers: Table<Fact, BTreeSet<String>> = world.facts.iter().map(|_| BTreeSet::new()).collect();
    let mut read = |expr: &Expr, statement: &str| {
        for (attribute, _) in &expr.reads {
            if let Attribute::Request(RequestAttribute::Fact(id)) = attribute {
                readers[*id].insert(statement.to_owned());
            }
        }
    };
    for rule in &world.rules {
        let exprs = rule.when.iter().chain(rule.promises.iter().map(|promise| &promise.expr));
        for expr in exprs {
            read(expr, &format!("rule {}", rule.name.value));
        }
    }
    for failover in &world.failovers {
        if let Some(expr) = &failover.when {
            read(expr, &format!("failover {}", failover.name.value));
        }
    }
    for budget in &world.budgets {
        let what = format!("budget {}", budget.name.value);
        if let Some(when) = &budget.when {
            read(when, &what);
        }
    }
    for quota in &world.quotas {
        let what = format!("quota {}", quota.name.value);
        if let Some(when) = &quota.when {
            read(when, &what);
        }
    }
    for guarantee in &world.guarantees {
        for expr in guarantee.premise.iter().chain(guarantee.parts.iter().map(|part| &part.expr)) {
            read(expr, &format!("guarantee {}", guarantee.name.value));
        }
    }
    for rule in &world.rules {
        for id in rule.placing_facts() {
            readers[id].insert(format!("rule {}", rule.name.value));
        }
    }
    readers.into_iter().collect()
}

/// Per region of some model the regions that enclose it.
fn enclosing(world: &World) -> Enclosing {
    let regions = world.models.iter().flat_map(|model| model.regions.iter().flat_map(Set::iter));
    let name = |symbol| world.names.name(symbol).to_owned();
    let outer = |region| -> BTreeSet<String> {
        world.regions.enclosing(region).iter().map(|outer| name(*outer)).collect()
    };
    let all = regions.map(|region| (name(region), outer(region)));
    all.filter(|(_, outer)| !outer.is_empty()).collect()
}

pub(super) fn case_axis(world: &World, classes: &Classes) -> CaseAxis {
    let kind = match classes.axis {
        Axis::Classification => AxisKind::Classification,
        axis @ (Axis::Budget | Axis::Share(_)) => {
            let named = match axis {
                Axis::Share(budget) => Some(world.budget_name(budget).to_owned()),
                _ => None,
            };
            let bands = world.bands_of(axis);
            let ends = bands.iter().take(bands.len().saturating_sub(1));
            let cuts = ends.map(|band| Cut { percent: band.high.clone(), above: band.high_in });
            AxisKind::Share(named, cuts.collect())
        }
        Axis::Fact(fact) => AxisKind::Fact(fact.position()),
    };
    CaseAxis { kind, of: classes.of.clone(), classes: classes.shown.len() }
}
