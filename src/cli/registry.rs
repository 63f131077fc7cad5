//! `govctl registry`: prices, windows and last days out of public catalogues, edited in place.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{Answered, Common, Format, Status, catalogues, output, terminal, unified};
use crate::catalogue::refresh::{self, Outcome};
use crate::catalogue::report::{self, File};
use crate::catalogue::{Catalogue, add};
use crate::load;
use crate::source::{FileKind, visible};
use crate::syntax;
use crate::syntax::tree::{StatementKind, VocabularyKind};
use crate::yaml::{self, edit};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add models that a catalogue lists; they are approved for nothing
    Add(AddArguments),
    /// Hold every model against catalogues and edit what differs, in place
    Refresh(RefreshArguments),
}

#[derive(Debug, Args)]
struct AddArguments {
    /// The models, as the catalogue calls them
    #[arg(value_name = "PROVIDER/MODEL", required = true)]
    models: Vec<String>,
    /// The catalogue: a file of `LiteLLM`, genai-prices, models.dev or `OpenRouter`
    #[arg(long, value_name = "FILE", required = true)]
    from: PathBuf,
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
        Action::Add(arguments) => added(arguments, common),
        Action::Refresh(arguments) => refreshed(arguments, common),
    }
}

/// The files of the registry that can be read: where they are, as they are called, and what they say.
fn files(common: &Common) -> Result<Vec<(PathBuf, File)>, String> {
    let folder = common.folder(None);
    let loaded = load::load(folder)?;
    let mut files = Vec::new();
    for (id, file) in loaded.sources.of_kind(FileKind::Registry).filter(|(_, file)| file.readable) {
        let (root, findings) = yaml::parse(id, &file.text);
        if let Some(finding) = findings.first() {
            return Err(format!("{}: {}", loaded.sources.place(finding.primary.span), finding.message));
        }
        if let Some(root) = root {
            let read = File { path: file.path.clone(), text: file.text.clone(), root };
            files.push((folder.join(&file.path), read));
        }
    }
    Ok(files)
}

