//! Rate limits, and who answers to them: shared by `overload` and `failover-overload`.

use crate::decide::survey::Survey;
use crate::model::RateLimits;
use crate::model::names::Symbol;
use crate::model::{ModelId, ProviderId, UseCase, World};
use crate::number::{Rational, whole};
use crate::source::{Span, Spanned};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::AddAssign;

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
    pub(super) requests: u64,
    /// Tokens a minute: of so many requests, each as long as the mean; none where that is not stated.
    pub(super) tokens: Option<Rational>,
    /// Of the primary and the targets of the outage path: limit and failure domain.
    ways: Vec<(Limit, Symbol)>,
}

impl Caller<'_> {
    /// Every limit that it may come to.
    pub(super) fn limits(&self) -> impl Iterator<Item = Limit> {
        self.ways.iter().map(|(limit, _)| *limit)
    }

    /// The limit that its route answers to while a failure domain is down, if it has a route.
    pub(super) fn limit(&self, down: Option<Symbol>) -> Option<Limit> {
        self.ways.iter().find(|(_, domain)| Some(*domain) != down).map(|(limit, _)| *limit)
    }
}

/// The use cases that state a peak, by name.
pub(super) fn callers<'a>(survey: &'a Survey) -> Vec<Caller<'a>> {
    let world = survey.world;
    let callers = survey.decided().filter_map(|decided| {
        let use_case = decided.use_case;
        let requests = use_case.peak_requests_per_minute?;
        let ways = decided.baseline.chain().into_iter().map(|id| {
            let model = &world.models[id];
            let own = model.rate_limits.is_some();
            (if own { Limit::Model(id) } else { Limit::Provider(model.provider) }, model.domain())
        });
        let tokens = mean_tokens(use_case).map(|mean| mean * whole(requests));
        Some(Caller { name: &use_case.name.value, requests, tokens, ways: ways.collect() })
    });
    callers.collect()
}

/// Tokens of a request, input and output, as the expected month has them.
fn mean_tokens(use_case: &UseCase) -> Option<Rational> {
    let (input, output) = use_case.tokens?;
    let requests = use_case.requests.filter(|requests| *requests > 0)?;
    Some((whole(input) + whole(output)) / whole(requests))
}

/// Per limit the sum of what comes to it while a failure domain is down; of what is not known nothing.
pub(super) fn peaks<T: AddAssign>(
    callers: &[Caller],
    down: Option<Symbol>,
    of: impl Fn(&Caller, Limit) -> Option<T>,
) -> BTreeMap<Limit, T> {
    let mut peaks: BTreeMap<Limit, T> = BTreeMap::new();
    for caller in callers {
        let Some(limit) = caller.limit(down) else { continue };
        let Some(own) = of(caller, limit) else { continue };
        match peaks.entry(limit) {
            Entry::Vacant(vacant) => {
                vacant.insert(own);
            }
            Entry::Occupied(mut known) => *known.get_mut() += own,
        }
    }
    peaks
}

/// The use cases that come to a limit while a failure domain is down, by name.
pub(super) fn at(
    callers: &[Caller],
    down: Option<Symbol>,
    limit: Limit,
    counts: impl Fn(&Caller) -> bool,
) -> Vec<String> {
    let there = callers.iter().filter(|caller| caller.limit(down) == Some(limit) && counts(caller));
    there.map(|caller| caller.name.to_owned()).collect()
}

/// A number of tokens, rounded up.
pub(super) fn shown(tokens: &Rational) -> String {
    tokens.ceil().to_integer().to_string()
}

impl Limit {
    /// Whose it is.
    pub(super) fn name(self, world: &World) -> &str {
        match self {
            Self::Provider(id) => world.providers[id].name.value.as_str(),
            Self::Model(id) => world.models[id].id.as_str(),
        }
    }

    /// Requests a minute, and where they are stated.
    pub(super) fn requests(self, world: &World) -> Option<(u64, Span)> {
        let limits = self.limits(world)?;
        Some((limits.value.requests_per_minute?, limits.span))
    }

    /// Tokens a minute, and where they are stated.
    pub(super) fn tokens(self, world: &World) -> Option<(Rational, Span)> {
        let limits = self.limits(world)?;
        Some((whole(limits.value.tokens_per_minute?), limits.span))
    }

    fn limits(self, world: &World) -> Option<&Spanned<RateLimits>> {
        match self {
            Self::Provider(id) => world.providers[id].rate_limits.as_ref(),
            Self::Model(id) => world.models[id].rate_limits.as_ref(),
        }
    }
}
