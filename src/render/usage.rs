//! `usage` for people.

use super::columns::{self, Column};
use super::human::thousands;
use crate::event::Nanos;
use crate::event::money::{cents, change, share};
use crate::limits::shown::UNKNOWN_NAMES;
use crate::model::Period;
use crate::number;
use crate::source::{Sources, visible};
use crate::usage::budgets::{BudgetRow, Held};
use crate::usage::reconcile::Pair;
use crate::usage::report::{Asked, Found, Report};
use crate::usage::suggest::Suggestion;
use crate::usage::{Ledger, Made, Sum};
use crate::yaml::write::scalar;

/// Everything that is printed.
#[derive(Debug, Clone, Copy)]
pub struct All<'a> {
    /// What was asked.
    pub asked: &'a Asked<'a>,
    /// The month.
    pub report: &'a Report,
    /// What was read.
    pub ledger: &'a Ledger,
    /// Beside bills, where there are some.
    pub pairs: &'a [Pair],
    /// Where they are asked for.
    pub suggestions: &'a [Suggestion],
    /// They are asked for.
    pub is_suggested: bool,
    /// Where the estate stands.
    pub sources: &'a Sources,
}

impl All<'_> {
    /// Everything that is found, in the month and beside bills.
    pub fn findings(&self) -> usize {
        self.report.findings() + self.pairs.iter().filter(|pair| pair.is_off).count()
    }
}

/// What is found where logs and a bill do not agree.
pub(super) const UNRECONCILED: &str = "unreconciled";

fn grouped(nanos: Nanos) -> String {
    number::grouped(&cents(nanos))
}

/// A change in percent, to a tenth.
fn percent(actual: Nanos, of: Nanos) -> String {
    change(actual - of, of).unwrap_or_else(|| "-".to_owned())
}

/// Tables of the month, of budgets, of names that are not known, and of bills.
pub fn human(all: &All<'_>, width: usize) -> String {
    let All { asked, report, ledger, pairs, suggestions, is_suggested, sources } = all;
    let total = &report.total;
    let mut text = format!("{}: {} usd", asked.month, grouped(total.actual));
    if let Some(forecast) = total.forecast {
        text += &format!(", {} forecast ({})", grouped(forecast), percent(total.actual, forecast));
    }
    if let Some(before) = total.before {
        text += &format!(", {} the month before ({})", grouped(before), percent(total.actual, before));
    }
    text += "\n\n";
    text += &rows(asked, report, width);
    text += &budgets(report, width);
    text += &unknown(report);
    text += &reconciled(pairs, width);
    if !suggestions.is_empty() {
        text += "\n# for the entries of these use cases, each with its place\nuse_cases:\n";
    }
    for suggestion in *suggestions {
        let name = scalar(&visible::inline(&suggestion.use_case));
        let place = sources.place(suggestion.span);
        text += &format!(
            "  - name: {name} # {}\n    expected_monthly: {}\n",
            visible::inline(&place),
            suggestion.yaml
        );
        if let Some(share) = &suggestion.long_prompts {
            text += &format!("    long_prompts: {share}\n");
        }
    }
    if *is_suggested && asked.is_over && suggestions.is_empty() {
        let has_tokens = |sum: &Sum| sum.input > 0 || sum.output > 0;
        let is_used = ledger.sums.iter().any(|(key, sum)| key.month == asked.month && has_tokens(sum));
        text += &if is_used {
            "\nnote: nothing is suggested: no use case that is known used other tokens than it expects\n"
                .to_owned()
        } else {
            format!("\nnote: nothing is suggested: no record of {} states tokens\n", asked.month)
        };
    }
    if !asked.is_over {
        let besides = if *is_suggested { ", and nothing is suggested from it" } else { "" };
        text += &format!(
            "\nnote: {} is not over, so nothing is held against its forecast{besides}\n",
            asked.month
        );
    }
    let made = ledger.made(asked.month);
    let notes = [
        (ledger.undated, ["names no time and is left out", "name no time and are left out"]),
        (ledger.passed, ["asks no model and is passed over", "ask no model and are passed over"]),
        (
            made.unpriced,
            [
                "states no amount and no model with a price: its tokens count, and no money",
                "state no amount and no model with a price: their tokens count, and no money",
            ],
        ),
    ];
    text += &chosen(&made);
    for (number, [one, many]) in notes.into_iter().filter(|(number, _)| *number > 0) {
        let (records, what) = if number == 1 { ("record", one) } else { ("records", many) };
        text += &format!("\nnote: {} {records} {what}\n", thousands(number));
    }
    text
}

