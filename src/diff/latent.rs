//! Promises that the old side made and the new one does not. Where no decision changes by it, a reviewer must see it though
//! nothing moved; where one does, what it changed may be harmless today, and the promise is gone all the same.
//!
//! Whether a decision changes is not guessed: what was dropped is put back into the new side, which is decided again.

mod asked;
mod contexts;
mod facts;
mod implied;
mod otherwise;
mod part;
mod promises;
mod reader;
mod requests;
mod standing;
mod stated;

pub use asked::moved as led_elsewhere;
pub(super) use facts::Measured;
pub(super) use implied::{Implied, SaidTo};
pub(super) use promises::{ClauseSaid, begins};
pub use promises::{said_by, said_in};
pub(super) use requests::{edited, lost, may_lose};

use std::collections::BTreeSet;

use super::causes::flat::Flat;
use super::causes::{Place, Texts};
use super::gate::{Moved, quoted};
use super::kind::Kind;
use super::rename::Names;
use super::sides::Side;
use super::store::Store;
use super::{Change, Diff, comparison, fingerprint};
use crate::decide::survey::Survey;
use crate::limits::shown;
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
    /// Stands for what its statement promises in its place; empty: nothing.
    pub instead: String,
    /// Whether somebody has accepted that it is gone.
    pub accepted: bool,
}

impl Latent {
    /// Stays the same while it is gone.
    pub fn fingerprint(&self) -> String {
        let own = [&self.what, &self.change, &self.text].into_iter();
        let instead = Some(&self.instead).filter(|instead| !instead.is_empty());
        fingerprint::of([&"promise".to_owned()].into_iter().chain(own).chain(&self.whom).chain(instead))
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
    /// Use cases whose change is a widening, which is reported as such.
    widened: BTreeSet<&'a str>,
    /// How many more times it may be decided.
    left: usize,
    gone: Gone,
}

/// What happened to a promise that others keep for whoever is there today.
const TODAY_ALONE: &str = "kept for the use cases of today alone";

/// Why something cannot be promised again.
const NAMELESS: &str = "it cannot be promised again, since something that it names is gone";

/// Why nobody knows what something changes.
const UNTRIED: &str = "there is no time to find out what it changes";

fn felt(latent: &Latent, so: &str) -> Moved {
    let Latent { what, change, text, whom, instead, .. } = latent;
    let what = quoted(what);
    let instead = Some(instead).filter(|instead| !instead.is_empty());
    let bound = whom.iter().chain(instead).cloned().collect();
    Moved::loosened(format!("{what}: {change}: `{text}`: {so}")).binding(bound)
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
    let key = |one: &Latent| (one.place.clone(), one.what.clone(), one.text.clone());
    let (edited, measured) = (edited(texts), Measured::of(texts.old.1.survey.world));
    let lost = lost(diff, (&texts.old.1, &texts.new.1), (&edited, &measured), names, None);
    // Who loses it says more than that another one would.
    let lost_keys: BTreeSet<_> = lost.iter().map(key).collect();
    found.retain(|one| !(one.change.ends_with(TODAY_ALONE) && lost_keys.contains(&key(one))));
    let mut said: BTreeSet<_> = found.iter().map(key).collect();
    found.extend(lost.into_iter().filter(|lost| said.insert(key(lost))));
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
    let read = flat.models.len() + flat.use_cases.len() + flat.statements.len();
    let work = read.saturating_add(diff.work.entries()).saturating_add(comparison::deciding(new));
    // One is tried however long that takes.
    let left = MAX_LATENT_TRIALS.min(MAX_LATENT_WORK / work.max(1)).max(1);
    let mut again = Again { texts, store, new, widened: widened(diff), left, gone: Gone::default() };
    let all = again.tried(all).or_else(|all| {
        // Something that one of them names is gone.
        let mut fit = Vec::new();
        let (mut lost, mut untried) = (Vec::new(), Vec::new());
        for dropped in all {
            match again.fits(&dropped) {
                Some(true) => fit.push(dropped),
                Some(false) => lost.push(dropped),
                None => untried.push(dropped),
            }
        }
        again.lost(lost, names, NAMELESS);
        again.lost(untried, names, UNTRIED);
        again.tried(fit)
    });
    if let Err(lost) = all {
        again.lost(lost, names, NAMELESS);
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
        let standing = standing::of(&world);
        for mut dropped in all {
            let concerned = match &mut dropped.made {
                Made::Clause(clause) => {
                    let concerned = clause.concerned(&survey, &standing);
                    clause.name_change(&mut dropped.latent.change, &concerned);
                    concerned.use_cases
                }
                Made::Fact(fact) => BTreeSet::from([fact.use_case.clone()]),
            };
            dropped.latent.whom.extend(concerned.iter().cloned());
            if concerned.is_disjoint(&changed) || self.is_without_effect(&dropped) {
                self.gone.latent.push(dropped.latent);
                continue;
            }
            let whom: Vec<&String> = concerned
                .intersection(&changed)
                .filter(|name| !self.widened.contains(name.as_str()))
                .collect();
            if !whom.is_empty() {
                let are = if whom.len() == 1 { "is" } else { "are" };
                let so = format!("{} {are} decided otherwise", some(&whom, shown::DIFF_NAMES));
                self.gone.felt.push(felt(&dropped.latent, &so));
            }
        }
        Ok(())
    }

    /// Whether it can be promised again; none where there is no time to try.
    fn fits(&mut self, dropped: &Dropped) -> Option<bool> {
        self.left = self.left.checked_sub(1)?;
        Some(self.world(&[dropped]).is_some())
    }

    /// What cannot be promised again had whatever effect: it is shown where there still is somebody to promise it to, and
    /// where there was nobody, since the next use case might have been.
    fn lost(&mut self, all: Vec<Dropped>, names: &Names, so: &str) {
        let (old, new) = (&self.texts.old.1.survey, self.texts.new.1.survey.world);
        for Dropped { mut latent, made } in all {
            if let Made::Clause(clause) = &made {
                let may = standing::may_concern(old, clause.id).into_iter();
                let held = may.filter(|case| standing::holds_somewhere(old, case, clause.id));
                let held: Vec<&String> = held.map(|case| &old.world.use_cases[case.id].name.value).collect();
                let was_held = !held.is_empty();
                let held = held.into_iter().map(|name| names.of("use_case", name).unwrap_or(name));
                let is_there =
                    |name: &&String| new.use_cases.search(|one| one.name.value.cmp(name)).is_some();
                let held: Vec<&String> = held.filter(is_there).collect();
                if held.is_empty() && was_held {
                    continue;
                }
                latent.whom.extend(held.into_iter().cloned());
            }
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
        let diff = super::tried(self.store, self.new, &side);
        let changed = diff.changes.into_iter().map(|change| change.use_case);
        changed.chain(diff.left_out.into_iter().map(|(name, _)| name)).collect()
    }
}

/// The use cases that are widened, which is reported as such. Who accepts that accepts no promise's end with it.
fn widened(diff: &Diff) -> BTreeSet<&str> {
    let is_open = |change: &&Change| change.kinds().has(Kind::Widened) && change.accepted.is_none();
    let changes = diff.changes.iter().filter(is_open);
    changes.map(|change| change.use_case.as_str()).collect()
}

fn world(flat: &Flat, policies: &[File], as_of: crate::model::Date) -> Option<World> {
    let registry = workspace::registry_of(&flat.registry())?;
    let estate = workspace::estate_of(&flat.estate())?;
    workspace::world_of(policies, &registry, &estate, as_of)
}
