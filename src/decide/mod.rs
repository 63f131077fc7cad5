//! What a policy decides, twice: [`mod@reference`] reads like the specification, [`engine`] decides a whole workspace at once.
//! They share these types and nothing else.

pub mod engine;
pub mod outage;
pub mod reference;
pub mod show;

use std::sync::Arc;

use crate::model::{Aspect, BudgetId, FailoverId, ModelId, QuotaId, RuleId, Tier};
use crate::number::Rational;
use crate::source::Span;

/// The seven gates, in the order of the specification (§8.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the gates of docs/language.md")]
pub enum Gate {
    ApprovedUseCase,
    ClassificationCeiling,
    ComplianceCoverage,
    Residency,
    Retention,
    Lifecycle,
    Capability,
}

impl Gate {
    /// All, in order.
    pub const ALL: [Gate; 7] = [
        Self::ApprovedUseCase,
        Self::ClassificationCeiling,
        Self::ComplianceCoverage,
        Self::Residency,
        Self::Retention,
        Self::Lifecycle,
        Self::Capability,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ApprovedUseCase => "approved-use-case",
            Self::ClassificationCeiling => "classification-ceiling",
            Self::ComplianceCoverage => "compliance-coverage",
            Self::Residency => "residency",
            Self::Retention => "retention",
            Self::Lifecycle => "lifecycle",
            Self::Capability => "capability",
        }
    }
}

/// A decision for a use case in a context. Decisions that agree on a list may share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The rules that apply, by name.
    pub rules: Arc<[RuleId]>,
    /// The failover statement that applies.
    pub failover: Option<FailoverId>,
    /// The primary and what stands after it; empty: no eligible model.
    pub targets: Arc<[Target]>,
    /// Candidates that were walked and left out, in the order of the walk.
    pub left_out: Arc<[LeftOut]>,
    /// The budgets that apply, by name.
    pub budgets: Arc<[BudgetId]>,
    /// The quotas that apply, by name.
    pub quotas: Arc<[QuotaId]>,
    /// The merged audit duty; none where no audit statement applies.
    pub audit: Option<Arc<Audit>>,
}

/// A model that may serve the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Which.
    pub model: ModelId,
    /// Its blended cost over the primary's.
    pub multiplier: Multiplier,
    /// The addresses of `above … notify`, as written; none where no such action stands on it.
    pub notify: Option<Vec<String>>,
    /// `above … throttle` stands on it.
    pub throttle: bool,
    /// `above … confirm` stands on it.
    pub confirm: bool,
}

/// A ratio of costs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Multiplier {
    /// A number.
    Finite(Rational),
    /// Over a primary that costs nothing.
    Infinite,
}

/// A candidate that was walked and is no target, with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which.
    pub model: ModelId,
    /// The model before it on the walk.
    pub from: ModelId,
    /// The arrow or registry line that leads to it; none with `follow ranking`.
    pub link: Option<Span>,
    /// Gates that it fails.
    pub gates: Vec<Gate>,
    /// Rules whose promises exclude it, by name.
    pub rules: Vec<RuleId>,
    /// `match` aspects that it does not hold.
    pub mismatches: Vec<Aspect>,
    /// The lowest threshold of an `above … block` that it passes, as the clause's place.
    pub too_dear: Option<Span>,
    /// Its cost over the primary's.
    pub multiplier: Multiplier,
}

/// What auditing a request demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Days to keep records, rounded up.
    pub retain_days: Option<u64>,
    /// Whether lineage is required.
    pub lineage: bool,
    /// Kinds of data to mask, sorted.
    pub mask: Vec<String>,
    /// Who answers for it, sorted.
    pub owners: Vec<String>,
}

/// Why a decision is not defined: two statements that claim it, or a chain that forks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undefined {
    /// Tiers in which several rules still prefer, and those rules.
    pub preferences: Vec<(Tier, Vec<RuleId>)>,
    /// The failover statements left, if two or more.
    pub failovers: Vec<FailoverId>,
    /// The failover statement that applies, if its chains give a model two successors.
    pub fork: Option<FailoverId>,
}

/// A model that is not eligible, and everything that removes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// Which.
    pub model: ModelId,
    /// Gates that it fails, in order.
    pub gates: Vec<Gate>,
    /// Rules whose promises exclude it, by name.
    pub rules: Vec<RuleId>,
}
