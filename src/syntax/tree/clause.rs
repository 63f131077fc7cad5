//! What stands in statements: clauses and their parts.

use super::{
    Aspect, Block, Day, Dimension, Expr, Mode, Name, Period, Quantity, QuotaPeriod, QuotaUnit, Selector,
    TerminalKind, Text, Tier, Trigger,
};
use crate::source::Span;
use crate::vocabulary::{BudgetActionKind, CostActionKind};

/// `fact name in … default value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What requests state it as.
    pub name: Name,
    /// What a request may state, in its order.
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
    /// Rules of a higher tier are asked first.
    pub tier: Tier,
    /// Name and clauses.
    pub block: Block<RuleClause>,
}

/// What may stand in the block of a rule.
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

/// `a -> b -> c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The models, in order.
    pub models: Vec<Selector>,
    /// The arrows between them.
    pub arrows: Vec<Span>,
}

/// Clauses of a failover statement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum FailoverClause {
    When(Expr),
    On(Vec<(Trigger, Span)>),
    Chain(Chain),
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
pub enum CostAction<T = Text> {
    Notify(Vec<T>),
    Confirm,
    Throttle,
    Block,
}

impl<T> CostAction<T> {
    /// Which it is, whoever is told.
    pub fn kind(&self) -> CostActionKind {
        match self {
            Self::Notify(_) => CostActionKind::Notify,
            Self::Confirm => CostActionKind::Confirm,
            Self::Throttle => CostActionKind::Throttle,
            Self::Block => CostActionKind::Block,
        }
    }
}

/// What happens when no target is up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Terminal<D = Quantity, T = Text> {
    /// `queue [for duration]`, in seconds.
    Queue(Option<D>),
    /// `degrade ["message"]`.
    Degrade(Option<T>),
    /// `block`.
    Block,
}

impl<D, T> Terminal<D, T> {
    /// Which it is, whatever it states.
    pub fn kind(&self) -> TerminalKind {
        match self {
            Self::Queue(_) => TerminalKind::Queue,
            Self::Degrade(_) => TerminalKind::Degrade,
            Self::Block => TerminalKind::Block,
        }
    }
}

/// What may stand in the block of a budget.
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
pub enum BudgetAction<T = Text> {
    Notify(Vec<T>),
    Throttle,
    Queue,
    Block,
}

impl<T> BudgetAction<T> {
    /// Which it is, whoever is told.
    pub fn kind(&self) -> BudgetActionKind {
        match self {
            Self::Notify(_) => BudgetActionKind::Notify,
            Self::Throttle => BudgetActionKind::Throttle,
            Self::Queue => BudgetActionKind::Queue,
            Self::Block => BudgetActionKind::Block,
        }
    }
}

/// What may stand in the block of a quota.
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
pub enum UsedUp<D = Quantity> {
    /// `queue [for duration]`, in seconds.
    Queue(Option<D>),
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

/// What may stand in the block of a guarantee.
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

/// What may stand in the block of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the keywords of the language")]
pub enum TestClause {
    Given(Vec<Given>),
    Expect(Expectation),
}

/// One thing given in a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// All of it, from its first word on.
    pub span: Span,
    /// What is given: a fact, a level, a share, an outage.
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
