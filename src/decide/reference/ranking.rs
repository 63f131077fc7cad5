//! The ranking: the eligible models, best first (§8.3).

use std::borrow::Cow;

use super::Scope;
use super::evaluation::evaluate;
use super::rules::{applying_rules, effective_residency};
use crate::model::{Context, Model, ModelId, Prefer, PreferKind, Rule, RuleId, Tier, UseCase, World};
use crate::number::Rational;

/// Per tier in `precedence` order, the rules whose `prefer` clauses are left.
pub(super) fn preferring(world: &World, applying: &[RuleId]) -> Vec<(Tier, Vec<RuleId>)> {
    let rules: Vec<(RuleId, &Rule)> = applying.iter().map(|id| (*id, &world.rules[*id])).collect();
    let overridden = |id: RuleId| {
        rules.iter().any(|(by, rule)| *by != id && rule.overrides.iter().any(|over| over.value == id))
    };
    let tiers = world.precedence.iter().map(|tier| {
        let of_tier = rules
            .iter()
            .filter(|(id, rule)| rule.tier == *tier && !rule.prefers.is_empty() && !overridden(*id));
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
    let keyed = eligible.into_iter().map(|id| {
        let model = &scope.world.models[id];
        let mut keys: Vec<Key> = prefers.iter().map(|prefer| key(scope, &prefer.kind, id, model)).collect();
        keys.push(Key::Number(scope.cost(model)));
        (keys, model.id.as_bytes(), id)
    });
    let mut keyed: Vec<(Vec<Key>, &[u8], ModelId)> = keyed.collect();
    keyed.sort();
    keyed.into_iter().map(|(.., id)| id).collect()
}

/// A key of the ranking; an unknown one comes last.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key<'a> {
    Position(usize),
    Number(Cow<'a, Rational>),
    Unknown,
}

/// The key of a `prefer` clause for a model.
pub(super) fn key<'a>(scope: Scope<'a>, kind: &PreferKind, id: ModelId, model: &'a Model) -> Key<'a> {
    let known = |number: Option<Cow<'a, Rational>>| number.map_or(Key::Unknown, Key::Number);
    match kind {
        PreferKind::Cheapest => Key::Number(scope.cost(model)),
        PreferKind::Fastest => known(model.latency_p95.as_ref().map(Cow::Borrowed)),
        PreferKind::MostAvailable => known(model.availability.as_ref().map(|percent| Cow::Owned(-percent))),
        PreferKind::Where(expr) => {
            let holds = evaluate(Scope { model: Some(model), ..scope }, &expr.root) == Some(true);
            Key::Position(usize::from(!holds))
        }
        PreferKind::Selectors(list) => {
            let first = list.iter().position(|selector| selector.matches(scope.world, id));
            Key::Position(first.unwrap_or(list.len()))
        }
    }
}

/// What puts one model before another in the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deciding {
    /// A `prefer` clause: the rule and its position in it.
    Preference(RuleId, usize),
    /// Blended cost.
    Cost,
    /// The byte order of ids.
    Id,
}

/// The first key of the ranking (§8.3) in which two models differ.
pub fn deciding(world: &World, use_case: &UseCase, context: &Context, a: ModelId, b: ModelId) -> Deciding {
    let scope = Scope::of(world, use_case, context);
    let (x, y) = (&world.models[a], &world.models[b]);
    let rules = applying_rules(scope);
    let residency = effective_residency(scope, &rules);
    let scope = Scope { residency: residency.as_ref(), ..scope };
    for (_, rules) in preferring(world, &rules) {
        for (id, rule) in rules.iter().map(|id| (*id, &world.rules[*id])) {
            let differs = |prefer: &Prefer| key(scope, &prefer.kind, a, x) != key(scope, &prefer.kind, b, y);
            if let Some(position) = rule.prefers.iter().position(differs) {
                return Deciding::Preference(id, position);
            }
        }
    }
    let (cost_a, cost_b) = (use_case.blended_cost(x), use_case.blended_cost(y));
    if cost_a == cost_b { Deciding::Id } else { Deciding::Cost }
}

/// Whether some `prefer` clause of a rule tells two models apart.
pub fn tells_apart(
    world: &World,
    use_case: &UseCase,
    context: &Context,
    rule: RuleId,
    (a, b): (ModelId, ModelId),
) -> bool {
    let scope = Scope::of(world, use_case, context);
    let (x, y) = (&world.models[a], &world.models[b]);
    let rules = applying_rules(scope);
    let residency = effective_residency(scope, &rules);
    let scope = Scope { residency: residency.as_ref(), ..scope };
    let differs = |prefer: &Prefer| key(scope, &prefer.kind, a, x) != key(scope, &prefer.kind, b, y);
    world.rules[rule].prefers.iter().any(differs)
}

/// Why a rule that applies and prefers something orders nothing (§8.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// Another applying rule overrides it.
    Overridden(RuleId),
    /// It has no `when`, and this rule of its tier has one.
    Unconditional(RuleId),
}

/// The applying rules whose `prefer` clauses order nothing, by name, and why.
pub fn silent(world: &World, use_case: &UseCase, context: &Context) -> Vec<(RuleId, Silence)> {
    let applying = applying_rules(Scope::of(world, use_case, context));
    let heard: Vec<RuleId> = preferring(world, &applying).into_iter().flat_map(|(_, rules)| rules).collect();
    let wishes = |id: &RuleId| !world.rules[*id].prefers.is_empty();
    let silent = applying.iter().copied().filter(|id| wishes(id) && !heard.contains(id));
    let why = silent.filter_map(|id| {
        let overrides =
            |by: &RuleId| *by != id && world.rules[*by].overrides.iter().any(|over| over.value == id);
        if let Some(by) = applying.iter().copied().find(overrides) {
            return Some((id, Silence::Overridden(by)));
        }
        let tier = world.rules[id].tier;
        let louder = heard.iter().copied().find(|by| world.rules[*by].tier == tier)?;
        Some((id, Silence::Unconditional(louder)))
    });
    why.collect()
}
