//! `govctl import`: a workspace out of what other programs and articles write down.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::{Answered, Common, Status, catalogues, init, output, terminal};
use crate::catalogue::Catalogue;
use crate::diag::{Finding, Severity};
use crate::import::{
    CLASSIFICATIONS, Imported, Note, Options, Sort, Trap, bifrost, governance, litellm, portkey, report,
    trial,
};
use crate::limits::{MAX_IMPORTED_BYTES, MAX_INCLUDED_FILES};
use crate::load::{self, file};
use crate::source::{FileId, FileKind, SourceFile, Sources, Span, without_mark};
use crate::yaml::{self, remarks};
use crate::{check, workspace};

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
    /// Approve each model for the names it serves directly, for data up to this classification, and say that all names
    /// carry such data. You vouch for this; no gateway's file states it
    #[arg(long, value_name = "CLASSIFICATION", value_parser = PossibleValuesParser::new(CLASSIFICATIONS))]
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
    let traps = traps(&imported, folder, common);
    Ok(match arguments.report {
        ReportFormat::Human => report::human(&imported, &traps, &sources, &folder.display().to_string()),
        ReportFormat::Json => report::json(&imported, &traps, &sources),
    })
}

/// Findings of failover that are money, or mean little before prices are known.
const OF_MONEY: [&str; 1] = ["failover-cost"];

/// Findings of other families that no price changes.
const WHATEVER_PRICES: [&str; 2] = ["unknown-name", "expiring"];

/// What `check` finds where models have no price or no approval, as far as that does not matter: until they have, `check`
/// itself reports little else.
fn traps(imported: &Imported, folder: &Path, common: &Common) -> Vec<Trap> {
    const REGISTRY: &str = "registry/providers.yaml";
    let registry = imported.files.iter().find(|(path, _)| *path == REGISTRY);
    let Some(trial) = registry.and_then(|(_, text)| trial::of(text)) else { return Vec::new() };
    let texts = [(REGISTRY.to_owned(), trial.text.clone())].into_iter().collect();
    let Ok(loaded) = load::load_over(folder, &texts) else { return Vec::new() };
    let workspace = workspace::read(loaded, common.as_of());
    let found = workspace.check().findings;
    let mut met = BTreeSet::new();
    let counts = |finding: &&Finding| {
        let code = finding.code.0;
        let is_failover = check::named(code).is_some_and(|check| check.family == check::Family::Failover);
        (is_failover && !OF_MONEY.contains(&code)) || WHATEVER_PRICES.contains(&code)
    };
    let traps = found.iter().filter(counts).filter_map(|finding| {
        let file = workspace.sources.path(finding.primary.span.file);
        let (line, _) = workspace.sources.line_column(finding.primary.span);
        let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
        met.insert((finding.code.0, finding.message.clone())).then(|| Trap {
            severity,
            code: finding.code.0,
            line: if file == REGISTRY { trial.line(line) } else { line },
            file: file.to_owned(),
            message: finding.message.clone(),
        })
    });
    traps.collect()
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
        let (documents, notes) = with_includes(sources, &arguments.files)?;
        return litellm::import(sources, &documents, notes, options).map_err(of_file);
    }
    if arguments.kind == Kind::Portkey {
        let mut read = |path: &PathBuf| {
            read(sources, path, |id, text| yaml::parse_comparing(id, &remarks::without(text), "query"))
        };
        let documents = arguments.files.iter().map(&mut read).collect::<Result<Documents, String>>()?;
        return portkey::import(sources, &documents, options).map_err(of_file);
    }
    if others {
        return Err("this kind stands in one file; name one".to_owned());
    }
    if arguments.kind == Kind::Bifrost {
        let (id, root) = read(sources, first, yaml::parse_foreign)?;
        return bifrost::import(sources, id, &root, options).map_err(of_file);
    }
    let document = read(sources, first, yaml::parse);
    let (id, root) = document.map_err(|why| within(sources, why))?;
    governance::import(sources, id, &root).map_err(of_file)
}

/// Why a text is no document, where one stands in it, as in an article.
fn within(sources: &Sources, why: String) -> String {
    let file = sources.iter().last();
    let at = file.and_then(|(_, file)| file.text.lines().position(|line| line.trim_end() == "governance:"));
    let is_prose = |line: &str| {
        let line = line.trim();
        !line.is_empty() && line != "---" && !line.starts_with(['#', '%'])
    };
    let has_prose = |line: &usize| file.is_some_and(|(_, file)| file.text.lines().take(*line).any(is_prose));
    let Some(line) = at.filter(has_prose) else { return why };
    let first = why.lines().next().unwrap_or_default();
    format!(
        "{first}\n  help: a document begins with `governance:` on line {}: save that part alone as a file, without the text around it, and import that",
        line + 1
    )
}

