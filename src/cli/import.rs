//! `govctl import`: a workspace out of what other programs and articles write down.

use std::path::{Component, Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Answered, Common, Status, catalogues, init, output, terminal};
use crate::catalogue::Catalogue;
use crate::diag::Finding;
use crate::import::{Imported, Options, bifrost, governance, litellm, portkey, report};
use crate::limits::{MAX_IMPORTED_BYTES, MAX_INCLUDED_FILES};
use crate::load::file;
use crate::source::{FileId, FileKind, SourceFile, Sources, Span};
use crate::yaml;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What the file is
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// The file; of a `LiteLLM` proxy, all of its configuration; of Portkey, any number of configs
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The folder of the new workspace; nothing in it is overwritten
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// A catalogue of models for what the file does not say: prices, windows, capabilities, retirements
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,
    /// Approve each model for the names that it serves itself today, for data up to this classification, which all
    /// names are then said to carry: your word, which no gateway's file knows
    #[arg(long, value_name = "CLASSIFICATION")]
    approve: Option<String>,
    /// How the report is written
    #[arg(long = "format", value_name = "FORMAT", default_value = "human")]
    report: ReportFormat,
}

/// What can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A `governance:` document with providers, routing and failover policies
    Governance,
    /// The configuration of a `LiteLLM` proxy
    Litellm,
    /// Portkey's configs: strategies over targets
    Portkey,
    /// Bifrost's `config.json`: providers, virtual keys, routing rules
    Bifrost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    Human,
    Json,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let text = imported(arguments, common)?;
    match arguments.report {
        ReportFormat::Json => terminal::answer(&text, Status::Fine),
        ReportFormat::Human => terminal::show(&text, Status::Fine),
    }
}

fn imported(arguments: &Arguments, common: &Common) -> Result<String, String> {
    let folder = &arguments.output;
    if let Some(path) = init::PARTS.iter().find_map(|part| init::taken(&folder.join(part))) {
        let path = path.display();
        return Err(format!(
            "`{path}` is there already, and nothing is overwritten\n  help: name a new folder"
        ));
    }
    let catalogue = arguments.catalogue.as_deref().map(|path| catalogues::read(path, common)).transpose()?;
    let mut sources = Sources::default();
    let imported = one(arguments, catalogue.as_ref(), &mut sources)?;
    let files = imported.files.iter().map(|(path, text)| (*path, text.as_str()));
    output::create_all(folder, files)
        .map_err(|(path, error)| format!("cannot write `{}`: {error}", path.display()))?;
    Ok(match arguments.report {
        ReportFormat::Human => report::human(&imported, &sources, &folder.display().to_string()),
        ReportFormat::Json => report::json(&imported, &sources),
    })
}

fn one(
    arguments: &Arguments,
    catalogue: Option<&Catalogue>,
    sources: &mut Sources,
) -> Result<Imported, String> {
    let options = Options { catalogue, approve: arguments.approve.as_deref() };
    let (Some(first), others) = (arguments.files.first(), arguments.files.len() > 1) else {
        return Err("no file is named".to_owned());
    };
    let of_file = |why: String| format!("`{}`: {why}", first.display());
    if arguments.kind == Kind::Litellm {
        let (documents, unread) = with_includes(sources, &arguments.files)?;
        return litellm::import(sources, &documents, &unread, options).map_err(of_file);
    }
    if arguments.kind == Kind::Portkey {
        let read = |path: &PathBuf| read(sources, path, yaml::parse_foreign);
        let documents = arguments.files.iter().map(read).collect::<Result<Documents, String>>()?;
        return portkey::import(sources, &documents, options).map_err(of_file);
    }
    if others {
        return Err("this kind stands in one file; name one".to_owned());
    }
    if arguments.kind == Kind::Bifrost {
        let (id, root) = read(sources, first, yaml::parse_foreign)?;
        return bifrost::import(sources, id, &root, options).map_err(of_file);
    }
    let (id, root) = read(sources, first, yaml::parse)?;
    governance::import(sources, id, &root).map_err(of_file)
}

type Documents = Vec<(FileId, yaml::Value)>;

/// Files and what they include, which must lie beside or below them; why an include is not read otherwise.
fn with_includes(
    sources: &mut Sources,
    files: &[PathBuf],
) -> Result<(Documents, Vec<(Span, String)>), String> {
    let (mut documents, mut unread) = (Vec::new(), Vec::new());
    let mut seen: Vec<PathBuf> = files.to_vec();
    let mut at = 0;
    while let Some(path) = seen.get(at).cloned() {
        let (id, root) = read(sources, &path, yaml::parse_foreign)?;
        for (span, name) in litellm::includes(&root) {
            let stays = Path::new(&name)
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
            let included = path.parent().unwrap_or(Path::new("")).join(&name);
            let shown = crate::source::visible::inline(&name);
            if !stays {
                unread.push((span, format!("the included `{shown}`: it does not lie beside or below the file; name it on the command line")));
            } else if seen.len() >= MAX_INCLUDED_FILES {
                unread.push((
                    span,
                    format!("the included `{shown}`: more than {MAX_INCLUDED_FILES} files are not read"),
                ));
            } else if !included.exists() {
                unread.push((span, format!("the included `{shown}`: no such file")));
            } else if !seen.contains(&included) {
                seen.push(included);
            }
        }
        documents.push((id, root));
        at += 1;
    }
    Ok((documents, unread))
}

/// How YAML is read: as ours, or as another program reads it.
type Parse = fn(FileId, &str) -> (Option<yaml::Value>, Vec<Finding>);

/// A YAML file as a document.
fn read(sources: &mut Sources, path: &Path, parse: Parse) -> Result<(FileId, yaml::Value), String> {
    let cannot = |why: String| format!("cannot read `{}`: {why}", path.display());
    let bytes = file::read(path, MAX_IMPORTED_BYTES).map_err(|why| cannot(why.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| cannot("it is not UTF-8".to_owned()))?;
    let id = sources.add(SourceFile::new(path.display().to_string(), FileKind::Registry, text.as_str()));
    let (root, findings) = parse(id, &text);
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
