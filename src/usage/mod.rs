//! What was spent, by month and by every dimension, held against what was expected and allowed.
//!
//! [`Ledger`] adds up events; [`report`] compares one month of it with the forecast, the month before and the budgets.

pub mod budgets;
pub mod models;
mod pages;
pub mod reconcile;
pub mod report;
pub mod suggest;

use std::collections::BTreeMap;

use crate::event::price::Cost;
use crate::event::seen::{self, Place, Seen};
use crate::event::{Event, Field, Nanos, money, time};
use crate::limits::MAX_LEDGER_ENTRIES;
use crate::model::{UseCase, World};
use crate::number::{Rational, parse_decimal};
use models::Models;

/// Which of the amounts of a charge counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Amount {
    /// What the bill says.
    #[default]
    Billed,
    /// With what was paid in advance spread over what it served, where that is known.
    Effective,
}

/// What a sum is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpendingGroup {
    /// `YYYY-MM`, UTC.
    pub month: String,
    /// By name or endpoint tag, as stated.
    pub use_case: Option<String>,
    /// As stated.
    pub provider: Option<String>,
    /// Our id, where it is one of ours; else as stated: the route, else as answered, else as asked.
    pub model: Option<String>,
    /// As stated: business unit, team, project, application.
    pub stated: [Option<String>; 4],
}

/// The dimensions of [`SpendingGroup::stated`], in its order.
pub const STATED: [(&str, Field); 4] = [
    ("business_unit", Field::BusinessUnit),
    ("team", Field::Team),
    ("project", Field::Project),
    ("application", Field::Application),
];

impl SpendingGroup {
    /// The project, as stated.
    fn project(&self) -> Option<&String> {
        let [_, _, project, _] = &self.stated;
        project.as_ref()
    }
}

/// What was spent, and on how many tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// Billionths of a dollar.
    pub usd: Nanos,
    /// How many there were, as far as sources count them.
    pub requests: u64,
    /// Tokens of prompts.
    pub input: u64,
    /// Tokens of answers.
    pub output: u64,
    /// Input tokens read from a cache.
    pub cached: u64,
    /// Some event says how many these are.
    pub says_cached: bool,
    /// Tokens of requests of which it is known whether their prompt was a long one for the model.
    pub measured: u64,
    /// Those of them whose prompt was.
    pub long: u64,
}

impl Sum {
    /// Of another source or block.
    pub fn add(&mut self, other: &Sum) {
        self.usd = self.usd.saturating_add(other.usd);
        self.requests = self.requests.saturating_add(other.requests);
        self.input = self.input.saturating_add(other.input);
        self.output = self.output.saturating_add(other.output);
        self.cached = self.cached.saturating_add(other.cached);
        self.says_cached |= other.says_cached;
        self.measured = self.measured.saturating_add(other.measured);
        self.long = self.long.saturating_add(other.long);
    }
}

/// How the sums of a month came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Made {
    /// Events that state no amount and cannot be priced: their tokens count, and no money.
    pub unpriced: u64,
    /// Events that state no amount and are priced by the registry.
    pub priced: u64,
    /// What they cost, in billionths of a dollar.
    pub priced_usd: Nanos,
    /// Those that are priced by the registry, and of which a part may cost otherwise.
    pub guessed: u64,
    /// Rows of usage of a day whose costs its provider states on another page: their tokens count, and no money of theirs.
    pub in_costs: u64,
    /// Events that state what was spread over them, and not what was billed.
    pub not_billed: u64,
    /// Events that were read before, and count once.
    pub repeated: u64,
    /// Charges of services that are no models, which are left out.
    pub others: u64,
    /// What they cost, in billionths of a dollar.
    pub others_usd: Nanos,
}

/// Everything that was spent, added up.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Sorted, so the report has one order.
    pub sums: BTreeMap<SpendingGroup, Sum>,
    /// Events that name no time.
    pub undated: u64,
    /// Records that ask no model, which are passed over.
    pub passed: u64,
    /// By month, how its sums came about.
    made: BTreeMap<String, Made>,
    seen: Seen,
    pages: pages::Pages,
}

/// The use cases of a world by what bills and logs may call them: their name or tag.
pub fn known(world: &World) -> BTreeMap<&str, &str> {
    world.use_cases.iter().flat_map(names).collect()
}

/// What bills may call a use case, each with its name.
fn names(use_case: &UseCase) -> impl Iterator<Item = (&str, &str)> {
    let name = use_case.name.value.as_str();
    let tag = use_case.endpoint_tag.as_ref().map(|tag| (tag.value.as_str(), name));
    tag.into_iter().chain([(name, name)])
}

/// Why an event cannot be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// More distinct combinations than are kept apart.
    TooMany,
    /// Its time is none.
    NoTime(String),
}

