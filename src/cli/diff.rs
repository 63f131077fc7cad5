//! `govctl diff`: what a change means, for whom, and what it costs.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::progress::Progress;
use super::side::{self, Asked, Content, Read};
use super::{Common, Status, keys, terminal};
use crate::decide::survey::Survey;
use crate::diff::causes;
use crate::diff::gate::{self, Rules, Silence};
use crate::diff::kind::Kind;
use crate::diff::sides::Side;
use crate::diff::store::Store;
use crate::diff::{self, Diff, render_human, render_json, render_markdown};
use crate::model::Date;
use crate::render::human;
use crate::table::LoadOptions;
use crate::workspace::{Watch as _, Workspace};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The old side: a workspace folder, a git revision of the workspace, or a compiled table; `git:REV` is a revision
    /// and nothing else
    #[arg(required_unless_present = "old_revision")]
    old: Option<String>,
    /// The new side [default: the workspace]
    new: Option<String>,
    /// The old side is this git revision, whatever files are called like it; what checks a pull request uses this
    #[arg(long, value_name = "REV")]
    old_revision: Option<String>,
    /// The day of the old side [default: the day of both]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::parse_date)]
    old_as_of: Option<Date>,
    /// Ask for a signature of each side that is a table, in TABLE.sig by this minisign public key; repeated: by one of
    /// them
    #[arg(long, value_name = "FILE")]
    trusted_key: Vec<PathBuf>,
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

impl Arguments {
    /// What is asked for as the old and as the new side.
    fn sides(&self) -> Result<(Asked<'_>, Asked<'_>), String> {
        let (old, new) = (Asked::or_workspace(self.old.as_deref()), Asked::or_workspace(self.new.as_deref()));
        let Some(revision) = &self.old_revision else { return Ok((old, new)) };
        if self.new.is_some() {
            return Err(
                "`--old-revision` is the old side, so only the new one can be named besides".to_owned()
            );
        }
        Ok((Asked::Revision(revision), old))
    }
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Status {
    let as_of = common.as_of();
    let progress = Progress::of("reading both sides");
    let (asked_old, asked_new) = match arguments.sides() {
        Ok(sides) => sides,
        Err(message) => return terminal::refuse(&message),
    };
    let mut options = LoadOptions::default();
    match keys::trusted(&arguments.trusted_key) {
        Ok(keys) => options.trusted_keys = keys,
        Err(message) => return terminal::refuse(&message),
    }
    let (old, new) = rayon::join(
        || side::read(asked_old, arguments.old_as_of.unwrap_or(as_of), &options, common),
        || side::read(asked_new, as_of, &options, common),
    );
    drop(progress);
    let (Some(old), Some(new)) = (said(old), said(new)) else { return Status::Unasked };
    if let Err(message) = side::comparable(&old, &new, common) {
        return terminal::refuse(&message);
    }
    if arguments.old_as_of.is_some() && matches!(old.content, Content::Table(..)) {
        return terminal::refuse("`--old-as-of` does not fit a decision table, which has its own day");
    }
    let mut store = Store::default();
    let (Some((before, old_rules)), Some((after, new_rules))) =
        (decide(&old, &mut store, common), decide(&new, &mut store, common))
    else {
        return Status::Unasked;
    };
    let progress = Progress::of("comparing both sides");
    let mut diff = diff::diff(&store, &before, &after);
    diff.gate = gate::moved(&old_rules, &new_rules);
    (diff.old.origin, diff.new.origin) = (old.origin.clone(), new.origin.clone());
    progress.begins("putting differences back", 0);
    if let (Content::Workspace(old), Content::Workspace(new)) = (&old.content, &new.content) {
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
    match arguments.format {
        Format::Human => terminal::show(&text, status),
        Format::Markdown | Format::Json => terminal::answer(&text, status),
    }
}

/// What was not compared may have changed in any way.
fn status(diff: &Diff, arguments: &Arguments) -> Status {
    let denied = arguments.deny.iter().any(|kind| diff.count(*kind) > 0);
    let changed = arguments.exit_code && !diff.changes.is_empty();
    let unknown = !diff.left_out.is_empty() && (arguments.exit_code || !arguments.deny.is_empty());
    let loosened = !arguments.deny.is_empty() && diff.gate.iter().any(|moved| moved.loosened);
    if denied || changed || unknown || loosened { Status::Negative } else { Status::Fine }
}

/// What was read; why not is said on stderr.
fn said(read: Result<Read, String>) -> Option<Read> {
    read.map_err(|message| terminal::say(&format!("error: {message}\n"))).ok()
}

/// Decides one side; says why on stderr where that cannot be done.
fn decide(read: &Read, store: &mut Store, common: &Common) -> Option<(Side, Rules)> {
    match &read.content {
        Content::Table(table, key) => {
            let side = Side::of_table(&read.name, table.table(), store);
            Some((side, Rules::of_table(key.clone())))
        }
        Content::Workspace(written) => {
            let Some(world) = &written.workspace.world else {
                undecided(&read.name, &written.workspace, common);
                return None;
            };
            let progress = Progress::of("deciding");
            progress.begins("deciding use cases", world.use_cases.len());
            let survey = Survey::watched(world, &|| progress.done());
            let workspace = &written.workspace;
            let silenced = workspace.silenced(&survey).into_iter().map(|silenced| Silence {
                code: silenced.finding.code.0.to_owned(),
                message: silenced.finding.message.clone(),
                place: workspace.sources.place(silenced.finding.primary.span),
            });
            let rules = Rules::of(&workspace.config, silenced);
            Some((Side::of_workspace(&read.name, &survey, store), rules))
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
