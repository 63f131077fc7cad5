//! `govctl diff`: what a change means, for whom, and what it costs.

use std::path::Path;

use clap::{Args, ValueEnum};

use super::{Common, Status, terminal, verify};
use crate::check::survey::Survey;
use crate::diff::kind::Kind;
use crate::diff::sides::Side;
use crate::diff::store::Store;
use crate::diff::{self, Diff, render_json};
use crate::model::Date;
use crate::render::human;
use crate::source::git;
use crate::source::load::{self, Loaded};
use crate::table::{DecisionTable, LoadOptions};
use crate::workspace::{self, Workspace};

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
    /// End with status 1 if anything changes
    #[arg(long)]
    exit_code: bool,
    /// End with status 1 on a kind of change; repeats
    #[arg(long, value_name = "KIND")]
    deny: Vec<Deny>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Human,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Widened,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Status {
    let mut store = Store::default();
    let as_of = common.as_of();
    let old = side(&arguments.old, arguments.old_as_of.unwrap_or(as_of), common, &mut store);
    let new = match &arguments.new {
        Some(new) => side(new, as_of, common, &mut store),
        None => side(&common.folder(None).display().to_string(), as_of, common, &mut store),
    };
    let (Some(old), Some(new)) = (old, new) else { return Status::Unasked };
    let diff = diff::diff(&store, &old, &new);
    terminal::answer(&render_json::render(&diff), status(&diff, arguments))
}

fn status(diff: &Diff, arguments: &Arguments) -> Status {
    let denied = arguments.deny.iter().any(|_| diff.count(Kind::Widened) > 0);
    let changed = arguments.exit_code && !diff.changes.is_empty();
    if denied || changed { Status::Negative } else { Status::Fine }
}

/// Where a side comes from.
enum Origin {
    Workspace(Loaded),
    Table(DecisionTable),
}

/// A folder, a table or a revision, whichever there is.
fn origin(name: &str, common: &Common) -> Result<Origin, String> {
    let path = Path::new(name);
    if path.is_dir() {
        return load::load(path).map(Origin::Workspace);
    }
    if path.is_file() {
        let table = verify::load_table(path, &LoadOptions::default());
        return table.map(Origin::Table).map_err(|(_, why)| format!("`{name}` is no decision table: {why}"));
    }
    let folder = common.folder(None);
    let loaded = git::load(folder, name).map(Origin::Workspace);
    loaded.map_err(|why| format!("`{name}` is no folder, no decision table and no git revision: {why}"))
}

/// Reads and decides one side; says why on stderr where that cannot be done.
fn side(name: &str, as_of: Date, common: &Common, store: &mut Store) -> Option<Side> {
    let loaded = match origin(name, common) {
        Ok(Origin::Workspace(loaded)) => loaded,
        Ok(Origin::Table(table)) => return Some(Side::of_table(name, table.table(), store)),
        Err(message) => {
            terminal::say(&format!("error: {message}\n"));
            return None;
        }
    };
    let workspace = workspace::read(loaded, as_of);
    let Some(world) = &workspace.world else {
        undecided(name, &workspace, common);
        return None;
    };
    Some(Side::of_workspace(name, &Survey::new(world), store))
}

fn undecided(name: &str, workspace: &Workspace, common: &Common) {
    let style = common.style_err();
    let findings = workspace.findings.iter().take(10);
    let mut text: String =
        findings.map(|finding| human::one_line(&workspace.sources, finding, style)).collect();
    text += &format!("error: `{name}` has errors that keep decisions from being made\n");
    terminal::say(&text);
}
