//! Loading: every check of docs/table.md, and the whole table is refused on any fault.

use std::collections::HashMap;

use super::canonical::canonical_json;
use super::error::LoadError;
use super::faults::{self, Cut};
use super::format::Table;

/// The largest table that is read, in bytes.
const MAX_BYTES: usize = 1 << 30;

/// How to load.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// The current day, `YYYY-MM-DD`: the library reads no clock. None: `valid_until` is not checked.
    pub today: Option<String>,
    /// Load a table whose `valid_until` has passed all the same.
    pub allow_expired: bool,
}

impl LoadOptions {
    /// Refuses a table that is no longer valid on a day.
    pub fn at(today: impl Into<String>) -> Self {
        Self { today: Some(today.into()), allow_expired: false }
    }
}

/// A checked table, ready to answer.
#[derive(Debug, Clone)]
pub struct DecisionTable {
    pub(super) table: Table,
    /// Use cases by name and by endpoint tag.
    pub(super) use_cases: HashMap<String, usize>,
    pub(super) plans: Vec<Plan>,
}

/// How to find a use case's cell.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// Level of its own classification.
    pub(super) level: usize,
    pub(super) axes: Vec<AxisPlan>,
}

/// How to find the position on an axis.
#[derive(Debug, Clone)]
pub(super) enum AxisPlan {
    Classification,
    Budget(Vec<Cut>),
    Fact { name: String, values: Vec<String>, default: usize },
}

impl AxisPlan {
    /// How many positions it has.
    pub(super) fn size(&self, plan: &Plan, levels: usize) -> usize {
        match self {
            Self::Classification => levels - plan.level,
            Self::Budget(cuts) => cuts.len() + 1,
            Self::Fact { values, .. } => values.len(),
        }
    }
}

impl DecisionTable {
    /// Loads a table from its bytes.
    ///
    /// # Errors
    ///
    /// The first fault: no JSON, another format, bytes that are not canonical, an index past the end, a digest that
    /// does not fit, or a `valid_until` that has passed.
    pub fn from_slice(bytes: &[u8], options: &LoadOptions) -> Result<Self, LoadError> {
        if bytes.len() > MAX_BYTES {
            return Err(LoadError::new("", "it is larger than 1 GiB"));
        }
        let table: Table = serde_json::from_slice(bytes)
            .map_err(|error| LoadError::new("", format!("it is no table: {error}")))?;
        faults::check(&table)?;
        // What was read, written again, must be the same bytes: so there are no repeated keys and one form only.
        let value = serde_json::to_value(&table).map_err(|error| LoadError::new("", error.to_string()))?;
        if canonical_json(&value).as_bytes() != bytes {
            return Err(LoadError::new("", "its bytes are not canonical JSON (RFC 8785)"));
        }
        if table.computed_digest() != table.digest {
            return Err(LoadError::new("digest", "it does not fit the content: the table was changed"));
        }
        if let (Some(until), Some(today)) = (&table.valid_until, &options.today) {
            if !faults::is_date(today) {
                return Err(LoadError::new("", format!("the current day `{today}` is no day")));
            }
            if today > until && !options.allow_expired {
                let what =
                    format!("something that a target rests on ended after {until}; compile the policy again");
                return Err(LoadError::new("valid_until", what));
            }
        }
        Ok(Self::indexed(table))
    }

    fn indexed(table: Table) -> Self {
        let mut use_cases = HashMap::new();
        for (at, use_case) in table.use_cases.iter().enumerate() {
            use_cases.insert(use_case.name.clone(), at);
            use_cases.extend(use_case.endpoint_tag.clone().map(|tag| (tag, at)));
        }
        let plans = table.use_cases.iter().map(|use_case| {
            let level = table.classifications.iter().position(|known| *known == use_case.classification);
            let axes = use_case.axes.iter().map(|axis| match (&axis.cuts, axis.fact.as_str()) {
                (_, "classification") => AxisPlan::Classification,
                (Some(cuts), _) => AxisPlan::Budget(cuts.iter().filter_map(|cut| Cut::parse(cut)).collect()),
                (None, fact) => {
                    let values = axis.values.clone().unwrap_or_default();
                    let default = table.facts.get(fact).map_or("", |fact| fact.default.as_str());
                    let default = values.iter().position(|value| value == default).unwrap_or(0);
                    AxisPlan::Fact { name: fact.to_owned(), values, default }
                }
            });
            Plan { level: level.unwrap_or(0), axes: axes.collect() }
        });
        let plans = plans.collect();
        Self { use_cases, plans, table }
    }

    /// The table as it was read.
    pub fn table(&self) -> &Table {
        &self.table
    }
}
