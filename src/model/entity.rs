//! What is routed, and where to: use cases, providers and models.

use super::names::{Set, Symbol};
use super::{BudgetId, ClassificationId, Date, LongPrompt, ModelId, ProviderId, Usage};
use crate::number::Rational;
use crate::registry::RateLimits;
use crate::source::{Span, Spanned};
use crate::vocabulary::{Criticality, DpaStatus, ModelTier, Risk};
use crate::yaml::Value;

/// A provider as models rest on it; what it states for all of them stands in the models.
#[derive(Debug, Clone)]
pub struct Provider {
    /// As the registry writes it, which selectors and ids begin with.
    pub name: Spanned<String>,
    /// The name's symbol.
    pub symbol: Symbol,
    /// Whether it states an owner.
    pub owner: Option<String>,
    /// Its own rate limits.
    pub rate_limits: Option<Spanned<RateLimits>>,
    /// How its models are reached that do not say otherwise.
    pub endpoint: Vec<(String, Value)>,
    /// Those that the registry lists below it.
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
    /// The highest classification that it may process.
    pub ceiling: ClassificationId,
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
    pub tier: Option<ModelTier>,
    /// Effective at the as-of date.
    pub dpa: Option<DpaStatus>,
    /// The last day of the agreement, where it is over.
    pub dpa_lapsed: Option<Date>,
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
    /// What is stated of it, by itself or by its provider, and no longer counts.
    pub lapsed: Vec<Lapsed>,
}

/// Something that is stated of a model and counts as unknown, or as not held, since its last day has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapsed {
    /// The registry's key.
    pub fact: &'static str,
    /// Of certifications which; its own last day has passed, or that of the evidence.
    pub certification: Option<String>,
    /// Whether all evidence for it has expired.
    pub is_by_evidence: bool,
    /// It still counted on this day.
    pub last_day: Date,
}

impl Model {
    /// Whether something that it states does not count any more.
    pub fn has_lapsed(&self, fact: &str) -> bool {
        self.lapsed.iter().any(|one| one.fact == fact)
    }

    /// Since when something that it states does not count, for behind a sentence that says it is not known: ``(evidence
    /// for `regions` ended on 2026-10-01)``, ``(`gdpr` ended on 2026-10-01)``. Of certifications those that are missing.
    pub fn lapse(&self, fact: &str, missing: &[String]) -> Option<String> {
        let is_missing = |one: &&Lapsed| one.certification.as_ref().is_none_or(|name| missing.contains(name));
        let ended: Vec<&Lapsed> =
            self.lapsed.iter().filter(|one| one.fact == fact).filter(is_missing).collect();
        if let Some(one) = ended.iter().find(|one| one.is_by_evidence) {
            return Some(format!("(evidence for `{fact}` ended on {})", one.last_day));
        }
        let each = ended
            .iter()
            .filter_map(|one| Some(format!("`{}` ended on {}", one.certification.as_ref()?, one.last_day)));
        let each: Vec<String> = each.collect();
        (!each.is_empty()).then(|| format!("({})", each.join(", ")))
    }

    /// What falls together with it.
    pub fn domain(&self) -> Symbol {
        self.failure_domain
    }
}

/// Where the registry lets a model fail over to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailoverTo {
    /// Without the key; nothing follows from that.
    NotStated,
    /// A written null: deliberately none.
    Nowhere(Span),
    /// A model, and the line that says so.
    Model(ModelId, Span),
}

/// Something that ends, and its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// What kind of entry ends.
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
    pub classification: ClassificationId,
    pub classification_span: Span,
    pub risk: Option<Risk>,
    pub criticality: Criticality,
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
    /// The budgets among [`World::shares`](super::World::shares) that cover it in some context, by name: each is an axis of its contexts.
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
