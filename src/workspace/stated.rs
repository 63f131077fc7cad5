//! The names under `request` in `govctl.yaml`: each is an attribute of requests, or somebody may state what only
//! credentials were to state.

use std::collections::HashSet;

use crate::diag::nearest::Effort;
use crate::diag::{Finding, code};
use crate::limits::MAX_FINDINGS_PER_FILE;
use crate::load::Config;
use crate::model::World;
use crate::source::Spanned;
use crate::yaml::Value;

/// What requests state in every workspace.
pub(crate) const FIXED: [&str; 3] = ["use_case", "classification", "budget.remaining"];

/// What a key may state beside it: the use cases of which a request states one.
const OF_KEYS: &str = "use_cases";

/// The attributes that `from_credentials` and `claims` name, in their order.
pub(crate) fn attributes(config: &Config) -> impl Iterator<Item = Spanned<String>> {
    let of = |key: &str| config.request.as_ref().and_then(|request| request.get(key));
    let listed = of("from_credentials").map(Value::items).unwrap_or_default();
    let claims = of("claims").map(Value::entries).unwrap_or_default();
    listed.iter().filter_map(Value::spanned).chain(claims.iter().map(|(name, _)| name.clone()))
}

/// Whether an attribute is one of every workspace.
pub(crate) fn is_fixed(name: &str) -> bool {
    FIXED.contains(&name) || name == OF_KEYS
}

/// Names that no request states.
pub(super) fn unknown(config: &Config, world: &World) -> Vec<Finding> {
    if attributes(config).next().is_none() {
        return Vec::new();
    }
    let budgets = world.budgets.iter().map(|budget| format!("budget.{}.remaining", budget.name.value));
    let facts = world.facts.iter().map(|fact| fact.name.clone());
    let others: Vec<String> = facts.chain(budgets).collect();
    let candidates: Vec<&str> = FIXED.into_iter().chain(others.iter().map(String::as_str)).collect();
    let known: HashSet<&str> = candidates.iter().copied().chain([OF_KEYS]).collect();
    let unknown = attributes(config).filter(|name| !known.contains(name.value.as_str()));
    let mut effort = Effort::default();
    let finding = |name: Spanned<String>| {
        let message = format!("no attribute of requests or fact is called `{}`", name.value);
        let help = effort.help(&name.value, "an attribute or fact", &candidates);
        Finding::error(code::UNKNOWN_NAME, name.span, message).label("unknown name").help(help)
    };
    unknown.take(MAX_FINDINGS_PER_FILE).map(finding).collect()
}
