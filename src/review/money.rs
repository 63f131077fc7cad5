//! Expected money: by provider against a threshold, budgets and how much of them is used, what moved.

use num_traits::Zero as _;

use super::{Bar, Bars, Block, Cell, Input, Section, Table, Tile, Tone, titled};
use crate::cost::forecast::{By, Forecast, Row};
use crate::cost::{Spending, Which, per};
use crate::diff::{Change, Diff, words};
use crate::event::money::{cents, whole_dollars};
use crate::invariant::there;
use crate::limits::shown;
use crate::model::words::count;
use crate::model::{Dimension, Per, Period};
use crate::number::{Rational, dollars, fixed_half_even, grouped, round_half_even, to_whole, whole};
use crate::source::spans::quoted;
use crate::usage::budgets::{BudgetRow, Held};

/// A budget, against what is expected.
struct Budget {
    name: String,
    limit: Rational,
    words: String,
    expected: Option<Rational>,
    worst: Option<Rational>,
    /// It covers use cases of which nobody knows what they will cost: what is expected is the least.
    is_open: bool,
    owner: String,
}

/// Everything about money.
pub(super) struct Money<'a> {
    input: &'a Input<'a>,
    total: Row,
    domains: &'a [String],
    providers: Vec<Row>,
    budgets: Vec<Budget>,
    unknown: usize,
}

/// `12,345.60`.
pub(super) fn usd(amount: &Rational) -> String {
    grouped(&dollars(amount))
}

/// A part of a whole in thousandths, at most 65,535; 0 of nothing.
pub(super) fn thousandths(part: &Rational, of: &Rational) -> u16 {
    if of.is_zero() {
        return 0;
    }
    let share = part * whole(1000) / of;
    to_whole(&share.round()).and_then(|share| u16::try_from(share).ok()).unwrap_or(u16::MAX)
}

/// `34.5%`.
pub(super) fn percent(part: &Rational, of: &Rational) -> String {
    if of.is_zero() { "-".to_owned() } else { format!("{}%", fixed_half_even(&(part * whole(100) / of), 1)) }
}

impl<'a> Money<'a> {
    pub(super) fn new(input: &'a Input<'a>, forecast: &'a Forecast) -> Self {
        let mut providers = forecast.rows(By::Provider);
        providers.retain(|row| row.value.is_some());
        providers.sort_by(|a, b| b.baseline.cmp(&a.baseline).then_with(|| a.value.cmp(&b.value)));
        let unknown = forecast.lines.iter().filter(|line| line.tokens.is_none()).count();
        Self {
            input,
            total: forecast.total(),
            domains: &forecast.failure_domains,
            providers,
            budgets: budgets(input),
            unknown,
        }
    }

    /// The numbers at the top.
    pub(super) fn tiles(&self) -> Vec<Tile> {
        let unknown = match (self.unknown, self.input.undecided().len()) {
            (0, 0) => "every use case states its volume".to_owned(),
            (1, 0) => "a lower bound: 1 use case states no volume".to_owned(),
            (n, 0) => format!("a lower bound: {n} use cases state no volume"),
            (0, 1) => "a lower bound: 1 use case is not decided".to_owned(),
            (0, n) => format!("a lower bound: {n} use cases are not decided"),
            (n, more) => {
                let of = count(n + more, "use case", "use cases");
                format!("a lower bound: {of} without a volume or a decision")
            }
        };
        let forecast = Tile {
            label: "Expected a month",
            value: format!("{} usd", grouped(&fixed_half_even(&self.total.baseline, 0))),
            note: unknown,
            tone: if self.input.survey.complete() { Tone::Plain } else { Tone::Warn },
        };
        let spent = self.input.spent.map(|(asked, report)| Tile {
            label: "Spent",
            value: format!("{} usd", grouped(&whole_dollars(report.total.actual))),
            note: format!("in {}", asked.month),
            tone: Tone::Plain,
        });
        // Where nothing is known to be spent, nobody has the largest share of it.
        let first = self.providers.first().filter(|_| !self.total.baseline.is_zero());
        let largest = first.map(|row| {
            let is_much = self.is_concentrated(row);
            Tile {
                label: "Largest provider",
                value: percent(&row.baseline, &self.total.baseline),
                note: row.value.clone().unwrap_or_default(),
                tone: if is_much { Tone::Warn } else { Tone::Plain },
            }
        });
        std::iter::once(forecast).chain(spent).chain(largest).collect()
    }

