//! `quota-overcommitted`: quotas add up to more than the rate limit that they share.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::list;
use crate::model::{Quota, QuotaUnit, Selector, World};
use crate::number::counted;
use crate::source::Span;
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    code: Code("quota-overcommitted"),
    severity: Severity::Warning,
    family: Family::Budgets,
    summary: "quotas add up to more than the rate limit that they share",
    why: "Quotas that promise more than the provider allows protect nobody: whoever comes late is limited by the provider.",
    example: example!("quota-overcommitted"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut on: BTreeMap<Selector, Vec<&Quota>> = BTreeMap::new();
    for quota in &world.quotas {
        // A quota for each value of something has no sum that a rate limit could be held against.
        if let Some(selector) = quota.on.filter(|_| quota.per.is_none()) {
            on.entry(selector).or_default().push(quota);
        }
    }
    let mut findings = Vec::new();
    for (selector, quotas) in on {
        for unit in [QuotaUnit::Requests, QuotaUnit::Tokens] {
            findings.extend(overcommitted(world, selector, &quotas, unit));
        }
    }
    findings
}

fn overcommitted(world: &World, selector: Selector, quotas: &[&Quota], unit: QuotaUnit) -> Option<Finding> {
    let share = |quota: &&Quota| match unit {
        QuotaUnit::Requests => quota.requests_per_minute,
        QuotaUnit::Tokens => quota.tokens_per_minute,
    };
    let (allowed, span) = limit(world, selector, unit)?;
    let shares: Vec<(&Quota, u64)> =
        quotas.iter().filter_map(|quota| Some((*quota, share(quota)?))).collect();
    let sum: u128 = shares.iter().map(|(_, share)| u128::from(*share)).sum();
    if sum <= u128::from(allowed) {
        return None;
    }
    let word = unit.name();
    let names: Vec<&str> = shares.iter().map(|(quota, _)| quota.name.value.as_str()).collect();
    let verb = if names.len() == 1 { "allows" } else { "add up to" };
    let message = format!(
        "{} {verb} {} {word} a minute on `{}`, which allows {}",
        list(&names),
        counted(sum),
        selector.name(world),
        counted(allowed)
    );
    let mut finding = CHECK
        .finding(selector.place(world), message)
        .about_each(selector.name(world), word)
        .label("what the quotas are on");
    for (quota, share) in shares {
        finding = finding.related(quota.name.span, format!("{} {word}", counted(share)));
    }
    Some(
        finding
            .related(span, "the rate limit")
            .help("lower the quotas, or raise the limit with the provider"),
    )
}

/// The rate limit of a model (its own, else its provider's) or provider.
fn limit(world: &World, selector: Selector, unit: QuotaUnit) -> Option<(u64, Span)> {
    let (own, provider) = match selector {
        Selector::Provider(id) => (None, id),
        Selector::Model(id) => (world.models[id].rate_limits.as_ref(), world.models[id].provider),
    };
    let limits = own.or(world.providers[provider].rate_limits.as_ref())?;
    let allowed = match unit {
        QuotaUnit::Requests => limits.value.requests_per_minute,
        QuotaUnit::Tokens => limits.value.tokens_per_minute,
    };
    Some((allowed?, limits.span))
}
