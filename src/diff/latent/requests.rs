//! Promises that still stand and no longer reach a use case, because of what it states now: `when data has pii` promises
//! nothing to a use case that no longer says which data it holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::contexts::{Understood, contexts, translated};
use super::facts::{self, Measured};
use super::implied::Kept;
use super::otherwise::Otherwise;
use super::promises::Promise;
use super::reader::{expression, read_of_use_cases};
use super::{Latent, promises, standing, widened};
use crate::decide::engine::Statement as Id;
use crate::decide::survey::{Case, Survey};
use crate::diff::Diff;
use crate::diff::causes::flat::EntryName;
use crate::diff::causes::units::units;
use crate::diff::causes::{Text, Texts};
use crate::diff::rename::Names;
use crate::diff::{conditions, fingerprint};
use crate::limits::MAX_LATENT_CONTEXTS;
use crate::limits::shown;
use crate::model::words::joined;
use crate::model::{Context, Date, Expr, FactId, UseCase, UseCaseId, World};
use crate::number::{exact, whole};
use crate::work;

/// Keys that no condition reads.
const UNREAD: [&str; 3] = ["owner", "description", "expected_monthly"];

/// A use case on one side, with what is decided of it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) survey: &'a Survey<'a>,
    pub(super) case: &'a Case,
    pub(super) use_case: &'a UseCase,
    /// Facts of its side, by name.
    pub(super) facts: &'a Facts<'a>,
    /// Whether a budget counts all that it spends: else nothing is ever known to be left but everything.
    pub(super) is_counted: bool,
}

/// Facts by name.
pub(super) type Facts<'a> = HashMap<&'a str, FactId>;

pub(super) fn by_name(world: &World) -> Facts<'_> {
    world.facts.enumerated().map(|(id, fact)| (fact.name.as_str(), id)).collect()
}

/// The names of use cases that state something else that a condition may read.
pub(in crate::diff) fn edited(texts: &Texts) -> BTreeSet<String> {
    let ((old_flat, old), (new_flat, new)) = (&texts.old, &texts.new);
    let units = units((old_flat, old.sources), (new_flat, new.sources));
    let edited = units.into_iter().filter_map(|(key, _)| match key {
        EntryName::UseCaseKey(name, key) if !UNREAD.contains(&key.as_str()) => Some(name),
        EntryName::UseCase(name) => Some(name),
        _ => None,
    });
    edited.collect()
}

/// The promises that use cases lose by what they state themselves, or by what else conditions read, each with whom it no
/// longer reaches; of those alone that have begun since a day, where one is given.
pub(in crate::diff) fn lost(
    diff: &Diff,
    (old, new): (&Text, &Text),
    (edited, measured): (&BTreeSet<String>, &Measured),
    names: &Names,
    since: Option<Date>,
) -> Vec<Latent> {
    let otherwise = Otherwise::between(old.survey.world, new.survey.world, names);
    if edited.is_empty() && !otherwise.is_anything() {
        return Vec::new();
    }
    let known = (by_name(old.survey.world), by_name(new.survey.world));
    let pairs = pairs((old, new), edited, names, (&known.0, &known.1), otherwise.of_budgets());
    let edited: BTreeSet<UseCaseId> =
        pairs.values().filter(|pair| pair.is_edited).map(|pair| pair.before.case.id).collect();
    let widened = widened(diff);
    let promised = promises::promises(new);
    let mut kept = None;
    let mut left = MAX_LATENT_CONTEXTS;
    let mut found = Vec::new();
    let begun = |one: &Promise| since.is_none_or(|since| one.first().is_some_and(|first| first > since));
    for promise in promises::promises(old).into_iter().filter(begun) {
        let said = conditions::renamed(&promise.said, names);
        let all = promise.condition.into_iter().chain(expression(promise.understood));
        let read = otherwise.read_by(old.survey.world, all);
        if edited.is_empty() && !read.may_be_otherwise() {
            continue;
        }
        let kept = kept.get_or_insert_with(|| Kept::new((old, new), &promised, names));
        let same = kept.still(&promise, said);
        let own = old.survey.engine.may_concern(promise.id);
        let whoever: Box<dyn Iterator<Item = &UseCaseId>> = match &own {
            _ if !read.may_be_otherwise() && own.as_ref().is_none_or(|own| own.len() > edited.len()) => {
                Box::new(edited.iter())
            }
            Some(own) => Box::new(own.iter()),
            None => Box::new(pairs.keys()),
        };
        let of_use_cases = read_of_use_cases(promise.understood);
        let mut asking = kept.asking(&promise, Rc::clone(&same));
        let mut whom: Vec<(&str, String)> = Vec::new();
        for pair in whoever.filter_map(|id| pairs.get(id)) {
            work::step();
            let (before, after) = (pair.before, pair.after);
            let (one, other) = ((before.survey.world, before.use_case), (after.survey.world, after.use_case));
            if !(pair.is_edited || read.is_otherwise(one, other)) {
                continue;
            }
            // What it states now may make less of the clause itself.
            let is_said = || facts::is_said(measured, of_use_cases.iter().copied(), one, other);
            let still = if pair.is_edited && !is_said() {
                kept.still_for(&mut asking, (before.use_case, after.use_case))
            } else {
                Some(Rc::clone(&same))
            };
            let Some(still) = still else { continue };
            let extent = lost_in((before, after), &promise, &still, kept, &mut left);
            if let Some(extent) = extent.filter(|_| !has_effect(&widened, after, promise.id)) {
                whom.push((after.use_case.name.value.as_str(), extent));
            }
        }
        if !whom.is_empty() {
            found.push(said_of(&promise, old, &whom));
        }
    }
    found
}

