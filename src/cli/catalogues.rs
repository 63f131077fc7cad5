//! Reading catalogues of models from files.

use std::path::Path;

use super::Common;
use crate::catalogue::Catalogue;
use crate::limits::MAX_CATALOGUE_BYTES;
use crate::load::file;

/// A catalogue, with the prices of the day that is asked about.
pub(super) fn read(path: &Path, common: &Common) -> Result<Catalogue, String> {
    let cannot = |why: String| format!("cannot read the catalogue `{}`: {why}", path.display());
    let bytes = file::read(path, MAX_CATALOGUE_BYTES).map_err(|why| cannot(why.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| cannot("it is not UTF-8".to_owned()))?;
    Catalogue::read(&path.display().to_string(), &text, common.as_of()).map_err(cannot)
}
