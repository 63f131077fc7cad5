//! `failover-overload`: with one failure domain down, a rate limit is below the peak that then comes.

use super::rate_limits::{Limit, at, callers, peaks};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::names::Symbol;
use crate::model::words::some;
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    code: Code("failover-overload"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "with one failure domain down, a rate limit is below the peak that then comes",
    why: "When a provider falls, its traffic arrives at another whose rate limit is too small: a failure cascades to use cases that were not affected.",
    example: example!("failover-overload"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let callers = callers(survey);
    let normal = peaks(&callers, None);
    let mut domains: Vec<Symbol> = world.models.iter().map(crate::model::Model::domain).collect();
    domains.sort_unstable_by_key(|domain| world.names.name(*domain));
    domains.dedup();
    // The worst outage of each limit; of equal ones the first by name.
    let mut worst: BTreeMap<Limit, (u64, Symbol)> = BTreeMap::new();
    for down in domains {
        for (limit, peak) in peaks(&callers, Some(down)) {
            let before = normal.get(&limit).copied().unwrap_or_default();
            let too_much = |most: u64| peak > most && peak > before && before <= most;
            if !limit.allowed(world).is_some_and(|(allowed, _)| too_much(allowed)) {
                continue;
            }
            if worst.get(&limit).is_none_or(|(known, _)| peak > *known) {
                worst.insert(limit, (peak, down));
            }
        }
    }
    let findings = worst.into_iter().filter_map(|(limit, (peak, down))| {
        let (allowed, span) = limit.allowed(world)?;
        let use_cases = at(&callers, Some(down), limit);
        let (name, down) = (limit.name(world), world.names.name(down));
        let message =
            format!("with `{down}` down, `{name}` gets {peak} requests a minute and allows {allowed}");
        Some(
            CHECK
                .finding(span, message)
                .label("this limit")
                .note(format!("these then go there: {}", some(&use_cases, 8)))
                .help("raise the limit with the provider, or let some of them fail over elsewhere")
                .use_cases(use_cases),
        )
    });
    findings.collect()
}
