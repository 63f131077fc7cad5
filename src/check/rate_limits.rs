//! Rate limits, and who answers to them: shared by `overload` and `failover-overload`.

use crate::decide::survey::Survey;
use crate::model::names::Symbol;
use crate::model::{ModelId, ProviderId, World};
use crate::source::Span;
use std::collections::BTreeMap;

/// A rate limit: the model's own, or its provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Limit {
    Provider(ProviderId),
    Model(ModelId),
}

/// A use case that states its peak, and where it may go.
pub(super) struct Caller<'a> {
    pub(super) name: &'a str,
    /// Requests a minute.
    pub(super) peak: u64,
    /// Of the primary and the targets of the outage path: limit and failure domain.
    ways: Vec<(Limit, Symbol)>,
}

impl Caller<'_> {
    /// The limit that its route answers to while a failure domain is down, if it has a route.
    pub(super) fn limit(&self, down: Option<Symbol>) -> Option<Limit> {
        self.ways.iter().find(|(_, domain)| Some(*domain) != down).map(|(limit, _)| *limit)
    }
}

/// The use cases that state a peak, by name.
pub(super) fn callers<'a>(survey: &'a Survey) -> Vec<Caller<'a>> {
    let world = survey.world;
    let callers = survey.decided().filter_map(|decided| {
        let peak = decided.use_case.peak_requests_per_minute?;
        let ways = decided.baseline.chain().into_iter().filter_map(|id| {
            let model = world.models.get(id)?;
            let own = model.rate_limits.is_some();
            Some((if own { Limit::Model(id) } else { Limit::Provider(model.provider) }, model.domain()))
        });
        Some(Caller { name: &decided.use_case.name.value, peak, ways: ways.collect() })
    });
    callers.collect()
}

/// Per limit the sum of the peaks that come to it while a failure domain is down, requests a minute.
pub(super) fn peaks(callers: &[Caller], down: Option<Symbol>) -> BTreeMap<Limit, u64> {
    let mut peaks: BTreeMap<Limit, u64> = BTreeMap::new();
    for caller in callers {
        if let Some(limit) = caller.limit(down) {
            let peak = peaks.entry(limit).or_default();
            *peak = peak.saturating_add(caller.peak);
        }
    }
    peaks
}

/// The use cases that come to a limit while a failure domain is down, by name.
pub(super) fn at(callers: &[Caller], down: Option<Symbol>, limit: Limit) -> Vec<String> {
    let there = callers.iter().filter(|caller| caller.limit(down) == Some(limit));
    there.map(|caller| caller.name.to_owned()).collect()
}

impl Limit {
    /// Whose it is.
    pub(super) fn name(self, world: &World) -> &str {
        match self {
            Self::Provider(id) => world.providers.get(id).map_or("", |one| one.name.value.as_str()),
            Self::Model(id) => world.models.get(id).map_or("", |one| one.id.as_str()),
        }
    }

    /// Requests a minute, and where they are stated.
    pub(super) fn allowed(self, world: &World) -> Option<(u64, Span)> {
        let limits = match self {
            Self::Provider(id) => world.providers.get(id)?.rate_limits.as_ref()?,
            Self::Model(id) => world.models.get(id)?.rate_limits.as_ref()?,
        };
        Some((limits.value.requests_per_minute?, limits.span))
    }
}