    fn is_concentrated(&self, row: &Row) -> bool {
        !self.total.baseline.is_zero()
            && &row.baseline * whole(100) > &self.total.baseline * self.input.concentration
    }

    /// What is past the threshold, and who answers for the provider.
    pub(super) fn passed(&self) -> Vec<(String, String)> {
        let threshold = round_half_even(self.input.concentration, 1);
        let concentrated = self.providers.iter().filter(|row| self.is_concentrated(row)).map(|row| {
            let share = percent(&row.baseline, &self.total.baseline);
            let name = row.value.as_deref().unwrap_or_default();
            let providers = &self.input.survey.world.providers;
            let owner = providers.iter().find(|one| one.name.value == name).and_then(|one| one.owner.clone());
            let owner = owner.map(|owner| quoted(&owner)).unwrap_or_default();
            (format!("{share} of the expected spend is on {}, over {threshold}%", quoted(name)), owner)
        });
        concentrated.collect()
    }

    pub(super) fn section(&self) -> Section {
        let total = &self.total;
        let mut lead = format!("{} usd a month are expected", usd(&total.baseline));
        if let Some((at, spent)) = total.worst_outage() {
            let name = there(self.domains.get(at), "the failure domain");
            lead += &format!(", {} while {} is down", usd(spent), quoted(name));
        }
        lead += &format!(", {} if every use case were on its dearest model.", usd(&total.dearest));
        lead += &self.input.left_out(", so what they cost is not among this");
        let mut blocks = Vec::new();
        if !total.baseline.is_zero() {
            blocks.push(Block::Bars(self.shares()));
        }
        blocks.push(Block::Table(self.by_provider()));
        if self.budgets.iter().any(|budget| budget.expected.is_some()) {
            blocks.push(Block::Bars(self.utilisation()));
        }
        blocks.push(Block::Table(self.budget_table()));
        blocks.extend(self.input.since.map(|(diff, _)| Block::Table(movers(diff))));
        Section { id: "money", title: "Money", lead, blocks }
    }

    fn shares(&self) -> Bars {
        let threshold = thousandths(self.input.concentration, &whole(100));
        let bar = |row: &Row| Bar {
            name: row.value.clone().unwrap_or_default(),
            label: percent(&row.baseline, &self.total.baseline),
            length: thousandths(&row.baseline, &self.total.baseline),
            second: None,
            tone: if self.is_concentrated(row) { Tone::Warn } else { Tone::Plain },
        };
        Bars {
            title: titled(
                "Shares of the expected spend by provider",
                "largest",
                shown::BARS,
                self.providers.len(),
            ),
            description: "Each provider's part of what is expected to be spent a month; the table below has the numbers."
                .to_owned(),
            rows: self.providers.iter().take(shown::BARS).map(bar).collect(),
            line: Some((threshold, format!("at most {}%", round_half_even(self.input.concentration, 1)))),
        }
    }

    fn by_provider(&self) -> Table {
        let heads = ["Provider", "USD a month#", "Share#", "Share before#", "Concentration"];
        let mut table = Table::new("Expected spend by provider", &heads, "Nothing is expected to be spent.");
        let before = |name: &str| {
            let (diff, _) = self.input.since?;
            let all = diff.spend.total.monthly.old.as_ref().filter(|all| !all.is_zero())?;
            Some(percent(&diff.spend.by_provider.get(name)?.old.clone()?, all))
        };
        table.rows = self
            .providers
            .iter()
            .map(|row| {
                let name = row.value.clone().unwrap_or_default();
                let is_much = self.is_concentrated(row);
                let (word, tone) =
                    if is_much { ("over the threshold", Tone::Warn) } else { ("", Tone::Plain) };
                vec![
                    Cell::name(&name),
                    Cell::text(usd(&row.baseline)),
                    Cell::text(percent(&row.baseline, &self.total.baseline)).tone(tone),
                    Cell::text(before(&name).unwrap_or_default()),
                    Cell::text(word).tone(tone),
                ]
            })
            .collect();
        table
    }

