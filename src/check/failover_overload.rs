//! `failover-overload`: with one failure domain down, a rate limit is below the peak that then comes.

use super::overload::HOW;
use super::rate_limits::{Caller, Limit, at, callers, peaks, shown};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::names::Symbol;
use crate::model::words::some;
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

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
    let mut domains: Vec<Symbol> = world.models.iter().map(crate::model::Model::domain).collect();
    domains.sort_unstable_by_key(|domain| world.names.name(*domain));
    domains.dedup();
    let requests = |caller: &Caller| Some(caller.requests);
    let requests_allowed = |limit: Limit| Some(limit.requests(world)?.0);
    let outages = worst(&callers, &domains, requests, requests_allowed);
    let mut findings = Vec::new();
    for (limit, (peak, down)) in &outages {
        let Some((allowed, span)) = limit.requests(world) else { continue };
        let (name, outage) = (limit.name(world), world.names.name(*down));
        let message =
            format!("with `{outage}` down, `{name}` gets {peak} requests a minute and allows {allowed}");
        findings.push(finding(span, message, at(&callers, Some(*down), *limit, |_| true)));
    }
    let tokens =
        worst(&callers, &domains, |caller| caller.tokens.clone(), |limit| Some(limit.tokens(world)?.0));
    let normal = peaks(&callers, None, |caller, _| requests(caller));
    let is_told = |limit: &Limit| {
        let overloaded = |peak: &u64| requests_allowed(*limit).is_some_and(|allowed| *peak > allowed);
        outages.contains_key(limit) || normal.get(limit).is_some_and(overloaded)
    };
    for (limit, (peak, down)) in tokens.iter().filter(|(limit, _)| !is_told(limit)) {
        let Some((allowed, span)) = limit.tokens(world) else { continue };
        let (name, outage) = (limit.name(world), world.names.name(*down));
        let (peak, allowed) = (shown(peak), shown(&allowed));
        let message =
            format!("with `{outage}` down, `{name}` gets {peak} tokens a minute and allows {allowed}");
        let use_cases = at(&callers, Some(*down), *limit, |caller| caller.tokens.is_some());
        findings.push(finding(span, message, use_cases).note(HOW).practice());
    }
    findings
}

/// The worst outage of each limit that is enough with nothing down; of equal ones the first by name.
fn worst<T: AddAssign + Clone + Ord>(
    callers: &[Caller],
    domains: &[Symbol],
    of: impl Fn(&Caller) -> Option<T>,
    allowed: impl Fn(Limit) -> Option<T>,
) -> BTreeMap<Limit, (T, Symbol)> {
    let limited: BTreeSet<Limit> =
        callers.iter().flat_map(Caller::limits).filter(|limit| allowed(*limit).is_some()).collect();
    // What comes to a limit that allows whatever comes is not added up.
    let of = |caller: &Caller, limit| limited.contains(&limit).then(|| of(caller)).flatten();
    let normal = peaks(callers, None, of);
    let mut worst: BTreeMap<Limit, (T, Symbol)> = BTreeMap::new();
    for down in domains {
        for (limit, peak) in peaks(callers, Some(*down), of) {
            let before = normal.get(&limit);
            let too_much =
                |most: T| peak > most && before.is_none_or(|before| peak > *before && *before <= most);
            if !allowed(limit).is_some_and(too_much) {
                continue;
            }
            if worst.get(&limit).is_none_or(|(known, _)| peak > *known) {
                worst.insert(limit, (peak, *down));
            }
        }
    }
    worst
}

fn finding(span: Span, message: String, use_cases: Vec<String>) -> Finding {
    CHECK
        .finding(span, message)
        .label("this limit")
        .note(format!("these then go there: {}", some(&use_cases, 5)))
        .help("raise the limit with the provider, or let some of them fail over elsewhere")
        .use_cases(use_cases)
}
