//! Decisions of an earlier world that hold in a later one: those of use cases that no changed statement may concern.
//!
//! Whoever asks knows that nothing but some statements has changed, and says which; [`numbered_alike`] says that what
//! decisions hold by number is what it was.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::{Case, Conditions, FEW, Missing, Survey, case};
use crate::decide::engine::{Decisions, Engine, Statement};
use crate::decide::trial::Changed;
use crate::decide::{Decision, LeftOut, Path};
use crate::model::{IdSet, Rule, Table, UseCase, UseCaseId, World};
use crate::source::moved::Moved;

/// What was decided before, with its places where they stand now.
#[derive(Debug)]
pub struct Earlier {
    /// Per use case what was decided; none where a changed statement could concern it, or a place is not known.
    cases: Table<UseCase, Option<Case>>,
    changed: Vec<Statement>,
    tried: Tried,
}

/// What has been found out of a world by deciding it otherwise, once it has been asked: it holds by number, and as long
/// as no statement changes.
#[derive(Debug, Default)]
pub struct Tried {
    /// What each thing that soon ends changes.
    pub endings: OnceLock<Vec<Changed>>,
    /// The rules without a promise but for which some decision would be another.
    pub mattering: OnceLock<IdSet<Rule>>,
}

/// Whether everything that decisions hold by number has the same number in two worlds, and thresholds cut alike.
pub fn numbered_alike(a: &World, b: &World) -> bool {
    a.names == b.names
        && a.classifications == b.classifications
        && a.precedence == b.precedence
        && (a.bands == b.bands && a.shares == b.shares)
        && a.facts.iter().map(|one| &one.name).eq(b.facts.iter().map(|one| &one.name))
        && a.models.iter().map(|one| &one.id).eq(b.models.iter().map(|one| &one.id))
        && a.rules.iter().map(|one| &one.name.value).eq(b.rules.iter().map(|one| &one.name.value))
        && a.failovers.iter().map(|one| &one.name.value).eq(b.failovers.iter().map(|one| &one.name.value))
        && a.budgets.iter().map(|one| &one.name.value).eq(b.budgets.iter().map(|one| &one.name.value))
        && a.quotas.iter().map(|one| &one.name.value).eq(b.quotas.iter().map(|one| &one.name.value))
        && a.audits.iter().map(|one| &one.name.value).eq(b.audits.iter().map(|one| &one.name.value))
        && a.guarantees.iter().map(|one| &one.name.value).eq(b.guarantees.iter().map(|one| &one.name.value))
        && a.use_cases
            .iter()
            .map(|one| (&one.name.value, &one.shares))
            .eq(b.use_cases.iter().map(|one| (&one.name.value, &one.shares)))
}

impl Earlier {
    /// What a survey decided, to be taken over into a world that is numbered alike and in which these statements alone
    /// have changed. Where none has, and nothing else that is resolved, things end there as they do here.
    pub fn of(survey: Survey, changed: Vec<Statement>, moved: &Moved, ends_alike: bool) -> Self {
        let concerned = concerned(&survey.engine, &changed);
        let is_kept = |id: &UseCaseId| concerned.as_ref().is_some_and(|ids| !ids.contains(id));
        let mut lists = Lists::default();
        let tried = if ends_alike { survey.tried } else { Tried::default() };
        let kept = survey
            .cases
            .into_iter()
            .map(|case| if is_kept(&case.id) { case.moved(moved, &mut lists) } else { None });
        Self { cases: kept.collect(), changed, tried }
    }

    /// Of how many use cases what was decided is known.
    pub fn len(&self) -> usize {
        self.cases.iter().flatten().count()
    }

    /// Whether it is known of none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a> Survey<'a> {
    /// The same as [`Survey::new`], without deciding again what an earlier world decided.
    pub fn again(world: &'a World, earlier: Earlier) -> Self {
        let engine = Engine::new(world);
        let conditions = Conditions::new(world);
        let concerned = concerned(&engine, &earlier.changed);
        let is_kept = |case: &Case| {
            let is_concerned = concerned.as_ref().is_none_or(|ids| ids.contains(&case.id));
            // A statement that has changed may ask for an attribute of a use case that it does not concern.
            let asks = || {
                case.decisions.is_none() || !conditions.missing(&engine, &world.use_cases[case.id]).is_empty()
            };
            !is_concerned && (earlier.changed.is_empty() || !asks())
        };
        let kept: Vec<Option<Case>> =
            earlier.cases.into_iter().map(|case| case.filter(|case| is_kept(case))).collect();
        let open = kept.iter().enumerate().filter(|(_, case)| case.is_none());
        let open: Vec<UseCaseId> = open.map(|(at, _)| UseCaseId::new(at)).collect();
        let mut decided = decided(&engine, &conditions, &open);
        let all = world.use_cases.ids().zip(kept);
        let cases = all.filter_map(|(id, case)| case.or_else(|| decided.remove(&id))).collect();
        Self { world, engine, cases, tried: earlier.tried }
    }
}

