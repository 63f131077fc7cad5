//! One month held against the forecast, the month before, the budgets, and the names that are known.

use std::collections::{BTreeMap, BTreeSet};

use super::budgets::{BudgetRow, budgets};
use super::models::Models;
use super::{Ledger, STATED, SpendingGroup, Sum};
use crate::cost::forecast::{self, By, Forecast};
use crate::decide::survey::Survey;
use crate::event::{Nanos, money};
use crate::model::names::Symbol;
use crate::model::{UseCase, World};
use crate::number::{Rational, fixed_half_even, whole};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// `YYYY-MM`.
    pub month: &'a str,
    /// The month is over, so that it can be held against a month's forecast.
    pub is_over: bool,
    /// What is added up by.
    pub by: By,
    /// From which drift on something is found, in percent.
    pub drift: Rational,
    /// From which change of a month something is found, in percent: `anomaly above` of the policy.
    pub anomaly: Option<Rational>,
}

/// What is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// More or less than forecast, by more than the threshold.
    Drift,
    /// More or less than the month before, by more than the policy's threshold.
    Anomaly,
    /// More than the budget allows.
    OverBudget,
    /// Spent for a use case that the estate does not have.
    UnknownUseCase,
    /// Spent for nobody that is named.
    Untagged,
    /// Spent on a model that the registry does not have.
    UnknownModel,
    /// Spent for a business unit that no use case has.
    UnknownBusinessUnit,
    /// Spent for a team that no use case has.
    UnknownTeam,
    /// Spent for a project that no use case has.
    UnknownProject,
    /// Spent for an application that no use case has.
    UnknownApplication,
}

/// What is found of a value of [`STATED`] that no use case has, in its order.
const STRANGERS: [Found; 4] =
    [Found::UnknownBusinessUnit, Found::UnknownTeam, Found::UnknownProject, Found::UnknownApplication];

impl Found {
    /// The names that nothing here has, and spending for none, in the order of reports.
    pub const NAMES: [Found; 7] = [
        Self::UnknownUseCase,
        Self::UnknownModel,
        Self::UnknownBusinessUnit,
        Self::UnknownTeam,
        Self::UnknownProject,
        Self::UnknownApplication,
        Self::Untagged,
    ];

    /// Its name in output.
    pub fn code(self) -> &'static str {
        match self {
            Self::Drift => "drift",
            Self::Anomaly => "anomaly",
            Self::OverBudget => "over-budget",
            Self::UnknownUseCase => "unknown-use-case",
            Self::Untagged => "untagged",
            Self::UnknownModel => "unknown-model",
            Self::UnknownBusinessUnit => "unknown-business-unit",
            Self::UnknownTeam => "unknown-team",
            Self::UnknownProject => "unknown-project",
            Self::UnknownApplication => "unknown-application",
        }
    }
}

/// The use cases with one value of a dimension.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The value; none: nothing is stated.
    pub value: Option<String>,
    /// What was spent.
    pub actual: Nanos,
    /// What was expected; none: nothing.
    pub forecast: Option<Nanos>,
    /// What was spent the month before; none: there is no such month.
    pub before: Option<Nanos>,
    /// What is found.
    pub found: Vec<Found>,
}

/// Spending of some months against what was expected and allowed.
#[derive(Debug, Clone)]
pub struct Report {
    /// Everything that was spent.
    pub total: Row,
    /// By value, the dearest first.
    pub rows: Vec<Row>,
    /// By name.
    pub budgets: Vec<BudgetRow>,
    /// What names something that is not known, with how much was spent for it.
    pub unknown: Vec<(Found, String, Nanos)>,
}

impl Report {
    /// Everything that is found.
    pub fn findings(&self) -> usize {
        let rows: usize = self.rows.iter().map(|row| row.found.len()).sum();
        rows + self.unknown.len() + self.budgets.iter().map(|budget| budget.over().len()).sum::<usize>()
    }
}

