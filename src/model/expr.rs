//! Typed expressions: every name resolved, every comparison of one type.

use std::sync::Arc;

use super::attribute::{Attribute, Level};
use super::names::Symbol;
use crate::number::Rational;
use crate::source::Span;
pub use crate::syntax::tree::CompareOp;

/// A typed expression and what it reads.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What is evaluated: a tree whose leaves are comparisons.
    pub root: Node,
    /// Where it is written.
    pub span: Span,
    /// Where the parts of its outermost `and` or `or` are written, in order; none where it is neither.
    pub parts: Vec<Span>,
    /// The attributes it reads, each with its first place, in the order read.
    pub reads: Vec<(Attribute, Span)>,
}

impl Expr {
    /// Whether it reads the request and nothing else, and what of a model has the name of something that it reads; none
    /// where it reads anything else.
    pub fn of_request_alone(&self) -> Option<Option<Attribute>> {
        let is_request = |(read, _): &(Attribute, Span)| matches!(read, Attribute::Request(_));
        let of_model = |(read, _): &(Attribute, Span)| Attribute::named(&format!("model.{}", read.name()));
        self.reads.iter().all(is_request).then(|| self.reads.iter().find_map(of_model))
    }
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// `true`, `false`.
    Const(bool),
    /// True where every part is.
    And(Vec<Node>),
    /// True where some part is.
    Or(Vec<Node>),
    /// Unknown stays unknown.
    Not(Box<Node>),
    /// A boolean attribute alone.
    Is(Attribute),
    /// A comparison of two terms of one type.
    Compare(Term, CompareOp, Term),
    /// Equal to one of the items.
    In(Term, Items),
    /// A region that lies within one of the items.
    Within(Term, Items),
    /// The set has the element: of regions, one that lies within it.
    Has(Attribute, Term),
    /// The first set has every element of the second: of regions, one that it lies within.
    Covers(Attribute, Attribute),
}

/// What a term is held against. A pattern stands for thousands of names in hundreds of statements.
pub type Items = Arc<[Term]>;

/// An attribute or a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Term {
    /// Read at run time.
    Attribute(Attribute),
    /// What the policy states: the same in every context.
    Value(Value),
}

/// A value as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// A name of a vocabulary, interned.
    Symbol(Symbol),
    /// Of an order.
    Level(Level),
    /// A number, percent, duration (seconds), rate (US dollars per 1M tokens) or multiplier.
    Number(Rational),
    /// Of an attribute that is true or false.
    Bool(bool),
}

impl Node {
    /// Of how many nodes it consists, listed items among them.
    pub fn size(&self) -> usize {
        let mut size = 0;
        self.walk(&mut |node| {
            size += match node {
                Self::In(_, items) | Self::Within(_, items) => items.len().max(1),
                _ => 1,
            };
        });
        size
    }

    /// Calls `visit` for this node and every node below it.
    pub fn walk(&self, visit: &mut impl FnMut(&Node)) {
        visit(self);
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.walk(visit)),
            Self::Not(part) => part.walk(visit),
            _ => {}
        }
    }
}
