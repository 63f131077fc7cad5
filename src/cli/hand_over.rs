//! Files for a proxy that may be running on the ones before them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::output;
use crate::export::envoy::over::{LED_TO, both};
use crate::limits::MAX_FILE_BYTES;
use crate::load::file;

type Files = Vec<(PathBuf, String)>;

/// How long the proxy has for each file before one that leads to what it names: Envoy was seen to read listeners before the
/// clusters that had appeared a moment earlier.
const TO_LEARN: Duration = Duration::from_secs(1);
/// How long walks of the old table may still go on.
const TO_LEAVE: Duration = Duration::from_secs(2);

/// Writes the files of `envoy`. Where the folder holds those of another table, what routes lead to appears first and one
/// file at a time, with what only the old table needs, which goes last.
pub(super) fn write(folder: &Path, files: Files) -> Result<(), String> {
    if LED_TO.iter().all(|name| old(&folder.join(name)).is_none()) {
        return below(folder, &in_order(folder, files).concat());
    }
    let [rest, led_to, routes] = in_order(folder, files);
    below(folder, &rest)?;
    let mut is_old_needed = false;
    for (path, new) in &led_to {
        let old = old(path);
        let of_both = old.as_deref().and_then(|old| both(old, new));
        is_old_needed |= of_both.is_some();
        below(folder, &[(path.clone(), of_both.as_ref().unwrap_or(new).clone())])?;
        if old.is_some_and(|old| old != *new) {
            std::thread::sleep(TO_LEARN);
        }
    }
    below(folder, &routes)?;
    if !is_old_needed {
        return Ok(());
    }
    std::thread::sleep(TO_LEAVE);
    // Listeners first: they lead to clusters.
    below(folder, &led_to.into_iter().rev().collect::<Files>())
}

/// The files that nothing leads to, those that routes lead to in the order in which they must appear, and the routes.
fn in_order(folder: &Path, files: Files) -> [Files; 3] {
    let (routes, rest): (Files, Files) =
        files.into_iter().partition(|(path, _)| path.ends_with("xds/routes.json"));
    let (mut led_to, rest): (Files, Files) =
        rest.into_iter().partition(|(path, _)| LED_TO.iter().any(|name| *path == folder.join(name)));
    led_to.sort_by_key(|(path, _)| LED_TO.iter().position(|name| *path == folder.join(name)));
    [rest, led_to, routes]
}

/// What a file holds now, if anybody can read it.
fn old(path: &Path) -> Option<String> {
    String::from_utf8(file::read(path, MAX_FILE_BYTES).ok()?).ok()
}

fn below(folder: &Path, files: &[(PathBuf, String)]) -> Result<(), String> {
    output::write_below(folder, files)
        .map_err(|(path, error)| format!("cannot write `{}`: {error}", path.display()))
}
