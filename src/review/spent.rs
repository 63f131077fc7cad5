//! What was spent, held against what was expected.

use std::collections::BTreeMap;

use super::{Bar, Bars, Block, Cell, Input, Section, Table, Tone};
use crate::cost::forecast::{By, Forecast};
use crate::event::Nanos;
use crate::event::money::{self, cents};
use crate::limits::shown;
use crate::number::grouped;
use crate::usage::Ledger;
use crate::usage::reconcile::Pair;
use crate::usage::report::{Asked, Found, Report, Row, nanos, report};

pub(super) fn section(input: &Input<'_>, forecast: &Forecast) -> Section {
    let (id, title) = ("spent", "Spent and expected");
    let Some((asked, report)) = input.spent else {
        let lead = "No bill was read: name exports or logs with `--usage FILE` to hold them against what was expected.";
        return Section { id, title, lead: lead.to_owned(), blocks: Vec::new() };
    };
    let mut lead = format!("{}: {} usd were spent", asked.month, usd(report.total.actual));
    if let Some(forecast) = report.total.forecast {
        lead += &format!(", {} were expected ({})", usd(forecast), change(report.total.actual, forecast));
    }
    if let Some(before) = report.total.before {
        lead += &format!(", {} the month before ({})", usd(before), change(report.total.actual, before));
    }
    lead += if asked.is_over { "." } else { "; the month is not over." };
    lead += &chosen(input, asked.month);
    let mut blocks =
        vec![Block::Bars(bars(report)), Block::Table(rows(asked, report)), Block::Table(unknown(report))];
    if let Some(ledger) = input.ledger {
        blocks.extend(
            [By::Provider, By::Team].map(|by| Block::Table(shares(input, forecast, ledger, asked, by))),
        );
        blocks.push(Block::Table(year(ledger, asked.month)));
    }
    if !input.pairs.is_empty() {
        blocks.push(Block::Table(beside_bills(input.pairs)));
    }
    Section { id, title, lead, blocks }
}

/// What was decided where the records leave it open.
fn chosen(input: &Input<'_>, month: &str) -> String {
    let Some(made) = input.ledger.map(|ledger| ledger.made(month)) else { return String::new() };
    let (priced, cost) = (grouped(&made.priced.to_string()), usd(made.priced_usd));
    let mut text = match made.priced {
        0 => String::new(),
        1 => format!(" 1 record states no amount and is priced by the registry: {cost} usd."),
        _ => format!(" {priced} records state no amount and are priced by the registry: {cost} usd."),
    };
    text += &match made.others {
        0 => String::new(),
        many => format!(
            " {} of services other than models are left out: {} usd.",
            if many == 1 { "1 charge".to_owned() } else { format!("{} charges", grouped(&many.to_string())) },
            usd(made.others_usd)
        ),
    };
    text += &match made.repeated {
        0 => String::new(),
        1 => " 1 record was read before, and counts once.".to_owned(),
        many => format!(" {} records were read before, and count once.", grouped(&many.to_string())),
    };
    text
}

/// What was spent by another dimension, with each value's share of all and, of providers, whether that is too much.
fn shares(input: &Input<'_>, forecast: &Forecast, ledger: &Ledger, asked: &Asked<'_>, by: By) -> Table {
    let report = report(input.survey, forecast, ledger, &Asked { by, ..asked.clone() });
    let (head, caption) = match by {
        By::Provider => ("Provider", "Spent by provider"),
        _ => ("Team", "Spent by team"),
    };
    let caption = format!("{caption} in {}, in US dollars", asked.month);
    let mut table = Table::new(caption, &[head, "Spent#", "Share#", "Month before#", "Change#"], "");
    let total = report.total.actual;
    let most = nanos(input.concentration);
    let spent = report.rows.iter().filter(|row| row.actual != 0 || row.before.is_some_and(|usd| usd != 0));
    table.rows = spent
        .map(|row| {
            let is_much = by == By::Provider
                && row.actual.saturating_mul(100 * money::DOLLAR) > total.saturating_mul(most);
            let share = if total > 0 { money::share(row.actual, total) } else { String::new() };
            let before = row.before.map_or_else(Default::default, |usd_before| {
                (usd(usd_before), change(row.actual, usd_before))
            });
            let (before, changed): (String, String) = before;
            vec![
                Cell::name(name(row)),
                Cell::text(usd(row.actual)),
                Cell::text(share).tone(if is_much { Tone::Warn } else { Tone::Plain }),
                Cell::text(before),
                Cell::text(changed),
            ]
        })
        .collect();
    table.cut(shown::SPENT_ROWS, &format!("govctl usage --by {}", by.name()))
}

