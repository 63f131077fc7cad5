//! Texts that stand over the files of a workspace: what is being edited and not saved, and what fixes make of it.

use std::collections::{BTreeMap, BTreeSet};

use super::file;
use super::reader::{Found, Place, Refusal};
use crate::limits::MAX_FILE_BYTES;

/// Texts by their path in the workspace, `/`-separated.
pub type Texts = BTreeMap<String, String>;

/// A place over which some texts stand.
pub(super) struct Overlaid<'t, P> {
    pub(super) place: P,
    pub(super) texts: &'t Texts,
}

/// A path, and where it leads below.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OverlaidHandle<K> {
    path: String,
    below: Option<K>,
}

impl<P: Place> Overlaid<'_, P> {
    /// The texts below a folder; all of them below the workspace's own.
    fn within<'s>(&'s self, folder: &str) -> impl Iterator<Item = &'s String> {
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.texts.keys().filter(move |path| path.starts_with(&folder) && !is_hidden(path, folder.len()))
    }
}

impl<P: Place> Place for Overlaid<'_, P> {
    type Handle = OverlaidHandle<P::Handle>;

    fn at(&mut self, path: &str) -> Option<Self::Handle> {
        let below = self.place.at(path);
        let is_there = below.is_some() || self.texts.contains_key(path) || self.within(path).next().is_some();
        is_there.then(|| OverlaidHandle { path: path.to_owned(), below })
    }

    fn below(
        &mut self,
        key: &Self::Handle,
        wanted: &mut dyn FnMut(&str) -> bool,
    ) -> Vec<Found<Self::Handle>> {
        let found = key.below.as_ref().map(|below| self.place.below(below, wanted)).unwrap_or_default();
        let mut found: Vec<Found<Self::Handle>> = found
            .into_iter()
            .map(|one| one.map(|(path, below)| (path.clone(), OverlaidHandle { path, below: Some(below) })))
            .collect();
        let known = found.iter().map(|one| match one {
            Ok((path, _)) | Err((path, _)) => path.clone(),
        });
        let known: BTreeSet<String> = known.collect();
        let mut new: Vec<&String> = self.within(&key.path).filter(|path| wanted(path)).collect();
        new.extend(self.texts.keys().filter(|path| **path == key.path));
        let new = new.into_iter().filter(|path| !known.contains(*path));
        found.extend(new.map(|path| Ok((path.clone(), OverlaidHandle { path: path.clone(), below: None }))));
        found
    }

    fn folders(&mut self) -> Vec<String> {
        self.place.folders()
    }

    fn links(&mut self) -> BTreeSet<String> {
        self.place.links()
    }

    fn read(&mut self, key: &Self::Handle, shown: &str) -> Result<Vec<u8>, Refusal> {
        match (self.texts.get(&key.path), &key.below) {
            (Some(text), _) if text.len() as u64 > MAX_FILE_BYTES => Err(Refusal::too_large(shown)),
            (Some(text), _) => Ok(text.clone().into_bytes()),
            (None, Some(below)) => self.place.read(below, shown),
            (None, None) => {
                let why = file::Unread::Absent;
                Err(Refusal::new(
                    format!("cannot read `{shown}`: {why}"),
                    "check the file and its permissions",
                ))
            }
        }
    }
}

/// Whether a file or a folder on the way to it is hidden, as on disk.
fn is_hidden(path: &str, from: usize) -> bool {
    path.get(from..).is_none_or(|rest| rest.split('/').any(|part| part.starts_with('.')))
}
