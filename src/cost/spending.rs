//! What use cases are expected to spend, against the limits of budgets and models.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::{both, monthly};
use crate::decide::show;
use crate::decide::survey::{Decided, Survey};
use crate::model::words::{joined, some};
use crate::model::{
    Budget, BudgetId, Dimension, Model, ModelId, Per, Period, Table, UseCase, UseCaseId, World,
};
use crate::number::{Rational, add_up, whole};
use crate::source::Span;

/// Days in the month that expected use is stated for.
const DAYS_IN_MONTH: u64 = 30;

/// How many values of `per` a message names.
const MOST_GROUPS: usize = 4;

/// Which target a use case is counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Which {
    /// Its primary.
    Primary,
    /// The one with the highest blended cost.
    Dearest,
}

/// An exceeded limit: every sum that exceeds it, the worst first.
#[derive(Debug, Clone)]
pub struct Exceeded {
    /// US dollars in the limit's period.
    pub limit: Rational,
    /// At least one.
    pub sums: Vec<Sum>,
}

/// What is expected for one value of `per`, or for everything where there is none.
#[derive(Debug, Clone)]
pub struct Sum {
    /// The value of `per`, if there is one.
    pub group: Option<String>,
    /// US dollars in the limit's period.
    pub cost: Rational,
    /// Those that add to it, by name.
    pub use_cases: Vec<UseCaseId>,
}

impl Exceeded {
    /// Its limit, and what is expected: of every value of `per` that exceeds it, the worst first.
    pub fn words(&self) -> (String, String) {
        let Some(worst) = self.sums.first() else { return Default::default() };
        let (limit, cost) = both(&self.limit, &worst.cost);
        let of = |sum: &Sum, cost: &str| match &sum.group {
            Some(group) => format!("{cost} usd for `{group}`"),
            None if self.sums.len() > 1 => format!("{cost} usd for those that state none"),
            None => format!("{cost} usd"),
        };
        let mut parts = vec![of(worst, &cost)];
        for sum in self.sums.iter().skip(1).take(MOST_GROUPS - 1) {
            parts.push(of(sum, &both(&self.limit, &sum.cost).1));
        }
        match self.sums.len().saturating_sub(MOST_GROUPS) {
            0 => {}
            1 => parts.push("more for 1 other".to_owned()),
            more => parts.push(format!("more for {more} others")),
        }
        let expected = joined(&parts.iter().map(String::as_str).collect::<Vec<&str>>());
        (limit, expected)
    }

    /// Everyone who adds to an exceeded sum, by name.
    pub fn use_cases(&self) -> Vec<UseCaseId> {
        let mut ids: Vec<UseCaseId> =
            self.sums.iter().flat_map(|sum| sum.use_cases.iter().copied()).collect();
        ids.sort_unstable();
        ids
    }
}

fn days(period: Period) -> u64 {
    match period {
        Period::Day => 1,
        Period::Week => 7,
        Period::Month => DAYS_IN_MONTH,
        Period::Quarter => 91,
        Period::Year => 365,
    }
}

/// What a use case costs a month on one of its targets.
#[derive(Debug)]
struct Counted {
    model: ModelId,
    /// US dollars a month.
    cost: Rational,
}

/// By the value of `per`, US dollars in a period and the use cases that add to them.
type Sums = BTreeMap<Option<String>, (Rational, Vec<UseCaseId>)>;

/// Which use cases, what they are added up by, for which period and on which target.
type Question = (usize, Option<Dimension>, Period, Which);

/// What the use cases that budgets cover are expected to spend; worked out once for all budgets.
#[derive(Debug)]
pub struct Spending<'s, 'w> {
    survey: &'s Survey<'w>,
    /// Per use case that a budget covers, on its primary and on its dearest target.
    costs: Table<UseCase, Option<[Counted; 2]>>,
    /// Lists of use cases, none twice.
    lists: Vec<Vec<UseCaseId>>,
    /// Per budget the list of those that it covers at their baseline.
    members: Table<Budget, usize>,
    /// Sums that are known, of budgets without `on`: many budgets cover the same use cases.
    known: Mutex<HashMap<Question, Arc<Sums>>>,
}

impl<'s, 'w> Spending<'s, 'w> {
    /// Of every use case that has a decision, a target and a budget.
    pub fn new(survey: &'s Survey<'w>) -> Self {
        let mut costs: Table<UseCase, Option<[Counted; 2]>> = survey.cases.iter().map(|_| None).collect();
        let budgets = &survey.world.budgets;
        let mut members: Table<Budget, Vec<UseCaseId>> = budgets.iter().map(|_| Vec::new()).collect();
        // What no budget covers is asked of nobody.
        for decided in survey.decided().filter(|decided| !decided.baseline.budgets.is_empty()) {
            for budget in decided.baseline.budgets.iter() {
                members[*budget].push(decided.id);
            }
            if let Some(first) = decided.baseline.primary {
                let count = |model: ModelId| {
                    let cost = monthly(decided.use_case, &survey.world.models[model]);
                    Counted { model, cost }
                };
                costs[decided.id] = Some([count(first), count(dearest(survey.world, &decided, first))]);
            }
        }
        let mut known: HashMap<Vec<UseCaseId>, usize> = HashMap::new();
        let mut lists = Vec::new();
        let members = members.into_iter().map(|list| {
            *known.entry(list).or_insert_with_key(|list| {
                lists.push(list.clone());
                lists.len() - 1
            })
        });
        let members = members.collect();
        Self { survey, costs, lists, members, known: Mutex::default() }
    }

