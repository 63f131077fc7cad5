//! `govctl usage`: what was spent, held against what was expected and allowed.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::progress::ProgressLine;
use super::{Answered, Common, Format, Status, cost, logs, terminal};
use crate::cost::forecast::{By, Forecast};
use crate::decide::survey::Survey;
use crate::event::seen::Place;
use crate::event::{adapters, money};
use crate::limits::MAX_LEDGER_ENTRIES;
use crate::limits::shown;
use crate::model::Date;
use crate::model::words::some_plain;
use crate::number::{Rational, parse_decimal};
use crate::render::human::thousands;
use crate::render::{usage as render, usage_json};
use crate::source::Sources;
use crate::usage::models::Models;
use crate::usage::report::Asked;
use crate::usage::{Amount, Ledger, Made, Refused, reconcile, report, suggest};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What was spent: tables with `use_case`, `month` and `usd`, FOCUS exports, or logs in any format that `audit`
    /// reads; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A provider's bill, to be held beside the other files; repeats
    #[arg(long, value_name = "FILE")]
    bill: Vec<PathBuf>,
    /// The format of the files [default: found out from each file]
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    input: Option<String>,
    /// The month to look at [default: the last one that is over]
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    month: Option<String>,
    /// What to add up by
    #[arg(long, value_name = "DIMENSION", default_value = "use_case", value_parser = cost::dimensions())]
    by: By,
    /// Report drift when spending differs from the forecast by more than this
    #[arg(long, value_name = "PERCENT", default_value = "20%", value_parser = percent)]
    drift: Rational,
    /// Which amount of a bill counts
    #[arg(long, value_name = "AMOUNT", default_value = "billed")]
    amount: Counted,
    /// Print what each use case should expect, from what it used, as YAML
    #[arg(long)]
    suggest: bool,
    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Counted {
    /// As billed
    Billed,
    /// With what was paid in advance spread over what it served
    Effective,
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(adapters::ALL.map(|adapter| adapter.name))
}

pub(super) fn month(text: &str) -> Result<String, String> {
    let is_month = text.len() == 7 && super::parse_date(&format!("{text}-01")).is_ok();
    if is_month { Ok(text.to_owned()) } else { Err("no such month; write it as 2026-11".to_owned()) }
}

pub(super) fn percent(text: &str) -> Result<Rational, String> {
    let number = parse_decimal(text.trim_end_matches('%'));
    let number = number.filter(|number| *number >= Rational::default());
    number.ok_or_else(|| "write a percent, as in 20%".to_owned())
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let workspace = common.read(None)?;
    super::decided_all(&workspace, common, |survey| answer(survey, &workspace.sources, arguments, common))
}

fn answer(survey: &Survey, sources: &Sources, arguments: &Arguments, common: &Common) -> Answered {
    let models = Models::new(survey.world);
    let (ledger, bill) =
        (read(&arguments.files, arguments, &models)?, read(&arguments.bill, arguments, &models)?);
    let as_of = common.as_of();
    let month = chosen(arguments.month.as_deref(), &ledger, as_of)?;
    let forecast = Forecast::new(survey);
    let attribution = survey.world.attribution.as_ref();
    let asked = Asked {
        month: &month,
        is_over: month.as_str() < this_month(as_of).as_str(),
        by: arguments.by,
        drift: arguments.drift.clone(),
        anomaly: attribution.and_then(|attribution| attribution.anomaly_above.clone()),
    };
    let found = report::report(survey, &forecast, &ledger, &asked);
    let pairs = reconcile::pairs(survey, (&ledger, &bill), &asked.drift);
    let suggestions = if arguments.suggest && asked.is_over {
        suggest::suggestions(survey, &ledger, &month)
    } else {
        Vec::new()
    };
    let all = render::All {
        asked: &asked,
        report: &found,
        ledger: &ledger,
        pairs: &pairs,
        suggestions: &suggestions,
        is_suggested: arguments.suggest,
        sources,
    };
    let status = if all.findings() == 0 { Status::Fine } else { Status::Negative };
    match arguments.format {
        Format::Human => terminal::show(&render::human(&all, common.style_out().width), status),
        Format::Json => terminal::answer(&usage_json::json(&all), status),
    }
}

