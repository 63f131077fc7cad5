//! `govctl registry add`: new models as catalogues list them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;

use super::registry::files;
use super::{Answered, Common, Status, catalogues, output, registry, terminal};
use crate::catalogue::agree::{self, Agreed, Disputed};
use crate::catalogue::facts::{Fact, Unit};
use crate::catalogue::report::{self, File};
use crate::catalogue::vendor::{self, Address};
use crate::catalogue::{Catalogue, Entry, add, called};
use crate::load;
use crate::model::words::joined;
use crate::source::FileKind;
use crate::syntax;
use crate::syntax::tree::{StatementKind, VocabularyKind};
use crate::yaml::{self, edit};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The models, as the catalogue calls them
    #[arg(value_name = "PROVIDER/MODEL", required = true)]
    models: Vec<String>,
    /// A catalogue: a file of `LiteLLM`, genai-prices, models.dev or `OpenRouter`; of several, every disagreement is reported
    #[arg(long, value_name = "FILE", required = true)]
    from: Vec<PathBuf>,
    /// The catalogue that counts where they do not agree
    #[arg(long, value_name = "FILE")]
    prefer: Option<PathBuf>,
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

pub(super) fn run(arguments: &Arguments, common: &Common) -> Answered {
    let catalogues = catalogues::read_all(&arguments.from, common)?;
    let prefer = catalogues::preferred(&catalogues, &arguments.from, arguments.prefer.as_deref())?;
    let mut files = files(common)?;
    let folder = common.folder(None);
    let mut said = String::new();
    let mut left_out: Vec<String> = Vec::new();
    let known = capabilities(common)?;
    let mut ids = report::ids(&files);
    let mut made: BTreeSet<PathBuf> = BTreeSet::new();
    let mut added = NewEntries::new();
    for model in &arguments.models {
        if !ids.insert(model.clone()) {
            return Err(format!(
                "the registry has `{model}` already: `govctl registry refresh {model}` keeps it true"
            )
            .into());
        }
        let (provider, name) =
            model.split_once('/').ok_or_else(|| format!("`{model}` is not of the form `provider/model`"))?;
        let New { mut entry, sources, notes } = new(&catalogues, prefer, &files, (provider, name))?;
        left_out.extend(notes);
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
        let lines = add::lines(name, &entry, &sources, &common.as_of().to_string());
        let home = files
            .iter()
            .enumerate()
            .find_map(|(at, (_, file))| Some((at, add::models_of(&file.root, provider)?, &file.path)));
        if let Some((at, list, path)) = home {
            added.entry(at).or_default().entry(list).or_default().push(lines);
            said += &format!("added `{model}` to {path}\n");
        } else {
            let path = format!("registry/{}.yaml", add::file_name(provider));
            let target = folder.join(&path);
            if target.symlink_metadata().is_ok() || !made.insert(target.clone()) {
                return Err(format!(
                    "`{path}` is there already and has no `models` of `{provider}`: add them by hand"
                )
                .into());
            }
            let text = add::file(provider, &lines);
            let root = yaml::parse(crate::source::FileId::NONE, &text).0;
            if let Some(root) = root {
                said += &format!("added `{model}` to {path}\n");
                files.push((target, File::new(path, text, root)));
            }
        }
    }
    write(folder, &mut files, added)?;
    said.extend(left_out);
    said += "state what no catalogue knows: `data_classification_max`, `approved_use_cases`, and the facts of the provider\n";
    terminal::show(&said, Status::Fine)
}

/// By the number of a file and the list in it the lines of new entries.
type NewEntries = BTreeMap<usize, BTreeMap<Vec<String>, Vec<Vec<String>>>>;

/// Puts new entries into their files, and writes what has changed.
fn write(folder: &Path, files: &mut [(PathBuf, File)], added: NewEntries) -> Result<(), String> {
    for (at, lists) in added {
        let Some((_, file)) = files.get_mut(at) else { continue };
        let lists: Vec<edit::Added> = lists.into_iter().collect();
        file.text = edit::append(&file.text, &lists).map_err(|why| format!("{}: {why}", file.path))?;
    }
    let texts: Vec<(PathBuf, String)> =
        files.iter().map(|(path, file)| (path.clone(), registry::marked(path, file.text.clone()))).collect();
    let unchanged = |path: &Path, text: &str| std::fs::read_to_string(path).is_ok_and(|old| old == text);
    let changed = texts.iter().filter(|(path, text)| !unchanged(path, text));
    let all: Vec<(PathBuf, &str)> = changed.map(|(path, text)| (path.clone(), text.as_str())).collect();
    output::write_below(folder, &all)
        .map_err(|(path, error)| format!("cannot write `{}`: {error}", path.display()))
}

/// A model as catalogues list it.
struct New {
    entry: Entry,
    /// The catalogues that agree, as a list in words.
    sources: String,
    /// What one alone states, and what they do not agree on.
    notes: Vec<String>,
}

