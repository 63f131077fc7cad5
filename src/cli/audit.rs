//! `govctl audit`: whether what was logged was allowed by the decision in force at the time.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::progress::ProgressLine;
use super::{Answered, CommandError, Common, Status, compile, keys, logs, terminal, verify};
use crate::audit::names::{Named, Registry};
use crate::audit::replay::Replay;
use crate::audit::report::{Report, Violation};
use crate::audit::tables::{Known, Tables};
use crate::audit::{Auditor, Kind, render_human, render_json, render_replay};
use crate::event::adapters::{self, Adapter};
use crate::event::{Event, Fault, Field};
use crate::table::{DecisionTable, LoadOptions};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The logs: files of JSON or CSV, compressed or not, in any format that is known; `-` is stdin
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,
    /// A decision table, or a folder of them: events are held against the one whose digest they name, else the one of
    /// their day; repeats [default: the workspace is compiled]
    #[arg(long, value_name = "FILE|DIR")]
    table: Vec<PathBuf>,
    /// Ask for a signature of each table, in TABLE.sig by this minisign public key; repeated: by one of them
    #[arg(long, value_name = "FILE", requires = "table")]
    trusted_key: Vec<PathBuf>,
    /// The format of the logs [default: found out from each file]
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    input: Option<&'static str>,
    /// Do not report a kind of violation; repeats
    #[arg(long, value_name = "CODE", value_parser = kinds())]
    allow: Vec<Kind>,
    /// Instead of violations, say what the same events would have been by another table, or by a workspace
    #[arg(long, value_name = "FILE|DIR")]
    replay: Option<PathBuf>,
    /// Examples of each kind of violation
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(..=1000))]
    examples: u16,
    /// How to print what was found; `lines` is one JSON object for each violation, all of them
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Lines,
}

/// A format of logs by its name.
fn formats() -> impl TypedValueParser<Value = &'static str> {
    let values = adapters::ALL.map(|adapter| PossibleValue::new(adapter.name).help(adapter.about));
    PossibleValuesParser::new(values)
        .map(|name| adapters::named(&name).map_or(adapters::OWN.name, |adapter| adapter.name))
}

/// A kind of violation by its code.
fn kinds() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(|kind| PossibleValue::new(kind.code()).help(kind.about())))
        .map(|code| Kind::of(&code).unwrap_or(Kind::UnreadableEvent))
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let auditor = auditor(arguments, common)?;
    let other = arguments.replay.as_deref().map(|path| other(path, common)).transpose()?;
    match other {
        None => audit(arguments, &auditor),
        Some(other) => replay(arguments, &auditor, &other),
    }
}

/// Reads all logs; says why one cannot be read.
fn read_all(arguments: &Arguments, each: &mut EachOf<'_>) -> Result<(), CommandError> {
    let format = arguments.input.and_then(adapters::named);
    for path in &arguments.logs {
        let mut of_file = |line: u64, event: Result<&Event<'_>, Fault>, adapter: &'static Adapter| {
            each(path, line, event, adapter);
        };
        logs::read(path, format, &mut of_file)?;
    }
    Ok(())
}

type EachOf<'e> = dyn FnMut(&Path, u64, Result<&Event<'_>, Fault>, &'static Adapter) + 'e;

fn audit(arguments: &Arguments, auditor: &Auditor) -> Answered {
    let mut report = Report::new(auditor.tables().all().len(), usize::from(arguments.examples));
    let (mut list, mut written) = (String::new(), Ok(Status::Fine));
    let progress = ProgressLine::of("auditing events");
    let read = read_all(arguments, &mut |path, line, event, adapter| {
        let mut is_wrong = false;
        let mut wrong =
            |kind: Kind, event: Option<&Event<'_>>, message: &dyn Fn() -> String, report: &mut Report| {
                if arguments.allow.contains(&kind) {
                    return;
                }
                is_wrong = true;
                let text = |field: Field| event.and_then(|event| event.text(field)).map(str::to_owned);
                let violation = || Violation {
                    file: path.display().to_string(),
                    line,
                    request_id: text(Field::RequestId),
                    use_case: event.and_then(Event::use_case).map(str::to_owned),
                    message: message(),
                };
                if arguments.format == Format::Lines {
                    list += &render_json::line(kind, &violation());
                }
                report.wrong(kind, violation);
            };
        match event {
            Err(Fault(why)) => {
                wrong(Kind::UnreadableEvent, None, &|| why.clone(), &mut report);
                if is_wrong {
                    report.unreadable();
                }
            }
            Ok(event) => {
                let judged = auditor.judge(event, adapter.states, &mut |kind, message| {
                    wrong(kind, Some(event), message, &mut report);
                });
                report.event(event, adapter, &judged, is_wrong);
            }
        }
        if list.len() > LIST {
            let part = std::mem::take(&mut list);
            if matches!(written, Ok(Status::Fine)) {
                written = terminal::answer(&part, Status::Fine);
            }
        }
    });
    drop(progress);
    read?;
    let status = if report.violations() == 0 { Status::Fine } else { Status::Negative };
    match arguments.format {
        Format::Human => terminal::show(&render_human::render(&report, auditor.tables()), status),
        Format::Json => terminal::answer(&render_json::render(&report, auditor.tables()), status),
        Format::Lines => match written? {
            Status::Fine => terminal::answer(&list, status),
            // Nobody reads on: a negative answer stays one.
            lost => Ok(if status == Status::Fine { lost } else { status }),
        },
    }
}

