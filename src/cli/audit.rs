//! `govctl audit`: whether what was logged was allowed by the decision in force at the time.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::progress::ProgressLine;
use super::{Answered, CommandError, Common, Status, audited, compile, keys, logs, terminal, verify};
use crate::audit::names::Registry;
use crate::audit::replay::Replay;
use crate::audit::tables::{Known, Tables};
use crate::audit::{Auditor, Kind, render_replay};
use crate::event::adapters::{self, Adapter};
use crate::event::seen::{self, Place, Seen};
use crate::table::{DecisionTable, LoadOptions};
use crate::usage::models::{batches, sold};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The logs: files of JSON or CSV, compressed or not, in any format that is known; `-` is stdin
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,
    /// A decision table, or a folder of them: events are held against the one whose digest they name, else the one of
    /// their day; repeats [default: the workspace is compiled]
    #[arg(long, value_name = "FILE|DIR")]
    table: Vec<PathBuf>,
    /// Require a signature of each table, in TABLE.sig, by this minisign public key; if repeated, any one of the keys
    /// will do
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
    /// How to print what was found: `lines` is one JSON object for each violation, `sarif` is for code scanning, and
    /// both hold all of them
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
    Lines,
    Sarif,
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
    let auditor = auditor(&arguments.table, &arguments.trusted_key, common)?;
    let other = arguments.replay.as_deref().map(|path| other(path, common)).transpose()?;
    let input = arguments.input.and_then(adapters::named);
    match other {
        None => audited::run(&audited::Asked {
            logs: &arguments.logs,
            input,
            allow: &arguments.allow,
            examples: usize::from(arguments.examples),
            format: arguments.format,
            auditor: &auditor,
            counts_traffic: false,
            root: &common.root(Some(Path::new("."))),
        }),
        Some(other) => replay(arguments, input, &auditor, &other),
    }
}

/// Every event counts once.
fn replay(
    arguments: &Arguments,
    input: Option<&'static Adapter>,
    auditor: &Auditor,
    other: &Known,
) -> Answered {
    let list = match arguments.format {
        Format::Sarif => Some("SARIF"),
        Format::Lines => Some("`lines`"),
        Format::Human | Format::Json => None,
    };
    if let Some(list) = list {
        return Err(
            format!("a replay finds no violations, which is what {list} lists: ask for `json`").into()
        );
    }
    logs::each_once(&arguments.logs)?;
    let (mut replay, mut seen, mut pages) = (Replay::default(), Seen::default(), logs::Pages::default());
    let progress = ProgressLine::of("replaying events");
    let (mut events, mut passed) = (0_u64, 0);
    for (file, path) in (0..).zip(&arguments.logs) {
        passed += logs::read(path, input, &mut pages, &mut |line, event, adapter| match event {
            Ok(event)
                if seen::id(event).is_some_and(|id| seen.before(id, Place { file, line }).is_some()) =>
            {
                replay.repeated += 1;
            }
            Ok(event) => {
                events += 1;
                replay.event(auditor, other, event, adapter.states);
            }
            Err(_) => replay.unread += 1,
        })?;
    }
    drop(progress);
    pages.whole()?;
    if events == 0 {
        return Err(audited::nothing(&arguments.logs, passed, replay.unread).into());
    }
    match arguments.format {
        Format::Human => terminal::show(&render_replay::human(&replay), Status::Fine),
        _ => terminal::answer(&render_replay::json(&replay), Status::Fine),
    }
}

/// The tables, and the names of the workspace where there is one.
pub(super) fn auditor(
    tables: &[PathBuf],
    trusted_key: &[PathBuf],
    common: &Common,
) -> Result<Auditor, CommandError> {
    let as_of = common.as_of().to_string();
    if tables.is_empty() {
        return Ok(Auditor::new(Tables::new(vec![of_workspace(common)?]), as_of));
    }
    let registry = if common.workspace.is_some() { registry(common)? } else { Registry::default() };
    let mut options = LoadOptions::default();
    options.trusted_keys = keys::trusted(trusted_key)?;
    let mut known = Vec::new();
    for path in tables {
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
pub(super) fn tables_at(path: &Path) -> Result<Vec<PathBuf>, String> {
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

/// What the workspace's registry calls models, and which use cases are batches.
fn registry(common: &Common) -> Result<Registry, CommandError> {
    let workspace = common.read(None)?;
    let models = workspace.world.iter().flat_map(sold).collect();
    let batches = workspace.world.iter().flat_map(batches);
    Ok(Registry { models, batches: batches.map(|(name, is_batch)| (name.to_owned(), is_batch)).collect() })
}

/// The table or workspace that events are replayed against.
fn other(path: &Path, common: &Common) -> Result<Known, CommandError> {
    if !path.is_dir() {
        return Ok(Known::new(loaded(path, &LoadOptions::default())?, &Registry::default()));
    }
    let common = common.at(path);
    of_workspace(&common)
}
