//! What an earlier export wrote into a folder and the one at hand does not: a start may load whatever lies there.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use super::hand_over;
use crate::export::FORMAT;
use crate::limits::MAX_FILE_BYTES;
use crate::load::file::{self, Unread};
use crate::table::sha256_hex;

/// What is read of an earlier `export.json`.
#[derive(Deserialize)]
struct Manifest {
    format: String,
    files: BTreeMap<String, String>,
}

/// The files of an earlier export that are none of this one's. Only what its `export.json` lists and is as it was
/// written counts; what somebody has changed since is in the way.
pub(super) fn gone(folder: &Path, files: &BTreeMap<String, String>) -> Result<Vec<PathBuf>, String> {
    let manifest = hand_over::old(&folder.join("export.json"));
    let Some(manifest) = manifest.and_then(|text| serde_json::from_str::<Manifest>(&text).ok()) else {
        return Ok(Vec::new());
    };
    let mut gone = Vec::new();
    let old = manifest.files.iter().filter(|_| manifest.format == FORMAT);
    for (path, digest) in old.filter(|(path, _)| !files.contains_key(*path) && is_below(path)) {
        let place = folder.join(path);
        match file::read(&place, MAX_FILE_BYTES) {
            Ok(bytes) if *digest == format!("sha256:{}", sha256_hex(&bytes)) => gone.push(place),
            Err(Unread::Absent) => {}
            _ => {
                return Err(format!(
                    "`{}` is of an earlier export, whose gateway may load it, and was changed since\n  help: remove it, or export to \
                     another folder",
                    place.display()
                ));
            }
        }
    }
    Ok(gone)
}

/// Whether a path can only lead to something in the folder that it starts from, links aside.
fn is_below(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}
