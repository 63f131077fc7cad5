//! The provider registry: what each endpoint is certified, priced and approved for, as written.
//!
//! Nothing is inherited or resolved here; `model` does that.

pub mod read;
pub mod secrets;

use crate::number::Rational;
use crate::source::{Span, Spanned};
use crate::yaml::Value;
pub use jiff::civil::Date;

/// All registry files as one document.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Providers in the order of files and lines.
    pub providers: Vec<Provider>,
}

/// A provider as the registry writes it, with what its models take over.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its name (the key).
    pub name: Spanned<String>,
    /// Who answers for it.
    pub owner: Option<Spanned<String>>,
    /// What it states for all its models.
    pub facts: Facts,
    /// In the order of the file.
    pub models: Vec<Model>,
}

/// An endpoint: one model as one provider serves it in one place under one contract.
#[derive(Debug, Clone)]
pub struct Model {
    /// Its whole entry.
    pub span: Span,
    /// Without its provider's.
    pub name: Spanned<String>,
    /// Names that policies may use for it too.
    pub aliases: Vec<Spanned<String>>,
    /// `economy`, `standard` or `premium`.
    pub tier: Option<Spanned<String>>,
    /// Names and `prefix*` patterns; empty where absent.
    pub approved_use_cases: Vec<Spanned<String>>,
    /// The highest classification it may see.
    pub data_classification_max: Spanned<String>,
    /// Its price, normalised.
    pub price: Price,
    /// US dollars.
    pub max_daily_spend_usd: Option<Spanned<Rational>>,
    /// Tokens.
    pub context_window: Option<Spanned<u64>>,
    /// Known set, or absent.
    pub capabilities: Option<Spanned<Vec<Spanned<String>>>>,
    /// Milliseconds.
    pub latency_p50: Option<Spanned<Rational>>,
    /// Milliseconds.
    pub latency_p95: Option<Spanned<Rational>>,
    /// `preview`, `active`, `deprecated` or `retired`; absent: `active`.
    pub lifecycle: Option<Spanned<String>>,
    /// First day without the model.
    pub sunset: Option<Spanned<Date>>,
    /// Absent: not stated. `value: None`: a written null, deliberately none.
    pub failover_to: Option<Spanned<Option<String>>>,
    /// What the model states itself.
    pub facts: Facts,
}

/// What may stand on a provider or a model; `None` is not stated.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// `cloud`, `private-cloud` or `self-hosted`.
    pub hosting: Option<Spanned<String>>,
    /// Where the provider is established.
    pub jurisdiction: Option<Spanned<String>>,
    /// Data processing agreement.
    pub dpa: Option<Spanned<Dpa>>,
    /// Where it may process.
    pub regions: Option<Spanned<Vec<Spanned<String>>>>,
    /// Whether a request can be pinned to one of the regions.
    pub region_selectable: Option<Spanned<bool>>,
    /// What falls together.
    pub failure_domain: Option<Spanned<String>>,
    /// Certifications, expired ones included.
    pub compliance: Option<Spanned<Vec<Certification>>>,
    /// Days (`zero-retention` is 0).
    pub data_retention: Option<Spanned<u64>>,
    /// Whether it trains on what it is sent.
    pub trains_on_data: Option<Spanned<bool>>,
    /// Percent, 0 to 100.
    pub availability: Option<Spanned<Rational>>,
    /// Whether the weights are open.
    pub open_weights: Option<Spanned<bool>>,
    /// Limits on traffic.
    pub rate_limits: Option<Spanned<RateLimits>>,
    /// How to reach it (for exports): keys and values as written.
    pub endpoint: Vec<(Spanned<String>, Value)>,
    /// Where facts were read.
    pub evidence: Vec<Evidence>,
    /// Settings of requests: keys and values as written.
    pub profile: Vec<(Spanned<String>, Value)>,
}

/// A data processing agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dpa {
    /// `none`, `pending` or `confirmed`, as stated.
    pub status: Spanned<String>,
    /// Which document.
    pub document: Option<String>,
    /// The last day on which it is confirmed.
    pub renews: Option<Spanned<Date>>,
}

/// A certification, with what proves it and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certification {
    /// As conditions compare it.
    pub name: Spanned<String>,
    /// The whole entry.
    pub span: Span,
    /// Last day on which it is held.
    pub expires: Option<Spanned<Date>>,
    /// What proves it.
    pub evidence: Option<String>,
}

/// Where facts were read, and until when that is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The whole entry.
    pub span: Span,
    /// Keys of the facts it is about.
    pub facts: Vec<Spanned<String>>,
    /// What was read.
    pub source: Option<String>,
    /// The day on which it was read.
    pub read_on: Option<Date>,
    /// Last day on which it is believed.
    pub expires: Option<Spanned<Date>>,
}

/// Limits on traffic, a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// How many it takes in a minute.
    pub requests_per_minute: Option<u64>,
    /// How many it takes in a minute, as the provider counts them.
    pub tokens_per_minute: Option<u64>,
}

/// A price, in US dollars per 1M tokens, exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The first price key in the file.
    pub span: Span,
    /// US dollars per 1M input tokens.
    pub input: Rational,
    /// US dollars per 1M output tokens.
    pub output: Rational,
    /// US dollars per 1M input tokens from the cache, where stated.
    pub cached_input: Option<Rational>,
    /// What long prompts cost, where stated.
    pub long_prompt: Option<LongPrompt>,
    /// Percent off every price for batch use cases, where stated.
    pub batch_discount: Option<Rational>,
}

/// What a request costs, all of it, whose prompt is longer than so many tokens; exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongPrompt {
    /// The longest prompt that still costs the ordinary price, in tokens.
    pub above_tokens: u64,
    /// US dollars per 1M input tokens.
    pub input: Rational,
    /// US dollars per 1M output tokens.
    pub output: Rational,
    /// US dollars per 1M input tokens from the cache, where stated.
    pub cached_input: Option<Rational>,
}
