//! The statements of policies, names resolved and expressions typed.

use std::collections::{BTreeMap, BTreeSet};

use super::regions::ProcessIn;
use super::trigger::Triggers;
use super::{
    Aspect, BudgetId, Dimension, Down, Expr, FactId, FactValueId, FailoverId, Mode, ModelId, Period,
    ProviderId, RuleId, Tier, Trigger, UseCaseId, World,
};
use super::{ClassificationId, TerminalKind};
use crate::number::Rational;
use crate::source::{Span, Spanned};
use crate::syntax::tree;

/// A routing rule.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the clauses of docs/language.md")]
pub struct Rule {
    pub name: Spanned<String>,
    pub head: Span,
    pub tier: Tier,
    pub when: Option<Expr>,
    pub promises: Vec<Promise>,
    /// Where the request must be processed: a region within each of these.
    pub process_in: Vec<ProcessIn>,
    pub prefers: Vec<Prefer>,
    pub overrides: Vec<Spanned<RuleId>>,
    pub because: Option<String>,
}

/// A `require` or `forbid`.
#[derive(Debug, Clone)]
pub struct Promise {
    /// `forbid`: must be false; else must be true.
    pub forbid: bool,
    /// What has to be true, or must not be.
    pub expr: Expr,
    /// The clause, from `require` or `forbid` on.
    pub span: Span,
}

/// A `prefer` clause.
#[derive(Debug, Clone)]
pub struct Prefer {
    /// What it orders by.
    pub kind: PreferKind,
    /// Where findings about the wish are reported.
    pub span: Span,
}

/// What a `prefer` orders by.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the preferences of docs/language.md")]
pub enum PreferKind {
    Cheapest,
    Fastest,
    MostAvailable,
    Where(Expr),
    Selectors(Vec<Selector>),
}

/// A resolved reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Selector {
    /// Every model of a provider.
    Provider(ProviderId),
    /// The one that `provider/name` selects.
    Model(ModelId),
}

impl Selector {
    /// Whether a model is selected.
    pub fn matches(self, world: &World, model: ModelId) -> bool {
        match self {
            Self::Model(wanted) => wanted == model,
            Self::Provider(wanted) => world.models[model].provider == wanted,
        }
    }

    /// The provider's name or the model's id.
    pub fn name(self, world: &World) -> &str {
        match self {
            Self::Model(model) => world.models[model].id.as_str(),
            Self::Provider(provider) => world.providers[provider].name.value.as_str(),
        }
    }

    /// Where the provider or the model is named in the registry.
    pub fn place(self, world: &World) -> Span {
        match self {
            Self::Model(model) => world.models[model].name.span,
            Self::Provider(provider) => world.providers[provider].name.span,
        }
    }
}

/// A failover statement.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the clauses of docs/language.md")]
pub struct Failover {
    pub name: Spanned<String>,
    pub head: Span,
    pub when: Option<Expr>,
    /// What its `on` says; none: it states no `on`.
    pub on: Option<Triggers>,
    pub candidates: Candidates,
    pub matches: Vec<(Aspect, Span)>,
    /// Most targets after the primary.
    pub limit: u64,
    pub above: Vec<Above>,
    pub retry: u64,
    /// Seconds.
    pub cooldown: Option<Rational>,
    pub then: Terminal,
    pub log_as: Option<String>,
    pub notify: Vec<String>,
    pub overrides: Vec<Spanned<FailoverId>>,
    pub because: Option<String>,
}

impl Failover {
    /// The triggers that it answers: those of its `on`, or the usual ones.
    pub fn triggers(&self) -> Triggers {
        self.on.unwrap_or_else(Triggers::usual)
    }
}

/// Where a failover statement's candidates come from.
#[derive(Debug, Clone)]
pub enum Candidates {
    /// `none`: it fails over to nothing.
    None,
    /// The rest of the ranking.
    Ranking,
    /// The registry's `failover_to` links.
    Registry,
    /// Its own chains.
    Chains(Chains),
}

/// The chains of one failover statement.
#[derive(Debug, Clone, Default)]
pub struct Chains {
    /// Every arrow in the order written.
    pub arrows: Vec<Arrow>,
    /// Every model on a chain, sorted.
    pub members: Vec<ModelId>,
    /// Per model its distinct successors, in the order written: the places of their first arrows.
    after: BTreeMap<ModelId, Vec<usize>>,
    linked: BTreeSet<(ModelId, ModelId)>,
}

impl Chains {
    /// Adds an arrow behind all others.
    pub fn push(&mut self, arrow: Arrow) {
        if self.linked.insert((arrow.from, arrow.to)) {
            self.after.entry(arrow.from).or_default().push(self.arrows.len());
        }
        self.arrows.push(arrow);
    }

    /// Whether some model has two successors.
    pub fn forks(&self) -> bool {
        self.after.values().any(|places| places.len() > 1)
    }

    /// The distinct successors of a model, in the order written.
    pub fn successors(&self, model: ModelId) -> impl Iterator<Item = &Arrow> {
        let places = self.after.get(&model).into_iter().flatten();
        places.filter_map(|at| self.arrows.get(*at))
    }
}

