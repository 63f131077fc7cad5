//! The syntax tree of policy files: what was written, with the place of everything. It keeps the order of clauses.

pub use super::vocabulary::{
    Aspect, Dimension, Mode, Period, QuotaPeriod, QuotaUnit, TerminalKind, Tier, Trigger, VocabularyKind,
};
use jiff::civil::Date;

use crate::number::Rational;
use crate::source::{FileId, Span};

/// One policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Which file.
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
    /// Where.
    pub span: Span,
}

/// When a statement is in force: always, unless it says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Force {
    /// The first day, where it is written.
    pub from: Option<Day>,
    /// The last day, where it is written.
    pub until: Option<Day>,
}

impl Force {
    /// The first day.
    pub fn first(self) -> Date {
        self.from.map_or(Date::MIN, |day| day.date)
    }

    /// The last day.
    pub fn last(self) -> Date {
        self.until.map_or(Date::MAX, |day| day.date)
    }

    /// Whether it is in force on a day.
    pub fn holds(self, day: Date) -> bool {
        self.first() <= day && day <= self.last()
    }
}

/// A clause that may say when its statement is in force.
pub trait InForce {
    /// The day after `from`.
    fn from(&self) -> Option<Day>;
    /// The day after `until`.
    fn until(&self) -> Option<Day>;
}

macro_rules! in_force {
    ($($clause:ident)*) => {$(
        impl InForce for $clause {
            fn from(&self) -> Option<Day> {
                if let Self::From(day) = self { Some(*day) } else { None }
            }

            fn until(&self) -> Option<Day> {
                if let Self::Until(day) = self { Some(*day) } else { None }
            }
        }
    )*};
}

in_force! { RuleClause FailoverClause BudgetClause QuotaClause AuditClause GuaranteeClause }

impl<C: InForce> Block<C> {
    /// When the statement is in force.
    pub fn force(&self) -> Force {
        let clauses = || self.clauses.iter().map(|clause| &clause.kind);
        Force { from: clauses().find_map(InForce::from), until: clauses().find_map(InForce::until) }
    }
}

impl StatementKind {
    /// When the statement is in force.
    pub fn force(&self) -> Force {
        match self {
            Self::Rule(rule) => rule.block.force(),
            Self::Failover(block) => block.force(),
            Self::Budget(block) => block.force(),
            Self::Quota(block) => block.force(),
            Self::Audit(block) => block.force(),
            Self::Guarantee(block) => block.force(),
            Self::Classifications(_)
            | Self::Regions(_)
            | Self::Vocabulary(..)
            | Self::Precedence(_)
            | Self::Fact(_)
            | Self::Attribution(_)
            | Self::Test(_) => Force::default(),
        }
    }
}

/// A reference to a provider or a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// What was written.
    pub kind: SelectorKind,
    /// Where.
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
        /// The name.
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
    /// Its name.
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
    /// Which.
    pub tier: Tier,
    /// Where.
    pub span: Span,
}

/// A named statement with clauses in the order written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<C> {
    /// Its name.
    pub name: Name,
    /// Its clauses.
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

/// `fact name in … default value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The fact.
    pub name: Name,
    /// Its values.
    pub domain: FactDomain,
    /// The value of a request that does not state it.
    pub default: Name,
}

/// Where a fact's values come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactDomain {
    /// `{a, b}`.
    Values(Vec<Name>),
    /// `regions`.
    Regions(Span),
    /// `classifications`.
    Classifications(Span),
}

/// `<tier> rule name { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its tier.
    pub tier: Tier,
    /// Name and clauses.
    pub block: Block<RuleClause>,
}

/// Clauses of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum RuleClause {
    When(Expr),
    Require(Expr),
    Forbid(Expr),
    ProcessIn(Vec<Name>),
    Prefer(Preference),
    Overrides(Vec<Name>),
    From(Day),
    Until(Day),
    Because(Text),
}

/// What a `prefer` orders by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preference {
    /// Lowest blended cost first.
    Cheapest,
    /// Lowest p95 latency first.
    Fastest,
    /// Highest availability first.
    MostAvailable,
    /// Those for which the expression is true first.
    Where(Expr),
    /// In the order of the list.
    Selectors(Vec<Selector>),
}

