//! What conditions read and both sides understand otherwise: then a promise may reach others though nobody touched it, nor
//! the use case.

use std::collections::BTreeSet;

use crate::diff::rename::Names;
use crate::model::attribute::{Attribute, RequestAttribute};
use crate::model::{Expr, UseCase, World};

/// What differs of that between two sides.
pub(super) struct Otherwise {
    classifications: bool,
    regions: bool,
    facts: BTreeSet<String>,
}

impl Otherwise {
    pub(super) fn between(old: &World, new: &World, names: &Names) -> Self {
        let regions = |world: &World| -> BTreeSet<(String, String)> {
            let name = |region| world.names.name(region).to_owned();
            world.regions.pairs().map(|(inner, outer)| (name(inner), name(outer))).collect()
        };
        let same = |name: &String, values: &Vec<String>, default: usize| {
            let name = names.of("fact", name).unwrap_or(name);
            new.facts.iter().any(|fact| (&fact.name, &fact.values, fact.default) == (name, values, default))
        };
        let facts = old.facts.iter().filter(|fact| !same(&fact.name, &fact.values, fact.default));
        Self {
            classifications: old.classifications != new.classifications,
            regions: regions(old) != regions(new),
            facts: facts.map(|fact| fact.name.clone()).collect(),
        }
    }

    /// Whether a condition of the old side reads any of it, or what is left of a budget that no longer covers the use case.
    pub(super) fn is_read(
        &self,
        (old, before): (&World, &UseCase),
        (new, after): (&World, &UseCase),
        when: Option<&Expr>,
    ) -> bool {
        let covers = |name: &str| after.shares.iter().any(|budget| new.budget_name(*budget) == name);
        let is_other = |attribute: &Attribute| match attribute {
            Attribute::Request(RequestAttribute::Classification) => self.classifications,
            Attribute::Request(RequestAttribute::Residency) => self.regions,
            Attribute::Request(RequestAttribute::Fact(id)) => self.facts.contains(&old.facts[*id].name),
            Attribute::Request(RequestAttribute::Share(id)) => {
                before.shares.contains(id) && !covers(old.budget_name(*id))
            }
            Attribute::Request(_) | Attribute::Model(_) | Attribute::Chain(_) | Attribute::Duty(_) => false,
        };
        when.is_some_and(|when| when.reads.iter().any(|(attribute, _)| is_other(attribute)))
    }
}
