//! What was spent, held against what budgets allow: all of it, or with `per` what was spent for each value.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{Names, nanos};
use super::{Ledger, SpendingGroup};
use crate::cost::forecast::By;
use crate::cost::{a_month, has_forecast};
use crate::decide::reference;
use crate::decide::survey::Survey;
use crate::event::Nanos;
use crate::model::{Budget, Date, Dimension, Per, Period, Table, World};
use crate::source::Span;

/// A budget, and what was spent of it.
#[derive(Debug, Clone)]
pub struct BudgetRow {
    /// As the policy writes it.
    pub name: String,
    /// The month, or the quarter or year so far.
    pub period: Period,
    /// What it allows in that period; with `per`, for each value.
    pub limit: Nanos,
    /// What the use cases that it covers spent, for all values together.
    pub actual: Nanos,
    /// With `per`, what was spent for each value.
    pub each: Option<Each>,
}

/// What was spent for each value of `per`.
#[derive(Debug, Clone)]
pub struct Each {
    /// What `per` names.
    pub dimension: &'static str,
    /// The values, the dearest first; none: the use case states no such value.
    pub values: Vec<(Option<String>, Nanos)>,
    /// What was spent for a value that nothing tells, so that it is held against nothing.
    pub untold: Nanos,
}

/// What is held against a limit: all of it, or one value of `per`.
#[derive(Debug, Clone, Copy)]
pub struct Held<'r> {
    /// What `per` names, and its value; none: all of it.
    pub value: Option<(&'static str, Option<&'r str>)>,
    /// What was spent.
    pub actual: Nanos,
}

impl BudgetRow {
    /// What is held against the limit, the most first.
    pub fn held(&self) -> Vec<Held<'_>> {
        let Some(each) = &self.each else { return vec![Held { value: None, actual: self.actual }] };
        let held = each
            .values
            .iter()
            .map(|(value, actual)| Held { value: Some((each.dimension, value.as_deref())), actual: *actual });
        let held: Vec<Held<'_>> = held.collect();
        if held.is_empty() { vec![Held { value: None, actual: 0 }] } else { held }
    }

    /// What of that is more than the limit, the worst first.
    pub fn over(&self) -> Vec<Held<'_>> {
        let mut held = self.held();
        held.retain(|one| one.actual > self.limit);
        held
    }
}

/// The value that something was spent for: none if nothing tells it, and none within if there is none.
type Value = Option<Option<String>>;

/// What was spent for each value of a dimension.
#[derive(Default)]
struct Spent<'n> {
    /// By use case.
    of: BTreeMap<&'n str, BTreeMap<Value, Nanos>>,
    /// What names no use case of ours, by those that it may be of.
    shared: BTreeMap<(Vec<&'n str>, Value), Nanos>,
}

impl<'n> Spent<'n> {
    fn new(names: &Names<'n>, ledger: &Ledger, months: &[&str], per: Option<By>) -> Self {
        let mut spent = Self::default();
        for (key, sum) in ledger.sums.iter().filter(|(key, _)| months.contains(&key.month.as_str())) {
            if let Some(name) = key.use_case.as_deref().and_then(|stated| names.use_case(stated)) {
                let value = of_use_case(names, key, per);
                *spent.of.entry(name).or_default().entry(value).or_default() += sum.usd;
            } else {
                let sharing = names.sharing(key);
                let value = of_several(names, key, per, &sharing);
                *spent.shared.entry((sharing, value)).or_default() += sum.usd;
            }
        }
        spent
    }

    /// What of it a budget covers, by value. All of a team's use cases are covered, so whatever the team spent is.
    fn covered<'s>(&'s self, covered: &BTreeSet<&'n str>) -> BTreeMap<&'s Value, Nanos> {
        let mut sums: BTreeMap<&Value, Nanos> = BTreeMap::new();
        for (value, usd) in covered.iter().filter_map(|name| self.of.get(name)).flatten() {
            *sums.entry(value).or_default() += usd;
        }
        for ((of, value), usd) in &self.shared {
            if !of.is_empty() && of.iter().all(|name| covered.contains(name)) {
                *sums.entry(value).or_default() += usd;
            }
        }
        sums
    }
}

/// The value of a record that names a use case of ours. Which model served it a record says or nobody does.
fn of_use_case(names: &Names<'_>, key: &SpendingGroup, per: Option<By>) -> Value {
    let Some(by) = per else { return Some(None) };
    let value = names.value(key, by);
    if matches!(by, By::Provider | By::Model) { value.map(Some) } else { Some(value) }
}

/// The value of a record that may be of several use cases: as stated, else the one that all of them have.
fn of_several(names: &Names<'_>, key: &SpendingGroup, per: Option<By>, sharing: &[&str]) -> Value {
    let Some(by) = per else { return Some(None) };
    if by == By::UseCase {
        let [one] = sharing else { return None };
        return Some(Some((*one).to_owned()));
    }
    if let Some(value) = names.value(key, by) {
        return Some(Some(value));
    }
    let (first, rest) = sharing.split_first()?;
    let value = names.stated(first, by);
    let is_one =
        !matches!(by, By::Provider | By::Model) && rest.iter().all(|name| names.stated(name, by) == value);
    is_one.then(|| value.map(str::to_owned))
}

