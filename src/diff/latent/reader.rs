//! What a clause says, as it is held against others: in names of the new side, and of one use case where that is asked.

use std::collections::BTreeSet;

use super::part::{Among, Amount, Part};
use super::promises::{ClauseSaid, places};
use crate::decide::engine;
use crate::diff::conditions;
use crate::diff::rename::Names;
use crate::model::attribute::{Attribute, Level, Order, RequestAttribute, Type};
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::names::{Set, Symbol};
use crate::model::{Context, Expr, FactDomain, FactId, UseCase, World};
use crate::number::{Rational, exact};

/// What is promised, in names of the new side.
pub(super) enum Said {
    /// A condition that is this of everybody who serves: true by `require` and `always`, false by `forbid` and `never`.
    Holds(Part, bool),
    /// `process in`: one of these places.
    Places(BTreeSet<String>),
}

/// Reads the promises of one side.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    world: &'a World,
    /// The names that things have on the new side.
    names: Option<&'a Names>,
    /// Whether both sides have the same classifications, in the same order.
    same_classifications: bool,
    /// Whose promises they are, where what it states is taken for what they read of it.
    request: Option<Stating<'a>>,
}

/// A use case, and one of its contexts where that is known.
#[derive(Clone, Copy)]
struct Stating<'a> {
    use_case: &'a UseCase,
    context: Option<&'a Context>,
}

/// Who reads the promises of the old world and of the new one.
pub(super) fn readers<'a>(old: &'a World, new: &'a World, names: &'a Names) -> (Reader<'a>, Reader<'a>) {
    let same_classifications = old.classifications == new.classifications;
    let reader = |world, names| Reader { world, names, same_classifications, request: None };
    (reader(old, Some(names)), reader(new, None))
}

/// What a clause reads of what use cases state, and not of what a context says.
pub(super) fn read_of_use_cases(clause: ClauseSaid) -> Vec<RequestAttribute> {
    let reads = expression(clause).into_iter().flat_map(|expr| &expr.reads);
    reads.filter_map(|(attribute, _)| of_use_case(*attribute)).collect()
}

/// What a clause is read of.
pub(super) fn expression(clause: ClauseSaid<'_>) -> Option<&Expr> {
    match clause {
        ClauseSaid::True(expr) | ClauseSaid::False(expr) => Some(expr),
        ClauseSaid::Places(_) => None,
    }
}

/// What of a request an attribute reads; none of what a model decides.
fn of_request(attribute: Attribute) -> Option<RequestAttribute> {
    match attribute {
        Attribute::Request(read) => Some(read),
        Attribute::Model(_) | Attribute::Chain(_) | Attribute::Duty(_) => None,
    }
}

/// What of a use case an attribute reads; none of what a context decides, or a model.
fn of_use_case(attribute: Attribute) -> Option<RequestAttribute> {
    match attribute {
        Attribute::Request(read) if read.axis().is_none() => Some(read),
        Attribute::Request(_) | Attribute::Model(_) | Attribute::Chain(_) | Attribute::Duty(_) => None,
    }
}

