//! `check --watch`: again whenever a file changes.

use std::path::Path;
use std::time::{Duration, SystemTime};

use walkdir::WalkDir;

use super::{Status, terminal};

/// How often the folder is looked at: well within the tenth of a second that feels immediate.
const PAUSE: Duration = Duration::from_millis(40);

/// Runs `once`, and again whenever something below the folder changes, until the program is stopped.
pub(super) fn watch(folder: &Path, once: impl Fn() -> Status) -> Status {
    let mut before = None;
    loop {
        let now = state(folder);
        if before.as_ref() != Some(&now) {
            // Clears the screen and its history, then homes the cursor.
            if terminal::answer("\u{1b}[2J\u{1b}[3J\u{1b}[H", Status::Fine) != Status::Fine {
                return Status::Unasked;
            }
            once();
            terminal::say("watching for changes; Ctrl-C ends\n");
            before = Some(now);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Path, size and time of every file; hidden folders (version control) left out.
fn state(folder: &Path) -> Vec<(std::path::PathBuf, u64, Option<SystemTime>)> {
    let visible = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let files = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().filter_entry(visible);
    let files = files.flatten().filter(|entry| entry.file_type().is_file());
    let state = files.map(|entry| {
        let metadata = entry.metadata().ok();
        let size = metadata.as_ref().map_or(0, std::fs::Metadata::len);
        let changed = metadata.and_then(|metadata| metadata.modified().ok());
        (entry.into_path(), size, changed)
    });
    state.collect()
}
