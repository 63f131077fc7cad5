//! Values of a document by their path, in time that does not grow with the map that they stand in.

use std::collections::HashMap;

use super::{Kind, Value};
use crate::source::Spanned;

/// Maps that were looked into, by their address: where each key is, so that a thousand faults of one map take no more
/// time each than one.
#[derive(Default)]
pub(super) struct Finder<'a>(HashMap<*const Value, HashMap<&'a str, usize>>);

impl<'a> Finder<'a> {
    /// A key of a map with its value.
    pub(super) fn entry(&mut self, map: &'a Value, name: &str) -> Option<&'a (Spanned<String>, Value)> {
        let Kind::Map(entries) = &map.kind else { return None };
        let known = self.0.entry(std::ptr::from_ref(map)).or_insert_with(|| {
            // Of equal keys the first counts.
            entries.iter().enumerate().rev().map(|(at, (key, _))| (key.value.as_str(), at)).collect()
        });
        entries.get(*known.get(name)?)
    }
}

/// The value at a path, and the key that leads to it.
pub(super) fn find<'a>(
    finder: &mut Finder<'a>,
    document: &'a Value,
    path: &str,
) -> (&'a Value, Option<&'a str>) {
    let (mut value, mut key) = (document, None);
    for part in path.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        match &value.kind {
            Kind::Map(_) => {
                let Some((name, inner)) = finder.entry(value, &part) else { break };
                (value, key) = (inner, Some(name.value.as_str()));
            }
            Kind::List(items) => {
                let Some(item) = part.parse::<usize>().ok().and_then(|index| items.get(index)) else { break };
                value = item;
            }
            _ => break,
        }
    }
    (value, key)
}
