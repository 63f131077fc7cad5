//! Statements that a workspace has once: classifications, regions and the other vocabularies, precedence.

use std::collections::{HashMap, HashSet};

use super::VocabularyKind;
use super::build::Builder;
use super::names::Symbol;
use crate::diag::{Finding, code};
use crate::source::Span;
use crate::syntax::tree::{self, Name, Statement, StatementKind};

impl Builder {
    /// Reads classifications, precedence and the closed vocabularies.
    pub(super) fn vocabularies(&mut self, statements: &[&Statement]) {
        let mut first: HashMap<&'static str, Span> = HashMap::new();
        for statement in statements {
            let mut written: Vec<&Name> = Vec::new();
            let (what, is_list) = match &statement.kind {
                StatementKind::Classifications(names) => {
                    written.extend(names);
                    ("classifications", true)
                }
                StatementKind::Regions(regions) => {
                    for region in regions {
                        region.names(&mut written);
                    }
                    ("regions", true)
                }
                StatementKind::Vocabulary(kind, names) => {
                    written.extend(names);
                    (kind.name(), true)
                }
                StatementKind::Precedence(_) => ("precedence", false),
                StatementKind::Attribution(_) => ("attribution", false),
                _ => continue,
            };
            let names = if is_list { self.distinct(what, written) } else { Vec::new() };
            if let Some(&before) = first.get(what) {
                self.find(
                    Finding::error(
                        code::DUPLICATE_NAME,
                        statement.head,
                        format!("`{what}` is written twice"),
                    )
                    .label("again here")
                    .related(before, "first here")
                    .help("merge the two: a workspace has one"),
                );
                self.merge(&statement.kind, names);
                continue;
            }
            first.insert(what, statement.head);
            match &statement.kind {
                StatementKind::Classifications(_) => self.classifications = names.into(),
                StatementKind::Regions(regions) => {
                    self.nest(regions, &[]);
                    self.close(VocabularyKind::Regions, names);
                }
                StatementKind::Vocabulary(kind, _) => self.close(*kind, names),
                StatementKind::Precedence(tiers) => {
                    if let [a, b, c, d] = tiers.as_slice() {
                        self.precedence = [a.tier, b.tier, c.tier, d.tier];
                    }
                }
                _ => {}
            }
        }
    }

    /// Remembers which regions enclose which; of a name that appears twice, the first place counts.
    fn nest(&mut self, regions: &[tree::Region], enclosing: &[Symbol]) {
        for region in regions {
            let symbol = self.names.intern(&region.name.text);
            self.regions.enclose(symbol, enclosing.to_vec());
            let mut inner = vec![symbol];
            inner.extend_from_slice(enclosing);
            self.nest(&region.within, &inner);
        }
    }

    /// A list that is written a second time, which is told: its names are names all the same.
    fn merge(&mut self, kind: &StatementKind, names: Vec<String>) {
        let of = match kind {
            StatementKind::Regions(regions) => {
                for region in regions {
                    let known = self.vocabularies.get(&VocabularyKind::Regions);
                    if known.is_none_or(|vocabulary| !vocabulary.known.contains(&region.name.text)) {
                        self.nest(std::slice::from_ref(region), &[]);
                    }
                }
                VocabularyKind::Regions
            }
            StatementKind::Vocabulary(kind, _) => *kind,
            StatementKind::Classifications(_) => {
                let known: HashSet<String> = self.classifications.iter().cloned().collect();
                for name in names.into_iter().filter(|name| !known.contains(name)) {
                    self.classifications.push(name);
                }
                return;
            }
            _ => return,
        };
        let vocabulary = self.vocabularies.entry(of).or_default();
        let closed = vocabulary.closed.get_or_insert_default();
        for name in names {
            if vocabulary.known.insert(name.clone()) {
                closed.push(name);
            }
        }
    }

    /// Closes a vocabulary by a list.
    fn close(&mut self, kind: VocabularyKind, names: Vec<String>) {
        let vocabulary = self.vocabularies.entry(kind).or_default();
        vocabulary.known = names.iter().cloned().collect();
        vocabulary.closed = Some(names);
    }

    /// The names of a list, repeats reported.
    pub(super) fn distinct<'n>(
        &mut self,
        what: &str,
        names: impl IntoIterator<Item = &'n Name>,
    ) -> Vec<String> {
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut kept = Vec::new();
        for name in names {
            if let Some(&before) = first.get(name.text.as_str()) {
                self.duplicate(&format!("in `{what}`, the name"), &name.text, name.span, before);
            } else {
                first.insert(&name.text, name.span);
                kept.push(name.text.clone());
            }
        }
        kept
    }
}
