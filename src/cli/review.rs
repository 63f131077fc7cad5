//! `govctl review`: a quarter on one page.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};

use super::diff::{self, said};
use super::side::{self as sides, Asked};
use super::usage as bills;
use super::{Answered, CommandError, Common, Status, accept, audit, audited, output, resolve, terminal};
use crate::accepted::Accepted;
use crate::audit::report::Report;
use crate::check::kinds;
use crate::cost::forecast::{By, Forecast};
use crate::decide::survey::Survey;
use crate::diag::Finding;
use crate::diff::Diff;
use crate::diff::findings::{self, Findings};
use crate::load::file;
use crate::model::Date;
use crate::number::Rational;
use crate::render::fingerprint::{self, Fingerprint};
use crate::review::{self, Input, Logged};
use crate::source::{Sources, hex};
use crate::table::LoadOptions;
use crate::usage::models::Models;
use crate::usage::{Amount, Ledger, reconcile, report};
use crate::workspace::{Checked, Workspace};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What to tell changes from: the git revision of the last review, a workspace folder or a compiled table
    old: Option<String>,
    /// The day of the old side [default: the day of both]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::parse_date, requires = "old")]
    old_as_of: Option<Date>,
    /// What was spent, in any format that `usage` reads; repeats
    #[arg(long, value_name = "FILE")]
    usage: Vec<PathBuf>,
    /// A provider's bill, to be held beside what was spent; repeats
    #[arg(long, value_name = "FILE", requires = "usage")]
    bill: Vec<PathBuf>,
    /// What was logged, in any format that `audit` reads: what is wrong in it; repeats
    #[arg(long, value_name = "LOG")]
    audit: Vec<PathBuf>,
    /// A decision table, or a folder of them, that logs are held against; repeats [default: the workspace is compiled]
    #[arg(long, value_name = "FILE|DIR", requires = "audit")]
    table: Vec<PathBuf>,
    /// Require a signature of each table, in TABLE.sig, by this minisign public key; if repeated, any one of the keys
    /// will do
    #[arg(long, value_name = "FILE", requires = "table")]
    trusted_key: Vec<PathBuf>,
    /// The month of spending to look at [default: the last one that is over]
    #[arg(long, value_name = "YYYY-MM", value_parser = bills::month, requires = "usage")]
    month: Option<String>,
    /// Report drift when spending differs from the forecast by more than this
    #[arg(long, value_name = "PERCENT", default_value = "20%", value_parser = bills::percent)]
    drift: Rational,
    /// Warn when one provider's share of expected spending exceeds this
    #[arg(long, value_name = "PERCENT", default_value = "50%", value_parser = bills::percent)]
    concentration: Rational,
    /// Changes and findings that somebody has accepted
    #[arg(long, value_name = "FILE")]
    accept: Option<PathBuf>,
    /// Write the page to this file [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How to write the page [default: by the end of the file's name, else Markdown]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Markdown,
    Html,
}

impl Arguments {
    fn format(&self) -> Format {
        let end = self.output.as_deref().and_then(Path::extension);
        let is_html =
            end.is_some_and(|end| end.eq_ignore_ascii_case("html") || end.eq_ignore_ascii_case("htm"));
        self.format.unwrap_or(if is_html { Format::Html } else { Format::Markdown })
    }
}

/// A workspace that is decided, and what changed in it.
struct Made<'a> {
    workspace: &'a Workspace,
    checked: &'a Checked<'a>,
    since: Option<(&'a Diff, &'a Findings<'a>)>,
    /// The files of what was there before, each with its SHA-256.
    before: Vec<(String, String)>,
    accepted: &'a Accepted,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let accepted = match &arguments.accept {
        None => Accepted::default(),
        Some(path) => accept::read(path, common)?,
    };
    match &arguments.old {
        None => alone(arguments, &accepted, common),
        Some(old) => since(old, arguments, &accepted, common),
    }
}