    fn utilisation(&self) -> Bars {
        let known = self.budgets.iter().filter_map(|budget| Some((budget, budget.expected.as_ref()?)));
        let mut rows: Vec<(u16, Bar)> = known
            .map(|(budget, expected)| {
                let used = thousandths(expected, &budget.limit);
                let half = |used: u16| used.min(2000) / 2;
                let worst = budget.worst.as_ref().map(|worst| half(thousandths(worst, &budget.limit)));
                let bar = Bar {
                    name: budget.name.clone(),
                    label: budget.least(&percent(expected, &budget.limit)),
                    length: half(used),
                    second: worst,
                    tone: if used > 1000 { Tone::Bad } else { Tone::Plain },
                };
                (used, bar)
            })
            .collect();
        rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
        let title = "How much of each budget is expected to be used";
        Bars {
            title: titled(title, "fullest", shown::BARS, rows.len()),
            description:
                "Thick bars: as things are; thin bars: every use case on its dearest model. The table below has the numbers."
                    .to_owned(),
            rows: rows.into_iter().map(|(_, bar)| bar).take(shown::BARS).collect(),
            line: Some((500, "100%".to_owned())),
        }
    }

    fn budget_table(&self) -> Table {
        let spent_in = self.input.spent.map(|(asked, _)| format!("Spent in {}", asked.month));
        let spent_in = spent_in.as_deref().unwrap_or("Spent");
        let heads = ["Budget", "Limit", "Expected#", "Used#", "At worst#", spent_in, "Owner"];
        let caption = match self.input.spent {
            None => "Budgets; what is expected is of the limit's own period",
            Some(_) => {
                "Budgets; what is expected is of the limit's own period, what was spent stands beside what the limit allows in a month of 30 days, or in the quarter or year so far"
            }
        };
        let mut table = Table::new(caption, &heads, "The policy has no budgets.");
        let spent: &[BudgetRow] = self.input.spent.map_or(&[], |(_, report)| report.budgets.as_slice());
        table.rows = self
            .budgets
            .iter()
            .map(|budget| {
                let amount = |amount: &Option<Rational>| amount.as_ref().map(usd).unwrap_or_default();
                let used = budget.expected.as_ref().map(|all| budget.least(&percent(all, &budget.limit)));
                let is_over = budget.expected.as_ref().is_some_and(|expected| *expected > budget.limit);
                let row = spent.iter().find(|row| row.name == budget.name);
                let over = row.is_some_and(|row| !row.over().is_empty());
                let actual = row.map(spent_of).unwrap_or_default();
                let tone = |bad: bool| if bad { Tone::Bad } else { Tone::Plain };
                vec![
                    Cell::name(&budget.name),
                    Cell::text(&budget.words),
                    Cell::text(
                        budget.expected.as_ref().map(|amount| budget.least(&usd(amount))).unwrap_or_default(),
                    ),
                    Cell::text(used.unwrap_or_else(|| "not known".to_owned())).tone(tone(is_over)),
                    Cell::text(amount(&budget.worst)),
                    Cell::text(actual).tone(tone(over)),
                    Cell::name(&budget.owner),
                ]
            })
            .collect();
        table
    }
}

impl Budget {
    /// An amount, which is the least where nobody knows what some will cost.
    fn least(&self, amount: &str) -> String {
        if self.is_open { format!("at least {amount}") } else { amount.to_owned() }
    }
}

