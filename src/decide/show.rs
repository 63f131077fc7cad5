//! Decisions in words and in exact text.

use super::Multiplier;
use crate::model::{Model, TerminalKind, UseCase, World};
use crate::number;

/// A multiplier, rounded half to even to 4 decimals; `inf` where infinite.
pub fn multiplier(multiplier: &Multiplier) -> String {
    match multiplier {
        Multiplier::Finite(value) => number::round_half_even(value, 4),
        Multiplier::Infinite => "inf".to_owned(),
    }
}

/// The word of a terminal.
pub fn terminal(kind: TerminalKind) -> &'static str {
    match kind {
        TerminalKind::Queue => "queue",
        TerminalKind::Degrade => "degrade",
        TerminalKind::Block => "block",
    }
}

/// The regions a target is pinned to, sorted; none where the use case has no `residency`.
pub fn regions(world: &World, use_case: &UseCase, model: &Model) -> Option<Vec<String>> {
    if use_case.residency.is_empty() {
        return None;
    }
    let regions =
        model.regions.as_ref().map(|regions| regions.shared(&use_case.residency)).unwrap_or_default();
    Some(world.names.sorted(&regions))
}

/// The attribution tags of a use case, by dimension.
pub fn tags(world: &World, use_case: &UseCase) -> Vec<(String, String)> {
    use crate::model::Dimension;
    let Some(attribution) = &world.attribution else { return Vec::new() };
    let mut tags: Vec<(String, String)> = Vec::new();
    for (dimension, _) in &attribution.require {
        let value = match dimension {
            Dimension::UseCase => Some(use_case.name.value.clone()),
            other => stated(use_case, *other).map(|symbol| world.names.name(symbol).to_owned()),
        };
        let name = crate::model::policy_parts::dimension_name(*dimension);
        tags.extend(value.map(|value| (name.to_owned(), value)));
    }
    tags.sort();
    tags.dedup();
    tags
}

/// What a use case states of a dimension; of `user`, `provider` and `model` nothing, they come at run time.
pub fn stated(use_case: &UseCase, dimension: crate::model::Dimension) -> Option<crate::model::names::Symbol> {
    use crate::model::Dimension;
    match dimension {
        Dimension::BusinessUnit => use_case.business_unit,
        Dimension::Team => use_case.team,
        Dimension::Project => use_case.project,
        Dimension::Application => use_case.application,
        Dimension::UseCase => Some(use_case.symbol),
        Dimension::User | Dimension::Provider | Dimension::Model => None,
    }
}
