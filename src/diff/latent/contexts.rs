//! The requests in which a promise is held against another one: every combination of what either side tells apart, and of
//! what a condition reads that has other values than before.

use std::collections::BTreeSet;

use super::requests::Seen;
use crate::model::attribute::{Attribute, RequestAttribute};
use crate::model::{Context, Expr, FactId};
use crate::number::whole;
use crate::work;

/// What some conditions read that has other values on the new side: what no side tells apart may still be new.
pub(super) struct Understood {
    facts: BTreeSet<FactId>,
    classifications: bool,
}

impl Understood {
    pub(super) fn of<'e>(
        before: Seen,
        after: Seen,
        old: impl Iterator<Item = &'e Expr>,
        new: impl Iterator<Item = &'e Expr>,
    ) -> Self {
        let (here, there) = (before.survey.world, after.survey.world);
        let reads = |expr: &'e Expr| expr.reads.iter().map(|(attribute, _)| *attribute);
        let mut found = Self { facts: BTreeSet::new(), classifications: false };
        let mut add = |attribute: Attribute, is_new: bool| match attribute {
            Attribute::Request(RequestAttribute::Classification) => {
                found.classifications |= here.classifications != there.classifications;
            }
            Attribute::Request(RequestAttribute::Fact(id)) => {
                let name = if is_new { &there.facts[id].name } else { &here.facts[id].name };
                let both = before.facts.get(name.as_str()).zip(after.facts.get(name.as_str()));
                found.facts.extend(
                    both.filter(|(old, new)| here.facts[**old].values != there.facts[**new].values)
                        .map(|(_, new)| *new),
                );
            }
            Attribute::Request(_) | Attribute::Model(_) | Attribute::Chain(_) | Attribute::Duty(_) => {}
        };
        old.flat_map(reads).for_each(|attribute| add(attribute, false));
        new.flat_map(reads).for_each(|attribute| add(attribute, true));
        found
    }

    /// Whether there is nothing of that.
    pub(super) fn is_empty(&self) -> bool {
        self.facts.is_empty() && !self.classifications
    }

    /// How many values that are.
    fn values(&self, after: Seen) -> usize {
        let world = after.survey.world;
        let levels = if self.classifications { world.classifications.len() } else { 0 };
        self.facts.iter().map(|id| world.facts[*id].values.len()).fold(levels, usize::saturating_add)
    }

    /// A context with each of them.
    fn contexts(&self, after: Seen, usual: &Context) -> Vec<Context> {
        let world = after.survey.world;
        let own = after.use_case.classification;
        let levels = world.classifications.ids().filter(|level| self.classifications && *level >= own);
        let mut found: Vec<Context> =
            levels.map(|level| Context { classification: level, ..usual.clone() }).collect();
        for id in &self.facts {
            for at in world.facts[*id].values.ids() {
                let mut context = usual.clone();
                context.facts[*id] = at;
                found.push(context);
            }
        }
        found
    }
}

/// Every combination of what contexts of either side state, as contexts of the new side; none where there are too many.
pub(super) fn contexts(before: Seen, after: Seen, read: &Understood, most: usize) -> Option<Vec<Context>> {
    let (earlier, later) = (before.contexts()?, after.contexts()?);
    if earlier.len().saturating_add(later.len()).saturating_add(read.values(after)) > most {
        return None;
    }
    let earlier = earlier.iter().filter_map(|context| translated(context, before, after));
    let mut all: Vec<Context> = later.iter().cloned().chain(earlier).collect();
    all.extend(read.contexts(after, all.first()?));
    let mut varied = Varied { found: vec![all.first()?.clone()], most };
    varied.by(&all.iter().map(|one| one.classification).collect(), |context, level| {
        context.classification = *level;
    })?;
    varied.by(&all.iter().map(|one| &one.budget).collect(), |context, share| {
        context.budget.clone_from(share);
    })?;
    for at in 0..after.use_case.shares.len() {
        let shares = all.iter().filter_map(|one| one.shares.get(at)).map(|(_, share)| share);
        varied.by(&shares.collect(), |context, share| {
            if let Some((_, own)) = context.shares.get_mut(at) {
                own.clone_from(share);
            }
        })?;
    }
    for fact in after.survey.world.facts.ids() {
        varied.by(&all.iter().map(|one| one.facts[fact]).collect(), |context, value| {
            context.facts[fact] = *value;
        })?;
    }
    Some(varied.found)
}

/// Contexts that are varied in one thing after another.
struct Varied {
    found: Vec<Context>,
    /// The most that there may be.
    most: usize,
}

impl Varied {
    /// Each context with each value; none where those are too many.
    fn by<T>(&mut self, values: &BTreeSet<T>, set: impl Fn(&mut Context, &T)) -> Option<()> {
        if values.len() <= 1 {
            return Some(());
        }
        if values.len().saturating_mul(self.found.len()) > self.most {
            return None;
        }
        let with = |context: &Context, value: &T| {
            work::step();
            let mut context = context.clone();
            set(&mut context, value);
            context
        };
        let all = self.found.iter().flat_map(|context| values.iter().map(move |value| (context, value)));
        self.found = all.map(|(context, value)| with(context, value)).collect();
        Some(())
    }
}

/// The same request on the other side: what that does not know is not stated there; none where the side has neither its
/// classification nor a higher one of those beside it.
pub(super) fn translated(context: &Context, from: Seen, to: Seen) -> Option<Context> {
    let (here, there) = (from.survey.world, to.survey.world);
    let mut same = there.baseline(to.use_case);
    // One that is not known counts as the next higher that is.
    let at = |level: &String| there.classifications.position(|known| known == level);
    let higher = here.classifications.enumerated().filter(|(id, _)| *id >= context.classification);
    let level = higher.map(|(_, level)| level).find_map(at)?;
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
        let value = &here.facts[*own].values[context.facts[*own]];
        if let Some(value) = fact.values.position(|there| there == value) {
            same.facts[id] = value;
        }
    }
    Some(same)
}
