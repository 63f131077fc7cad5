//! `govctl usage`: what was spent, held against what was expected and allowed.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::progress::ProgressLine;
use super::{Answered, Common, Format, Status, cost, logs, terminal};
use crate::cost::forecast::{By, Forecast};
use crate::decide::survey::Survey;
use crate::event::adapters;
use crate::limits::MAX_LEDGER_ENTRIES;
use crate::model::Date;
use crate::number::{Rational, parse_decimal};
use crate::render::usage as render;
use crate::usage::report::Asked;
use crate::usage::{Amount, Ledger, reconcile, report, suggest};

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
    /// From which difference to the forecast on drift is found
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
    super::decided(common, |survey| answer(survey, arguments, common))
}

fn answer(survey: &Survey, arguments: &Arguments, common: &Common) -> Answered {
    let (ledger, bill) = (read(&arguments.files, arguments)?, read(&arguments.bill, arguments)?);
    let as_of = common.as_of();
    let Some(month) = arguments.month.clone().or_else(|| last_over(&ledger, as_of)) else {
        return Err("nothing was spent: no record names a time and an amount".into());
    };
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
    let pairs = reconcile::pairs(&ledger, &bill);
    let suggestions =
        if arguments.suggest { suggest::suggestions(survey, &forecast, &ledger, &month) } else { Vec::new() };
    let all = render::All {
        asked: &asked,
        report: &found,
        ledger: &ledger,
        pairs: &pairs,
        suggestions: &suggestions,
    };
    let status = if found.findings() == 0 { Status::Fine } else { Status::Negative };
    match arguments.format {
        Format::Human => terminal::show(&render::human(&all, common.style_out().width), status),
        Format::Json => terminal::answer(&render::json(&all), status),
    }
}

/// The month of a day, `YYYY-MM`.
pub(super) fn this_month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The last month with spending that is over, else the last.
pub(super) fn last_over(ledger: &Ledger, as_of: Date) -> Option<String> {
    let (months, now) = (ledger.months(), this_month(as_of));
    let over = months.iter().rev().find(|month| **month < now.as_str());
    over.or(months.last()).map(|month| (*month).to_owned())
}

fn read(paths: &[PathBuf], arguments: &Arguments) -> Result<Ledger, String> {
    let amount = match arguments.amount {
        Counted::Billed => Amount::Billed,
        Counted::Effective => Amount::Effective,
    };
    ledger(paths, arguments.input.as_deref(), amount)
}

/// What was spent, added up from files.
pub(super) fn ledger(paths: &[PathBuf], input: Option<&str>, amount: Amount) -> Result<Ledger, String> {
    let format = input.and_then(adapters::named);
    let mut ledger = Ledger::default();
    let mut wrong: Option<String> = None;
    let progress = ProgressLine::of("adding up");
    for path in paths {
        logs::read(path, format, &mut |line, event, _| {
            let added = match event {
                Ok(event) => ledger.event(event, amount).map_err(|_| too_many()),
                Err(fault) => Err(fault.0),
            };
            if let (Err(why), None) = (added, &wrong) {
                wrong = Some(at(path, line, &why));
            }
        })?;
    }
    drop(progress);
    wrong.map_or(Ok(ledger), Err)
}

/// Money that cannot be read is not left out: the sums would be wrong.
fn at(path: &Path, line: u64, why: &str) -> String {
    format!("cannot add up `{}`: line {line}: {why}", path.display())
}

fn too_many() -> String {
    format!("more than {MAX_LEDGER_ENTRIES} combinations of use case, provider, model and tags")
}
