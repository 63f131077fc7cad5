//! What a table says of models: prices, places, how to reach them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::or_null;

/// A model as one provider serves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a model")]
pub struct Model {
    /// `provider/name`.
    pub id: String,
    /// What the id begins with.
    pub provider: String,
    /// The bare name.
    pub name: String,
    /// What falls together has one; the provider's name where nothing is stated.
    pub failure_domain: String,
    /// US dollars, exact to 9 decimals.
    pub input_usd_per_1m: String,
    /// US dollars, exact to 9 decimals.
    pub output_usd_per_1m: String,
    /// Input that is read from the provider's cache; null: as other input.
    #[serde(deserialize_with = "or_null")]
    pub cached_input_usd_per_1m: Option<String>,
    /// A percent off every price for batch use cases, such as `50%`; null: none.
    #[serde(deserialize_with = "or_null")]
    pub batch_discount: Option<String>,
    /// What longer prompts cost; null: the same.
    #[serde(deserialize_with = "or_null")]
    pub long_prompt: Option<LongPrompt>,
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

/// What a request costs whose prompt is longer than a limit, all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "prices of long prompts")]
pub struct LongPrompt {
    /// The longest prompt that still has the plain prices.
    pub above_tokens: u64,
    /// US dollars, exact to 9 decimals.
    pub input_usd_per_1m: String,
    /// US dollars, exact to 9 decimals.
    pub output_usd_per_1m: String,
    /// Null: as other input of long prompts.
    #[serde(deserialize_with = "or_null")]
    pub cached_input_usd_per_1m: Option<String>,
}