fn by(dimension: Dimension) -> Option<By> {
    match dimension {
        Dimension::BusinessUnit => Some(By::BusinessUnit),
        Dimension::Team => Some(By::Team),
        Dimension::Project => Some(By::Project),
        Dimension::Application => Some(By::Application),
        Dimension::UseCase => Some(By::UseCase),
        Dimension::Provider => Some(By::Provider),
        Dimension::Model => Some(By::Model),
        Dimension::User => None,
    }
}

/// Every budget of some covered use case, with what was spent of it.
pub(super) fn budgets(
    survey: &Survey<'_>,
    names: &Names<'_>,
    ledger: &Ledger,
    month: &str,
) -> Vec<BudgetRow> {
    let world = survey.world;
    let (covering, known) = (covering(survey), ledger.months());
    let mut asked: BTreeMap<(Vec<&str>, Option<&str>), Spent<'_>> = BTreeMap::new();
    let mut rows = Vec::new();
    for (id, budget) in world.budgets.enumerated() {
        let covered = &covering[id];
        // What counts on some models only, or by who asks, is not to be told from use cases.
        if covered.is_empty() || !budget.on.is_empty() || !has_forecast(budget) {
            continue;
        }
        let period = match budget.period {
            Period::Day | Period::Week | Period::Month => Period::Month,
            longer => longer,
        };
        let in_force: Vec<String> = months(month, period)
            .into_iter()
            .filter(|month| was_in_force(world, budget.head, month))
            .collect();
        if in_force.last().is_none_or(|last| last != month) {
            continue;
        }
        let read: Vec<&str> =
            known.iter().copied().filter(|month| in_force.iter().any(|one| one == month)).collect();
        let is_whole = read.len() == in_force.len() || period == Period::Month;
        let per = match budget.per {
            Some(Per::Dimension(dimension)) => by(dimension),
            Some(Per::Fact(_)) | None => None,
        };
        let key = (read, per.map(By::name));
        let spent = asked.entry(key).or_insert_with_key(|(read, _)| Spent::new(names, ledger, read, per));
        let row = row(budget, period, per, &spent.covered(covered));
        // Of a part of a quarter nobody knows what the rest was, unless that part is too much already.
        if is_whole || !row.over().is_empty() {
            rows.push(row);
        }
    }
    rows
}

fn row(budget: &Budget, period: Period, per: Option<By>, sums: &BTreeMap<&Value, Nanos>) -> BudgetRow {
    let each = per.map(|by| {
        let told = sums.iter().filter_map(|(value, usd)| Some((value.as_ref()?.clone(), *usd)));
        let mut values: Vec<(Option<String>, Nanos)> = told.collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let untold = sums.get(&None).copied().unwrap_or_default();
        Each { dimension: by.name(), values, untold }
    });
    let limit = if period == Period::Month { nanos(&a_month(budget)) } else { nanos(&budget.limit) };
    BudgetRow { name: budget.name.value.clone(), period, limit, actual: sums.values().sum(), each }
}

/// The use cases that each budget covers. That does not rest on a decision, so those without one are among them.
fn covering<'w>(survey: &Survey<'w>) -> Table<Budget, BTreeSet<&'w str>> {
    let world = survey.world;
    let mut covering: Table<Budget, BTreeSet<&str>> = world.budgets.iter().map(|_| BTreeSet::new()).collect();
    for case in &survey.cases {
        let use_case = &world.use_cases[case.id];
        let name = use_case.name.value.as_str();
        if let Some(decided) = survey.decided_at(case.id) {
            for id in decided.baseline.budgets.iter() {
                covering[*id].insert(name);
            }
            continue;
        }
        let baseline = world.baseline(use_case);
        for (id, budget) in world.budgets.enumerated() {
            if reference::applies(world, use_case, &baseline, budget.when.as_ref()) {
                covering[id].insert(name);
            }
        }
    }
    covering
}

/// The months of a period up to one of them, of which a quarter and a year are those of the calendar.
pub fn months(month: &str, period: Period) -> Vec<String> {
    let of_year = month.get(5..7).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(1);
    let first = match period {
        Period::Year => 1,
        Period::Quarter => of_year.saturating_sub(1) / 3 * 3 + 1,
        Period::Day | Period::Week | Period::Month => of_year,
    };
    let year = month.get(..4).unwrap_or_default();
    (first..=of_year).map(|number| format!("{year}-{number:02}")).collect()
}

/// Whether a statement was in force on some day of a month.
fn was_in_force(world: &World, head: Span, month: &str) -> bool {
    let of = |day: Option<Date>| day.map(|day| day.to_string().get(..7).unwrap_or_default().to_owned());
    world.timed.iter().filter(|timed| timed.head == head).all(|timed| {
        of(timed.from).is_none_or(|from| from.as_str() <= month)
            && of(timed.until).is_none_or(|until| month <= until.as_str())
    })
}
