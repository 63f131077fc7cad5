//! The world by index: names resolved, expressions typed, values inherited. All that later stages read.

pub mod attribute;
pub mod build;
pub mod context;
mod down;
mod estate;
mod expiry;
pub mod expr;
mod force;
pub mod moment;
pub mod names;
mod places;
mod policy;
pub mod policy_parts;
pub mod price;
mod reference;
pub mod regions;
mod registry;
mod tests_lowering;
pub mod trigger;
mod typing;
pub mod words;

use std::sync::Arc;

use crate::estate::Estate;
use crate::number::Rational;
pub use crate::registry::Date;
pub use crate::registry::LongPrompt;
use crate::registry::{RateLimits, Registry};
use crate::source::{Span, Spanned};
use crate::syntax::tree::File;
pub use crate::syntax::tree::{
    Aspect, Dimension, Mode, Period, QuotaUnit, TerminalKind, Tier, Trigger, VocabularyKind,
};
use crate::yaml::Value;
pub use context::{Axis, Band, Context, Share};
pub use down::Down;
pub use expr::Expr;
pub use force::Timed;
pub use moment::{Expiry, Moment};
use names::{Interner, Set, Symbol};
pub use price::Usage;
use trigger::Triggers;

/// Index of a model in [`World::models`], which is sorted by id: the order of indices is the byte order of ids.
pub type ModelId = usize;
/// Index of a provider in [`World::providers`], sorted by name.
pub type ProviderId = usize;
/// Index of a use case in [`World::use_cases`], sorted by name.
pub type UseCaseId = usize;
/// Index of a rule in [`World::rules`], sorted by name.
pub type RuleId = usize;
/// Index of a failover statement in [`World::failovers`], sorted by name.
pub type FailoverId = usize;
/// Index of a budget in [`World::budgets`], sorted by name.
pub type BudgetId = usize;
/// Index of a quota in [`World::quotas`], sorted by name.
pub type QuotaId = usize;
/// Index of a fact in [`World::facts`], sorted by name.
pub type FactId = usize;

/// What a world is made from.
#[derive(Debug, Default)]
pub struct Written {
    /// Policy files.
    pub policies: Arc<Vec<File>>,
    /// Providers and models.
    pub registry: Registry,
    /// Use cases.
    pub estate: Estate,
}

/// A whole workspace, resolved and typed.
#[derive(Debug, Clone)]
pub struct World {
    /// The date that expiries are measured against.
    pub as_of: Date,
    /// Every name, by symbol.
    pub names: Interner,
    /// Classifications, lowest first.
    pub classifications: Vec<String>,
    /// Tiers, first to last.
    pub precedence: [Tier; 4],
    /// Facts by name.
    pub facts: Vec<Fact>,
    /// Providers by name.
    pub providers: Vec<Provider>,
    /// What may be down as a whole: the providers, and the failure domains that the registry states, by name.
    pub failure_domains: Vec<Symbol>,
    /// Models by id.
    pub models: Vec<Model>,
    /// Use cases by name.
    pub use_cases: Vec<UseCase>,
    /// Rules by name.
    pub rules: Vec<Rule>,
    /// Failover statements by name.
    pub failovers: Vec<Failover>,
    /// Budgets by name.
    pub budgets: Vec<Budget>,
    /// Quotas by name.
    pub quotas: Vec<Quota>,
    /// Attribution, if stated.
    pub attribution: Option<Attribution>,
    /// Audit statements by name.
    pub audits: Vec<Audit>,
    /// Guarantees by name.
    pub guarantees: Vec<Guarantee>,
    /// Tests by name.
    pub tests: Vec<Test>,
    /// Statements that say when they are in force, those that are not included, as written.
    pub timed: Vec<Timed>,
    /// Entries of the registry with a last day that has not passed, as written.
    pub expiries: Vec<Expiry>,
    /// What it was made from, where something in it ends or begins: to ask what is decided then.
    pub written: Option<Arc<Written>>,
    /// What lies within what.
    pub regions: regions::Regions,
    /// The bands of `budget.remaining`, lowest first; at least one.
    pub bands: Vec<Band>,
    /// The budgets whose own `budget.NAME.remaining` is compared, by name.
    pub shares: Vec<Share>,
}

