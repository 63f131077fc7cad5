//! Decisions in words and in exact text.

use super::{Decision, Multiplier, reference};
use crate::model::attribute::{ChainAttribute, DutyAttribute, Level, ModelAttribute};
use crate::model::names::{Set, Symbol};
use crate::model::words::list;
use crate::model::{Failover, Model, UseCase, World};
use crate::number::{self, Rational};

/// A multiplier, rounded half to even to 4 decimals; `inf` where infinite.
pub fn multiplier(multiplier: &Multiplier) -> String {
    match multiplier {
        Multiplier::Finite(value) => number::round_half_even(value, 4),
        Multiplier::Infinite => "inf".to_owned(),
    }
}

/// For whom a fact of a model is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asking<'a> {
    /// Whose mix of tokens a cost is of; it is not known without.
    pub use_case: Option<&'a UseCase>,
    /// Where a request may be processed, as far as that is narrowed.
    pub residency: Option<&'a Set>,
}

/// What a model's attribute is, as a person would write it: `model.hosting is cloud`.
pub fn fact(world: &World, asking: Asking, model: &Model, attribute: ModelAttribute) -> String {
    let name = attribute.name();
    match value(world, asking, model, attribute) {
        Some(value) => match model.dpa_lapsed.filter(|_| attribute == ModelAttribute::Dpa) {
            Some(day) => format!("`{name}` is {value} since the agreement ended on {day}"),
            None => format!("`{name}` is {value}"),
        },
        None => format!("`{name}` is not stated"),
    }
}

/// Whether a model's attribute has a value.
pub fn is_stated(world: &World, asking: Asking, model: &Model, attribute: ModelAttribute) -> bool {
    value(world, asking, model, attribute).is_some()
}

/// The value of a model's attribute; none where it is not stated.
fn value(world: &World, asking: Asking, model: &Model, attribute: ModelAttribute) -> Option<String> {
    let name = |symbol: Symbol| format!("`{}`", world.names.name(symbol));
    let level = |level: Level| Some(format!("`{}`", level.name(&world.classifications)));
    let set = |set: Option<&Set>| {
        let names = world.names.sorted(set?);
        Some(if names.is_empty() { "empty".to_owned() } else { format!("`{}`", names.join("`, `")) })
    };
    let rate = |price: &Rational| format!("{} usd per 1m tokens", number::round_half_even(price, 9));
    match attribute {
        ModelAttribute::Id => Some(format!("`{}`", model.id)),
        ModelAttribute::Provider => Some(name(model.provider_symbol)),
        ModelAttribute::FailureDomain => Some(name(model.failure_domain)),
        ModelAttribute::Hosting => model.hosting.map(name),
        ModelAttribute::Jurisdiction => model.jurisdiction.map(name),
        ModelAttribute::Lifecycle => Some(name(model.lifecycle)),
        ModelAttribute::Tier => level(Level::Tier(model.tier?)),
        ModelAttribute::Dpa => level(Level::Dpa(model.dpa?)),
        ModelAttribute::Ceiling => level(Level::Classification(model.ceiling)),
        ModelAttribute::Compliance => set(model.compliance.as_ref()),
        ModelAttribute::Regions => set(model.regions.as_ref()),
        ModelAttribute::ProcessedIn => {
            set(reference::processed_in(world, asking.residency, model).as_deref())
        }
        ModelAttribute::Capabilities => set(model.capabilities.as_ref()),
        ModelAttribute::Retention => model.retention.as_ref().map(duration),
        ModelAttribute::LatencyP50 => model.latency_p50.as_ref().map(duration),
        ModelAttribute::LatencyP95 => model.latency_p95.as_ref().map(duration),
        ModelAttribute::Availability => model.availability.as_ref().map(percent),
        ModelAttribute::ContextWindow => model.context_window.as_ref().map(number::exact),
        ModelAttribute::InputCost => Some(rate(&model.input_cost)),
        ModelAttribute::OutputCost => Some(rate(&model.output_cost)),
        ModelAttribute::TrainsOnData => model.trains_on_data.map(|flag| format!("`{flag}`")),
        ModelAttribute::OpenWeights => model.open_weights.map(|flag| format!("`{flag}`")),
        ModelAttribute::RegionSelectable => model.region_selectable.map(|flag| format!("`{flag}`")),
        ModelAttribute::Cost => Some(rate(&asking.use_case?.blended_cost(model))),
    }
}

