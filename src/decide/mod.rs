//! What a policy decides, twice: [`mod@reference`] reads like the specification, [`engine`] decides a whole workspace at once.
//! They share these types and nothing else.

pub mod compare;
pub mod coverage;
pub mod endings;
pub mod engine;
pub mod outage;
pub mod outside;
mod path;
pub mod reference;
pub mod show;
pub mod survey;
pub mod telling;
pub mod trial;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::names::Set;
use crate::model::trigger::Triggers;
use crate::model::{Aspect, BudgetId, FailoverId, ModelId, QuotaId, RuleId, Tier, Trigger};
use crate::number::{Rational, compare, equal};
use crate::source::Span;
pub use path::Path;

/// The seven gates, in the order of "How a decision is made" in docs/language.md.
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

    /// As the table and machine-readable output have it.
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
    /// The model that serves while nothing fails; none: no model is eligible, and there is no path.
    pub primary: Option<ModelId>,
    /// What is tried when the primary fails, in the order of their first triggers.
    pub paths: Arc<[Path]>,
    /// The budgets that apply, by name.
    pub budgets: Arc<[BudgetId]>,
    /// The quotas that apply, by name.
    pub quotas: Arc<[QuotaId]>,
    /// The merged audit duty; none where no audit statement applies.
    pub audit: Option<Arc<Audit>>,
    /// Where the request may be processed: what the use case states, narrowed by `process in`; none: everywhere.
    pub residency: Option<Arc<Set>>,
}

/// A model that is tried after the primary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The model that is asked then.
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
#[derive(Debug, Clone)]
pub enum Multiplier {
    /// Times the primary, exact.
    Finite(Rational),
    /// Over a primary that costs nothing.
    Infinite,
}

// By numbers that are small: comparing fractions of any size takes many times as long.
impl PartialEq for Multiplier {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Finite(a), Self::Finite(b)) => equal(a, b),
            (Self::Infinite, Self::Infinite) => true,
            _ => false,
        }
    }
}

impl Eq for Multiplier {}

impl PartialOrd for Multiplier {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Multiplier {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Finite(a), Self::Finite(b)) => compare(a, b),
            (Self::Finite(_), Self::Infinite) => Ordering::Less,
            (Self::Infinite, Self::Finite(_)) => Ordering::Greater,
            (Self::Infinite, Self::Infinite) => Ordering::Equal,
        }
    }
}

impl Multiplier {
    /// That of a primary.
    pub fn one() -> Self {
        Self::Finite(crate::number::whole(1))
    }
}

/// A candidate that was walked and is no target, with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The model that is not asked.
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
    /// On `context-exceeded` its context window is not known to be larger, and no `match` asks for that.
    pub window: bool,
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
    /// Triggers for which two or more failover statements are left, and these.
    pub failovers: Vec<(Trigger, Vec<FailoverId>)>,
    /// Statements that some trigger leads to and whose chains give a model two successors, by name.
    pub forks: Vec<FailoverId>,
}

impl Undefined {
    /// The sets of failover statements that claim one trigger, each with all such triggers.
    pub fn claims(&self) -> BTreeMap<&[FailoverId], Triggers> {
        let mut claims: BTreeMap<&[FailoverId], Triggers> = BTreeMap::new();
        for (trigger, ids) in &self.failovers {
            claims.entry(ids).or_default().add(*trigger);
        }
        claims
    }
}
