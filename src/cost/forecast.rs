//! What is expected to be spent a month, by whatever money is asked for by: as things are, with each failure domain
//! down, and at worst.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::monthly;
use crate::decide::Path;
use crate::decide::survey::{Decided, Survey};
use crate::model::names::Symbol;
use crate::model::{ModelId, UseCase, World};
use crate::number::{Rational, add_up, compare, whole};
use crate::work;

/// What money is added up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Each by itself.
    UseCase,
    /// `business_unit` of the estate.
    BusinessUnit,
    /// `team` of the estate.
    Team,
    /// `project` of the estate.
    Project,
    /// The calling application.
    Application,
    /// The use case's own classification.
    Classification,
    /// The provider that serves.
    Provider,
    /// The model that serves.
    Model,
}

impl By {
    /// In the order of the language.
    pub const ALL: [By; 8] = [
        Self::UseCase,
        Self::BusinessUnit,
        Self::Team,
        Self::Project,
        Self::Application,
        Self::Classification,
        Self::Provider,
        Self::Model,
    ];

    /// Its name on the command line and in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::UseCase => "use_case",
            Self::BusinessUnit => "business_unit",
            Self::Team => "team",
            Self::Project => "project",
            Self::Application => "application",
            Self::Classification => "classification",
            Self::Provider => "provider",
            Self::Model => "model",
        }
    }
}

/// What is taken to have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// Nothing: every use case on its primary.
    Baseline,
    /// A failure domain is down, by position in [`Forecast::failure_domains`].
    Down(usize),
    /// Every use case on the dearest of its primary and the targets of its outage path.
    Dearest,
}

/// A model that may serve a use case, and what that would cost a month.
#[derive(Debug, Clone)]
pub struct Serving<'w> {
    /// The model's id.
    pub model: &'w str,
    /// Who would be paid.
    pub provider: &'w str,
    /// US dollars a month.
    pub usd: Rational,
}

/// A use case.
#[derive(Debug, Clone)]
pub struct Line<'w> {
    /// As the estate writes it.
    pub use_case: &'w str,
    /// Values of the dimensions that it states.
    pub stated: BTreeMap<&'static str, &'w str>,
    /// Tokens a month, input and output; none: not stated, so that nothing is counted.
    pub tokens: Option<(u64, u64)>,
    asked: &'w UseCase,
    /// The primary and the targets of the outage path, in order; none: no model is eligible. Use cases that are decided
    /// alike share them.
    chain: Arc<[ModelId]>,
    /// The position of the dearest of them.
    dearest: OnceCell<usize>,
}

/// All use cases whose decision is defined.
#[derive(Debug, Clone)]
pub struct Forecast<'w> {
    world: &'w World,
    /// By name.
    pub lines: Vec<Line<'w>>,
    /// The failure domains that serve some target, by name.
    pub failure_domains: Vec<String>,
    domains: Vec<Symbol>,
    /// Where the line of each use case stands.
    places: HashMap<Symbol, usize>,
    /// Use cases whose decision is not defined, by name.
    pub undecided: Vec<String>,
}

impl<'w> Forecast<'w> {
    /// Of the baseline of every use case.
    pub fn new(survey: &'w Survey<'_>) -> Self {
        let world = survey.world;
        let mut known = HashMap::new();
        let lines: Vec<Line> = survey.decided().map(|decided| line(world, &decided, &mut known)).collect();
        let chains = known.values().flat_map(|chain| chain.iter());
        let serving: BTreeSet<Symbol> = chains.map(|model| world.models[*model].domain()).collect();
        let domains: Vec<Symbol> =
            world.failure_domains.iter().copied().filter(|domain| serving.contains(domain)).collect();
        let undecided = survey.cases.iter().filter(|case| !case.is_decided());
        let undecided = undecided.map(|case| &world.use_cases[case.id]);
        Self {
            world,
            lines,
            failure_domains: domains.iter().map(|domain| world.names.name(*domain).to_owned()).collect(),
            places: domains.iter().enumerate().map(|(at, domain)| (*domain, at)).collect(),
            domains,
            undecided: undecided.map(|use_case| use_case.name.value.clone()).collect(),
        }
    }

