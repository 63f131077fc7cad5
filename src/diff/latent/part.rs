//! Conditions as far as one is seen to follow from another: `tier >= premium` says all that `tier >= standard` does.
//!
//! What is found is certain, whatever is not known of a request or a model. What is written in another shape is not looked
//! for.

use std::collections::{BTreeSet, HashMap};

use crate::limits::effort;
use crate::model::expr::CompareOp;
use crate::number::Rational;
use crate::work;

/// A condition of which others may follow.
#[derive(Clone)]
pub(super) enum Part {
    /// Known to be so, or not to be so; none: never known.
    Known(Option<bool>),
    And(Vec<Part>),
    Or(Vec<Part>),
    Not(Box<Part>),
    /// What stands on the left lies above or below a bound.
    Bound(String, CompareOp, Rational),
    /// What stands on the left, with the word, is one of these.
    Among(String, Among, BTreeSet<String>),
    /// Anything else: the same text alone says the same.
    Other(String),
}

/// How something is one of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Among {
    /// It is equal to one of them, and to no other.
    In,
    /// It lies within one of them.
    Within,
}

/// What always has one of some values, and is compared with them in conditions: a classification, a fact.
#[derive(Clone)]
pub(super) struct Domain {
    pub(super) of: String,
    pub(super) values: BTreeSet<String>,
}

/// To go through the values of things costs as much as so many comparisons.
pub(super) const APART: usize = effort::DOMAIN_VALUES * effort::DOMAINS;

/// What was found of two parts for a value: nested ones are asked about on many ways.
type Found = HashMap<(*const Part, *const Part, bool), bool>;

