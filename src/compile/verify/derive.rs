//! What stands in a table beside its cells, derived from the world a second time.
//!
//! `compile` has its own way to each of these in `src/compile/parts.rs`. Nothing of that is used here, not even to write
//! a number, so that a mistake there is a difference and not twice the same mistake.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value as Json};

use crate::decide::{Audit, Decision, Multiplier, Target};
use crate::model::names::{Set, Symbol};
use crate::model::trigger::Triggers;
use crate::model::{
    Attribution, Budget, BudgetAction, Dimension, Failover, Model, Quota, Terminal, UseCase, UsedUp, World,
};
use crate::number::{Integer, Rational, whole};
use crate::table::format;
use crate::yaml::{Kind, Value};

/// Prices in US dollars.
const PRICE: u32 = 9;
/// Decimals of a cost multiplier in a table.
const MULTIPLIER: u32 = 4;
/// More decimals than any percent that can be written.
const PERCENT: u32 = 120;
/// The largest whole number of a table.
const EXACT: i64 = (1 << 53) - 1;

/// A number that is not negative as a decimal, rounded half to even, without needless zeros.
pub(super) fn decimal(value: &Rational, decimals: u32) -> String {
    let scale = (0..decimals).fold(Integer::from(1), |scale, _| scale * 10);
    let (scaled, below) = (value.numer() * &scale, value.denom());
    let (floor, rest) = (&scaled / below, &scaled % below);
    let (twice, odd) = (rest * 2, (&floor % 2) == Integer::from(1));
    let up = twice > *below || (twice == *below && odd);
    let rounded = if up { floor + 1 } else { floor };
    let fraction = (&rounded % &scale).to_string();
    let zeros = "0".repeat((decimals as usize).saturating_sub(fraction.len()));
    let fraction = zeros + &fraction;
    let text = format!("{}.{}", &rounded / &scale, fraction);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(super) fn percent(value: &Rational) -> String {
    decimal(value, PERCENT) + "%"
}

/// How often a unit fits, begun ones counted; never more than a table can hold.
fn begun(value: &Rational, unit: u64) -> u64 {
    let below = value.denom() * Integer::from(unit);
    let begun = (value.numer() + &below - Integer::from(1)) / below;
    u64::try_from(&begun).map_or(EXACT.unsigned_abs(), |begun| begun.min(EXACT.unsigned_abs()))
}

/// What was written in YAML: whole numbers that every reader of JSON has exactly, everything else as text.
fn written(value: &Value) -> Json {
    match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(flag) => (*flag).into(),
        Kind::String(text) => text.as_str().into(),
        Kind::Number { text, .. } => match text.parse::<i64>() {
            Ok(number) if (-EXACT..=EXACT).contains(&number) => number.into(),
            _ => text.clone().into(),
        },
        Kind::List(items) => items.iter().map(written).collect(),
        Kind::Map(_) => object(value).into(),
    }
}

/// The keys of a map; none of anything else.
pub(super) fn object(value: &Value) -> Map<String, Json> {
    value.entries().iter().map(|(key, value)| (key.value.clone(), written(value))).collect()
}

fn name(world: &World, symbol: Symbol) -> String {
    world.names.name(symbol).to_owned()
}

fn names(world: &World, set: &Set) -> Vec<String> {
    let mut names: Vec<String> = set.iter().map(|symbol| name(world, symbol)).collect();
    names.sort_unstable();
    names
}

pub(super) fn facts(world: &World) -> BTreeMap<String, format::Fact> {
    let mut facts = BTreeMap::new();
    for fact in &world.facts {
        let default = fact.values[fact.default].clone();
        facts.insert(
            fact.name.clone(),
            format::Fact { values: fact.values.iter().cloned().collect(), default },
        );
    }
    facts
}

