//! The attributes that expressions read, as values: "Conditions" in docs/language.md.

use super::Scope;
use super::evaluation::{Datum, Many};
use super::guarantees::Chain;
use super::rules::processed_in;
use crate::decide::Multiplier;
use crate::model::attribute::{Attribute, ChainAttribute, Level, ModelAttribute, RequestAttribute};
use crate::model::names::{Set, Symbol};
use crate::model::{FactDomain, FactId, Model, UseCase};
use crate::number::{Rational, whole};

/// Whether a set attribute holds regions, which lie within each other.
pub(super) fn of_regions(attribute: Attribute) -> bool {
    use {ModelAttribute as M, RequestAttribute as R};
    matches!(attribute, Attribute::Request(R::Residency) | Attribute::Model(M::Regions | M::ProcessedIn))
}

pub(super) fn set_of(scope: Scope<'_>, attribute: Attribute) -> Many<'_> {
    match attribute {
        Attribute::Request(RequestAttribute::Residency) => {
            scope.residency.map_or(Many::Everywhere, |set| Many::These(std::borrow::Cow::Borrowed(set)))
        }
        Attribute::Request(attribute) => these(request_set(scope.use_case, attribute)),
        Attribute::Model(attribute) => match (scope.model, attribute) {
            (None, _) => Many::Unknown,
            (Some(model), ModelAttribute::ProcessedIn) => {
                processed_in(scope.world, scope.residency, model).map_or(Many::Unknown, Many::These)
            }
            (Some(model), attribute) => these(model_set(model, attribute)),
        },
        Attribute::Chain(_) => Many::Unknown,
        Attribute::Duty(attribute) => scope.duties.map_or(Many::Unknown, |duties| duties.set(attribute)),
    }
}

pub(super) fn these(set: Option<&Set>) -> Many<'_> {
    set.map_or(Many::Unknown, |set| Many::These(std::borrow::Cow::Borrowed(set)))
}

pub(super) fn request_set(use_case: &UseCase, attribute: RequestAttribute) -> Option<&Set> {
    use RequestAttribute as R;
    match attribute {
        R::Compliance => Some(&use_case.compliance),
        R::Regulations => Some(&use_case.regulations),
        R::Residency => use_case.stated_residency(),
        R::Data => Some(&use_case.data),
        R::Capabilities => Some(&use_case.capabilities),
        R::UseCase | R::BusinessUnit | R::Team | R::Project | R::Application | R::Workload => None,
        R::Classification | R::Risk | R::Criticality | R::RetentionMax | R::LatencySla => None,
        R::AvailabilityTarget | R::MinContext | R::RegulatedOutput => None,
        R::BudgetRemaining | R::Share(_) | R::Fact(_) => None,
    }
}

pub(super) fn model_set(model: &Model, attribute: ModelAttribute) -> Option<&Set> {
    use ModelAttribute as M;
    match attribute {
        M::Compliance => model.compliance.as_ref(),
        M::Regions | M::ProcessedIn => model.regions.as_ref(),
        M::Capabilities => model.capabilities.as_ref(),
        M::Id | M::Provider | M::FailureDomain | M::Hosting | M::Jurisdiction | M::Lifecycle => None,
        M::Tier | M::Dpa | M::Ceiling | M::Retention | M::LatencyP50 | M::LatencyP95 => None,
        M::Availability | M::ContextWindow | M::Cost | M::InputCost | M::OutputCost => None,
        M::TrainsOnData | M::OpenWeights | M::RegionSelectable => None,
    }
}

