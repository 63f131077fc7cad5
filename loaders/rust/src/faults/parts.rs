//! Models, failover statements, budgets, quotas, attribution, proof.

use std::cmp::Ordering;

use super::Checked;
use super::forms::{ascending, decimal, one_of, percent};
use crate::decimal::compare_percents;
use crate::error::shown;
use crate::format::{Budget, Table};
use crate::place::Place;

const PRICE_DECIMALS: usize = 9;
const HOSTINGS: [&str; 3] = ["cloud", "private-cloud", "self-hosted"];
const TRIGGERS: [&str; 8] = [
    "content-filtered",
    "context-exceeded",
    "out-of-credit",
    "rate-limited",
    "server-error",
    "timeout",
    "unauthorized",
    "unavailable",
];
const DIMENSIONS: [&str; 8] =
    ["application", "business_unit", "model", "project", "provider", "team", "use_case", "user"];
const MODES: [&str; 2] = ["chargeback", "showback"];
const PERIODS: [&str; 5] = ["day", "week", "month", "quarter", "year"];
const BUDGET_ACTIONS: [&str; 4] = ["notify", "throttle", "queue", "block"];

pub(super) fn models(table: &Table) -> Checked {
    let models = Place::Table.key("models");
    ascending(&models, table.models.iter().map(|model| &model.id))?;
    for (at, model) in table.models.iter().enumerate() {
        let place = models.item(at);
        let rest = model.id.strip_prefix(model.provider.as_str()).and_then(|rest| rest.strip_prefix('/'));
        if rest != Some(model.name.as_str()) || model.provider.is_empty() || model.name.is_empty() {
            return Err(place.key("id").fault("it is not `provider/name`"));
        }
        decimal(&place.key("input_usd_per_1m"), &model.input_usd_per_1m, PRICE_DECIMALS)?;
        decimal(&place.key("output_usd_per_1m"), &model.output_usd_per_1m, PRICE_DECIMALS)?;
        if let Some(hosting) = &model.hosting {
            one_of(&place.key("hosting"), hosting, &HOSTINGS)?;
        }
        ascending(&place.key("regions"), model.regions.iter().flatten())?;
        ascending(&place.key("compliance"), model.compliance.iter().flatten())?;
    }
    Ok(())
}

pub(super) fn failovers(table: &Table) -> Checked {
    let failovers = Place::Table.key("failovers");
    ascending(&failovers, table.failovers.iter().map(|failover| &failover.name))?;
    for (at, failover) in table.failovers.iter().enumerate() {
        let place = failovers.item(at);
        let on = place.key("on");
        ascending(&on, &failover.on)?;
        for (at, trigger) in failover.on.iter().enumerate() {
            one_of(&on.item(at), trigger, &TRIGGERS)?;
        }
    }
    Ok(())
}

pub(super) fn budgets(table: &Table) -> Checked {
    let budgets = Place::Table.key("budgets");
    ascending(&budgets, table.budgets.iter().map(|budget| &budget.name))?;
    for (at, one) in table.budgets.iter().enumerate() {
        budget(&budgets.item(at), one)?;
    }
    parents(&budgets, &table.budgets)
}

fn budget(place: &Place, budget: &Budget) -> Checked {
    decimal(&place.key("limit_usd"), &budget.limit_usd, PRICE_DECIMALS)?;
    one_of(&place.key("period"), &budget.period, &PERIODS)?;
    if let Some(dimension) = &budget.per {
        one_of(&place.key("per"), dimension, &DIMENSIONS)?;
    }
    if let Some(mode) = &budget.mode {
        one_of(&place.key("mode"), mode, &MODES)?;
    }
    let steps = place.key("at");
    let mut last = "0%";
    for (position, step) in budget.at.iter().enumerate() {
        let place = steps.item(position);
        one_of(&place.key("action"), &step.action, &BUDGET_ACTIONS)?;
        if (step.action == "notify") != step.notify.is_some() {
            return Err(place.key("notify").fault("it stands with the action `notify` and no other"));
        }
        percent(&place.key("used"), &step.used)?;
        if compare_percents(last, &step.used) == Ordering::Greater {
            return Err(place.key("used").fault(format!(
                "`{}` stands after `{}`",
                shown(&step.used),
                shown(last)
            )));
        }
        last = &step.used;
    }
    if budget.at.iter().any(|step| step.used == "100%") {
        return Ok(());
    }
    Err(steps.fault("it does not say what happens at 100%"))
}

/// Each parent is there, and whoever walks up from a budget comes to an end.
fn parents(place: &Place, budgets: &[Budget]) -> Checked {
    // The names ascend.
    let find = |name: &str| budgets.binary_search_by(|budget| budget.name.as_str().cmp(name)).ok();
    let parent = |at: usize| budgets.get(at).and_then(|budget| budget.within.as_deref()).and_then(find);
    // From which budget each was first met: a walk that meets its own trace goes in a circle.
    let mut met: Vec<Option<usize>> = vec![None; budgets.len()];
    for (start, budget) in budgets.iter().enumerate() {
        let within = place.item(start);
        let within = within.key("within");
        if let Some(name) = &budget.within
            && find(name).is_none()
        {
            return Err(within.fault(format!("no budget is called `{}`", shown(name))));
        }
        let mut at = Some(start);
        while let Some(trace) = at.and_then(|at| met.get_mut(at)) {
            match *trace {
                None => *trace = Some(start),
                Some(before) if before == start => {
                    return Err(within.fault("its parents go round in a circle"));
                }
                Some(_) => break,
            }
            at = at.and_then(parent);
        }
    }
    Ok(())
}

pub(super) fn quotas(table: &Table) -> Checked {
    let quotas = Place::Table.key("quotas");
    ascending(&quotas, table.quotas.iter().map(|quota| &quota.name))?;
    for (at, quota) in table.quotas.iter().enumerate() {
        if quota.requests_per_minute.is_none() && quota.tokens_per_minute.is_none() {
            return Err(quotas.item(at).fault("it limits nothing"));
        }
    }
    Ok(())
}

pub(super) fn attribution(table: &Table) -> Checked {
    let Some(attribution) = &table.attribution else { return Ok(()) };
    let place = Place::Table;
    let place = place.key("attribution");
    let require = place.key("require");
    ascending(&require, &attribution.require)?;
    for (at, dimension) in attribution.require.iter().enumerate() {
        one_of(&require.item(at), dimension, &DIMENSIONS)?;
    }
    if let Some(mode) = &attribution.mode {
        one_of(&place.key("mode"), mode, &MODES)?;
    }
    if let Some(share) = &attribution.anomaly_above {
        percent(&place.key("anomaly_above"), share)?;
    }
    Ok(())
}

pub(super) fn proof(table: &Table) -> Checked {
    let place = Place::Table;
    let place = place.key("proof");
    let names = table.proof.guarantees.iter().map(|guarantee| &guarantee.name);
    ascending(&place.key("guarantees"), names)
}
