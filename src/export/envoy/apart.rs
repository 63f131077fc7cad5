//! Which models a quota or a budget counts, and what it counts apart.

use super::Plan;
use super::budget;
use super::parts::literal;
use crate::limits::gateways;
use crate::table::format::{Decision, Model, Quota, UseCase};

/// Dimensions that a use case states. The table holds those that `attribution` requires.
pub(super) const STATED: [&str; 4] = ["application", "business_unit", "project", "team"];

/// Whether what stands after `on` is a model or its provider. In a table a model stands by its id alone: a bare name is
/// a provider, also where another provider has a model of that name.
pub(super) fn selects(on: &str, model: &Model) -> bool {
    on == model.provider || on == model.id
}

/// The header that holds what a quota counts apart, where only a request says it.
pub(super) fn apart_by_header(plan: &Plan, quota: &Quota) -> Option<String> {
    match quota.per.as_deref()? {
        "user" => Some("x-decide-user".to_owned()),
        fact => plan.table.facts.contains_key(fact).then(|| super::matcher::stated(plan, fact)),
    }
}

/// What a cell counts apart: a text that is known already, or a header that the front listener states.
pub(super) fn value(plan: &Plan, use_case: &UseCase, per: Option<&str>) -> Result<String, String> {
    let tag = |name: &str| use_case.tags.get(name).cloned();
    match per {
        None | Some("provider" | "model") => Ok("-".to_owned()),
        Some("use_case") => Ok(use_case.name.clone()),
        Some("user") => Err("x-decide-user".to_owned()),
        Some(fact) if plan.table.facts.contains_key(fact) => Err(super::matcher::stated(plan, fact)),
        Some(dimension) => Ok(tag(dimension).unwrap_or_else(|| "-".to_owned())),
    }
}

/// The same as the value of a header.
pub(super) fn apart_value(plan: &Plan, use_case: &UseCase, per: Option<&str>) -> String {
    value(plan, use_case, per).map_or_else(|name| format!("%REQ({name})%"), |text| literal(&text))
}

/// How many values a quota counts apart at most. All but users are of closed sets.
pub(super) fn most_values(plan: &Plan, per: Option<&str>) -> usize {
    let of_facts = plan.table.facts.values().map(|fact| fact.values.len()).max().unwrap_or(1);
    let known = plan.table.use_cases.len().max(plan.table.models.len()).max(of_facts).max(1);
    if per == Some("user") { gateways::ENVOY_USERS.max(known) } else { known }
}

/// Whether some limit of a decision counts each user apart, so that a request has to say whose it is.
pub(super) fn asks_user(plan: &Plan, decision: &Decision) -> bool {
    let is_of_users = |per: &Option<String>| per.as_deref() == Some("user");
    let quotas = decision.quotas.iter().filter_map(|at| plan.table.quotas.get(*at));
    let budgets = budget::counted(plan).filter(|(number, _)| decision.budgets.contains(number));
    plan.request.jwks.is_some()
        && decision.primary.is_some()
        && (quotas.into_iter().any(|quota| is_of_users(&quota.per))
            || budgets.into_iter().any(|(_, budget)| is_of_users(&budget.per)))
}

/// What a limit should count apart, and nothing tells: users without verified tokens, and a dimension that `attribution`
/// does not require, so that the table does not hold it of some use case that the limit covers.
pub(super) fn untold(
    plan: &Plan,
    per: Option<&str>,
    covers: impl Fn(&Decision) -> bool,
) -> Option<&'static str> {
    if per == Some("user") {
        return plan.request.jwks.is_none().then_some("user");
    }
    let dimension = STATED.into_iter().find(|known| per == Some(*known))?;
    let is_required = |name: &String| name == dimension;
    if plan.table.attribution.as_ref().is_some_and(|asked| asked.require.iter().any(is_required)) {
        return None;
    }
    let covered = |use_case: &UseCase| {
        use_case.cells.iter().filter_map(|at| plan.table.decisions.get(*at)).any(&covers)
    };
    let mut lacking = plan.table.use_cases.iter().filter(|one| !one.tags.contains_key(dimension));
    lacking.any(covered).then_some(dimension)
}
