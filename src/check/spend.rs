//! Expected cost of use cases against limits: shared by the findings on budgets.

use std::collections::BTreeMap;

use super::survey::{Decided, Survey};
use crate::decide::{reference, show};
use crate::model::{Budget, BudgetId, Dimension, Expr, Model, ModelId, Period, UseCase, World};
use crate::number::{Rational, round_half_even, whole};
use crate::source::Span;

/// Days in the month that expected use is stated for.
const DAYS_IN_MONTH: u64 = 30;

/// Which target a use case is counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Its primary.
    Primary,
    /// The one with the highest blended cost.
    Dearest,
}

/// An exceeded limit: the worst group, and everyone who adds to an exceeded sum.
#[derive(Debug, Clone)]
pub(super) struct Exceeded {
    /// The value of `per`, if there is one.
    pub(super) group: Option<String>,
    /// US dollars in the limit's period.
    pub(super) limit: Rational,
    /// US dollars in the limit's period.
    pub(super) cost: Rational,
    /// By name.
    pub(super) use_cases: Vec<String>,
}

/// Two amounts with enough decimals to tell them apart.
pub(super) fn both(a: &Rational, b: &Rational) -> (String, String) {
    let text = |decimals| (round_half_even(a, decimals), round_half_even(b, decimals));
    (2..9).map(text).find(|(a, b)| a != b).unwrap_or_else(|| text(9))
}

/// The words of a period.
pub(super) fn per(period: Period) -> &'static str {
    match period {
        Period::Day => "a day",
        Period::Week => "a week",
        Period::Month => "a month",
    }
}

/// Whether a budget or quota covers a use case: its `when` is true at the baseline.
pub(super) fn covers(world: &World, decided: &Decided, when: Option<&Expr>) -> bool {
    reference::applies(world, decided.use_case, &world.baseline(decided.use_case), when)
}

fn days(period: Period) -> u64 {
    match period {
        Period::Day => 1,
        Period::Week => 7,
        Period::Month => DAYS_IN_MONTH,
    }
}

/// Expected cost of a use case on a model, US dollars a month; nothing where no tokens are stated.
pub fn monthly_cost(use_case: &UseCase, model: &Model) -> Rational {
    let (input, output) = use_case.tokens.unwrap_or((0, 0));
    (&model.input_cost * whole(input) + &model.output_cost * whole(output)) / whole(1_000_000)
}

/// The target that a use case is counted on.
fn counted<'a>(world: &'a World, decided: &Decided, which: Which) -> Option<&'a Model> {
    let targets = decided.baseline.targets.iter().filter_map(|target| world.models.get(target.model));
    match which {
        Which::Primary => targets.into_iter().next(),
        Which::Dearest => targets.reduce(|dearest, model| {
            let cost = |model: &Model| decided.use_case.blended_cost(model);
            if cost(model) > cost(dearest) { model } else { dearest }
        }),
    }
}

/// The value of a dimension that a use case on a model counts under; none: it states no such value.
fn group(world: &World, use_case: &UseCase, model: &Model, dimension: Dimension) -> Option<String> {
    match dimension {
        Dimension::Provider => Some(world.names.name(model.provider_symbol).to_owned()),
        Dimension::Model => Some(model.id.clone()),
        other => show::stated(use_case, other).map(|symbol| world.names.name(symbol).to_owned()),
    }
}

/// Whether the use cases that a budget covers are expected to cost more than it allows.
pub(super) fn exceeded(survey: &Survey, id: BudgetId, which: Which) -> Option<Exceeded> {
    let world = survey.world;
    let budget = world.budgets.get(id)?;
    if budget.per == Some(Dimension::User) {
        return None;
    }
    let mut sums: BTreeMap<Option<String>, (Rational, Vec<String>)> = BTreeMap::new();
    for decided in survey.decided().filter(|decided| covers(world, decided, budget.when.as_ref())) {
        let Some(model) = counted(world, &decided, which) else { continue };
        let key = budget.per.and_then(|dimension| group(world, decided.use_case, model, dimension));
        let cost = monthly_cost(decided.use_case, model) * whole(days(budget.period)) / whole(DAYS_IN_MONTH);
        add(sums.entry(key).or_insert_with(|| (whole(0), Vec::new())), cost, &decided);
    }
    worst(&budget.limit, sums)
}

fn add(sum: &mut (Rational, Vec<String>), cost: Rational, decided: &Decided) {
    if cost > whole(0) {
        sum.1.push(decided.name());
    }
    sum.0 += cost;
}

fn worst(limit: &Rational, sums: BTreeMap<Option<String>, (Rational, Vec<String>)>) -> Option<Exceeded> {
    let mut worst: Option<Exceeded> = None;
    let mut use_cases = Vec::new();
    for (group, (cost, names)) in sums.into_iter().filter(|(_, (cost, _))| cost > limit) {
        use_cases.extend(names);
        if worst.as_ref().is_none_or(|known| cost > known.cost) {
            worst = Some(Exceeded { group, limit: limit.clone(), cost, use_cases: Vec::new() });
        }
    }
    use_cases.sort();
    worst.map(|worst| Exceeded { use_cases, ..worst })
}

/// Whether the use cases whose primary a model is are expected to cost more a day than it allows.
pub(super) fn model_exceeded(survey: &Survey, id: ModelId) -> Option<(Span, Exceeded)> {
    let world = survey.world;
    let model = world.models.get(id)?;
    let limit = model.max_daily_spend_usd.as_ref()?;
    let mut sum = (whole(0), Vec::new());
    for decided in survey.decided() {
        if decided.baseline.targets.first().is_some_and(|target| target.model == id) {
            add(&mut sum, monthly_cost(decided.use_case, model) / whole(DAYS_IN_MONTH), &decided);
        }
    }
    let exceeded = worst(&limit.value, BTreeMap::from([(None, sum)]))?;
    Some((limit.span, exceeded))
}

/// A budget's limit in US dollars a month, once for each distinct value of `per` among what it covers.
pub(super) fn monthly_amount(survey: &Survey, id: BudgetId) -> Rational {
    let Some(budget) = survey.world.budgets.get(id) else { return whole(0) };
    let monthly = &budget.limit * whole(DAYS_IN_MONTH) / whole(days(budget.period));
    monthly * whole(times(survey, budget))
}

fn times(survey: &Survey, budget: &Budget) -> u64 {
    let Some(dimension) = budget.per else { return 1 };
    if matches!(dimension, Dimension::User | Dimension::Provider | Dimension::Model) {
        return 1;
    }
    let covered = survey.decided().filter(|decided| covers(survey.world, decided, budget.when.as_ref()));
    let values: std::collections::BTreeSet<_> =
        covered.map(|decided| show::stated(decided.use_case, dimension)).collect();
    values.len() as u64
}
