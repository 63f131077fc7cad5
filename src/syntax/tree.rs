//! The syntax tree of policy files: what was written, with the place of everything. It keeps the order of clauses.

mod clause;
mod expr;
mod force;

pub use crate::vocabulary::{
    Aspect, Dimension, Mode, Period, QuotaPeriod, QuotaUnit, TerminalKind, Tier, Trigger, VocabularyKind,
};
pub use clause::*;
pub use expr::*;
pub use force::*;
use jiff::civil::Date;

use crate::number::Rational;
use crate::source::{FileId, Span};

/// One policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The file in the workspace's list.
    pub id: FileId,
    /// The statements that parsed, in order.
    pub statements: Vec<Statement>,
}

/// A name as written; `quoted` names are always values, never attributes or keywords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name itself, escapes resolved.
    pub text: String,
    /// Written as a string.
    pub quoted: bool,
    /// Where, quotes included.
    pub span: Span,
}

/// A string as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Escapes resolved.
    pub text: String,
    /// Where, quotes included.
    pub span: Span,
}

/// A number of some unit, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The exact value (see the field that holds it for the unit).
    pub value: Rational,
    /// Where, unit included.
    pub span: Span,
}

/// A day, with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Which; one that does not exist was reported, and is the first day of all.
    pub date: Date,
    /// The day as it is written.
    pub span: Span,
}

/// A reference to a provider or a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// What was written.
    pub kind: SelectorKind,
    /// The reference as it is written, its provider included.
    pub span: Span,
}

/// The two forms of a [`Selector`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelectorKind {
    /// `provider/name` outside quotes (either part may be quoted by itself).
    Model {
        /// The part before the first `/`.
        provider: String,
        /// The part after it.
        name: String,
    },
    /// A name alone; quoted it may hold a whole `provider/name`.
    Name {
        /// Without quotes, escapes resolved.
        text: String,
        /// Written as a string.
        quoted: bool,
    },
}

/// A statement with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The whole statement.
    pub span: Span,
    /// Its first line's gist: keyword and name (`compliance rule "x"`).
    pub head: Span,
    /// What it says.
    pub kind: StatementKind,
}

/// All statements of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementKind {
    /// `classifications a < b < c`, lowest first.
    Classifications(Vec<Name>),
    /// `regions a { b, c }, d`.
    Regions(Vec<Region>),
    /// `compliance a, b` and every other vocabulary but the regions.
    Vocabulary(VocabularyKind, Vec<Name>),
    /// `precedence compliance > cost > …`.
    Precedence(Vec<TierName>),
    /// `fact …`.
    Fact(Fact),
    /// `<tier> rule …`.
    Rule(Rule),
    /// `failover …`.
    Failover(Block<FailoverClause>),
    /// `budget …`.
    Budget(Block<BudgetClause>),
    /// `quota …`.
    Quota(Block<QuotaClause>),
    /// `attribution { … }`.
    Attribution(Vec<Clause<AttributionClause>>),
    /// `audit …`.
    Audit(Block<AuditClause>),
    /// `guarantee …`.
    Guarantee(Block<GuaranteeClause>),
    /// `test "…" { … }`; the name is a string.
    Test(Block<TestClause>),
}

/// A region and those that lie within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// What other statements call it.
    pub name: Name,
    /// What lies right within it, in the order written.
    pub within: Vec<Region>,
}

impl Region {
    /// Its name and those of all that lie within it, as they stand in the text.
    pub fn names<'a>(&'a self, names: &mut Vec<&'a Name>) {
        names.push(&self.name);
        for region in &self.within {
            region.names(names);
        }
    }
}

/// A tier as written in `precedence`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierName {
    /// The tier that the word stands for.
    pub tier: Tier,
    /// Where the word stands.
    pub span: Span,
}

/// A named statement with clauses in the order written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<C> {
    /// What other statements call it.
    pub name: Name,
    /// As they are written; which may repeat is checked later.
    pub clauses: Vec<Clause<C>>,
}

/// A clause with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause<C> {
    /// The whole clause.
    pub span: Span,
    /// Its keyword (`when`, `log as` …).
    pub keyword: Span,
    /// What it says.
    pub kind: C,
}
