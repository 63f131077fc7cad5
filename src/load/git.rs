//! A workspace as it is in a git revision: from the object store alone, never through work tree or index.
//!
//! The repository may be anyone's: no hook, filter, pager, network or replaced object has a say in what is read, and
//! whatever git hands out is held against its id.

use std::path::Path;
use std::process::{Command, Stdio};

use super::alike;
use super::attributes;
pub use super::attributes::Rewritten;
use super::objects::{Objects, Store};
use super::reader::{self, Loaded, Place as _};
use super::repository::Repository;
use super::tree::Tree;

/// A commit by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit(String);

impl Commit {
    /// Its id, 40 or 64 hexadecimal digits.
    pub fn id(&self) -> &str {
        &self.0
    }
}

/// Why a revision cannot be read.
#[derive(Debug)]
pub enum NoCommit {
    /// The repository has none of this name, with what may help.
    Absent(String),
    /// Several go by this name.
    Ambiguous(String),
    /// It cannot be told.
    Refused(String),
}

impl NoCommit {
    /// What to say.
    pub fn message(self) -> String {
        match self {
            Self::Absent(message) | Self::Ambiguous(message) | Self::Refused(message) => message,
        }
    }
}

/// The commit that a revision names, if it names just one.
pub fn commit(repository: &Repository, revision: &str) -> Result<Commit, NoCommit> {
    if revision.is_empty() || revision.starts_with('-') || revision.contains(|c: char| c.is_control()) {
        return Err(NoCommit::Refused(format!("`{}` is not a revision", revision.escape_debug())));
    }
    if revision.contains(':') {
        return Err(NoCommit::Refused(format!(
            "`{revision}` names a file or looks for words of a commit, which anybody can write; write the commit's name"
        )));
    }
    described(repository, revision)?;
    match find(repository, revision)? {
        Some(commit) => Ok(commit),
        None => Err(NoCommit::Absent(missing(repository, revision)?)),
    }
}

/// Reads every file of the workspace as a commit has it.
pub fn load(repository: &Repository, commit: &Commit) -> Result<Loaded, String> {
    load_from(Objects::open(repository)?, commit.id(), repository.inside())
}

/// The same from any store: the folder at a path in the commit of an id.
pub fn load_from(store: impl Store, commit: &str, inside: &str) -> Result<Loaded, String> {
    let mut tree = Tree::open(store, commit, inside)?;
    if !reader::is_workspace(&mut tree) {
        let folder = if inside.is_empty() { "its top folder".to_owned() } else { format!("`{inside}`") };
        return Err(format!("{folder} is not a workspace"));
    }
    Ok(reader::read(tree, |_| true))
}

/// The bytes of a file of the repository as a commit has it; none where it has no such file. The path is from the top
/// of the repository, `/`-separated.
pub fn file(repository: &Repository, commit: &Commit, path: &str) -> Result<Option<Vec<u8>>, String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    // A folder that is not there has no file either.
    let Ok(mut tree) = Tree::open(Objects::open(repository)?, commit.id(), folder) else { return Ok(None) };
    let Some(key) = tree.at(name) else { return Ok(None) };
    tree.read(&key, path).map(Some).map_err(|refusal| refusal.message)
}

/// Which files of the workspace, by their paths in it, are other texts in a checkout or an archive than in a commit.
pub fn rewritten(
    repository: &Repository,
    commit: &Commit,
    files: &[String],
) -> Result<Vec<Rewritten>, String> {
    let files: Vec<String> = files.iter().map(|file| repository.below_top(file)).collect();
    let mut tree = Tree::open(Objects::open(repository)?, commit.id(), "")?;
    attributes::rewritten(&files, &mut |path| {
        let Some(key) = tree.at(path) else { return Ok(None) };
        tree.read(&key, path).map(Some).map_err(|refusal| refusal.message)
    })
}

/// The same of the work tree: by what stands in it, and by what its own commit says, for what a checkout converts may be
/// the attributes themselves.
pub fn rewritten_here(repository: &Repository, files: &[String]) -> Result<Vec<Rewritten>, String> {
    let paths: Vec<String> = files.iter().map(|file| repository.below_top(file)).collect();
    let mut all = attributes::rewritten(&paths, &mut |path| repository.text(path))?;
    if let Some(head) = head(repository)? {
        let mut more = rewritten(repository, &head, files)?;
        more.retain(|one| !one.is_among(&all));
        all.extend(more);
    }
    Ok(all)
}

/// Links that the commit of the work tree has in the place of what an older one has there, and that lead to the
/// workspace or to a folder around it: each with where it leads, as paths from the top of the repository.
pub fn links_here(repository: &Repository, old: &Commit) -> Result<Vec<(String, String)>, String> {
    let Some(head) = head(repository)? else { return Ok(Vec::new()) };
    let links = Tree::open(Objects::open(repository)?, old.id(), "")?.links_instead(head.id())?;
    let leads = links.into_iter().filter_map(|link| {
        let real = repository.leads_around(&link)?;
        Some((link, repository.shown(&real)))
    });
    Ok(leads.collect())
}

