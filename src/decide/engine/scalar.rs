//! One expression for one request, and one model where it speaks of one.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::model::attribute::{Attribute, Level, ModelAttribute, RequestAttribute};
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::names::{Set, Symbol};
use crate::model::{Context, FactDomain, FactId, Model, ModelId, UseCase, World};
use crate::number::{Rational, compare};
use crate::work;

/// What an expression reads from.
#[derive(Debug, Clone, Copy)]
pub struct Bindings<'a> {
    pub(super) world: &'a World,
    pub(super) use_case: &'a UseCase,
    /// None while only the use case is known: what depends on the context is then unknown.
    pub(super) context: Option<&'a Context>,
    pub(super) model: Option<&'a Model>,
    /// Where it may be processed, none is everywhere: what the use case states, in promises and wishes what
    /// `process in` leaves of it.
    pub(super) residency: Option<&'a Set>,
}

/// A set that is known.
#[derive(Debug)]
pub enum Members<'a> {
    /// No list restricts it: any region.
    Every,
    /// These names and no others.
    Of(Cow<'a, Set>),
}

/// A value that is known.
#[derive(Debug, PartialEq)]
#[expect(missing_docs, reason = "the types of docs/language.md")]
pub enum Known<'a> {
    Name(Symbol),
    Level(Level),
    Number(Cow<'a, Rational>),
    Flag(bool),
}

impl<'a> Bindings<'a> {
    /// A use case as its conditions read it.
    pub fn of(world: &'a World, use_case: &'a UseCase) -> Self {
        Self { world, use_case, context: None, model: None, residency: use_case.stated_residency() }
    }

    /// The same in one of its contexts.
    #[must_use]
    pub fn within(self, context: &'a Context) -> Self {
        Self { context: Some(context), ..self }
    }

    /// Whether a context is known.
    pub fn has_context(self) -> bool {
        self.context.is_some()
    }

    /// The same beside the model at a position.
    pub(super) fn on(self, at: usize) -> Self {
        Self { model: Some(&self.world.models[ModelId::new(at)]), ..self }
    }

    /// Whether an expression is true; none is unknown.
    pub fn truth(self, node: &'a Node) -> Option<bool> {
        work::step();
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
                for item in items.iter() {
                    match self.term(item) {
                        Some(item) if order(&left, &item).is_eq() => return Some(true),
                        Some(_) => {}
                        None => unknown = true,
                    }
                }
                if unknown { None } else { Some(false) }
            }
            Node::Within(left, items) => {
                let Some(Known::Name(region)) = self.term(left) else { return None };
                // Facts and written names: none of them is unknown once the context is known.
                let outer = |item| match self.term(item) {
                    Some(Known::Name(outer)) => Some(outer),
                    _ => None,
                };
                let outer: Option<Vec<Symbol>> = items.iter().map(outer).collect();
                Some(outer?.into_iter().any(|outer| self.world.regions.lies_within(region, outer)))
            }
            Node::Has(set, element) => {
                let Known::Name(symbol) = self.term(element)? else { return None };
                Some(match self.set(*set)? {
                    Members::Every => true,
                    Members::Of(known) if holds_regions(*set) => self.world.regions.has(&known, symbol),
                    Members::Of(known) => known.has(symbol),
                })
            }
            Node::Covers(outer, inner) => match (self.set(*outer), self.set(*inner)) {
                (Some(Members::Every), _) => Some(true),
                (_, Some(Members::Of(inner))) if inner.is_empty() => Some(true),
                (Some(Members::Of(_)), Some(Members::Every)) => Some(false),
                (Some(Members::Of(has)), Some(Members::Of(needs))) => {
                    let regions = &self.world.regions;
                    Some(if holds_regions(*outer) {
                        regions.covers(&has, &needs)
                    } else {
                        has.covers(&needs)
                    })
                }
                (None, _) | (_, None) => None,
            },
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
    pub fn set(self, attribute: Attribute) -> Option<Members<'a>> {
        let of = |set: Option<&'a Set>| set.map(|set| Members::Of(Cow::Borrowed(set)));
        match attribute {
            Attribute::Request(RequestAttribute::Residency) => Some(match self.residency {
                Some(residency) => Members::Of(Cow::Borrowed(residency)),
                None => Members::Every,
            }),
            Attribute::Request(attribute) => of(self.set_of_request(attribute)),
            Attribute::Model(ModelAttribute::ProcessedIn) => {
                place(self.world, self.residency, self.model?).map(Members::Of)
            }
            Attribute::Model(attribute) => of(set_of_model(self.model?, attribute)),
            // A chain has no set, and obligations are not decided here.
            Attribute::Chain(_) | Attribute::Duty(_) => None,
        }
    }

    fn set_of_request(self, attribute: RequestAttribute) -> Option<&'a Set> {
        use RequestAttribute as A;
        match attribute {
            A::Compliance => Some(&self.use_case.compliance),
            A::Regulations => Some(&self.use_case.regulations),
            A::Residency => self.residency,
            A::Data => Some(&self.use_case.data),
            A::Capabilities => Some(&self.use_case.capabilities),
            A::UseCase | A::BusinessUnit | A::Team | A::Project | A::Application | A::Workload => None,
            A::Classification | A::Risk | A::Criticality | A::RetentionMax | A::LatencySla => None,
            A::AvailabilityTarget | A::MinContext | A::RegulatedOutput => None,
            A::BudgetRemaining | A::Share(_) | A::Fact(_) => None,
        }
    }

    /// The value of an attribute that is no set; none is unknown.
    pub fn read(self, attribute: Attribute) -> Option<Known<'a>> {
        match attribute {
            Attribute::Request(attribute) => self.of_request(attribute),
            Attribute::Model(ModelAttribute::Cost) => {
                Some(Known::Number(Cow::Owned(self.use_case.blended_cost(self.model?))))
            }
            Attribute::Model(attribute) => of_model(self.model?, attribute),
            // Guarantees, which alone read the chain and obligations, are not decided here.
            Attribute::Chain(_) | Attribute::Duty(_) => None,
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
            A::Risk => stated.risk.map(Level::Risk).map(Known::Level),
            A::Criticality => Some(Known::Level(Level::Criticality(stated.criticality))),
            A::RetentionMax => number(stated.retention_max.as_ref()),
            A::LatencySla => number(stated.latency_sla.as_ref()),
            A::AvailabilityTarget => number(stated.availability_target.as_ref()),
            A::MinContext => number(stated.min_context.as_ref()),
            A::RegulatedOutput => Some(Known::Flag(stated.regulated_output)),
            A::Classification => Some(Known::Level(Level::Classification(self.context?.classification))),
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
        let (fact, value) = (&self.world.facts[id], self.context?.facts[id]);
        match fact.domain {
            FactDomain::Classifications => {
                let level = self.world.classifications.at(value.position());
                Some(Known::Level(Level::Classification(level)))
            }
            FactDomain::Own | FactDomain::Regions => Some(Known::Name(fact.symbols[value])),
        }
    }
}

