//! `failover-overload`: with one provider down, a rate limit is below the peak that then comes.

use super::survey::Survey;
use super::{Family, Rule};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::some;
use crate::model::{ModelId, ProviderId, World};
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

/// The worst outage for a limit so far, and all use cases that overload it in some outage.
struct Worst {
    allowed: u64,
    span: Span,
    peak: u64,
    down: ProviderId,
    use_cases: Vec<String>,
}

/// A use case with a peak, and where it may go.
struct Caller<'a> {
    name: &'a str,
    peak: u64,
    /// Its targets' limits and providers, in order.
    ways: Vec<(Limit, ProviderId)>,
}

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let callers = callers(survey);
    let mut worst: BTreeMap<Limit, Worst> = BTreeMap::new();
    for down in 0..world.providers.len() {
        let way = |caller: &Caller| {
            caller.ways.iter().find(|(_, provider)| *provider != down).map(|(limit, _)| *limit)
        };
        let mut peaks: BTreeMap<Limit, u64> = BTreeMap::new();
        for caller in &callers {
            if let Some(limit) = way(caller) {
                let peak = peaks.entry(limit).or_default();
                *peak = peak.saturating_add(caller.peak);
            }
        }
        for (limit, peak) in peaks {
            let Some((allowed, span)) = allowed(world, limit).filter(|(allowed, _)| peak > *allowed) else {
                continue;
            };
            let fresh = || Worst { allowed, span, peak: 0, down, use_cases: Vec::new() };
            let entry = worst.entry(limit).or_insert_with(fresh);
            if peak > entry.peak {
                (entry.peak, entry.down) = (peak, down);
            }
            let there = callers.iter().filter(|caller| caller.peak > 0 && way(caller) == Some(limit));
            entry.use_cases.extend(there.map(|caller| caller.name.to_owned()));
        }
    }
    worst.into_iter().map(|(limit, worst)| finding(world, limit, worst)).collect()
}

fn callers<'a>(survey: &'a Survey) -> Vec<Caller<'a>> {
    let world = survey.world;
    let callers = survey.decided().filter_map(|decided| {
        let ways = decided.baseline.chain().into_iter().filter_map(|id| {
            let model = world.models.get(id)?;
            let own = model.rate_limits.is_some();
            let limit = if own { Limit::Model(id) } else { Limit::Provider(model.provider) };
            Some((limit, model.provider))
        });
        let peak = decided.use_case.peak_requests_per_minute?;
        Some(Caller { name: &decided.use_case.name.value, peak, ways: ways.collect() })
    });
    callers.collect()
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

fn allowed(world: &World, limit: Limit) -> Option<(u64, Span)> {
    let limits = match limit {
        Limit::Provider(id) => world.providers.get(id)?.rate_limits.as_ref()?,
        Limit::Model(id) => world.models.get(id)?.rate_limits.as_ref()?,
    };
    Some((limits.value.requests_per_minute?, limits.span))
}
