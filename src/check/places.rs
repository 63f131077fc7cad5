//! Statements by their places in files.

use std::collections::BTreeMap;

use crate::source::{FileId, Span};

/// Statements by where they begin; none stands within another.
#[derive(Default)]
pub(super) struct Places(BTreeMap<(FileId, u32), Span>);

impl Places {
    pub(super) fn of(spans: impl Iterator<Item = Span>) -> Self {
        let mut places = BTreeMap::new();
        for span in spans {
            places.entry((span.file, span.start)).or_insert(span);
        }
        Self(places)
    }

    /// Whether a place is in one of them, its end counted.
    pub(super) fn around(&self, file: FileId, place: u32) -> bool {
        // One may begin where another one ends.
        let near = self.0.range((file, 0)..=(file, place)).rev().take(2);
        near.into_iter().any(|(_, span)| place <= span.end)
    }

    /// The first that begins in a part of a file.
    pub(super) fn first_in(&self, part: Span) -> Option<Span> {
        self.0.range((part.file, part.start)..=(part.file, part.end)).next().map(|(_, span)| *span)
    }
}
