//! `govctl compile`: the verified decision table.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::ProgressLine;
use super::{Answered, CommandError, Common, Status, check, keys, output, terminal};
use crate::compile;
use crate::compile::sign::SigningKey;
use crate::diag::Severity;
use crate::render::human;
use crate::table::format::Table;
use crate::table::{DecisionTable, LoadOptions};
use crate::workspace::{Checked, Workspace};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The workspace, as with -C
    pub(super) dir: Option<PathBuf>,
    /// Where to write the table [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Sign the table with this minisign secret key, into a `.sig` file beside it; the key's password, if it has one, is
    /// read from `GOVCTL_KEY_PASSWORD`
    #[arg(long, value_name = "FILE", requires = "output")]
    sign_key: Option<PathBuf>,
    /// Serial number, stored in the signature; a gateway rejects a table with a lower number than one it loaded. Use a
    /// counter or the commit time
    #[arg(long, value_name = "N", requires = "sign_key")]
    serial: Option<u64>,
}

impl Arguments {
    /// The plain argument where it is rather the table that is to be written.
    pub(super) fn output_meant(&self) -> Option<&Path> {
        let is_table =
            |path: &&Path| path.extension().is_some_and(|ending| ending == "json") && !path.is_dir();
        self.dir.as_deref().filter(|_| self.output.is_none()).filter(is_table)
    }
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let key = arguments.sign_key.as_deref().map(keys::signing).transpose()?;
    if let Some(path) = arguments.output_meant() {
        let path = path.display();
        return Err(format!(
            "`{path}` is not a workspace: to write the table there, `govctl compile -o {path}`"
        )
        .into());
    }
    if let Some(path) = arguments.output.as_deref().filter(|path| key.is_some() && output::is_stream(path)) {
        let path = path.display();
        return Err(format!(
            "`{path}` is not a file, so nobody could load a signature beside it: write a signed table to a file"
        )
        .into());
    }
    let compiled = compiled(common, arguments.dir.as_deref(), key.as_ref(), arguments.serial)?;
    let status = match &arguments.output {
        None => terminal::answer(&compiled.text, Status::Fine)?,
        Some(path) => write(path, &compiled.text, compiled.signature.as_deref())?,
    };
    if let (Status::Fine, Some(until), Some(ends)) =
        (&status, &compiled.table.valid_until, &compiled.table.ends)
    {
        terminal::say(&format!("note: the table is valid through {until} ({ends})\n"));
    }
    Ok(status)
}

/// A table that was verified: as values, as its file has it, and its signature where there is a key.
pub(super) struct Compiled {
    pub(super) table: Table,
    text: String,
    signature: Option<String>,
}

/// Compiles and verifies the workspace's table, or says why there is none.
pub(super) fn compiled(
    common: &Common,
    dir: Option<&Path>,
    key: Option<&SigningKey>,
    serial: Option<u64>,
) -> Result<Compiled, CommandError> {
    let workspace = common.read(dir)?;
    let checked = super::checked_with_progress(&workspace);
    let errors = errors(common, &workspace, &checked);
    let Some(verified) = checked.verified(&workspace) else {
        let why = format!("{errors}no table is written: a workspace with errors has none\n");
        return Err(CommandError::negative_drawn(why, common.style_err()));
    };
    let progress = ProgressLine::of("compiling and verifying");
    let (table, text) = compile::sealed(&verified);
    let signature = key.map(|key| key.sign(text.as_bytes(), &table.digest, serial));
    // What is about to be written is loaded and derived again, as a gateway and a sceptic would.
    let checked = loaded(&text, key, signature.as_deref()).and_then(|table| {
        compile::verify::verify(&table, &verified).map_err(|difference| difference.to_string())
    });
    drop(progress);
    if let Err(why) = checked {
        let message = format!("the table does not verify, so it is not written: {why}");
        return Err(CommandError::negative(message));
    }
    Ok(Compiled { table, text, signature })
}

/// The errors of a workspace and their count, as `check` shows them.
fn errors(common: &Common, workspace: &Workspace, checked: &Checked) -> String {
    let style = common.style_err();
    let errors = checked.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let talk: String =
        errors.map(|finding| human::finding(&workspace.sources, finding, style) + "\n").collect();
    talk + &human::summary(&checked.findings, check::counts(workspace, checked), style)
}

/// Loads what was compiled as a gateway does that trusts nobody but the key that signed it.
fn loaded(text: &str, key: Option<&SigningKey>, signature: Option<&str>) -> Result<DecisionTable, String> {
    let options = LoadOptions::default();
    let loaded = match (key, signature) {
        (Some(key), Some(signature)) => {
            let public = key.public_key().parse().map_err(|why| format!("the key that signed it: {why}"))?;
            let options = options.trusting(public);
            DecisionTable::from_signed_slice(text.as_bytes(), signature.as_bytes(), &options)
        }
        _ => DecisionTable::from_slice(text.as_bytes(), &options),
    };
    loaded.map_err(|error| error.to_string())
}

/// Writes the table, and after it the signature: a signature never stands without its table, and whoever waits for the
/// signature finds the table there. In between the new table stands beside the old signature or none, and a gateway
/// with a trusted key refuses that and keeps what it has.
fn write(path: &Path, text: &str, signature: Option<&str>) -> Answered {
    let cannot = |path: &Path, error: &std::io::Error| {
        Err(format!("cannot write `{}`: {error}", path.display()).into())
    };
    // A gateway may read the table by the name of a link or by its own.
    let names = match output::names(path) {
        Ok(names) => names,
        Err(error) => return cannot(path, &error),
    };
    let beside: Vec<PathBuf> = names.iter().map(|name| keys::signature_path(name)).collect();
    if let Some(link) = beside.iter().filter(|_| signature.is_some()).find(|path| leads_away(path, &beside)) {
        let link = link.display();
        return Err(format!(
            "`{link}` is a link to another file, and a signature is written beside its table and nowhere else: remove it; no table is written"
        ).into());
    }
    let mut files = vec![(path, text.as_bytes())];
    if let Some(signature) = signature {
        files.extend(beside.iter().map(|beside| (beside.as_path(), signature.as_bytes())));
    }
    // A signature of the table before: nobody should find it beside the new one.
    let stale: &[PathBuf] = if signature.is_none() { &beside } else { &[] };
    match output::replace(&files, stale) {
        Ok(removed) => {
            for beside in removed {
                let beside = beside.display();
                terminal::say(&format!("note: `{beside}` signed the table before and is removed\n"));
            }
            Ok(Status::Fine)
        }
        Err((old, error)) if stale.iter().any(|stale| stale == old) => {
            let old = old.display();
            Err(format!(
                "`{old}` signed the table before and cannot be removed, so no table is written: {error}"
            )
            .into())
        }
        Err((path, error)) => cannot(path, &error),
    }
}

/// Whether a signature's name is a link that leads to none of the names beside the table: somebody may have laid it to
/// have another file overwritten.
fn leads_away(path: &Path, beside: &[PathBuf]) -> bool {
    if !path.is_symlink() {
        return false;
    }
    let Some(real) = output::names(path).ok().and_then(|mut names| names.pop()) else { return true };
    let same = |one: &PathBuf| {
        let whole = |path: &Path| path.canonicalize().ok();
        *one == real || whole(one).is_some_and(|one| Some(one) == whole(&real))
    };
    !beside.iter().filter(|one| !one.is_symlink()).any(same)
}
