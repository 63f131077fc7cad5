//! To the definition of a name, and to all its uses, across policies and YAML.

use super::{Occurrence, Seen};
use crate::source::{FileId, Span};

/// Where what stands at a place is defined; where a list never says it, where it is first used.
pub fn definition(seen: Seen, file: FileId, offset: usize) -> Vec<Span> {
    let index = seen.now.index();
    let Some(here) = index.at(file, offset) else { return Vec::new() };
    let defined: Vec<Span> = index.definitions(&here.symbol).map(|one| one.span).collect();
    if defined.is_empty() {
        index.occurrences(&here.symbol).take(1).map(|one| one.span).collect()
    } else {
        defined
    }
}

/// Everywhere that what stands at a place is written, in the order of files.
pub fn references(seen: Seen, file: FileId, offset: usize, with_definitions: bool) -> Vec<Span> {
    let index = seen.now.index();
    let Some(here) = index.at(file, offset) else { return Vec::new() };
    let wanted = |one: &&Occurrence| with_definitions || !one.is_definition;
    index.occurrences(&here.symbol).filter(wanted).map(|one| one.span).collect()
}

/// The same in one file, each with whether it is defined there.
pub fn highlights(seen: Seen, file: FileId, offset: usize) -> Vec<(Span, bool)> {
    let index = seen.now.index();
    let Some(here) = index.at(file, offset) else { return Vec::new() };
    let in_file = index.occurrences(&here.symbol).filter(|one| one.span.file == file);
    in_file.map(|one| (one.span, one.is_definition)).collect()
}
