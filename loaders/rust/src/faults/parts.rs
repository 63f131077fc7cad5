//! Models, failover statements, budgets, quotas, attribution, proof.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::Checked;
use super::forms::{ascending, decimal, one_of, percent};
use crate::decimal::compare_percents;
use crate::error::{Refusal, shown};
use crate::format::{Budget, LongPrompt, Model, Table};
use crate::hash::Seed;
use crate::place::Place;
use crate::vocabulary::{BudgetActionKind, Dimension, Hosting, Mode, Period};

const PRICE_DECIMALS: usize = 9;

pub(super) fn models(table: &Table) -> Checked {
    let models = Place::Table.key("models");
    ascending(&models, table.models.iter().map(|model| &model.id))?;
    for (at, model) in table.models.iter().enumerate() {
        let place = models.item(at);
        let rest = model.id.strip_prefix(model.provider.as_str()).and_then(|rest| rest.strip_prefix('/'));
        if rest != Some(model.name.as_str()) || model.provider.is_empty() || model.name.is_empty() {
            return Err(place.key("id").fault(Refusal::Range, "it is not `provider/name`"));
        }
        if model.failure_domain.is_empty() {
            return Err(place.key("failure_domain").fault(Refusal::Range, "an empty name"));
        }
        prices(&place, model)?;
        if let Some(hosting) = &model.hosting {
            one_of(&place.key("hosting"), hosting, Hosting::NAMES)?;
        }
        ascending(&place.key("regions"), model.regions.iter().flatten())?;
        ascending(&place.key("compliance"), model.compliance.iter().flatten())?;
    }
    Ok(())
}

fn prices(place: &Place, model: &Model) -> Checked {
    price(place, "input_usd_per_1m", Some(&model.input_usd_per_1m))?;
    price(place, "output_usd_per_1m", Some(&model.output_usd_per_1m))?;
    price(place, "cached_input_usd_per_1m", model.cached_input_usd_per_1m.as_ref())?;
    if let Some(discount) = &model.batch_discount {
        let place = place.key("batch_discount");
        percent(&place, discount)?;
        if compare_percents(discount, "100%") == Ordering::Greater {
            return Err(place.fault(Refusal::Range, "it is more than the price"));
        }
    }
    match &model.long_prompt {
        Some(long) => long_prompt(&place.key("long_prompt"), long),
        None => Ok(()),
    }
}

fn long_prompt(place: &Place, long: &LongPrompt) -> Checked {
    price(place, "input_usd_per_1m", Some(&long.input_usd_per_1m))?;
    price(place, "output_usd_per_1m", Some(&long.output_usd_per_1m))?;
    price(place, "cached_input_usd_per_1m", long.cached_input_usd_per_1m.as_ref())
}

fn price(place: &Place, key: &str, price: Option<&String>) -> Checked {
    price.map_or(Ok(()), |price| decimal(&place.key(key), price, PRICE_DECIMALS))
}

pub(super) fn failovers(table: &Table) -> Checked {
    let failovers = Place::Table.key("failovers");
    ascending(&failovers, table.failovers.iter().map(|failover| &failover.name))
}

/// The reasons of exactly those rules and failover statements that decisions name.
pub(super) fn reasons(table: &Table) -> Checked {
    let place = Place::Table;
    let place = place.key("reasons");
    let given = |kind: &str, name: &str| {
        let key = format!("{kind} {name}");
        if table.reasons.contains_key(&key) {
            return Ok(());
        }
        Err(place.fault(Refusal::MissingField, format!("missing field `{}`", shown(&key))))
    };
    let mut rules: HashSet<&str, Seed> = HashSet::with_hasher(Seed::of(&table.digest));
    for name in table.rule_sets.iter().flatten() {
        if rules.insert(name) {
            given("rule", name)?;
        }
    }
    for failover in &table.failovers {
        given("failover", &failover.name)?;
    }
    let named = |key: &str| match key.split_once(' ') {
        Some(("rule", name)) => rules.contains(name),
        // Their names ascend.
        Some(("failover", name)) => {
            table.failovers.binary_search_by(|failover| failover.name.as_str().cmp(name)).is_ok()
        }
        _ => false,
    };
    match table.reasons.keys().find(|key| !named(key)) {
        Some(key) => Err(place.key(key).fault(Refusal::UnknownField, "no decision names it")),
        None => Ok(()),
    }
}