impl World {
    /// The models that a reference names: one by id, `provider/alias` or alias, all that share a bare name.
    pub fn find_model(&self, reference: &str) -> Vec<ModelId> {
        let all = || self.models.iter().enumerate();
        if let Some((id, _)) = all().find(|(_, model)| model.id == reference) {
            return vec![id];
        }
        let provider =
            |model: &Model| self.providers.get(model.provider).map_or("", |p| p.name.value.as_str());
        let full_alias = |model: &Model| {
            reference
                .strip_prefix(provider(model))
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|rest| model.aliases.iter().any(|alias| alias == rest))
        };
        if let Some((id, _)) = all().find(|(_, model)| full_alias(model)) {
            return vec![id];
        }
        let bare: Vec<ModelId> = all().filter(|(_, m)| m.name.value == reference).map(|(id, _)| id).collect();
        if !bare.is_empty() {
            return bare;
        }
        let alias = all().find(|(_, model)| model.aliases.iter().any(|alias| alias == reference));
        alias.map(|(id, _)| id).into_iter().collect()
    }
}

/// A fact that requests may state.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// Its statement.
    pub span: Span,
    /// Values in declared order.
    pub values: Vec<String>,
    /// The values' symbols, in the same order.
    pub symbols: Vec<Symbol>,
    /// Index of the default.
    pub default: usize,
    /// What its values are.
    pub domain: FactDomain,
}

/// What a fact's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactDomain {
    /// A type of its own.
    Own,
    /// Regions.
    Regions,
    /// Classifications, ordered; the value's index is its level.
    Classifications,
}

/// A provider.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its name.
    pub name: Spanned<String>,
    /// The name's symbol.
    pub symbol: Symbol,
    /// Whether it states an owner.
    pub owner: Option<String>,
    /// Its own rate limits.
    pub rate_limits: Option<Spanned<RateLimits>>,
    /// Its models.
    pub models: Vec<ModelId>,
    /// Certifications and evidence written on it that have passed their date.
    pub stale: Vec<Ending>,
}

/// An endpoint with everything that holds for it; `None` is unknown.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the attributes of docs/language.md")]
pub struct Model {
    /// `provider/name`.
    pub id: String,
    pub symbol: Symbol,
    pub provider: ProviderId,
    pub provider_symbol: Symbol,
    /// The bare name and where it is written.
    pub name: Spanned<String>,
    pub aliases: Vec<String>,
    pub approved: Vec<Spanned<String>>,
    /// Level.
    pub ceiling: usize,
    pub ceiling_span: Span,
    pub compliance: Option<Set>,
    pub compliance_span: Option<Span>,
    pub regions: Option<Set>,
    pub regions_span: Option<Span>,
    /// Whether a request can be pinned to one of them; none where its evidence has expired.
    pub region_selectable: Option<bool>,
    /// What falls together with it: its own or its provider's, else the provider's name.
    pub failure_domain: Symbol,
    pub capabilities: Option<Set>,
    pub capabilities_span: Option<Span>,
    pub hosting: Option<Symbol>,
    pub jurisdiction: Option<Symbol>,
    /// Effective at the as-of date.
    pub lifecycle: Symbol,
    pub retired: bool,
    pub lifecycle_span: Option<Span>,
    pub sunset: Option<Date>,
    /// Level.
    pub tier: Option<usize>,
    /// Level, effective at the as-of date.
    pub dpa: Option<usize>,
    /// Seconds.
    pub retention: Option<Rational>,
    pub retention_span: Option<Span>,
    /// Seconds.
    pub latency_p50: Option<Rational>,
    /// Seconds.
    pub latency_p95: Option<Rational>,
    /// Percent.
    pub availability: Option<Rational>,
    /// Tokens.
    pub context_window: Option<Rational>,
    pub context_window_span: Option<Span>,
    pub trains_on_data: Option<bool>,
    pub open_weights: Option<bool>,
    /// US dollars per 1M tokens.
    pub input_cost: Rational,
    /// US dollars per 1M tokens.
    pub output_cost: Rational,
    /// US dollars per 1M tokens, where stated.
    pub cached_input_cost: Option<Rational>,
    pub long_prompt: Option<LongPrompt>,
    /// Percent, where stated.
    pub batch_discount: Option<Rational>,
    pub price_span: Span,
    /// US dollars a day.
    pub max_daily_spend_usd: Option<Spanned<Rational>>,
    pub failover_to: FailoverTo,
    /// Its own rate limits (the provider's are the provider's).
    pub rate_limits: Option<Spanned<RateLimits>>,
    /// Merged over the provider's, by key.
    pub endpoint: Vec<(String, Value)>,
    /// Merged over the provider's, by key.
    pub profile: Vec<(String, Value)>,
    /// Everything attached to it that ends on a day on or after the as-of date.
    pub endings: Vec<Ending>,
    /// Evidence about it that is believed on the as-of date: what was read for which facts, and its last day.
    pub evidence: Vec<(String, Option<Date>)>,
    /// Certifications and evidence written on the model itself that have passed their date.
    pub stale: Vec<Ending>,
}

