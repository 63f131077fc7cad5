//! Parts of the table that stand outside the cells.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::decide::{self, show};
use crate::model::{Budget, BudgetAction, Failover, Model, Selector, Terminal, UseCase, UsedUp, World};
use crate::number::{self, Rational, SECONDS_PER_DAY, whole};
use crate::table::format;
use crate::yaml::{Kind, Value};

const PRICE_DECIMALS: u32 = 9;
/// The first whole number that JSON cannot hold exactly.
const BEYOND_EXACT: i64 = 1 << 53;

pub(super) fn use_case(world: &World, use_case: &UseCase, axes: usize, cells: Vec<usize>) -> format::UseCase {
    format::UseCase {
        name: use_case.name.value.clone(),
        endpoint_tag: use_case.endpoint_tag.as_ref().map(|tag| tag.value.clone()),
        classification: world.classifications[use_case.classification].clone(),
        axes,
        cells,
        tags: show::tags(world, use_case).into_iter().collect(),
    }
}

/// `request` of `govctl.yaml`.
pub(crate) fn request(written: Option<&Value>) -> Map<String, Json> {
    let entries = written.map(Value::entries).unwrap_or_default();
    entries.iter().map(|(key, value)| (key.value.clone(), json(value))).collect()
}

pub(crate) fn facts(world: &World) -> BTreeMap<String, format::Fact> {
    let facts = world.facts.iter().map(|fact| {
        let (values, default) = (fact.values.as_slice().to_vec(), fact.values[fact.default].clone());
        (fact.name.clone(), format::Fact { values, default })
    });
    facts.collect()
}

pub(crate) fn model(world: &World, model: &Model) -> format::Model {
    let name = |symbol: Option<crate::model::names::Symbol>| {
        symbol.map(|symbol| world.names.name(symbol).to_owned())
    };
    let price = |price: &Rational| number::round_half_even(price, PRICE_DECIMALS);
    let sorted = |set: &Option<crate::model::names::Set>| set.as_ref().map(|set| world.names.sorted(set));
    format::Model {
        id: model.id.clone(),
        provider: world.names.name(model.provider_symbol).to_owned(),
        name: model.name.value.clone(),
        input_usd_per_1m: price(&model.input_cost),
        output_usd_per_1m: price(&model.output_cost),
        failure_domain: world.names.name(model.failure_domain).to_owned(),
        cached_input_usd_per_1m: model.cached_input_cost.as_ref().map(price),
        batch_discount: model.batch_discount.as_ref().map(|percent| format!("{}%", number::exact(percent))),
        long_prompt: model.long_prompt.as_ref().map(|long| format::LongPrompt {
            above_tokens: long.above_tokens,
            input_usd_per_1m: price(&long.input),
            output_usd_per_1m: price(&long.output),
            cached_input_usd_per_1m: long.cached_input.as_ref().map(price),
        }),
        hosting: name(model.hosting),
        jurisdiction: name(model.jurisdiction),
        regions: sorted(&model.regions),
        compliance: sorted(&model.compliance),
        retention_days: model.retention.as_ref().map(days),
        endpoint: object(&model.endpoint),
        profile: object(&model.profile),
    }
}

fn days(seconds: &Rational) -> u64 {
    number::ceil(&(seconds / whole(SECONDS_PER_DAY)))
}

/// Keys and values as a table has them.
pub(crate) fn object(entries: &[(String, Value)]) -> Map<String, Json> {
    entries.iter().map(|(key, value)| (key.clone(), json(value))).collect()
}

/// A written value: whole numbers below 2^53 as numbers, all others as the text that was written.
fn json(value: &Value) -> Json {
    match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(flag) => Json::Bool(*flag),
        Kind::String(text) => Json::String(text.clone()),
        Kind::List(items) => Json::Array(items.iter().map(json).collect()),
        Kind::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.value.clone(), json(value))).collect())
        }
        Kind::Number { text, .. } => {
            let whole = text
                .parse::<i64>()
                .ok()
                .filter(|number| number.checked_abs().is_some_and(|size| size < BEYOND_EXACT));
            whole.map_or_else(|| Json::String(text.clone()), Json::from)
        }
    }
}