/// The month of a day, `YYYY-MM`.
pub(super) fn this_month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The month to look at: the one that is asked for, else the last with spending that is over, else the last.
pub(super) fn chosen(asked: Option<&str>, ledger: &Ledger, as_of: Date) -> Result<String, String> {
    let (months, now) = (ledger.months(), this_month(as_of));
    if let Some(asked) = asked {
        if *asked > *now {
            return Err(format!("{asked} has not begun on {as_of}"));
        }
        if !months.contains(&asked) {
            let held =
                if months.is_empty() { "no month".to_owned() } else { some_plain(&months, shown::MONTHS) };
            return Err(format!("no record is of {asked}: there is {held}"));
        }
        return Ok(asked.to_owned());
    }
    match last_over(ledger, as_of) {
        Some(month) if month > now => {
            Err(format!("every record is of a month that has not begun on {as_of}: {month}"))
        }
        Some(month) => Ok(month),
        None if ledger.undated > 0 => {
            let records = count_of(ledger.undated);
            Err(format!("nothing was spent: of {records} none names a time"))
        }
        None if ledger.passed > 0 => {
            Err(format!("nothing was spent: {} ask no model", count_of(ledger.passed)))
        }
        None => Err("nothing was spent: no record names a time and an amount".to_owned()),
    }
}

/// The last month with spending that is over, else the last that has begun, else the last.
fn last_over(ledger: &Ledger, as_of: Date) -> Option<String> {
    let (months, now) = (ledger.months(), this_month(as_of));
    let over = months.iter().rev().find(|month| **month < now.as_str());
    let begun = months.iter().rev().find(|month| **month <= now.as_str());
    over.or(begun).or(months.last()).map(|month| (*month).to_owned())
}

fn read(paths: &[PathBuf], arguments: &Arguments, models: &Models<'_>) -> Result<Ledger, String> {
    let amount = match arguments.amount {
        Counted::Billed => Amount::Billed,
        Counted::Effective => Amount::Effective,
    };
    ledger(paths, arguments.input.as_deref(), amount, models)
}

/// What was spent, added up from files.
pub(super) fn ledger(
    paths: &[PathBuf],
    input: Option<&str>,
    amount: Amount,
    models: &Models<'_>,
) -> Result<Ledger, String> {
    logs::each_once(paths)?;
    let format = input.and_then(adapters::named);
    let mut ledger = Ledger::default();
    let (mut wrong, mut pages): (Option<String>, _) = (None, logs::Pages::default());
    let progress = ProgressLine::of("adding up");
    for (file, path) in (0..).zip(paths) {
        ledger.passed += logs::read(path, format, &mut pages, &mut |line, event, _| {
            let added = match event {
                Ok(event) => ledger.event(event, Place { file, line }, amount, models).map_err(refused),
                Err(fault) => Err(fault.0),
            };
            if let (Err(why), None) = (added, &wrong) {
                wrong = Some(at(path, line, &why));
            }
        })?;
    }
    drop(progress);
    wrong.map_or(Ok(()), Err)?;
    pages.whole()?;
    ledger.settle();
    Ok(ledger)
}

fn count_of(records: u64) -> String {
    format!("{} record{}", thousands(records), if records == 1 { "" } else { "s" })
}

/// What was decided where the records leave it open, for who does not see it in a report.
pub(super) fn notes(made: &Made) {
    if made.priced > 0 {
        let usd = money::cents(made.priced_usd);
        terminal::say(&format!(
            "note: {} without an amount priced by the registry: {usd} usd\n",
            count_of(made.priced)
        ));
    }
    if made.not_billed > 0 {
        terminal::say(&format!(
            "note: {} without a billed amount counted as effective\n",
            count_of(made.not_billed)
        ));
    }
    if made.in_costs > 0 {
        terminal::say(&format!(
            "note: {} of usage without their price: pages of costs state what they cost\n",
            count_of(made.in_costs)
        ));
    }
    if made.guessed > 0 {
        terminal::say(&format!(
            "note: {} priced by the registry may have cost more or less\n",
            count_of(made.guessed)
        ));
    }
    if made.others > 0 {
        let usd = money::cents(made.others_usd);
        let records = count_of(made.others);
        terminal::say(&format!("note: {records} of services other than models left out: {usd} usd\n"));
    }
    if made.repeated > 0 {
        terminal::say(&format!("note: {} read before, and counted once\n", count_of(made.repeated)));
    }
}

/// Money that cannot be read is not left out: the sums would be wrong.
fn at(path: &Path, line: u64, why: &str) -> String {
    format!("cannot add up `{}`: line {line}: {why}", path.display())
}

fn refused(why: Refused) -> String {
    match why {
        Refused::TooMany => {
            format!("more than {MAX_LEDGER_ENTRIES} combinations of use case, provider, model and tags")
        }
        Refused::NoTime(text) => format!("`{text}` is not a time"),
    }
}