pub(super) fn model(world: &World, model: &Model) -> format::Model {
    let map = |entries: &[(String, Value)]| {
        entries.iter().map(|(key, value)| (key.clone(), written(value))).collect::<Map<_, _>>()
    };
    let (provider, bare) = model.id.split_once('/').unwrap_or_default();
    format::Model {
        id: model.id.clone(),
        provider: provider.to_owned(),
        name: bare.to_owned(),
        failure_domain: name(world, model.failure_domain),
        input_usd_per_1m: decimal(&model.input_cost, PRICE),
        output_usd_per_1m: decimal(&model.output_cost, PRICE),
        cached_input_usd_per_1m: model.cached_input_cost.as_ref().map(|price| decimal(price, PRICE)),
        batch_discount: model.batch_discount.as_ref().map(percent),
        long_prompt: model.long_prompt.as_ref().map(|long| format::LongPrompt {
            above_tokens: long.above_tokens,
            input_usd_per_1m: decimal(&long.input, PRICE),
            output_usd_per_1m: decimal(&long.output, PRICE),
            cached_input_usd_per_1m: long.cached_input.as_ref().map(|price| decimal(price, PRICE)),
        }),
        hosting: model.hosting.map(|hosting| name(world, hosting)),
        jurisdiction: model.jurisdiction.map(|jurisdiction| name(world, jurisdiction)),
        regions: model.regions.as_ref().map(|set| names(world, set)),
        compliance: model.compliance.as_ref().map(|set| names(world, set)),
        retention_days: model.retention.as_ref().map(|seconds| begun(seconds, 24 * 60 * 60)),
        endpoint: map(&model.endpoint),
        profile: map(&model.profile),
    }
}

pub(super) fn failover(failover: &Failover) -> format::Failover {
    let then = match failover.then.clone() {
        Terminal::Block => format::Terminal::Block {},
        Terminal::Degrade(message) => format::Terminal::Degrade { message },
        Terminal::Queue(wait) => format::Terminal::Queue { seconds: wait.map(|wait| begun(&wait, 1)) },
    };
    format::Failover {
        name: failover.name.value.clone(),
        retry: failover.retry,
        cooldown_seconds: failover.cooldown.as_ref().map(|cooldown| begun(cooldown, 1)),
        then,
        log_as: failover.log_as.clone(),
        notify: failover.notify.clone(),
    }
}

pub(super) fn triggers(on: Triggers) -> Vec<format::Trigger> {
    format::Trigger::ALL.into_iter().filter(|trigger| on.has(*trigger)).collect()
}

pub(super) fn multiplier(multiplier: &Multiplier) -> String {
    match multiplier {
        Multiplier::Finite(times) => decimal(times, MULTIPLIER),
        Multiplier::Infinite => "inf".to_owned(),
    }
}

pub(super) fn actions(target: &Target) -> Vec<format::Action> {
    let mut actions = Vec::new();
    if let Some(notify) = &target.notify {
        actions.push(format::Action::Notify { notify: notify.clone() });
    }
    if target.throttle {
        actions.push(format::Action::Throttle {});
    }
    if target.confirm {
        actions.push(format::Action::Confirm {});
    }
    actions
}

/// Where a request must be pinned to with a model: nowhere where it may go everywhere.
pub(super) fn regions(world: &World, decision: &Decision, model: &Model) -> Option<Vec<String>> {
    let residency = decision.residency.as_ref()?;
    let named: HashSet<Symbol> = residency.iter().collect();
    let lies_inside = |region: &Symbol| {
        named.contains(region) || world.regions.enclosing(*region).iter().any(|outer| named.contains(outer))
    };
    let pinned: Set = model.regions.iter().flat_map(Set::iter).filter(lies_inside).collect();
    Some(names(world, &pinned))
}

pub(super) fn audit(audit: &Audit) -> format::Audit {
    let (mut mask, mut owners) = (audit.mask.clone(), audit.owners.clone());
    for list in [&mut mask, &mut owners] {
        list.sort_unstable();
        list.dedup();
    }
    format::Audit { retain_days: audit.retain_days, lineage: audit.lineage, mask, owners }
}

