//! What is expected to be spent a month, by whatever money is asked for by: as things are, with each failure domain
//! down, and at worst.

use std::collections::{BTreeMap, BTreeSet};

use super::monthly;
use crate::decide::survey::{Decided, Survey};
use crate::model::names::Symbol;
use crate::model::{ModelId, World};
use crate::number::{Rational, add_up, whole};

/// What money is added up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The use case.
    UseCase,
    /// The business unit.
    BusinessUnit,
    /// The team.
    Team,
    /// The project.
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
    /// All.
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
pub struct Serving {
    /// The model's id.
    pub model: String,
    /// Its provider.
    pub provider: String,
    domain: Symbol,
    /// US dollars a month.
    pub usd: Rational,
}

/// A use case.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its name.
    pub use_case: String,
    /// Values of the dimensions that it states.
    pub stated: BTreeMap<&'static str, String>,
    /// Tokens a month, input and output; none: not stated, so that nothing is counted.
    pub tokens: Option<(u64, u64)>,
    /// The primary and the targets of the outage path, in order; none: no model is eligible.
    pub targets: Vec<Serving>,
}

/// All use cases whose decision is defined.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// By name.
    pub lines: Vec<Line>,
    /// The failure domains that serve some target, by name.
    pub failure_domains: Vec<String>,
    domains: Vec<Symbol>,
    /// Use cases whose decision is not defined, by name.
    pub undecided: Vec<String>,
}

impl Forecast {
    /// Of the baseline of every use case.
    pub fn new(survey: &Survey<'_>) -> Self {
        let world = survey.world;
        let lines: Vec<Line> = survey.decided().map(|decided| line(world, &decided)).collect();
        let serving: BTreeSet<Symbol> =
            lines.iter().flat_map(|line| line.targets.iter().map(|target| target.domain)).collect();
        let domains: Vec<Symbol> =
            world.failure_domains.iter().copied().filter(|domain| serving.contains(domain)).collect();
        let undecided = survey.cases.iter().filter(|case| !case.is_decided());
        let undecided = undecided.map(|case| &world.use_cases[case.id]);
        Self {
            lines,
            failure_domains: domains.iter().map(|domain| world.names.name(*domain).to_owned()).collect(),
            domains,
            undecided: undecided.map(|use_case| use_case.name.value.clone()).collect(),
        }
    }

    /// What serves a use case in a scenario; none: nothing does.
    pub fn serving<'l>(&self, line: &'l Line, scenario: Scenario) -> Option<&'l Serving> {
        match scenario {
            Scenario::Baseline => line.targets.first(),
            Scenario::Down(at) => {
                let down = self.domains.get(at);
                line.targets.iter().find(|target| Some(&target.domain) != down)
            }
            Scenario::Dearest => {
                let (first, rest) = line.targets.split_first()?;
                Some(
                    rest.iter().fold(first, |dearest, one| if one.usd > dearest.usd { one } else { dearest }),
                )
            }
        }
    }

    /// What is spent by the values of a dimension, in every scenario; a value that comes up in any of them is there.
    pub fn rows(&self, by: By) -> Vec<Row> {
        let mut rows: BTreeMap<Option<&str>, Row> = BTreeMap::new();
        let scenarios = self.scenarios();
        for line in &self.lines {
            for (at, scenario) in scenarios.iter().enumerate() {
                let serving = self.serving(line, *scenario);
                let value = match by {
                    By::UseCase => Some(line.use_case.as_str()),
                    By::Provider => serving.map(|one| one.provider.as_str()),
                    By::Model => serving.map(|one| one.model.as_str()),
                    other => line.stated.get(other.name()).map(String::as_str),
                };
                let row = rows.entry(value).or_insert_with(|| Row::empty(value, self.domains.len()));
                row.add(at, serving, line);
            }
        }
        rows.into_values().collect()
    }

    /// Everything together.
    pub fn total(&self) -> Row {
        let mut row = Row::empty(None, self.domains.len());
        for line in &self.lines {
            for (at, scenario) in self.scenarios().iter().enumerate() {
                row.add(at, self.serving(line, *scenario), line);
            }
        }
        row
    }

    /// All scenarios: the baseline, the dearest, each failure domain down.
    fn scenarios(&self) -> Vec<Scenario> {
        let down = (0..self.domains.len()).map(Scenario::Down);
        [Scenario::Baseline, Scenario::Dearest].into_iter().chain(down).collect()
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
    /// With each failure domain down.
    pub down: Vec<Rational>,
    /// With each failure domain down: how many use cases nothing serves.
    pub stopped: Vec<usize>,
}

impl Row {
    fn empty(value: Option<&str>, domains: usize) -> Self {
        Self {
            value: value.map(str::to_owned),
            baseline: whole(0),
            dearest: whole(0),
            down: vec![whole(0); domains],
            stopped: vec![0; domains],
        }
    }

    fn add(&mut self, scenario: usize, serving: Option<&Serving>, line: &Line) {
        let domain = scenario.checked_sub(2);
        let place = match (scenario, domain) {
            (0, _) => Some(&mut self.baseline),
            (1, _) => Some(&mut self.dearest),
            (_, Some(domain)) => self.down.get_mut(domain),
            _ => None,
        };
        match (place, serving) {
            (Some(place), Some(serving)) => add_up(place, &serving.usd),
            (_, None) if !line.targets.is_empty() => {
                if let Some(stopped) = domain.and_then(|domain| self.stopped.get_mut(domain)) {
                    *stopped += 1;
                }
            }
            _ => {}
        }
    }

    /// The failure domain that makes it most, where one makes it more than it is.
    pub fn worst_outage(&self) -> Option<(usize, &Rational)> {
        let mut worst: Option<(usize, &Rational)> = None;
        for (at, spent) in self.down.iter().enumerate() {
            if spent > worst.map_or(&self.baseline, |(_, most)| most) {
                worst = Some((at, spent));
            }
        }
        worst
    }
}

fn line(world: &World, decided: &Decided<'_>) -> Line {
    let use_case = decided.use_case;
    let name = |symbol: Symbol| world.names.name(symbol).to_owned();
    let dimensions = [
        (By::BusinessUnit, use_case.business_unit.map(name)),
        (By::Team, use_case.team.map(name)),
        (By::Project, use_case.project.map(name)),
        (By::Application, use_case.application.map(name)),
        (By::Classification, world.classifications.get(use_case.classification).cloned()),
    ];
    let serving = |id: ModelId| {
        let model = &world.models[id];
        Some(Serving {
            model: model.id.clone(),
            provider: name(model.provider_symbol),
            domain: model.domain(),
            usd: monthly(use_case, model),
        })
    };
    Line {
        use_case: use_case.name.value.clone(),
        stated: dimensions.into_iter().filter_map(|(by, value)| Some((by.name(), value?))).collect(),
        tokens: use_case.tokens,
        targets: decided.baseline.chain().into_iter().filter_map(serving).collect(),
    }
}
