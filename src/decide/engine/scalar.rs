//! One expression for one request, and one model where it speaks of one.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::model::attribute::Attribute;
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::names::{Set, Symbol};
use crate::model::{Context, FactDomain, Model, UseCase, World};
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
            Attribute::Compliance => Some(&self.use_case.compliance),
            Attribute::Regulations => Some(&self.use_case.regulations),
            Attribute::Residency => Some(&self.use_case.residency),
            Attribute::Data => Some(&self.use_case.data),
            Attribute::Capabilities => Some(&self.use_case.capabilities),
            Attribute::ModelCompliance => self.model?.compliance.as_ref(),
            Attribute::ModelRegions => self.model?.regions.as_ref(),
            Attribute::ModelCapabilities => self.model?.capabilities.as_ref(),
            _ => None,
        }
    }

    fn read(self, attribute: Attribute) -> Option<Known<'a>> {
        let stated = self.use_case;
        match attribute {
            Attribute::UseCase => Some(Known::Name(stated.symbol)),
            Attribute::BusinessUnit => stated.business_unit.map(Known::Name),
            Attribute::Team => stated.team.map(Known::Name),
            Attribute::Project => stated.project.map(Known::Name),
            Attribute::Application => stated.application.map(Known::Name),
            Attribute::Workload => Some(Known::Name(stated.workload)),
            Attribute::Risk => stated.risk.map(Known::Level),
            Attribute::Criticality => Some(Known::Level(stated.criticality)),
            Attribute::RetentionMax => number(stated.retention_max.as_ref()),
            Attribute::LatencySla => number(stated.latency_sla.as_ref()),
            Attribute::AvailabilityTarget => number(stated.availability_target.as_ref()),
            Attribute::MinContext => number(stated.min_context.as_ref()),
            Attribute::RegulatedOutput => Some(Known::Flag(stated.regulated_output)),
            Attribute::Classification => Some(Known::Level(self.context?.classification)),
            Attribute::BudgetRemaining => number(Some(&self.context?.budget)),
            Attribute::Fact(id) => {
                let (fact, value) = (self.world.facts.get(id)?, *self.context?.facts.get(id)?);
                match fact.domain {
                    FactDomain::Classifications => Some(Known::Level(value)),
                    FactDomain::Own | FactDomain::Regions => {
                        fact.symbols.get(value).copied().map(Known::Name)
                    }
                }
            }
            Attribute::ModelCost => Some(Known::Number(Cow::Owned(stated.blended_cost(self.model?)))),
            _ => of_model(self.model?, attribute),
        }
    }
}

/// An attribute of a model, its blended cost aside.
fn of_model(model: &Model, attribute: Attribute) -> Option<Known<'_>> {
    match attribute {
        Attribute::ModelId => Some(Known::Name(model.symbol)),
        Attribute::ModelProvider => Some(Known::Name(model.provider_symbol)),
        Attribute::ModelHosting => model.hosting.map(Known::Name),
        Attribute::ModelJurisdiction => model.jurisdiction.map(Known::Name),
        Attribute::ModelLifecycle => Some(Known::Name(model.lifecycle)),
        Attribute::ModelTier => model.tier.map(Known::Level),
        Attribute::ModelDpa => model.dpa.map(Known::Level),
        Attribute::ModelCeiling => Some(Known::Level(model.ceiling)),
        Attribute::ModelTrainsOnData => model.trains_on_data.map(Known::Flag),
        Attribute::ModelOpenWeights => model.open_weights.map(Known::Flag),
        _ => number(number_of(model, attribute)),
    }
}

/// A numeric attribute of a model, its blended cost aside.
pub(super) fn number_of(model: &Model, attribute: Attribute) -> Option<&Rational> {
    match attribute {
        Attribute::ModelRetention => model.retention.as_ref(),
        Attribute::ModelLatencyP50 => model.latency_p50.as_ref(),
        Attribute::ModelLatencyP95 => model.latency_p95.as_ref(),
        Attribute::ModelAvailability => model.availability.as_ref(),
        Attribute::ModelContextWindow => model.context_window.as_ref(),
        Attribute::ModelInputCost => Some(&model.input_cost),
        Attribute::ModelOutputCost => Some(&model.output_cost),
        _ => None,
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
