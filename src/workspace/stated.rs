//! The names under `request` in `govctl.yaml`: each is an attribute of requests, or somebody may state what only
//! credentials were to state.

use crate::diag::{Finding, code, nearest};
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

/// The budget of which an attribute is the share that is left.
pub(crate) fn budget(name: &str) -> Option<&str> {
    name.strip_prefix("budget.")?.strip_suffix(".remaining")
}

/// Names that no request states.
pub(super) fn unknown(config: &Config, world: &World) -> Vec<Finding> {
    let is_budget = |name: &str| world.budgets.iter().any(|budget| budget.name.value == name);
    let is_fact = |name: &str| world.facts.iter().any(|fact| fact.name == name);
    let is_known = |name: &str| is_fixed(name) || is_fact(name) || budget(name).is_some_and(is_budget);
    let shares = || world.budgets.iter().map(|budget| format!("budget.{}.remaining", budget.name.value));
    let unknown = attributes(config).filter(|name| !is_known(&name.value)).take(MAX_FINDINGS_PER_FILE);
    unknown
        .map(|name| {
            let shares: Vec<String> = shares().collect();
            let facts = world.facts.iter().map(|fact| fact.name.as_str());
            let candidates: Vec<&str> =
                FIXED.into_iter().chain(facts).chain(shares.iter().map(String::as_str)).collect();
            let message = format!("no attribute of requests or fact is called `{}`", name.value);
            Finding::error(code::UNKNOWN_NAME, name.span, message).label("unknown name").help(nearest::help(
                &name.value,
                "an attribute or fact",
                &candidates,
            ))
        })
        .collect()
}
