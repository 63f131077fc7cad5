//! What a request states of what promises read: its use case, and its context where that is known.

use crate::diff::conditions;
use crate::model::attribute::{Level, RequestAttribute};
use crate::model::names::{Set, Symbol};
use crate::model::{Context, FactDomain, FactId, UseCase, World};
use crate::number::{Rational, exact};

/// A use case, and one of its contexts where that is known.
#[derive(Clone, Copy)]
pub(super) struct Stating<'a> {
    pub(super) use_case: &'a UseCase,
    pub(super) context: Option<&'a Context>,
}

/// What a use case states.
pub(super) enum Stated<'a> {
    Nothing,
    Number(&'a Rational),
    Level(Level),
    Name(Symbol),
    Flag(bool),
    Set(&'a Set),
}

impl<'a> Stated<'a> {
    pub(super) fn of(
        world: &World,
        Stating { use_case, context }: Stating<'a>,
        read: RequestAttribute,
    ) -> Self {
        use RequestAttribute as A;
        let name = |symbol: Option<Symbol>| symbol.map_or(Self::Nothing, Self::Name);
        let number = |number: &'a Option<Rational>| number.as_ref().map_or(Self::Nothing, Self::Number);
        match read {
            A::UseCase => Self::Name(use_case.symbol),
            A::BusinessUnit => name(use_case.business_unit),
            A::Team => name(use_case.team),
            A::Project => name(use_case.project),
            A::Application => name(use_case.application),
            A::Workload => Self::Name(use_case.workload),
            A::Risk => use_case.risk.map(Level::Risk).map_or(Self::Nothing, Self::Level),
            A::Criticality => Self::Level(Level::Criticality(use_case.criticality)),
            A::RetentionMax => number(&use_case.retention_max),
            A::LatencySla => number(&use_case.latency_sla),
            A::AvailabilityTarget => number(&use_case.availability_target),
            A::MinContext => number(&use_case.min_context),
            A::RegulatedOutput => Self::Flag(use_case.regulated_output),
            A::Compliance => Self::Set(&use_case.compliance),
            A::Regulations => Self::Set(&use_case.regulations),
            A::Residency => Self::Set(&use_case.residency),
            A::Data => Self::Set(&use_case.data),
            A::Capabilities => Self::Set(&use_case.capabilities),
            A::Classification => match context {
                Some(context) => Self::Level(Level::Classification(context.classification)),
                None => Self::Nothing,
            },
            A::BudgetRemaining => context.map_or(Self::Nothing, |context| Self::Number(&context.budget)),
            A::Share(id) => context.and_then(|context| context.share(id)).map_or(Self::Nothing, Self::Number),
            A::Fact(id) => {
                context.map_or(Self::Nothing, |context| Self::of_fact(world, id, context.facts[id]))
            }
        }
    }

    fn of_fact(world: &World, id: FactId, value: usize) -> Self {
        let fact = &world.facts[id];
        match fact.domain {
            FactDomain::Classifications => {
                let level = world.classifications.ids().nth(value);
                level.map(Level::Classification).map_or(Self::Nothing, Self::Level)
            }
            FactDomain::Own | FactDomain::Regions => {
                fact.symbols.get(value).copied().map_or(Self::Nothing, Self::Name)
            }
        }
    }

    /// The same as one text.
    pub(super) fn words(&self, world: &World) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Number(number) => exact(number),
            Self::Level(level) => level.name(&world.classifications).to_owned(),
            Self::Name(symbol) => conditions::quoted(world.names.name(*symbol)),
            Self::Flag(flag) => flag.to_string(),
            Self::Set(set) => {
                let names = world.names.sorted(set);
                names.iter().map(|name| conditions::quoted(name)).collect::<Vec<_>>().join(", ")
            }
        }
    }
}
