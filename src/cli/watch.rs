//! `check --watch`: again whenever a file changes.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use walkdir::{DirEntry, WalkDir};

use super::{Answered, Status, terminal};
use crate::diag::{Finding, Severity};
use crate::limits::{MAX_FOLDER_DEPTH, MAX_FOLDER_ENTRIES};
use crate::source::Sources;

/// How often the folder is looked at: well within the tenth of a second that feels immediate.
const PAUSE: Duration = Duration::from_millis(40);

/// The errors that were there when the workspace was last checked.
#[derive(Debug, Default)]
pub(super) struct Before(RefCell<BTreeSet<Error>>);

/// An error by its code, its file and its message: lines move while one writes.
type Error = (&'static str, String, String);

impl Before {
    /// The errors in the order in which they stay in view: those that were there before, then the new ones. What is at
    /// hand now is what was there before the next time.
    pub(super) fn newest_last<'f>(&self, sources: &Sources, findings: &'f [Finding]) -> Vec<&'f Finding> {
        let key = |finding: &Finding| -> Error {
            let path = sources.path(finding.primary.span.file).to_owned();
            (finding.code.0, path, finding.message.clone())
        };
        let mut errors: Vec<&Finding> =
            findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        let before = self.0.replace(errors.iter().map(|error| key(error)).collect());
        errors.sort_by_key(|error| !before.contains(&key(error)));
        errors
    }
}

/// Runs `once`, and again whenever something below the folder changes, until the program is stopped.
pub(super) fn watch(folder: &Path, once: impl Fn() -> Answered) -> Answered {
    let mut before = None;
    loop {
        let now = state(folder);
        if before.as_ref() != Some(&now) {
            // Clears the screen and its history, then homes the cursor; in a file or a pipe there is no screen.
            let is_screen = std::io::stdout().is_terminal();
            let clear = if is_screen { "\u{1b}[2J\u{1b}[3J\u{1b}[H" } else { "" };
            if terminal::answer(clear, Status::Fine)? != Status::Fine {
                return Ok(Status::Unasked);
            }
            if let Err(error) = once() {
                error.say();
            }
            terminal::say("watching for changes; Ctrl-C ends\n");
            before = Some(now);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Path, size and time of every file; hidden folders (version control) left out, and whatever a link leads to outside of
/// the folder or for a second time.
fn state(folder: &Path) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let Ok(home) = folder.canonicalize() else { return Vec::new() };
    let mut folders = BTreeSet::new();
    let mut is_looked_at = |entry: &DirEntry| {
        let hidden = entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
        let may_lead_out = entry.path_is_symlink() || entry.file_type().is_dir();
        if hidden || !may_lead_out {
            return !hidden;
        }
        let real = entry.path().canonicalize().ok().filter(|real| real.starts_with(&home));
        real.is_some_and(|real| !entry.file_type().is_dir() || folders.insert(real))
    };
    let walk = WalkDir::new(folder).follow_links(true).max_depth(MAX_FOLDER_DEPTH).sort_by_file_name();
    let files = walk.into_iter().filter_entry(&mut is_looked_at).take(MAX_FOLDER_ENTRIES);
    let files = files.flatten().filter(|entry| entry.file_type().is_file());
    let state = files.map(|entry| {
        let metadata = entry.metadata().ok();
        let size = metadata.as_ref().map_or(0, std::fs::Metadata::len);
        let changed = metadata.and_then(|metadata| metadata.modified().ok());
        (entry.into_path(), size, changed)
    });
    state.collect()
}
