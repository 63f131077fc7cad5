//! `govctl compile`: the verified decision table.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::Progress;
use super::{Common, Status, check, keys, output, terminal};
use crate::compile;
use crate::compile::sign::SigningKey;
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
    /// Sign the table with this minisign secret key, into a `.sig` file beside it; the key's password, if it has one, is
    /// read from `GOVCTL_KEY_PASSWORD`
    #[arg(long, value_name = "FILE", requires = "output")]
    sign_key: Option<PathBuf>,
    /// Number the table: it stands in the signature, and a gateway takes no table with a smaller number than one before;
    /// a counter, or the time of the commit
    #[arg(long, value_name = "N", requires = "sign_key")]
    serial: Option<u64>,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Status {
    let key = match arguments.sign_key.as_deref().map(keys::signing).transpose() {
        Ok(key) => key,
        Err(message) => return terminal::refuse(&message),
    };
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
    let table = compile::compile(&verified);
    let text = table.to_canonical_json();
    let signature = key.as_ref().map(|key| key.sign(text.as_bytes(), &table.digest, arguments.serial));
    // What is about to be written is loaded and derived again, as a gateway and a sceptic would.
    let checked = loaded(&text, key.as_ref(), signature.as_deref()).and_then(|table| {
        compile::verify::verify(&table, &verified).map_err(|difference| difference.to_string())
    });
    drop(progress);
    if let Err(why) = checked {
        terminal::say(&format!("error: the table does not verify, so it is not written: {why}\n"));
        return Status::Negative;
    }
    match &arguments.output {
        None => terminal::answer(&text, Status::Fine),
        Some(path) => write(path, &text, signature.as_deref()),
    }
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
fn write(path: &Path, text: &str, signature: Option<&str>) -> Status {
    let beside = keys::signature_path(path);
    let mut files = vec![(path, text.as_bytes())];
    files.extend(signature.map(|signature| (beside.as_path(), signature.as_bytes())));
    match output::write_all(&files) {
        Ok(()) => Status::Fine,
        Err((path, error)) => terminal::refuse(&format!("cannot write `{}`: {error}", path.display())),
    }
}
