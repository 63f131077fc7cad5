//! `govctl compile`: the verified decision table.

use std::path::PathBuf;

use clap::Args;

use super::progress::Progress;
use super::{Common, Status, check, output, terminal};
use crate::compile;
use crate::diag::Severity;
use crate::render::human;
use crate::table::{DecisionTable, LoadOptions};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The workspace, as with -C
    dir: Option<PathBuf>,
    /// Where to write the table [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Status {
    let workspace = match common.read(arguments.dir.as_deref()) {
        Ok(workspace) => workspace,
        Err(status) => return status,
    };
    let checked = super::check_watched(&workspace);
    let style = common.style_err();
    let errors = checked.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let mut talk: String =
        errors.map(|finding| human::finding(&workspace.sources, finding, style) + "\n").collect();
    let counts = check::counts(&workspace, &checked);
    talk += &human::summary(&checked.findings, counts, style);
    let Some(verified) = checked.verified(&workspace) else {
        terminal::say(&format!("{talk}no table is written: a workspace with errors has none\n"));
        return Status::Negative;
    };
    let progress = Progress::of("compiling and verifying");
    let text = compile::compile(&verified).seal();
    // What is about to be written is loaded and derived again, as a gateway and a sceptic would.
    let checked = DecisionTable::from_slice(text.as_bytes(), &LoadOptions::default())
        .map_err(|error| error.to_string())
        .and_then(|table| {
            compile::verify::verify(&table, &verified).map_err(|difference| difference.to_string())
        });
    drop(progress);
    if let Err(why) = checked {
        terminal::say(&format!("error: the table does not verify, so it is not written: {why}\n"));
        return Status::Negative;
    }
    match &arguments.output {
        None => terminal::answer(&text, Status::Fine),
        Some(path) => match output::write(path, text.as_bytes()) {
            Ok(()) => Status::Fine,
            Err(error) => {
                terminal::say(&format!("error: cannot write `{}`: {error}\n", path.display()));
                Status::Unasked
            }
        },
    }
}
