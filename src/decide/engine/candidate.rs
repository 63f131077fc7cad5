//! Promises and `prefer where`: decided for all models at once.

use std::collections::HashMap;

use fixedbitset::FixedBitSet;

use super::atom::{Atoms, Reading};
use super::condition::reads;
use super::costs::Costs;
use super::index::{Index, SetIndex};

use super::scalar::{Bindings, Known, Members, ModelSet, accepts, holds_regions, model_set};
use super::tri::Tri;
use crate::model::attribute::{Attribute, ModelAttribute, Subject};
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::names::Set;
use crate::model::{Axis, Context, UseCase, World};
use crate::number::Rational;

/// An expression over a candidate, taken apart by what it depends on.
#[derive(Debug)]
pub(super) struct Candidate<'w> {
    part: Part<'w>,
    /// The axes of the context that it reads.
    pub(super) axes: Vec<Axis>,
    /// How it reads them.
    pub(super) readings: Vec<Reading>,
    /// Whether it reads where the request may be processed, or is.
    pub(super) places: bool,
}

#[derive(Debug)]
enum Part<'w> {
    /// Depends on the model alone.
    Fixed(Tri),
    /// Depends on the request alone.
    Request(&'w Node),
    /// The model's set covers the request's.
    Covers(Attribute, Attribute),
    /// The request's set covers the model's.
    Within(Attribute, Attribute),
    /// The model's set has a name of the request.
    Has(Attribute, &'w Term),
    /// A number of the model beside one of the request.
    Number(Attribute, CompareOp, &'w Term),
    /// Blended cost beside a rate.
    Cost(CompareOp, &'w Rational),
    /// Anything else: model by model.
    Each(&'w Node),
    All(Vec<Part<'w>>),
    Any(Vec<Part<'w>>),
    Not(Box<Part<'w>>),
}

/// For whom it is decided.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) world: &'a World,
    pub(super) index: &'a Index,
    pub(super) use_case: &'a UseCase,
    pub(super) costs: &'a Costs<'a>,
    pub(super) context: Option<&'a Context>,
    /// Where it may be processed; none is every region.
    pub(super) residency: Option<&'a Set>,
}

impl<'a> Asked<'a> {
    fn request(self) -> Bindings<'a> {
        let Asked { world, use_case, context, residency, .. } = self;
        Bindings { world, use_case, context, model: None, residency }
    }
}

/// What depends on the model alone, each part worked out once however many statements have it.
#[derive(Debug)]
pub(super) struct Parts<'w> {
    world: &'w World,
    known: HashMap<&'w Node, Tri>,
}

impl<'w> Candidate<'w> {
    pub(super) fn new(parts: &mut Parts<'w>, atoms: &mut Atoms, node: &'w Node) -> Self {
        let mut axes: Vec<Axis> = reads(node).iter().filter_map(|attribute| attribute.axis()).collect();
        axes.sort_unstable();
        axes.dedup();
        let places = reads(node).into_iter().any(Attribute::is_of_place);
        Self { part: parts.part(node), axes, readings: atoms.readings(node), places }
    }

    /// Of which models it is true and of which false.
    pub(super) fn tri(&self, asked: Asked) -> Tri {
        self.part.tri(asked)
    }

    /// The same where it depends on the model alone.
    pub(super) fn of_models(&self) -> Option<&Tri> {
        match &self.part {
            Part::Fixed(tri) => Some(tri),
            _ => None,
        }
    }
}

/// Whether an attribute is a set of names that are equal to themselves only.
fn is_plain_set(attribute: Attribute) -> bool {
    of_model(attribute) && !holds_regions(attribute)
}

fn of_model(attribute: Attribute) -> bool {
    attribute.subject() == Subject::Model
}

impl<'w> Parts<'w> {
    /// None is known yet.
    pub(super) fn new(world: &'w World) -> Self {
        Self { world, known: HashMap::new() }
    }

    /// The world whose models they speak of.
    pub(super) fn world(&self) -> &'w World {
        self.world
    }

    fn part(&mut self, node: &'w Node) -> Part<'w> {
        let reads = reads(node);
        if !reads.iter().any(|attribute| of_model(*attribute)) {
            return Part::Request(node);
        }
        // Blended cost depends on the volumes of the use case.
        if reads.iter().all(|attribute| {
            of_model(*attribute)
                && !attribute.is_of_place()
                && *attribute != Attribute::Model(ModelAttribute::Cost)
        }) && let Some(tri) = self.of_models(node)
        {
            return Part::Fixed(tri);
        }
        let mut parts = |nodes: &'w [Node]| nodes.iter().map(|node| self.part(node)).collect();
        match node {
            Node::And(nodes) => Part::All(parts(nodes)),
            Node::Or(nodes) => Part::Any(parts(nodes)),
            Node::Not(inner) => Part::Not(Box::new(self.part(inner))),
            Node::Covers(outer, inner) if is_plain_set(*outer) && !of_model(*inner) => {
                Part::Covers(*outer, *inner)
            }
            Node::Covers(outer, inner) if is_plain_set(*inner) && !of_model(*outer) => {
                Part::Within(*outer, *inner)
            }
            Node::Has(set, element) if is_plain_set(*set) => Part::Has(*set, element),
            Node::Compare(left, op, right) => compared(node, left, *op, right),
            _ => Part::Each(node),
        }
    }

    /// A node that depends on the model alone; none where there is no use case.
    fn of_models(&mut self, node: &'w Node) -> Option<Tri> {
        if let Some(known) = self.known.get(node) {
            return Some(known.clone());
        }
        let size = self.world.models.len();
        let tri = match node {
            Node::And(nodes) => self.joined(nodes, Tri::and, true)?,
            Node::Or(nodes) => self.joined(nodes, Tri::or, false)?,
            Node::Not(inner) => self.of_models(inner)?.not(),
            _ => {
                // Any use case will do: none is read.
                let request = Bindings::of(self.world, self.world.use_cases.first()?);
                Tri::each(size, |at| request.on(at).truth(node))
            }
        };
        self.known.insert(node, tri.clone());
        Some(tri)
    }

    fn joined(&mut self, nodes: &'w [Node], join: fn(&mut Tri, &Tri), neutral: bool) -> Option<Tri> {
        let mut all = Tri::same(self.world.models.len(), Some(neutral));
        for node in nodes {
            join(&mut all, &self.of_models(node)?);
        }
        Some(all)
    }
}

fn compared<'w>(node: &'w Node, left: &'w Term, op: CompareOp, right: &'w Term) -> Part<'w> {
    let model = |term: &Term| match term {
        Term::Attribute(attribute) => of_model(*attribute).then_some(*attribute),
        Term::Value(_) => None,
    };
    let (attribute, op, other) = match (model(left), model(right)) {
        (Some(attribute), None) => (attribute, op, right),
        (None, Some(attribute)) => (attribute, op.swapped(), left),
        _ => return Part::Each(node),
    };
    if attribute != Attribute::Model(ModelAttribute::Cost) {
        return Part::Number(attribute, op, other);
    }
    match other {
        Term::Value(Value::Number(rate)) => Part::Cost(op, rate),
        Term::Value(_) | Term::Attribute(_) => Part::Each(node),
    }
}

impl Part<'_> {
    fn tri(&self, asked: Asked) -> Tri {
        let index = asked.index;
        let request = asked.request();
        let unknown = || Tri::same(index.size, None);
        match self {
            Self::Fixed(tri) => tri.clone(),
            Self::Request(node) => Tri::same(index.size, request.truth(node)),
            Self::Covers(model, of_request) => {
                let (Some(sets), Some(Members::Of(wanted))) = (sets(index, *model), request.set(*of_request))
                else {
                    return unknown();
                };
                if wanted.is_empty() {
                    return Tri::same(index.size, Some(true));
                }
                Tri::known(sets.covering(&wanted, &sets.known), &sets.known)
            }
            Self::Within(of_request, model) => {
                let (Some(sets), Some(Members::Of(outer))) = (sets(index, *model), request.set(*of_request))
                else {
                    return unknown();
                };
                Tri::known(sets.only(|name| outer.has(name)), &sets.known)
            }
            Self::Has(model, element) => match (sets(index, *model), request.term(element)) {
                (Some(sets), Some(Known::Name(symbol))) => {
                    Tri::known(sets.having(symbol).clone(), &sets.known)
                }
                _ => unknown(),
            },
            Self::Number(attribute, op, other) => number(asked, *attribute, *op, other),
            Self::Cost(op, rate) => asked.costs.compared(rate, *op),
            Self::Each(node) => Tri::each(index.size, |at| request.on(at).truth(node)),
            Self::Not(inner) => inner.tri(asked).not(),
            Self::All(parts) => joined(parts, asked, Tri::and, true),
            Self::Any(parts) => joined(parts, asked, Tri::or, false),
        }
    }
}

/// A model's number, or level, beside one of the request.
fn number(asked: Asked, attribute: Attribute, op: CompareOp, other: &Term) -> Tri {
    let index = asked.index;
    let request = asked.request();
    let Some(other) = request.term(other) else { return Tri::same(index.size, None) };
    let ranks = match attribute {
        Attribute::Model(attribute) => index.numbers(attribute),
        Attribute::Request(_) | Attribute::Chain(_) | Attribute::Duty(_) => None,
    };
    if let (Some(ranks), Known::Number(number)) = (ranks, &other) {
        let against = ranks.against(number);
        let mut yes = FixedBitSet::with_capacity(index.size);
        let accepted = |rank: &u32| against(*rank).is_some_and(|order| accepts(op, order));
        yes.extend(ranks.of.iter().enumerate().filter(|(_, rank)| accepted(rank)).map(|(id, _)| id));
        return Tri::known(yes, &ranks.known);
    }
    Tri::each(index.size, |at| request.on(at).compare(attribute, op, &other))
}

fn joined(parts: &[Part], asked: Asked, join: fn(&mut Tri, &Tri), neutral: bool) -> Tri {
    let mut parts = parts.iter();
    let Some(first) = parts.next() else { return Tri::same(asked.index.size, Some(neutral)) };
    let mut all = first.tri(asked);
    for part in parts {
        join(&mut all, &part.tri(asked));
    }
    all
}

/// Who has which names of a set; none where it is of regions or no set of models.
fn sets(index: &Index, attribute: Attribute) -> Option<&SetIndex> {
    let set = match attribute {
        Attribute::Model(attribute) => model_set(attribute)?,
        Attribute::Request(_) | Attribute::Chain(_) | Attribute::Duty(_) => return None,
    };
    match set {
        ModelSet::Compliance => Some(&index.compliance),
        ModelSet::Capabilities => Some(&index.capabilities),
        ModelSet::Regions => None,
    }
}
