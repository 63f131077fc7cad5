//! One expression for one request, and one model where it speaks of one.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::model::attribute::{Attribute, ModelAttribute, RequestAttribute};
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::names::{Set, Symbol};
use crate::model::{Context, FactDomain, FactId, Model, UseCase, World};
use crate::number::Rational;

/// What an expression reads from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) world: &'a World,
    pub(super) use_case: &'a UseCase,
    /// None while only the use case is known: what depends on the context is then unknown.
    pub(super) context: Option<&'a Context>,
    pub(super) model: Option<&'a Model>,
}

/// A value that is known.
#[derive(Debug, PartialEq)]
pub(super) enum Known<'a> {
    Name(Symbol),
    Level(usize),
    Number(Cow<'a, Rational>),
    Flag(bool),
}

impl<'a> Request<'a> {
    /// Whether an expression is true; none is unknown.
    pub(super) fn truth(self, node: &'a Node) -> Option<bool> {
        match node {
            Node::Const(value) => Some(*value),
            Node::Not(inner) => Some(!self.truth(inner)?),
            Node::And(parts) => self.every(parts, false),
            Node::Or(parts) => self.every(parts, true),
            Node::Is(attribute) => match self.read(*attribute)? {
                Known::Flag(value) => Some(value),
                _ => None,
            },
            Node::Compare(left, op, right) => {
                Some(accepts(*op, order(&self.term(left)?, &self.term(right)?)))
            }
            Node::In(left, items) => {
                let left = self.term(left)?;
                let mut unknown = false;
                for item in items {
                    match self.term(item) {
                        Some(item) if order(&left, &item).is_eq() => return Some(true),
                        Some(_) => {}
                        None => unknown = true,
                    }
                }
                if unknown { None } else { Some(false) }
            }
            Node::Has(set, element) => match self.term(element)? {
                Known::Name(symbol) => Some(self.set(*set)?.has(symbol)),
                _ => None,
            },
            Node::Covers(outer, inner) => covering(self.set(*outer), self.set(*inner)),
        }
    }

    /// An attribute beside a value.
    pub(super) fn compare(self, attribute: Attribute, op: CompareOp, value: &Known) -> Option<bool> {
        Some(accepts(op, order(&self.read(attribute)?, value)))
    }

    /// All parts are not `decisive`, one is, or neither is known.
    fn every(self, parts: &'a [Node], decisive: bool) -> Option<bool> {
        let mut unknown = false;
        for part in parts {
            match self.truth(part) {
                Some(value) if value == decisive => return Some(decisive),
                Some(_) => {}
                None => unknown = true,
            }
        }
        if unknown { None } else { Some(!decisive) }
    }

    /// The value of a term.
    pub(super) fn term(self, term: &'a Term) -> Option<Known<'a>> {
        match term {
            Term::Attribute(attribute) => self.read(*attribute),
            Term::Value(Value::Symbol(symbol)) => Some(Known::Name(*symbol)),
            Term::Value(Value::Level(level)) => Some(Known::Level(*level)),
            Term::Value(Value::Number(number)) => Some(Known::Number(Cow::Borrowed(number))),
            Term::Value(Value::Bool(value)) => Some(Known::Flag(*value)),
        }
    }

    /// The value of a set attribute.
    pub(super) fn set(self, attribute: Attribute) -> Option<&'a Set> {
        match attribute {
            Attribute::Request(attribute) => self.set_of_request(attribute),
            Attribute::Model(attribute) => set_of_model(self.model?, attribute),
            // A chain has no set.
            Attribute::Chain(_) => None,
        }
    }

    fn set_of_request(self, attribute: RequestAttribute) -> Option<&'a Set> {
        use RequestAttribute as A;
        match attribute {
            A::Compliance => Some(&self.use_case.compliance),
            A::Regulations => Some(&self.use_case.regulations),
            A::Residency => Some(&self.use_case.residency),
            A::Data => Some(&self.use_case.data),
            A::Capabilities => Some(&self.use_case.capabilities),
            A::UseCase | A::BusinessUnit | A::Team | A::Project | A::Application | A::Workload => None,
            A::Classification | A::Risk | A::Criticality | A::RetentionMax | A::LatencySla => None,
            A::AvailabilityTarget | A::MinContext | A::RegulatedOutput => None,
            A::BudgetRemaining | A::Share(_) | A::Fact(_) => None,
        }
    }

    fn read(self, attribute: Attribute) -> Option<Known<'a>> {
        match attribute {
            Attribute::Request(attribute) => self.of_request(attribute),
            Attribute::Model(ModelAttribute::Cost) => {
                Some(Known::Number(Cow::Owned(self.use_case.blended_cost(self.model?))))
            }
            Attribute::Model(attribute) => of_model(self.model?, attribute),
            // Guarantees, which alone read the chain, are not decided here.
            Attribute::Chain(_) => None,
        }
    }

    fn of_request(self, attribute: RequestAttribute) -> Option<Known<'a>> {
        use RequestAttribute as A;
        let stated = self.use_case;
        match attribute {
            A::UseCase => Some(Known::Name(stated.symbol)),
            A::BusinessUnit => stated.business_unit.map(Known::Name),
            A::Team => stated.team.map(Known::Name),
            A::Project => stated.project.map(Known::Name),
            A::Application => stated.application.map(Known::Name),
            A::Workload => Some(Known::Name(stated.workload)),
            A::Risk => stated.risk.map(Known::Level),
            A::Criticality => Some(Known::Level(stated.criticality)),
            A::RetentionMax => number(stated.retention_max.as_ref()),
            A::LatencySla => number(stated.latency_sla.as_ref()),
            A::AvailabilityTarget => number(stated.availability_target.as_ref()),
            A::MinContext => number(stated.min_context.as_ref()),
            A::RegulatedOutput => Some(Known::Flag(stated.regulated_output)),
            A::Classification => Some(Known::Level(self.context?.classification)),
            A::BudgetRemaining => number(Some(&self.context?.budget)),
            A::Share(id) => Some(Known::Number(match self.context?.share(id) {
                Some(share) => Cow::Borrowed(share),
                None => Cow::Owned(crate::number::whole(100)),
            })),
            A::Fact(id) => self.fact(id),
            A::Compliance | A::Regulations | A::Residency | A::Data | A::Capabilities => None,
        }
    }

    fn fact(self, id: FactId) -> Option<Known<'a>> {
        let (fact, value) = (self.world.facts.get(id)?, *self.context?.facts.get(id)?);
        match fact.domain {
            FactDomain::Classifications => Some(Known::Level(value)),
            FactDomain::Own | FactDomain::Regions => fact.symbols.get(value).copied().map(Known::Name),
        }
    }
}