/// Without anything to tell changes from.
fn alone(arguments: &Arguments, accepted: &Accepted, common: &Common) -> Answered {
    let workspace = common.read(None)?;
    let checked = super::checked_with_progress(&workspace);
    if checked.survey.is_none() {
        resolve::note_errors(&workspace, &checked.findings, common);
        return Err(super::UNDECIDED.into());
    }
    let (workspace, checked, since, before) = (&workspace, &checked, None, Vec::new());
    write(&Made { workspace, checked, since, before, accepted }, arguments, common)
}

/// With what was there before.
fn since(old: &str, arguments: &Arguments, accepted: &Accepted, common: &Common) -> Answered {
    let as_of = common.as_of();
    let options = LoadOptions::default();
    let before =
        sides::read(Asked::or_workspace(Some(old)), arguments.old_as_of.unwrap_or(as_of), &options, common);
    let after = sides::read(Asked::Workspace, as_of, &options, common);
    let (Some(before), Some(after)) = (said(before), said(after)) else {
        return Err(CommandError::told());
    };
    sides::comparable(&before, &after, common)?;
    let (before, after) = sides::parse(before, after);
    let Some(new) = diff::decide(&after, common) else { return Err(CommandError::told()) };
    let Some(old) = diff::decide(&before, common) else { return Err(CommandError::told()) };
    let Some(found) = &new.checked else { return Err(super::UNDECIDED.into()) };
    let (mut diff, _store) = diff::compare((&before, &old), (&after, &new), &[], |_| None);
    accept::mark(&mut diff, accepted, as_of);
    let known = old.checked.as_ref();
    let findings =
        known.map(|old| findings::between(old.all(), found.all(), diff.renamed())).unwrap_or_default();
    let made = Made {
        workspace: found.workspace,
        checked: &found.checked,
        since: Some((&diff, &findings)),
        before: old.checked.as_ref().map(|old| files(&before.name, old.all().0)).unwrap_or_default(),
        accepted,
    };
    write(&made, arguments, common)
}

fn write(made: &Made, arguments: &Arguments, common: &Common) -> Answered {
    let Some(survey) = &made.checked.survey else { return Err(super::UNDECIDED.into()) };
    let spent = spent(survey, arguments, common)?;
    let asked = spent.as_ref().map(|spent| spent.asked(survey, arguments, common));
    let report = spent
        .as_ref()
        .zip(asked.as_ref())
        .map(|(spent, asked)| report::report(survey, &Forecast::new(survey), &spent.ledger, asked));
    let pairs =
        spent.as_ref().map(|spent| reconcile::pairs(survey, (&spent.ledger, &spent.bill), &arguments.drift));
    let name = name(common);
    let logged = logged(arguments, common)?;
    let mut also = made.before.clone();
    let of_tables: Result<Vec<Vec<PathBuf>>, String> =
        arguments.table.iter().map(|path| audit::tables_at(path)).collect();
    let files = arguments.accept.iter().chain(&arguments.usage).chain(&arguments.bill);
    let files = files.chain(&arguments.audit).chain(&arguments.trusted_key);
    for path in files.chain(of_tables?.iter().flatten()) {
        also.push((path.display().to_string(), hash(path)));
    }
    let open = open(made, common);
    let page = review::page(&Input {
        name: &name,
        sources: &made.workspace.sources,
        also: &also,
        survey,
        findings: &made.checked.findings,
        open: &open,
        kinds: &kinds(),
        silenced: &made.checked.silenced,
        accepted: made.accepted,
        reviews: &made.workspace.reviews,
        since: made.since,
        spent: asked.as_ref().zip(report.as_ref()),
        ledger: spent.as_ref().map(|spent| &spent.ledger),
        pairs: pairs.as_deref().unwrap_or_default(),
        logged: logged.as_ref().map(|(report, tables)| Logged { report, tables }),
        concentration: &arguments.concentration,
    });
    let text = match arguments.format() {
        Format::Markdown => review::markdown::render(&page),
        Format::Html => review::html::render(&page),
    };
    let status = if survey.complete() { Status::Fine } else { Status::Negative };
    if status == Status::Negative {
        super::note_left_out();
    }
    match &arguments.output {
        None => terminal::document(&text, status),
        Some(path) => match output::write(path, text.as_bytes()) {
            Ok(()) => Ok(status),
            Err(error) => Err(format!("cannot write `{}`: {error}", path.display()).into()),
        },
    }
}

