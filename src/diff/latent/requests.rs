//! Promises that still stand and no longer reach a use case, because of what it states now: `when data has pii` promises
//! nothing to a use case that no longer says which data it holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::implied::Kept;
use super::otherwise::Otherwise;
use super::{Latent, promises, widened};
use crate::decide::engine::Statement as Id;
use crate::decide::survey::{Case, Survey};
use crate::diff::Diff;
use crate::diff::causes::Texts;
use crate::diff::causes::flat::Key;
use crate::diff::causes::units::units;
use crate::diff::conditions;
use crate::diff::rename::Names;
use crate::limits::MAX_LATENT_CONTEXTS;
use crate::model::words::joined;
use crate::model::{Context, Expr, FactId, UseCase, UseCaseId, World};
use crate::number::whole;
use crate::work;

/// At most so many use cases that lose a promise are named.
const MOST_NAMED: usize = 5;

/// Keys that no condition reads.
const UNREAD: [&str; 3] = ["owner", "description", "expected_monthly"];

/// A use case on one side, with what is decided of it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    survey: &'a Survey<'a>,
    case: &'a Case,
    use_case: &'a UseCase,
    /// Facts of its side, by name.
    facts: &'a Facts<'a>,
    /// Whether a budget counts all that it spends: else nothing is ever known to be left but everything.
    is_counted: bool,
}

/// Facts by name.
pub(super) type Facts<'a> = HashMap<&'a str, FactId>;

pub(super) fn facts(world: &World) -> Facts<'_> {
    world.facts.enumerated().map(|(id, fact)| (fact.name.as_str(), id)).collect()
}

/// The promises that use cases lose by what they state themselves, each with whom it no longer reaches.
pub(super) fn lost(diff: &Diff, texts: &Texts, names: &Names) -> Vec<Latent> {
    let (old, new) = (&texts.old.1, &texts.new.1);
    let otherwise = Otherwise::between(old.survey.world, new.survey.world, names);
    let known = (facts(old.survey.world), facts(new.survey.world));
    let pairs = pairs(texts, names, (&known.0, &known.1), otherwise.of_budgets());
    let edited: BTreeSet<UseCaseId> =
        pairs.values().filter(|pair| pair.is_edited).map(|pair| pair.before.case.id).collect();
    let widened = widened(diff);
    let promised = promises::promises(new);
    let mut kept = None;
    let mut left = MAX_LATENT_CONTEXTS;
    let mut found = Vec::new();
    for promise in promises::promises(old) {
        let said = conditions::renamed(&promise.said, names);
        let read = otherwise.read_by(old.survey.world, condition(old.survey.world, promise.id));
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
        let loses = |pair: &&Pair| {
            work::step();
            let (before, after) = (pair.before, pair.after);
            let (one, other) = ((before.survey.world, before.use_case), (after.survey.world, after.use_case));
            (pair.is_edited || read.is_otherwise(one, other))
                && is_lost(before, after, promise.id, &same, &mut left)
                && !has_effect(&widened, after, promise.id)
        };
        let lose = whoever.filter_map(|id| pairs.get(id)).filter(loses);
        let whom: Vec<&str> = lose.map(|pair| pair.after.use_case.name.value.as_str()).collect();
        if !whom.is_empty() {
            let more = whom.len().saturating_sub(MOST_NAMED);
            let mut named: Vec<String> =
                whom.iter().take(MOST_NAMED).map(|name| (*name).to_owned()).collect();
            named.extend((more > 0).then(|| format!("{more} more")));
            let named: Vec<&str> = named.iter().map(String::as_str).collect();
            let mut latent = promise.latent(old.sources, &format!("lost for {}", joined(&named)));
            latent.whom.extend(whom.into_iter().map(str::to_owned));
            found.push(latent);
        }
    }
    found
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
    texts: &'a Texts,
    names: &Names,
    facts: (&'a Facts<'a>, &'a Facts<'a>),
    of_budgets: bool,
) -> BTreeMap<UseCaseId, Pair<'a>> {
    let ((old_flat, old), (new_flat, new)) = (&texts.old, &texts.new);
    let units = units((old_flat, old.sources), (new_flat, new.sources));
    let edited = units.into_iter().filter_map(|(key, _)| match key {
        Key::UseCaseKey(name, key) if !UNREAD.contains(&key.as_str()) => Some(name),
        Key::UseCase(name) => Some(name),
        _ => None,
    });
    let edited: BTreeSet<String> = edited.collect();
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

