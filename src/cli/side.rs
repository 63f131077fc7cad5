//! One side of a comparison: a folder, a revision or a table, and never one taken for another.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Common, keys, verify};
use crate::decide::survey::Survey;
use crate::diff::Origin;
use crate::diff::causes::Text;
use crate::load::git::{self, NoCommit};
use crate::load::repository::{NoRepository, Repository};
use crate::load::{self, Loaded};
use crate::model::Date;
use crate::source::FileKind;
use crate::table::{DecisionTable, LoadOptions};
use crate::workspace::{self, Trees, Workspace};

/// What a side is asked for by.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked<'a> {
    /// The workspace as it is.
    Workspace,
    /// A git revision.
    Revision(&'a str),
    /// A folder, a table or a revision, whichever there is.
    Any(&'a str),
}

/// What a revision's name may begin with, so that nothing else is meant.
const REVISION: &str = "git:";

impl<'a> Asked<'a> {
    /// A side by its name, the workspace without one.
    pub(super) fn or_workspace(name: Option<&'a str>) -> Self {
        let Some(name) = name else { return Self::Workspace };
        name.strip_prefix(REVISION).map_or(Self::Any(name), Self::Revision)
    }
}

/// A side as read.
pub(super) struct Read {
    /// What it is called.
    pub(super) name: String,
    /// What it was read from.
    pub(super) origin: Origin,
    /// The folder that was read, as it was named; none for what is no folder.
    pub(super) folder: Option<PathBuf>,
    /// What was read.
    pub(super) content: Content,
}

/// What a side consists of.
pub(super) enum Content {
    /// A workspace; both sides have the same where they say the same on the same day.
    Workspace(Arc<Written>),
    /// A table, and the key that its signature names.
    Table(Box<DecisionTable>, Option<String>),
}

/// A side before it is parsed.
pub(super) struct Found {
    name: String,
    origin: Origin,
    folder: Option<PathBuf>,
    content: Unparsed,
}

enum Unparsed {
    Workspace(Box<Loaded>, Date),
    Table(Box<DecisionTable>, Option<String>),
}

/// A workspace and what was written in it.
pub(super) struct Written {
    pub(super) workspace: Workspace,
    trees: Trees,
    as_of: Date,
}

impl Written {
    fn parsed(loaded: Loaded, as_of: Date) -> Arc<Self> {
        let (workspace, trees) = workspace::read_with_trees(loaded, as_of);
        Arc::new(Self { workspace, trees, as_of })
    }

    /// The paths of all files that were read, in the workspace.
    pub(super) fn files(&self) -> Vec<String> {
        let read = self.workspace.sources.iter().filter(|(_, file)| file.kind != FileKind::Ignored);
        read.map(|(_, file)| file.path.clone()).collect()
    }

    pub(super) fn text<'a>(&'a self, survey: &'a Survey<'a>) -> Text<'a> {
        Text { trees: &self.trees, sources: &self.workspace.sources, as_of: self.as_of, survey }
    }
}

/// Parses both sides; what is the same on both, once.
pub(super) fn parse(old: Found, new: Found) -> (Read, Read) {
    let read = |found: Found| {
        let content = match found.content {
            Unparsed::Workspace(loaded, as_of) => Content::Workspace(Written::parsed(*loaded, as_of)),
            Unparsed::Table(table, key) => Content::Table(table, key),
        };
        Read { name: found.name, origin: found.origin, folder: found.folder, content }
    };
    let same = match (&old.content, &new.content) {
        (Unparsed::Workspace(old, from), Unparsed::Workspace(new, to)) => from == to && is_same(old, new),
        _ => false,
    };
    if !same {
        return rayon::join(|| read(old), || read(new));
    }
    let new = read(new);
    let content = match &new.content {
        Content::Workspace(written) => Content::Workspace(Arc::clone(written)),
        // Only workspaces are the same.
        Content::Table(..) => return (read(old), new),
    };
    (Read { name: old.name, origin: old.origin, folder: old.folder, content }, new)
}

/// Whether two workspaces have the same files with the same bytes, and nothing that could not be read.
fn is_same(old: &Loaded, new: &Loaded) -> bool {
    let is_whole = |loaded: &Loaded| loaded.findings.is_empty();
    let files = |loaded: &Loaded| -> Vec<_> {
        let files = loaded.sources.iter();
        files.map(|(_, file)| (file.path.clone(), file.kind, file.readable, file.sha256.clone())).collect()
    };
    let ignored = |loaded: &Loaded| -> Vec<String> {
        loaded.ignored.iter().map(|finding| finding.message.clone()).collect()
    };
    is_whole(old) && is_whole(new) && files(old) == files(new) && ignored(old) == ignored(new)
}

/// Reads one side.
pub(super) fn read(
    asked: Asked<'_>,
    as_of: Date,
    options: &LoadOptions,
    common: &Common,
) -> Result<Found, String> {
    match asked {
        Asked::Workspace => {
            let named = common.workspace.as_ref();
            let name = named.map_or("working folder".to_owned(), |dir| dir.display().to_string());
            folder(name, common.folder(None), as_of)
        }
        Asked::Revision(name) => revision(name, as_of, common),
        Asked::Any(name) => any(name, as_of, options, common),
    }
}

