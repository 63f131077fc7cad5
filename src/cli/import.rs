//! `govctl import`: a workspace out of what other programs and articles write down.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Common, Status, init, output, terminal};
use crate::diag::Finding;
use crate::import::{Imported, governance, report};
use crate::limits::MAX_IMPORTED_BYTES;
use crate::load::file;
use crate::source::{FileId, FileKind, SourceFile, Sources};
use crate::yaml;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What the file is
    #[arg(value_name = "KIND")]
    kind: Format,
    /// The file
    file: PathBuf,
    /// The folder of the new workspace; nothing in it is overwritten
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// How the report is written
    #[arg(long = "format", value_name = "FORMAT", default_value = "human")]
    report: ReportFormat,
}

/// What can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A `governance:` document with providers, routing and failover policies
    Governance,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    Human,
    Json,
}

pub(super) fn run(arguments: &Arguments, _common: &Common) -> Status {
    match imported(arguments) {
        Ok(text) if arguments.report == ReportFormat::Json => terminal::answer(&text, Status::Fine),
        Ok(text) => terminal::show(&text, Status::Fine),
        Err(message) => {
            terminal::say(&format!("error: {message}\n"));
            Status::Unasked
        }
    }
}

fn imported(arguments: &Arguments) -> Result<String, String> {
    let folder = &arguments.output;
    if let Some(path) = init::PARTS.iter().find_map(|part| init::taken(&folder.join(part))) {
        return Err(format!(
            "`{}` is there already, and nothing is overwritten\n  help: name a new folder",
            path.display()
        ));
    }
    let mut sources = Sources::default();
    let (id, root) = read(&mut sources, &arguments.file)?;
    let of_file = |why: String| format!("`{}`: {why}", arguments.file.display());
    let imported = match arguments.kind {
        Format::Governance => governance::import(&sources, id, &root).map_err(of_file)?,
    };
    write(folder, &imported)?;
    Ok(match arguments.report {
        ReportFormat::Human => report::human(&imported, &sources, &folder.display().to_string()),
        ReportFormat::Json => report::json(&imported, &sources),
    })
}

/// A YAML file as a document.
fn read(sources: &mut Sources, path: &Path) -> Result<(FileId, yaml::Value), String> {
    let cannot = |why: String| format!("cannot read `{}`: {why}", path.display());
    let bytes = file::read(path, MAX_IMPORTED_BYTES).map_err(|why| cannot(why.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| cannot("it is not UTF-8".to_owned()))?;
    let id = sources.add(SourceFile::new(path.display().to_string(), FileKind::Registry, text.as_str()));
    let (root, findings) = yaml::parse(id, &text);
    match (root, findings.first()) {
        (_, Some(finding)) => Err(unread(sources, finding)),
        (None, None) => Err(cannot("it is empty".to_owned())),
        (Some(root), None) => Ok((id, root)),
    }
}

fn unread(sources: &Sources, finding: &Finding) -> String {
    let help = finding.help.as_deref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
    format!("{}: {}{help}", sources.place(finding.primary.span), finding.message)
}

fn write(folder: &Path, imported: &Imported) -> Result<(), String> {
    for (path, text) in &imported.files {
        let path = folder.join(path);
        output::create(&path, text.as_bytes())
            .map_err(|error| format!("cannot write `{}`: {error}", path.display()))?;
    }
    Ok(())
}