pub(super) fn budgets(table: &Table) -> Checked {
    let budgets = Place::Table.key("budgets");
    ascending(&budgets, table.budgets.iter().map(|budget| &budget.name))?;
    for (at, one) in table.budgets.iter().enumerate() {
        budget(&budgets.item(at), table, one)?;
    }
    parents(&budgets, &table.budgets)
}

/// A limit may be for each value of a dimension or of a fact.
fn per(place: &Place, table: &Table, per: Option<&String>) -> Checked {
    match per {
        Some(name) if Dimension::parse(name).is_none() && !table.facts.contains_key(name) => Err(place
            .key("per")
            .fault(Refusal::Index, format!("`{}` is neither a dimension nor a fact", shown(name)))),
        _ => Ok(()),
    }
}

fn budget(place: &Place, table: &Table, budget: &Budget) -> Checked {
    ascending(&place.key("on"), &budget.on)?;
    decimal(&place.key("limit_usd"), &budget.limit_usd, PRICE_DECIMALS)?;
    one_of(&place.key("period"), &budget.period, Period::NAMES)?;
    per(place, table, budget.per.as_ref())?;
    if let Some(mode) = &budget.mode {
        one_of(&place.key("mode"), mode, Mode::NAMES)?;
    }
    let steps = place.key("at");
    let mut last = "0%";
    for (position, step) in budget.at.iter().enumerate() {
        let place = steps.item(position);
        one_of(&place.key("action"), &step.action, BudgetActionKind::NAMES)?;
        if (step.action == BudgetActionKind::Notify.name()) != step.notify.is_some() {
            let refusal = if step.notify.is_some() { Refusal::UnknownField } else { Refusal::MissingField };
            return Err(place
                .key("notify")
                .fault(refusal, "it stands with the action `notify` and no other"));
        }
        percent(&place.key("used"), &step.used)?;
        if compare_percents(last, &step.used) == Ordering::Greater {
            let what = format!("`{}` stands after `{}`", shown(&step.used), shown(last));
            return Err(place.key("used").fault(Refusal::Order, what));
        }
        last = &step.used;
    }
    if compare_percents(last, "100%") == Ordering::Greater {
        return Err(steps.fault(Refusal::Range, "nothing can be spent beyond 100%"));
    }
    if last == "100%" {
        return Ok(());
    }
    Err(steps.fault(Refusal::Range, "it does not say what happens at 100%"))
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
            return Err(within.fault(Refusal::Index, format!("no budget is called `{}`", shown(name))));
        }
        let mut at = Some(start);
        while let Some(trace) = at.and_then(|at| met.get_mut(at)) {
            match *trace {
                None => *trace = Some(start),
                Some(before) if before == start => {
                    return Err(within.fault(Refusal::Index, "its parents go round in a circle"));
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
        let place = quotas.item(at);
        per(&place, table, quota.per.as_ref())?;
        let limits = [
            quota.requests_per_minute,
            quota.tokens_per_minute,
            quota.requests_per_day,
            quota.tokens_per_day,
        ];
        if limits.iter().all(Option::is_none) {
            return Err(place.fault(Refusal::Range, "it limits nothing"));
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
    // In the order of the other loaders.
    let mut names = Dimension::NAMES.to_vec();
    names.sort_unstable();
    for (at, dimension) in attribution.require.iter().enumerate() {
        one_of(&require.item(at), dimension, &names)?;
    }
    if let Some(mode) = &attribution.mode {
        one_of(&place.key("mode"), mode, Mode::NAMES)?;
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