/// What was spent beside what providers billed.
fn beside_bills(pairs: &[Pair]) -> Table {
    let heads = ["Month", "Provider", "Spent#", "Billed#", "Difference#", "Change#", "Found"];
    let mut table =
        Table::new("Spent beside what was billed, in US dollars, by month and provider", &heads, "");
    let row = |pair: &Pair| {
        let found = if pair.is_off { "unreconciled" } else { "" };
        vec![
            Cell::text(&pair.month),
            Cell::name(pair.provider.as_deref().unwrap_or("(none)")),
            Cell::text(usd(pair.gateway)),
            Cell::text(usd(pair.bill)),
            Cell::text(usd(pair.gateway - pair.bill)),
            Cell::text(change(pair.gateway, pair.bill)),
            Cell::text(found).tone(Tone::Bad),
        ]
    };
    // What does not agree stands first.
    let (off, agreed): (Vec<&Pair>, Vec<&Pair>) = pairs.iter().partition(|pair| pair.is_off);
    table.rows = off.into_iter().chain(agreed).map(row).collect();
    table.cut(shown::SPENT_ROWS, "govctl usage --bill")
}

/// What was spent in each month of the year up to one, and together so far.
fn year(ledger: &Ledger, month: &str) -> Table {
    let of = month.get(..4).unwrap_or_default();
    let mut months: BTreeMap<&str, Nanos> = BTreeMap::new();
    for (key, sum) in ledger.sums.iter().filter(|(key, _)| key.month.starts_with(of) && *key.month <= *month)
    {
        *months.entry(&key.month).or_default() += sum.usd;
    }
    let caption = format!("Spent in {of} through {month}, in US dollars, as far as the files go back");
    let heads = ["Month", "Spent#", "Quarter so far#", "Year so far#"];
    let mut table = Table::new(caption, &heads, "");
    let (mut so_far, mut of_quarter): (Nanos, BTreeMap<u32, Nanos>) = (0, BTreeMap::new());
    for (month, spent) in months {
        so_far += spent;
        let quarter =
            month.get(5..7).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(1).saturating_sub(1) / 3;
        let sum = of_quarter.entry(quarter).or_default();
        *sum += spent;
        let cells = [month.to_owned(), usd(spent), usd(*sum), usd(so_far)];
        table.rows.push(cells.map(Cell::text).to_vec());
    }
    table
}

pub(super) fn usd(nanos: Nanos) -> String {
    grouped(&cents(nanos))
}

/// A change in percent, to a tenth.
fn change(actual: Nanos, of: Nanos) -> String {
    money::change(actual - of, of).unwrap_or_else(|| "-".to_owned())
}

/// How much more or less: in percent, or in dollars where there is nothing to take percents of.
pub(super) fn more_or_less(actual: Nanos, of: Nanos) -> String {
    let by = actual - of;
    let word = if by < 0 { "less" } else { "more" };
    match money::change(by.abs(), of) {
        Some(share) => format!("{} {word}", share.trim_start_matches('+')),
        None => format!("{} usd {word}", usd(by.abs())),
    }
}

fn name(row: &Row) -> String {
    row.value.clone().unwrap_or_else(|| "(none)".to_owned())
}