pub(super) fn budget(world: &World, budget: &Budget) -> format::Budget {
    let mut on: Vec<String> = budget.on.iter().map(|selector| selector.name(world).to_owned()).collect();
    on.sort_unstable();
    on.dedup();
    let step = |used: &Rational, action: &BudgetAction| {
        let notify =
            if let BudgetAction::Notify(addresses) = action { Some(addresses.clone()) } else { None };
        format::BudgetAt { used: percent(used), action: action.kind().name().to_owned(), notify }
    };
    let mut steps: Vec<(Rational, format::BudgetAt)> =
        budget.at.iter().map(|at| (at.used.clone(), step(&at.used, &at.action))).collect();
    if steps.iter().all(|(used, _)| *used != whole(100)) {
        steps.push((whole(100), step(&whole(100), &BudgetAction::Block)));
    }
    steps.sort_by(|(a, _), (b, _)| a.cmp(b));
    let parent = budget.within.as_ref().map(|parent| parent.value);
    format::Budget {
        name: budget.name.value.clone(),
        on,
        limit_usd: decimal(&budget.limit, PRICE),
        period: budget.period.name().to_owned(),
        per: budget.per.map(|per| per.name(world).to_owned()),
        within: parent.map(|parent| world.budgets[parent].name.value.clone()),
        mode: budget.mode.map(|mode| mode.name().to_owned()),
        at: steps.into_iter().map(|(_, step)| step).collect(),
        owner: budget.owner.clone(),
        escalate: budget.escalate.clone(),
    }
}

pub(super) fn quota(world: &World, quota: &Quota) -> format::Quota {
    let then = match quota.then.clone() {
        UsedUp::Block => format::QuotaTerminal::Block {},
        UsedUp::Failover => format::QuotaTerminal::Failover {},
        UsedUp::Queue(wait) => format::QuotaTerminal::Queue { seconds: wait.map(|wait| begun(&wait, 1)) },
    };
    format::Quota {
        name: quota.name.value.clone(),
        on: quota.on.map(|selector| selector.name(world).to_owned()),
        per: quota.per.map(|per| per.name(world).to_owned()),
        requests_per_minute: quota.requests_per_minute,
        tokens_per_minute: quota.tokens_per_minute,
        requests_per_day: quota.requests_per_day,
        tokens_per_day: quota.tokens_per_day,
        then,
    }
}

pub(super) fn attribution(attribution: &Attribution) -> format::Attribution {
    let require: std::collections::BTreeSet<&str> =
        attribution.require.iter().map(|(dimension, _)| dimension.name()).collect();
    format::Attribution {
        require: require.into_iter().map(str::to_owned).collect(),
        mode: attribution.mode.map(|mode| mode.name().to_owned()),
        anomaly_above: attribution.anomaly_above.as_ref().map(percent),
    }
}

/// The required dimensions that a use case states; what a request brings itself is none of them.
pub(super) fn tags(world: &World, use_case: &UseCase) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    for (dimension, _) in world.attribution.iter().flat_map(|attribution| &attribution.require) {
        let value = match dimension {
            Dimension::UseCase => Some(use_case.name.value.clone()),
            Dimension::Team => use_case.team.map(|team| name(world, team)),
            Dimension::Project => use_case.project.map(|project| name(world, project)),
            Dimension::BusinessUnit => use_case.business_unit.map(|unit| name(world, unit)),
            Dimension::Application => use_case.application.map(|application| name(world, application)),
            Dimension::User | Dimension::Provider | Dimension::Model => None,
        };
        tags.extend(value.map(|value| (dimension.name().to_owned(), value)));
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numerator: i64, denominator: i64) -> Rational {
        Rational::new(numerator.into(), denominator.into())
    }

    #[test]
    fn decimals_are_rounded_half_to_even() {
        for (value, decimals, text) in [
            (of(3, 1), 9, "3"),
            (of(1, 3), 4, "0.3333"),
            (of(2, 3), 4, "0.6667"),
            (of(1, 20000), 4, "0"),
            (of(3, 20000), 4, "0.0002"),
            (of(25, 20000), 4, "0.0012"),
            (of(199_999, 100_000), 4, "2"),
            (of(1200, 1), 0, "1200"),
        ] {
            assert_eq!(decimal(&value, decimals), text, "{value}");
        }
        assert_eq!((percent(&of(35, 2)), percent(&of(100, 1))), ("17.5%".to_owned(), "100%".to_owned()));
    }

    #[test]
    fn what_is_begun_counts() {
        for (value, unit, count) in
            [(of(0, 1), 60, 0), (of(1, 2), 60, 1), (of(60, 1), 60, 1), (of(61, 1), 60, 2)]
        {
            assert_eq!(begun(&value, unit), count, "{value}");
        }
        assert_eq!(begun(&of(i64::MAX, 1), 1), (1 << 53) - 1);
    }
}