/// What catalogues list under a name; where none lists it, what is near.
fn new(
    catalogues: &[Catalogue],
    prefer: Option<&str>,
    files: &[(PathBuf, File)],
    (provider, name): (&str, &str),
) -> Result<New, String> {
    let model = &format!("{provider}/{name}");
    let endpoint = |key| files.iter().find_map(|(_, file)| add::endpoint(&file.root, provider, key));
    // A catalogue may call a provider of ours by what it speaks.
    let of: Vec<&str> =
        std::iter::once(provider).chain(endpoint("protocol").map(called).unwrap_or_default()).collect();
    let mut listing: Vec<(&Catalogue, &Entry)> =
        catalogues.iter().filter_map(|catalogue| Some((catalogue, catalogue.find(&of, &[name])?))).collect();
    if listing.is_empty() {
        return Err(unlisted(catalogues, model, &of));
    }
    let base = endpoint("base_url");
    let elsewhere = |entry: &Entry| vendor::elsewhere(&entry.provider, base.map(Address::Url));
    let mut notes = Vec::new();
    if let Some(why) = listing.iter().find_map(|(_, entry)| elsewhere(entry)) {
        listing.retain(|(_, entry)| elsewhere(entry).is_none());
        if listing.is_empty() {
            return Err(format!(
                "`{model}` cannot be added from a catalogue: {why}; add it by hand, with the price of your contract"
            ));
        }
        notes.push(format!("note: `{model}`: {why}: what is listed of that vendor is left out\n"));
    }
    let several = listing.len() > 1;
    for (catalogue, entry) in &listing {
        if let Err(why) = &entry.price {
            let by = if several { format!("`{}`: ", catalogue.name) } else { String::new() };
            notes.push(format!("note: `{model}`: {by}{why}\n"));
        }
    }
    let (taken, disputed) = agree::agree(&listing, prefer);
    let dear = |one: &&Disputed| one.taken.is_none() && [Fact::Input, Fact::Output].contains(&one.fact);
    let disputes: Vec<String> = disputed.iter().filter(dear).map(said).collect();
    if !disputes.is_empty() {
        return Err(format!(
            "the catalogues do not agree on what `{model}` costs: {}; `--prefer FILE` names the one to believe",
            disputes.join("; ")
        ));
    }
    let entry = agree::entry(&listing, &taken).ok_or_else(|| unlisted(catalogues, model, &of))?;
    if entry.price.is_err() {
        let whys: Vec<String> =
            notes.iter().map(|note| note.trim_start_matches("note: ").trim_end().to_owned()).collect();
        return Err(whys.join("; "));
    }
    notes.extend(disputed.iter().map(|one| {
        let end = one
            .taken
            .as_ref()
            .map_or_else(|| "it is left out".to_owned(), |name| format!("`{name}` was preferred"));
        format!("note: `{model}`: the catalogues do not agree on {}; {end}\n", said(one))
    }));
    notes.extend(taken.iter().filter_map(|one| alone(model, one)));
    for (catalogue, entry) in listing.iter().filter(|(_, entry)| !entry.beside.is_empty()) {
        let keys: Vec<String> = entry.beside.iter().map(|key| format!("`{key}`")).collect();
        notes.push(format!(
            "note: `{model}`: `{}` prices it by {} too, which a registry cannot state: what it costs then is left out\n",
            catalogue.name,
            joined(&keys.iter().map(String::as_str).collect::<Vec<&str>>())
        ));
    }
    let sources: Vec<&str> = listing.iter().map(|(catalogue, _)| catalogue.name.as_str()).collect();
    Ok(New { entry, sources: joined(&sources), notes })
}

fn said(one: &Disputed) -> String {
    let said: Vec<String> = one.said.iter().map(|(name, text)| format!("`{name}` says `{text}`")).collect();
    format!("`{}`: {}", one.fact.shown(Unit::Per1m), said.join(", "))
}

/// That one catalogue alone states something.
fn alone(model: &str, one: &Agreed) -> Option<String> {
    let silent: Vec<String> = one.silent.iter().map(|name| format!("`{name}`")).collect();
    let silent: Vec<&str> = silent.iter().map(String::as_str).collect();
    let list = if silent.len() == 1 { "lists" } else { "list" };
    (!silent.is_empty()).then(|| {
        format!(
            "note: `{model}`: `{}`: `{}` alone says `{}`; {} {list} the model without it\n",
            one.fact.shown(Unit::Per1m),
            one.source,
            one.text,
            joined(&silent)
        )
    })
}

/// That no catalogue lists a model, and what is near: of a provider of ours, which has a protocol, under our name for it.
fn unlisted(catalogues: &[Catalogue], model: &str, of: &[&str]) -> String {
    let entries = catalogues.iter().flat_map(|catalogue| &catalogue.entries);
    let names: Vec<String> = match of {
        [provider, _, ..] => entries
            .filter(|entry| of.contains(&entry.provider.as_str()))
            .map(|entry| format!("{provider}/{}", entry.model))
            .collect(),
        _ => entries.map(|entry| format!("{}/{}", entry.provider, entry.model)).collect(),
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let near = crate::diag::nearest::nearest(model, names);
    let near = near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    match catalogues {
        [one] => format!("`{}` does not list `{model}`{near}", one.name),
        _ => format!("no catalogue lists `{model}`{near}"),
    }
}
