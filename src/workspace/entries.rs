//! What registry and estate say, read from their files, and kept for as long as these stay as they are.

use std::sync::Arc;

use super::{documents, each};
use crate::diag::Finding;
use crate::estate::{self, Estate};
use crate::registry::{self, Registry};
use crate::source::{FileId, FileKind, Sources};
use crate::yaml;
use crate::yaml::schema::Schema;

/// What the files of a registry say.
#[derive(Debug)]
pub(super) struct RegistryFiles {
    pub(super) registry: Arc<Registry>,
    pub(super) trees: Arc<Vec<yaml::Value>>,
    pub(super) findings: Vec<Finding>,
    /// Findings that keep nothing from being decided.
    pub(super) beside: Vec<Finding>,
}

/// What the files of an estate say.
#[derive(Debug)]
pub(super) struct EstateFiles {
    pub(super) estate: Arc<Estate>,
    pub(super) trees: Arc<Vec<yaml::Value>>,
    pub(super) findings: Vec<Finding>,
}

/// Registry and estate as they were read last: an editor reads them again and again while somebody writes a policy.
#[derive(Debug, Default)]
pub struct Memory {
    registry: Option<Remembered<RegistryFiles>>,
    estate: Option<Remembered<EstateFiles>>,
}

/// What was read from files, and their texts.
#[derive(Debug)]
struct Remembered<T> {
    texts: Vec<(FileId, String)>,
    read: Arc<T>,
}

impl Memory {
    pub(super) fn registry(&mut self, sources: &Sources) -> Arc<RegistryFiles> {
        remembered(&mut self.registry, sources, FileKind::Registry, || registry_of(sources, true))
    }

    pub(super) fn estate(&mut self, sources: &Sources) -> Arc<EstateFiles> {
        remembered(&mut self.estate, sources, FileKind::Estate, || estate_of(sources, true))
    }
}

fn remembered<T>(
    memory: &mut Option<Remembered<T>>,
    sources: &Sources,
    kind: FileKind,
    read: impl FnOnce() -> T,
) -> Arc<T> {
    let files = || sources.of_kind(kind).filter(|(_, file)| file.readable);
    let is_same = |known: &Remembered<T>| {
        known.texts.len() == files().count()
            && known
                .texts
                .iter()
                .zip(files())
                .all(|((id, text), (now, file))| *id == now && *text == file.text)
    };
    if let Some(known) = memory.as_ref().filter(|known| is_same(known)) {
        return Arc::clone(&known.read);
    }
    let read = Arc::new(read());
    let texts = files().map(|(id, file)| (id, file.text.clone())).collect();
    *memory = Some(Remembered { texts, read: Arc::clone(&read) });
    read
}

/// Reads the registry. Trees are several times as large as what they were read from, so they are kept only on request.
pub(super) fn registry_of(sources: &Sources, keeps_trees: bool) -> RegistryFiles {
    let (mut trees, mut findings) = documents(sources, FileKind::Registry);
    let (registry, found) = registry::read::read(&trees);
    findings.extend(found);
    let beside = registry::secrets::find(&trees);
    if !keeps_trees {
        trees = Vec::new();
    }
    RegistryFiles { registry: Arc::new(registry), trees: Arc::new(trees), findings, beside }
}

/// Reads the estate, likewise.
pub(super) fn estate_of(sources: &Sources, keeps_trees: bool) -> EstateFiles {
    let (parts, findings) = each(sources, FileKind::Estate, |id, text| {
        let (document, mut found) = yaml::parse_as(Schema::Estate, id, text);
        let documents: Vec<yaml::Value> = document.into_iter().collect();
        let (estate, more) = estate::read::read(&documents);
        found.extend(more);
        (Some((estate, if keeps_trees { documents } else { Vec::new() })), found)
    });
    let (estates, trees): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    let trees = trees.into_iter().flatten().collect();
    EstateFiles { estate: Arc::new(Estate::of(estates)), trees: Arc::new(trees), findings }
}
