//! What a table says of routes: decisions, paths, targets, failover statements, use cases and their axes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AxisName, never_null, or_null};
use crate::vocabulary::TerminalKind;
pub use crate::vocabulary::Trigger;

/// A failover statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a failover statement")]
pub struct Failover {
    /// As the policy writes it.
    pub name: String,
    /// Retries of an endpoint before the next one is asked.
    pub retry: u64,
    /// How long what has failed is taken as unavailable, rounded up; null: not at all.
    #[serde(deserialize_with = "or_null")]
    pub cooldown_seconds: Option<u64>,
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
    /// The request waits until something is up again.
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
    /// The request is refused.
    Block {},
}

impl Terminal {
    /// Which it is, whatever it states.
    pub fn kind(&self) -> TerminalKind {
        match self {
            Self::Queue { .. } => TerminalKind::Queue,
            Self::Degrade { .. } => TerminalKind::Degrade,
            Self::Block {} => TerminalKind::Block,
        }
    }

    /// `queue`, `degrade` or `block`.
    pub fn name(&self) -> &'static str {
        self.kind().name()
    }
}

/// A distinct decision.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a decision")]
pub struct Decision {
    /// Where the request goes; null: block.
    #[serde(deserialize_with = "or_null")]
    pub primary: Option<Primary>,
    /// What is tried when the primary fails, by trigger; a trigger that no path names is block.
    pub paths: Vec<Path>,
    /// Index into `rule_sets`: the rules that apply.
    pub rules: usize,
    /// Indices into `budgets`, ascending.
    pub budgets: Vec<usize>,
    /// Indices into `quotas`, ascending.
    pub quotas: Vec<usize>,
    /// Index into `audits`: the merged audit duty.
    #[serde(deserialize_with = "or_null")]
    pub audit: Option<usize>,
}

impl Decision {
    /// What is tried when the primary is down: the path of `unavailable`, else of `server-error`, else of `timeout`.
    pub fn outage_path(&self) -> Option<&Path> {
        let outages = [Trigger::Unavailable, Trigger::ServerError, Trigger::Timeout];
        outages.into_iter().find_map(|trigger| self.paths.iter().find(|path| path.on.contains(&trigger)))
    }
}

/// The primary of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a primary")]
pub struct Primary {
    /// Index into `models`.
    pub model: usize,
    /// The regions it must be pinned to, sorted; null where every region is allowed.
    #[serde(deserialize_with = "or_null")]
    pub regions: Option<Vec<String>>,
}

/// What is tried on some triggers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a path")]
pub struct Path {
    /// The triggers that lead to it, in the order of the grammar.
    pub on: Vec<Trigger>,
    /// Index into `failovers`.
    pub failover: usize,
    /// Index into `target_lists`.
    pub targets: usize,
}

/// A target of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a target")]
pub struct Target {
    /// Index into `models`.
    pub model: usize,
    /// Blended cost over the primary's: exact to 4 decimals, or `inf`.
    pub cost_multiplier: String,
    /// Actions of `above`, in the order notify, throttle, confirm.
    pub actions: Vec<Action>,
    /// The regions it must be pinned to, sorted; null where every region is allowed.
    #[serde(deserialize_with = "or_null")]
    pub regions: Option<Vec<String>>,
}

/// What to do when a dear target is used.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
#[serde(expecting = "what to do when a target is used")]
pub enum Action {
    /// Somebody is told that it is dear.
    Notify {
        /// Addresses, as written.
        notify: Vec<String>,
    },
    /// Requests are slowed down.
    Throttle {},
    /// Ask someone first.
    Confirm {},
}

/// A use case and its cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a use case")]
pub struct UseCase {
    /// As the estate writes it.
    pub name: String,
    /// A second name that requests may carry.
    #[serde(deserialize_with = "or_null")]
    pub endpoint_tag: Option<String>,
    /// Its own classification.
    pub classification: String,
    /// Index into `grids`: what changes its decision.
    pub axes: usize,
    /// Indices into `decisions`, mixed radix, the first axis most significant.
    pub cells: Vec<usize>,
    /// What its spending is attributed to, by dimension.
    pub tags: BTreeMap<String, String>,
}

/// Something that changes a decision.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an axis")]
pub struct Axis {
    /// `classification`, `budget.remaining`, `budget.NAME.remaining` or a fact.
    pub fact: String,
    /// The values in order, of `classification` and facts; no key on a remaining share.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "never_null")]
    pub values: Option<Vec<String>>,
    /// Conditions such as `<20%`, ascending, of a remaining share; no key elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "never_null")]
    pub cuts: Option<Vec<String>>,
}

impl Axis {
    /// What it is called, read.
    pub fn name(&self) -> AxisName<&str> {
        AxisName::of(&self.fact)
    }

    /// How many positions it has.
    pub fn positions(&self) -> usize {
        match (&self.values, &self.cuts) {
            (Some(values), _) => values.len(),
            (None, Some(cuts)) => cuts.len() + 1,
            (None, None) => 1,
        }
    }
}