impl Model {
    /// What falls together with it.
    pub fn domain(&self) -> Symbol {
        self.failure_domain
    }
}

/// Where the registry lets a model fail over to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailoverTo {
    /// Not stated.
    NotStated,
    /// A written null: deliberately none.
    Nowhere(Span),
    /// A model, and the line that says so.
    Model(ModelId, Span),
}

/// Something that ends, and its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// What.
    pub kind: EndingKind,
    /// Its name, where it has one.
    pub name: String,
    /// The last day on which it stands.
    pub last_day: Date,
    /// It stands on the provider.
    pub is_inherited: bool,
    /// The registry entry.
    pub span: Span,
}

/// The kinds of [`Ending`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the registry's own words")]
pub enum EndingKind {
    Certification,
    Dpa,
    Evidence,
    Model,
}

/// A use case; `None` is not stated.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the attributes of docs/language.md")]
pub struct UseCase {
    pub name: Spanned<String>,
    pub symbol: Symbol,
    pub span: Span,
    pub owner: String,
    pub endpoint_tag: Option<Spanned<String>>,
    pub business_unit: Option<Symbol>,
    pub team: Option<Symbol>,
    pub project: Option<Symbol>,
    pub application: Option<Symbol>,
    pub workload: Symbol,
    /// Level.
    pub classification: usize,
    pub classification_span: Span,
    /// Level.
    pub risk: Option<usize>,
    /// Level.
    pub criticality: usize,
    pub compliance: Set,
    pub regulations: Set,
    /// Empty: anywhere.
    pub residency: Set,
    pub data: Set,
    pub capabilities: Set,
    /// Seconds.
    pub retention_max: Option<Rational>,
    /// Seconds.
    pub latency_sla: Option<Rational>,
    /// Percent.
    pub availability_target: Option<Rational>,
    /// Tokens.
    pub min_context: Option<Rational>,
    pub regulated_output: bool,
    pub data_sources: usize,
    /// The budgets among [`World::shares`] that cover it in some context, by name: each is an axis of its contexts.
    pub shares: Vec<BudgetId>,
    /// Requests in a month.
    pub requests: Option<u64>,
    /// Weights of input and output tokens in the blended cost.
    pub blend: (Rational, Rational),
    /// Tokens in a month, if stated.
    pub tokens: Option<(u64, u64)>,
    /// What else bears on its cost.
    pub usage: Usage,
    pub peak_requests_per_minute: Option<u64>,
    /// US dollars a month that its owner expects.
    pub budget_estimate: Option<Spanned<Rational>>,
    /// Spans of stated attributes that messages point at, by key.
    pub spans: UseCaseSpans,
}

/// Where a use case states what gates test.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the estate's own words")]
pub struct UseCaseSpans {
    pub compliance: Option<Span>,
    pub residency: Option<Span>,
    pub retention_max: Option<Span>,
    pub capabilities: Option<Span>,
    pub min_context: Option<Span>,
    pub availability_target: Option<Span>,
    pub latency_sla: Option<Span>,
}

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
    pub process_in: Vec<regions::ProcessIn>,
    pub prefers: Vec<Prefer>,
    pub overrides: Vec<Spanned<RuleId>>,
    pub because: Option<String>,
}