/// Whether conditions may read something otherwise, whatever use cases state.
pub(in crate::diff) fn may_lose((old, new): (&World, &World), names: &Names) -> bool {
    Otherwise::between(old, new, names).is_anything()
}

/// That a promise no longer reaches some use cases, each with what stands for the requests.
fn said_of(promise: &Promise, old: &Text, whom: &[(&str, String)]) -> Latent {
    let more = whom.len().saturating_sub(shown::PROMISE_LOSERS);
    let mut named: Vec<String> =
        whom.iter().take(shown::PROMISE_LOSERS).map(|(name, _)| (*name).to_owned()).collect();
    named.extend((more > 0).then(|| format!("{more} more")));
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let mut latent = promise.latent(old.sources, &format!("lost for {}", joined(&named)));
    latent.whom.extend(whom.iter().map(|(name, _)| (*name).to_owned()));
    // Who accepts that some requests lose it does not accept that all do.
    if whom.iter().any(|(_, extent)| !extent.is_empty()) {
        latent.instead = fingerprint::whole(whom.iter().map(|(_, extent)| extent));
    }
    latent
}

/// A use case on both sides.
struct Pair<'a> {
    before: Seen<'a>,
    after: Seen<'a>,
    /// Whether it states something else that a condition may read.
    is_edited: bool,
}

/// The use cases that both sides decide, by what they are on the old one; what budgets count is asked where that may
/// differ.
fn pairs<'a>(
    (old, new): (&Text<'a>, &Text<'a>),
    edited: &BTreeSet<String>,
    names: &Names,
    facts: (&'a Facts<'a>, &'a Facts<'a>),
    of_budgets: bool,
) -> BTreeMap<UseCaseId, Pair<'a>> {
    let before = Seen::all(old.survey, facts.0, of_budgets);
    let after = Seen::all(new.survey, facts.1, of_budgets);
    let pairs = before.into_iter().filter_map(|(own, before)| {
        let name = names.of("use_case", own).map_or(own, String::as_str);
        let is_edited = edited.contains(own) || edited.contains(name);
        let after = *after.get(name)?;
        Some((before.case.id, Pair { before, after, is_edited }))
    });
    pairs.collect()
}