pub(super) fn read(scope: Scope<'_>, attribute: Attribute) -> Datum<'_> {
    match attribute {
        Attribute::Request(attribute) => read_request(scope, attribute),
        Attribute::Model(attribute) => {
            scope.model.map_or(Datum::Unknown, |model| read_model(scope, model, attribute))
        }
        Attribute::Chain(attribute) => {
            scope.chain.map_or(Datum::Unknown, |chain| read_chain(chain, attribute))
        }
        Attribute::Duty(attribute) => scope.duties.map_or(Datum::Unknown, |duties| duties.read(attribute)),
    }
}

pub(super) fn read_request(scope: Scope<'_>, attribute: RequestAttribute) -> Datum<'_> {
    use RequestAttribute as R;
    let (use_case, context) = (scope.use_case, scope.context);
    match attribute {
        R::UseCase => Datum::Symbol(use_case.symbol),
        R::BusinessUnit => symbol(use_case.business_unit),
        R::Team => symbol(use_case.team),
        R::Project => symbol(use_case.project),
        R::Application => symbol(use_case.application),
        R::Workload => Datum::Symbol(use_case.workload),
        R::Classification => Datum::Level(Level::Classification(context.classification)),
        R::Risk => level(use_case.risk.map(Level::Risk)),
        R::Criticality => Datum::Level(Level::Criticality(use_case.criticality)),
        R::RetentionMax => number_of(use_case.retention_max.as_ref()),
        R::LatencySla => number_of(use_case.latency_sla.as_ref()),
        R::AvailabilityTarget => number_of(use_case.availability_target.as_ref()),
        R::MinContext => number_of(use_case.min_context.as_ref()),
        R::RegulatedOutput => Datum::Bool(use_case.regulated_output),
        R::BudgetRemaining => number_of(Some(&context.budget)),
        R::Share(id) => match context.share(id) {
            Some(share) => number_of(Some(share)),
            // Of a budget that does not cover the use case everything remains.
            None => Datum::Number(std::borrow::Cow::Owned(whole(100))),
        },
        R::Fact(id) => read_fact(scope, id),
        // Sets, which are no single value.
        R::Compliance | R::Regulations | R::Residency | R::Data | R::Capabilities => Datum::Unknown,
    }
}

pub(super) fn read_fact(scope: Scope<'_>, id: FactId) -> Datum<'_> {
    let (fact, value) = (&scope.world.facts[id], scope.context.facts[id]);
    match fact.domain {
        FactDomain::Classifications => {
            Datum::Level(Level::Classification(scope.world.classifications.at(value.position())))
        }
        FactDomain::Own | FactDomain::Regions => symbol(Some(fact.symbols[value])),
    }
}

/// The blended cost of a model, worked out once where the use case is decided in many contexts.
fn cost_of<'a>(scope: Scope<'a>, model: &Model) -> std::borrow::Cow<'a, Rational> {
    let id = scope.known.and_then(|_| scope.world.models.search(|one| one.id.cmp(&model.id)));
    id.map_or_else(|| std::borrow::Cow::Owned(scope.use_case.blended_cost(model)), |id| scope.cost(id))
}

pub(super) fn read_model<'a>(scope: Scope<'a>, model: &'a Model, attribute: ModelAttribute) -> Datum<'a> {
    use ModelAttribute as M;
    match attribute {
        M::Id => Datum::Symbol(model.symbol),
        M::Provider => Datum::Symbol(model.provider_symbol),
        M::FailureDomain => Datum::Symbol(model.failure_domain),
        M::Hosting => symbol(model.hosting),
        M::Jurisdiction => symbol(model.jurisdiction),
        M::Lifecycle => Datum::Symbol(model.lifecycle),
        M::Tier => level(model.tier.map(Level::Tier)),
        M::Dpa => level(model.dpa.map(Level::Dpa)),
        M::Ceiling => Datum::Level(Level::Classification(model.ceiling)),
        M::Retention => number_of(model.retention.as_ref()),
        M::LatencyP50 => number_of(model.latency_p50.as_ref()),
        M::LatencyP95 => number_of(model.latency_p95.as_ref()),
        M::Availability => number_of(model.availability.as_ref()),
        M::ContextWindow => number_of(model.context_window.as_ref()),
        M::Cost => Datum::Number(cost_of(scope, model)),
        M::InputCost => number_of(Some(&model.input_cost)),
        M::OutputCost => number_of(Some(&model.output_cost)),
        M::TrainsOnData => model.trains_on_data.map_or(Datum::Unknown, Datum::Bool),
        M::OpenWeights => model.open_weights.map_or(Datum::Unknown, Datum::Bool),
        M::RegionSelectable => model.region_selectable.map_or(Datum::Unknown, Datum::Bool),
        M::Compliance | M::Regions | M::ProcessedIn | M::Capabilities => Datum::Unknown,
    }
}

pub(super) fn read_chain(chain: &Chain, attribute: ChainAttribute) -> Datum<'_> {
    match attribute {
        ChainAttribute::Length => number_of(Some(&chain.length)),
        ChainAttribute::Providers => number_of(Some(&chain.providers)),
        ChainAttribute::FailureDomains => number_of(Some(&chain.failure_domains)),
        ChainAttribute::MaxCostMultiplier => match &chain.max_cost_multiplier {
            Multiplier::Finite(number) => number_of(Some(number)),
            Multiplier::Infinite => Datum::Infinite,
        },
        ChainAttribute::Availability => number_of(chain.availability.as_ref()),
    }
}

pub(super) fn symbol(symbol: Option<Symbol>) -> Datum<'static> {
    symbol.map_or(Datum::Unknown, Datum::Symbol)
}

pub(super) fn level(level: Option<Level>) -> Datum<'static> {
    level.map_or(Datum::Unknown, Datum::Level)
}

pub(super) fn number_of(number: Option<&Rational>) -> Datum<'_> {
    number.map_or(Datum::Unknown, |number| Datum::Number(std::borrow::Cow::Borrowed(number)))
}