impl Part {
    /// How many comparisons and listed items it has.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => {
                parts.iter().map(Self::size).sum::<usize>().saturating_add(1)
            }
            Self::Not(part) => part.size(),
            Self::Among(_, _, items) => items.len().max(1),
            Self::Bound(..) | Self::Other(_) | Self::Known(_) => 1,
        }
    }

    /// The parts that all have to have a value for it to have that: of `and` to be true, of `or` to be false.
    pub(super) fn joined(&self, value: bool) -> Option<&[Part]> {
        match self {
            Self::And(parts) if value => Some(parts),
            Self::Or(parts) if !value => Some(parts),
            _ => None,
        }
    }

    /// Whether it has a value whatever a request or a model is.
    pub(super) fn always(&self, value: bool) -> bool {
        match self {
            Self::Known(known) => *known == Some(value),
            Self::Not(part) => part.always(!value),
            Self::And(parts) | Self::Or(parts) => match self.joined(value) {
                Some(parts) => parts.iter().all(|part| part.always(value)),
                None => parts.iter().any(|part| part.always(value)),
            },
            Self::Bound(..) | Self::Among(..) | Self::Other(_) => false,
        }
    }

    /// Whether another one has a value wherever this one has it.
    pub(super) fn implies(&self, other: &Part, value: bool) -> bool {
        self.implying(other, value, &mut Found::new())
    }

    /// Whether, wherever it is true, one of some others is, for each value that something has.
    pub(super) fn is_covered_apart(&self, others: &[&Part], domains: &[Domain]) -> bool {
        let is_asked = |domain: &&Domain| others.iter().any(|other| other.asks(&domain.of));
        domains.iter().filter(is_asked).take(effort::DOMAINS).any(|domain| {
            domain.values.iter().all(|value| {
                let given: Vec<Part> = others.iter().map(|other| other.given(&domain.of, value)).collect();
                let own = self.given(&domain.of, value);
                own.is_never(true) || own.is_covered(&given.iter().collect::<Vec<_>>())
            })
        })
    }

    /// Whether it compares something with what it may be.
    fn asks(&self, of: &str) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.asks(of)),
            Self::Not(part) => part.asks(of),
            Self::Among(on, Among::In, _) => on == of,
            Self::Among(_, Among::Within, _) | Self::Bound(..) | Self::Other(_) | Self::Known(_) => false,
        }
    }

    /// The same where something has a value.
    fn given(&self, of: &str, value: &str) -> Self {
        work::step();
        let all = |parts: &[Part]| parts.iter().map(|part| part.given(of, value)).collect();
        match self {
            Self::And(parts) => Self::And(all(parts)),
            Self::Or(parts) => Self::Or(all(parts)),
            Self::Not(part) => Self::Not(Box::new(part.given(of, value))),
            Self::Among(on, Among::In, items) if on == of => Self::Known(Some(items.contains(value))),
            other => other.clone(),
        }
    }

    /// That it is false.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Known(known) => Self::Known(known.map(|known| !known)),
            Self::And(parts) => Self::Or(parts.into_iter().map(Self::negated).collect()),
            Self::Or(parts) => Self::And(parts.into_iter().map(Self::negated).collect()),
            Self::Not(part) => *part,
            Self::Bound(of, op, amount) => Self::Bound(of, op.negated(), amount),
            Self::Among(..) | Self::Other(_) => Self::Not(Box::new(self)),
        }
    }

    /// Whether, wherever it is true, one of some others is.
    pub(super) fn is_covered(&self, others: &[&Part]) -> bool {
        work::step();
        if others.iter().any(|other| self.implies(other, true)) {
            return true;
        }
        match self {
            Self::Or(parts) => parts.iter().all(|part| part.is_covered(others)),
            Self::And(parts) => parts.iter().any(|part| part.is_covered(others)),
            Self::Among(of, how, items) if items.len() > 1 => {
                items.iter().all(|item| others.iter().any(|other| other.holds_of(of, *how, item)))
            }
            _ => false,
        }
    }

    /// Whether it is true of everything of which something is known to be an item.
    fn holds_of(&self, of: &str, how: Among, item: &str) -> bool {
        work::step();
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds_of(of, how, item)),
            Self::Or(parts) => parts.iter().any(|part| part.holds_of(of, how, item)),
            Self::Among(on, other, items) => of == on && how == *other && items.contains(item),
            Self::Not(part) => match part.as_ref() {
                Self::Among(on, Among::In, items) => of == on && how == Among::In && !items.contains(item),
                _ => false,
            },
            Self::Known(known) => *known == Some(true),
            Self::Bound(..) | Self::Other(_) => false,
        }
    }

    fn implying(&self, other: &Part, value: bool, found: &mut Found) -> bool {
        work::step();
        let key = (std::ptr::from_ref(self), std::ptr::from_ref(other), value);
        if let Some(known) = found.get(&key) {
            return *known;
        }
        let is_so = self.follows(other, value, found);
        found.insert(key, is_so);
        is_so
    }

    fn follows(&self, other: &Part, value: bool, found: &mut Found) -> bool {
        if other.always(value) || self.is_never(value) {
            return true;
        }
        if let Some(parts) = other.joined(value) {
            return parts.iter().all(|part| self.implying(part, value, found));
        }
        // One of these has it wherever the whole does, and nobody knows which.
        if let Some(parts) = self.joined(!value) {
            return parts.iter().all(|part| part.implying(other, value, found));
        }
        if self.joined(value).is_some_and(|parts| parts.iter().any(|part| part.implying(other, value, found)))
        {
            return true;
        }
        if let Some(parts) = other.joined(!value) {
            let is_one = parts.iter().any(|part| self.implying(part, value, found));
            return is_one || value && self.each_holds(other);
        }
        if let (Self::Not(own), Self::Not(other)) = (self, other) {
            return own.implying(other, !value, found);
        }
        // What is false is false of more where less is true.
        let (narrow, wide) = if value { (self, other) } else { (other, self) };
        match (narrow, wide) {
            (Self::Bound(of, op, own), Self::Bound(on, other_op, other)) => {
                of == on && within((*op, own), (*other_op, other))
            }
            (Self::Among(of, how, own), Self::Among(on, other_how, other)) => {
                of == on && how == other_how && own.is_subset(other)
            }
            (Self::Among(..), Self::Not(_)) => value && self.each_holds(other),
            (Self::Other(own), Self::Other(other)) => own == other,
            _ => false,
        }
    }

    /// Whether another one is true of each item of a list.
    fn each_holds(&self, other: &Part) -> bool {
        match self {
            Self::Among(of, how, items) => items.iter().all(|item| other.holds_of(of, *how, item)),
            _ => false,
        }
    }

    /// Whether it has a value of no request and no model.
    fn is_never(&self, value: bool) -> bool {
        match self {
            Self::Known(known) => *known != Some(value),
            Self::Not(part) => part.is_never(!value),
            Self::And(parts) if value => parts.iter().any(|part| part.is_never(true)),
            Self::Or(parts) if value => parts.iter().all(|part| part.is_never(true)),
            Self::Among(_, _, items) => value && items.is_empty(),
            _ => false,
        }
    }
}

/// Whether what lies on a side of one bound lies on the same side of another.
fn within((op, own): (CompareOp, &Rational), (other_op, other): (CompareOp, &Rational)) -> bool {
    use CompareOp::{Ge, Gt, Le, Lt};
    match (op, other_op) {
        (Ge | Gt, Ge) | (Gt, Gt) => own >= other,
        (Ge, Gt) => own > other,
        (Le | Lt, Le) | (Lt, Lt) => own <= other,
        (Le, Lt) => own < other,
        _ => false,
    }
}