/// Whether a use case was promised something in some context in which no statement promises it any more.
pub(super) fn is_lost(before: Seen, after: Seen, promise: Id, same: &BTreeSet<Id>, left: &mut usize) -> bool {
    if !promises::holds_somewhere(before.survey, before.case, promise) {
        return false;
    }
    let same: Vec<Id> = promises::concerning(after.survey, after.use_case, same)
        .into_iter()
        .filter(|id| promises::holds_somewhere(after.survey, after.case, *id))
        .collect();
    if same.is_empty() {
        return true;
    }
    // What there is no time to try is shown.
    let Some(contexts) = contexts(before, after, *left) else { return true };
    *left = left.saturating_sub(contexts.len());
    let applies = |seen: Seen, context: &Context, id: Id| {
        let is_known = seen.is_counted || context.budget == whole(100);
        is_known && seen.survey.engine.applies(seen.use_case, context, condition(seen.survey.world, id))
    };
    let is_kept = |context: &Context| same.iter().any(|id| applies(after, context, *id));
    // What the new side does not tell apart is asked as the old side does.
    let own = before.contexts().unwrap_or_default().iter();
    let mut earlier = own.filter(|context| applies(before, context, promise));
    if earlier.any(|context| translated(context, before, after).is_some_and(|later| !is_kept(&later))) {
        return true;
    }
    contexts.iter().any(|context| {
        translated(context, after, before).is_some_and(|earlier| applies(before, &earlier, promise))
            && !is_kept(context)
    })
}

/// The condition of a statement that promises.
fn condition(world: &World, id: Id) -> Option<&Expr> {
    match id {
        Id::Rule(id) => world.rules[id].when.as_ref(),
        Id::Guarantee(id) => world.guarantees[id].premise.as_ref(),
        Id::Failover(_) | Id::Budget(_) | Id::Quota(_) | Id::Audit(_) => None,
    }
}

/// Every combination of what contexts of either side state, as contexts of the new side; none where there are too many.
fn contexts(before: Seen, after: Seen, most: usize) -> Option<Vec<Context>> {
    let (earlier, later) = (before.contexts()?, after.contexts()?);
    if earlier.len().saturating_add(later.len()) > most {
        return None;
    }
    let earlier = earlier.iter().filter_map(|context| translated(context, before, after));
    let all: Vec<Context> = later.iter().cloned().chain(earlier).collect();
    let mut found = vec![all.first()?.clone()];
    let mut vary = |set: &dyn Fn(&mut Context, &Context)| {
        // Contexts that are the same but for what is set show its values.
        let first = all.first()?;
        let mut values: Vec<Context> = Vec::new();
        for other in &all {
            let mut value = first.clone();
            set(&mut value, other);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if values.len().saturating_mul(found.len()) > most {
            return None;
        }
        let varied = found.iter().flat_map(|context| {
            values.iter().map(|value| {
                let mut context = context.clone();
                set(&mut context, value);
                context
            })
        });
        found = varied.collect();
        Some(())
    };
    vary(&|context, other| context.classification = other.classification)?;
    vary(&|context, other| context.budget.clone_from(&other.budget))?;
    for at in 0..after.use_case.shares.len() {
        vary(&|context, other| {
            if let (Some(share), Some(other)) = (context.shares.get_mut(at), other.shares.get(at)) {
                share.clone_from(other);
            }
        })?;
    }
    let differs =
        |fact: &FactId| all.windows(2).any(|two| matches!(two, [a, b] if a.facts[*fact] != b.facts[*fact]));
    for fact in after.survey.world.facts.ids().filter(differs) {
        vary(&|context, other| context.facts[fact] = other.facts[fact])?;
    }
    Some(found)
}

/// The same request on the other side: what that does not know is not stated there; none where the side has no such
/// classification.
fn translated(context: &Context, from: Seen, to: Seen) -> Option<Context> {
    let (here, there) = (from.survey.world, to.survey.world);
    let mut same = there.baseline(to.use_case);
    let level = &here.classifications[context.classification];
    let level = there.classifications.position(|known| known == level)?;
    same.classification = level.max(to.use_case.classification);
    if to.is_counted {
        same.budget.clone_from(&context.budget);
    }
    for (budget, share) in &mut same.shares {
        let name = &there.budgets[*budget].name.value;
        let own = context.shares.iter().find(|(own, _)| here.budgets[*own].name.value == *name);
        *share = own.map_or(whole(100), |(_, share)| share.clone());
    }
    for (id, fact) in there.facts.enumerated() {
        let Some(own) = from.facts.get(fact.name.as_str()) else { continue };
        let at = context.facts[*own];
        let value = here.facts[*own].values.get(at);
        let is_same = |at: &usize| value.is_some() && fact.values.get(*at) == value;
        let value = Some(at).filter(is_same).or_else(|| (0..fact.values.len()).find(is_same));
        if let Some(value) = value {
            same.facts[id] = value;
        }
    }
    Some(same)
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

    fn contexts(self) -> Option<&'a [Context]> {
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