/// A set of a model.
fn set_of_model(model: &Model, attribute: ModelAttribute) -> Option<&Set> {
    use ModelAttribute as A;
    match attribute {
        A::Compliance => model.compliance.as_ref(),
        A::Regions => model.regions.as_ref(),
        A::Capabilities => model.capabilities.as_ref(),
        A::Id | A::Provider | A::Hosting | A::Jurisdiction | A::Lifecycle | A::Tier | A::Dpa => None,
        A::Ceiling | A::Retention | A::LatencyP50 | A::LatencyP95 | A::Availability => None,
        A::ContextWindow | A::Cost | A::InputCost | A::OutputCost => None,
        A::TrainsOnData | A::OpenWeights => None,
    }
}

/// A value of a model, its blended cost aside.
fn of_model(model: &Model, attribute: ModelAttribute) -> Option<Known<'_>> {
    use ModelAttribute as A;
    match attribute {
        A::Id => Some(Known::Name(model.symbol)),
        A::Provider => Some(Known::Name(model.provider_symbol)),
        A::Hosting => model.hosting.map(Known::Name),
        A::Jurisdiction => model.jurisdiction.map(Known::Name),
        A::Lifecycle => Some(Known::Name(model.lifecycle)),
        A::Tier => model.tier.map(Known::Level),
        A::Dpa => model.dpa.map(Known::Level),
        A::Ceiling => Some(Known::Level(model.ceiling)),
        A::TrainsOnData => model.trains_on_data.map(Known::Flag),
        A::OpenWeights => model.open_weights.map(Known::Flag),
        A::Retention | A::LatencyP50 | A::LatencyP95 | A::Availability => number(number_of(model, attribute)),
        A::ContextWindow | A::InputCost | A::OutputCost => number(number_of(model, attribute)),
        A::Cost | A::Compliance | A::Regions | A::Capabilities => None,
    }
}

/// A number of a model, its blended cost aside.
pub(super) fn number_of(model: &Model, attribute: ModelAttribute) -> Option<&Rational> {
    use ModelAttribute as A;
    match attribute {
        A::Retention => model.retention.as_ref(),
        A::LatencyP50 => model.latency_p50.as_ref(),
        A::LatencyP95 => model.latency_p95.as_ref(),
        A::Availability => model.availability.as_ref(),
        A::ContextWindow => model.context_window.as_ref(),
        A::InputCost => Some(&model.input_cost),
        A::OutputCost => Some(&model.output_cost),
        A::Id | A::Provider | A::Hosting | A::Jurisdiction | A::Lifecycle | A::Tier | A::Dpa => None,
        A::Ceiling | A::Compliance | A::Regions | A::Capabilities | A::Cost => None,
        A::TrainsOnData | A::OpenWeights => None,
    }
}

fn number(value: Option<&Rational>) -> Option<Known<'_>> {
    value.map(|value| Known::Number(Cow::Borrowed(value)))
}

/// How two values of one type stand; names and flags are equal or not.
fn order(a: &Known, b: &Known) -> Ordering {
    match (a, b) {
        (Known::Number(a), Known::Number(b)) => a.cmp(b),
        (Known::Level(a), Known::Level(b)) => a.cmp(b),
        _ if a == b => Ordering::Equal,
        _ => Ordering::Greater,
    }
}

/// Whether an operator is satisfied by an order.
pub(super) fn accepts(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }
}

/// Whether a set covers another: any covers an empty one, an unknown one too.
pub(super) fn covering(outer: Option<&Set>, inner: Option<&Set>) -> Option<bool> {
    let inner = inner?;
    if inner.is_empty() { Some(true) } else { Some(outer?.covers(inner)) }
}
