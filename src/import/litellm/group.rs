//! How the proxy goes on from one deployment of a public name to another of the same name.

use std::collections::{BTreeMap, BTreeSet};

use super::fallbacks::TRIGGERS;
use super::{Config, stated};
use crate::import::Notes;
use crate::number::Rational;
use crate::vocabulary::Trigger;
use crate::yaml::Value;

/// How often the proxy retries where nothing is said.
const DEFAULT_RETRIES: u64 = 2;

/// Triggers whose errors the proxy retries (401, 403, 408, 409, 429, 5xx, a lost connection), each time with any
/// deployment of the name that is not cooling down.
const RETRIED: [&str; 5] = [
    Trigger::RateLimited.name(),
    Trigger::ServerError.name(),
    Trigger::Timeout.name(),
    Trigger::Unavailable.name(),
    Trigger::Unauthorized.name(),
];

/// Triggers for which neither the next `order` nor a weighted failover is tried.
const SPECIAL: [&str; 2] = [Trigger::ContentFiltered.name(), Trigger::ContextExceeded.name()];

/// The keys of a retry policy, which overrides the number of retries for an error.
const POLICY: [(&str, &str); 6] = [
    (Trigger::RateLimited.name(), "RateLimitErrorRetries"),
    (Trigger::ServerError.name(), "InternalServerErrorRetries"),
    (Trigger::Timeout.name(), "TimeoutErrorRetries"),
    (Trigger::Unauthorized.name(), "AuthenticationErrorRetries"),
    (Trigger::ContentFiltered.name(), "ContentPolicyViolationErrorRetries"),
    (Trigger::ContextExceeded.name(), "BadRequestErrorRetries"),
];

/// The deployments of a name as the proxy walks them.
#[derive(Debug, Default, Clone)]
pub(super) struct Walk {
    /// All of them, each with its `order`.
    all: Vec<(usize, Option<Rational>)>,
    /// By `order`, the lowest first; those without one, where others have one, are in no level.
    levels: Vec<Vec<usize>>,
    /// How often a failed call is repeated, for deployments that say so themselves.
    retries: BTreeMap<usize, u64>,
}

impl Walk {
    /// Of deployments as they stand in a name.
    pub(super) fn new(all: Vec<(usize, Option<Rational>)>, retries: BTreeMap<usize, u64>) -> Self {
        let mut levels: BTreeMap<Option<Rational>, Vec<usize>> = BTreeMap::new();
        for (at, order) in &all {
            levels.entry(order.clone()).or_default().push(*at);
        }
        if levels.len() > 1 {
            levels.remove(&None);
        }
        Self { all, levels: levels.into_values().collect(), retries }
    }

    /// Of deployments that stand beside each other.
    pub(super) fn beside(serves: &[usize]) -> Self {
        Self::new(serves.iter().map(|at| (*at, None)).collect(), BTreeMap::new())
    }

    /// Of several names together, each with an `order` that overrides that of its deployments.
    pub(super) fn of_members(members: &[(Option<Rational>, &Walk)]) -> Self {
        let mut all: Vec<(usize, Option<Rational>)> = Vec::new();
        let mut retries = BTreeMap::new();
        for (order, walk) in members {
            for (at, own) in &walk.all {
                if !all.iter().any(|(known, _)| known == at) {
                    all.push((*at, order.clone().or_else(|| own.clone())));
                }
            }
            retries.extend(walk.retries.iter().map(|(at, number)| (*at, *number)));
        }
        Self::new(all, retries)
    }

    /// How many times the proxy goes on to the next `order`, each of which counts as a fallback.
    pub(super) fn hops(&self) -> u64 {
        u64::try_from(self.levels.len().saturating_sub(1)).unwrap_or(u64::MAX)
    }

    /// Whether one of its deployments says itself how often it is retried.
    pub(super) fn has_own_retries(&self) -> bool {
        !self.retries.is_empty()
    }

    /// All deployments that may be asked: the proxy picks any of those that stand beside each other.
    pub(super) fn any(&self) -> Vec<usize> {
        self.levels.concat()
    }

    /// Positions of every deployment of the group.
    pub(super) fn all(&self) -> Vec<usize> {
        self.all.iter().map(|(at, _)| *at).collect()
    }
}

/// Whether an error is retried, whether it is special, and which it is where that matters.
pub(super) type Class = (bool, bool, Option<&'static str>);

/// What a configuration says about going on within a name.
pub(super) struct Retries<'a> {
    number: Option<u64>,
    policy: Option<&'a Value>,
    by_name: Option<&'a Value>,
    is_weighted: bool,
}

impl<'a> Retries<'a> {
    pub(super) fn read(config: &Config<'a>, number: Option<u64>) -> Self {
        let router = |key| config.first(&["router_settings"], key);
        let is = |value: &Value| matches!(value.kind, crate::yaml::Kind::Bool(true));
        Self {
            number,
            policy: router("retry_policy"),
            by_name: router("model_group_retry_policy"),
            is_weighted: router("enable_weighted_failover").is_some_and(is),
        }
    }

