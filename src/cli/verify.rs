//! `govctl verify`: every cell of a table derived again.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::Progress;
use super::{Common, Status, parse_date, terminal};
use crate::compile;
use crate::source::load;
use crate::table::{DecisionTable, LoadOptions};
use crate::workspace;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The table
    table: PathBuf,
}

/// Reads and loads a table; a fault of the table is a negative answer, an unreadable file none at all.
pub(super) fn load_table(path: &Path, options: &LoadOptions) -> Result<DecisionTable, (Status, String)> {
    let bytes = std::fs::read(path)
        .map_err(|error| (Status::Unasked, format!("cannot read `{}`: {error}", path.display())))?;
    DecisionTable::from_slice(&bytes, options).map_err(|error| (Status::Negative, error.to_string()))
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Status {
    let refuse = |status, message: &str| {
        terminal::say(&format!("error: {message}\n"));
        status
    };
    let table = match load_table(&arguments.table, &LoadOptions::default()) {
        Ok(table) => table,
        Err((status, message)) => return refuse(status, &message),
    };
    // The table says for which day it was made; another day is another question.
    let made_on = parse_date(&table.table().as_of).unwrap_or_else(|_| common.as_of());
    let as_of = common.as_of.unwrap_or(made_on);
    let workspace = match load::load(common.folder(None)) {
        Ok(loaded) => workspace::read(loaded, as_of),
        Err(message) => return refuse(Status::Unasked, &message),
    };
    let Some(verified) = super::check_watched(&workspace).verified(&workspace) else {
        return refuse(
            Status::Negative,
            "the workspace has errors, so no table stands for it; see `govctl check`",
        );
    };
    let progress = Progress::of("deriving the table again");
    let verdict = compile::verify::verify(&table, &verified);
    drop(progress);
    match verdict {
        Ok(()) => {
            let proof = &table.table().proof;
            let text = format!(
                "verified: {} contexts of {} use cases are as the workspace decides them\n",
                proof.contexts,
                table.table().use_cases.len()
            );
            terminal::answer(&text, Status::Fine)
        }
        Err(difference) => {
            refuse(Status::Negative, &format!("the table does not stand for this workspace: {difference}"))
        }
    }
}