impl Ledger {
    /// Adds an event that was read somewhere. What states no amount is priced by the registry, and what was added before
    /// is not added again.
    ///
    /// # Errors
    ///
    /// More than [`MAX_LEDGER_ENTRIES`] combinations of what is stated, and a time that is none.
    pub fn event(
        &mut self,
        event: &Event<'_>,
        place: Place,
        amount: Amount,
        models: &Models<'_>,
    ) -> Result<(), Refused> {
        let Some(at) = event.text(Field::Time) else {
            self.undated += 1;
            return Ok(());
        };
        let day = time::day(at).ok_or_else(|| Refused::NoTime(at.chars().take(40).collect()))?;
        let month = day.get(..7).unwrap_or_default();
        if seen::id(event).is_some_and(|id| self.seen.before(id, place).is_some()) {
            self.made_of(month).repeated += 1;
            return Ok(());
        }
        let model = models.of(event);
        if model.is_none() && event.is_of_other_service() {
            let made = self.made_of(month);
            made.others += 1;
            let usd = usd(&mut Made::default(), event, amount, || None).unwrap_or_default();
            made.others_usd = made.others_usd.saturating_add(usd);
            return Ok(());
        }
        let before = event.page().map(|page| (page, self.made(month)));
        let usd = usd(self.made_of(month), event, amount, || models.cost(model?, event));
        let text = |field: Field| event.text(field).map(str::to_owned);
        let key = SpendingGroup {
            month: month.to_owned(),
            use_case: event.use_case().map(str::to_owned),
            provider: text(Field::Provider),
            model: model
                .map(|model| models.id(model).to_owned())
                .or_else(|| text(Field::Route).or(text(Field::ResponseModel)).or(text(Field::RequestModel))),
            stated: STATED.map(|(_, field)| text(field)),
        };
        if self.sums.len() >= MAX_LEDGER_ENTRIES && !self.sums.contains_key(&key) {
            return Err(Refused::TooMany);
        }
        if let Some((page, before)) = before {
            let made = (before, self.made(month));
            let row = self.pages.row((event, page), &day, &key, made);
            row.map_err(|pages::TooMany| Refused::TooMany)?;
        }
        let count = |field: Field| event.count(field).unwrap_or(0);
        let (input, output) = (event.input_tokens().unwrap_or(0), count(Field::OutputTokens));
        let is_long = model.and_then(|model| models.is_long(model, event));
        let all = input.saturating_add(output);
        // What has no price counts with its tokens.
        let sum = Sum {
            measured: if is_long.is_some() { all } else { 0 },
            long: if is_long == Some(true) { all } else { 0 },
            usd: usd.unwrap_or_default(),
            requests: event.requests(),
            input,
            output,
            cached: count(Field::CachedTokens),
            says_cached: event.has(Field::CachedTokens),
        };
        self.sums.entry(key).or_default().add(&sum);
        Ok(())
    }

    /// After everything was added: what a provider states on pages of usage and on pages of costs counts once.
    pub fn settle(&mut self) {
        for (key, priced) in self.pages.stated_by_costs() {
            let usd = priced.taken_out(self.made_of(&key.month));
            if let Some(sum) = self.sums.get_mut(&key) {
                sum.usd = sum.usd.saturating_sub(usd);
            }
        }
    }

    /// How the sums of a month came about.
    pub fn made(&self, month: &str) -> Made {
        self.made.get(month).copied().unwrap_or_default()
    }

    fn made_of(&mut self, month: &str) -> &mut Made {
        self.made.entry(month.to_owned()).or_default()
    }

    /// What was spent in a month for each use case that the world has, by name or tag, US dollars.
    pub fn by_use_case(&self, month: &str, world: &World) -> BTreeMap<String, Rational> {
        let mut spent: BTreeMap<String, Nanos> = BTreeMap::new();
        let known = known(world);
        for (key, sum) in self.sums.iter().filter(|(key, _)| key.month == month) {
            if let Some(name) = key.use_case.as_deref().and_then(|stated| known.get(stated)) {
                *spent.entry((*name).to_owned()).or_default() += sum.usd;
            }
        }
        let exact = |nanos: Nanos| parse_decimal(&money::exact(nanos)).unwrap_or_default();
        spent.into_iter().map(|(name, nanos)| (name, exact(nanos))).collect()
    }

    /// For how many requests what was spent in a month stands, as far as records say.
    pub fn requests(&self, month: &str) -> u64 {
        let sums = self.sums.iter().filter(|(key, _)| key.month == month);
        sums.fold(0, |all, (_, sum)| all.saturating_add(sum.requests))
    }

    /// The months in which anything was spent, the first first.
    pub fn months(&self) -> Vec<&str> {
        let mut months: Vec<&str> = self.sums.keys().map(|key| key.month.as_str()).collect();
        months.dedup();
        months
    }
}

/// The amount of an event that counts, and how it comes about; by the registry's price where it states none.
fn usd(
    made: &mut Made,
    event: &Event<'_>,
    amount: Amount,
    price: impl FnOnce() -> Option<Cost>,
) -> Option<Nanos> {
    let (billed, effective) = (event.money(Field::Billed), event.money(Field::Effective));
    made.not_billed += u64::from(amount == Amount::Billed && billed.is_none() && effective.is_some());
    let effective_first = effective.filter(|_| amount == Amount::Effective);
    let stated = effective_first.or(billed).or(effective).or(event.money(Field::Cost));
    if stated.is_some() {
        return stated;
    }
    let Some(cost) = price() else {
        made.unpriced += 1;
        return None;
    };
    made.priced += 1;
    made.priced_usd = made.priced_usd.saturating_add(cost.usual);
    made.guessed += u64::from(cost.is_open || cost.is_guess || cost.batch.is_some());
    Some(cost.usual)
}
