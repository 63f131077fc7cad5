//! What use cases are expected to spend, against the limits of budgets and models.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::monthly;
use super::sums::{Adding, Exceeded, Sum};
use crate::decide::survey::{Decided, Survey};
use crate::decide::{reference, show};
use crate::limits::{MAX_SUMMED, SUMMED_FOR_EACH};
use crate::model::{
    Budget, BudgetId, Dimension, Model, ModelId, Per, Period, Selector, Table, UseCase, UseCaseId, World,
};
use crate::number::{Rational, whole};
use crate::source::Span;

/// Days in the month that expected use is stated for.
const DAYS_IN_MONTH: u64 = 30;

/// Which target a use case is counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Which {
    /// Every request to the model that leads.
    Primary,
    /// The one with the highest blended cost.
    Dearest,
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

/// Which use cases, what they are added up by, for which period, on which models and on which target.
type Question = (usize, Option<Dimension>, Period, Vec<Selector>, Which);

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
    /// Per list how many budgets cover just these.
    shared: Vec<usize>,
    /// The first budget, by name, whose sums would go through more use cases than is done.
    past: Option<BudgetId>,
    /// Sums that are known: many budgets ask the same.
    known: Mutex<HashMap<Question, Arc<[Sum]>>>,
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
        let members: Table<Budget, usize> = members.collect();
        let mut shared = vec![0; lists.len()];
        for list in &members {
            if let Some(count) = shared.get_mut(*list) {
                *count += 1;
            }
        }
        let mut spending =
            Self { survey, costs, lists, members, shared, past: None, known: Mutex::default() };
        spending.past = spending.first_past();
        spending
    }

    /// The first budget whose sums would go through more use cases than is done, those before it included.
    fn first_past(&self) -> Option<BudgetId> {
        let world = self.survey.world;
        let most = MAX_SUMMED.max(world.use_cases.len().saturating_mul(SUMMED_FOR_EACH));
        let mut asked = HashSet::new();
        let mut summed = 0usize;
        let mut sums = world.budgets.enumerated().filter(|(_, budget)| has_forecast(budget));
        sums.find(|(id, budget)| {
            let question = self.question(*id, budget, Which::Primary);
            let counts = question.is_none_or(|question| asked.insert(question));
            summed = summed.saturating_add(if counts { self.list(*id).len() } else { 0 });
            summed > most
        })
        .map(|(id, _)| id)
    }

    /// The first budget, by name, from which on there are no forecasts: budgets that each cover other use cases make more
    /// sums than are worked out.
    pub fn past(&self) -> Option<BudgetId> {
        self.past
    }

    /// Whether there is a forecast of a budget.
    fn is_forecast(&self, id: BudgetId) -> bool {
        has_forecast(&self.survey.world.budgets[id]) && self.past.is_none_or(|past| id < past)
    }

    /// What is asked of a budget, if another one may ask the same.
    fn question(&self, id: BudgetId, budget: &Budget, which: Which) -> Option<Question> {
        let list = self.members[id];
        let per = match budget.per {
            Some(Per::Dimension(dimension)) => Some(dimension),
            Some(Per::Fact(_)) | None => None,
        };
        let is_shared = self.shared.get(list).is_some_and(|budgets| *budgets > 1);
        is_shared.then(|| (list, per, budget.period, budget.on.clone(), which))
    }

    fn list(&self, id: BudgetId) -> &[UseCaseId] {
        self.lists.get(self.members[id]).map(Vec::as_slice).unwrap_or_default()
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
        self.list(id).iter().filter_map(|id| self.survey.decided_at(*id))
    }

    /// The use cases whose part of a budget's forecast is unknown, since they state no tokens; by name. None of a budget
    /// that has no forecast.
    pub fn unknown(&self, id: BudgetId) -> Vec<UseCaseId> {
        let world = self.survey.world;
        let budget = &world.budgets[id];
        if !self.is_forecast(id) {
            return Vec::new();
        }
        let counts = |decided: &Decided| {
            let is_on = |model: &ModelId| budget.on.iter().any(|selector| selector.matches(world, *model));
            decided.use_case.tokens.is_none()
                && (budget.on.is_empty() || decided.baseline.primary.is_some_and(|primary| is_on(&primary)))
        };
        self.members(id).filter(counts).map(|decided| decided.id).collect()
    }

    /// Whether a budget covers a use case without a decision, of which nobody knows what it will cost.
    pub fn is_open(&self, id: BudgetId) -> bool {
        let world = self.survey.world;
        let when = world.budgets[id].when.as_ref();
        self.survey.cases.iter().filter(|case| !case.is_decided()).any(|case| {
            let use_case = &world.use_cases[case.id];
            reference::applies(world, use_case, &world.baseline(use_case), when)
        })
    }

    /// Whether the use cases that a budget covers are expected to cost more than it allows.
    pub fn exceeded(&self, id: BudgetId, which: Which) -> Option<Exceeded> {
        let budget = &self.survey.world.budgets[id];
        Exceeded::new(&budget.limit, &self.sums(id, budget, which)?)
    }

    /// What the use cases that a budget covers are expected to cost in its period; with `per` the largest sum of one
    /// value. None where only requests tell the values.
    pub fn expected(&self, id: BudgetId, which: Which) -> Option<Rational> {
        let budget = &self.survey.world.budgets[id];
        let sums = self.sums(id, budget, which)?;
        Some(sums.first().map(|worst| worst.cost.clone()).unwrap_or_default())
    }

    /// What is expected for each value of `per`, and who adds to it.
    fn sums(&self, id: BudgetId, budget: &Budget, which: Which) -> Option<Arc<[Sum]>> {
        let world = self.survey.world;
        let per = match budget.per {
            _ if !self.is_forecast(id) => return None,
            Some(Per::Dimension(dimension)) => Some(dimension),
            Some(Per::Fact(_)) | None => None,
        };
        let question = self.question(id, budget, which);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sums) = question.as_ref().and_then(|question| known().get(question).cloned()) {
            return Some(sums);
        }
        let mut sums = Adding::default();
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
            sums.add(key, &cost, decided.id);
        }
        let sums = sums.sums();
        if let Some(question) = question {
            known().insert(question, Arc::clone(&sums));
        }
        Some(sums)
    }

    /// The models that the use cases on them as their primary are expected to cost more a day than allowed, with the limit.
    pub fn models_exceeded(&self) -> Vec<(ModelId, Span, Exceeded)> {
        let world = self.survey.world;
        let mut sums: BTreeMap<ModelId, Adding> = BTreeMap::new();
        for decided in self.survey.decided() {
            let Some(id) = decided.baseline.primary else { continue };
            let model = &world.models[id];
            if model.max_daily_spend_usd.is_none() {
                continue;
            }
            let cost = monthly(decided.use_case, model) / whole(DAYS_IN_MONTH);
            sums.entry(id).or_default().add(None, &cost, decided.id);
        }
        let exceeded = sums.into_iter().filter_map(|(id, sum)| {
            let limit = world.models[id].max_daily_spend_usd.as_ref()?;
            Some((id, limit.span, Exceeded::new(&limit.value, &sum.sums())?))
        });
        exceeded.collect()
    }

    /// A budget's limit in US dollars a month, once for each distinct value of `per` among what it covers.
    pub fn monthly_amount(&self, id: BudgetId) -> Rational {
        let budget = &self.survey.world.budgets[id];
        a_month(budget) * whole(self.times(id, budget))
    }

    fn times(&self, id: BudgetId, budget: &Budget) -> u64 {
        let Some(Per::Dimension(dimension)) = budget.per else { return 1 };
        if matches!(dimension, Dimension::User | Dimension::Provider | Dimension::Model) {
            return 1;
        }
        let stated = self.members(id).map(|decided| show::stated(decided.use_case, dimension));
        let values: HashSet<_> = stated.collect();
        values.len().max(1) as u64
    }
}

/// A budget's limit in US dollars a month; with `per`, that of each value.
pub fn a_month(budget: &Budget) -> Rational {
    &budget.limit * whole(DAYS_IN_MONTH) / whole(days(budget.period))
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