fn refreshed(arguments: &RefreshArguments, common: &Common) -> Answered {
    let catalogues = catalogues::read_all(&arguments.from, common)?;
    let prefer = arguments.prefer.as_ref().map(|wanted| {
        let at = arguments.from.iter().position(|path| path == wanted);
        let catalogue = at.and_then(|at| catalogues.get(at));
        catalogue.ok_or_else(|| format!("`--prefer {}` is not one of the catalogues", wanted.display()))
    });
    let prefer = prefer.transpose()?.map(|catalogue| catalogue.name.as_str());
    let files = files(common)?;
    let wanted = |id: &str| arguments.models.is_empty() || arguments.models.iter().any(|model| model == id);
    if let Some(model) = arguments.models.iter().find(|model| !report::has(&files, model)) {
        return Err(format!("the registry has no model `{model}`").into());
    }
    let outcomes: Vec<(&File, Outcome)> = files
        .iter()
        .map(|(_, file)| (file, refresh::compare(&file.root, &file.text, &catalogues, prefer, &wanted)))
        .collect();
    let mut written: Vec<(&Path, String)> = Vec::new();
    let mut shown = String::new();
    for ((path, file), (_, outcome)) in files.iter().zip(&outcomes) {
        if outcome.edits.is_empty() {
            continue;
        }
        let text = edit::apply(&file.text, &outcome.edits).map_err(|why| format!("{}: {why}", file.path))?;
        shown += &unified::difference(&file.path, &file.text, &text, common.style_out());
        written.push((path.as_path(), text));
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

/// The capabilities that the policies list; none where they list none, so that any may be stated.
fn capabilities(common: &Common) -> Result<Option<BTreeSet<String>>, String> {
    let loaded = load::load(common.folder(None))?;
    let mut known: Option<BTreeSet<String>> = None;
    for (id, file) in loaded.sources.of_kind(FileKind::Policy).filter(|(_, file)| file.readable) {
        let (tree, _) = syntax::parse(id, &file.text);
        for statement in &tree.statements {
            if let StatementKind::Vocabulary(VocabularyKind::Capabilities, names) = &statement.kind {
                known.get_or_insert_default().extend(names.iter().map(|name| name.text.clone()));
            }
        }
    }
    Ok(known)
}

fn added(arguments: &AddArguments, common: &Common) -> Answered {
    let catalogue = catalogues::read(&arguments.from, common)?;
    let mut files = files(common)?;
    let folder = common.folder(None);
    let mut said = String::new();
    let mut left_out: Vec<String> = Vec::new();
    let known = capabilities(common)?;
    let mut new: Vec<(PathBuf, String)> = Vec::new();
    for model in &arguments.models {
        if report::has(&files, model) {
            return Err(format!(
                "the registry has `{model}` already: `govctl registry refresh {model}` keeps it true"
            )
            .into());
        }
        let (provider, name, entry) = found(&catalogue, model)?;
        let mut entry = entry.clone();
        if let Some(known) = &known {
            let (kept, left): (Vec<&str>, Vec<&str>) =
                entry.capabilities.iter().partition(|name| known.contains(**name));
            entry.capabilities = kept;
            if !left.is_empty() {
                left_out.push(format!(
                    "note: `{model}` also offers {}, which `capabilities` in the policies does not list\n",
                    left.join(", ")
                ));
            }
        }
        let lines = add::lines(name, &entry, &catalogue.name, &common.as_of().to_string());
        let home = files
            .iter_mut()
            .find_map(|(path, file)| Some((path, add::models_of(&file.root, provider)?, file)));
        if let Some((_, list, file)) = home {
            file.text =
                edit::append(&file.text, &list, &lines).map_err(|why| format!("{}: {why}", file.path))?;
            file.root =
                yaml::parse(crate::source::FileId::NONE, &file.text).0.unwrap_or_else(|| file.root.clone());
            said += &format!("added `{model}` to {}\n", file.path);
        } else {
            let path = format!("registry/{}.yaml", add::file_name(provider));
            if folder.join(&path).symlink_metadata().is_ok()
                || new.iter().any(|(other, _)| *other == folder.join(&path))
            {
                return Err(format!(
                    "`{path}` is there already and has no `models` of `{provider}`: add them by hand"
                )
                .into());
            }
            let text = add::file(provider, &lines);
            let root = yaml::parse(crate::source::FileId::NONE, &text).0;
            if let Some(root) = root {
                said += &format!("added `{model}` to {path}\n");
                files.push((folder.join(&path), File { path: path.clone(), text, root }));
            }
        }
    }
    new.extend(files.iter().map(|(path, file)| (path.clone(), file.text.clone())));
    let unchanged = |path: &Path, text: &str| std::fs::read_to_string(path).is_ok_and(|old| old == text);
    let all: Vec<(PathBuf, &str)> = new
        .iter()
        .filter(|(path, text)| !unchanged(path, text))
        .map(|(path, text)| (path.clone(), text.as_str()))
        .collect();
    output::write_below(folder, &all)
        .map_err(|(path, error)| format!("cannot write `{}`: {error}", path.display()))?;
    said.extend(left_out);
    said += "state what no catalogue knows: `data_classification_max`, `approved_use_cases`, and the facts of the provider\n";
    terminal::show(&said, Status::Fine)
}

/// What a catalogue lists under a name; where it lists nothing, what is near.
fn found<'a, 'c>(
    catalogue: &'c Catalogue,
    model: &'a str,
) -> Result<(&'a str, &'a str, &'c crate::catalogue::Entry), String> {
    let (provider, name) =
        model.split_once('/').ok_or_else(|| format!("`{model}` is no `provider/model`"))?;
    let entry = catalogue.find(&[provider], &[name]);
    let entry = entry.ok_or_else(|| {
        let names: Vec<String> =
            catalogue.entries.iter().map(|entry| format!("{}/{}", entry.provider, entry.model)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let near = crate::diag::nearest::nearest(model, names);
        let near = near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("`{}` does not list `{model}`{near}", catalogue.name)
    })?;
    if let Err(why) = &entry.price {
        return Err(format!("`{model}`: {why}"));
    }
    Ok((provider, name, entry))
}
