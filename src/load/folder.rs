//! Reading a workspace's folder on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::file::{self, Unread, reason};
use super::near;
use super::overlay::{Overlaid, Texts};
use super::reader::{self, Found, Loaded, Place, Refusal};
use crate::limits::{MAX_FILE_BYTES, MAX_FOLDER_DEPTH, MAX_FOLDER_ENTRIES};
use crate::source::FileKind;

/// Reads every file of a workspace; an error where there is no folder at all.
pub fn load(root: &Path) -> Result<Loaded, String> {
    load_kinds(root, &Texts::new(), |_| true)
}

/// The same for its policies alone.
pub fn load_policies(root: &Path) -> Result<Loaded, String> {
    load_kinds(root, &Texts::new(), |kind| kind == FileKind::Policy)
}

/// Reads every file of a workspace, but of some takes the text from elsewhere: of files that are being edited.
pub fn load_over(root: &Path, texts: &Texts) -> Result<Loaded, String> {
    load_kinds(root, texts, |_| true)
}

/// Whether a folder holds anything of a workspace.
pub fn is_workspace(root: &Path) -> bool {
    let Ok(real) = std::fs::canonicalize(root) else { return false };
    real.is_dir() && reader::is_workspace(&mut Folder::new(root, real))
}

fn load_kinds(root: &Path, texts: &Texts, wanted: impl Fn(FileKind) -> bool) -> Result<Loaded, String> {
    let shown = root.display();
    let real = std::fs::canonicalize(root)
        .map_err(|error| format!("cannot open the workspace `{shown}`: {}", reason(&error)))?;
    if !real.is_dir() {
        return Err(format!(
            "the workspace `{shown}` is not a folder\n  help: a workspace is read whole: leave this out, or name the folder that holds `registry/`, `estate/` and `policies/`"
        ));
    }
    let folder = Folder::new(root, real);
    let mut place = Overlaid { place: folder, texts };
    if !reader::is_workspace(&mut place) {
        return Err(near::no_workspace(root, &place.place.real));
    }
    Ok(reader::read(place, wanted))
}

/// A folder on disk.
struct Folder {
    root: PathBuf,
    real: PathBuf,
    /// Links that were followed, by their paths as shown.
    links: BTreeSet<String>,
}

impl Place for Folder {
    type Handle = PathBuf;

    fn at(&mut self, path: &str) -> Option<PathBuf> {
        let whole = self.root.join(path);
        whole.symlink_metadata().ok()?;
        let mut so_far = self.root.clone();
        for part in path.split('/') {
            so_far.push(part);
            if so_far.is_symlink() {
                self.links.insert(self.shown(&so_far));
            }
        }
        Some(whole)
    }

    /// Links are followed while they stay inside the workspace, and each real folder is read once.
    fn below(&mut self, path: &PathBuf, wanted: &mut dyn FnMut(&str) -> bool) -> Vec<Found<PathBuf>> {
        let (found, folders, links) = Default::default();
        let mut walk = Walk { folder: self, wanted, found, folders, links };
        walk.all(path);
        let Walk { found, links, .. } = walk;
        self.links.extend(links);
        found
    }

    fn folders(&mut self) -> Vec<String> {
        near::folders(&self.real)
    }

    fn read(&mut self, path: &PathBuf, shown: &str) -> Result<Vec<u8>, Refusal> {
        if !self.stays_inside(path) && path.exists() {
            return Err(leads_out(shown));
        }
        file::read(path, MAX_FILE_BYTES).map_err(|why| match why {
            Unread::TooLarge { .. } => Refusal::too_large(shown),
            why => {
                Refusal::new(format!("cannot read `{shown}`: {why}"), "check the file and its permissions")
            }
        })
    }

    fn links(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.links)
    }
}

/// A walk through everything below a path.
struct Walk<'a> {
    folder: &'a Folder,
    wanted: &'a mut dyn FnMut(&str) -> bool,
    found: Vec<Found<PathBuf>>,
    /// Real folders, each with the path by which it was reached: links between folders make exponentially many paths.
    folders: BTreeMap<PathBuf, String>,
    links: Vec<String>,
}

