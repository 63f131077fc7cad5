//! What tests can reach: rules, `prefer` clauses, failover statements, links, `above` lines, budgets, guarantees.

use std::collections::BTreeSet;

use crate::model::{
    BudgetId, Candidates, Failover, FailoverId, FailoverTo, GuaranteeId, ModelId, PreferKind, RuleId, World,
};
use crate::number::exact;
use crate::source::Span;

/// The kinds of things that tests can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "plain words")]
pub enum Kind {
    Rule,
    Prefer,
    Failover,
    Link,
    Above,
    Budget,
    Guarantee,
}

impl Kind {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::Rule, Self::Prefer, Self::Failover, Self::Link, Self::Above, Self::Budget, Self::Guarantee];

    /// Its name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Prefer => "prefer",
            Self::Failover => "failover",
            Self::Link => "link",
            Self::Above => "above",
            Self::Budget => "budget",
            Self::Guarantee => "guarantee",
        }
    }

    /// All of it, for people.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Rule => "rules that apply",
            Self::Prefer => "prefer clauses that order",
            Self::Failover => "failover statements",
            Self::Link => "chain links walked",
            Self::Above => "above lines that act",
            Self::Budget => "budgets that cover",
            Self::Guarantee => "guarantees' premises",
        }
    }
}

/// One thing that tests can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// Its name or its words.
    pub what: String,
    /// Where it is written.
    pub place: Span,
    /// What reaching it is.
    pub(super) thing: Thing,
}

/// What reaching an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    /// The rule applies.
    Rule(RuleId),
    /// The rule applies and its clauses are not silent.
    Prefer(RuleId, usize),
    /// The statement applies.
    Failover(FailoverId),
    /// The statement's walk goes from one to the other.
    Arrow(FailoverId, ModelId, ModelId),
    /// A walk of a statement that follows the registry goes from the model to its `failover_to`.
    Registry(ModelId),
    /// A candidate that was walked is dearer.
    Above(FailoverId, usize),
    /// The budget covers the request.
    Budget(BudgetId),
    /// The premise is true.
    Guarantee(GuaranteeId),
}

/// Everything that tests can reach, in the order of files and lines.
pub(super) fn all(world: &World) -> Vec<Item> {
    let mut items = Vec::new();
    for (id, rule) in world.rules.enumerated() {
        let name = &rule.name.value;
        items.push(item(
            Kind::Rule,
            format!("{} rule {name}", rule.tier.name()),
            rule.name.span,
            Thing::Rule(id),
        ));
        for (at, prefer) in rule.prefers.iter().enumerate() {
            let what = format!("prefer {} of rule {name}", preference(world, &prefer.kind));
            items.push(item(Kind::Prefer, what, prefer.span, Thing::Prefer(id, at)));
        }
    }
    for (id, failover) in world.failovers.enumerated() {
        of_failover(world, id, failover, &mut items);
    }
    if world.failovers.iter().any(|failover| matches!(failover.candidates, Candidates::Registry)) {
        for (id, model) in world.models.enumerated() {
            if let FailoverTo::Model(to, span) = model.failover_to {
                items.push(item(Kind::Link, arrow(world, id, to), span, Thing::Registry(id)));
            }
        }
    }
    for (id, budget) in world.budgets.enumerated() {
        let what = format!("budget {}", budget.name.value);
        items.push(item(Kind::Budget, what, budget.name.span, Thing::Budget(id)));
    }
    for (id, guarantee) in world.guarantees.enumerated() {
        let what = format!("guarantee {}", guarantee.name.value);
        items.push(item(Kind::Guarantee, what, guarantee.name.span, Thing::Guarantee(id)));
    }
    items.sort_by_key(|item| (item.place, item.kind));
    items
}

fn item(kind: Kind, what: String, place: Span, thing: Thing) -> Item {
    Item { kind, what, place, thing }
}

fn of_failover(world: &World, id: FailoverId, failover: &Failover, items: &mut Vec<Item>) {
    let name = &failover.name.value;
    items.push(item(Kind::Failover, format!("failover {name}"), failover.name.span, Thing::Failover(id)));
    if let Candidates::Chains(chains) = &failover.candidates {
        let mut met = BTreeSet::new();
        for link in &chains.arrows {
            // An arrow that appears twice is the link where it stands first.
            if met.insert((link.from, link.to)) {
                let thing = Thing::Arrow(id, link.from, link.to);
                items.push(item(Kind::Link, arrow(world, link.from, link.to), link.to_span, thing));
            }
        }
    }
    for (at, above) in failover.above.iter().enumerate() {
        let action = above.action.kind().name();
        let what = format!("above {}x cost {action} of failover {name}", exact(&above.multiplier));
        items.push(item(Kind::Above, what, above.span, Thing::Above(id, at)));
    }
}

fn arrow(world: &World, from: ModelId, to: ModelId) -> String {
    let id = |model: ModelId| world.models[model].id.as_str();
    format!("link {} -> {}", id(from), id(to))
}

fn preference(world: &World, kind: &PreferKind) -> String {
    match kind {
        PreferKind::Cheapest => "cheapest".to_owned(),
        PreferKind::Fastest => "fastest".to_owned(),
        PreferKind::MostAvailable => "most-available".to_owned(),
        PreferKind::Where(_) => "where …".to_owned(),
        PreferKind::Selectors(list) => {
            list.iter().map(|selector| selector.name(world)).collect::<Vec<&str>>().join(", ")
        }
    }
}
