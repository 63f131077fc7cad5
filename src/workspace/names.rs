//! The names of a workspace, as far as its files can be read: what a shell offers.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::each;
use super::entries::{self, With};
use crate::load::Loaded;
use crate::source::FileKind;
use crate::syntax::{self, tree};

/// The names of a workspace, for completions.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Use cases by name and by endpoint tag, each with what it is.
    pub use_cases: Vec<(String, Option<String>)>,
    /// Providers, and the failure domains that they and their models state.
    pub failure_domains: BTreeSet<String>,
    /// Models as `provider/name`.
    pub models: Vec<String>,
    /// Budgets.
    pub budgets: BTreeSet<String>,
    /// Facts, each with the values that its statement lists.
    pub facts: Vec<(String, Vec<String>)>,
}

/// The names of what was loaded.
pub fn names(loaded: &Loaded) -> Names {
    let registry = Arc::unwrap_or_clone(entries::registry_of(&loaded.sources, With::Nothing).registry);
    let estate = Arc::unwrap_or_clone(entries::estate_of(&loaded.sources, With::Nothing).estate);
    let mut names = Names::default();
    for use_case in estate.use_cases {
        names.use_cases.push((use_case.name.value, use_case.description.clone()));
        names.use_cases.extend(use_case.endpoint_tag.map(|tag| (tag.value, use_case.description)));
    }
    for provider in registry.providers {
        let id = |name: &str| format!("{}/{name}", provider.name.value);
        names.models.extend(provider.models.iter().map(|model| id(&model.name.value)));
        let stated = provider.models.iter().map(|model| &model.facts).chain([&provider.facts]);
        let stated = stated.filter_map(|facts| Some(facts.failure_domain.as_ref()?.value.clone()));
        names.failure_domains.extend(stated);
        names.failure_domains.insert(provider.name.value);
    }
    let (policies, _) = each(&loaded.sources, FileKind::Policy, |id, text| {
        let (tree, found) = syntax::parse(id, text);
        (Some(tree), found)
    });
    for statement in policies.into_iter().flat_map(|policy| policy.statements) {
        match statement.kind {
            tree::StatementKind::Budget(budget) => {
                names.budgets.insert(budget.name.text);
            }
            tree::StatementKind::Fact(fact) => {
                let values = match fact.domain {
                    tree::FactDomain::Values(values) => values,
                    tree::FactDomain::Regions(_) | tree::FactDomain::Classifications(_) => vec![fact.default],
                };
                names.facts.push((fact.name.text, values.into_iter().map(|value| value.text).collect()));
            }
            _ => {}
        }
    }
    names
}