impl Walk<'_> {
    fn all(&mut self, path: &Path) {
        let mut seen = 0;
        let walk = WalkDir::new(path).follow_links(true).max_depth(MAX_FOLDER_DEPTH + 1).sort_by_file_name();
        let mut walk = walk.into_iter();
        while let Some(entry) = walk.next() {
            seen += 1;
            let goes_on = match entry {
                Ok(entry) if seen > MAX_FOLDER_ENTRIES || entry.depth() > MAX_FOLDER_DEPTH => {
                    let shown = self.folder.shown(path);
                    self.refuse(shown.clone(), Refusal::too_many(&shown));
                    return;
                }
                Ok(entry) => {
                    let is_folder = entry.file_type().is_dir();
                    self.one(entry) || !is_folder
                }
                Err(error) => {
                    self.unread(&error);
                    true
                }
            };
            if !goes_on {
                walk.skip_current_dir();
            }
        }
    }

    /// Takes one entry; false where nothing below it is looked at.
    fn one(&mut self, entry: DirEntry) -> bool {
        if is_hidden(&entry) {
            return false;
        }
        let shown = self.folder.shown(entry.path());
        if entry.file_name().to_str().is_none() {
            self.refuse(shown.clone(), Refusal::not_utf8(&shown));
            return false;
        }
        if entry.path_is_symlink() {
            self.links.push(shown.clone());
        }
        let is_folder = entry.file_type().is_dir();
        // A link that nothing reads may lead anywhere.
        if !is_folder && entry.depth() > 0 && !(self.wanted)(&shown) {
            return true;
        }
        let may_lead_out = entry.path_is_symlink() || entry.depth() == 0;
        if may_lead_out && !self.folder.stays_inside(entry.path()) {
            self.refuse(shown.clone(), leads_out(&shown));
            return false;
        }
        if is_folder {
            return self.is_new(entry.path(), shown);
        }
        self.found.push(Ok((shown, entry.into_path())));
        true
    }

    /// Whether a real folder is reached for the first time.
    fn is_new(&mut self, path: &Path, shown: String) -> bool {
        let Ok(real) = std::fs::canonicalize(path) else { return true };
        if let Some(before) = self.folders.get(&real) {
            let message = format!("`{shown}` is the same folder as `{before}`");
            self.refuse(shown, Refusal::new(message, "remove the link"));
            return false;
        }
        self.folders.insert(real, shown);
        true
    }

    fn unread(&mut self, error: &walkdir::Error) {
        let path = error.path().unwrap_or(Path::new(""));
        let shown = self.folder.shown(path);
        if error.depth() > 0 {
            let name = path.file_name().map_or(&b""[..], |name| name.as_encoded_bytes());
            // What a link that leads nowhere is called says whether it would be read.
            let leads_nowhere = || path.is_symlink() && !path.exists() && path.to_str().is_some();
            if name.starts_with(b".") || (leads_nowhere() && !(self.wanted)(&shown)) {
                return;
            }
        }
        let why =
            error.io_error().map_or_else(|| "a link leads back to a folder above it".to_owned(), reason);
        let message = format!("cannot read `{shown}`: {why}");
        self.refuse(shown, Refusal::new(message, "remove the link or mend it"));
    }

    fn refuse(&mut self, shown: String, refusal: Refusal) {
        self.found.push(Err((shown, refusal)));
    }
}

impl Folder {
    fn new(root: &Path, real: PathBuf) -> Self {
        Self { root: root.to_path_buf(), real, links: BTreeSet::new() }
    }

    fn stays_inside(&self, path: &Path) -> bool {
        std::fs::canonicalize(path).is_ok_and(|real| real.starts_with(&self.real))
    }

    /// A path as it is shown: relative to the workspace, with `/`; bytes that are no text as `\xff`.
    fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let parts = relative.components().filter_map(|part| match part {
            Component::Normal(part) => Some(match part.to_str() {
                Some(part) => part.to_owned(),
                None => part.as_encoded_bytes().escape_ascii().to_string(),
            }),
            _ => None,
        });
        parts.collect::<Vec<String>>().join("/")
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn leads_out(shown: &str) -> Refusal {
    let help = "a workspace is read from its own folder only: copy the file into it";
    Refusal::new(format!("`{shown}` leads out of the workspace"), help)
}