/// `a -> b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrow {
    /// The model before.
    pub from: ModelId,
    /// What is tried next.
    pub to: ModelId,
    /// From the arrow's first character to the successor's last.
    pub span: Span,
    /// The successor alone.
    pub to_span: Span,
}

/// `above M cost action`.
#[derive(Debug, Clone)]
pub struct Above {
    /// How many times the cost of the primary, from where the action applies.
    pub multiplier: Rational,
    /// What is done with a target above it.
    pub action: CostAction,
    /// Where `above` is written.
    pub span: Span,
}

/// What happens to a target that costs too much.
pub type CostAction = tree::CostAction<String>;

/// What happens when no target is up: for how many seconds it waits, or with which message it answers, if stated.
pub type Terminal = tree::Terminal<Rational, String>;

/// A limit on money for a period, and what happens as it is used up.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the clauses of docs/language.md")]
pub struct Budget {
    pub name: Spanned<String>,
    pub head: Span,
    pub when: Option<Expr>,
    /// Only what is spent on these counts; empty: everything.
    pub on: Vec<Selector>,
    pub per: Option<Per>,
    /// US dollars per period.
    pub limit: Rational,
    pub limit_span: Span,
    pub period: Period,
    /// Ascending; as written at equal shares.
    pub at: Vec<BudgetAt>,
    pub mode: Option<Mode>,
    pub within: Option<Spanned<BudgetId>>,
    pub owner: Option<String>,
    pub escalate: Vec<String>,
    pub because: Option<String>,
}

/// What a budget or quota has one limit for each value of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// A dimension of attribution.
    Dimension(Dimension),
    /// A fact of the request.
    Fact(FactId),
}

impl Per {
    /// The attribute or fact each of whose values has a limit of its own.
    pub fn name(self, world: &World) -> &str {
        match self {
            Self::Dimension(dimension) => dimension.name(),
            Self::Fact(fact) => world.facts[fact].name.as_str(),
        }
    }
}

/// What a quota answers that is used up: for how many seconds it waits, if stated.
pub type UsedUp = tree::UsedUp<Rational>;

/// What a budget does at a share spent.
#[derive(Debug, Clone)]
pub struct BudgetAt {
    /// Percent spent.
    pub used: Rational,
    /// What it does from there on.
    pub action: BudgetAction,
}

/// What a budget does.
pub type BudgetAction = tree::BudgetAction<String>;

/// A limit on requests or tokens for a period.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the clauses of docs/language.md")]
pub struct Quota {
    pub name: Spanned<String>,
    pub head: Span,
    pub when: Option<Expr>,
    pub on: Option<Selector>,
    pub per: Option<Per>,
    pub requests_per_minute: Option<u64>,
    pub tokens_per_minute: Option<u64>,
    pub requests_per_day: Option<u64>,
    pub tokens_per_day: Option<u64>,
    pub then: UsedUp,
    pub because: Option<String>,
}

/// The attribution statement.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the clauses of docs/language.md")]
pub struct Attribution {
    pub head: Span,
    pub require: Vec<(Dimension, Span)>,
    pub mode: Option<Mode>,
    /// Percent.
    pub anomaly_above: Option<Rational>,
}

/// An audit statement.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the clauses of docs/language.md")]
pub struct Audit {
    pub name: Spanned<String>,
    pub head: Span,
    pub when: Option<Expr>,
    /// Seconds.
    pub retain: Option<Rational>,
    pub lineage: Option<Span>,
    /// Names, sorted.
    pub mask: Vec<String>,
    pub owner: Option<String>,
    pub because: Option<String>,
}

/// What has to hold in every context, or in none.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the clauses of docs/language.md")]
pub struct Guarantee {
    pub name: Spanned<String>,
    pub head: Span,
    pub premise: Option<Expr>,
    pub parts: Vec<GuaranteePart>,
    pub because: Option<String>,
}

/// An `always` or `never`.
#[derive(Debug, Clone)]
pub struct GuaranteePart {
    /// `never`: must be false; else must be true.
    pub never: bool,
    /// What is always true, or never.
    pub expr: Expr,
    /// The clause, from `always` or `never` on.
    pub span: Span,
}

/// A request with what is expected of it.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the clauses of docs/language.md")]
pub struct Test {
    pub name: Spanned<String>,
    pub head: Span,
    pub use_case: UseCaseId,
    pub classification: Option<ClassificationId>,
    /// Percent.
    pub budget: Option<Rational>,
    /// Percents of `budget.NAME.remaining`.
    pub shares: Vec<(BudgetId, Rational)>,
    pub facts: Vec<(FactId, FactValueId)>,
    pub down: Vec<Down>,
    /// The primary has failed in this way.
    pub on: Option<Trigger>,
    pub expect: Vec<(Expectation, Span)>,
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the expectations of docs/language.md")]
pub enum Expectation {
    Targets(Vec<Selector>, Option<TerminalKind>),
    Primary(Selector),
    Never(Selector),
    Terminal(TerminalKind),
    Unroutable,
    Rule(RuleId),
    /// A rule that is not in force: never met.
    RestingRule(String),
}
