//! `govctl compile`: the verified decision table.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Common, Status, check, terminal};
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
    let checked = workspace.check();
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
    let text = compile::compile(&verified).seal();
    // What is about to be written is loaded and derived again, as a gateway and a sceptic would.
    let checked = DecisionTable::from_slice(text.as_bytes(), &LoadOptions::default())
        .map_err(|error| error.to_string())
        .and_then(|table| {
            compile::verify::verify(&table, &verified).map_err(|difference| difference.to_string())
        });
    if let Err(why) = checked {
        terminal::say(&format!("error: the table does not verify, so it is not written: {why}\n"));
        return Status::Negative;
    }
    match &arguments.output {
        None => terminal::answer(&text, Status::Fine),
        Some(path) => match write(path, text.as_bytes()) {
            Ok(()) => Status::Fine,
            Err(error) => {
                terminal::say(&format!("error: cannot write `{}`: {error}\n", path.display()));
                Status::Unasked
            }
        },
    }
}

/// Writes a file so that it is there whole or not at all.
pub(super) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".govctl-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    allow_reading(file.as_file())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file is readable by its owner alone; a table is an ordinary file.
#[cfg(unix)]
fn allow_reading(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn allow_reading(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
