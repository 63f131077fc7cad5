//! `govctl diff`: what a change means, for whom, and what it costs.

use std::path::Path;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::progress::Progress;
use super::{Common, Status, terminal, verify};
use crate::check::survey::Survey;
use crate::diff::causes::{self, Text};
use crate::diff::kind::Kind;
use crate::diff::sides::Side;
use crate::diff::store::Store;
use crate::diff::{self, Diff, render_human, render_json, render_markdown};
use crate::model::Date;
use crate::render::human;
use crate::source::git;
use crate::source::load::{self, Loaded};
use crate::table::{DecisionTable, LoadOptions};
use crate::workspace::{self, Trees, Watch as _, Workspace};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The old side: a workspace folder, a git revision of the workspace, or a compiled table
    old: String,
    /// The new side [default: the workspace]
    new: Option<String>,
    /// The day of the old side [default: the day of both]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::parse_date)]
    old_as_of: Option<Date>,
    /// How to print what changes
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Show under each cause how its text differs
    #[arg(long)]
    source: bool,
    /// End with status 1 if any decision changes
    #[arg(long)]
    exit_code: bool,
    /// End with status 1 on a kind of change; repeats
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    deny: Vec<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Markdown,
    Json,
}

/// A kind of change by its name.
fn kinds() -> impl TypedValueParser<Value = Kind> {
    let kind = |name: String| Kind::ALL.into_iter().find(|kind| kind.name() == name);
    PossibleValuesParser::new(Kind::BY_RISK.map(Kind::name))
        .map(move |name| kind(name).unwrap_or(Kind::Widened))
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Status {
    let as_of = common.as_of();
    let progress = Progress::of("reading both sides");
    let (old, new) = rayon::join(
        || read(&arguments.old, arguments.old_as_of.unwrap_or(as_of), common),
        || match &arguments.new {
            Some(new) => read(new, as_of, common),
            None => working_folder(as_of, common),
        },
    );
    drop(progress);
    let (Some(old), Some(new)) = (said(old), said(new)) else { return Status::Unasked };
    if arguments.old_as_of.is_some() && matches!(old.origin, Origin::Table(_)) {
        return terminal::refuse("`--old-as-of` does not fit a decision table, which has its own day");
    }
    let mut store = Store::default();
    let (Some(before), Some(after)) = (decide(&old, &mut store, common), decide(&new, &mut store, common))
    else {
        return Status::Unasked;
    };
    let progress = Progress::of("comparing both sides");
    let mut diff = diff::diff(&store, &before, &after);
    progress.begins("putting differences back", 0);
    if let (Origin::Workspace(old), Origin::Workspace(new)) = (&old.origin, &new.origin) {
        causes::find(&mut diff, &mut store, &before, old.text(), new.text());
    }
    drop(progress);
    for (use_case, why) in &diff.left_out {
        terminal::say(&format!("note: `{use_case}` is not compared: {why}\n"));
    }
    let text = match arguments.format {
        Format::Human => render_human::render(&diff, arguments.source, common.style_out()),
        Format::Markdown => render_markdown::render(&diff, arguments.source),
        Format::Json => render_json::render(&diff),
    };
    let status = status(&diff, arguments);
    // The process ends here: giving back millions of small pieces of memory would only take time.
    std::mem::forget((diff, store, before, after, old, new));
    terminal::answer(&text, status)
}

/// What was not compared may have changed in any way.
fn status(diff: &Diff, arguments: &Arguments) -> Status {
    let denied = arguments.deny.iter().any(|kind| diff.count(*kind) > 0);
    let changed = arguments.exit_code && !diff.changes.is_empty();
    let unknown = !diff.left_out.is_empty() && (arguments.exit_code || !arguments.deny.is_empty());
    if denied || changed || unknown { Status::Negative } else { Status::Fine }
}

/// A side as read.
struct Read {
    name: String,
    origin: Origin,
}

/// Where a side comes from.
enum Origin {
    Workspace(Box<Written>),
    Table(Box<DecisionTable>),
}

/// A workspace and what was written in it.
struct Written {
    workspace: Workspace,
    trees: Trees,
    as_of: Date,
}

impl Written {
    fn new(loaded: Loaded, as_of: Date) -> Box<Self> {
        let (workspace, trees) = workspace::read_with_trees(loaded, as_of);
        Box::new(Self { workspace, trees, as_of })
    }

    fn text(&self) -> Text<'_> {
        Text { trees: &self.trees, sources: &self.workspace.sources, as_of: self.as_of }
    }
}

/// What was read; why not is said on stderr.
fn said(read: Result<Read, String>) -> Option<Read> {
    read.map_err(|message| terminal::say(&format!("error: {message}\n"))).ok()
}

/// Reads one side.
fn read(name: &str, as_of: Date, common: &Common) -> Result<Read, String> {
    Ok(Read { name: name.to_owned(), origin: origin(name, as_of, common)? })
}

/// The workspace as it is now.
fn working_folder(as_of: Date, common: &Common) -> Result<Read, String> {
    let folder = common.folder(None);
    let name = common.workspace.as_ref().map_or("working folder".to_owned(), |dir| dir.display().to_string());
    let loaded = load::load(folder)?;
    Ok(Read { name, origin: Origin::Workspace(Written::new(loaded, as_of)) })
}

/// A folder, a table or a revision, whichever there is.
fn origin(name: &str, as_of: Date, common: &Common) -> Result<Origin, String> {
    let path = Path::new(name);
    if path.is_dir() {
        return load::load(path).map(|loaded| Origin::Workspace(Written::new(loaded, as_of)));
    }
    if path.is_file() {
        let table = verify::load_table(path, &LoadOptions::default());
        return table
            .map(|table| Origin::Table(Box::new(table)))
            .map_err(|(_, why)| format!("`{name}` is no decision table: {why}"));
    }
    let loaded = git::load(common.folder(None), name);
    let loaded =
        loaded.map_err(|why| format!("`{name}` is no folder, no decision table and no git revision: {why}"));
    Ok(Origin::Workspace(Written::new(loaded?, as_of)))
}

/// Decides one side; says why on stderr where that cannot be done.
fn decide(read: &Read, store: &mut Store, common: &Common) -> Option<Side> {
    match &read.origin {
        Origin::Table(table) => Some(Side::of_table(&read.name, table.table(), store)),
        Origin::Workspace(written) => {
            let Some(world) = &written.workspace.world else {
                undecided(&read.name, &written.workspace, common);
                return None;
            };
            let progress = Progress::of("deciding");
            progress.begins("deciding use cases", world.use_cases.len());
            let survey = Survey::watched(world, &|| progress.done());
            Some(Side::of_workspace(&read.name, &survey, store))
        }
    }
}

fn undecided(name: &str, workspace: &Workspace, common: &Common) {
    let style = common.style_err();
    let findings = workspace.findings.iter().take(10);
    let mut text: String =
        findings.map(|finding| human::one_line(&workspace.sources, finding, style)).collect();
    text += &format!("error: `{name}` has errors that keep decisions from being made\n");
    terminal::say(&text);
}