    /// Lists what of the retry policies does not count: errors without a trigger, numbers that are none, and policies of
    /// names that have no failover statement.
    pub(super) fn say_unused(&self, without: &[String], with: &BTreeSet<&str>, notes: &mut Notes) {
        let mut of = |policy: &Value, key: &str| {
            for (error, value) in policy.entries() {
                let shown = crate::import::text::comment(&error.value);
                let number = stated::plain(value).and_then(|number| crate::number::to_whole(&number));
                if POLICY.iter().all(|(_, known)| *known != error.value) {
                    notes.left(error.span, format!("`{shown}` of `{key}`: no trigger is that error"));
                } else if number.is_none() {
                    notes.left(value.span, format!("`{shown}` of `{key}`: it is not a number of retries"));
                }
            }
        };
        if let Some(policy) = self.policy {
            of(policy, "retry_policy");
        }
        let names = self.by_name.map(Value::entries).unwrap_or_default();
        for (_, policy) in names {
            of(policy, "model_group_retry_policy");
        }
        for (name, _) in names.iter().filter(|(name, _)| !with.contains(name.value.as_str())) {
            let shown = crate::import::text::comment(&name.value);
            notes.left(
                name.span,
                format!(
                    "`{shown}` in `model_group_retry_policy`: no failover statement is written for that name"
                ),
            );
        }
        if let Some(policy) = self.policy.filter(|_| !without.is_empty()) {
            let names = crate::model::words::some_plain(without, 5);
            notes.left(policy.span, format!("`retry_policy` for {names}: it belongs to a failover statement, and nothing steps in there"));
        }
    }

    /// Whether neither the next `order` nor a weighted failover is tried after an error.
    pub(super) fn is_special(trigger: &str) -> bool {
        SPECIAL.contains(&trigger)
    }

    /// What decides how the proxy goes on after an error, as far as it does not depend on the name.
    pub(super) fn class(&self, trigger: &'static str) -> Class {
        let has_policy = self.policy.is_some() || self.by_name.is_some();
        (RETRIED.contains(&trigger), SPECIAL.contains(&trigger), has_policy.then_some(trigger))
    }

    /// How often a call of a deployment is repeated after an error.
    fn of(&self, name: &str, walk: &Walk, first: usize, trigger: &str) -> u64 {
        self.stated(name, walk, first, trigger).unwrap_or(DEFAULT_RETRIES)
    }

    /// The same where the configuration or the error settles it; none where the proxy's own number counts.
    fn stated(&self, name: &str, walk: &Walk, first: usize, trigger: &str) -> Option<u64> {
        let key = POLICY.iter().find(|(known, _)| *known == trigger).map(|(_, key)| *key);
        let policy = self.by_name.and_then(|names| names.get(name)).or(self.policy);
        let stated = policy.zip(key).and_then(|(policy, key)| stated::plain(policy.get(key)?));
        if let Some(stated) = stated.and_then(|number| crate::number::to_whole(&number)) {
            return Some(stated);
        }
        if !RETRIED.contains(&trigger) {
            return Some(0);
        }
        walk.retries.get(&first).copied().or(self.number)
    }

    /// How often a name's calls are repeated before somebody else is asked, and whether that is the proxy's own number;
    /// none where they are not.
    pub(super) fn times(&self, name: &str, walk: &Walk, trigger: &str) -> Option<(u64, bool)> {
        let first = *walk.levels.first()?.first()?;
        // With no other deployment of the name, a refused key is not tried again.
        if trigger == Trigger::Unauthorized.name() && walk.all.len() < 2 {
            return None;
        }
        let stated = self.stated(name, walk, first, trigger);
        Some((stated.unwrap_or(DEFAULT_RETRIES), stated.is_none())).filter(|(times, _)| *times > 0)
    }

    /// The deployments of a name that are asked in turn where the first fails in one way: how those of the next `order`
    /// fail is open again.
    pub(super) fn steps(&self, name: &str, walk: &Walk, trigger: &str) -> Vec<usize> {
        let is_special = SPECIAL.contains(&trigger);
        let levels = walk.levels.iter().take(if is_special { 1 } else { usize::MAX }).enumerate();
        let mut steps = Vec::new();
        for (at, level) in levels {
            let Some(first) = level.first() else { continue };
            let retries = |trigger: &str| self.of(name, walk, *first, trigger);
            let most = if at == 0 {
                retries(trigger)
            } else {
                TRIGGERS.iter().map(|trigger| retries(trigger)).max().unwrap_or_default()
            };
            let calls = if self.is_weighted && !is_special { None } else { usize::try_from(most).ok() };
            steps.extend(level.iter().take(calls.map_or(usize::MAX, |calls| calls.saturating_add(1))));
        }
        steps
    }

    /// Says for which errors another deployment of a name steps in.
    pub(super) fn say(&self, name: &str, walk: &Walk, span: crate::source::Span, notes: &mut Notes) {
        if walk.levels.iter().all(|level| level.len() < 2) {
            return;
        }
        let shown = crate::import::text::comment(name);
        let triggers: Vec<String> = TRIGGERS
            .iter()
            .filter(|trigger| self.steps(name, walk, trigger).len() > 1)
            .map(|trigger| format!("`{trigger}`"))
            .collect();
        let how =
            if self.is_weighted { "as `enable_weighted_failover` has it" } else { "as LiteLLM retries" };
        let said = if triggers.is_empty() {
            format!(
                "`{shown}`: no other deployment of it steps in where one fails, since nothing is retried (`num_retries: 0`)"
            )
        } else {
            let triggers: Vec<&str> = triggers.iter().map(String::as_str).collect();
            format!(
                "`{shown}`: another deployment of it steps in only on {}, {how}",
                crate::model::words::joined(&triggers)
            )
        };
        notes.read(span, said);
    }
}