/// Compares a month.
pub fn report(survey: &Survey<'_>, forecast: &Forecast, ledger: &Ledger, asked: &Asked<'_>) -> Report {
    let names = Names::new(survey.world);
    let before = previous(asked.month);
    // A month that is not over is held beside nothing.
    let has_before = asked.is_over && ledger.sums.keys().any(|key| key.month == before);
    let mut rows: BTreeMap<Option<String>, Row> = BTreeMap::new();
    let mut total = Row { before: has_before.then_some(0), ..Row::default() };
    for row in forecast.rows(asked.by) {
        let expected = nanos(&row.baseline);
        if expected > 0 && asked.is_over {
            total.forecast = Some(total.forecast.unwrap_or(0) + expected);
            let entry = rows.entry(row.value.clone()).or_insert_with(|| empty(row.value.clone(), has_before));
            entry.forecast = Some(expected);
        }
    }
    for (key, sum) in &ledger.sums {
        let is_now = key.month == asked.month;
        if !is_now && key.month != before {
            continue;
        }
        let value = names.value(key, asked.by);
        let row = rows.entry(value.clone()).or_insert_with(|| empty(value, has_before));
        for row in [row, &mut total] {
            if is_now {
                row.actual += sum.usd;
            } else if let Some(before) = &mut row.before {
                *before += sum.usd;
            }
        }
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    let unknown = unknown(&names, ledger, asked.month);
    let strangers: BTreeSet<&str> = unknown.iter().map(|(_, name, _)| name.as_str()).collect();
    for row in &mut rows {
        // What nobody knows is found as that.
        let is_known = row.value.as_deref().is_some_and(|value| !strangers.contains(value));
        row.found = found(row, asked, is_known);
    }
    rows.sort_by(|a, b| b.actual.cmp(&a.actual).then_with(|| a.value.cmp(&b.value)));
    Report { budgets: budgets(survey, &names, ledger, asked.month), unknown, total, rows }
}

fn empty(value: Option<String>, has_before: bool) -> Row {
    Row { value, before: has_before.then_some(0), ..Row::default() }
}

/// What drifts: nothing that is not over, and nothing that nobody expected anything of.
fn found(row: &Row, asked: &Asked<'_>, is_known: bool) -> Vec<Found> {
    let mut found = Vec::new();
    if let Some(expected) = row.forecast.filter(|_| asked.is_over)
        && exceeds(row.actual - expected, expected, &asked.drift)
    {
        found.push(Found::Drift);
    }
    // From nothing, any amount is more by more than any percent.
    if let (Some(before), Some(threshold)) =
        (row.before.filter(|before| *before != 0 || is_known), &asked.anomaly)
        && asked.is_over
        && exceeds(row.actual - before, before, threshold)
    {
        found.push(Found::Anomaly);
    }
    found
}

/// Whether a difference is more than so many percent of something.
pub(super) fn exceeds(difference: Nanos, of: Nanos, percent: &Rational) -> bool {
    let exact = |nanos: Nanos| crate::number::parse_decimal(&nanos.to_string()).unwrap_or_default();
    exact(difference.abs()) * whole(100) > exact(of.abs()) * percent
}

/// US dollars in billionths.
pub fn nanos(usd: &Rational) -> Nanos {
    money::parse(&fixed_half_even(usd, 9)).unwrap_or_default()
}

/// The month before, `YYYY-MM`.
pub fn previous(month: &str) -> String {
    let number = |from: usize, to: usize| month.get(from..to).and_then(|digits| digits.parse::<i32>().ok());
    let (Some(year), Some(of_year)) = (number(0, 4), number(5, 7)) else { return String::new() };
    if of_year == 1 { format!("{:04}-12", year - 1) } else { format!("{year:04}-{:02}", of_year - 1) }
}

/// What bills call things, and what they are called here.
pub(super) struct Names<'a> {
    world: &'a World,
    /// What each use case states, whether its decision is defined or not.
    dimensions: BTreeMap<&'a str, BTreeMap<&'static str, &'a str>>,
    use_cases: BTreeMap<&'a str, &'a str>,
    /// The values of [`STATED`] that use cases have.
    stated: [BTreeSet<&'a str>; 4],
    models: Models<'a>,
}

impl<'a> Names<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        let (mut use_cases, mut dimensions) = (BTreeMap::new(), BTreeMap::new());
        for use_case in &world.use_cases {
            let name = use_case.name.value.as_str();
            dimensions.insert(name, forecast::stated(world, use_case));
            use_cases.insert(name, name);
            if let Some(tag) = &use_case.endpoint_tag {
                use_cases.insert(tag.value.as_str(), name);
            }
        }
        let all = |value: fn(&UseCase) -> Option<Symbol>| {
            let values = world.use_cases.iter().filter_map(value);
            values.map(|symbol| world.names.name(symbol)).collect()
        };
        let stated = [
            all(|one| one.business_unit),
            all(|one| one.team),
            all(|one| one.project),
            all(|one| one.application),
        ];
        Self { world, dimensions, use_cases, stated, models: Models::new(world) }
    }

    /// What is stated beside no use case, where no use case has any of it.
    fn strangers<'k>(&self, key: &'k SpendingGroup) -> Vec<(Found, &'k str)> {
        let all = || key.stated.iter().zip(&self.stated).zip(STRANGERS);
        let is_known = |value: &String, known: &BTreeSet<&str>| known.contains(value.as_str());
        if all().any(|((value, known), _)| value.as_ref().is_some_and(|value| is_known(value, known))) {
            return Vec::new();
        }
        all().filter_map(|((value, _), kind)| Some((kind, value.as_deref()?))).collect()
    }

    /// A use case by either of its names.
    pub(super) fn use_case(&self, stated: &str) -> Option<&'a str> {
        self.use_cases.get(stated).copied()
    }

    /// The use cases that have every dimension as it is stated; none where none is stated.
    pub(super) fn sharing(&self, key: &SpendingGroup) -> Vec<&'a str> {
        let stated = STATED.iter().zip(&key.stated);
        let stated: Vec<(&str, &String)> =
            stated.filter_map(|((name, _), value)| Some((*name, value.as_ref()?))).collect();
        if stated.is_empty() {
            return Vec::new();
        }
        let has_all = |has: &BTreeMap<&'static str, &str>| {
            stated.iter().all(|(name, value)| has.get(name).copied() == Some(value.as_str()))
        };
        self.dimensions.iter().filter(|(_, has)| has_all(has)).map(|(name, _)| *name).collect()
    }

    /// What a use case states of a dimension.
    pub(super) fn stated(&self, use_case: &str, by: By) -> Option<&str> {
        self.dimensions.get(use_case)?.get(by.name()).copied()
    }

    /// A model's id, where a bill's name is one model's.
    fn model(&self, key: &SpendingGroup) -> Option<&'a str> {
        let id = self.models.find(key.provider.as_deref(), key.model.as_deref()?)?;
        Some(self.world.models[id].id.as_str())
    }

    /// Whether a provider is called so here.
    pub(super) fn is_ours(&self, provider: &str) -> bool {
        self.world.providers.iter().any(|one| one.name.value == provider)
    }

    /// The value of a dimension: as stated, else as the use case has it.
    pub(super) fn value(&self, key: &SpendingGroup, by: By) -> Option<String> {
        let use_case = key.use_case.as_deref();
        let known = use_case.and_then(|stated| self.use_case(stated));
        let of_use_case = || self.stated(known?, by).map(str::to_owned);
        match by {
            By::UseCase => known.or(use_case).map(str::to_owned),
            By::Provider => {
                let id = self.model(key).and_then(|id| id.split_once('/'));
                let of_model = id.map(|(provider, _)| provider.to_owned());
                of_model.or_else(|| Some(self.models.provider(key.provider.as_deref()?)))
            }
            By::Model => self.model(key).map(str::to_owned).or_else(|| key.model.clone()),
            other => {
                let at = STATED.iter().position(|(name, _)| *name == other.name());
                at.and_then(|at| key.stated.get(at).cloned().flatten()).or_else(of_use_case)
            }
        }
    }
}

