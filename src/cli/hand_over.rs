//! Files for a proxy that may be running on the ones before them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::output;
use crate::export::envoy::over::LED_TO;
use crate::limits::MAX_FILE_BYTES;
use crate::load::file;

type Files = Vec<(PathBuf, String)>;

/// How long the proxy has for clusters before listeners lead to them: it was seen to read listeners before the clusters
/// that had appeared a moment earlier.
const TO_LEARN: Duration = Duration::from_secs(1);

/// Writes the files of `envoy`: first keys, then clusters, then the listeners, which hold all that decides, so that the
/// new table is in force by one file; what nothing reads while it runs comes last, and what an earlier export wrote
/// besides goes after that.
pub(super) fn write(folder: &Path, files: Files, gone: &[PathBuf]) -> Result<(), String> {
    in_order(folder, files)?;
    replaced(folder, &[], gone)
}

fn in_order(folder: &Path, files: Files) -> Result<(), String> {
    let [clusters, listeners] = LED_TO.map(|name| folder.join(name));
    let is_running_on_other =
        old(&clusters).is_some_and(|old| files.iter().any(|(path, new)| *path == clusters && *new != old));
    let of_proxy = folder.join("xds");
    let (of_proxy, rest): (Files, Files) =
        files.into_iter().partition(|(path, _)| path.starts_with(&of_proxy));
    let (listeners, before): (Files, Files) = of_proxy.into_iter().partition(|(path, _)| *path == listeners);
    let (clusters, keys): (Files, Files) = before.into_iter().partition(|(path, _)| *path == clusters);
    if !is_running_on_other {
        return below(folder, &[keys, clusters, listeners, rest].concat());
    }
    below(folder, &[keys, clusters].concat())?;
    std::thread::sleep(TO_LEARN);
    below(folder, &[listeners, rest].concat())
}

/// What a file holds now, if anybody can read it.
pub(super) fn old(path: &Path) -> Option<String> {
    String::from_utf8(file::read(path, MAX_FILE_BYTES).ok()?).ok()
}

fn below(folder: &Path, files: &[(PathBuf, String)]) -> Result<(), String> {
    replaced(folder, files, &[])
}

/// Writes files in place of others.
pub(super) fn replaced(folder: &Path, files: &[(PathBuf, String)], gone: &[PathBuf]) -> Result<(), String> {
    output::replace_below(folder, files, gone)
        .map_err(|(path, error)| format!("cannot write `{}`: {error}", path.display()))
}
