//! The table as JSON has it (docs/table.md). Every key is there: what is absent is null.

mod duties;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::canonical::{canonical_json, sha256_hex};

pub use duties::{Attribution, Audit, Budget, BudgetAt, GuaranteeProof, Proof, Quota};

/// What `format` says.
pub const FORMAT: &str = "govctl-decision-table/1";

/// A whole table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a decision table")]
pub struct Table {
    /// [`FORMAT`].
    pub format: String,
    /// The day that expiries were measured against, `YYYY-MM-DD`.
    pub as_of: String,
    /// The last day on which everything attached to a target still stands; null: nothing ends.
    #[serde(deserialize_with = "or_null")]
    pub valid_until: Option<String>,
    /// SHA-256 of every file read, by `/`-separated path in the workspace.
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
    #[serde(deserialize_with = "or_null")]
    pub attribution: Option<Attribution>,
    /// What was proved.
    pub proof: Proof,
    /// SHA-256 of the canonical JSON without this key.
    pub digest: String,
}

/// A fact that requests may state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a fact")]
pub struct Fact {
    /// Values in declared order.
    pub values: Vec<String>,
    /// The value of a request that does not state it.
    pub default: String,
}

/// A model as one provider serves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a model")]
pub struct Model {
    /// `provider/name`.
    pub id: String,
    /// The provider.
    pub provider: String,
    /// The bare name.
    pub name: String,
    /// US dollars, exact to 9 decimals.
    pub input_usd_per_1m: String,
    /// US dollars, exact to 9 decimals.
    pub output_usd_per_1m: String,
    /// `cloud`, `private-cloud`, `self-hosted`, or null: unknown.
    #[serde(deserialize_with = "or_null")]
    pub hosting: Option<String>,
    /// Null: unknown.
    #[serde(deserialize_with = "or_null")]
    pub jurisdiction: Option<String>,
    /// Sorted; null: unknown.
    #[serde(deserialize_with = "or_null")]
    pub regions: Option<Vec<String>>,
    /// Certifications held on the as-of date, sorted; null: unknown.
    #[serde(deserialize_with = "or_null")]
    pub compliance: Option<Vec<String>>,
    /// Rounded up; null: unknown.
    #[serde(deserialize_with = "or_null")]
    pub retention_days: Option<u64>,
    /// How to reach it; empty where nothing is stated.
    pub endpoint: Map<String, Value>,
    /// Settings of requests; empty where nothing is stated.
    pub profile: Map<String, Value>,
}

/// A failover statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a failover statement")]
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
    #[serde(deserialize_with = "or_null")]
    pub log_as: Option<String>,
    /// Whom to notify, as written.
    pub notify: Vec<String>,
}

/// What happens when no target is up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
#[serde(expecting = "what happens when no target is up")]
pub enum Terminal {
    /// Wait.
    Queue {
        /// How long, rounded up; null: not stated.
        #[serde(deserialize_with = "or_null")]
        seconds: Option<u64>,
    },
    /// Answer with less.
    Degrade {
        /// What to say; null: not stated.
        #[serde(deserialize_with = "or_null")]
        message: Option<String>,
    },
    /// Refuse.
    Block {},
}

/// A distinct decision.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a decision")]
pub struct Decision {
    /// The primary and what stands after it; empty: block.
    pub targets: Vec<Target>,
    /// Index into `failovers`.
    #[serde(deserialize_with = "or_null")]
    pub failover: Option<usize>,
    /// The rules that apply, by name.
    pub rules: Vec<String>,
    /// Indices into `budgets`, ascending.
    pub budgets: Vec<usize>,
    /// Indices into `quotas`, ascending.
    pub quotas: Vec<usize>,
    /// The merged audit duty.
    #[serde(deserialize_with = "or_null")]
    pub audit: Option<Audit>,
}

/// A target of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a target")]
pub struct Target {
    /// Index into `models`.
    pub model: usize,
    /// Blended cost over the primary's: exact to 4 decimals, or `inf`.
    pub cost_multiplier: String,
    /// Actions of `above`, in the order notify, throttle, confirm.
    pub actions: Vec<Action>,
    /// The regions it must be pinned to, sorted; null without residency.
    #[serde(deserialize_with = "or_null")]
    pub regions: Option<Vec<String>>,
}

/// What to do when a dear target is used.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
#[serde(expecting = "what to do when a target is used")]
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

/// A use case and its cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a use case")]
pub struct UseCase {
    /// Its name.
    pub name: String,
    /// A second name that requests may carry.
    #[serde(deserialize_with = "or_null")]
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
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an axis")]
pub struct Axis {
    /// `classification`, `budget.remaining` or a fact.
    pub fact: String,
    /// The values in order, of `classification` and facts; no key on `budget.remaining`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "never_null")]
    pub values: Option<Vec<String>>,
    /// Conditions such as `<20%`, ascending, of `budget.remaining`; no key elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "never_null")]
    pub cuts: Option<Vec<String>>,
}

/// Null or a value, but the key is there: serde alone takes a missing key for null.
fn or_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(reader)
}

/// A value, where the key is there: serde alone takes null too.
fn never_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<T>, D::Error> {
    T::deserialize(reader).map(Some)
}

impl Table {
    /// The digest that this table should have: SHA-256 of its canonical JSON without the key `digest`.
    pub fn digest(&self) -> String {
        self.without_digest().1
    }

    /// The table as its file has it: canonical JSON with the right `digest`, whatever the field says, and no newline
    /// at the end.
    pub fn to_canonical_json(&self) -> String {
        let (mut json, digest) = self.without_digest();
        if let Some(object) = json.as_object_mut() {
            object.insert("digest".to_owned(), Value::String(digest));
        }
        canonical_json(&json)
    }

    fn without_digest(&self) -> (Value, String) {
        // Every key is text, and nothing else could keep a table from being JSON.
        let mut json = serde_json::to_value(self).unwrap_or_default();
        if let Some(object) = json.as_object_mut() {
            object.remove("digest");
        }
        let digest = format!("sha256:{}", sha256_hex(canonical_json(&json).as_bytes()));
        (json, digest)
    }
}