/// Whether an attribute is a set of regions, which lie within each other.
pub(super) fn holds_regions(attribute: Attribute) -> bool {
    match attribute {
        Attribute::Request(attribute) => attribute == RequestAttribute::Residency,
        Attribute::Model(attribute) => {
            attribute == ModelAttribute::Regions || attribute == ModelAttribute::ProcessedIn
        }
        Attribute::Chain(_) | Attribute::Duty(_) => false,
    }
}

/// The regions where a model processes a request that may be processed in some: those it is pinned to, if it can be.
pub(super) fn place<'a>(world: &World, residency: Option<&Set>, model: &'a Model) -> Option<Cow<'a, Set>> {
    let all = model.regions.as_ref()?;
    let Some(residency) = residency.filter(|_| model.region_selectable == Some(true)) else {
        return Some(Cow::Borrowed(all));
    };
    Some(Cow::Owned(all.iter().filter(|region| world.regions.is_in(*region, residency)).collect()))
}

/// The sets that the registry states of a model.
#[derive(Clone, Copy)]
pub(super) enum ModelSet {
    Compliance,
    /// They lie within each other, so they are not looked up as other names are.
    Regions,
    Capabilities,
}

/// Which set of a model an attribute reads; none where it is no set.
pub(super) fn model_set(attribute: ModelAttribute) -> Option<ModelSet> {
    use ModelAttribute as A;
    match attribute {
        A::Compliance => Some(ModelSet::Compliance),
        A::Regions | A::ProcessedIn => Some(ModelSet::Regions),
        A::Capabilities => Some(ModelSet::Capabilities),
        A::Id | A::Provider | A::FailureDomain | A::Hosting | A::Jurisdiction | A::Lifecycle => None,
        A::Tier | A::Dpa | A::RegionSelectable => None,
        A::Ceiling | A::Retention | A::LatencyP50 | A::LatencyP95 | A::Availability => None,
        A::ContextWindow | A::Cost | A::InputCost | A::OutputCost => None,
        A::TrainsOnData | A::OpenWeights => None,
    }
}

fn set_of_model(model: &Model, attribute: ModelAttribute) -> Option<&Set> {
    match model_set(attribute)? {
        ModelSet::Compliance => model.compliance.as_ref(),
        ModelSet::Regions => model.regions.as_ref(),
        ModelSet::Capabilities => model.capabilities.as_ref(),
    }
}

/// A value of a model, its blended cost aside.
fn of_model(model: &Model, attribute: ModelAttribute) -> Option<Known<'_>> {
    use ModelAttribute as A;
    match attribute {
        A::Id => Some(Known::Name(model.symbol)),
        A::Provider => Some(Known::Name(model.provider_symbol)),
        A::FailureDomain => Some(Known::Name(model.failure_domain)),
        A::RegionSelectable => model.region_selectable.map(Known::Flag),
        A::Hosting => model.hosting.map(Known::Name),
        A::Jurisdiction => model.jurisdiction.map(Known::Name),
        A::Lifecycle => Some(Known::Name(model.lifecycle)),
        A::Tier => model.tier.map(Level::Tier).map(Known::Level),
        A::Dpa => model.dpa.map(Level::Dpa).map(Known::Level),
        A::Ceiling => Some(Known::Level(Level::Classification(model.ceiling))),
        A::TrainsOnData => model.trains_on_data.map(Known::Flag),
        A::OpenWeights => model.open_weights.map(Known::Flag),
        A::Retention | A::LatencyP50 | A::LatencyP95 | A::Availability => number(number_of(model, attribute)),
        A::ContextWindow | A::InputCost | A::OutputCost => number(number_of(model, attribute)),
        A::Cost | A::Compliance | A::Regions | A::ProcessedIn | A::Capabilities => None,
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
        A::Id | A::Provider | A::FailureDomain | A::Hosting | A::Jurisdiction | A::Lifecycle => None,
        A::Tier | A::Dpa | A::RegionSelectable => None,
        A::Ceiling | A::Compliance | A::Regions | A::ProcessedIn | A::Capabilities | A::Cost => None,
        A::TrainsOnData | A::OpenWeights => None,
    }
}

fn number(value: Option<&Rational>) -> Option<Known<'_>> {
    value.map(|value| Known::Number(Cow::Borrowed(value)))
}

/// How two values of one type stand; names and flags are equal or not.
fn order(a: &Known, b: &Known) -> Ordering {
    match (a, b) {
        (Known::Number(a), Known::Number(b)) => compare(a, b),
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