fn bars(report: &Report) -> Bars {
    let most =
        report.rows.iter().map(|row| row.actual.max(row.forecast.unwrap_or(0))).max().unwrap_or(0).max(1);
    let length = |nanos: Nanos| u16::try_from(nanos.max(0).saturating_mul(1000) / most).unwrap_or(1000);
    let bar = |row: &Row| Bar {
        name: name(row),
        label: usd(row.actual),
        length: length(row.actual),
        second: row.forecast.map(length),
        tone: if row.found.is_empty() { Tone::Plain } else { Tone::Warn },
    };
    Bars {
        title: super::titled("Spent and expected by use case", "dearest", shown::BARS, report.rows.len()),
        description:
            "Thick bars: what was spent; thin bars: what was expected. The table below has the numbers."
                .to_owned(),
        rows: report.rows.iter().take(shown::BARS).map(bar).collect(),
        line: None,
    }
}

fn words(found: &[Found], drift: &str) -> String {
    let word = |found: &Found| match found {
        Found::Drift => format!("drift over {drift}%"),
        Found::Anomaly => "unlike the month before".to_owned(),
        Found::OverBudget => "over budget".to_owned(),
        Found::UnknownUseCase => "unknown use case".to_owned(),
        Found::Untagged => "untagged".to_owned(),
        Found::UnknownModel => "unknown model".to_owned(),
        Found::UnknownBusinessUnit => "unknown business unit".to_owned(),
        Found::UnknownTeam => "unknown team".to_owned(),
        Found::UnknownProject => "unknown project".to_owned(),
        Found::UnknownApplication => "unknown application".to_owned(),
    };
    found.iter().map(word).collect::<Vec<String>>().join(", ")
}

/// Those for which anything was spent first, among them those in which something is found, each from the dearest on.
fn rows(asked: &Asked<'_>, report: &Report) -> Table {
    let heads = ["Use case", "Spent#", "Expected#", "Drift#", "Month before#", "Change#", "Found"];
    let mut table =
        Table::new(format!("Spent in {}, in US dollars", asked.month), &heads, "Nothing was spent.");
    let mut all: Vec<&Row> = report.rows.iter().collect();
    let expected = |row: &Row| row.forecast.unwrap_or(0).max(row.before.unwrap_or(0));
    all.sort_by_key(|row| (row.actual == 0, row.found.is_empty(), -row.actual, -expected(row)));
    let drift = crate::number::round_half_even(&asked.drift, 1);
    table.rows = all
        .into_iter()
        .map(|row| {
            let of = |amount: Option<Nanos>| {
                amount.map_or_else(Default::default, |amount| (usd(amount), change(row.actual, amount)))
            };
            let ((forecast, drifted), (before, changed)): ((String, String), (String, String)) =
                (of(row.forecast), of(row.before));
            vec![
                Cell::name(name(row)),
                Cell::text(usd(row.actual)),
                Cell::text(forecast),
                Cell::text(drifted),
                Cell::text(before),
                Cell::text(changed),
                Cell::text(words(&row.found, &drift)).tone(Tone::Warn),
            ]
        })
        .collect();
    table.cut(shown::SPENT_ROWS, "govctl usage")
}

fn unknown(report: &Report) -> Table {
    let heads = ["Name on the bill", "What is wrong", "USD#"];
    let mut table = Table::new(
        "Spent for names that are not known",
        &heads,
        "Every name on this month's bills is known.",
    );
    let of = |kind: Found| {
        report.unknown.iter().filter(move |(found, ..)| *found == kind).take(shown::UNKNOWN_NAMES)
    };
    table.rows = Found::NAMES
        .into_iter()
        .flat_map(of)
        .map(|(found, name, usd_spent)| {
            let name = if name.is_empty() { "(none)" } else { name };
            vec![
                Cell::name(name),
                Cell::text(words(&[*found], "")).tone(Tone::Warn),
                Cell::text(usd(*usd_spent)),
            ]
        })
        .collect();
    let more = report.unknown.len().saturating_sub(table.rows.len());
    table.is_short_of(more, "govctl usage --format json")
}
