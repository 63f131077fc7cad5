//! A request as gateways have it in JSON, and what is down as people name it.

use serde_json::{Map, Value};

use super::answer::Decision;
use super::format::AxisName;
use super::format::Model;
use super::load::DecisionTable;
use super::lookup::{NotUnderstood, Request};

impl DecisionTable {
    /// The decision for a request as a gateway has it under `govctl` in its metadata: `use_case`, `classification`,
    /// `budget.remaining`, `budget.NAME.remaining` and `facts`. Null is absent; anything else, and any other key, is not
    /// understood.
    pub fn decide_metadata(&self, metadata: &Map<String, Value>) -> Decision<'_> {
        match self.understood(metadata) {
            Ok(decision) => decision,
            Err(what) => Decision::refused(self, what),
        }
    }

    fn understood(&self, metadata: &Map<String, Value>) -> Result<Decision<'_>, NotUnderstood> {
        let use_case = metadata.get("use_case").and_then(Value::as_str).ok_or(NotUnderstood::UseCase)?;
        let mut request = Request::of(use_case);
        let (mut shares, mut facts) = (Vec::new(), Vec::new());
        for (key, value) in metadata.iter().filter(|(_, value)| !value.is_null()) {
            match key.as_str() {
                "use_case" => {}
                "classification" => {
                    request.classification = Some(value.as_str().ok_or(NotUnderstood::Classification)?);
                }
                "facts" => {
                    let stated = value.as_object().ok_or(NotUnderstood::Fact)?;
                    for (name, value) in stated {
                        facts.push((name.as_str(), self.fact(name, value)?));
                    }
                }
                key => shares.push((key, share(key, value)?)),
            }
        }
        let mut budgets = Vec::new();
        for (key, share) in &shares {
            match AxisName::of(key) {
                AxisName::RemainingOf(budget) => budgets.push((budget, share.as_str())),
                _ => request.budget_remaining = Some(share),
            }
        }
        facts.retain(|(_, value)| !value.is_empty());
        Ok(self.decide(&Request { budgets: &budgets, facts: &facts, ..request }))
    }

    /// The value of a fact; null of a fact that the table has is empty.
    fn fact<'v>(&self, name: &str, value: &'v Value) -> Result<&'v str, NotUnderstood> {
        match value {
            Value::Null if self.table().facts.contains_key(name) => Ok(""),
            Value::String(value) if !value.is_empty() => Ok(value),
            _ => Err(NotUnderstood::Fact),
        }
    }

    /// What is down, by name: a provider or a failure domain; what is neither, a model.
    pub fn down<'a>(&'a self, names: &[&'a str]) -> Down<'a> {
        let models = &self.table().models;
        let is_whole = |name: &&str| {
            models.iter().any(|model| model.provider == **name || model.failure_domain == **name)
        };
        let (whole, single) = names.iter().copied().partition(is_whole);
        Down { whole, single }
    }
}

/// A remaining share: text, or a whole number.
fn share(key: &str, value: &Value) -> Result<String, NotUnderstood> {
    let what = match AxisName::of(key) {
        AxisName::Remaining => NotUnderstood::BudgetRemaining,
        AxisName::RemainingOf(_) => NotUnderstood::Budget,
        AxisName::Classification | AxisName::Fact(_) => return Err(NotUnderstood::Attribute),
    };
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => match number.as_f64() {
            Some(share) if share.fract() == 0.0 => Ok(format!("{share:.0}")),
            _ => Err(what),
        },
        _ => Err(what),
    }
}

/// Providers, failure domains and models that are down.
#[derive(Debug, Clone)]
pub struct Down<'a> {
    whole: Vec<&'a str>,
    single: Vec<&'a str>,
}

impl Down<'_> {
    /// Whether a model is.
    pub fn has(&self, model: &Model) -> bool {
        let whole = [model.provider.as_str(), model.failure_domain.as_str()];
        let single = [model.id.as_str(), model.name.as_str()];
        self.whole.iter().any(|name| whole.contains(name))
            || self.single.iter().any(|name| single.contains(name))
    }
}
