//! `overload`: with nothing down, a rate limit is below the peak that comes.

use super::rate_limits::{at, callers, peaks, shown};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::some;
use crate::number::Rational;
use crate::source::Span;
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    code: Code("overload"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "with nothing down, a rate limit is below the peak that comes",
    why: "At peak, requests come faster than the provider accepts them, with everything up: callers are refused every day, and no outage is to blame.",
    example: example!("overload"),
    hides: &[Code("failover-overload")],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let callers = callers(survey);
    let mut findings = Vec::new();
    let mut overloaded = BTreeSet::new();
    for (limit, peak) in peaks(&callers, None, |caller, _| Some(caller.requests)) {
        let Some((allowed, span)) = limit.requests(world).filter(|(allowed, _)| peak > *allowed) else {
            continue;
        };
        let name = limit.name(world);
        let message = format!("`{name}` gets {peak} requests a minute at peak and allows {allowed}");
        overloaded.insert(limit);
        findings.push(finding(span, message, at(&callers, None, limit, |_| true)));
    }
    for (limit, peak) in peaks(&callers, None, |caller, _| caller.tokens.clone()) {
        let is_news = |(allowed, _): &(Rational, Span)| peak > *allowed && !overloaded.contains(&limit);
        let Some((allowed, span)) = limit.tokens(world).filter(is_news) else { continue };
        let (name, peak, allowed) = (limit.name(world), shown(&peak), shown(&allowed));
        let message = format!("`{name}` gets {peak} tokens a minute at peak and allows {allowed}");
        let use_cases = at(&callers, None, limit, |caller| caller.tokens.is_some());
        findings.push(finding(span, message, use_cases).note(HOW).practice());
    }
    findings
}

/// How tokens are counted.
pub(super) const HOW: &str =
    "counted as peak requests times the mean tokens of a request in `expected_monthly`";

fn finding(span: Span, message: String, use_cases: Vec<String>) -> Finding {
    CHECK
        .finding(span, message)
        .label("this limit")
        .note(format!("these go there: {}", some(&use_cases, 5)))
        .help("raise the limit with the provider, or route some of them elsewhere")
        .use_cases(use_cases)
}