/// So many bytes of a list are written at once.
const LIST: usize = 1024 * 1024;

fn replay(arguments: &Arguments, auditor: &Auditor, other: &Known) -> Answered {
    let mut replay = Replay::default();
    let progress = ProgressLine::of("replaying events");
    let read = read_all(arguments, &mut |_, _, event, adapter| match event {
        Ok(event) => replay.event(auditor, other, event, adapter.states),
        Err(_) => replay.unread += 1,
    });
    drop(progress);
    read?;
    match arguments.format {
        Format::Human => terminal::show(&render_replay::human(&replay), Status::Fine),
        Format::Json | Format::Lines => terminal::answer(&render_replay::json(&replay), Status::Fine),
    }
}

/// The tables, and the names of the workspace where there is one.
fn auditor(arguments: &Arguments, common: &Common) -> Result<Auditor, CommandError> {
    let as_of = common.as_of().to_string();
    if arguments.table.is_empty() {
        return Ok(Auditor::new(Tables::new(vec![of_workspace(common)?]), as_of));
    }
    let registry = if common.workspace.is_some() { registry(common)? } else { Registry::default() };
    let mut options = LoadOptions::default();
    options.trusted_keys = keys::trusted(&arguments.trusted_key)?;
    let mut known = Vec::new();
    for path in &arguments.table {
        for path in tables_at(path)? {
            known.push(Known::new(loaded(&path, &options)?, &registry));
        }
    }
    Ok(Auditor::new(Tables::new(known), as_of))
}

/// A table that is refused is no negative answer about the logs: they cannot be asked about.
fn loaded(path: &Path, options: &LoadOptions) -> Result<DecisionTable, CommandError> {
    verify::load_table(path, options)
        .map_err(|(_, message)| format!("cannot use `{}`: {message}", path.display()).into())
}

/// A table, or the tables of a folder, by name.
fn tables_at(path: &Path) -> Result<Vec<PathBuf>, String> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let unreadable = |error: std::io::Error| format!("cannot read `{}`: {error}", path.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|end| end == "json") && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(format!("`{}` holds no table: no file in it ends in .json", path.display()));
    }
    Ok(found)
}

/// The workspace's table with the names of its registry.
fn of_workspace(common: &Common) -> Result<Known, CommandError> {
    let compiled = compile::compiled(common, None, None, None)?;
    let text = compiled.table.to_canonical_json();
    let table = DecisionTable::from_slice(text.as_bytes(), &LoadOptions::default())
        .map_err(|error| error.to_string())?;
    Ok(Known::new(table, &registry(common)?))
}

/// What the workspace's registry calls models.
fn registry(common: &Common) -> Result<Registry, CommandError> {
    let workspace = common.read(None)?;
    let models = workspace.world.iter().flat_map(|world| &world.models);
    let models = models.map(|model| Named {
        provider: model.id.split_once('/').map_or("", |(provider, _)| provider).to_owned(),
        name: model.name.value.clone(),
        aliases: model.aliases.clone(),
    });
    Ok(Registry { models: models.collect() })
}

/// The table or workspace that events are replayed against.
fn other(path: &Path, common: &Common) -> Result<Known, CommandError> {
    if !path.is_dir() {
        return Ok(Known::new(loaded(path, &LoadOptions::default())?, &Registry::default()));
    }
    let common = common.at(path);
    of_workspace(&common)
}