    /// Of which use cases.
    pub fn survey(&self) -> &'s Survey<'w> {
        self.survey
    }

    fn of(&self, decided: &Decided, which: Which) -> Option<&Counted> {
        let [primary, dearest] = self.costs[decided.id].as_ref()?;
        Some(match which {
            Which::Primary => primary,
            Which::Dearest => dearest,
        })
    }

    /// The use cases that a budget covers at their baseline.
    fn members(&self, id: BudgetId) -> impl Iterator<Item = Decided<'s>> {
        let list = self.lists.get(self.members[id]);
        list.map(Vec::as_slice).unwrap_or_default().iter().filter_map(|id| self.survey.decided_at(*id))
    }

    /// The use cases whose part of a budget's forecast is unknown, since they state no tokens; by name. None of a budget
    /// that has no forecast.
    pub fn unknown(&self, id: BudgetId) -> Vec<String> {
        let world = self.survey.world;
        let budget = &world.budgets[id];
        if !has_forecast(budget) {
            return Vec::new();
        }
        let counts = |decided: &Decided| {
            let is_on = |model: &ModelId| budget.on.iter().any(|selector| selector.matches(world, *model));
            decided.use_case.tokens.is_none()
                && (budget.on.is_empty() || decided.baseline.primary.is_some_and(|primary| is_on(&primary)))
        };
        self.members(id).filter(counts).map(|decided| decided.name()).collect()
    }

    /// Whether the use cases that a budget covers are expected to cost more than it allows.
    pub fn exceeded(&self, id: BudgetId, which: Which) -> Option<Exceeded> {
        let budget = &self.survey.world.budgets[id];
        worst(&budget.limit, &*self.sums(id, budget, which)?)
    }

    /// What the use cases that a budget covers are expected to cost in its period; with `per` the largest sum of one
    /// value. None where only requests tell the values.
    pub fn expected(&self, id: BudgetId, which: Which) -> Option<Rational> {
        let budget = &self.survey.world.budgets[id];
        let sums = self.sums(id, budget, which)?;
        Some(sums.values().map(|(cost, _)| cost).max().cloned().unwrap_or_default())
    }

    /// What is expected for each value of `per`, and who adds to it.
    fn sums(&self, id: BudgetId, budget: &Budget, which: Which) -> Option<Arc<Sums>> {
        let world = self.survey.world;
        let per = match budget.per {
            _ if !has_forecast(budget) => return None,
            Some(Per::Dimension(dimension)) => Some(dimension),
            Some(Per::Fact(_)) | None => None,
        };
        let list = self.members[id];
        let question = budget.on.is_empty().then_some((list, per, budget.period, which));
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sums) = question.and_then(|question| known().get(&question).cloned()) {
            return Some(sums);
        }
        let mut sums = Sums::new();
        for decided in self.members(id) {
            let own;
            let counted = if budget.on.is_empty() {
                let Some(counted) = self.of(&decided, which) else { continue };
                counted
            } else {
                let Some(counted) = counted_on(world, &decided, budget, which) else { continue };
                own = counted;
                &own
            };
            let model = &world.models[counted.model];
            let key = per.and_then(|dimension| group(world, decided.use_case, model, dimension));
            let cost = match budget.period {
                Period::Month => counted.cost.clone(),
                period => &counted.cost * whole(days(period)) / whole(DAYS_IN_MONTH),
            };
            add(sums.entry(key).or_insert_with(|| (whole(0), Vec::new())), &cost, &decided);
        }
        let sums = Arc::new(sums);
        if let Some(question) = question {
            known().insert(question, Arc::clone(&sums));
        }
        Some(sums)
    }

    /// A line for each exceeded sum: whoever adds to it, and of several also how much it is.
    pub fn notes(&self, exceeded: &Exceeded, on: &str) -> Vec<String> {
        let world = self.survey.world;
        let name = |id: &UseCaseId| world.use_cases[*id].name.value.as_str();
        let line = |sum: &Sum| {
            let names: Vec<&str> = sum.use_cases.iter().map(name).collect();
            let (names, (_, cost)) = (some(&names, 5), both(&exceeded.limit, &sum.cost));
            match &sum.group {
                Some(group) if exceeded.sums.len() > 1 => {
                    format!("these add to the {cost} usd of `{group}`, each on its {on}: {names}")
                }
                None if exceeded.sums.len() > 1 => {
                    format!("these add to the {cost} usd of those that state none, each on its {on}: {names}")
                }
                Some(_) | None => format!("these add to it, each on its {on}: {names}"),
            }
        };
        exceeded.sums.iter().map(line).collect()
    }

    /// The models that the use cases on them as their primary are expected to cost more a day than allowed, with the limit.
    pub fn models_exceeded(&self) -> Vec<(ModelId, Span, Exceeded)> {
        let world = self.survey.world;
        let mut sums: BTreeMap<ModelId, (Rational, Vec<UseCaseId>)> = BTreeMap::new();
        for decided in self.survey.decided() {
            let Some(id) = decided.baseline.primary else { continue };
            let model = &world.models[id];
            if model.max_daily_spend_usd.is_none() {
                continue;
            }
            let cost = monthly(decided.use_case, model) / whole(DAYS_IN_MONTH);
            add(sums.entry(id).or_insert_with(|| (whole(0), Vec::new())), &cost, &decided);
        }
        let exceeded = sums.into_iter().filter_map(|(id, sum)| {
            let limit = world.models[id].max_daily_spend_usd.as_ref()?;
            Some((id, limit.span, worst(&limit.value, &BTreeMap::from([(None, sum)]))?))
        });
        exceeded.collect()
    }

    /// A budget's limit in US dollars a month, once for each distinct value of `per` among what it covers.
    pub fn monthly_amount(&self, id: BudgetId) -> Rational {
        let budget = &self.survey.world.budgets[id];
        let monthly = &budget.limit * whole(DAYS_IN_MONTH) / whole(days(budget.period));
        monthly * whole(self.times(id, budget))
    }

    fn times(&self, id: BudgetId, budget: &Budget) -> u64 {
        let Some(Per::Dimension(dimension)) = budget.per else { return 1 };
        if matches!(dimension, Dimension::User | Dimension::Provider | Dimension::Model) {
            return 1;
        }
        let values: std::collections::BTreeSet<_> =
            self.members(id).map(|decided| show::stated(decided.use_case, dimension)).collect();
        values.len().max(1) as u64
    }
}

