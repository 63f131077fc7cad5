//! Reading a workspace as it is in a git revision: from the object store alone, never through work tree or index.
//!
//! The repository may be anyone's: no hook, filter, pager, network or replaced object has a say in what is read.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::reader::{self, Found, Loaded, Place, Refusal};
use crate::limits::MAX_FILE_BYTES;

/// Reads every file of the workspace in a folder as a revision of its repository has it.
pub fn load(folder: &Path, revision: &str) -> Result<Loaded, String> {
    if revision.is_empty() || revision.starts_with('-') || revision.contains(['\0', '\n']) {
        return Err(format!("`{}` is no revision", revision.escape_debug()));
    }
    let (folder, below) = standing(folder)?;
    let above = run(folder, &["rev-parse", "--show-prefix"]).map_err(|failure| match failure {
        Failure::NotStarted(why) => why,
        Failure::Said(why) => format!("`{}` is in no git repository: {why}", folder.display()),
    })?;
    let above = String::from_utf8_lossy(&above);
    let above = above.strip_suffix('\n').unwrap_or(&above).trim_end_matches('/');
    let inside = [above, &below].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    let commit = commit(folder, revision).ok_or_else(|| missing(folder, revision))?;
    let tree = format!("{commit}:{inside}");
    let listing = run(folder, &["ls-tree", "-r", "-z", "-l", "--full-tree", &tree])
        .map_err(|_| format!("there is no folder `{inside}` in `{revision}`"))?;
    let entries = listing.split(|byte| *byte == 0).filter_map(entry).collect();
    Ok(reader::read(Tree { entries, objects: Objects::open(folder)? }, |_| true))
}

/// The folder itself, or the nearest one above it that is there, with the path from it: a bare repository has no
/// folders, and a revision may have one that the work tree has not.
fn standing(folder: &Path) -> Result<(&Path, String), String> {
    for above in folder.ancestors() {
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        if above.is_dir() {
            let below = folder.strip_prefix(above).unwrap_or(folder);
            let parts = below.components().map(|part| match part {
                Component::Normal(part) => part.to_str(),
                _ => None,
            });
            let parts: Option<Vec<&str>> = parts.collect();
            let parts = parts.ok_or_else(|| format!("there is no folder `{}`", folder.display()))?;
            return Ok((above, parts.join("/")));
        }
    }
    Err(format!("there is no folder `{}`", folder.display()))
}

/// The commit that a revision names.
fn commit(folder: &Path, revision: &str) -> Option<String> {
    let wanted = format!("{revision}^{{commit}}");
    let commit = run(folder, &["rev-parse", "--verify", "--quiet", &wanted]).ok()?;
    Some(String::from_utf8_lossy(&commit).trim().to_owned())
}

/// Why there may be no such revision, as pipelines mostly come upon it.
fn missing(folder: &Path, revision: &str) -> String {
    let missing = format!("the repository has no revision `{revision}`");
    let remote = format!("origin/{revision}");
    if commit(folder, &remote).is_some() {
        return format!("{missing}, but it has `{remote}`");
    }
    match run(folder, &["rev-parse", "--is-shallow-repository"]) {
        Ok(said) if said.starts_with(b"true") => {
            format!("{missing}, and it is a shallow clone: fetch the history that holds it")
        }
        _ => missing,
    }
}

/// The program, told to read and nothing else.
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.args(["--no-pager", "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs"]);
    git.args(["-c", "protocol.allow=never", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
    git.arg("-C").arg(folder);
    git.env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0").env("GIT_ALLOW_PROTOCOL", "none");
    git.env("LC_ALL", "C");
    // What a hook sets points at its own repository; the workspace's is asked for.
    for name in
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_COMMON_DIR"]
    {
        git.env_remove(name);
    }
    git.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    git
}

/// Why the program has no answer.
enum Failure {
    /// It is not there, or may not be run.
    NotStarted(String),
    /// What it says.
    Said(String),
}

fn run(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let output = git(folder).args(arguments).output();
    let output = output.map_err(|error| Failure::NotStarted(cannot_start(&error)))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("it does not say why");
    Err(Failure::Said(said.strip_prefix("fatal: ").unwrap_or(said).to_owned()))
}

fn cannot_start(error: &std::io::Error) -> String {
    format!("the program `git` cannot be started: {error}")
}

/// What a tree has at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    mode: Mode,
    object: String,
    size: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    File,
    Link,
    Repository,
}