/// Seconds in the unit that people would use.
fn duration(seconds: &Rational) -> String {
    let days = seconds / number::whole(number::SECONDS_PER_DAY);
    if days.is_integer() {
        return format!("{} days", number::exact(&days));
    }
    format!("{} ms", number::round_half_even(&(seconds * number::whole(1000)), 3))
}

fn percent(percent: &Rational) -> String {
    format!("{}%", number::round_half_even(percent, 6))
}

/// An attribute of the chain of targets: `chain.length is 1`.
pub fn chain_fact(attribute: ChainAttribute, value: Option<&Multiplier>) -> String {
    let name = attribute.name();
    match value {
        None => format!("`{name}` is unknown, since that of a target is"),
        Some(value) if attribute == ChainAttribute::Availability => match value {
            Multiplier::Finite(number) => format!("`{name}` is {}", percent(number)),
            Multiplier::Infinite => format!("`{name}` is not known"),
        },
        Some(value) => format!("`{name}` is {}", multiplier(value)),
    }
}

/// What a decision obliges to: `audit.retain is 90 days`.
pub fn duty_fact(world: &World, decision: &Decision, attribute: DutyAttribute) -> String {
    let name = attribute.name();
    let audit = decision.audit.as_deref();
    let untold = |silent: fn(&Failover) -> bool| {
        let leading = decision.paths.iter().filter(|path| !path.targets.is_empty());
        let mut statements = leading.map(|path| &world.failovers[path.failover]);
        statements.find(|failover| silent(failover)).map(|failover| failover.name.value.as_str())
    };
    let of_failover = |silent| match untold(silent) {
        Some(failover) => format!("`{name}` is `false`, because of failover `{failover}`"),
        None => format!("`{name}` is `true`"),
    };
    match attribute {
        DutyAttribute::Retain => match audit.and_then(|audit| audit.retain_days) {
            Some(1) => format!("`{name}` is 1 day"),
            Some(days) => format!("`{name}` is {days} days"),
            None => format!("`{name}` is unknown, since no audit statement that applies says it"),
        },
        DutyAttribute::Lineage => format!("`{name}` is `{}`", audit.is_some_and(|audit| audit.lineage)),
        DutyAttribute::Mask => match audit.map(|audit| audit.mask.as_slice()).unwrap_or_default() {
            [] => format!("`{name}` is empty"),
            mask => format!("`{name}` is {}", list(mask)),
        },
        DutyAttribute::Logged => of_failover(|failover| failover.log_as.is_none()),
        DutyAttribute::Notified => of_failover(|failover| failover.notify.is_empty()),
        DutyAttribute::BudgetCovered => format!("`{name}` is `{}`", !decision.budgets.is_empty()),
        DutyAttribute::QuotaCovered => format!("`{name}` is `{}`", !decision.quotas.is_empty()),
    }
}

/// The regions that a request is pinned to with a model, sorted; none where it may be processed everywhere.
///
/// Of a model that cannot be pinned these are all its regions: it is eligible only where all of them will do.
pub fn regions(world: &World, decision: &Decision, model: &Model) -> Option<Vec<String>> {
    let residency = decision.residency.as_deref()?;
    let inside = model.regions.as_ref().map(|regions| world.regions.inside(regions, residency));
    Some(world.names.sorted(&inside.unwrap_or_default()))
}

/// The attribution tags of a use case, by dimension.
pub fn tags(world: &World, use_case: &UseCase) -> Vec<(String, String)> {
    use crate::model::Dimension;
    let Some(attribution) = &world.attribution else { return Vec::new() };
    let mut tags: Vec<(String, String)> = Vec::new();
    for (dimension, _) in &attribution.require {
        let value = match dimension {
            Dimension::UseCase => Some(use_case.name.value.clone()),
            other => stated(use_case, *other).map(|symbol| world.names.name(symbol).to_owned()),
        };
        let name = dimension.name();
        tags.extend(value.map(|value| (name.to_owned(), value)));
    }
    tags.sort();
    tags.dedup();
    tags
}

/// What a use case states of a dimension; of `user`, `provider` and `model` nothing, they come at run time.
pub fn stated(use_case: &UseCase, dimension: crate::model::Dimension) -> Option<crate::model::names::Symbol> {
    use crate::model::Dimension;
    match dimension {
        Dimension::BusinessUnit => use_case.business_unit,
        Dimension::Team => use_case.team,
        Dimension::Project => use_case.project,
        Dimension::Application => use_case.application,
        Dimension::UseCase => Some(use_case.symbol),
        Dimension::User | Dimension::Provider | Dimension::Model => None,
    }
}
