//! The inventory of use cases: what each one needs, who owns it, how much it is expected to use, which outages were
//! rehearsed, as written.

pub mod read;

use crate::number::Rational;
use crate::registry::Date;
use crate::source::{Span, Spanned};

/// All estate files as one document.
#[derive(Debug, Clone, Default)]
pub struct Estate {
    /// Use cases in the order of files and lines.
    pub use_cases: Vec<UseCase>,
    /// Drills in the same order.
    pub drills: Vec<Drill>,
}

impl Estate {
    /// The parts of an estate as one, in their order.
    pub fn of(parts: Vec<Self>) -> Self {
        let mut whole = Self::default();
        for part in parts {
            whole.use_cases.extend(part.use_cases);
            whole.drills.extend(part.drills);
        }
        whole
    }
}

/// A use case in a rehearsed outage.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named like the keys of the estate, which docs/language.md explains")]
pub struct Drill {
    /// The whole entry.
    pub span: Span,
    /// Name or endpoint tag.
    pub use_case: Spanned<String>,
    pub date: Spanned<Date>,
    /// Names of providers, failure domains or models.
    pub down: Vec<Spanned<String>>,
    /// Else it failed.
    pub passed: bool,
    pub answered_by: Option<Spanned<String>>,
    /// Milliseconds.
    pub resolution_ms: Option<Spanned<Rational>>,
}

/// A use case; `None` is not stated, sets are empty where absent.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "named like the keys of the estate, which docs/language.md explains")]
pub struct UseCase {
    /// The whole entry.
    pub span: Span,
    pub name: Spanned<String>,
    pub description: Option<String>,
    pub owner: Spanned<String>,
    pub endpoint_tag: Option<Spanned<String>>,
    pub business_unit: Option<Spanned<String>>,
    pub team: Option<Spanned<String>>,
    pub project: Option<Spanned<String>>,
    pub application: Option<Spanned<String>>,
    pub data_classification: Spanned<String>,
    pub data: Vec<Spanned<String>>,
    /// Names of data sources.
    pub data_sources: Vec<Spanned<String>>,
    pub compliance: Vec<Spanned<String>>,
    pub regulations: Vec<Spanned<String>>,
    /// Empty: anywhere.
    pub residency: Vec<Spanned<String>>,
    /// Days.
    pub retention_max: Option<Spanned<u64>>,
    /// False where absent.
    pub regulated_output: bool,
    /// `minimal`, `limited` or `high`.
    pub risk: Option<Spanned<String>>,
    /// `low`, `normal` or `high`; `normal` where absent.
    pub criticality: String,
    /// `interactive` or `batch`; `interactive` where absent.
    pub workload: String,
    pub capabilities: Vec<Spanned<String>>,
    /// Tokens.
    pub min_context: Option<Spanned<u64>>,
    /// Milliseconds.
    pub latency_sla_ms: Option<Spanned<Rational>>,
    /// Percent.
    pub availability_target: Option<Spanned<Rational>>,
    pub expected_monthly: Option<Spanned<ExpectedMonthly>>,
    /// Percent of the tokens that stand in long prompts.
    pub long_prompts: Option<Spanned<Rational>>,
    pub peak_requests_per_minute: Option<Spanned<u64>>,
    /// US dollars.
    pub budget_estimate_usd_per_month: Option<Spanned<Rational>>,
}

/// Expected use in a month; both token counts are stated or neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedMonthly {
    /// How many in a month.
    pub requests: Option<u64>,
    /// Tokens of all prompts of a month.
    pub input_tokens: Option<u64>,
    /// Tokens of all answers of a month.
    pub output_tokens: Option<u64>,
    /// The part of the input tokens that is read from a cache; 0 where absent.
    pub cached_input_tokens: u64,
}