/// `mode type object size<tab>path`.
fn entry(line: &[u8]) -> Option<(String, Entry)> {
    let text = String::from_utf8_lossy(line);
    let (head, path) = text.split_once('\t')?;
    let mut words = head.split_ascii_whitespace();
    let mode = match words.next()? {
        "120000" => Mode::Link,
        "160000" => Mode::Repository,
        _ => Mode::File,
    };
    let object = words.nth(1)?.to_owned();
    let size = words.next()?.parse().unwrap_or(0);
    Some((path.to_owned(), Entry { mode, object, size }))
}

/// The workspace's folder in a revision.
struct Tree {
    entries: BTreeMap<String, Entry>,
    objects: Objects,
}

impl Place for Tree {
    type Key = String;

    fn at(&self, path: &str) -> Option<String> {
        let folder = folder(path);
        let mut below =
            self.entries.range(folder.clone()..).take_while(|(path, _)| path.starts_with(&folder));
        (self.entries.contains_key(path) || below.next().is_some()).then(|| path.to_owned())
    }

    fn below(&self, key: &String, wanted: &dyn Fn(&str) -> bool) -> Vec<Found<String>> {
        if let Some(entry) = self.entries.get(key) {
            return vec![found(key, entry)];
        }
        let folder = folder(key);
        let below = self.entries.range(folder.clone()..).take_while(|(path, _)| path.starts_with(&folder));
        let seen = below.filter(|(path, entry)| {
            let rest = path.strip_prefix(&folder).unwrap_or(path);
            let name = rest.rsplit('/').next().unwrap_or(rest);
            // What is no file may stand for a folder.
            let folder = entry.mode != Mode::File && !name.contains('.');
            !rest.split('/').any(|part| part.starts_with('.')) && (wanted(name) || folder)
        });
        seen.map(|(path, entry)| found(path, entry)).collect()
    }

    fn read(&mut self, key: &String, shown: &str) -> Result<Vec<u8>, Refusal> {
        let help = "check the repository with `git fsck`";
        let Some(entry) = self.entries.get(key) else {
            return Err(Refusal::new(format!("cannot read `{shown}`: it is not a file"), help));
        };
        found(key, entry).map_err(|(_, refusal)| refusal)?;
        if entry.size > MAX_FILE_BYTES {
            return Err(Refusal::too_large(shown));
        }
        let bytes = self.objects.read(&entry.object);
        bytes.map_err(|why| Refusal::new(format!("cannot read `{shown}`: {why}"), help))
    }
}

/// The prefix of everything in a folder; of the workspace itself none.
fn folder(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}/") }
}

/// A file; links and other repositories are refused, for what they lead to is no part of the revision.
fn found(path: &str, entry: &Entry) -> Found<String> {
    let (what, help) = match entry.mode {
        Mode::File => return Ok((path.to_owned(), path.to_owned())),
        Mode::Link => ("a link, which is not followed in a revision", "commit the file itself"),
        Mode::Repository => ("a repository of its own", "commit its files into this one"),
    };
    Err((path.to_owned(), Refusal::new(format!("`{path}` is {what}"), help)))
}

/// A running `git cat-file --batch`.
struct Objects {
    child: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Objects {
    fn open(folder: &Path) -> Result<Self, String> {
        let mut git = git(folder);
        git.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut child = git.spawn().map_err(|error| cannot_start(&error))?;
        let (Some(ask), Some(answer)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the program `git` cannot be spoken with".to_owned());
        };
        Ok(Self { child, ask, answer: BufReader::new(answer) })
    }

    /// The content of a file's object.
    fn read(&mut self, object: &str) -> Result<Vec<u8>, String> {
        let gone = |error: std::io::Error| format!("git: {error}");
        self.ask.write_all(format!("{object}\n").as_bytes()).map_err(gone)?;
        self.ask.flush().map_err(gone)?;
        let mut head = String::new();
        self.answer.read_line(&mut head).map_err(gone)?;
        let mut words = head.split_ascii_whitespace().skip(1);
        let (Some("blob"), Some(size)) = (words.next(), words.next()) else {
            return Err("the repository does not have it".to_owned());
        };
        let size: u64 = size.parse().map_err(|_| "git gives it no size".to_owned())?;
        if size > MAX_FILE_BYTES {
            return Err("it is larger than it says".to_owned());
        }
        let mut bytes = Vec::new();
        (&mut self.answer).take(size).read_to_end(&mut bytes).map_err(gone)?;
        let mut end = [0u8];
        self.answer.read_exact(&mut end).map_err(gone)?;
        if bytes.len() as u64 == size {
            Ok(bytes)
        } else {
            Err("the repository does not have all of it".to_owned())
        }
    }
}

impl Drop for Objects {
    /// Nothing is left to be asked, and nobody to hear of an error.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
