//! Reading a workspace's folder: the only file that touches the disk on the way in.

use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::FileKind;
use super::reader::{self, Found, Place, Refusal};
pub use super::reader::{Config, LintLevel, Loaded};
use crate::limits::MAX_FILE_BYTES;

/// Reads every file of a workspace; an error where there is no folder at all.
pub fn load(root: &Path) -> Result<Loaded, String> {
    load_kinds(root, |_| true)
}

/// The same for its policies alone.
pub fn load_policies(root: &Path) -> Result<Loaded, String> {
    load_kinds(root, |kind| kind == FileKind::Policy)
}

fn load_kinds(root: &Path, wanted: impl Fn(FileKind) -> bool) -> Result<Loaded, String> {
    let shown = root.display();
    let real = std::fs::canonicalize(root)
        .map_err(|error| format!("cannot open the workspace `{shown}`: {}", reason(&error)))?;
    if !real.is_dir() {
        return Err(format!("the workspace `{shown}` is not a folder"));
    }
    Ok(reader::read(Folder { root: root.to_path_buf(), real }, wanted))
}

/// A folder on disk.
struct Folder {
    root: PathBuf,
    real: PathBuf,
}

impl Place for Folder {
    type Key = PathBuf;

    fn at(&self, path: &str) -> Option<PathBuf> {
        let path = self.root.join(path);
        path.symlink_metadata().is_ok().then_some(path)
    }

    /// Links are followed while they stay inside the workspace.
    fn below(&self, path: &PathBuf, wanted: &dyn Fn(&str) -> bool) -> Vec<Found<PathBuf>> {
        let mut found = Vec::new();
        let visible =
            |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
        let mut walk = WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter();
        while let Some(entry) = walk.next() {
            match entry {
                Ok(entry) if !visible(&entry) => {
                    if entry.file_type().is_dir() {
                        walk.skip_current_dir();
                    }
                }
                Ok(entry) => {
                    let shown = self.shown(entry.path());
                    let is_dir = entry.file_type().is_dir();
                    let is_wanted = || wanted(&entry.file_name().to_string_lossy());
                    if (entry.path_is_symlink() || entry.depth() == 0) && !self.stays_inside(entry.path()) {
                        let message = format!("`{shown}` leads out of the workspace");
                        let help = "a workspace is read from its own folder only: copy the file into it";
                        found.push(Err((shown, Refusal::new(message, help))));
                        if is_dir {
                            walk.skip_current_dir();
                        }
                    } else if !is_dir && (entry.depth() == 0 || is_wanted()) {
                        found.push(Ok((shown, entry.into_path())));
                    }
                }
                Err(error) => {
                    let shown = error.path().map(|path| self.shown(path)).unwrap_or_default();
                    let why = error
                        .io_error()
                        .map_or_else(|| "a link leads back to a folder above it".to_owned(), reason);
                    let message = format!("cannot read `{shown}`: {why}");
                    found.push(Err((shown, Refusal::new(message, "remove the link or mend it"))));
                }
            }
        }
        found
    }

    fn read(&mut self, path: &PathBuf, shown: &str) -> Result<Vec<u8>, Refusal> {
        if !self.stays_inside(path) && path.exists() {
            let message = format!("`{shown}` leads out of the workspace");
            return Err(Refusal::new(message, "a workspace is read from its own folder only"));
        }
        let size = std::fs::metadata(path).map(|metadata| metadata.len());
        if size.as_ref().is_ok_and(|size| *size > MAX_FILE_BYTES) {
            return Err(Refusal::too_large(shown));
        }
        let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
        let bytes = if is_file {
            std::fs::read(path).map_err(|error| reason(&error))
        } else {
            Err("it is not a file".to_owned())
        };
        let help = "check the file and its permissions";
        bytes.map_err(|why| Refusal::new(format!("cannot read `{shown}`: {why}"), help))
    }
}

impl Folder {
    fn stays_inside(&self, path: &Path) -> bool {
        std::fs::canonicalize(path).is_ok_and(|real| real.starts_with(&self.real))
    }

    /// A path as it is shown: relative to the workspace, with `/`.
    fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let parts = relative.components().filter_map(|part| match part {
            Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
            _ => None,
        });
        parts.collect::<Vec<String>>().join("/")
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
