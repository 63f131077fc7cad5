//! Decisions of an earlier world that hold in a later one: those of use cases that no changed statement may concern.
//!
//! Whoever asks knows that nothing but some statements has changed, and says which; that what decisions hold by number is
//! what it was is seen here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::recut::{Recut, Respaced};
use super::tried::Tried;
use super::{Case, Conditions, FEW, Missing, Survey, case};
use crate::decide::engine::{Beside, Decisions, Engine, Statement};
use crate::decide::{Decision, LeftOut, Path};
use crate::model::{IdSet, RuleId, Table, UseCase, UseCaseId, World};
use crate::source::moved::Moved;

/// What was decided before, with its places where they stand now.
#[derive(Debug)]
pub struct Earlier {
    /// Per use case what was decided; none where a place is not known.
    cases: Table<UseCase, Option<Case>>,
    /// The use cases for which something depended on a changed statement.
    depending: BTreeSet<UseCaseId>,
    changed: Vec<Statement>,
    /// How thresholds cut otherwise.
    recut: Recut,
    tried: Tried,
    /// Things end as they did.
    ends_alike: bool,
}

/// Whether everything that decisions hold by number has the same number in two worlds.
fn numbered_alike(a: &World, b: &World) -> bool {
    a.names == b.names
        && a.classifications == b.classifications
        && a.precedence == b.precedence
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
    /// What a survey decided, to be taken over into a later world in which these statements alone have changed; none where
    /// the worlds are too different. Where no statement has changed, and nothing else that is resolved, things end there as
    /// they do here.
    pub fn of(
        survey: Survey,
        later: &World,
        changed: Vec<Statement>,
        moved: &Moved,
        ends_alike: bool,
    ) -> Option<Self> {
        if !numbered_alike(survey.world, later) {
            return None;
        }
        let recut = Recut::between(survey.world, later)?;
        let depending = depending(&survey.engine, &changed);
        let mut lists = Lists::default();
        let tried = survey.tried;
        let cases = survey.cases.into_iter().map(|case| case.moved(moved, &mut lists)).collect();
        Some(Self { cases, depending, changed, recut, tried, ends_alike })
    }

    /// Of how many use cases what was decided is known.
    pub fn len(&self) -> usize {
        self.cases.iter().flatten().filter(|case| !self.depending.contains(&case.id)).count()
    }

    /// The rules that have changed, where nothing else of which decisions are made has and thresholds cut alike: whichever
    /// contexts these do not apply in are decided as they were.
    fn rules(&self) -> Option<Vec<RuleId>> {
        let mut rules = Vec::new();
        for statement in &self.changed {
            match statement {
                Statement::Rule(id) => rules.push(*id),
                Statement::Guarantee(_) => {}
                Statement::Failover(_) | Statement::Budget(_) | Statement::Quota(_) | Statement::Audit(_) => {
                    return None;
                }
            }
        }
        self.recut.is_none().then_some(rules)
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
        let depending = depending(&engine, &earlier.changed);
        let is_kept = |case: &Case| {
            // A statement that has changed may ask for an attribute of a use case that it does not concern.
            let asks = || {
                case.decisions.is_none() || !conditions.missing(&engine, &world.use_cases[case.id]).is_empty()
            };
            let depends = [&depending, &earlier.depending].iter().any(|ids| ids.contains(&case.id));
            !depends && (earlier.changed.is_empty() || !asks())
        };
        let rules = earlier.rules();
        let mut before: BTreeMap<UseCaseId, Decisions> = BTreeMap::new();
        let mut kept: Vec<Option<Case>> = Vec::with_capacity(earlier.cases.len());
        for case in earlier.cases {
            let (case, open) = if case.as_ref().is_some_and(is_kept) { (case, None) } else { (None, case) };
            before.extend(open.and_then(|case| Some((case.id, case.decisions?))));
            kept.push(case);
        }
        let mut known = Respaced::new();
        for case in kept.iter_mut().flatten() {
            if let Some(decisions) = &mut case.decisions {
                let use_case = &world.use_cases[case.id];
                decisions.space = earlier.recut.space(&engine, use_case, &decisions.space, &mut known);
            }
        }
        let open = kept.iter().enumerate().filter(|(_, case)| case.is_none());
        let open: Vec<UseCaseId> = open.map(|(at, _)| UseCaseId::new(at)).collect();
        let mut first = first_kept(&kept);
        let beside = |id: &UseCaseId| Some(Beside { decisions: before.get(id)?, changed: rules.as_deref()? });
        let mut decided = decided(&engine, &conditions, &open, &beside);
        let tried = if earlier.ends_alike {
            earlier.tried
        } else {
            let mut anew = IdSet::none_of(&world.use_cases);
            anew.extend(open);
            earlier.tried.kept(world, &earlier.changed, anew)
        };
        let cases = world.use_cases.ids().zip(kept).filter_map(|(id, case)| match case {
            Some(case) => Some(Case { first_alike: first.remove(&id).unwrap_or(id), ..case }),
            None => decided.remove(&id),
        });
        Self { cases: cases.collect(), world, engine, tried }
    }
}

/// Of use cases that are not decided again, the first one of each that was decided alike: nothing that has changed tells
/// them apart. What is decided anew may be alike too, which nobody looks for.
fn first_kept(kept: &[Option<Case>]) -> HashMap<UseCaseId, UseCaseId> {
    let mut first: HashMap<UseCaseId, UseCaseId> = HashMap::new();
    let mut of = HashMap::with_capacity(kept.len());
    for case in kept.iter().flatten() {
        of.insert(case.id, *first.entry(case.first_alike).or_insert(case.id));
    }
    of
}

/// Decides some use cases, those that are alike once.
fn decided<'b>(
    engine: &Engine,
    conditions: &Conditions,
    ids: &[UseCaseId],
    beside: &(dyn Fn(&UseCaseId) -> Option<Beside<'b>> + Sync),
) -> BTreeMap<UseCaseId, Case> {
    let mut alike: BTreeMap<UseCaseId, Vec<UseCaseId>> = BTreeMap::new();
    for (id, first) in ids.iter().zip(engine.first_alike_among(ids)) {
        alike.entry(first).or_default().push(*id);
    }
    let groups: Vec<Vec<UseCaseId>> = alike.into_values().collect();
    let one = |group: &Vec<UseCaseId>| {
        let mut cases: Vec<Case> = Vec::with_capacity(group.len());
        for id in group {
            let next = match cases.first() {
                Some(first) => first.of_another(*id),
                None => case(engine, conditions, *id, beside(id)),
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

/// The use cases for which something may depend on some of these statements.
fn depending(engine: &Engine, statements: &[Statement]) -> BTreeSet<UseCaseId> {
    statements.iter().flat_map(|statement| engine.depending_on(*statement)).collect()
}

impl Case {
    /// The same with its places where they stand now; none where one is not known.
    fn moved(self, moved: &Moved, lists: &mut Lists) -> Option<Self> {
        let Self { id, missing, decisions, is_decided, first_alike } = self;
        let missing = missing.into_iter().map(|one| {
            let Missing { attribute, tested } = one;
            Some(Missing { attribute, tested: moved.of(tested)? })
        });
        let missing = missing.collect::<Option<_>>()?;
        let decisions = match decisions {
            Some(decisions) => Some(placed(decisions, moved, lists)?),
            None => None,
        };
        Some(Self { id, missing, decisions, is_decided, first_alike })
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