/// Repositories of their own that the commit of the work tree has in folders of the workspace, by their paths in it.
pub fn repositories_here(repository: &Repository, folders: &[String]) -> Result<Vec<String>, String> {
    let Some(head) = head(repository)? else { return Ok(Vec::new()) };
    let mut tree = Tree::open(Objects::open(repository)?, head.id(), "")?;
    let mut found = Vec::new();
    for folder in folders.iter().filter_map(|folder| reader::inside(folder)) {
        found.extend(tree.repositories(repository.below_top(&folder).trim_end_matches('/'))?);
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Names in a commit that a checkout may not tell apart from paths of the workspace, or from those that lead to it: each
/// two, from the top of the repository.
pub fn alike(
    repository: &Repository,
    commit: &Commit,
    paths: &[String],
) -> Result<Vec<(String, String)>, String> {
    let paths: Vec<String> = paths.iter().map(|path| repository.below_top(path)).collect();
    let mut tree = Tree::open(Objects::open(repository)?, commit.id(), "")?;
    alike::alike(&paths, &mut |path| tree.names(path))
}

/// The same of the work tree and of its own commit.
pub fn alike_here(repository: &Repository, paths: &[String]) -> Result<Vec<(String, String)>, String> {
    let below: Vec<String> = paths.iter().map(|path| repository.below_top(path)).collect();
    let mut all = alike::alike_in(&repository.top, &below)?;
    if let Some(head) = head(repository)? {
        all.extend(alike(repository, &head, paths)?);
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// The commit of the work tree; none where nothing was committed yet.
fn head(repository: &Repository) -> Result<Option<Commit>, String> {
    find(repository, "HEAD").map_err(NoCommit::message)
}

fn find(repository: &Repository, revision: &str) -> Result<Option<Commit>, NoCommit> {
    let wanted = format!("{revision}^{{commit}}");
    let said = run(repository, &["rev-parse", "--verify", &wanted])?;
    // A tag and a branch of one name, or a branch that is called like a commit.
    if said.talk.contains("is ambiguous") {
        let why = format!(
            "`{revision}` is ambiguous: several of tags, branches and commits are called so; \
             write `refs/heads/…` or `refs/tags/…`"
        );
        return Err(NoCommit::Ambiguous(why));
    }
    let id = said.answer.trim();
    let is_id = [40, 64].contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    Ok((said.fine && is_id).then(|| Commit(id.to_owned())))
}

/// Refuses what git may take for the output of `git describe`, `v1-2-g0123abc`, of which only the digits count: such a
/// name can be a branch's, and whoever chooses a commit chooses its digits.
fn described(repository: &Repository, revision: &str) -> Result<(), NoCommit> {
    let name = revision.split(['~', '^']).next().unwrap_or_default();
    let name = name.split("@{").next().unwrap_or_default();
    let Some((_, digits)) = name.rsplit_once("-g") else { return Ok(()) };
    if digits.len() < 4 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    let named = run(repository, &["rev-parse", "--verify", "--symbolic-full-name", name])?;
    if !named.fine || !named.answer.starts_with("refs/") {
        let why = format!(
            "`{name}` is not a branch or tag here, and what `git describe` prints is not read: write the commit's id"
        );
        return Err(NoCommit::Refused(why));
    }
    let by_digits = run(repository, &["rev-parse", "--verify", &format!("{digits}^{{commit}}")])?;
    if !name.starts_with("refs/") && (by_digits.fine || by_digits.talk.contains("is ambiguous")) {
        let why = format!(
            "`{name}` is ambiguous: a branch or tag is called so, and `git describe` calls a commit so; \
             write `refs/heads/…` or `refs/tags/…`"
        );
        return Err(NoCommit::Ambiguous(why));
    }
    Ok(())
}

/// Why there may be no such revision, as pipelines mostly come upon it.
fn missing(repository: &Repository, revision: &str) -> Result<String, NoCommit> {
    let missing = format!("the repository has no revision `{revision}`");
    let remote = format!("origin/{revision}");
    if find(repository, &remote).is_ok_and(|commit| commit.is_some()) {
        return Ok(format!("{missing}, but it has `{remote}`"));
    }
    let shallow = run(repository, &["rev-parse", "--is-shallow-repository"])?;
    if shallow.answer.starts_with("true") {
        return Ok(format!("{missing}, and it is a shallow clone: fetch the history that holds it"));
    }
    Ok(missing)
}

/// The variables by which git is sent elsewhere, as `git rev-parse --local-env-vars` lists them and some more.
const ELSEWHERE: [&str; 18] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_ATTR_SOURCE",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_TRACE",
    "GIT_WORK_TREE",
];

/// The program, told which repository to read, and to read it and nothing else.
pub(super) fn program(repository: &Repository) -> Command {
    let mut git = Command::new("git");
    git.arg("--git-dir").arg(&repository.git_dir);
    git.args(["--no-pager", "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs"]);
    for setting in [
        "safe.bareRepository=explicit",
        "protocol.allow=never",
        "core.fsmonitor=false",
        "core.hooksPath=/dev/null",
        "core.warnAmbiguousRefs=true",
        "advice.objectNameWarning=false",
    ] {
        git.args(["-c", setting]);
    }
    for name in ELSEWHERE {
        git.env_remove(name);
    }
    git.env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0").env("GIT_ALLOW_PROTOCOL", "none");
    git.env("LC_ALL", "C").env("LANGUAGE", "C");
    let top: &Path = &repository.top;
    git.current_dir(top).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    git
}

/// What the program says.
struct Said {
    fine: bool,
    answer: String,
    talk: String,
}

fn run(repository: &Repository, arguments: &[&str]) -> Result<Said, NoCommit> {
    let output = program(repository).args(arguments).output();
    let output = output.map_err(|error| NoCommit::Refused(cannot_start(&error)))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Said { fine: output.status.success(), answer: text(&output.stdout), talk: text(&output.stderr) })
}

pub(super) fn cannot_start(error: &std::io::Error) -> String {
    format!("the program `git` cannot be started: {error}")
}
