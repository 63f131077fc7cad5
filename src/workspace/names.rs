//! The names of a workspace, as far as its files can be read: what a shell offers.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::each;
use super::entries::{self, With};
use crate::load::Loaded;
use crate::model::CLASSIFICATIONS;
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
    /// What `within` and `budget.NAME.remaining` may name.
    pub budgets: BTreeSet<String>,
    /// Facts, each with its values.
    pub facts: Vec<(String, Vec<String>)>,
    /// Classifications, lowest first.
    pub classifications: Vec<String>,
}

/// The names of what was loaded.
pub fn names(loaded: &Loaded) -> Names {
    let registry = Arc::unwrap_or_clone(entries::registry_of(&loaded.sources, With::Nothing).registry);
    let estate = Arc::unwrap_or_clone(entries::estate_of(&loaded.sources, With::Nothing).estate);
    let mut names = Names::default();
    let mut regions = BTreeSet::new();
    for use_case in estate.use_cases {
        regions.extend(use_case.residency.into_iter().map(|region| region.value));
        names.use_cases.push((use_case.name.value, use_case.description.clone()));
        names.use_cases.extend(use_case.endpoint_tag.map(|tag| (tag.value, use_case.description)));
    }
    for provider in registry.providers {
        let facts = provider.models.iter().map(|model| &model.facts).chain([&provider.facts]);
        let stated = facts.flat_map(|facts| &facts.regions).flat_map(|regions| &regions.value);
        regions.extend(stated.map(|region| region.value.clone()));
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
    names.of_policies(&policies, &regions);
    names
}

impl Names {
    /// Adds what policies name. Facts have regions as values: those that a statement lists, else those that are used.
    fn of_policies(&mut self, policies: &[tree::File], used: &BTreeSet<String>) {
        let statements = || policies.iter().flat_map(|policy| &policy.statements);
        let mut listed = Vec::new();
        for statement in statements() {
            match &statement.kind {
                tree::StatementKind::Classifications(levels) => {
                    self.classifications.extend(levels.iter().map(|level| level.text.clone()));
                }
                tree::StatementKind::Regions(regions) => {
                    for region in regions {
                        region.names(&mut listed);
                    }
                }
                _ => {}
            }
        }
        if self.classifications.is_empty() {
            self.classifications = CLASSIFICATIONS.map(str::to_owned).to_vec();
        }
        let texts = |names: &[tree::Name]| names.iter().map(|name| name.text.clone()).collect();
        for statement in statements() {
            match &statement.kind {
                tree::StatementKind::Budget(budget) => {
                    self.budgets.insert(budget.name.text.clone());
                }
                tree::StatementKind::Fact(fact) => {
                    let values = match &fact.domain {
                        tree::FactDomain::Values(values) => texts(values),
                        tree::FactDomain::Regions(_) if listed.is_empty() => used.iter().cloned().collect(),
                        tree::FactDomain::Regions(_) => listed.iter().map(|name| name.text.clone()).collect(),
                        tree::FactDomain::Classifications(_) => self.classifications.clone(),
                    };
                    self.facts.push((fact.name.text.clone(), values));
                }
                _ => {}
            }
        }
    }
}
