//! Evaluation of expressions, in Kleene's three-valued logic: none is unknown: "Conditions" in docs/language.md.

use std::cmp::Ordering;

use super::Scope;
use super::values::{of_regions, read, set_of};
use crate::model::attribute::Level;
use crate::model::expr::{CompareOp, Node, Term, Value};
use crate::model::names::{Set, Symbol};
use crate::number::{self, Rational};
use crate::work;

/// A set as an expression reads it.
pub(super) enum Many<'a> {
    Unknown,
    /// Nothing restricts the regions.
    Everywhere,
    These(std::borrow::Cow<'a, Set>),
}

/// A value as it is compared; of unknown ones nothing is known.
#[derive(Debug, PartialEq)]
pub(super) enum Datum<'a> {
    Unknown,
    Symbol(Symbol),
    Level(Level),
    Number(std::borrow::Cow<'a, Rational>),
    Infinite,
    Bool(bool),
}

pub(super) fn evaluate(scope: Scope, node: &Node) -> Option<bool> {
    work::step();
    match node {
        Node::Const(value) => Some(*value),
        Node::And(parts) => parts.iter().fold(Some(true), |all, part| match (all, evaluate(scope, part)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }),
        Node::Or(parts) => parts.iter().fold(Some(false), |any, part| match (any, evaluate(scope, part)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }),
        Node::Not(part) => evaluate(scope, part).map(|value| !value),
        Node::Is(attribute) => match read(scope, *attribute) {
            Datum::Bool(value) => Some(value),
            _ => None,
        },
        Node::Compare(left, op, right) => compare(&term(scope, left), *op, &term(scope, right)),
        Node::In(left, items) => {
            let left = term(scope, left);
            let is = |item: &Term| match (&left, item) {
                // What long lists are of.
                (Datum::Symbol(left), Term::Value(Value::Symbol(name))) => Some(left == name),
                _ => compare(&left, CompareOp::Eq, &term(scope, item)),
            };
            let mut all = Some(false);
            for is in items.iter().map(is) {
                match is {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => all = None,
                }
            }
            all
        }
        Node::Within(left, items) => {
            let Datum::Symbol(region) = term(scope, left) else { return None };
            let within = |item: &Term| match term(scope, item) {
                Datum::Symbol(outer) => Some(scope.world.regions.lies_within(region, outer)),
                _ => None,
            };
            items.iter().fold(Some(false), |any, item| match (any, within(item)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            })
        }
        Node::Has(set, element) => {
            let Datum::Symbol(symbol) = term(scope, element) else { return None };
            match set_of(scope, *set) {
                Many::Unknown => None,
                Many::Everywhere => Some(true),
                Many::These(these) if of_regions(*set) => Some(scope.world.regions.has(&these, symbol)),
                Many::These(these) => Some(these.has(symbol)),
            }
        }
        Node::Covers(a, b) => match (set_of(scope, *a), set_of(scope, *b)) {
            (_, Many::These(b)) if b.is_empty() => Some(true),
            (Many::Everywhere, _) => Some(true),
            (Many::Unknown, _) | (_, Many::Unknown) => None,
            (Many::These(_), Many::Everywhere) => Some(false),
            (Many::These(x), Many::These(y)) if of_regions(*a) => Some(scope.world.regions.covers(&x, &y)),
            (Many::These(x), Many::These(y)) => Some(x.covers(&y)),
        },
    }
}

/// Whether the first set covers the second: every set, an unknown one too, covers an empty one.
pub(super) fn covers(a: Option<&Set>, b: Option<&Set>) -> Option<bool> {
    match (a, b) {
        (_, Some(b)) if b.is_empty() => Some(true),
        (Some(a), Some(b)) => Some(a.covers(b)),
        _ => None,
    }
}

pub(super) fn compare(a: &Datum, op: CompareOp, b: &Datum) -> Option<bool> {
    if *a == Datum::Unknown || *b == Datum::Unknown {
        return None;
    }
    let order = match (a, b) {
        (Datum::Number(a), Datum::Number(b)) => number::compare(a, b),
        (Datum::Infinite, Datum::Number(_)) => Ordering::Greater,
        (Datum::Number(_), Datum::Infinite) => Ordering::Less,
        (Datum::Level(a), Datum::Level(b)) => a.cmp(b),
        (a, b) if a == b => Ordering::Equal,
        // Names and booleans have no order: any answer but equal serves `==` and `!=`.
        _ => Ordering::Less,
    };
    Some(match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    })
}

pub(super) fn term<'a>(scope: Scope<'a>, term: &'a Term) -> Datum<'a> {
    match term {
        Term::Attribute(attribute) => read(scope, *attribute),
        Term::Value(Value::Symbol(symbol)) => Datum::Symbol(*symbol),
        Term::Value(Value::Level(level)) => Datum::Level(*level),
        Term::Value(Value::Number(number)) => Datum::Number(std::borrow::Cow::Borrowed(number)),
        Term::Value(Value::Bool(value)) => Datum::Bool(*value),
    }
}
