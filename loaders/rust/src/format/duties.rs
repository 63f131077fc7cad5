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

/// A budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a budget")]
pub struct Budget {
    /// Its name.
    pub name: String,
    /// US dollars per period, exact to 9 decimals.
    pub limit_usd: String,
    /// `day`, `week` or `month`.
    pub period: String,
    /// A dimension, or null: one for all.
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

/// A quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a quota")]
pub struct Quota {
    /// Its name.
    pub name: String,
    /// A provider, a model's id, or null: all traffic.
    #[serde(deserialize_with = "or_null")]
    pub on: Option<String>,
    /// Null: not limited.
    #[serde(deserialize_with = "or_null")]
    pub requests_per_minute: Option<u64>,
    /// Null: not limited.
    #[serde(deserialize_with = "or_null")]
    pub tokens_per_minute: Option<u64>,
}

/// Attribution.
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
    /// Its name.
    pub name: String,
    /// Contexts in which its `for` is true.
    pub contexts: u64,
}
