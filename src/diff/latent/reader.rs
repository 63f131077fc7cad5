//! What a clause says, as it is held against others: in names of the new side, and of one use case where that is asked.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::part::{Among, Domain, Part};
use super::promises::{ClauseSaid, places};
use super::stated::{self, Stated};
use crate::decide::engine::{Bindings, Known, Members};
use crate::diff::conditions;
use crate::diff::rename::Names;
use crate::limits::effort;
use crate::model::attribute::{Attribute, Level, Order, RequestAttribute, Type};
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::names::{Set, Symbol};
use crate::model::{Context, Expr, UseCase, World};
use crate::number::whole;

/// What is promised, in names of the new side.
pub(super) enum Said {
    /// A condition that is true of everybody who serves: by `forbid` and `never` the contrary of what is written.
    Holds(Part),
    /// `process in`: one of these places.
    Places(BTreeSet<String>),
}

/// Reads the promises of one side.
#[derive(Clone)]
pub(super) struct Reader<'a> {
    world: &'a World,
    /// The names that things have on the new side.
    names: Option<&'a Names>,
    /// Whether both sides have the same classifications, in the same order.
    same_classifications: bool,
    /// What always has one of some values.
    domains: Rc<[Domain]>,
    /// Whose promises they are, where what it states is taken for what they read of it.
    request: Option<Bindings<'a>>,
}

/// Who reads the promises of the old world and of the new one.
pub(super) fn readers<'a>(old: &'a World, new: &'a World, names: &'a Names) -> (Reader<'a>, Reader<'a>) {
    let same_classifications = old.classifications == new.classifications;
    let reader = |world, names| {
        let bare = Reader { world, names, same_classifications, domains: Rc::default(), request: None };
        let domains = bare.own_domains().into();
        Reader { domains, ..bare }
    };
    (reader(old, Some(names)), reader(new, None))
}

