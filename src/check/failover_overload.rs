//! `failover-overload`: with one provider down, a rate limit is below the peak that then comes.

use super::survey::Survey;
use super::{Family, Rule};
use crate::decide::outage::{self, Outcome};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::some;
use crate::model::{ModelId, ProviderId, Selector, World};
use crate::source::Span;
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    code: Code("failover-overload"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "with one provider down, a rate limit is below the peak that then comes",
    run: Some(run),
};

/// A rate limit: the model's own, or its provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Limit {
    Provider(ProviderId),
    Model(ModelId),
}

/// Who comes to a limit.
#[derive(Debug, Default)]
struct Load {
    peak: u64,
    use_cases: Vec<String>,
}

/// The worst outage for a limit so far, and all use cases that overload it in some outage.
struct Worst {
    allowed: u64,
    span: Span,
    peak: u64,
    down: ProviderId,
    use_cases: Vec<String>,
}

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut worst: BTreeMap<Limit, Worst> = BTreeMap::new();
    for down in 0..world.providers.len() {
        for (limit, load) in loads(survey, down) {
            let Some((allowed, span)) = allowed(world, limit) else { continue };
            if load.peak <= allowed {
                continue;
            }
            let entry = worst.entry(limit).or_insert_with(|| Worst {
                allowed,
                span,
                peak: 0,
                down,
                use_cases: Vec::new(),
            });
            if load.peak > entry.peak {
                (entry.peak, entry.down) = (load.peak, down);
            }
            entry.use_cases.extend(load.use_cases);
        }
    }
    worst.into_iter().map(|(limit, worst)| finding(world, limit, worst)).collect()
}

fn finding(world: &World, limit: Limit, mut worst: Worst) -> Finding {
    worst.use_cases.sort();
    worst.use_cases.dedup();
    let name = match limit {
        Limit::Provider(id) => world.providers.get(id).map_or("", |provider| provider.name.value.as_str()),
        Limit::Model(id) => world.models.get(id).map_or("", |model| model.id.as_str()),
    };
    let down = world.providers.get(worst.down).map_or("", |provider| provider.name.value.as_str());
    let message = format!(
        "with `{down}` down, `{name}` gets {} requests a minute and allows {}",
        worst.peak, worst.allowed
    );
    RULE.finding(worst.span, message)
        .label("this limit")
        .note(format!("these then go there: {}", some(&worst.use_cases, 8)))
        .help("raise the limit with the provider, or let some of them fail over elsewhere")
        .use_cases(worst.use_cases)
}

/// The peaks that come to each limit while a provider is down.
fn loads(survey: &Survey, down: ProviderId) -> BTreeMap<Limit, Load> {
    let world = survey.world;
    let mut loads: BTreeMap<Limit, Load> = BTreeMap::new();
    for decided in survey.decided() {
        let route = outage::outcome(world, decided.baseline, &[Selector::Provider(down)]);
        let (Outcome::Route(model), Some(peak)) = (route, decided.use_case.peak_requests_per_minute) else {
            continue;
        };
        let Some(entry) = world.models.get(model) else { continue };
        let limit =
            if entry.rate_limits.is_some() { Limit::Model(model) } else { Limit::Provider(entry.provider) };
        let load = loads.entry(limit).or_default();
        load.peak = load.peak.saturating_add(peak);
        if peak > 0 {
            load.use_cases.push(decided.name());
        }
    }
    loads
}

fn allowed(world: &World, limit: Limit) -> Option<(u64, Span)> {
    let limits = match limit {
        Limit::Provider(id) => world.providers.get(id)?.rate_limits.as_ref()?,
        Limit::Model(id) => world.models.get(id)?.rate_limits.as_ref()?,
    };
    Some((limits.value.requests_per_minute?, limits.span))
}