/// What is spent for names that are not known, or for none, the dearest first.
fn unknown(names: &Names<'_>, ledger: &Ledger, month: &str) -> Vec<(Found, String, Nanos)> {
    let mut found: BTreeMap<(Found, String), Nanos> = BTreeMap::new();
    let mut add = |kind: Found, name: &str, sum: &Sum| {
        *found.entry((kind, name.to_owned())).or_default() += sum.usd;
    };
    for (key, sum) in ledger.sums.iter().filter(|(key, _)| key.month == month) {
        match &key.use_case {
            None if key.stated.iter().all(Option::is_none) => add(Found::Untagged, "", sum),
            None => {
                for (kind, name) in names.strangers(key) {
                    add(kind, name, sum);
                }
            }
            Some(stated) if names.use_case(stated).is_none() => add(Found::UnknownUseCase, stated, sum),
            Some(_) => {}
        }
        if let Some(stated) = key.model.as_deref().filter(|_| names.model(key).is_none()) {
            add(Found::UnknownModel, stated, sum);
        }
    }
    let mut found: Vec<(Found, String, Nanos)> =
        found.into_iter().map(|((kind, name), usd)| (kind, name, usd)).collect();
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| b.2.cmp(&a.2)).then_with(|| a.1.cmp(&b.1)));
    found
}
