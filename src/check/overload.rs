//! `overload`: with nothing down, a rate limit is below the peak that comes.

use super::rate_limits::{at, callers, peaks};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::some;

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
    let overloaded = peaks(&callers, None).into_iter().filter_map(|(limit, peak)| {
        let (allowed, span) = limit.allowed(world).filter(|(allowed, _)| peak > *allowed)?;
        let use_cases = at(&callers, None, limit);
        let name = limit.name(world);
        let message = format!("`{name}` gets {peak} requests a minute at peak and allows {allowed}");
        Some(
            CHECK
                .finding(span, message)
                .label("this limit")
                .note(format!("these go there: {}", some(&use_cases, 8)))
                .help("raise the limit with the provider, or route some of them elsewhere")
                .use_cases(use_cases),
        )
    });
    overloaded.collect()
}
