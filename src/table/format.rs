//! The table as JSON has it (docs/table.md). Absent optional values are null; sets are sorted by bytes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::canonical::{canonical_json, sha256_hex};

/// What `format` says.
pub const FORMAT: &str = "govctl-decision-table/1";

/// A whole table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// [`FORMAT`].
    pub format: String,
    /// The day that expiries were measured against, `YYYY-MM-DD`.
    pub as_of: String,
    /// The last day on which everything attached to a target still stands; null: nothing ends.
    pub valid_until: Option<String>,
    /// SHA-256 of every file read, by path.
    pub sources: BTreeMap<String, String>,
    /// Lowest first.
    pub classifications: Vec<String>,
    /// Facts that requests may state.
    pub facts: BTreeMap<String, Fact>,
    /// The targets of some decision, by id.
    pub models: Vec<Model>,
    /// The failover statements that some decision names, by name.
    pub failovers: Vec<Failover>,
    /// Distinct decisions, in the order in which the cells first need them.
    pub decisions: Vec<Decision>,
    /// Use cases by name.
    pub use_cases: Vec<UseCase>,
    /// All budgets, by name.
    pub budgets: Vec<Budget>,
    /// All quotas, by name.
    pub quotas: Vec<Quota>,
    /// Attribution, if stated.
    pub attribution: Option<Attribution>,
    /// What was proved.
    pub proof: Proof,
    /// SHA-256 of the canonical JSON without this key.
    pub digest: String,
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Values in declared order.
    pub values: Vec<String>,
    /// The value of a request that does not state it.
    pub default: String,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// `provider/name`.
    pub id: String,
    /// The provider.
    pub provider: String,
    /// The bare name.
    pub name: String,
    /// Exact to 9 decimals.
    pub input_usd_per_1m: String,
    /// Exact to 9 decimals.
    pub output_usd_per_1m: String,
    /// Null: unknown.
    pub hosting: Option<String>,
    /// Null: unknown.
    pub jurisdiction: Option<String>,
    /// Null: unknown.
    pub regions: Option<Vec<String>>,
    /// Certifications held on the as-of date; null: unknown.
    pub compliance: Option<Vec<String>>,
    /// Null: unknown.
    pub retention_days: Option<u64>,
    /// How to reach it.
    pub endpoint: Map<String, Value>,
    /// Settings of requests.
    pub profile: Map<String, Value>,
}

/// A failover statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failover {
    /// Its name.
    pub name: String,
    /// Triggers, sorted.
    pub on: Vec<String>,
    /// Retries before failing over.
    pub retry: u64,
    /// What happens when no target is up.
    pub then: Terminal,
    /// Under which name failovers are logged.
    pub log_as: Option<String>,
    /// Whom to notify, as written.
    pub notify: Vec<String>,
}

/// What happens when no target is up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Terminal {
    /// Wait.
    Queue {
        /// How long; null: not stated.
        seconds: Option<u64>,
    },
    /// Answer with less.
    Degrade {
        /// What to say; null: not stated.
        message: Option<String>,
    },
    /// Refuse.
    Block {},
}

/// A distinct decision.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The primary and what stands after it; empty: block.
    pub targets: Vec<Target>,
    /// Index into `failovers`.
    pub failover: Option<usize>,
    /// The rules that apply, by name.
    pub rules: Vec<String>,
    /// Indices into `budgets`.
    pub budgets: Vec<usize>,
    /// Indices into `quotas`.
    pub quotas: Vec<usize>,
    /// The merged audit duty.
    pub audit: Option<Audit>,
}

/// A target.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Index into `models`.
    pub model: usize,
    /// Exact to 4 decimals, or `inf`.
    pub cost_multiplier: String,
    /// Actions of `above`, in the order notify, throttle, confirm.
    pub actions: Vec<Action>,
    /// The regions it must be pinned to; null without residency.
    pub regions: Option<Vec<String>>,
}

/// What to do when a dear target is used.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Tell these.
    Notify {
        /// Addresses, as written.
        notify: Vec<String>,
    },
    /// Slow down.
    Throttle {},
    /// Ask someone first.
    Confirm {},
}

/// What auditing demands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// Days, rounded up; null: not stated.
    pub retain_days: Option<u64>,
    /// Whether lineage is required.
    pub lineage: bool,
    /// Kinds of data, sorted.
    pub mask: Vec<String>,
    /// Sorted.
    pub owners: Vec<String>,
}

/// A use case and its cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseCase {
    /// Its name.
    pub name: String,
    /// A second name.
    pub endpoint_tag: Option<String>,
    /// Its own classification.
    pub classification: String,
    /// What changes its decision: classification, `budget.remaining`, facts by name.
    pub axes: Vec<Axis>,
    /// Indices into `decisions`, mixed radix, the first axis most significant.
    pub cells: Vec<usize>,
    /// Attribution tags.
    pub tags: BTreeMap<String, String>,
}

/// Something that changes a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// `classification`, `budget.remaining` or a fact.
    pub fact: String,
    /// The values, in order; of `classification` and facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
    /// Conditions such as `<20%`, ascending; of `budget.remaining`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cuts: Option<Vec<String>>,
}

/// A budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Its name.
    pub name: String,
    /// US dollars per period, exact to 9 decimals.
    pub limit_usd: String,
    /// `day`, `week` or `month`.
    pub period: String,
    /// A dimension, or null: one for all.
    pub per: Option<String>,
    /// The parent's name.
    pub within: Option<String>,
    /// `chargeback`, `showback` or null.
    pub mode: Option<String>,
    /// Actions at shares spent, ascending.
    pub at: Vec<BudgetAt>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Whom to escalate to, as written.
    pub escalate: Vec<String>,
}

/// What a budget does at a share spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetAt {
    /// A percent such as `80%`.
    pub used: String,
    /// `notify`, `throttle`, `queue` or `block`.
    pub action: String,
    /// Addresses of `notify`, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify: Option<Vec<String>>,
}

/// A quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Its name.
    pub name: String,
    /// A provider, a model's id, or null: all traffic.
    pub on: Option<String>,
    /// Null: not limited.
    pub requests_per_minute: Option<u64>,
    /// Null: not limited.
    pub tokens_per_minute: Option<u64>,
}

/// Attribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribution {
    /// Dimensions, sorted.
    pub require: Vec<String>,
    /// `chargeback`, `showback` or null.
    pub mode: Option<String>,
    /// A percent such as `20%`, or null.
    pub anomaly_above: Option<String>,
}

/// What was proved before the table was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Contexts decided.
    pub contexts: u64,
    /// Guarantees by name.
    pub guarantees: Vec<GuaranteeProof>,
}

/// A guarantee that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuaranteeProof {
    /// Its name.
    pub name: String,
    /// Contexts in which its `for` is true.
    pub contexts: u64,
}

impl Table {
    /// The digest that this table should have: SHA-256 of its canonical JSON without the key `digest`.
    pub fn computed_digest(&self) -> String {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(object) = value.as_object_mut() {
            object.remove("digest");
        }
        format!("sha256:{}", sha256_hex(canonical_json(&value).as_bytes()))
    }

    /// Sets the digest and writes the table as canonical JSON, without a newline at the end.
    pub fn seal(&mut self) -> String {
        self.digest = self.computed_digest();
        canonical_json(&serde_json::to_value(&*self).unwrap_or_default())
    }
}
