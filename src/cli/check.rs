//! `govctl check`: everything that is wrong, in every context.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Common, Status, terminal};
use crate::diag::Finding;
use crate::render::{Counts, human, json, tally};
use crate::workspace::{Checked, Workspace};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The workspace, as with -C
    dir: Option<PathBuf>,
    /// How to print what is found
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// End with status 1 on a warning too
    #[arg(long, value_name = "WHAT")]
    deny: Option<Deny>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Status {
    let workspace = match common.read(arguments.dir.as_deref()) {
        Ok(workspace) => workspace,
        Err(status) => return status,
    };
    let checked = workspace.check();
    let text = match arguments.format {
        Format::Human => findings_for_people(&workspace, &checked, common),
        Format::Json => json::render(&workspace.sources, &checked.findings, counts(&workspace, &checked)),
    };
    terminal::answer(&text, status(&checked.findings, arguments.deny.is_some()))
}

fn status(findings: &[Finding], deny_warnings: bool) -> Status {
    let (errors, warnings) = tally(findings);
    if errors > 0 || (deny_warnings && warnings > 0) { Status::Negative } else { Status::Fine }
}

pub(super) fn counts(workspace: &Workspace, checked: &Checked) -> Counts {
    Counts { use_cases: workspace.use_cases, models: workspace.models, contexts: checked.contexts }
}

fn findings_for_people(workspace: &Workspace, checked: &Checked, common: &Common) -> String {
    let style = common.style_out();
    let mut text = String::new();
    for finding in &checked.findings {
        text += &human::finding(&workspace.sources, finding, style);
        text.push('\n');
    }
    text + &human::summary(&checked.findings, counts(workspace, checked), style)
}
