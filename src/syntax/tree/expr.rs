//! Conditions.

use std::cmp::Ordering;

use crate::number::Rational;
use crate::source::Span;

/// An expression with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// All of it, brackets included.
    pub span: Span,
    /// How it is made of others, or what it tests.
    pub kind: ExprKind,
}

/// The forms of an expression; `Or` and `And` have at least two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// `a or b or c`.
    Or(Vec<Expr>),
    /// `a and b and c`.
    And(Vec<Expr>),
    /// `not a`.
    Not(Box<Expr>),
    /// `(a)`.
    Paren(Box<Expr>),
    /// An operand alone.
    Alone(Operand),
    /// `a == b` and the like.
    Compare(Operand, CompareOp, Operand),
    /// `a in [b, c]`.
    In(Operand, Vec<Operand>),
    /// `a has b`.
    Has(Operand, Operand),
    /// `a covers b`.
    Covers(Operand, Operand),
}

/// The six comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the six of every language")]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl CompareOp {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }

    /// The operator that says the same with its sides swapped.
    #[must_use]
    pub fn swapped(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            Self::Eq | Self::Ne => self,
        }
    }

    /// The operator that holds wherever this one does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Lt => Self::Ge,
            Self::Le => Self::Gt,
            Self::Gt => Self::Le,
            Self::Ge => Self::Lt,
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
        }
    }

    /// Whether it holds of two sides in some order.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
        }
    }
}

/// An operand with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// The operand as it is written, its unit included.
    pub span: Span,
    /// A name, a quoted text, a number or a flag.
    pub kind: OperandKind,
}

/// What an operand can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperandKind {
    /// A name outside quotes: an attribute, a fact or a value.
    Name(String),
    /// A quoted name: always a value.
    Quoted(String),
    /// `support.*`: what stands before the `*`.
    Pattern(String),
    /// `provider/name` outside quotes.
    Model {
        /// The part before the first `/`.
        provider: String,
        /// The part after it.
        name: String,
    },
    /// A plain number.
    Number(Rational),
    /// `3x`.
    Multiplier(Rational),
    /// Percent: `20%` is 20.
    Percent(Rational),
    /// Seconds.
    Duration(Rational),
    /// US dollars per 1M tokens.
    Rate(Rational),
    /// `true` or `false`.
    Bool(bool),
}
