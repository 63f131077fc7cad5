//! What registry and estate say, read from their files, and kept for as long as these stay as they are.

use std::sync::Arc;

use super::each;
use super::silent::said;
use crate::diag::Finding;
use crate::estate::{self, Estate};
use crate::registry::{self, Registry};
use crate::source::{FileId, FileKind, Sources};
use crate::yaml;
use crate::yaml::apparent::Said;
use crate::yaml::schema::Schema;

/// What the files of a registry say.
#[derive(Debug)]
pub(super) struct RegistryFiles {
    pub(super) registry: Arc<Registry>,
    pub(super) trees: Arc<Vec<yaml::Value>>,
    pub(super) findings: Vec<Finding>,
    /// Findings that keep nothing from being decided.
    pub(super) beside: Vec<Finding>,
    pub(super) said: Vec<(FileId, Said)>,
}

/// What the files of an estate say.
#[derive(Debug)]
pub(super) struct EstateFiles {
    pub(super) estate: Arc<Estate>,
    pub(super) trees: Arc<Vec<yaml::Value>>,
    pub(super) findings: Vec<Finding>,
    pub(super) said: Vec<(FileId, Said)>,
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
        remembered(&mut self.registry, sources, FileKind::Registry, || registry_of(sources, With::Trees))
    }

    pub(super) fn estate(&mut self, sources: &Sources) -> Arc<EstateFiles> {
        remembered(&mut self.estate, sources, FileKind::Estate, || estate_of(sources, With::Trees))
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

/// What is wanted beside what is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum With<'a> {
    Nothing,
    /// The trees: several times as large as what they were read from, so they are kept only on request.
    Trees,
    /// What is said of values on a day.
    Said(&'a str),
}

/// Reads the registry.
pub(super) fn registry_of(sources: &Sources, with: With) -> RegistryFiles {
    let (read, mut findings) = each(sources, FileKind::Registry, |id, text| {
        let (document, found, said) = document(Schema::Registry, id, text, with);
        (Some((document, said)), found)
    });
    let (documents, said): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    let mut trees: Vec<yaml::Value> = documents.into_iter().flatten().collect();
    let (registry, found) = registry::read::read(&trees);
    findings.extend(found);
    let secrets = registry::secrets::find(&trees);
    if !matches!(with, With::Trees) {
        trees = Vec::new();
    }
    let said = said.into_iter().flatten().collect();
    RegistryFiles { registry: Arc::new(registry), trees: Arc::new(trees), findings, beside: secrets, said }
}

/// Reads the estate.
pub(super) fn estate_of(sources: &Sources, with: With) -> EstateFiles {
    let (parts, findings) = each(sources, FileKind::Estate, |id, text| {
        let (document, mut found, said) = document(Schema::Estate, id, text, with);
        let documents: Vec<yaml::Value> = document.into_iter().collect();
        let (estate, more) = estate::read::read(&documents);
        found.extend(more);
        let kept = if matches!(with, With::Trees) { documents } else { Vec::new() };
        (Some((estate, kept, said)), found)
    });
    let (mut estates, mut trees, mut said) = (Vec::new(), Vec::new(), Vec::new());
    for (estate, documents, of_one) in parts {
        estates.push(estate);
        trees.extend(documents);
        said.extend(of_one);
    }
    EstateFiles { estate: Arc::new(Estate::of(estates)), trees: Arc::new(trees), findings, said }
}

/// The document of a file, what is wrong with it, and what is said of it.
fn document(
    schema: Schema,
    id: FileId,
    text: &str,
    with: With,
) -> (Option<yaml::Value>, Vec<Finding>, Option<(FileId, Said)>) {
    // What holds nothing is not in other documents any more.
    let plain = yaml::parse_plain(id, text);
    let said = match with {
        With::Said(as_of) => Some((id, said(id, text, plain.as_ref(), as_of))),
        With::Nothing | With::Trees => None,
    };
    let (document, found) = match plain {
        Some(_) => (plain, Vec::new()),
        None => yaml::parse_rest(schema, id, text),
    };
    (document, found, said)
}
