//! The ranking: the eligible models, best first: "How a decision is made" in docs/language.md, step 3.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use super::Scope;
use super::evaluation::evaluate;
use super::known::is_settled;
use crate::model::{IdSet, Model, ModelId, Prefer, PreferKind, Rule, RuleId, Tier, World};
use crate::number::{Rational, compare};

/// The rules that applying ones override, each with the first of these by name.
pub(super) fn overridden(world: &World, applying: &[RuleId]) -> BTreeMap<RuleId, RuleId> {
    let mut overridden = BTreeMap::new();
    for (by, rule) in applying.iter().map(|id| (*id, &world.rules[*id])) {
        for over in rule.overrides.iter().filter(|over| over.value != by) {
            overridden.entry(over.value).or_insert(by);
        }
    }
    overridden
}

/// Per tier in `precedence` order, the rules whose `prefer` clauses are left.
pub(super) fn preferring(world: &World, applying: &[RuleId]) -> Vec<(Tier, Vec<RuleId>)> {
    let rules: Vec<(RuleId, &Rule)> = applying.iter().map(|id| (*id, &world.rules[*id])).collect();
    let overridden = overridden(world, applying);
    let tiers = world.precedence.iter().map(|tier| {
        let of_tier = rules.iter().filter(|(id, rule)| {
            rule.tier == *tier && !rule.prefers.is_empty() && !overridden.contains_key(id)
        });
        let of_tier: Vec<&(RuleId, &Rule)> = of_tier.collect();
        let specific = of_tier.iter().any(|(_, rule)| rule.when.is_some());
        let left = of_tier.into_iter().filter(|(_, rule)| !specific || rule.when.is_some());
        (*tier, left.map(|(id, _)| *id).collect())
    });
    tiers.collect()
}

pub(super) fn ambiguous_preferences(world: &World, applying: &[RuleId]) -> Vec<(Tier, Vec<RuleId>)> {
    preferring(world, applying).into_iter().filter(|(_, rules)| rules.len() > 1).collect()
}

pub(super) fn ranking(scope: Scope, rules: &[RuleId], eligible: Vec<ModelId>) -> Vec<ModelId> {
    let preferring = preferring(scope.world, rules);
    let left = preferring.iter().flat_map(|(_, rules)| rules).map(|id| &scope.world.rules[*id]);
    let prefers: Vec<&Prefer> = left.flat_map(|rule| &rule.prefers).collect();
    let is_settled = |prefer: &&Prefer| match &prefer.kind {
        PreferKind::Where(expr) => is_settled(expr),
        PreferKind::Cheapest | PreferKind::Fastest | PreferKind::MostAvailable | PreferKind::Selectors(_) => {
            true
        }
    };
    let Some(known) = scope.known.filter(|_| prefers.iter().all(is_settled)) else {
        return ordered(scope, &prefers, &eligible);
    };
    let by: Vec<RuleId> = preferring.iter().flat_map(|(_, rules)| rules.iter().copied()).collect();
    let order = known.order(&by, || ordered(scope, &prefers, known.admitted(scope)));
    let mut wanted = IdSet::none_of(&scope.world.models);
    wanted.extend(eligible);
    order.iter().copied().filter(|id| wanted.contains(*id)).collect()
}

/// Models in the order of some clauses, then of blended cost, then of their ids.
///
/// Each clause orders those that the clauses before it left equal, so that no model has a key for each of many clauses.
fn ordered(scope: Scope, prefers: &[&Prefer], models: &[ModelId]) -> Vec<ModelId> {
    let mut order = models.to_vec();
    let mut equal: Vec<Range<usize>> = std::iter::once(0..order.len()).collect();
    for prefer in prefers {
        if equal.is_empty() {
            return order;
        }
        let key = |id: ModelId| key(scope, &prefer.kind, id, &scope.world.models[id]);
        equal = equal.into_iter().flat_map(|range| refined(&mut order, range, key)).collect();
    }
    for range in equal {
        for tied in refined(&mut order, range, |id| SortKey::Number(scope.cost(id))) {
            let tied = order.get_mut(tied).unwrap_or_default();
            tied.sort_by_key(|id| scope.world.models[*id].id.as_bytes());
        }
    }
    order
}

/// Orders a stretch of models by a key; the stretches of several that it leaves equal.
fn refined<'k>(
    order: &mut [ModelId],
    range: Range<usize>,
    key: impl Fn(ModelId) -> SortKey<'k>,
) -> Vec<Range<usize>> {
    let start = range.start;
    let stretch = order.get_mut(range).unwrap_or_default();
    let mut keyed: Vec<(SortKey, ModelId)> = stretch.iter().map(|id| (key(*id), *id)).collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    for (place, (_, id)) in stretch.iter_mut().zip(&keyed) {
        *place = *id;
    }
    let mut equal = Vec::new();
    let mut at = start;
    for alike in keyed.chunk_by(|a, b| a.0 == b.0) {
        if alike.len() > 1 {
            equal.push(at..at + alike.len());
        }
        at += alike.len();
    }
    equal
}

/// A key of the ranking; an unknown one comes last.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SortKey<'a> {
    Position(usize),
    Number(Cow<'a, Rational>),
    Unknown,
}

impl Ord for SortKey<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Position(a), Self::Position(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => compare(a, b),
            // Both are keys of one clause, so an unknown number is all that differs.
            (a, b) => matches!(a, Self::Unknown).cmp(&matches!(b, Self::Unknown)),
        }
    }
}

impl PartialOrd for SortKey<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The key of a `prefer` clause for a model.
pub(super) fn key<'a>(scope: Scope<'a>, kind: &PreferKind, id: ModelId, model: &'a Model) -> SortKey<'a> {
    let known = |number: Option<Cow<'a, Rational>>| number.map_or(SortKey::Unknown, SortKey::Number);
    match kind {
        PreferKind::Cheapest => SortKey::Number(scope.cost(id)),
        PreferKind::Fastest => known(model.latency_p95.as_ref().map(Cow::Borrowed)),
        PreferKind::MostAvailable => known(model.availability.as_ref().map(|percent| Cow::Owned(-percent))),
        PreferKind::Where(expr) => {
            let holds = evaluate(Scope { model: Some(model), ..scope }, &expr.root) == Some(true);
            SortKey::Position(usize::from(!holds))
        }
        PreferKind::Selectors(list) => {
            let first = list.iter().position(|selector| selector.matches(scope.world, id));
            SortKey::Position(first.unwrap_or(list.len()))
        }
    }
}

/// What puts one model before another in the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deciding {
    /// A `prefer` clause: the rule and its position in it.
    Preference(RuleId, usize),
    /// The lower blended cost.
    Cost,
    /// The byte order of ids.
    Id,
}

/// Why a rule that applies and prefers something orders nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// Another applying rule overrides it.
    Overridden(RuleId),
    /// It has no `when`, and this rule of its tier has one.
    Unconditional(RuleId),
}
