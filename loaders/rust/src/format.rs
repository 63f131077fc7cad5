//! The table as JSON has it (docs/table.md). Every key is there: what is absent is null.

mod axis_name;
mod decisions;
mod duties;
mod models;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::canonical::{canonical_members, sha256_hex_of};

pub use axis_name::AxisName;
pub use decisions::{Action, Axis, Decision, Failover, Path, Primary, Target, Terminal, Trigger, UseCase};
pub use duties::{Attribution, Audit, Budget, BudgetAt, GuaranteeProof, Proof, Quota, QuotaTerminal};
pub use models::{LongPrompt, Model};

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
    /// The last day on which every decision still stands; null: nothing that matters ends or begins.
    #[serde(deserialize_with = "or_null")]
    pub valid_until: Option<String>,
    /// What ends or begins after that day, such as `certification gdpr of openai`; null with `valid_until`.
    #[serde(deserialize_with = "or_null")]
    pub ends: Option<String>,
    /// SHA-256 of every file read, by `/`-separated path in the workspace.
    pub sources: BTreeMap<String, String>,
    /// Lowest first.
    pub classifications: Vec<String>,
    /// Facts that requests may state.
    pub facts: BTreeMap<String, Fact>,
    /// The targets of some decision, by id.
    pub models: Vec<Model>,
    /// The failover statements that some path names, by name.
    pub failovers: Vec<Failover>,
    /// Distinct lists of rules, each sorted by name, in the order in which decisions first need them.
    pub rule_sets: Vec<Vec<String>>,
    /// Distinct lists of targets, in the order in which the paths of decisions first need them.
    pub target_lists: Vec<Vec<Target>>,
    /// Distinct audit duties, in the order in which decisions first need them.
    pub audits: Vec<Audit>,
    /// Distinct decisions, in the order in which the cells first need them.
    pub decisions: Vec<Decision>,
    /// Distinct lists of axes, in the order in which use cases first need them.
    pub grids: Vec<Vec<Axis>>,
    /// Use cases by name.
    pub use_cases: Vec<UseCase>,
    /// All budgets, by name.
    pub budgets: Vec<Budget>,
    /// All quotas, by name.
    pub quotas: Vec<Quota>,
    /// The `because` of the rules and failover statements that some decision names, by `KIND NAME`; null where there is
    /// none.
    pub reasons: BTreeMap<String, Option<String>>,
    /// Attribution, if stated.
    #[serde(deserialize_with = "or_null")]
    pub attribution: Option<Attribution>,
    /// `request` of `govctl.yaml`: where gateways find use case and facts; empty where nothing is stated.
    pub request: Map<String, Value>,
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

/// Null or a value, but the key is there: serde alone takes a missing key for null.
fn or_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(reader)
}

/// A value, where the key is there: serde alone takes null too.
fn never_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<T>, D::Error> {
    T::deserialize(reader).map(Some)
}

/// The key of what is computed from all others.
const DIGEST: &str = "digest";

impl Table {
    /// The digest that this table should have: SHA-256 of its canonical JSON without the key `digest`.
    pub fn digest(&self) -> String {
        self.sealed().1
    }

    /// The table as its file has it: canonical JSON with the right `digest`, whatever the field says, and no newline
    /// at the end.
    pub fn to_canonical_json(&self) -> String {
        self.sealed().0
    }

    /// The same, and the digest.
    pub fn sealed(&self) -> (String, String) {
        // Every key is text, and nothing else could keep a table from being JSON.
        let json = serde_json::to_value(self).unwrap_or_default();
        let members = json.as_object().into_iter().flatten().filter(|(key, _)| *key != DIGEST);
        // The keys are letters, so that bytes order them as canonical JSON does.
        let (before, after): (Vec<_>, Vec<_>) = members.partition(|(key, _)| key.as_str() < DIGEST);
        let [mut text, after] = [before, after].map(|part| canonical_members(part));
        text.insert(0, '{');
        text.push(',');
        let rest = after + "}";
        let digest = format!("sha256:{}", sha256_hex_of(&[text.as_bytes(), rest.as_bytes()]));
        let sealed = format!("{text}\"{DIGEST}\":\"{digest}\",{rest}");
        (sealed, digest)
    }
}
