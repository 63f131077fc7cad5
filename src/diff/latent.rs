//! Promises that the old side made and the new one does not, though no decision changes by it: what a reviewer must see
//! though nothing moved.
//!
//! Whether a decision changes is not guessed: what was dropped is put back into the new side, which is decided again.

mod facts;
mod promises;
mod requests;

use std::collections::BTreeSet;

use super::causes::flat::Flat;
use super::causes::{Place, Texts};
use super::rename::Names;
use super::sides::Side;
use super::store::Store;
use super::{Diff, fingerprint};
use crate::decide::survey::Survey;
use crate::limits::{MAX_LATENT_TRIALS, MAX_LATENT_WORK};
use crate::model::World;
use crate::source::FileId;
use crate::syntax::tree::{File, Statement, StatementKind};
use crate::workspace;

/// A promise that is gone without effect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Latent {
    /// Where the old side made it.
    pub place: Place,
    /// Kind and name of who made it.
    pub what: String,
    /// What happened to it, such as `require dropped`.
    pub change: String,
    /// What was promised.
    pub text: String,
    /// Whether somebody has accepted that it is gone.
    pub accepted: bool,
}

impl Latent {
    /// Stays the same while it is gone.
    pub fn fingerprint(&self) -> String {
        fingerprint::of([&"promise".to_owned(), &self.what, &self.change, &self.text])
    }
}

/// Something that was promised and may no longer be.
struct Dropped {
    latent: Latent,
    made: Made,
}

/// How to promise it again.
enum Made {
    /// By a statement of its own, whose name no workspace can have.
    Clause(Box<promises::Clause>),
    /// By a key of a use case.
    Fact(facts::Fact),
}

/// What the new side would decide if some of it were promised again.
struct Again<'a> {
    texts: &'a Texts<'a>,
    store: &'a mut Store,
    new: &'a Side,
    /// How many more times it may be decided.
    left: usize,
}

/// Promises that are gone without effect, by place.
pub fn find(diff: &Diff, store: &mut Store, new: &Side, texts: &Texts, names: &Names) -> Vec<Latent> {
    let mut found = put_back(diff, store, new, texts, names);
    let is_said = |found: &[Latent], one: &Latent| {
        found
            .iter()
            .any(|known| (&known.place, &known.what, &known.text) == (&one.place, &one.what, &one.text))
    };
    for lost in requests::lost(diff, texts, names) {
        if !is_said(&found, &lost) {
            found.push(lost);
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Those that are no longer written.
fn put_back(diff: &Diff, store: &mut Store, new: &Side, texts: &Texts, names: &Names) -> Vec<Latent> {
    let mut all: Vec<Dropped> = promises::dropped(texts, names);
    all.extend(facts::dropped(texts, names));
    if all.is_empty() {
        return Vec::new();
    }
    let flat = &texts.new.0;
    let work = flat.models.len() + flat.use_cases.len() + flat.statements.len();
    let left = MAX_LATENT_TRIALS.min(MAX_LATENT_WORK / work.max(1)).max(1);
    let found = match (Again { texts, store, new, left }).without_effect(all) {
        Ok(found) => found,
        // Where it cannot be promised again, what made a change is named as its cause.
        Err(all) => all.into_iter().filter(|dropped| !is_cause(diff, &dropped.latent)).collect(),
    };
    found.into_iter().map(|dropped| dropped.latent).collect()
}

fn is_cause(diff: &Diff, latent: &Latent) -> bool {
    let causes = diff.changes.iter().flat_map(|change| &change.causes);
    causes.into_iter().any(|cause| cause.what.starts_with(&latent.what))
}

impl Again<'_> {
    /// Those whose return changes no decision; all as they were where the new side cannot be decided with them.
    fn without_effect(&mut self, all: Vec<Dropped>) -> Result<Vec<Dropped>, Vec<Dropped>> {
        let Some(world) = self.world(&all.iter().collect::<Vec<_>>()) else { return Err(all) };
        let survey = Survey::new(&world);
        let changed = self.changed(&survey);
        let mut found = Vec::new();
        for mut dropped in all {
            let concerned = match &mut dropped.made {
                Made::Clause(clause) => {
                    let Some(concerned) = clause.concerned(&survey) else { continue };
                    clause.name_change(&mut dropped.latent.change);
                    concerned
                }
                Made::Fact(fact) => BTreeSet::from([fact.use_case.clone()]),
            };
            if concerned.is_disjoint(&changed) || self.is_without_effect(&dropped) {
                found.push(dropped);
            }
        }
        Ok(found)
    }

    fn is_without_effect(&mut self, dropped: &Dropped) -> bool {
        if matches!(&dropped.made, Made::Clause(clause) if clause.is_of_a_guarantee()) {
            return true;
        }
        // What there was no time to try is shown: it may have had no effect.
        if self.left == 0 {
            return true;
        }
        self.left -= 1;
        let Some(world) = self.world(&[dropped]) else { return false };
        self.changed(&Survey::new(&world)).is_empty()
    }

    /// The new side with some of it promised again.
    fn world(&self, all: &[&Dropped]) -> Option<World> {
        let (mut flat, new) = (self.texts.new.0.clone(), &self.texts.new.1);
        let mut statements: Vec<Statement> = flat.statements.values().cloned().collect();
        let written = new.trees.policies.iter().flat_map(|file| &file.statements);
        let is_guarantee = |statement: &&Statement| matches!(statement.kind, StatementKind::Guarantee(_));
        statements.extend(written.filter(is_guarantee).cloned());
        for dropped in all {
            match &dropped.made {
                Made::Clause(clause) => statements.push(clause.statement.clone()),
                Made::Fact(fact) => fact.put_back(&mut flat, &self.texts.old.0),
            }
        }
        let policies = vec![File { id: FileId::default(), statements }];
        world(&flat, &policies, new.as_of)
    }

    /// Use cases that are decided otherwise.
    fn changed(&mut self, survey: &Survey) -> BTreeSet<String> {
        let side = Side::of_workspace("", survey, self.store);
        let diff = super::diff(self.store, self.new, &side);
        let changed = diff.changes.into_iter().map(|change| change.use_case);
        changed.chain(diff.left_out.into_iter().map(|(name, _)| name)).collect()
    }
}

fn world(flat: &Flat, policies: &[File], as_of: crate::model::Date) -> Option<World> {
    let registry = workspace::registry_of(&flat.registry())?;
    let estate = workspace::estate_of(&flat.estate())?;
    workspace::world_of(policies, &registry, &estate, as_of)
}