/// What stands for the requests for a use case that were promised something which no statement promises to them any more:
/// nothing stands for all of them; none where there are none.
pub(super) fn lost_in(
    (before, after): (Seen, Seen),
    promise: &Promise,
    same: &BTreeSet<Id>,
    kept: &Kept,
    left: &mut usize,
) -> Option<String> {
    if !standing::holds_somewhere(before.survey, before.case, promise.id) {
        return None;
    }
    let same: Vec<Id> = standing::concerning(after.survey, after.use_case, same)
        .into_iter()
        .filter(|id| standing::holds_somewhere(after.survey, after.case, *id))
        .collect();
    if same.is_empty() {
        return Some(String::new());
    }
    let clause = || expression(promise.understood).into_iter();
    let of_clause = Understood::of(before, after, clause(), std::iter::empty());
    let read = same.iter().filter_map(|id| condition(after.survey.world, *id));
    let read = Understood::of(before, after, promise.condition.into_iter().chain(clause()), read);
    // What there is no time to try is shown.
    let Some(contexts) = contexts(before, after, &read, *left) else { return Some(String::new()) };
    let size = if of_clause.is_empty() { 1 } else { clause().map(|expr| expr.root.size()).sum() };
    let Some(rest) = left.checked_sub(contexts.len().saturating_mul(size)) else {
        return Some(String::new());
    };
    *left = rest;
    let applies = |seen: Seen, context: &Context, id: Id| {
        let is_known = seen.is_counted || context.budget == whole(100);
        is_known && seen.survey.engine.applies(seen.use_case, context, condition(seen.survey.world, id))
    };
    let is_kept = |earlier: &Context, later: &Context| {
        let mut saying = same.iter().copied().filter(|id| applies(after, later, *id));
        if of_clause.is_empty() {
            return saying.next().is_some();
        }
        let saying: Vec<Id> = saying.collect();
        kept.says_at(promise, &saying, (before.use_case, earlier), (after.use_case, later))
    };
    // What the new side does not tell apart is asked as the old side does.
    let own = before.contexts().unwrap_or_default().iter();
    let own = own.filter_map(|earlier| Some((earlier.clone(), translated(earlier, before, after)?)));
    let all = contexts.iter().filter_map(|later| Some((translated(later, after, before)?, later.clone())));
    let (mut promised, mut lost) = (0, Vec::new());
    for (earlier, later) in own.chain(all).filter(|(earlier, _)| applies(before, earlier, promise.id)) {
        promised += 1;
        if !is_kept(&earlier, &later) {
            lost.push(described(after, &later));
        }
    }
    if lost.len() == promised {
        return (promised > 0).then(String::new);
    }
    lost.sort();
    lost.dedup();
    (!lost.is_empty()).then(|| fingerprint::whole(&lost))
}

/// A context in names: what facts say that are not stated is left out.
fn described(seen: Seen, context: &Context) -> String {
    let world = seen.survey.world;
    let mut words = vec![world.classifications[context.classification].clone(), exact(&context.budget)];
    let shares = context.shares.iter();
    words.extend(shares.map(|(id, share)| format!("{} {}", world.budgets[*id].name.value, exact(share))));
    for (id, fact) in world.facts.enumerated().filter(|(id, fact)| context.facts[*id] != fact.default) {
        words.push(format!("{} {}", fact.name, fact.values[context.facts[id]]));
    }
    words.join("\u{1f}")
}

/// The condition of a statement that promises.
fn condition(world: &World, id: Id) -> Option<&Expr> {
    match id {
        Id::Rule(id) => world.rules[id].when.as_ref(),
        Id::Guarantee(id) => world.guarantees[id].premise.as_ref(),
        Id::Failover(_) | Id::Budget(_) | Id::Quota(_) | Id::Audit(_) => None,
    }
}

/// Whether the loss may be what makes the use case reach more, which is reported as such.
fn has_effect(widened: &BTreeSet<&str>, after: Seen, promise: Id) -> bool {
    widened.contains(after.use_case.name.value.as_str()) && !matches!(promise, Id::Guarantee(_))
}

impl<'a> Seen<'a> {
    /// Those whose every decision is defined, by name; what budgets count is asked on demand.
    pub(super) fn all(
        survey: &'a Survey<'a>,
        facts: &'a Facts<'a>,
        of_budgets: bool,
    ) -> BTreeMap<&'a str, Self> {
        let uncounted = if of_budgets { uncounted(survey) } else { BTreeSet::new() };
        let decided = survey.cases.iter().filter(|case| case.decisions.is_some());
        let seen = decided.map(|case| {
            let use_case = &survey.world.use_cases[case.id];
            let is_counted = !uncounted.contains(&case.id);
            (use_case.name.value.as_str(), Self { survey, case, use_case, facts, is_counted })
        });
        seen.collect()
    }

    /// Which use case it is.
    pub(super) fn id(self) -> UseCaseId {
        self.case.id
    }

    pub(super) fn contexts(self) -> Option<&'a [Context]> {
        self.case.decisions.as_ref().map(|all| all.space.contexts.as_slice())
    }
}

/// The use cases that no budget without `on` covers in any context.
fn uncounted(survey: &Survey) -> BTreeSet<UseCaseId> {
    let world = survey.world;
    let mut left: BTreeSet<UseCaseId> = world.use_cases.ids().collect();
    for (id, _) in world.budgets.enumerated().filter(|(_, budget)| budget.on.is_empty()) {
        let budget = Id::Budget(id);
        let covers = |id: &UseCaseId| {
            work::step();
            survey.engine.holds_somewhere(&world.use_cases[*id], budget)
        };
        match survey.engine.may_concern(budget) {
            Some(ids) => {
                for id in ids {
                    if left.contains(&id) && covers(&id) {
                        left.remove(&id);
                    }
                }
            }
            None => left.retain(|id| !covers(id)),
        }
    }
    left
}