/// Where a revision is compared with the workspace, both must be the same folder: not one that a link leads to.
pub(super) fn comparable(old: &Found, new: &Found, common: &Common) -> Result<(), String> {
    let kinds = [&old.origin, &new.origin];
    let has_revision = kinds.iter().any(|origin| matches!(origin, Origin::Commit(_)));
    if !has_revision {
        return Ok(());
    }
    for side in [old, new] {
        let (Some(folder), Unparsed::Workspace(loaded, _)) = (&side.folder, &side.content) else { continue };
        repository(common)?.without_links()?;
        if let Ok(own) = repository_of(folder) {
            own.without_links()?;
        }
        if let Some(link) = loaded.links.first() {
            return Err(format!(
                "`{link}` is a link, which is followed in a folder and not in a revision, so the two cannot be compared; \
                 put the file itself there"
            ));
        }
    }
    Ok(())
}

/// Keys that tables have to be signed with say nothing where neither side is a table.
pub(super) fn trusted(old: &Found, new: &Found, options: &LoadOptions) -> Result<(), String> {
    let has_table = [old, new].iter().any(|side| matches!(side.content, Unparsed::Table(..)));
    if has_table || options.trusted_keys.is_empty() {
        return Ok(());
    }
    Err("`--trusted-key` demands that tables are signed, and neither side is a table: leave it out, or name a table".to_owned())
}

fn folder(name: String, path: &Path, as_of: Date) -> Result<Found, String> {
    let content = Unparsed::Workspace(Box::new(load::load(path)?), as_of);
    Ok(Found { name, origin: Origin::Folder, folder: Some(path.to_path_buf()), content })
}

fn revision(name: &str, as_of: Date, common: &Common) -> Result<Found, String> {
    let repository = repository(common)?;
    let commit = git::commit(&repository, name).map_err(NoCommit::message)?;
    let loaded = git::load(&repository, &commit).map_err(|why| format!("{why} in `{name}`"))?;
    let origin = Origin::Commit(commit.id().to_owned());
    let content = Unparsed::Workspace(Box::new(loaded), as_of);
    Ok(Found { name: name.to_owned(), origin, folder: None, content })
}

/// The repository of the workspace.
pub(super) fn repository(common: &Common) -> Result<Repository, String> {
    repository_of(common.folder(None))
}

/// The repository around a folder.
pub(super) fn repository_of(folder: &Path) -> Result<Repository, String> {
    Repository::around(&Common::textual(folder)).map_err(|why| match why {
        NoRepository::Absent => format!("`{}` is in no git repository", folder.display()),
        NoRepository::Refused(why) => why,
    })
}

/// A folder, a table or a revision. What could be two of them is refused: a pull request can bring a folder that is
/// called like any revision.
fn any(name: &str, as_of: Date, options: &LoadOptions, common: &Common) -> Result<Found, String> {
    let path = Path::new(name);
    if path.symlink_metadata().is_err() {
        let why = |why| format!("`{name}` is not a folder, a decision table or a git revision: {why}");
        return revision(name, as_of, common).map_err(why);
    }
    if may_be_revision(name, common)? {
        return Err(format!(
            "`{name}` is both a path and a revision: write `./{name}` for the one, `git:{name}` or `--old-revision {name}` for the other"
        ));
    }
    if path.is_dir() {
        // A pull request can put one in the place of the table that a pipeline names.
        if path.extension().is_some_and(|extension| extension == "json") {
            return Err(format!(
                "`{name}` is a folder, and a decision table is called so: rename the folder"
            ));
        }
        return folder(name.to_owned(), path, as_of);
    }
    let table = verify::load_table(path, options);
    let table = table.map_err(|(_, why)| format!("`{name}` is not a decision table: {why}"))?;
    let key = keys::signature_beside(path)?.as_deref().and_then(keys::named_in);
    let content = Unparsed::Table(Box::new(table), key);
    Ok(Found { name: name.to_owned(), origin: Origin::Table, folder: None, content })
}

/// What revisions are called, or how their names begin, where pipelines name them.
const USUAL: [&str; 11] =
    ["HEAD", "develop", "heads", "main", "master", "origin", "refs", "remotes", "tags", "trunk", "upstream"];

/// Whether the name of a path can also mean a revision, even one that is not fetched: in a repository every plain name
/// can. Where the repository is not to be trusted, nobody knows.
fn may_be_revision(name: &str, common: &Common) -> Result<bool, String> {
    let is_table = Path::new(name).extension().is_some_and(|ending| ending == "json");
    if Path::new(name).is_absolute() || name.starts_with('.') {
        return Ok(false);
    }
    let folder = common.folder(None);
    let repository = match Repository::around(&Common::textual(folder)) {
        Ok(repository) => repository,
        Err(NoRepository::Absent) => return Ok(false),
        Err(NoRepository::Refused(why)) => {
            return Err(format!("`{name}` may be a revision: write `./{name}` if it is a path ({why})"));
        }
    };
    if !name.contains('/') && !is_table {
        return Ok(true);
    }
    let is_id = (7..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (first, _) = name.split_once(['/', '~', '^', '@']).unwrap_or((name, ""));
    if is_id || USUAL.contains(&first) {
        return Ok(true);
    }
    let is_known = |name: &str| matches!(git::commit(&repository, name), Ok(_) | Err(NoCommit::Ambiguous(_)));
    Ok(is_known(name) || is_known(&format!("origin/{name}")))
}
