//! Reading catalogues of models from files.

use std::path::{Path, PathBuf};

use super::Common;
use crate::catalogue::{Catalogue, findings};
use crate::check::allow;
use crate::diag::Finding;
use crate::limits::MAX_CATALOGUE_BYTES;
use crate::load::file;
use crate::model::Date;
use crate::source::{Sources, without_mark};
use crate::workspace::Workspace;

/// A catalogue, with the prices of the day that is asked about, called by the name of its file.
pub(super) fn read(path: &Path, common: &Common) -> Result<Catalogue, String> {
    let name = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    named(path, &name, common)
}

/// Several, each called so that no two are called alike.
pub(super) fn read_all(paths: &[PathBuf], common: &Common) -> Result<Vec<Catalogue>, String> {
    let name = |path: &PathBuf| path.file_name().map(std::ffi::OsStr::to_owned);
    let one = |path: &PathBuf| {
        let is_alone = paths.iter().filter(|other| name(other) == name(path)).count() == 1;
        if is_alone { read(path, common) } else { named(path, &path.display().to_string(), common) }
    };
    paths.iter().map(one).collect()
}

/// The name of the one that counts where they do not agree.
pub(super) fn preferred<'a>(
    catalogues: &'a [Catalogue],
    from: &[PathBuf],
    wanted: Option<&Path>,
) -> Result<Option<&'a str>, String> {
    let Some(wanted) = wanted else { return Ok(None) };
    let at = from.iter().position(|path| path == wanted);
    let catalogue = at.and_then(|at| catalogues.get(at));
    let catalogue =
        catalogue.ok_or_else(|| format!("`--prefer {}` is not one of the catalogues", wanted.display()))?;
    Ok(Some(&catalogue.name))
}

/// What catalogues say against a registry, as far as comments let them.
pub(super) fn against(sources: &Sources, catalogues: &[Catalogue], as_of: Date) -> Vec<Finding> {
    findings::find(sources, catalogues, |id, file, code| allow::lines(id, file, code, as_of))
}

/// Adds to a workspace what catalogues say against its registry.
pub(super) fn ask(workspace: &mut Workspace, catalogues: &[Catalogue], as_of: Date) {
    if !catalogues.is_empty() {
        workspace.beside.extend(against(&workspace.sources, catalogues, as_of));
        workspace.asked_catalogues = true;
    }
}

fn named(path: &Path, name: &str, common: &Common) -> Result<Catalogue, String> {
    let cannot = |why: String| format!("cannot read the catalogue `{}`: {why}", path.display());
    let bytes = file::read(path, MAX_CATALOGUE_BYTES).map_err(|why| cannot(why.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| cannot("it is not UTF-8".to_owned()))?;
    Catalogue::read(name, without_mark(&text), common.as_of()).map_err(cannot)
}
