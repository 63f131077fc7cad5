//! `when` and `for`: decided once for a use case, in all contexts at once.

use fixedbitset::FixedBitSet;

use super::scalar::Request;
use super::tri::Tri;
use crate::model::attribute::Attribute;
use crate::model::expr::{Node, Term};
use crate::model::{Context, Expr, UseCase, World};

/// The contexts in which a condition is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// None.
    Never,
    /// All.
    Always,
    /// These, by position in [`super::Engine::contexts`].
    In(FixedBitSet),
}

impl Held {
    /// Whether it is true in a context.
    pub fn at(&self, context: usize) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::In(contexts) => contexts.contains(context),
        }
    }

    /// Whether it is true in some context of a range.
    pub fn somewhere(&self, range: std::ops::Range<usize>) -> bool {
        match self {
            Self::Never => false,
            Self::Always => !range.is_empty(),
            Self::In(contexts) => contexts.contains_any_in_range(range),
        }
    }
}

/// A condition, taken apart by what it depends on.
#[derive(Debug)]
pub(super) enum Condition<'w> {
    /// No condition.
    Always,
    /// A written one.
    When(Part<'w>),
}

/// A part of a condition.
#[derive(Debug)]
pub(super) enum Part<'w> {
    /// Depends on the use case alone.
    UseCase(&'w Node),
    /// Depends on the context alone: known before any use case is.
    Context(Tri),
    /// Compares one with the other.
    Both(&'w Node),
    All(Vec<Part<'w>>),
    Any(Vec<Part<'w>>),
    Not(Box<Part<'w>>),
}

/// What a part is for one use case.
enum Truth {
    Same(Option<bool>),
    Varies(Tri),
}

/// The attributes that a node reads.
pub(super) fn reads(node: &Node) -> Vec<Attribute> {
    let mut found = Vec::new();
    let term = |term: &Term, found: &mut Vec<Attribute>| {
        if let Term::Attribute(attribute) = term {
            found.push(*attribute);
        }
    };
    node.walk(&mut |node| match node {
        Node::Is(attribute) => found.push(*attribute),
        Node::Compare(left, _, right) => {
            term(left, &mut found);
            term(right, &mut found);
        }
        Node::In(left, items) => {
            term(left, &mut found);
            for item in items {
                term(item, &mut found);
            }
        }
        Node::Has(set, element) => {
            found.push(*set);
            term(element, &mut found);
        }
        Node::Covers(outer, inner) => found.extend([*outer, *inner]),
        Node::Const(_) | Node::And(_) | Node::Or(_) | Node::Not(_) => {}
    });
    found
}

impl<'w> Condition<'w> {
    pub(super) fn new(world: &'w World, contexts: &[Context], when: Option<&'w Expr>) -> Self {
        // Any use case will do: what is worked out here reads none.
        match (when, world.use_cases.first()) {
            (Some(expr), Some(any)) => Self::When(part(world, contexts, any, &expr.root)),
            _ => Self::Always,
        }
    }

    /// Where it is true for a use case.
    pub(super) fn held(&self, world: &World, contexts: &[Context], use_case: &UseCase) -> Held {
        let Self::When(part) = self else { return Held::Always };
        match part.truth(world, contexts, use_case) {
            Truth::Same(Some(true)) => Held::Always,
            Truth::Same(_) => Held::Never,
            Truth::Varies(tri) => Held::In(tri.yes),
        }
    }
}

fn part<'w>(world: &'w World, contexts: &[Context], any: &UseCase, node: &'w Node) -> Part<'w> {
    let reads = reads(node);
    if !reads.iter().any(|attribute| attribute.is_of_context()) {
        return Part::UseCase(node);
    }
    if reads.iter().all(|attribute| attribute.is_of_context()) {
        return Part::Context(in_each(world, contexts, any, node));
    }
    let parts = |nodes: &'w [Node]| nodes.iter().map(|node| part(world, contexts, any, node)).collect();
    match node {
        Node::And(nodes) => Part::All(parts(nodes)),
        Node::Or(nodes) => Part::Any(parts(nodes)),
        Node::Not(inner) => Part::Not(Box::new(part(world, contexts, any, inner))),
        _ => Part::Both(node),
    }
}

fn in_each(world: &World, contexts: &[Context], use_case: &UseCase, node: &Node) -> Tri {
    let request = Request { world, use_case, context: None, model: None };
    Tri::each(contexts.len(), |at| Request { context: contexts.get(at), ..request }.truth(node))
}

impl Part<'_> {
    fn truth(&self, world: &World, contexts: &[Context], use_case: &UseCase) -> Truth {
        match self {
            Self::UseCase(node) => {
                Truth::Same(Request { world, use_case, context: None, model: None }.truth(node))
            }
            Self::Context(tri) => Truth::Varies(tri.clone()),
            Self::Both(node) => Truth::Varies(in_each(world, contexts, use_case, node)),
            Self::Not(inner) => match inner.truth(world, contexts, use_case) {
                Truth::Same(value) => Truth::Same(value.map(|value| !value)),
                Truth::Varies(tri) => Truth::Varies(tri.not()),
            },
            Self::All(parts) => joined(parts, false, world, contexts, use_case),
            Self::Any(parts) => joined(parts, true, world, contexts, use_case),
        }
    }
}

/// `and` (where false decides) or `or` (where true does).
fn joined(parts: &[Part], decisive: bool, world: &World, contexts: &[Context], use_case: &UseCase) -> Truth {
    let mut varying: Option<Tri> = None;
    let mut unknown = false;
    for part in parts {
        match part.truth(world, contexts, use_case) {
            Truth::Same(Some(value)) if value == decisive => return Truth::Same(Some(decisive)),
            Truth::Same(Some(_)) => {}
            Truth::Same(None) => unknown = true,
            Truth::Varies(tri) => match &mut varying {
                None => varying = Some(tri),
                Some(so_far) if decisive => so_far.or(&tri),
                Some(so_far) => so_far.and(&tri),
            },
        }
    }
    match (varying, unknown) {
        (None, true) => Truth::Same(None),
        (None, false) => Truth::Same(Some(!decisive)),
        (Some(tri), false) => Truth::Varies(tri),
        (Some(mut tri), true) => {
            // Unknown beside it: only what decides alone is left.
            if decisive {
                tri.no.clear();
            } else {
                tri.yes.clear();
            }
            Truth::Varies(tri)
        }
    }
}