/// A `require` or `forbid`.
#[derive(Debug, Clone)]
pub struct Promise {
    /// `forbid`: must be false; else must be true.
    pub forbid: bool,
    /// What.
    pub expr: Expr,
    /// The clause.
    pub span: Span,
}

/// A `prefer` clause.
#[derive(Debug, Clone)]
pub struct Prefer {
    /// What it orders by.
    pub kind: PreferKind,
    /// The clause.
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
    /// One model.
    Model(ModelId),
}

impl Selector {
    /// Whether a model is selected.
    pub fn matches(self, world: &World, model: ModelId) -> bool {
        match self {
            Self::Model(wanted) => wanted == model,
            Self::Provider(wanted) => world.models.get(model).is_some_and(|m| m.provider == wanted),
        }
    }

    /// The provider's name or the model's id.
    pub fn name(self, world: &World) -> &str {
        match self {
            Self::Model(model) => world.models.get(model).map_or("", |m| m.id.as_str()),
            Self::Provider(provider) => world.providers.get(provider).map_or("", |p| p.name.value.as_str()),
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
    /// No candidate.
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
}

impl Chains {
    /// The distinct successors of a model, in the order written.
    pub fn successors(&self, model: ModelId) -> Vec<&Arrow> {
        let mut found: Vec<&Arrow> = Vec::new();
        for arrow in self.arrows.iter().filter(|arrow| arrow.from == model) {
            if !found.iter().any(|known| known.to == arrow.to) {
                found.push(arrow);
            }
        }
        found
    }
}

/// `a -> b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrow {
    /// The model before.
    pub from: ModelId,
    /// Its successor.
    pub to: ModelId,
    /// From the first model's first character to the second's last.
    pub span: Span,
    /// The successor alone.
    pub to_span: Span,
}

/// `above M cost action`.
#[derive(Debug, Clone)]
pub struct Above {
    /// The threshold.
    pub multiplier: Rational,
    /// The action.
    pub action: CostAction,
    /// The clause.
    pub span: Span,
}

/// What happens to a target that costs too much.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the actions of docs/language.md")]
pub enum CostAction {
    Notify(Vec<String>),
    Confirm,
    Throttle,
    Block,
}

/// What happens when no target is up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Terminal {
    /// Wait, for so many seconds if stated.
    Queue(Option<Rational>),
    /// Answer with less, with a message if stated.
    Degrade(Option<String>),
    /// Refuse.
    Block,
}

impl Terminal {
    /// Its kind.
    pub fn kind(&self) -> TerminalKind {
        match self {
            Self::Queue(_) => TerminalKind::Queue,
            Self::Degrade(_) => TerminalKind::Degrade,
            Self::Block => TerminalKind::Block,
        }
    }
}

/// A budget.
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
    /// Its name.
    pub fn name(self, world: &World) -> &str {
        match self {
            Self::Dimension(dimension) => dimension.word(),
            Self::Fact(fact) => world.facts.get(fact).map_or("", |fact| fact.name.as_str()),
        }
    }
}

/// What a quota answers that is used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsedUp {
    /// Wait, for so many seconds if stated.
    Queue(Option<Rational>),
    /// Fail over as on `rate-limited`.
    Failover,
    /// Refuse.
    Block,
}

/// What a budget does at a share spent.
#[derive(Debug, Clone)]
pub struct BudgetAt {
    /// Percent spent.
    pub used: Rational,
    /// The action.
    pub action: BudgetAction,
}

/// The actions of a budget.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the actions of docs/language.md")]
pub enum BudgetAction {
    Notify(Vec<String>),
    Throttle,
    Queue,
    Block,
}

/// A quota.
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

/// A guarantee.
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
    /// What.
    pub expr: Expr,
    /// The clause.
    pub span: Span,
}

/// A test.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the clauses of docs/language.md")]
pub struct Test {
    pub name: Spanned<String>,
    pub head: Span,
    pub use_case: UseCaseId,
    /// Level.
    pub classification: Option<usize>,
    /// Percent.
    pub budget: Option<Rational>,
    /// Percents of `budget.NAME.remaining`.
    pub shares: Vec<(BudgetId, Rational)>,
    pub facts: Vec<(FactId, usize)>,
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