/// What a use case states.
enum Stated<'a> {
    Nothing,
    Number(&'a Rational),
    Level(Level),
    Name(Symbol),
    Flag(bool),
    Set(&'a Set),
}

impl<'a> Stated<'a> {
    fn of(world: &World, Stating { use_case, context }: Stating<'a>, read: RequestAttribute) -> Self {
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
}

impl<'a> Reader<'a> {
    /// The same of one use case: what it states stands for what clauses read of it.
    pub(super) fn of(self, use_case: &'a UseCase) -> Self {
        Self { request: Some(Stating { use_case, context: None }), ..self }
    }

    /// The same of a request for it.
    pub(super) fn at(self, use_case: &'a UseCase, context: &'a Context) -> Self {
        Self { request: Some(Stating { use_case, context: Some(context) }), ..self }
    }

    /// What a request states of some attributes, as one text.
    pub(super) fn values(&self, reads: &[RequestAttribute]) -> String {
        let Some(request) = self.request else { return String::new() };
        let values = reads.iter().map(|read| self.value(&Stated::of(self.world, request, *read)));
        values.collect::<Vec<String>>().join("\u{1f}")
    }

    pub(super) fn said(&self, clause: ClauseSaid) -> Said {
        match clause {
            ClauseSaid::True(expr) => Said::Holds(self.part(&expr.root), true),
            ClauseSaid::False(expr) => Said::Holds(self.part(&expr.root), false),
            ClauseSaid::Places(clause) => {
                Said::Places(places(self.world, clause).map(|name| self.renamed(name)).collect())
            }
        }
    }

    /// For which requests something is said: for all, where there is no condition.
    pub(super) fn condition(&self, when: Option<&Expr>) -> Part {
        when.map_or(Part::Known(Some(true)), |when| self.part(&when.root))
    }

    fn part(&self, node: &Node) -> Part {
        match node {
            Node::And(parts) => Part::And(parts.iter().map(|part| self.part(part)).collect()),
            Node::Or(parts) => Part::Or(parts.iter().map(|part| self.part(part)).collect()),
            Node::Not(part) => Part::Not(Box::new(self.part(part))),
            Node::Const(value) => Part::Known(Some(*value)),
            Node::Is(_)
            | Node::Compare(..)
            | Node::In(..)
            | Node::Within(..)
            | Node::Has(..)
            | Node::Covers(..) => match self.request {
                Some(request) => self.stated(node, request),
                None => self.written(node),
            },
        }
    }

    /// A comparison as it is written.
    fn written(&self, node: &Node) -> Part {
        match node {
            Node::Compare(Term::Attribute(left), op, right @ Term::Value(value)) => {
                self.compared(*left, *op, self.term(right, Some(left.type_of(&self.world.facts))), value)
            }
            Node::In(Term::Attribute(left), items) => self.among(*left, Among::In, items),
            Node::Within(Term::Attribute(left), items) => self.among(*left, Among::Within, items),
            _ => Part::Other(self.text(node)),
        }
    }

    /// A comparison with what a use case states in place of what it reads of it.
    fn stated(&self, node: &Node, request: Stating) -> Part {
        let read = attributes(node);
        let known = |attribute: &Attribute| match request.context {
            Some(_) => of_request(*attribute),
            None => of_use_case(*attribute),
        };
        let own: Vec<RequestAttribute> = read.iter().filter_map(known).collect();
        if own.is_empty() {
            return self.written(node);
        }
        if own.len() == read.len() {
            let Stating { use_case, context } = request;
            return Part::Known(engine::of_request(self.world, use_case, context, node));
        }
        let of = |attribute: &Attribute| known(attribute).map(|read| Stated::of(self.world, request, read));
        let part = match node {
            Node::Compare(Term::Attribute(left), op, Term::Attribute(right)) => match (of(left), of(right)) {
                (None, Some(stated)) => self.held(*left, *op, &stated),
                (Some(stated), None) => self.held(*right, op.swapped(), &stated),
                _ => None,
            },
            Node::Has(set, Term::Attribute(item)) => match of(item) {
                Some(Stated::Name(symbol)) => Some(self.has(*set, symbol)),
                Some(Stated::Nothing) => Some(Part::Known(None)),
                _ => None,
            },
            Node::Covers(outer, inner) => match (of(outer), of(inner)) {
                (None, Some(Stated::Set(set))) => Some(self.covers(*outer, set)),
                (Some(Stated::Set(set)), None) => Some(self.covered(*inner, set)),
                _ => None,
            },
            _ => None,
        };
        part.unwrap_or_else(|| {
            let values = own.iter().map(|read| self.value(&Stated::of(self.world, request, *read)));
            Part::Other(format!("{} where {}", self.text(node), values.collect::<Vec<_>>().join("; ")))
        })
    }

    /// An attribute held against what a use case states; none where that is no single value.
    fn held(&self, left: Attribute, op: CompareOp, stated: &Stated) -> Option<Part> {
        let value = match stated {
            Stated::Nothing => return Some(Part::Known(None)),
            Stated::Number(number) => Value::Number((*number).clone()),
            Stated::Level(level) => Value::Level(*level),
            Stated::Name(symbol) => Value::Symbol(*symbol),
            Stated::Flag(flag) => Value::Bool(*flag),
            Stated::Set(_) => return None,
        };
        let of = left.type_of(&self.world.facts);
        let text = self.term(&Term::Value(value.clone()), Some(of));
        Some(self.compared(left, op, text, &value))
    }

    fn compared(&self, left: Attribute, op: CompareOp, text: String, value: &Value) -> Part {
        let of = self.term(&Term::Attribute(left), None);
        let one = |text| Part::Among(of.clone(), Among::In, BTreeSet::from([text]));
        match op {
            CompareOp::Eq => one(text),
            CompareOp::Ne => Part::Not(Box::new(one(text))),
            CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => {
                match self.amount(value, left.type_of(&self.world.facts)) {
                    Some(amount) => Part::Bound(of, op, amount),
                    None => Part::Other(format!("{of} {op:?} {text}")),
                }
            }
        }
    }

    fn among(&self, left: Attribute, how: Among, items: &[Term]) -> Part {
        let of = Some(left.type_of(&self.world.facts));
        let items = items.iter().map(|item| self.term(item, of)).collect();
        Part::Among(self.term(&Term::Attribute(left), None), how, items)
    }

    /// That a set of a model has something.
    fn has(&self, set: Attribute, item: Symbol) -> Part {
        Part::Other(self.text(&Node::Has(set, Term::Value(Value::Symbol(item)))))
    }

    /// That a set of a model covers one that a use case states.
    fn covers(&self, outer: Attribute, set: &Set) -> Part {
        let outer = self.term(&Term::Attribute(outer), None);
        let names = self.world.names.sorted(set).into_iter();
        Part::And(
            names.map(|name| Part::Other(format!("{outer} covers {}", conditions::quoted(&name)))).collect(),
        )
    }

    /// That one that a use case states covers a set of a model: no place stated is every place.
    fn covered(&self, inner: Attribute, set: &Set) -> Part {
        let inner = self.term(&Term::Attribute(inner), None);
        let names: BTreeSet<String> = self.world.names.sorted(set).into_iter().collect();
        Part::Among(format!("{inner} covered"), Among::Within, names)
    }

    fn value(&self, stated: &Stated) -> String {
        match stated {
            Stated::Nothing => String::new(),
            Stated::Number(number) => exact(number),
            Stated::Level(level) => level.name(&self.world.classifications).to_owned(),
            Stated::Name(symbol) => conditions::quoted(self.world.names.name(*symbol)),
            Stated::Flag(flag) => flag.to_string(),
            Stated::Set(set) => {
                let names = self.world.names.sorted(set);
                names.iter().map(|name| conditions::quoted(name)).collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn amount(&self, value: &Value, of: Type) -> Option<Amount> {
        match (value, of) {
            (Value::Number(number), _) => Some(Amount::Number(number.clone())),
            (Value::Level(_), Type::Ordered(Order::Classification)) if !self.same_classifications => None,
            (Value::Level(at), Type::Ordered(_)) => Some(Amount::Level(*at)),
            _ => None,
        }
    }

    fn term(&self, term: &Term, of: Option<Type>) -> String {
        self.renamed(conditions::term(self.world, term, of))
    }

    fn text(&self, node: &Node) -> String {
        self.renamed(conditions::node(self.world, node))
    }

    fn renamed(&self, text: String) -> String {
        match self.names {
            Some(names) => conditions::renamed(&text, names),
            None => text,
        }
    }
}

/// The attributes that a comparison reads.
fn attributes(node: &Node) -> Vec<Attribute> {
    let of = |term: &Term| match term {
        Term::Attribute(attribute) => Some(*attribute),
        Term::Value(_) => None,
    };
    match node {
        Node::Is(attribute) => vec![*attribute],
        Node::Compare(left, _, right) => [left, right].into_iter().filter_map(of).collect(),
        Node::In(left, items) | Node::Within(left, items) => {
            std::iter::once(left).chain(items.iter()).filter_map(of).collect()
        }
        Node::Has(set, item) => std::iter::once(*set).chain(of(item)).collect(),
        Node::Covers(outer, inner) => vec![*outer, *inner],
        Node::Const(_) | Node::And(_) | Node::Or(_) | Node::Not(_) => Vec::new(),
    }
}

impl Said {
    /// Whether it says nothing of anybody.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Holds(part, value) => part.always(*value),
            Self::Places(_) => false,
        }
    }

    pub(super) fn size(&self) -> usize {
        match self {
            Self::Holds(part, _) => part.size(),
            Self::Places(places) => places.len().max(1),
        }
    }

    /// Whether whoever holds to this holds to another promise.
    pub(super) fn keeps(&self, other: &Said) -> bool {
        match (self, other) {
            (Self::Holds(own, value), Self::Holds(other, wanted)) => {
                value == wanted && own.implies(other, *value)
            }
            (Self::Places(own), Self::Places(other)) => own.is_subset(other),
            _ => false,
        }
    }
}
