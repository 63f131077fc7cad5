//! `overload`: with nothing down, a rate limit is below the peak that comes.

use super::rate_limits::{Callers, HOW, Unit};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::some;
use crate::number::counted;
use crate::source::Span;
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    code: Code("overload"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "with nothing down, a rate limit is below the peak that comes",
    why: "At peak, requests come faster than the provider accepts them, with everything up: callers are refused every day, and no outage is to blame. Limits in tokens a minute are looked at too once `lints` set a level for it or for `good-practice`.",
    example: example!("overload"),
    hides: &[Code("failover-overload")],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let callers = Callers::new(survey);
    let mut findings = Vec::new();
    let mut overloaded = BTreeSet::new();
    for (unit, what) in [(Unit::Requests, "requests"), (Unit::Tokens, "tokens")] {
        for (limit, peak) in callers.normal(unit) {
            let Some((allowed, span)) = limit.allowed(world, unit) else { continue };
            if peak <= u128::from(allowed) || overloaded.contains(&limit) {
                continue;
            }
            let name = limit.name(world);
            let message = format!(
                "`{name}` gets {} {what} a minute at peak and allows {}",
                counted(peak),
                counted(allowed)
            );
            let finding = finding(span, message, callers.at(None, limit, unit)).about(name);
            findings.push(match unit {
                Unit::Requests => finding,
                Unit::Tokens => finding.note(HOW).practice(),
            });
            overloaded.insert(limit);
        }
    }
    findings
}

fn finding(span: Span, message: String, use_cases: Vec<String>) -> Finding {
    CHECK
        .finding(span, message)
        .label("this limit")
        .note(format!("these go there: {}", some(&use_cases, 5)))
        .help("raise the limit with the provider, or route some of them elsewhere")
        .use_cases(use_cases)
}
