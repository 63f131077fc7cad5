//! From which files the page was made, so that it can be made again.

use super::{Block, Cell, Input, Section, Table};
use crate::limits::shown;
use crate::model::words::count;

pub(super) fn section(input: &Input<'_>) -> Section {
    let heads = ["File", "SHA-256"];
    let mut table = Table::new("Files that were read", &heads, "");
    let files = input.sources.iter().filter(|(_, file)| file.readable);
    let files = files.map(|(_, file)| (&file.path, &file.sha256));
    let also = input.also.iter().map(|(name, sha256)| (name, sha256));
    let hash = |sha256: &str| if sha256.is_empty() { Cell::text("not kept") } else { Cell::name(sha256) };
    table.rows = files.chain(also).map(|(name, sha256)| vec![Cell::name(name), hash(sha256)]).collect();
    let lead = format!(
        "By govctl {} from {}; the same files and the same day give the same page.",
        env!("CARGO_PKG_VERSION"),
        count(table.rows.len(), "file", "files")
    );
    let blocks = vec![Block::Table(table.folded_past(shown::OPEN_MADE))];
    Section { id: "made", title: "How this page was made", lead, blocks }
}
