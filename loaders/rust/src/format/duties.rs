//! What a table says beside routes: audit, budgets, quotas, attribution, proof.

use serde::{Deserialize, Serialize};

use super::{never_null, or_null};

/// What auditing demands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an audit duty")]
pub struct Audit {
    /// Days, rounded up; null: not stated.
    #[serde(deserialize_with = "or_null")]
    pub retain_days: Option<u64>,
    /// Whether lineage is required.
    pub lineage: bool,
    /// Kinds of data, sorted.
    pub mask: Vec<String>,
    /// Sorted.
    pub owners: Vec<String>,
}

/// A limit on spending for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a budget")]
pub struct Budget {
    /// Which decisions list.
    pub name: String,
    /// Providers and ids of models: only what is spent on these counts; sorted, empty: everything counts.
    pub on: Vec<String>,
    /// US dollars per period, exact to 9 decimals.
    pub limit_usd: String,
    /// `day`, `week`, `month`, `quarter` or `year`.
    pub period: String,
    /// A dimension or a fact, with a limit for each of its values; null: one for all.
    #[serde(deserialize_with = "or_null")]
    pub per: Option<String>,
    /// The parent's name.
    #[serde(deserialize_with = "or_null")]
    pub within: Option<String>,
    /// `chargeback`, `showback` or null.
    #[serde(deserialize_with = "or_null")]
    pub mode: Option<String>,
    /// Actions at shares spent, ascending; one at least is at 100%.
    pub at: Vec<BudgetAt>,
    /// Who answers for it.
    #[serde(deserialize_with = "or_null")]
    pub owner: Option<String>,
    /// Whom to escalate to, as written.
    pub escalate: Vec<String>,
}

/// What a budget does at a share spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "what a budget does")]
pub struct BudgetAt {
    /// A percent such as `80%`.
    pub used: String,
    /// `notify`, `throttle`, `queue` or `block`.
    pub action: String,
    /// Addresses of `notify`, as written; no key with other actions.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "never_null")]
    pub notify: Option<Vec<String>>,
}

/// A limit on requests or tokens for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a quota")]
pub struct Quota {
    /// Which decisions list.
    pub name: String,
    /// A provider, a model's id, or null: all traffic.
    #[serde(deserialize_with = "or_null")]
    pub on: Option<String>,
    /// A dimension or a fact, with limits for each of its values; null: one for all.
    #[serde(deserialize_with = "or_null")]
    pub per: Option<String>,
    /// Null: not limited.
    #[serde(deserialize_with = "or_null")]
    pub requests_per_minute: Option<u64>,
    /// Null: not limited.
    #[serde(deserialize_with = "or_null")]
    pub tokens_per_minute: Option<u64>,
    /// Null: not limited.
    #[serde(deserialize_with = "or_null")]
    pub requests_per_day: Option<u64>,
    /// Null: not limited.
    #[serde(deserialize_with = "or_null")]
    pub tokens_per_day: Option<u64>,
    /// What happens when it is used up.
    pub then: QuotaTerminal,
}

/// What happens when a quota is used up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
#[serde(expecting = "what happens when a quota is used up")]
pub enum QuotaTerminal {
    /// The request waits until the period is over.
    Queue {
        /// How long, rounded up; null: not stated.
        #[serde(deserialize_with = "or_null")]
        seconds: Option<u64>,
    },
    /// Fail over, as on `rate-limited`.
    Failover {},
    /// The request is refused until the period is over.
    Block {},
}

/// What every request has to be attributed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "attribution")]
pub struct Attribution {
    /// Dimensions, sorted.
    pub require: Vec<String>,
    /// `chargeback`, `showback` or null.
    #[serde(deserialize_with = "or_null")]
    pub mode: Option<String>,
    /// A percent such as `20%`, or null.
    #[serde(deserialize_with = "or_null")]
    pub anomaly_above: Option<String>,
}

/// What was proved before the table was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a proof")]
pub struct Proof {
    /// Contexts decided.
    pub contexts: u64,
    /// Guarantees by name.
    pub guarantees: Vec<GuaranteeProof>,
}

/// A guarantee that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a guarantee")]
pub struct GuaranteeProof {
    /// As the policy writes it.
    pub name: String,
    /// Contexts in which its `for` is true.
    pub contexts: u64,
}