/// What was decided where the records leave it open.
fn chosen(made: &Made) -> String {
    let mut text = String::new();
    if made.priced > 0 {
        let (records, usd) = (thousands(made.priced), grouped(made.priced_usd));
        text += &match made.priced {
            1 => format!("\nnote: 1 record states no amount and is priced by the registry: {usd} usd\n"),
            _ => format!(
                "\nnote: {records} records state no amount and are priced by the registry: {usd} usd\n"
            ),
        };
    }
    let notes = [
        (
            made.guessed,
            "that is priced by the registry may have cost more or less: it adds up prompts, writes to a cache, is of another tier, or may be a batch",
            "that are priced by the registry may have cost more or less: they add up prompts, write to a cache, are of another tier, or may be batches",
        ),
        (
            made.in_costs,
            "of usage counts with its tokens alone: pages of costs of that day state what it cost",
            "of usage count with their tokens alone: pages of costs of their days state what they cost",
        ),
        (
            made.not_billed,
            "states no billed amount: its effective one counts",
            "state no billed amount: their effective ones count",
        ),
    ];
    for (count, one, many) in notes.into_iter().filter(|(count, ..)| *count > 0) {
        let (records, what) = if count == 1 { ("record", one) } else { ("records", many) };
        text += &format!("\nnote: {} {records} {what}\n", thousands(count));
    }
    if made.others > 0 {
        let (are, usd) =
            (if made.others == 1 { "charge is" } else { "charges are" }, grouped(made.others_usd));
        text += &format!(
            "\nnote: {} {are} of services other than models, and left out: {usd} usd\n",
            thousands(made.others)
        );
    }
    match made.repeated {
        0 => {}
        1 => text += "\nnote: 1 record was read before, and counts once\n",
        many => text += &format!("\nnote: {} records were read before, and count once\n", thousands(many)),
    }
    text
}

