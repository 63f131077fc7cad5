//! `govctl check --fix`: what can be mended is, in place, before the rest is reported.

use std::path::{Path, PathBuf};

use super::{Common, catalogues, output, terminal};
use crate::catalogue::Catalogue;
use crate::fix::{self, Mended, Wanted};
use crate::limits::MAX_FILE_BYTES;
use crate::load::{self, Texts, file};
use crate::model::words::count;
use crate::source::{BYTE_ORDER_MARK, visible};
use crate::workspace;

/// Mends a workspace and writes the files that changed; all of them or none.
pub(super) fn mend(
    dir: Option<&Path>,
    wanted: Wanted,
    asked: &[Catalogue],
    common: &Common,
) -> Result<Mended, String> {
    let (folder, as_of) = (common.folder(dir), common.as_of());
    let read = |texts: &Texts| {
        let mut workspace = workspace::read(load::load_over(folder, texts)?, as_of);
        catalogues::ask(&mut workspace, asked, as_of);
        Ok(workspace)
    };
    let original = load::load(folder)?.sources;
    let mended = fix::mend(read, wanted)?;
    let mut written: Vec<(PathBuf, String)> = Vec::new();
    for (path, text) in &mended.texts {
        let place = folder.join(path);
        let failed = |why: &str| format!("cannot mend `{}`: {why}", visible::inline(path));
        let bytes = file::read(&place, MAX_FILE_BYTES).map_err(|why| failed(&why.to_string()))?;
        let on_disk = String::from_utf8(bytes).map_err(|_| failed("it is not UTF-8"))?;
        let (mark, on_disk) = match on_disk.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => (BYTE_ORDER_MARK, rest),
            None => ("", on_disk.as_str()),
        };
        if !original.iter().any(|(_, file)| file.path == *path && file.text == on_disk) {
            return Err(failed("it has changed in the meantime; run it again"));
        }
        written.push((place, format!("{mark}{text}")));
    }
    let all: Vec<(&Path, &[u8])> =
        written.iter().map(|(path, text)| (path.as_path(), text.as_bytes())).collect();
    output::write_all(&all)
        .map_err(|(path, error)| format!("cannot write `{}`: {}", path.display(), file::reason(&error)))?;
    for (path, fixed) in &mended.fixed {
        let findings = count(*fixed, "finding", "findings");
        terminal::say(&format!("fixed {findings} in {}\n", visible::inline(path)));
    }
    Ok(mended)
}

/// The last line: how many findings were mended, how many are left, and how many of these could be.
pub(super) fn summary(mended: &Mended, left: usize) -> String {
    let more = match mended.unwanted {
        0 => String::new(),
        unwanted => format!("; `--unsafe` fixes {unwanted} more, to be looked at"),
    };
    let more =
        if mended.left_untried { more + "; there are too many fixes to try each of them" } else { more };
    format!("fixed {}, {left} left{more}\n", count(mended.count(), "finding", "findings"))
}
