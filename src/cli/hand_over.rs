//! Files for a proxy that may be running on the ones before them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::output;
use crate::export::envoy::over::{LED_TO, both};
use crate::limits::MAX_FILE_BYTES;
use crate::load::file;

type Files = Vec<(PathBuf, String)>;

/// How long the proxy has for what routes lead to, and then for the routes themselves.
const TO_LEARN: Duration = Duration::from_secs(1);
/// How long walks of the old table may still go on.
const TO_LEAVE: Duration = Duration::from_secs(2);

/// Writes the files of `envoy`. Where the folder holds those of another table, it holds both for three seconds.
pub(super) fn write(folder: &Path, files: Files) -> Result<(), String> {
    let of_both = LED_TO.iter().filter_map(|path| {
        let path = folder.join(path);
        let new = files.iter().find(|(known, _)| *known == path).map(|(_, text)| text)?;
        let text = both(&old(&path)?, new)?;
        Some((path, text))
    });
    let of_both: Files = of_both.collect();
    let (routes, rest): (Files, Files) =
        files.into_iter().partition(|(path, _)| path.ends_with("xds/routes.json"));
    if of_both.is_empty() {
        return below(folder, &[rest, routes].concat());
    }
    let is_led_to = |path: &Path| LED_TO.iter().any(|name| path == folder.join(name));
    let (led_to, rest): (Files, Files) = rest.into_iter().partition(|(path, _)| is_led_to(path));
    let first = led_to.iter().map(|(path, text)| {
        let both = of_both.iter().find(|(known, _)| known == path);
        (path.clone(), both.map_or_else(|| text.clone(), |(_, text)| text.clone()))
    });
    below(folder, &rest.into_iter().chain(first).collect::<Files>())?;
    std::thread::sleep(TO_LEARN);
    below(folder, &routes)?;
    std::thread::sleep(TO_LEAVE);
    // Listeners first: they lead to clusters.
    below(folder, &led_to.into_iter().rev().collect::<Files>())
}

/// What a file holds now, if anybody can read it.
fn old(path: &Path) -> Option<String> {
    String::from_utf8(file::read(path, MAX_FILE_BYTES).ok()?).ok()
}

fn below(folder: &Path, files: &[(PathBuf, String)]) -> Result<(), String> {
    output::write_below(folder, files)
        .map_err(|(path, error)| format!("cannot write `{}`: {error}", path.display()))
}
