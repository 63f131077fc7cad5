//! Promises that the old side made and the new one does not. Where no decision changes by it, a reviewer must see it though
//! nothing moved; where one does, what it changed may be harmless today, and the promise is gone all the same.
//!
//! Whether a decision changes is not guessed: what was dropped is put back into the new side, which is decided again.

mod facts;
mod otherwise;
mod promises;
mod requests;

pub use promises::{said_by, said_in};

use std::collections::BTreeSet;

use super::causes::flat::Flat;
use super::causes::{Place, Texts};
use super::gate::{Moved, quoted};
use super::kind::Kind;
use super::rename::Names;
use super::sides::Side;
use super::store::Store;
use super::{Change, Diff, fingerprint};
use crate::decide::survey::Survey;
use crate::limits::{MAX_LATENT_TRIALS, MAX_LATENT_WORK};
use crate::model::World;
use crate::model::words::some;
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
    /// For which requests, as far as that is known: the condition, then use cases.
    pub whom: Vec<String>,
    /// Whether somebody has accepted that it is gone.
    pub accepted: bool,
}

impl Latent {
    /// Stays the same while it is gone.
    pub fn fingerprint(&self) -> String {
        let own = [&self.what, &self.change, &self.text].into_iter();
        fingerprint::of([&"promise".to_owned()].into_iter().chain(own).chain(&self.whom))
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
    diff: &'a Diff,
    texts: &'a Texts<'a>,
    store: &'a mut Store,
    new: &'a Side,
    /// How many more times it may be decided.
    left: usize,
    gone: Gone,
}

/// So many use cases are named.
const MOST_NAMED: usize = 3;

fn felt(latent: &Latent, so: &str) -> Moved {
    let Latent { what, change, text, .. } = latent;
    let what = quoted(what);
    Moved::loosened(format!("{what}: {change}: `{text}`: {so}")).binding(latent.whom.clone())
}

/// Promises that are gone.
#[derive(Debug, Default)]
pub struct Gone {
    /// Without effect, by place.
    pub latent: Vec<Latent>,
    /// With an effect that widens nothing, or with none that can be known: each a rule of the gate.
    pub felt: Vec<Moved>,
}

/// Promises that are gone and made nothing wider, which is reported as such.
pub fn find(diff: &Diff, store: &mut Store, new: &Side, texts: &Texts, names: &Names) -> Gone {
    let mut gone = put_back(diff, store, new, texts, names);
    let found = &mut gone.latent;
    let is_said = |found: &[Latent], one: &Latent| {
        found
            .iter()
            .any(|known| (&known.place, &known.what, &known.text) == (&one.place, &one.what, &one.text))
    };
    for lost in requests::lost(diff, texts, names) {
        if !is_said(found, &lost) {
            found.push(lost);
        }
    }
    found.sort();
    found.dedup();
    gone
}

/// Those that are no longer written.
fn put_back(diff: &Diff, store: &mut Store, new: &Side, texts: &Texts, names: &Names) -> Gone {
    let mut all: Vec<Dropped> = promises::dropped(texts, names);
    all.extend(facts::dropped(texts, names));
    if all.is_empty() {
        return Gone::default();
    }
    let flat = &texts.new.0;
    let work = flat.models.len() + flat.use_cases.len() + flat.statements.len();
    let left = MAX_LATENT_TRIALS.min(MAX_LATENT_WORK / work.max(1)).max(1);
    let mut again = Again { diff, texts, store, new, left, gone: Gone::default() };
    let all = again.tried(all).or_else(|all| {
        // Something that one of them names is gone.
        let (fit, lost) = all.into_iter().partition(|dropped| again.fits(dropped));
        again.lost(lost, names);
        again.tried(fit)
    });
    if let Err(lost) = all {
        again.lost(lost, names);
    }
    again.gone
}

impl Again<'_> {
    /// Promises all of them again, and tells those whose return changes no decision from others; all as they were where
    /// the new side cannot be decided with them.
    fn tried(&mut self, all: Vec<Dropped>) -> Result<(), Vec<Dropped>> {
        let Some(world) = self.world(&all.iter().collect::<Vec<_>>()) else { return Err(all) };
        let survey = Survey::new(&world);
        let changed = self.changed(&survey);
        for mut dropped in all {
            let concerned = match &mut dropped.made {
                Made::Clause(clause) => {
                    let Some(concerned) = clause.concerned(&survey) else { continue };
                    clause.name_change(&mut dropped.latent.change);
                    concerned
                }
                Made::Fact(fact) => BTreeSet::from([fact.use_case.clone()]),
            };
            dropped.latent.whom.extend(concerned.iter().cloned());
            if concerned.is_disjoint(&changed) || self.is_without_effect(&dropped) {
                self.gone.latent.push(dropped.latent);
                continue;
            }
            let whom: Vec<&String> =
                concerned.intersection(&changed).filter(|name| !self.is_widened(name)).collect();
            if !whom.is_empty() {
                let are = if whom.len() == 1 { "is" } else { "are" };
                let so = format!("{} {are} decided otherwise", some(&whom, MOST_NAMED));
                self.gone.felt.push(felt(&dropped.latent, &so));
            }
        }
        Ok(())
    }

    /// Whether the change of a use case is a widening, which is reported as such.
    fn is_widened(&self, name: &str) -> bool {
        self.diff.changes.iter().any(|change| is_widened(change, name))
    }

    /// Whether it can be promised again; not what there is no time to try.
    fn fits(&mut self, dropped: &Dropped) -> bool {
        self.left = self.left.saturating_sub(1);
        self.left > 0 && self.world(&[dropped]).is_some()
    }

    /// What cannot be promised again had whatever effect: it is shown where there still is somebody to promise it to.
    fn lost(&mut self, all: Vec<Dropped>, names: &Names) {
        let (old, new) = (&self.texts.old.1.survey, self.texts.new.1.survey.world);
        for Dropped { mut latent, made } in all {
            if let Made::Clause(clause) = &made {
                let held =
                    old.world.use_cases.iter().filter(|one| old.engine.holds_somewhere(one, clause.id));
                let held = held.map(|one| names.of("use_case", &one.name.value).unwrap_or(&one.name.value));
                let held: Vec<&String> =
                    held.filter(|name| new.use_cases.iter().any(|one| one.name.value == **name)).collect();
                if held.is_empty() {
                    continue;
                }
                latent.whom.extend(held.into_iter().cloned());
            }
            let so = "it cannot be promised again, since something that it names is gone";
            self.gone.felt.push(felt(&latent, so));
        }
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

/// Whether a change is that of a use case, and a widening.
fn is_widened(change: &Change, name: &str) -> bool {
    change.use_case == name && change.kinds().has(Kind::Widened)
}

fn world(flat: &Flat, policies: &[File], as_of: crate::model::Date) -> Option<World> {
    let registry = workspace::registry_of(&flat.registry())?;
    let estate = workspace::estate_of(&flat.estate())?;
    workspace::world_of(policies, &registry, &estate, as_of)
}
