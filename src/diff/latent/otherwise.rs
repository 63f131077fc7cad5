//! What conditions read and both sides understand otherwise: then a promise may reach others though nobody touched it, nor
//! the use case.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::diff::conditions;
use crate::diff::rename::Names;
use crate::model::attribute::{Attribute, RequestAttribute};
use crate::model::{BudgetId, Expr, Fact, UseCase, World};

/// What differs of that between two sides.
pub(super) struct Otherwise {
    classifications: bool,
    regions: bool,
    facts: BTreeSet<String>,
    /// Which budgets count everything, so that `budget.remaining` says what is left of them.
    budgets: bool,
}

impl Otherwise {
    pub(super) fn between(old: &World, new: &World, names: &Names) -> Self {
        let regions = |world: &World| -> BTreeSet<(String, String)> {
            let name = |region| world.names.name(region).to_owned();
            world.regions.pairs().map(|(inner, outer)| (name(inner), name(outer))).collect()
        };
        let known: HashMap<&String, &Fact> = new.facts.iter().map(|fact| (&fact.name, fact)).collect();
        let same = |fact: &Fact| {
            let now = known.get(names.of("fact", &fact.name).unwrap_or(&fact.name));
            now.is_some_and(|now| (&now.values, now.default) == (&fact.values, fact.default))
        };
        let facts = old.facts.iter().filter(|fact| !same(fact));
        let budgets = |world: &World| -> BTreeMap<String, String> {
            let counting = world.budgets.iter().filter(|budget| budget.on.is_empty());
            counting.map(|one| (one.name.value.clone(), conditions::text(world, one.when.as_ref()))).collect()
        };
        Self {
            classifications: old.classifications != new.classifications,
            regions: regions(old) != regions(new),
            facts: facts.map(|fact| fact.name.clone()).collect(),
            budgets: budgets(old) != budgets(new),
        }
    }

    /// Whether anything differs that a condition may read, coverage by single budgets aside.
    pub(super) fn is_anything(&self) -> bool {
        self.classifications || self.regions || self.budgets || !self.facts.is_empty()
    }

    /// Whether other budgets may count what a use case spends.
    pub(super) fn of_budgets(&self) -> bool {
        self.budgets
    }

    /// What a condition and a clause of the old side read of it.
    pub(super) fn read_by<'e>(&self, old: &World, all: impl IntoIterator<Item = &'e Expr>) -> Read {
        let (mut read, mut shares) = (false, Vec::new());
        for (attribute, _) in all.into_iter().flat_map(|expr| &expr.reads) {
            match attribute {
                Attribute::Request(RequestAttribute::Classification) => read |= self.classifications,
                Attribute::Request(RequestAttribute::Residency) => read |= self.regions,
                Attribute::Request(RequestAttribute::Fact(id)) => {
                    read |= self.facts.contains(&old.facts[*id].name);
                }
                Attribute::Request(RequestAttribute::Share(id)) => shares.push(*id),
                Attribute::Request(RequestAttribute::BudgetRemaining) => read |= self.budgets,
                Attribute::Request(_) | Attribute::Model(_) | Attribute::Chain(_) | Attribute::Duty(_) => {}
            }
        }
        if read { Read::Something } else { Read::Shares(shares) }
    }
}

/// What a condition reads that both sides understand otherwise.
pub(super) enum Read {
    /// Something for everybody.
    Something,
    /// What is left of these budgets, if anything: otherwise where they no longer cover a use case.
    Shares(Vec<BudgetId>),
}

impl Read {
    /// Whether that may be otherwise for somebody.
    pub(super) fn may_be_otherwise(&self) -> bool {
        !matches!(self, Self::Shares(shares) if shares.is_empty())
    }

    /// Whether it is for a use case.
    pub(super) fn is_otherwise(
        &self,
        (old, before): (&World, &UseCase),
        (new, after): (&World, &UseCase),
    ) -> bool {
        let covers = |name: &str| after.shares.iter().any(|budget| new.budget_name(*budget) == name);
        match self {
            Self::Something => true,
            Self::Shares(shares) => {
                shares.iter().any(|id| before.shares.contains(id) && !covers(old.budget_name(*id)))
            }
        }
    }
}
