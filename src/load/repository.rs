//! Which repository a workspace belongs to, found by its `.git` alone.
//!
//! git would also take a folder for a repository that merely looks like one (`HEAD`, `objects/` and `refs/` in it), and
//! follow links. A pull request can commit both, but nothing that is called `.git`.

use std::path::{Component, Path, PathBuf};

use super::attributes::Text;
use super::file::{self, Unread};
use crate::limits::{MAX_FILE_BYTES, MAX_POINTER_BYTES};

/// The repository around a folder.
#[derive(Debug, Clone)]
pub struct Repository {
    /// The folder that holds `.git`.
    pub(super) top: PathBuf,
    /// Where git keeps what this work tree has of its own.
    pub(super) git_dir: PathBuf,
    /// From the top to the folder, `/`-separated; empty for the top itself.
    inside: String,
    /// The first link on the way from the top to the folder.
    link: Option<PathBuf>,
}

/// Why there is none.
#[derive(Debug)]
pub enum NoRepository {
    /// No folder above has a `.git`.
    Absent,
    /// There is one that is not read.
    Refused(String),
}

impl Repository {
    /// The repository around a folder, which is an absolute path as people write it: what its links lead to does not
    /// count.
    pub fn around(folder: &Path) -> Result<Self, NoRepository> {
        let folder = plain(folder).map_err(NoRepository::Refused)?;
        let mut above = folder.ancestors().filter(|above| has_git(above));
        let top = above.next().ok_or(NoRepository::Absent)?;
        let git_dir = git_dir(top).map_err(NoRepository::Refused)?;
        let outer = above.next();
        if let Some(outer) = outer {
            belongs(outer, top, &git_dir).map_err(NoRepository::Refused)?;
        }
        lends(&git_dir).map_err(NoRepository::Refused)?;
        let inside = folder.strip_prefix(top).unwrap_or(&folder);
        let link = first_link(top, inside);
        let not_utf8 = || NoRepository::Refused(format!("the path `{}` is not UTF-8", folder.display()));
        let inside = slashed(inside).ok_or_else(not_utf8)?;
        Ok(Self { top: top.to_path_buf(), git_dir, inside, link })
    }

    /// The folder's path in the repository, `/`-separated; empty for the top.
    pub fn inside(&self) -> &str {
        &self.inside
    }

    /// The path of a file in the repository, `/`-separated; none where it lies outside. The file is named by an absolute
    /// path as people write it.
    pub fn path_of(&self, file: &Path) -> Option<String> {
        let plain = plain(file).ok()?;
        slashed(plain.strip_prefix(&self.top).ok()?)
    }

    /// The same of a path without links, wherever the links on the way to the repository lead.
    pub fn path_of_real(&self, real: &Path) -> Option<String> {
        let top = self.top.canonicalize().ok()?;
        slashed(real.strip_prefix(top).ok()?)
    }

    /// The path of a file of the workspace from the top of the repository, `/`-separated.
    pub(super) fn below_top(&self, file: &str) -> String {
        if self.inside.is_empty() { file.to_owned() } else { format!("{}/{file}", self.inside) }
    }

    /// Where a link in the repository leads to, if that is the workspace's folder or one around it: an absolute path
    /// without links.
    pub(super) fn leads_around(&self, link: &str) -> Option<PathBuf> {
        let real = self.top.join(link).canonicalize().ok()?;
        let workspace = self.top.join(&self.inside).canonicalize().ok()?;
        workspace.starts_with(&real).then_some(real)
    }

    /// A path without links as one from the top of the repository, where it is inside.
    pub(super) fn shown(&self, real: &Path) -> String {
        let top = self.top.canonicalize().unwrap_or_else(|_| self.top.clone());
        let inside = real.strip_prefix(top).ok().filter(|inside| !inside.as_os_str().is_empty());
        inside.unwrap_or(real).display().to_string()
    }

    /// The text of a file of the work tree by its path from the top; none where there is none.
    pub(super) fn text(&self, path: &str) -> Text {
        if let Some(link) = first_link(&self.top, Path::new(path)) {
            return Err(format!("`{}` is a link", link.display()));
        }
        match file::read(&self.top.join(path), MAX_FILE_BYTES) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Unread::Absent) => Ok(None),
            Err(why) => Err(format!("cannot read `{path}`: {why}")),
        }
    }

    /// Refuses a folder that only a link leads to: its revisions have another one at that path.
    pub fn without_links(&self) -> Result<(), String> {
        match &self.link {
            None => Ok(()),
            Some(link) => Err(format!(
                "`{}` is a link, so the workspace is not the folder that revisions have there; name the folder itself",
                link.display()
            )),
        }
    }
}

/// A path with `/` between its parts; none where it is not UTF-8.
fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

/// The top of the repository around an absolute folder, to write paths from; nothing of it is read.
pub fn top(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| has_git(above))
}

fn has_git(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok()
}

/// A path without `.` and `..`, taken literally; a `..` after a link would lead elsewhere.
fn plain(path: &Path) -> Result<PathBuf, String> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if is_link(&plain) {
                    return Err(format!("`{}/..` goes back through a link", plain.display()));
                }
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    Ok(plain)
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink())
}

fn first_link(top: &Path, inside: &Path) -> Option<PathBuf> {
    let mut path = top.to_path_buf();
    inside.components().find_map(|part| {
        path.push(part);
        is_link(&path).then(|| path.clone())
    })
}

/// What `.git` is: the folder itself, or a file that names it, as linked work trees and submodules have it.
fn git_dir(top: &Path) -> Result<PathBuf, String> {
    let git = top.join(".git");
    if git.is_dir() {
        return Ok(git);
    }
    let named = pointer(&git)?;
    let named =
        named.strip_prefix("gitdir: ").ok_or_else(|| format!("`{}` names no repository", git.display()))?;
    Ok(top.join(named))
}

fn pointer(path: &Path) -> Result<String, String> {
    let bytes = file::read(path, MAX_POINTER_BYTES)
        .map_err(|why| format!("cannot read `{}`: {why}", path.display()))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("`{}` is not UTF-8", path.display()))?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

/// A repository within another one must be there by somebody's own doing: a pull request can bring a submodule, and a
/// link to any other repository of the machine.
fn belongs(outer: &Path, top: &Path, git_dir: &Path) -> Result<(), String> {
    if let Some(link) = first_link(outer, top.strip_prefix(outer).unwrap_or(top)) {
        return Err(format!("`{}` is a link to another repository", link.display()));
    }
    let is_submodule = top.join(".git").is_file() && !git_dir.join("commondir").is_file();
    if is_submodule {
        return Err(format!(
            "`{}` is a submodule, whose revisions are not those of the repository around it; compare in a clone of its own",
            top.display()
        ));
    }
    Ok(())
}

/// Refuses a store that borrows objects from outside of the repository.
fn lends(git_dir: &Path) -> Result<(), String> {
    let common = git_dir.join("commondir");
    let common = if common.is_file() { git_dir.join(pointer(&common)?) } else { git_dir.to_path_buf() };
    let objects = common.join("objects");
    let alternates = objects.join("info/alternates");
    if !alternates.exists() {
        return Ok(());
    }
    let own = common.canonicalize().map_err(|error| file::reason(&error))?;
    for line in pointer(&alternates)?.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let is_inside = objects.join(line).canonicalize().is_ok_and(|real| real.starts_with(&own));
        if !is_inside {
            return Err(format!(
                "the repository borrows objects from `{}`; make it whole with `git repack -a -d` and remove `{}`",
                line.escape_debug(),
                alternates.display()
            ));
        }
    }
    Ok(())
}
