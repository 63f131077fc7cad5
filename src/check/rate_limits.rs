//! Rate limits, and who answers to them: shared by `overload` and `failover-overload`.

use std::collections::{BTreeMap, BTreeSet};

use crate::decide::survey::Survey;
use crate::model::names::Symbol;
use crate::model::{ModelId, ProviderId, RateLimits, UseCase, World};
use crate::number::{ceil, over, times, whole};
use crate::source::{Span, Spanned};

/// How tokens are counted.
pub(super) const HOW: &str =
    "counted as peak requests times the mean tokens of a request in `expected_monthly`";

/// A rate limit: the model's own, or its provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Limit {
    Provider(ProviderId),
    Model(ModelId),
}

/// A use case that states its peak, and where it may go.
pub(super) struct Caller<'a> {
    name: &'a str,
    /// Requests a minute.
    requests: u64,
    /// Tokens a minute: of so many requests, each as long as the mean, rounded up; none where that is not stated.
    tokens: Option<u64>,
    /// Of the primary and the targets of the outage path: limit and failure domain.
    ways: Vec<(Limit, Symbol)>,
}

/// What is counted against a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Requests,
    Tokens,
}

impl Caller<'_> {
    /// The limit that its route answers to while a failure domain is down, if it has a route.
    fn limit(&self, down: Option<Symbol>) -> Option<Limit> {
        self.ways.iter().find(|(_, domain)| Some(*domain) != down).map(|(limit, _)| *limit)
    }

    /// How much it sends in a minute, if that is known.
    fn peak(&self, unit: Unit) -> Option<u64> {
        match unit {
            Unit::Requests => Some(self.requests),
            Unit::Tokens => self.tokens,
        }
    }
}

/// The use cases that state a peak, by name, and what comes of each to every limit.
pub(super) struct Callers<'a> {
    all: Vec<Caller<'a>>,
    /// Those that may come to a limit, by number.
    of: BTreeMap<Limit, Vec<usize>>,
}

impl<'a> Callers<'a> {
    pub(super) fn new(survey: &'a Survey) -> Self {
        let world = survey.world;
        let all = survey.decided().filter_map(|decided| {
            let use_case = decided.use_case;
            let requests = use_case.peak_requests_per_minute?;
            let ways = decided.baseline.chain().into_iter().map(|id| {
                let model = &world.models[id];
                let own = model.rate_limits.is_some();
                (if own { Limit::Model(id) } else { Limit::Provider(model.provider) }, model.domain())
            });
            let tokens = tokens(use_case, requests);
            Some(Caller { name: &use_case.name.value, requests, tokens, ways: ways.collect() })
        });
        let all: Vec<Caller> = all.collect();
        let mut of: BTreeMap<Limit, Vec<usize>> = BTreeMap::new();
        for (at, caller) in all.iter().enumerate() {
            let limits: BTreeSet<Limit> = caller.ways.iter().map(|(limit, _)| *limit).collect();
            for limit in limits {
                of.entry(limit).or_default().push(at);
            }
        }
        Self { all, of }
    }

    /// Per limit what comes to it with nothing down.
    pub(super) fn normal(&self, unit: Unit) -> BTreeMap<Limit, u128> {
        let mut peaks = BTreeMap::new();
        for caller in &self.all {
            if let (Some(limit), Some(peak)) = (caller.limit(None), caller.peak(unit)) {
                *peaks.entry(limit).or_default() += u128::from(peak);
            }
        }
        peaks
    }

    /// Per failure domain and limit what comes to it while the domain is down, of the limits to which somebody is moved
    /// then: what no move touches stays as it is.
    pub(super) fn moved(&self, unit: Unit) -> BTreeMap<Symbol, BTreeMap<Limit, u128>> {
        let normal = self.normal(unit);
        let mut moves: BTreeMap<Symbol, BTreeMap<Limit, (u128, u128)>> = BTreeMap::new();
        for caller in &self.all {
            let (Some((left, down)), Some(peak)) = (caller.ways.first(), caller.peak(unit)) else { continue };
            let moves = moves.entry(*down).or_default();
            moves.entry(*left).or_default().1 += u128::from(peak);
            if let Some(limit) = caller.limit(Some(*down)) {
                moves.entry(limit).or_default().0 += u128::from(peak);
            }
        }
        let after = |(limit, (gained, lost)): (Limit, (u128, u128))| {
            let before = normal.get(&limit).copied().unwrap_or_default();
            (gained > 0).then_some((limit, (before + gained).saturating_sub(lost)))
        };
        moves.into_iter().map(|(down, moves)| (down, moves.into_iter().filter_map(after).collect())).collect()
    }

    /// The use cases that come to a limit while a failure domain is down and that are counted there, by name.
    pub(super) fn at(&self, down: Option<Symbol>, limit: Limit, unit: Unit) -> Vec<String> {
        let there = self.of.get(&limit).into_iter().flatten().filter_map(|at| self.all.get(*at));
        let there = there.filter(|caller| caller.limit(down) == Some(limit) && caller.peak(unit).is_some());
        there.map(|caller| caller.name.to_owned()).collect()
    }
}

/// Tokens a minute of so many requests, input and output, each as long as in the expected month.
fn tokens(use_case: &UseCase, peak: u64) -> Option<u64> {
    let (input, output) = use_case.tokens?;
    let requests = use_case.requests.filter(|requests| *requests > 0)?;
    Some(match input.checked_add(output) {
        Some(all) => ceil(&times(&over(&whole(all), requests), peak)),
        None => ceil(&((whole(input) + whole(output)) * whole(peak) / whole(requests))),
    })
}

impl Limit {
    /// Whose it is.
    pub(super) fn name(self, world: &World) -> &str {
        match self {
            Self::Provider(id) => world.providers[id].name.value.as_str(),
            Self::Model(id) => world.models[id].id.as_str(),
        }
    }

    /// How much it allows in a minute, and where that is stated.
    pub(super) fn allowed(self, world: &World, unit: Unit) -> Option<(u64, Span)> {
        let limits = self.limits(world)?;
        let allowed = match unit {
            Unit::Requests => limits.value.requests_per_minute?,
            Unit::Tokens => limits.value.tokens_per_minute?,
        };
        Some((allowed, limits.span))
    }

    fn limits(self, world: &World) -> Option<&Spanned<RateLimits>> {
        match self {
            Self::Provider(id) => world.providers[id].rate_limits.as_ref(),
            Self::Model(id) => world.models[id].rate_limits.as_ref(),
        }
    }
}
