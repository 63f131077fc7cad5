//! Decisions: each distinct, with targets, obligations and indices that lead somewhere.

use std::collections::HashSet;

use super::Checked;
use super::forms::{ascending, decimal, index, indices};
use crate::format::{Action, Decision, Model, Table, Target};
use crate::place::Place;

const MULTIPLIER_DECIMALS: usize = 4;

pub(super) fn decisions(table: &Table) -> Checked {
    let decisions = Place::Table.key("decisions");
    let mut distinct = HashSet::new();
    for (at, decision) in table.decisions.iter().enumerate() {
        let place = decisions.item(at);
        targets(&place.key("targets"), decision, &table.models)?;
        if let Some(failover) = decision.failover {
            index(&place.key("failover"), failover, "failovers", table.failovers.len())?;
        }
        ascending(&place.key("rules"), &decision.rules)?;
        indices(&place.key("budgets"), &decision.budgets, "budgets", table.budgets.len())?;
        indices(&place.key("quotas"), &decision.quotas, "quotas", table.quotas.len())?;
        if let Some(audit) = &decision.audit {
            let place = place.key("audit");
            ascending(&place.key("mask"), &audit.mask)?;
            ascending(&place.key("owners"), &audit.owners)?;
        }
        if !distinct.insert(decision) {
            return Err(place.fault("an equal decision stands before it"));
        }
    }
    all_named(table)
}

fn targets(place: &Place, decision: &Decision, models: &[Model]) -> Checked {
    let mut met = HashSet::new();
    for (position, one) in decision.targets.iter().enumerate() {
        let place = place.item(position);
        index(&place.key("model"), one.model, "models", models.len())?;
        if !met.insert(one.model) {
            return Err(place.key("model").fault("the model is a target already"));
        }
        target(&place, one, models.get(one.model))?;
        if position == 0 && (one.cost_multiplier != "1" || !one.actions.is_empty()) {
            return Err(place.fault("the primary has a cost multiplier of 1 and no actions"));
        }
    }
    Ok(())
}

fn target(place: &Place, target: &Target, model: Option<&Model>) -> Checked {
    if target.cost_multiplier != "inf" {
        decimal(&place.key("cost_multiplier"), &target.cost_multiplier, MULTIPLIER_DECIMALS)?;
    }
    let order = |action: &Action| match action {
        Action::Notify { .. } => 0,
        Action::Throttle {} => 1,
        Action::Confirm {} => 2,
    };
    if !target.actions.iter().map(order).is_sorted_by(|a, b| a < b) {
        return Err(place
            .key("actions")
            .fault("they stand in the order notify, throttle, confirm, each once"));
    }
    let Some(regions) = &target.regions else { return Ok(()) };
    let place = place.key("regions");
    ascending(&place, regions)?;
    let served = model.and_then(|model| model.regions.as_deref()).unwrap_or_default();
    match regions.iter().position(|region| served.binary_search(region).is_err()) {
        Some(at) => Err(place.item(at).fault("the model is not served there")),
        None if regions.is_empty() => Err(place.fault("there is none that it could be pinned to")),
        None => Ok(()),
    }
}

/// Models and failover statements are those that decisions name.
fn all_named(table: &Table) -> Checked {
    let targets = table.decisions.iter().flat_map(|decision| &decision.targets);
    let failovers = table.decisions.iter().filter_map(|decision| decision.failover);
    unnamed("models", table.models.len(), targets.map(|target| target.model))?;
    unnamed("failovers", table.failovers.len(), failovers)
}

fn unnamed(part: &str, size: usize, named: impl Iterator<Item = usize>) -> Checked {
    let mut left: Vec<bool> = vec![true; size];
    for at in named {
        if let Some(left) = left.get_mut(at) {
            *left = false;
        }
    }
    match left.iter().position(|left| *left) {
        Some(at) => Err(Place::Table.key(part).item(at).fault("no decision names it")),
        None => Ok(()),
    }
}
