//! `failover-overload`: with one failure domain down, a rate limit is below the peak that then comes.

use super::rate_limits::{Callers, HOW, Limit, Unit};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::World;
use crate::model::names::Symbol;
use crate::model::words::some;
use crate::number::counted;
use crate::source::Span;
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    code: Code("failover-overload"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "with one failure domain down, a rate limit is below the peak that then comes",
    why: "When a provider falls, its traffic arrives at another whose rate limit is too small: a failure cascades to use cases that were not affected. Limits in tokens a minute are looked at too once `lints` set a level for it or for `good-practice`.",
    example: example!("failover-overload"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let callers = Callers::new(survey);
    let outages = worst(world, &callers, Unit::Requests);
    let mut findings = Vec::new();
    for (limit, (peak, down)) in &outages {
        let Some((allowed, span)) = limit.allowed(world, Unit::Requests) else { continue };
        let (name, outage) = (limit.name(world), world.names.name(*down));
        let message = format!(
            "with `{outage}` down, `{name}` gets {} requests a minute and allows {}",
            counted(peak),
            counted(allowed)
        );
        let use_cases = callers.at(Some(*down), *limit, Unit::Requests);
        findings.push(finding(span, message, use_cases).about(name));
    }
    let normal = callers.normal(Unit::Requests);
    let is_told = |limit: &Limit| {
        let overloaded = |peak: &u128| {
            limit.allowed(world, Unit::Requests).is_some_and(|(allowed, _)| *peak > u128::from(allowed))
        };
        outages.contains_key(limit) || normal.get(limit).is_some_and(overloaded)
    };
    let tokens = worst(world, &callers, Unit::Tokens);
    for (limit, (peak, down)) in tokens.iter().filter(|(limit, _)| !is_told(limit)) {
        let Some((allowed, span)) = limit.allowed(world, Unit::Tokens) else { continue };
        let (name, outage) = (limit.name(world), world.names.name(*down));
        let message = format!(
            "with `{outage}` down, `{name}` gets {} tokens a minute and allows {}",
            counted(peak),
            counted(allowed)
        );
        let use_cases = callers.at(Some(*down), *limit, Unit::Tokens);
        findings.push(finding(span, message, use_cases).about(name).note(HOW).practice());
    }
    findings
}

/// The worst outage of each limit that is enough with nothing down; of equal ones the first by name.
fn worst(world: &World, callers: &Callers, unit: Unit) -> BTreeMap<Limit, (u128, Symbol)> {
    let normal = callers.normal(unit);
    let mut moved: Vec<(Symbol, BTreeMap<Limit, u128>)> = callers.moved(unit).into_iter().collect();
    moved.sort_unstable_by_key(|(down, _)| world.names.name(*down));
    let mut worst: BTreeMap<Limit, (u128, Symbol)> = BTreeMap::new();
    for (down, peaks) in moved {
        for (limit, peak) in peaks {
            let Some((allowed, _)) = limit.allowed(world, unit) else { continue };
            let (allowed, before) = (u128::from(allowed), normal.get(&limit).copied().unwrap_or_default());
            let is_news = peak > allowed && peak > before && before <= allowed;
            if is_news && worst.get(&limit).is_none_or(|(known, _)| peak > *known) {
                worst.insert(limit, (peak, down));
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