/// What was spent of a budget, and what that is of: of one with `per` the values that spent more than it allows each, or the
/// one that comes nearest.
fn spent_of(row: &BudgetRow) -> String {
    let (held, over) = (row.held(), row.over());
    let so_far = match row.period {
        Period::Quarter => " in the quarter",
        Period::Year => " in the year",
        Period::Day | Period::Week | Period::Month => "",
    };
    let text = |one: &Held<'_>| {
        let whose = match one.value {
            None => String::new(),
            Some((_, Some(value))) => format!(" for {}", quoted(value)),
            Some((dimension, None)) => format!(" without a {dimension}"),
        };
        format!("{} of {}{so_far}{whose}", grouped(&cents(one.actual)), grouped(&cents(row.limit)))
    };
    let shown =
        if over.is_empty() { held.get(..1) } else { over.get(..over.len().min(shown::BUDGET_VALUES)) };
    let mut parts: Vec<String> = shown.unwrap_or_default().iter().map(text).collect();
    match over.len().saturating_sub(shown::BUDGET_VALUES) {
        0 => {}
        more => parts.push(format!("{more} more")),
    }
    let mut all = parts.join(", ");
    if !over.is_empty() {
        all += " (over)";
    }
    if let Some(each) = row.each.as_ref().filter(|each| each.untold != 0) {
        all += &format!("; {} for no {} that is known", grouped(&cents(each.untold)), each.dimension);
    }
    all
}

fn budgets(input: &Input<'_>) -> Vec<Budget> {
    let world = input.survey.world;
    let spending = Spending::new(input.survey);
    let each = world.budgets.enumerated().map(|(id, budget)| {
        let of = match &budget.per {
            None => String::new(),
            Some(Per::Dimension(dimension)) => format!(" per {}", dimension_name(*dimension)),
            Some(Per::Fact(fact)) => format!(" per {}", quoted(&world.facts[*fact].name)),
        };
        Budget {
            name: budget.name.value.clone(),
            limit: budget.limit.clone(),
            words: format!("{} usd {}{of}", usd(&budget.limit), per(budget.period)),
            expected: spending.expected(id, Which::Primary),
            worst: spending.expected(id, Which::Dearest),
            is_open: spending.is_open(id),
            owner: budget.owner.clone().unwrap_or_default(),
        }
    });
    each.collect()
}

fn dimension_name(dimension: Dimension) -> &'static str {
    dimension.name()
}

/// Who moved the bill most, and by what.
fn movers(diff: &Diff) -> Table {
    let difference = |change: &Change| {
        let pair = &change.money.monthly;
        Some(pair.new.clone()? - pair.old.clone()?)
    };
    let mut moved: Vec<(Rational, &Change)> =
        diff.of_use_cases().filter_map(|change| Some((difference(change)?, change))).collect();
    moved.retain(|(by, _)| !by.is_zero());
    let size = |by: &Rational| if *by < whole(0) { -by } else { by.clone() };
    moved.sort_by(|a, b| size(&b.0).cmp(&size(&a.0)).then_with(|| a.1.use_case.cmp(&b.1.use_case)));
    let heads = ["Use case", "USD a month", "Volume#", "Price#", "Route#", "Owner"];
    let mut table = Table::new(
        "What moved the expected bill most",
        &heads,
        "No use case is expected to cost more or less.",
    );
    let signed = |amount: &Rational| {
        let text = usd(amount);
        if *amount > whole(0) { format!("+{text}") } else { text }
    };
    table.rows = moved
        .into_iter()
        .map(|(_, change)| {
            let parts =
                change.parts.as_ref().map(|parts| [&parts.volume, &parts.price, &parts.route].map(signed));
            let [volume, price, route] = parts.unwrap_or_default();
            let money = words::amounts(&change.money.monthly).unwrap_or_default();
            vec![
                Cell::name(&change.use_case),
                Cell::text(money.replace(" usd a month", "")),
                Cell::text(volume),
                Cell::text(price),
                Cell::text(route),
                Cell::name(change.owner.clone().unwrap_or_default()),
            ]
        })
        .collect();
    table.cut(shown::MOVERS, "govctl diff")
}