/// What has the same values on both sides, and always one of them.
pub(super) fn shared(old: &Reader, new: &Reader) -> Vec<Domain> {
    let known: HashMap<&str, &Domain> = new.domains.iter().map(|one| (one.of.as_str(), one)).collect();
    let same = |one: &&Domain| known.get(one.of.as_str()).is_some_and(|other| other.values == one.values);
    old.domains.iter().filter(same).cloned().collect()
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

impl<'a> Reader<'a> {
    /// What always has one of some values, each of them in words.
    fn own_domains(&self) -> Vec<Domain> {
        let classification = Attribute::Request(RequestAttribute::Classification);
        let facts = self.world.facts.ids().map(Attribute::fact);
        let all = facts.chain(self.same_classifications.then_some(classification));
        // Of what has many values no list is made: each condition that excludes one would hold all others.
        let is_few = |attribute: &Attribute| match attribute {
            Attribute::Request(RequestAttribute::Fact(id)) => {
                self.world.facts[*id].values.len() <= effort::DOMAIN_VALUES
            }
            _ => self.world.classifications.len() <= effort::DOMAIN_VALUES,
        };
        let domain = |attribute: Attribute| {
            let of = attribute.type_of(&self.world.facts);
            let values: BTreeSet<String> = match attribute {
                Attribute::Request(RequestAttribute::Fact(id)) if !matches!(of, Type::Ordered(_)) => {
                    let symbols = self.world.facts[id].symbols.iter();
                    symbols.map(|one| self.term(&Term::Value(Value::Symbol(*one)), Some(of))).collect()
                }
                _ => {
                    let levels = self.levels(Order::Classification).unwrap_or_default().into_iter();
                    levels.map(|one| self.term(&Term::Value(Value::Level(one)), Some(of))).collect()
                }
            };
            Domain { of: self.term(&Term::Attribute(attribute), None), values }
        };
        all.filter(is_few).map(domain).filter(|domain| !domain.values.is_empty()).collect()
    }

    /// The same of one use case: what it states stands for what clauses read of it.
    pub(super) fn of(&self, use_case: &'a UseCase) -> Self {
        Self { request: Some(Bindings::of(self.world, use_case)), ..self.clone() }
    }

    /// The same of a request for it.
    pub(super) fn at(&self, use_case: &'a UseCase, context: &'a Context) -> Self {
        Self { request: Some(Bindings::of(self.world, use_case).within(context)), ..self.clone() }
    }

    /// What the request states of some attributes, as one text.
    pub(super) fn values(&self, reads: &[RequestAttribute]) -> String {
        self.request
            .map(|request| stated::values(self.world, request, reads.iter().copied()))
            .unwrap_or_default()
    }

    pub(super) fn said(&self, clause: ClauseSaid) -> Said {
        match clause {
            ClauseSaid::True(expr) => Said::Holds(self.part(&expr.root, true)),
            ClauseSaid::False(expr) => Said::Holds(self.part(&expr.root, false)),
            ClauseSaid::Places(clause) => {
                Said::Places(places(self.world, clause).map(|name| self.renamed(name)).collect())
            }
        }
    }

    /// For which requests something is said: for all, where there is no condition.
    pub(super) fn condition(&self, when: Option<&Expr>) -> Part {
        when.map_or(Part::Known(Some(true)), |when| self.part(&when.root, true))
    }

    /// That a condition is true, or that it is false.
    fn part(&self, node: &Node, value: bool) -> Part {
        let all = |parts: &[Node]| parts.iter().map(|part| self.part(part, value)).collect();
        match (node, value) {
            (Node::And(parts), true) | (Node::Or(parts), false) => Part::And(all(parts)),
            (Node::Or(parts), true) | (Node::And(parts), false) => Part::Or(all(parts)),
            (Node::Not(part), _) => self.part(part, !value),
            (Node::Const(known), _) => Part::Known(Some(*known == value)),
            (
                Node::Is(_)
                | Node::Compare(..)
                | Node::In(..)
                | Node::Within(..)
                | Node::Has(..)
                | Node::Covers(..),
                _,
            ) => {
                let part = match self.request {
                    Some(request) => self.stated(node, request),
                    None => self.written(node),
                };
                if value { part } else { self.contrary(part) }
            }
        }
    }

    /// That a comparison is false: of what always has one of few values, that it has another one.
    fn contrary(&self, part: Part) -> Part {
        let Part::Among(of, Among::In, items) = &part else { return part.negated() };
        match self.domains.iter().find(|domain| domain.of == *of) {
            Some(domain) => {
                let others = domain.values.difference(items).cloned();
                Part::Among(of.clone(), Among::In, others.collect())
            }
            None => part.negated(),
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
    fn stated(&self, node: &Node, request: Bindings) -> Part {
        let read = attributes(node);
        let known = |attribute: &Attribute| {
            if request.has_context() { of_request(*attribute) } else { of_use_case(*attribute) }
        };
        let own: Vec<RequestAttribute> = read.iter().filter_map(known).collect();
        if own.is_empty() {
            return self.written(node);
        }
        if own.len() == read.len() {
            return Part::Known(request.truth(node));
        }
        let of = |attribute: &Attribute| known(attribute).map(|read| Stated::of(request, read));
        let part = match node {
            Node::Compare(Term::Attribute(left), op, Term::Attribute(right)) => match (of(left), of(right)) {
                (None, Some(stated)) => self.held(*left, *op, &stated),
                (Some(stated), None) => self.held(*right, op.swapped(), &stated),
                _ => None,
            },
            Node::Has(set, Term::Attribute(item)) => match of(item) {
                Some(Stated::One(Known::Name(symbol))) => Some(self.has(*set, symbol)),
                Some(Stated::Nothing) => Some(Part::Known(None)),
                _ => None,
            },
            Node::Covers(outer, inner) => match (of(outer), of(inner)) {
                (None, Some(Stated::Several(Members::Of(set)))) => Some(self.covers(*outer, &set)),
                (Some(Stated::Several(Members::Of(set))), None) => Some(self.covered(*inner, &set)),
                (Some(Stated::Several(Members::Every)), None) => Some(Part::Known(Some(true))),
                _ => None,
            },
            _ => None,
        };
        part.unwrap_or_else(|| {
            let values = own.iter().map(|read| Stated::of(request, *read).words(self.world));
            Part::Other(format!("{} where {}", self.text(node), values.collect::<Vec<_>>().join("; ")))
        })
    }

    /// An attribute held against what a use case states; none where that is no single value.
    fn held(&self, left: Attribute, op: CompareOp, stated: &Stated) -> Option<Part> {
        let value = match stated {
            Stated::Nothing => return Some(Part::Known(None)),
            Stated::One(Known::Number(number)) => Value::Number(number.clone().into_owned()),
            Stated::One(Known::Level(level)) => Value::Level(*level),
            Stated::One(Known::Name(symbol)) => Value::Symbol(*symbol),
            Stated::One(Known::Flag(flag)) => Value::Bool(*flag),
            Stated::Several(_) => return None,
        };
        let of = left.type_of(&self.world.facts);
        let text = self.term(&Term::Value(value.clone()), Some(of));
        Some(self.compared(left, op, text, &value))
    }

    fn compared(&self, left: Attribute, op: CompareOp, text: String, value: &Value) -> Part {
        let of = self.term(&Term::Attribute(left), None);
        let of_type = left.type_of(&self.world.facts);
        let one = |text| Part::Among(of.clone(), Among::In, BTreeSet::from([text]));
        match op {
            CompareOp::Eq => one(text),
            CompareOp::Ne => self.contrary(one(text)),
            CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => {
                if let (Value::Level(level), Type::Ordered(order)) = (value, of_type)
                    && let Some(levels) = self.levels(order)
                {
                    let is_there = |known: &&Level| op.holds(known.cmp(&level));
                    let items = levels
                        .iter()
                        .filter(is_there)
                        .map(|known| self.term(&Term::Value(Value::Level(*known)), Some(of_type)));
                    return Part::Among(of, Among::In, items.collect());
                }
                match (value, of_type) {
                    (Value::Number(number), _) => Part::Bound(of, op, number.clone()),
                    (Value::Level(Level::Classification(level)), _) if self.same_classifications => {
                        Part::Bound(of, op, whole(level.position() as u64))
                    }
                    _ => Part::Other(format!("{of} {op:?} {text}")),
                }
            }
        }
    }

    /// The levels of an order; none where both sides have other ones, or many.
    fn levels(&self, order: Order) -> Option<Vec<Level>> {
        let classifications = &self.world.classifications;
        let is_listed = self.same_classifications && classifications.len() <= effort::DOMAIN_VALUES;
        if order == Order::Classification && !is_listed {
            return None;
        }
        let names = order.levels(classifications).into_iter();
        Some(names.filter_map(|name| Level::parse(order, name, classifications)).collect())
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

    /// That one that a use case states covers a set of a model.
    fn covered(&self, inner: Attribute, set: &Set) -> Part {
        let inner = self.term(&Term::Attribute(inner), None);
        let names: BTreeSet<String> = self.world.names.sorted(set).into_iter().collect();
        Part::Among(format!("{inner} covered"), Among::Within, names)
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
            Self::Holds(part) => part.always(true),
            Self::Places(_) => false,
        }
    }

    pub(super) fn size(&self) -> usize {
        match self {
            Self::Holds(part) => part.size(),
            Self::Places(places) => places.len().max(1),
        }
    }

    /// Whether whoever holds to this holds to another promise.
    pub(super) fn keeps(&self, other: &Said) -> bool {
        match (self, other) {
            (Self::Holds(own), Self::Holds(other)) => own.implies(other, true),
            (Self::Places(own), Self::Places(other)) => own.is_subset(other),
            _ => false,
        }
    }
}