pub(crate) fn failover(failover: &Failover) -> format::Failover {
    format::Failover {
        name: failover.name.value.clone(),
        retry: failover.retry,
        cooldown_seconds: failover.cooldown.as_ref().map(number::ceil),
        then: match &failover.then {
            Terminal::Queue(seconds) => {
                format::Terminal::Queue { seconds: seconds.as_ref().map(number::ceil) }
            }
            Terminal::Degrade(message) => format::Terminal::Degrade { message: message.clone() },
            Terminal::Block => format::Terminal::Block {},
        },
        log_as: failover.log_as.clone(),
        notify: failover.notify.clone(),
    }
}

pub(crate) fn actions(target: &decide::Target) -> Vec<format::Action> {
    let notify = target.notify.clone().map(|notify| format::Action::Notify { notify });
    let throttle = target.throttle.then_some(format::Action::Throttle {});
    let confirm = target.confirm.then_some(format::Action::Confirm {});
    notify.into_iter().chain(throttle).chain(confirm).collect()
}

pub(crate) fn audit(audit: &decide::Audit) -> format::Audit {
    format::Audit {
        retain_days: audit.retain_days,
        lineage: audit.lineage,
        mask: audit.mask.clone(),
        owners: audit.owners.clone(),
    }
}

pub(crate) fn budgets(world: &World) -> Vec<format::Budget> {
    world.budgets.iter().map(|one| budget(world, one)).collect()
}

fn budget(world: &World, budget: &Budget) -> format::Budget {
    let at = budget.at.iter().map(|at| {
        let notify = match &at.action {
            BudgetAction::Notify(list) => Some(list.clone()),
            BudgetAction::Throttle | BudgetAction::Queue | BudgetAction::Block => None,
        };
        let action = at.action.kind().name().to_owned();
        format::BudgetAt { used: format!("{}%", number::exact(&at.used)), action, notify }
    });
    let parent = budget.within.as_ref().map(|parent| &world.budgets[parent.value]);
    format::Budget {
        name: budget.name.value.clone(),
        on: named(&budget.on, world),
        limit_usd: number::round_half_even(&budget.limit, PRICE_DECIMALS),
        period: budget.period.name().to_owned(),
        per: budget.per.map(|per| per.name(world).to_owned()),
        within: parent.map(|parent| parent.name.value.clone()),
        mode: budget.mode.map(|mode| mode.name().to_owned()),
        at: at.collect(),
        owner: budget.owner.clone(),
        escalate: budget.escalate.clone(),
    }
}

pub(crate) fn quotas(world: &World) -> Vec<format::Quota> {
    let quotas = world.quotas.iter().map(|quota| format::Quota {
        name: quota.name.value.clone(),
        on: quota.on.map(|selector| selector.name(world).to_owned()),
        requests_per_minute: quota.requests_per_minute,
        per: quota.per.map(|per| per.name(world).to_owned()),
        tokens_per_minute: quota.tokens_per_minute,
        requests_per_day: quota.requests_per_day,
        tokens_per_day: quota.tokens_per_day,
        then: match &quota.then {
            UsedUp::Queue(seconds) => {
                format::QuotaTerminal::Queue { seconds: seconds.as_ref().map(number::ceil) }
            }
            UsedUp::Failover => format::QuotaTerminal::Failover {},
            UsedUp::Block => format::QuotaTerminal::Block {},
        },
    });
    quotas.collect()
}

/// The names of selectors, sorted, each once.
fn named(selectors: &[Selector], world: &World) -> Vec<String> {
    let mut names: Vec<String> = selectors.iter().map(|selector| selector.name(world).to_owned()).collect();
    names.sort();
    names.dedup();
    names
}

pub(crate) fn attribution(world: &World) -> Option<format::Attribution> {
    let attribution = world.attribution.as_ref()?;
    let mut require: Vec<String> =
        attribution.require.iter().map(|(dimension, _)| dimension.name().to_owned()).collect();
    require.sort();
    require.dedup();
    Some(format::Attribution {
        require,
        mode: attribution.mode.map(|mode| mode.name().to_owned()),
        anomaly_above: attribution
            .anomaly_above
            .as_ref()
            .map(|percent| format!("{}%", number::exact(percent))),
    })
}
