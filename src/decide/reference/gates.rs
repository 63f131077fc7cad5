//! The gates: the hard requirements that a registry and an estate state: "How a decision is made" in docs/language.md,
//! step 1.

use super::Scope;
use super::evaluation::covers;
use crate::decide::Gate;
use crate::model::Model;
use crate::number::Rational;

/// Whether a model passes a gate.
pub(super) fn passes_in(scope: Scope, model: &Model, gate: Gate) -> bool {
    let (use_case, context, regions) = (scope.use_case, scope.context, &scope.world.regions);
    match gate {
        Gate::ApprovedUseCase => {
            model.approved.iter().any(|entry| approves(&entry.value, &use_case.name.value))
        }
        Gate::ClassificationCeiling => context.classification <= model.ceiling,
        Gate::ComplianceCoverage => {
            covers(model.compliance.as_ref(), Some(&use_case.compliance)) == Some(true)
        }
        Gate::Residency => scope.residency.is_none_or(|residency| {
            let stated = model.regions.as_ref().filter(|stated| !stated.is_empty());
            stated.is_some_and(|stated| match model.region_selectable {
                Some(true) => regions.meets(stated, residency),
                Some(false) | None => regions.covers(residency, stated),
            })
        }),
        Gate::Retention => use_case
            .retention_max
            .as_ref()
            .is_none_or(|max| model.retention.as_ref().is_some_and(|retention| retention <= max)),
        Gate::Lifecycle => !model.retired,
        Gate::Capability => {
            let covered = covers(model.capabilities.as_ref(), Some(&use_case.capabilities)) == Some(true);
            let wide = |min: &Rational| model.context_window.as_ref().is_some_and(|window| window >= min);
            covered && use_case.min_context.as_ref().is_none_or(wide)
        }
    }
}

/// Whether an entry of `approved_use_cases` names or prefixes a use case.
pub fn approves(entry: &str, use_case: &str) -> bool {
    entry == use_case || entry.strip_suffix('*').is_some_and(|prefix| use_case.starts_with(prefix))
}
