//! `govctl vectors`: requests with the answers that every loader must give.

use std::path::PathBuf;

use clap::Args;

use super::{Answered, CommandError, Common, Status, output, terminal, verify};
use crate::compile;
use crate::model::words::count;
use crate::table::{DecisionTable, LoadOptions};
use crate::vectors;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The table; without it the workspace is compiled
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
    /// Where to write the vectors, one JSON object a line
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let table = match &arguments.table {
        Some(path) => verify::load_table(path, &LoadOptions::default())
            .map_err(|(status, message)| CommandError::with(status, message))?,
        None => compiled(common)?,
    };
    let file = arguments.table.as_deref().and_then(std::path::Path::file_name);
    let name = file.map_or_else(|| table.digest().to_owned(), |name| name.to_string_lossy().into_owned());
    let vectors = vectors::of_table(&table, &name);
    let many = vectors.len();
    // Each is given back once it is in the text.
    let mut text = String::with_capacity(vectors.iter().map(|vector| vector.len() + 1).sum());
    for vector in vectors {
        text.push_str(&vector);
        text.push('\n');
    }
    match output::write(&arguments.output, text.as_bytes()) {
        Ok(()) => {
            terminal::say(&format!("{} of the table {}\n", count(many, "vector", "vectors"), table.digest()));
            Ok(Status::Fine)
        }
        Err(error) => Err(format!("cannot write `{}`: {error}", arguments.output.display()).into()),
    }
}

/// The table of the workspace; only a workspace without errors has one.
fn compiled(common: &Common) -> Result<DecisionTable, CommandError> {
    let workspace = common.read(None)?;
    let Some(verified) = super::checked_with_progress(&workspace).verified(&workspace) else {
        return Err(CommandError::negative(verify::NO_TABLE));
    };
    let text = compile::sealed(&verified).1;
    DecisionTable::from_slice(text.as_bytes(), &LoadOptions::default())
        .map_err(|error| error.to_string().into())
}