/// Whether its spending can be foreseen: who asks, and with which fact, is known only when a request comes.
pub fn has_forecast(budget: &Budget) -> bool {
    !matches!(budget.per, Some(Per::Dimension(Dimension::User) | Per::Fact(_)))
}

/// The target with the highest blended cost, the first of equal ones.
fn dearest(world: &World, decided: &Decided, first: ModelId) -> ModelId {
    let targets = decided.baseline.chain().into_iter().skip(1);
    let cost = |id: ModelId| (id, decided.use_case.blended_cost(&world.models[id]));
    targets
        .map(cost)
        .fold(cost(first), |dearest, target| if target.1 > dearest.1 { target } else { dearest })
        .0
}

/// The value of a dimension that a use case on a model counts under; none: it states no such value.
fn group(world: &World, use_case: &UseCase, model: &Model, dimension: Dimension) -> Option<String> {
    match dimension {
        Dimension::Provider => Some(world.names.name(model.provider_symbol).to_owned()),
        Dimension::Model => Some(model.id.clone()),
        other => show::stated(use_case, other).map(|symbol| world.names.name(symbol).to_owned()),
    }
}

/// What a use case spends on the models of a budget's `on`: on its primary if that is one of them, or on the dearest
/// of them among its primary and targets.
fn counted_on(world: &World, decided: &Decided, budget: &Budget, which: Which) -> Option<Counted> {
    let is_on = |id: &ModelId| budget.on.iter().any(|selector| selector.matches(world, *id));
    let model = match which {
        Which::Primary => decided.baseline.primary.filter(is_on)?,
        Which::Dearest => {
            let among: Vec<ModelId> = decided.baseline.chain().into_iter().filter(is_on).collect();
            let cost = |id: ModelId| decided.use_case.blended_cost(&world.models[id]);
            let (first, rest) = among.split_first()?;
            rest.iter().fold(*first, |dearest, id| if cost(*id) > cost(dearest) { *id } else { dearest })
        }
    };
    Some(Counted { model, cost: monthly(decided.use_case, &world.models[model]) })
}

fn add(sum: &mut (Rational, Vec<UseCaseId>), cost: &Rational, decided: &Decided) {
    if *cost > whole(0) {
        sum.1.push(decided.id);
    }
    add_up(&mut sum.0, cost);
}

fn worst(limit: &Rational, sums: &Sums) -> Option<Exceeded> {
    let exceeded = sums.iter().filter(|(_, (cost, _))| cost > limit);
    let exceeded = exceeded.map(|(group, (cost, use_cases))| {
        let mut use_cases = use_cases.clone();
        use_cases.sort_unstable();
        Sum { group: group.clone(), cost: cost.clone(), use_cases }
    });
    let mut sums: Vec<Sum> = exceeded.collect();
    sums.sort_by(|a, b| b.cost.cmp(&a.cost));
    (!sums.is_empty()).then(|| Exceeded { limit: limit.clone(), sums })
}
