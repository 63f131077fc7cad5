//! Why a model may not process a request where it may be processed: what the gate `residency` has against it.

use crate::model::names::Set;
use crate::model::regions::ProcessIn;
use crate::model::words::{list, set};
use crate::model::{Context, Model, RuleId, UseCase, World};

/// What the gate has against a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outside {
    /// No region is left where the request may be processed.
    Nowhere,
    /// Nothing says where the model processes.
    Unstated,
    /// The same, since evidence of where it does has expired.
    NotKnown,
    /// None of its regions lies inside; these are its regions.
    Elsewhere(Set),
    /// These of its regions lie outside, and a request cannot be pinned to the others.
    NotPinned(Set),
    /// The same, since evidence that it can be pinned has expired.
    PinUnknown(Set),
}

/// Why a model may not process a request that may be processed in some regions only.
pub fn outside(world: &World, residency: &Set, model: &Model) -> Outside {
    let stated = model.regions.as_ref().filter(|stated| !stated.is_empty());
    let Some(stated) = stated else {
        return match residency.is_empty() {
            true => Outside::Nowhere,
            false if model.has_lapsed("regions") => Outside::NotKnown,
            false => Outside::Unstated,
        };
    };
    let inside = world.regions.inside(stated, residency);
    match model.region_selectable {
        _ if residency.is_empty() => Outside::Nowhere,
        _ if inside.is_empty() => Outside::Elsewhere(stated.clone()),
        None => Outside::PinUnknown(stated.without(&inside)),
        Some(_) => Outside::NotPinned(stated.without(&inside)),
    }
}

impl Outside {
    /// The same in words that go on after the model or `it`.
    pub fn words(&self, world: &World, residency: &Set) -> String {
        let wanted = set(world, residency);
        match self {
            Self::Nowhere => "has no region left where the request may be processed".to_owned(),
            Self::Unstated => format!("does not say that it processes in {wanted}"),
            Self::NotKnown => format!("is no longer known to process in {wanted}"),
            Self::Elsewhere(regions) => format!("processes in {} and not in {wanted}", set(world, regions)),
            Self::NotPinned(outside) | Self::PinUnknown(outside) => {
                format!("may process in {} too and cannot be pinned to {wanted}", set(world, outside))
            }
        }
    }

    /// What to do where the model itself could be stated otherwise.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Nowhere | Self::Elsewhere(_) => None,
            Self::Unstated => Some("state its `regions` in the registry"),
            Self::NotKnown => {
                Some("its evidence for `regions` has expired: read it again and renew the evidence")
            }
            Self::NotPinned(_) => {
                Some("if a request can be pinned to one of its regions, state `region_selectable: true`")
            }
            Self::PinUnknown(_) => {
                Some("its evidence for `region_selectable` has expired: read it again and renew the evidence")
            }
        }
    }
}

/// The `process in` clauses of the applying rules, each with its rule.
pub fn clauses<'a>(
    world: &'a World,
    rules: &[RuleId],
) -> impl Iterator<Item = (RuleId, &'a str, &'a ProcessIn)> {
    let rules = rules.iter().map(|id| (*id, &world.rules[*id]));
    rules.flat_map(|(id, rule)| {
        rule.process_in.iter().map(move |clause| (id, rule.name.value.as_str(), clause))
    })
}

/// Those that narrow where a request may be processed, each with the regions that it names: one that names all that the
/// use case states takes nothing away.
pub fn narrowing<'a>(
    world: &'a World,
    use_case: &UseCase,
    context: &Context,
    rules: &[RuleId],
) -> impl Iterator<Item = (&'a str, &'a ProcessIn, Set)> {
    let stated = use_case.stated_residency();
    let named =
        clauses(world, rules).map(|(_, name, clause)| (name, clause, clause.regions(world, &context.facts)));
    named.filter(move |(_, _, regions)| stated.is_none_or(|stated| !world.regions.covers(regions, stated)))
}

/// Who says where a request may be processed: ``the use case says `eu` ``, ``rule `home` narrows it to `eu` ``.
pub fn said(world: &World, use_case: &UseCase, context: &Context, rules: &[RuleId]) -> Vec<String> {
    let stated = use_case.stated_residency();
    let mut says: Vec<String> = stated
        .map(|stated| format!("`{}` says {}", use_case.name.value, set(world, stated)))
        .into_iter()
        .collect();
    says.extend(
        narrowing(world, use_case, context, rules).map(|(name, _, regions)| {
            format!("rule {} narrows it to {}", list(&[name]), set(world, &regions))
        }),
    );
    says
}