type Documents = Vec<(FileId, yaml::Value)>;

/// Files and what they include, which must lie beside or below them; what is to be said about how they were read.
fn with_includes(sources: &mut Sources, files: &[PathBuf]) -> Result<(Documents, Vec<Note>), String> {
    let (mut documents, mut notes) = (Vec::new(), Vec::new());
    let mut seen: Vec<PathBuf> = files.to_vec();
    let mut at = 0;
    while let Some(path) = seen.get(at).cloned() {
        let (id, root) = last_keys(sources, &path, &mut notes)?;
        for (span, name) in litellm::includes(&root) {
            let stays = Path::new(&name)
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
            let included = path.parent().unwrap_or(Path::new("")).join(&name);
            let shown = crate::source::visible::inline(&name);
            let why = if !stays {
                "it does not lie beside or below the file; name it on the command line".to_owned()
            } else if seen.len() >= MAX_INCLUDED_FILES {
                format!("more than {MAX_INCLUDED_FILES} files are not read")
            } else if !included.exists() {
                "no such file".to_owned()
            } else {
                if !seen.contains(&included) {
                    seen.push(included);
                }
                continue;
            };
            notes.push(Note { sort: Sort::Left, span, text: format!("the included `{shown}`: {why}") });
        }
        documents.push((id, root));
        at += 1;
    }
    Ok((documents, notes))
}

/// A file in which the last of equal keys counts, which is said.
fn last_keys(
    sources: &mut Sources,
    path: &Path,
    notes: &mut Vec<Note>,
) -> Result<(FileId, yaml::Value), String> {
    let mut doubled = Vec::new();
    let (id, root) = read(sources, path, |id, text| {
        let (root, findings, found) = yaml::parse_last(id, text);
        doubled = found;
        (root, findings)
    })?;
    for one in doubled {
        let lines = [one.first, one.counts.span].map(|span| sources.line_column(span).0);
        let key = crate::source::visible::comment(&one.counts.value);
        let text = format!(
            "the key `{key}` appears twice in one map, on lines {} and {}: the last counts, as LiteLLM reads it",
            lines[0], lines[1]
        );
        notes.push(Note { sort: Sort::Read, span: one.counts.span, text });
    }
    Ok((id, root))
}

/// A YAML file as a document, read as ours or as another program reads it.
fn read(
    sources: &mut Sources,
    path: &Path,
    parse: impl FnOnce(FileId, &str) -> (Option<yaml::Value>, Vec<Finding>),
) -> Result<(FileId, yaml::Value), String> {
    let cannot = |why: String| format!("cannot read `{}`: {why}", path.display());
    let bytes = file::read(path, MAX_IMPORTED_BYTES).map_err(|why| cannot(why.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| cannot("it is not UTF-8".to_owned()))?;
    let text = without_mark(&text);
    let id = sources.add(SourceFile::new(path.display().to_string(), FileKind::Registry, text));
    let (root, findings) = parse(id, text);
    match (root, findings.first()) {
        (_, Some(finding)) => Err(unread(sources, id, text, finding)),
        (None, None) => Err(cannot("it is empty".to_owned())),
        (Some(root), None) => Ok((id, root)),
    }
}

fn unread(sources: &Sources, id: FileId, text: &str, finding: &Finding) -> String {
    if let Some(at) = yaml::half_a_character(text) {
        let half = text.get(at..at + 6).unwrap_or_default();
        let place = sources.place(Span::new(id, at, at + half.len()));
        return format!(
            "{place}: `{half}` is half of a surrogate pair, which is not a character\n  help: write both halves, as in `\\ud83d\\ude00`, or the character itself"
        );
    }
    let template = text.find("{{").map(|at| sources.line_column(Span::new(id, at, at + 2)).0);
    let help = match (template, finding.help.as_deref()) {
        (Some(line), _) => format!(
            "\n  help: `{{{{` on line {line} looks like a template of Helm or Jinja: import what it becomes, as `helm template` prints it"
        ),
        (None, Some(help)) => format!("\n  help: {help}"),
        (None, None) => String::new(),
    };
    format!("{}: {}{help}", sources.place(finding.primary.span), finding.message)
}