/// What is found and nobody has accepted.
fn open<'m>(made: &'m Made<'_>, common: &Common) -> Vec<&'m Finding> {
    let all = fingerprint::all(&made.workspace.sources, &made.checked.findings);
    let is_open = |one: &Fingerprint| {
        let by = |name: &str| made.accepted.of(name, common.as_of());
        // An entry of today's name counts before one of the older one.
        by(&one.now).is_none() && (made.accepted.has(&one.now) || by(&one.before).is_none())
    };
    made.checked.findings.iter().zip(&all).filter(|(_, name)| is_open(name)).map(|(one, _)| one).collect()
}

/// The files of a side, as `OLD: path`, each with its SHA-256.
fn files(side: &str, sources: &Sources) -> Vec<(String, String)> {
    let readable = sources.iter().filter(|(_, file)| file.readable);
    readable.map(|(_, file)| (format!("{side}: {}", file.path), file.sha256.clone())).collect()
}

/// The SHA-256 of a file in hexadecimal; nothing of stdin, which is read once.
fn hash(path: &Path) -> String {
    let Some(mut from) = file::open(path).ok().filter(|_| path != Path::new("-")) else {
        return String::new();
    };
    let (mut hasher, mut piece) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match from.read(&mut piece) {
            Ok(0) => return hex(&hasher.finalize()),
            Ok(read) => hasher.update(piece.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return String::new(),
        }
    }
}

/// What was spent, and in which month it is looked at.
struct Spent {
    ledger: Ledger,
    /// What the bill says.
    bill: Ledger,
    month: String,
}

impl Spent {
    fn asked<'a>(&'a self, survey: &Survey, arguments: &Arguments, common: &Common) -> report::Asked<'a> {
        let attribution = survey.world.attribution.as_ref();
        report::Asked {
            month: &self.month,
            is_over: self.month < bills::this_month(common.as_of()),
            by: By::UseCase,
            drift: arguments.drift.clone(),
            anomaly: attribution.and_then(|attribution| attribution.anomaly_above.clone()),
        }
    }
}

fn spent(survey: &Survey, arguments: &Arguments, common: &Common) -> Result<Option<Spent>, String> {
    if arguments.usage.is_empty() {
        return Ok(None);
    }
    let models = Models::new(survey.world);
    let read = |paths: &[PathBuf]| bills::ledger(paths, None, Amount::Billed, &models);
    let (ledger, bill) = (read(&arguments.usage)?, read(&arguments.bill)?);
    let month = bills::chosen(arguments.month.as_deref(), &ledger, common.as_of())?;
    Ok(Some(Spent { ledger, bill, month }))
}

/// What is wrong in the logs, and the days of the tables that they were held against.
fn logged(arguments: &Arguments, common: &Common) -> Result<Option<(Report, Vec<String>)>, CommandError> {
    if arguments.audit.is_empty() {
        return Ok(None);
    }
    let auditor = audit::auditor(&arguments.table, &arguments.trusted_key, common)?;
    let report = audited::report(&audited::Asked {
        logs: &arguments.audit,
        input: None,
        allow: &[],
        examples: 1,
        format: audit::Format::Human,
        auditor: &auditor,
        counts_traffic: true,
        root: &common.root(Some(Path::new("."))),
    })?;
    let used = auditor.tables().all().iter().zip(&report.tables).filter(|(_, events)| **events > 0);
    let days = used.map(|(known, _)| known.table.table().as_of.clone()).collect();
    Ok(Some((report, days)))
}

/// What the workspace is called: its folder.
fn name(common: &Common) -> String {
    let folder = Common::textual(common.folder(None));
    let real = folder.canonicalize().unwrap_or(folder);
    real.file_name().map_or_else(|| "the workspace".to_owned(), |name| name.to_string_lossy().into_owned())
}