    /// What serves a use case in a scenario; none: nothing does.
    pub fn serving(&self, line: &Line<'w>, scenario: Scenario) -> Option<Serving<'w>> {
        let at = match scenario {
            Scenario::Baseline => 0,
            Scenario::Down(at) => {
                let down = self.domains.get(at);
                let is_up = |model: &ModelId| Some(&self.world.models[*model].domain()) != down;
                line.chain.iter().position(is_up)?
            }
            Scenario::Dearest => *line.dearest.get_or_init(|| self.dearest(line)),
        };
        let model = &self.world.models[*line.chain.get(at)?];
        let provider = self.world.names.name(model.provider_symbol);
        Some(Serving { model: &model.id, provider, usd: monthly(line.asked, model) })
    }

    /// The position of the target that costs most, the first of equal ones.
    fn dearest(&self, line: &Line) -> usize {
        // Where no tokens are stated, all cost nothing.
        if line.tokens.is_none() {
            return 0;
        }
        let usd = |model: &ModelId| {
            work::step();
            monthly(line.asked, &self.world.models[*model])
        };
        let mut dearest: Option<(usize, Rational)> = None;
        for (at, usd) in line.chain.iter().map(usd).enumerate() {
            if dearest.as_ref().is_none_or(|(_, most)| compare(&usd, most).is_gt()) {
                dearest = Some((at, usd));
            }
        }
        dearest.map_or(0, |(at, _)| at)
    }

    /// The failure domain of a use case's primary, by position: nothing changes while that is up.
    fn domain(&self, line: &Line) -> Option<usize> {
        let primary = self.world.models[*line.chain.first()?].domain();
        self.places.get(&primary).copied()
    }

    /// What is spent by the values of a dimension, in every scenario; a value that comes up in any of them is there.
    pub fn rows(&self, by: By) -> Vec<Row> {
        let mut rows: BTreeMap<Option<&str>, Adding> = BTreeMap::new();
        for line in &self.lines {
            self.add(&mut rows, line, |serving| match by {
                By::UseCase => Some(line.use_case),
                By::Provider => serving.map(|one| one.provider),
                By::Model => serving.map(|one| one.model),
                other => line.stated.get(other.name()).copied(),
            });
        }
        rows.into_iter().map(|(value, row)| row.finished(value)).collect()
    }

    /// One row for all groups.
    pub fn total(&self) -> Row {
        let mut rows: BTreeMap<(), Adding> = BTreeMap::new();
        self.lines.iter().for_each(|line| self.add(&mut rows, line, |_| ()));
        rows.remove(&()).unwrap_or_default().finished(None)
    }

    /// Adds a use case to the row of each scenario, which may be told by what serves then.
    fn add<V: Ord>(
        &self,
        rows: &mut BTreeMap<V, Adding>,
        line: &Line<'w>,
        value: impl Fn(Option<&Serving<'w>>) -> V,
    ) {
        work::step();
        let baseline = self.serving(line, Scenario::Baseline);
        let usd = baseline.as_ref().map_or_else(|| whole(0), |one| one.usd.clone());
        let row = rows.entry(value(baseline.as_ref())).or_default();
        add_up(&mut row.baseline, &usd);
        let domain = self.domain(line);
        if let Some(domain) = domain {
            add_up(&mut row.fallen.entry(domain).or_default().less, &usd);
        }
        let dearest = self.serving(line, Scenario::Dearest);
        let row = rows.entry(value(dearest.as_ref())).or_default();
        if let Some(dearest) = &dearest {
            add_up(&mut row.dearest, &dearest.usd);
        }
        let Some(domain) = domain else { return };
        let other = self.serving(line, Scenario::Down(domain));
        let fallen = rows.entry(value(other.as_ref())).or_default().fallen.entry(domain).or_default();
        match other {
            Some(other) => add_up(&mut fallen.more, &other.usd),
            None => fallen.stopped += 1,
        }
    }
}

/// A row on its way: with each failure domain down only what its fall changes.
#[derive(Debug, Default)]
struct Adding {
    baseline: Rational,
    dearest: Rational,
    fallen: BTreeMap<usize, Fallen>,
}

/// What the fall of a failure domain changes.
#[derive(Debug, Default)]
struct Fallen {
    less: Rational,
    more: Rational,
    stopped: usize,
}

impl Adding {
    fn finished(self, value: Option<&str>) -> Row {
        let Self { baseline, dearest, fallen } = self;
        let down = fallen.into_iter().map(|(domain, fallen)| {
            let usd = &baseline - fallen.less + fallen.more;
            (domain, (usd, fallen.stopped))
        });
        Row { down: down.collect(), value: value.map(str::to_owned), baseline, dearest }
    }
}

/// US dollars a month of the use cases that have one value of a dimension.
#[derive(Debug, Clone)]
pub struct Row {
    /// The value; none: the use case states none, or nothing serves it.
    pub value: Option<String>,
    /// As things are.
    pub baseline: Rational,
    /// Each use case on the dearest of its targets.
    pub dearest: Rational,
    /// With each failure domain down that changes something: what is spent, and how many use cases nothing serves.
    down: BTreeMap<usize, (Rational, usize)>,
}

impl Row {
    /// With a failure domain down, by position in [`Forecast::failure_domains`]: what is spent, and how many use cases
    /// nothing serves.
    pub fn down(&self, domain: usize) -> (&Rational, usize) {
        self.down.get(&domain).map_or((&self.baseline, 0), |(usd, stopped)| (usd, *stopped))
    }

    /// The failure domain that makes it most, where one makes it more than it is.
    pub fn worst_outage(&self) -> Option<(usize, &Rational)> {
        let mut worst: Option<(usize, &Rational)> = None;
        for (at, (spent, _)) in &self.down {
            if spent > worst.map_or(&self.baseline, |(_, most)| most) {
                worst = Some((*at, spent));
            }
        }
        worst
    }
}

/// Values of the dimensions that a use case states.
pub fn stated<'w>(world: &'w World, use_case: &UseCase) -> BTreeMap<&'static str, &'w str> {
    let name = |symbol: Symbol| world.names.name(symbol);
    let dimensions = [
        (By::BusinessUnit, use_case.business_unit.map(name)),
        (By::Team, use_case.team.map(name)),
        (By::Project, use_case.project.map(name)),
        (By::Application, use_case.application.map(name)),
        (By::Classification, Some(world.classifications[use_case.classification].as_str())),
    ];
    dimensions.into_iter().filter_map(|(by, value)| Some((by.name(), value?))).collect()
}

/// Chains by the primary and the paths that decisions share.
type Known = HashMap<(Option<ModelId>, *const Path), Arc<[ModelId]>>;

fn line<'w>(world: &'w World, decided: &Decided<'w>, known: &mut Known) -> Line<'w> {
    let (use_case, decision) = (decided.use_case, decided.baseline);
    let chain = known.entry((decision.primary, decision.paths.as_ptr()));
    Line {
        use_case: &use_case.name.value,
        stated: stated(world, use_case),
        tokens: use_case.tokens,
        asked: use_case,
        chain: Arc::clone(chain.or_insert_with(|| decision.chain().into())),
        dearest: OnceCell::new(),
    }
}