/// Decides some use cases, those that are alike once.
fn decided(engine: &Engine, conditions: &Conditions, ids: &[UseCaseId]) -> BTreeMap<UseCaseId, Case> {
    if ids.is_empty() {
        return BTreeMap::new();
    }
    let first = engine.first_alike();
    let mut alike: BTreeMap<UseCaseId, Vec<UseCaseId>> = BTreeMap::new();
    for id in ids {
        let first = first.get(id.position()).copied().unwrap_or(*id);
        alike.entry(first).or_default().push(*id);
    }
    let groups: Vec<Vec<UseCaseId>> = alike.into_values().collect();
    let one = |group: &Vec<UseCaseId>| {
        let mut cases: Vec<Case> = Vec::with_capacity(group.len());
        for id in group {
            let next = match cases.first() {
                Some(first) => first.of_another(*id),
                None => case(engine, conditions, *id, &engine.world().use_cases[*id]),
            };
            cases.push(next);
        }
        cases
    };
    let cases: Vec<Vec<Case>> = if groups.len() < FEW {
        groups.iter().map(one).collect()
    } else {
        groups.par_iter().map(one).collect()
    };
    cases.into_iter().flatten().map(|case| (case.id, case)).collect()
}

/// The use cases that some of these statements may concern; none where that may be any.
fn concerned(engine: &Engine, statements: &[Statement]) -> Option<BTreeSet<UseCaseId>> {
    let each = statements.iter().map(|statement| engine.may_concern(*statement));
    Some(each.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
}

impl Case {
    /// The same with its places where they stand now; none where one is not known.
    fn moved(self, moved: &Moved, lists: &mut Lists) -> Option<Self> {
        let Self { id, missing, decisions, is_decided, first_alike: _ } = self;
        let missing = missing.into_iter().map(|one| {
            let Missing { attribute, tested } = one;
            Some(Missing { attribute, tested: moved.of(tested)? })
        });
        let missing = missing.collect::<Option<_>>()?;
        let decisions = match decisions {
            Some(decisions) => Some(placed(decisions, moved, lists)?),
            None => None,
        };
        // The first may be decided otherwise now.
        Some(Self { id, missing, decisions, is_decided, first_alike: id })
    }
}

/// Decisions with their places where they stand now. Every field is named, so that a new one is not forgotten.
fn placed(decisions: Decisions, moved: &Moved, lists: &mut Lists) -> Option<Decisions> {
    let Decisions { space, mut distinct, cells, rules, failovers, led } = decisions;
    for decision in distinct.iter_mut().filter_map(|decision| decision.as_mut().ok()) {
        let Decision { rules: _, primary: _, paths, budgets: _, quotas: _, audit: _, residency: _ } =
            decision;
        *paths = lists.placed(paths, moved)?;
    }
    Some(Decisions { space, distinct, cells, rules, failovers, led })
}

/// A list of paths, and the same with its places where they stand now.
type Pair = (Arc<[Path]>, Option<Arc<[Path]>>);

/// Lists of paths that many decisions share, each before and now. Those of before stay here, so that none takes the
/// address of another.
#[derive(Default)]
struct Lists(HashMap<*const Path, Pair>);

impl Lists {
    fn placed(&mut self, list: &Arc<[Path]>, moved: &Moved) -> Option<Arc<[Path]>> {
        let known =
            self.0.entry(list.as_ptr()).or_insert_with(|| (Arc::clone(list), placed_list(list, moved)));
        known.1.clone()
    }
}

fn placed_list(list: &Arc<[Path]>, moved: &Moved) -> Option<Arc<[Path]>> {
    let mut paths: Vec<Path> = Vec::new();
    let links = |one: &LeftOut| [one.link, one.too_dear].into_iter().flatten().collect::<Vec<_>>();
    let mut all = list.iter().flat_map(|path| &path.left_out).flat_map(links);
    if all.all(|span| moved.of(span) == Some(span)) {
        return Some(Arc::clone(list));
    }
    for path in list.iter() {
        let mut path = path.clone();
        for one in &mut path.left_out {
            for place in [&mut one.link, &mut one.too_dear].into_iter().flatten() {
                *place = moved.of(*place)?;
            }
        }
        paths.push(path);
    }
    Some(paths.into())
}
