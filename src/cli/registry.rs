//! `govctl registry`: prices, windows and last days out of public catalogues, edited in place.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{Answered, Common, Format, Status, add, catalogues, output, terminal, unified};
use crate::catalogue::facts::Fact;
use crate::catalogue::findings;
use crate::catalogue::refresh::{self, Refreshed, Wanted};
use crate::catalogue::report::{self, File};
use crate::check::allow;
use crate::load::{self, Loaded};
use crate::source::{BYTE_ORDER_MARK, FileKind, visible};
use crate::yaml::{self, edit};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add models that a catalogue lists; they are approved for nothing
    Add(add::Arguments),
    /// Hold every model against catalogues and edit what differs, in place
    Refresh(RefreshArguments),
}

#[derive(Debug, Args)]
struct RefreshArguments {
    /// Only these models [default: all]
    #[arg(value_name = "PROVIDER/MODEL")]
    models: Vec<String>,
    /// A catalogue; of several, every disagreement is reported, and nothing taken on which they do not agree
    #[arg(long, value_name = "FILE", required = true)]
    from: Vec<PathBuf>,
    /// The catalogue that counts where they do not agree
    #[arg(long, value_name = "FILE")]
    prefer: Option<PathBuf>,
    /// Write nothing; end with status 1 if something differs
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change in the files
    #[arg(long, conflicts_with = "check")]
    dry_run: bool,
    /// How the report is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    match &arguments.action {
        Action::Add(arguments) => add::run(arguments, common),
        Action::Refresh(arguments) => refreshed(arguments, common),
    }
}

/// The files of the registry that can be read: where they are, as they are called, and what they say.
pub(super) fn files(common: &Common) -> Result<Vec<(PathBuf, File)>, String> {
    let loaded = load::load(common.folder(None))?;
    files_of(&loaded, common)
}

fn files_of(loaded: &Loaded, common: &Common) -> Result<Vec<(PathBuf, File)>, String> {
    let folder = common.folder(None);
    let mut files = Vec::new();
    for (id, file) in loaded.sources.of_kind(FileKind::Registry).filter(|(_, file)| file.readable) {
        let (root, findings) = yaml::parse(id, &file.text);
        if let Some(finding) = findings.first() {
            return Err(format!("{}: {}", loaded.sources.place(finding.primary.span), finding.message));
        }
        if let Some(root) = root {
            let read = File::new(file.path.clone(), file.text.clone(), root);
            files.push((folder.join(&file.path), read));
        }
    }
    Ok(files)
}

/// A text with the byte order mark that its file has, which nobody asked to take out.
pub(super) fn marked(path: &Path, text: String) -> String {
    let has_mark = std::fs::File::open(path).is_ok_and(|mut file| {
        let mut begin = [0; BYTE_ORDER_MARK.len()];
        file.read_exact(&mut begin).is_ok() && begin == BYTE_ORDER_MARK.as_bytes()
    });
    if has_mark { format!("{BYTE_ORDER_MARK}{text}") } else { text }
}

fn refreshed(arguments: &RefreshArguments, common: &Common) -> Answered {
    let catalogues = catalogues::read_all(&arguments.from, common)?;
    let prefer = catalogues::preferred(&catalogues, &arguments.from, arguments.prefer.as_deref())?;
    let loaded = load::load(common.folder(None))?;
    let files = files_of(&loaded, common)?;
    let asked: BTreeSet<&str> = arguments.models.iter().map(String::as_str).collect();
    let wanted = |id: &str| asked.is_empty() || asked.contains(id);
    let known = report::ids(&files);
    if let Some(model) = arguments.models.iter().find(|model| !known.contains(*model)) {
        return Err(format!("the registry has no model `{model}`").into());
    }
    // What a comment silences is meant to stand as it does.
    let told = catalogues::against(&loaded.sources, &catalogues, common.as_of());
    let (_, silenced) = allow::apply(&loaded.sources, &[], &[], common.as_of(), true, told);
    let outcome = |file: &File| {
        let kept = findings::kept(&file.root, &silenced);
        let keeps = |id: &str, fact: Fact| {
            findings::code_of(fact).is_some_and(|code| kept.contains(&(id.to_owned(), code)))
        };
        let wanted = Wanted { models: &wanted, keeps: &keeps };
        refresh::compare(&file.root, &file.text, &catalogues, prefer, wanted)
    };
    let outcomes: Vec<(&File, Refreshed)> = files.iter().map(|(_, file)| (file, outcome(file))).collect();
    let mut written: Vec<(&Path, String)> = Vec::new();
    let mut shown = String::new();
    for ((path, file), (_, outcome)) in files.iter().zip(&outcomes) {
        if outcome.edits.is_empty() {
            continue;
        }
        let text = edit::apply(&file.text, &outcome.edits).map_err(|why| format!("{}: {why}", file.path))?;
        shown += &unified::difference(&file.path, &file.text, &text, common.style_out());
        written.push((path.as_path(), marked(path, text)));
    }
    let writes = !arguments.check && !arguments.dry_run;
    if writes {
        let all: Vec<(&Path, &[u8])> = written.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
        output::write_all(&all)
            .map_err(|(path, error)| format!("cannot write `{}`: {error}", path.display()))?;
    }
    let changed = outcomes.iter().any(|(_, outcome)| {
        !outcome.changes.is_empty() || outcome.disagreements.iter().any(|one| one.taken.is_none())
    });
    let status = if arguments.check && changed { Status::Negative } else { Status::Fine };
    match arguments.format {
        Format::Json => terminal::answer(&report::json(&outcomes), status),
        Format::Human if arguments.dry_run => {
            let report = report::human(&outcomes, false);
            let text = shown + &visible::lines(&report);
            terminal::show_drawn(&text, common.style_out(), status)
        }
        Format::Human => terminal::show(&report::human(&outcomes, writes), status),
    }
}
