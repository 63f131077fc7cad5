//! Where a workspace may be, seen from a folder that is none: only names are looked at.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use crate::limits::shown;
use crate::limits::{MAX_FOLDER_DEPTH, MAX_FOLDER_ENTRIES, MAX_LOOKED_AT};
use crate::source::visible;

/// How deep it is looked for below.
const DEPTH: usize = 3;

/// Says that a folder is no workspace, and where there is one; `real` is the folder without links.
pub(super) fn no_workspace(root: &Path, real: &Path) -> String {
    let message = format!(
        "`{}` is not a workspace: it has no `registry/`, `estate/`, `policies/` or `govctl.yaml`",
        root.display()
    );
    let mut found: Vec<PathBuf> = above(root, real).into_iter().collect();
    if found.is_empty() {
        found = below(root, real);
    }
    let shown = found.iter().map(|path| visible::inline(&path.display().to_string()).into_owned());
    let shown: Vec<String> = shown.collect();
    let is_here = |path: &Path| {
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        path != Path::new(".")
            && path.is_relative()
            && real(path).is_some()
            && real(path) == real(Path::new("."))
    };
    let help = match shown.as_slice() {
        [_] if root != Path::new(".") && found.iter().all(|path| is_here(path)) => {
            format!("the workspace is the current folder: leave `{}` out", root.display())
        }
        [] => "`govctl init` makes a small workspace to begin with".to_owned(),
        [one] => {
            format!("there is one in `{one}`: add `-C {}`; `govctl init` makes a new one", argument(one))
        }
        [first, ..] => {
            let all: Vec<String> = shown.iter().map(|one| format!("`{one}`")).collect();
            format!(
                "there are workspaces in {}: add `-C {}` for the first; `govctl init` makes a new one",
                all.join(", "),
                argument(first)
            )
        }
    };
    format!("{message}\n  help: {help}")
}

/// A path as an argument of a shell.
fn argument(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:@+,".contains(c);
    if path.chars().all(plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

/// The folders in a folder, hidden ones and links left out, sorted; at most so many entries are looked at.
pub fn folders(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let entries = entries.take(MAX_LOOKED_AT).filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut names: Vec<String> = folders.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

/// Whether a folder looks like a workspace: it has `govctl.yaml`, or two of the three folders.
fn looks_like_one(folder: &Path) -> bool {
    let parts = ["registry", "estate", "policies"].iter().filter(|part| folder.join(part).is_dir());
    folder.join("govctl.yaml").is_file() || parts.count() >= 2
}

/// The nearest workspace above, as the user would write it.
fn above(root: &Path, real: &Path) -> Option<PathBuf> {
    let (levels, found) = real
        .ancestors()
        .enumerate()
        .skip(1)
        .take(MAX_FOLDER_DEPTH)
        .find(|(_, folder)| looks_like_one(folder))?;
    let up: PathBuf = std::iter::repeat_n("..", levels).collect();
    let written = if root == Path::new(".") { up } else { root.join(up) };
    let lexical = root.ancestors().nth(levels).filter(|path| !path.as_os_str().is_empty());
    let same = |path: &Path| std::fs::canonicalize(path).is_ok_and(|path| path == found);
    [lexical.map(Path::to_path_buf), Some(written)].into_iter().flatten().find(|path| same(path))
}

/// The workspaces below, the nearest first.
fn below(root: &Path, real: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut queue = VecDeque::from([(PathBuf::new(), 0)]);
    let mut looked_at = 0;
    while let Some((path, depth)) = queue.pop_front() {
        let folder = real.join(&path);
        if depth > 0 && looks_like_one(&folder) {
            found.push(if root == Path::new(".") { path } else { root.join(path) });
            if found.len() == shown::NEAR_FOLDERS {
                break;
            }
            continue;
        }
        if depth == DEPTH || looked_at >= MAX_LOOKED_AT {
            continue;
        }
        for name in folders(&folder) {
            looked_at += 1;
            queue.push_back((path.join(name), depth + 1));
        }
    }
    found
}

/// The names in a folder, in their order.
pub fn names(folder: &Path) -> Result<Vec<String>, String> {
    let cannot = |error: &std::io::Error| format!("cannot read `{}`: {error}", folder.display());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| cannot(&error))?.take(MAX_FOLDER_ENTRIES + 1) {
        let entry = entry.map_err(|error| cannot(&error))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