fn rows(asked: &Asked<'_>, report: &Report, width: usize) -> String {
    let head = [asked.by.name(), "usd", "forecast", "drift", "before", "change", "found"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for row in &report.rows {
        let found: Vec<&str> = row.found.iter().map(|found| found.code()).collect();
        let of = |amount: Option<Nanos>| {
            amount.map_or(("-".to_owned(), "-".to_owned()), |amount| {
                (grouped(amount), percent(row.actual, amount))
            })
        };
        let ((forecast, drift), (before, change)) = (of(row.forecast), of(row.before));
        let value = visible::inline(row.value.as_deref().unwrap_or("(none)")).into_owned();
        lines.push(vec![value, grouped(row.actual), forecast, drift, before, change, found.join(", ")]);
    }
    let right = Column::Right;
    let columns = [Column::Cut, right, right, right, right, right, Column::Left];
    columns::lines(&columns, &lines, 0, width).join("\n") + "\n"
}

fn budgets(report: &Report, width: usize) -> String {
    let periods = [
        (Period::Month, "of a month's"),
        (Period::Quarter, "of the quarter's"),
        (Period::Year, "of the year's"),
    ];
    periods.map(|(period, head)| budgets_of(report, period, head, width)).concat()
}

fn budgets_of(report: &Report, period: Period, limit: &str, width: usize) -> String {
    let mut lines = vec![["budget", "usd", limit, "used", "found"].map(str::to_owned).to_vec()];
    let mut notes = String::new();
    for budget in report.budgets.iter().filter(|budget| budget.period == period) {
        let (held, over) = (budget.held(), budget.over().len());
        // Those that are more than is allowed, and otherwise what comes nearest.
        for one in held.iter().take(over.clamp(1, UNKNOWN_NAMES)) {
            let used = if budget.limit > 0 { share(one.actual, budget.limit) } else { "-".to_owned() };
            let found = if one.actual > budget.limit { Found::OverBudget.code() } else { "" };
            let cells = [&held_name(budget, one), &grouped(one.actual), &grouped(budget.limit), &used, found];
            lines.push(cells.map(str::to_owned).to_vec());
        }
        notes += &judged(budget, held.len(), over);
    }
    if lines.len() == 1 {
        return String::new();
    }
    let columns = [Column::Cut, Column::Right, Column::Right, Column::Right, Column::Left];
    format!("\n{}\n{notes}", columns::lines(&columns, &lines, 0, width).join("\n"))
}

/// A budget, and which value of its `per` is meant.
fn held_name(budget: &BudgetRow, one: &Held<'_>) -> String {
    match one.value {
        None => budget.name.clone(),
        Some((_, Some(value))) => format!("{}: {}", budget.name, visible::inline(value)),
        Some((dimension, None)) => format!("{}: no {dimension}", budget.name),
    }
}

/// What is held against the limit of a budget with `per`.
fn judged(budget: &BudgetRow, held: usize, over: usize) -> String {
    let Some(each) = &budget.each else { return String::new() };
    let (name, dimension) = (&budget.name, each.dimension);
    let mut text = match (held, over) {
        (0 | 1, _) => format!("\nnote: `{name}` allows this for each {dimension}"),
        (_, 0) => {
            format!("\nnote: `{name}` allows this for each {dimension}: of {held}, the dearest is shown")
        }
        _ => format!("\nnote: `{name}` allows this for each {dimension}: {over} of {held} spent more"),
    };
    if over > UNKNOWN_NAMES {
        text += &format!(", of which {UNKNOWN_NAMES} are shown");
    }
    if each.untold != 0 {
        let usd = grouped(each.untold);
        text += &format!("; {usd} usd name none and are held against nothing");
    }
    text + "\n"
}

fn unknown(report: &Report) -> String {
    let mut text = String::new();
    for kind in Found::NAMES {
        let of_kind: Vec<(&str, Nanos)> = report
            .unknown
            .iter()
            .filter(|(found, ..)| *found == kind)
            .map(|(_, name, usd)| (name.as_str(), *usd))
            .collect();
        let sum: Nanos = of_kind.iter().map(|(_, usd)| usd).sum();
        if of_kind.is_empty() {
            continue;
        }
        let share =
            if report.total.actual > 0 { self::share(sum, report.total.actual) } else { "-".to_owned() };
        text += &format!("\n{}: {} usd, {share} of the month\n", kind.code(), grouped(sum));
        for (name, usd) in of_kind.iter().take(UNKNOWN_NAMES).filter(|(name, _)| !name.is_empty()) {
            text += &format!("  {} usd  {}\n", grouped(*usd), visible::inline(name));
        }
        if of_kind.len() > UNKNOWN_NAMES {
            text += &format!("  … and {} more\n", of_kind.len() - UNKNOWN_NAMES);
        }
    }
    text
}

fn reconciled(pairs: &[Pair], width: usize) -> String {
    if pairs.is_empty() {
        return String::new();
    }
    let head = ["month", "provider", "by the logs", "by the bill", "difference", "", "found"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for pair in pairs {
        let provider = pair.provider.as_deref().unwrap_or("(none)");
        lines.push(vec![
            pair.month.clone(),
            visible::inline(provider).into_owned(),
            grouped(pair.gateway),
            grouped(pair.bill),
            grouped(pair.gateway - pair.bill),
            percent(pair.gateway, pair.bill),
            if pair.is_off { UNRECONCILED.to_owned() } else { String::new() },
        ]);
    }
    let right = Column::Right;
    let columns = [Column::Left, Column::Cut, right, right, right, right, Column::Left];
    format!("\n{}\n", columns::lines(&columns, &lines, 0, width).join("\n"))
}