/// Clauses of a failover statement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum FailoverClause {
    When(Expr),
    On(Vec<(Trigger, Span)>),
    Chain(Vec<Selector>),
    FollowRegistry,
    FollowRanking,
    None,
    Match(Vec<(Aspect, Span)>),
    /// Number of hops (any non-negative number; whole ones are checked later).
    Limit(Quantity),
    /// Threshold as a multiple of the primary's cost.
    Above(Quantity, CostAction),
    /// Number of times.
    Retry(Quantity),
    /// Seconds.
    Cooldown(Quantity),
    Then(Terminal),
    LogAs(Name),
    Notify(Vec<Text>),
    Overrides(Vec<Name>),
    From(Day),
    Until(Day),
    Because(Text),
}

/// What happens to a target that costs too much.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum CostAction {
    Notify(Vec<Text>),
    Confirm,
    Throttle,
    Block,
}

/// What happens when no target is up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Terminal {
    /// `queue [for duration]`, in seconds.
    Queue(Option<Quantity>),
    /// `degrade ["message"]`.
    Degrade(Option<Text>),
    /// `block`.
    Block,
}

/// Clauses of a budget.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum BudgetClause {
    When(Expr),
    On(Vec<Selector>),
    Per(Per),
    /// US dollars per period.
    Limit(Quantity, Period),
    /// Percent spent.
    At(Quantity, BudgetAction),
    Mode(Mode),
    Within(Name),
    Owner(Text),
    Escalate(Vec<Text>),
    From(Day),
    Until(Day),
    Because(Text),
}

/// What a budget or quota has one limit for each value of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Per {
    /// A dimension, and its place.
    Dimension(Dimension, Span),
    /// Any other name: a fact.
    Name(Name),
}

/// What a budget does at a share spent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum BudgetAction {
    Notify(Vec<Text>),
    Throttle,
    Queue,
    Block,
}

/// Clauses of a quota.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum QuotaClause {
    When(Expr),
    On(Selector),
    Per(Per),
    /// Number per period.
    Limit(Quantity, QuotaUnit, QuotaPeriod),
    Then(UsedUp),
    From(Day),
    Until(Day),
    Because(Text),
}

/// What a quota answers that is used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsedUp {
    /// `queue [for duration]`, in seconds.
    Queue(Option<Quantity>),
    /// `failover`: as `rate-limited`.
    Failover,
    /// `block`.
    Block,
}

/// Clauses of `attribution`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum AttributionClause {
    Require(Vec<(Dimension, Span)>),
    Mode(Mode),
    /// Percent.
    AnomalyAbove(Quantity),
}

/// Clauses of an audit statement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum AuditClause {
    When(Expr),
    /// Seconds.
    Retain(Quantity),
    LineageRequired,
    Mask(Vec<Name>),
    Owner(Text),
    From(Day),
    Until(Day),
    Because(Text),
}

/// Clauses of a guarantee.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum GuaranteeClause {
    For(Expr),
    Always(Expr),
    Never(Expr),
    From(Day),
    Until(Day),
    Because(Text),
}

/// Clauses of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum TestClause {
    Given(Vec<Given>),
    Expect(Expectation),
}

/// One thing given in a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: GivenKind,
}

/// What a test can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum GivenKind {
    UseCase(Name),
    Classification(Name),
    /// Percent.
    BudgetRemaining(Quantity),
    Down(Selector),
    /// The trigger on which the primary failed.
    On(Trigger),
    /// `budget.NAME.remaining`, and percent.
    Share(Name, Quantity),
    /// A fact and its value.
    Fact(Name, Name),
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum Expectation {
    Targets(Vec<Selector>, Option<TerminalKind>),
    Primary(Selector),
    Never(Selector),
    Terminal(TerminalKind),
    Unroutable,
    Rule(Name),
}

/// An expression with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// Where.
    pub span: Span,
    /// What.
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

/// An operand with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// Where.
    pub span: Span,
    /// What.
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
