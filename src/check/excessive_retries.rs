//! `excessive-retries`: a request is tried so often that an outage becomes a flood.

use super::every_path::every_path;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::count;

pub(super) const CHECK: Check = Check {
    code: Code("excessive-retries"),
    severity: Severity::Warning,
    family: Family::Practice,
    summary: "more than 5 retries over a whole path",
    why: "A provider in trouble gets every request several times, which keeps it in trouble, while the caller waits for all of them. Over a whole path, five repeats are plenty.",
    example: example!("excessive-retries"),
    hides: &[],
    run: Run::Survey(run),
};

/// How often one request may be repeated, over all that it is sent to.
const SENSIBLE: u64 = 5;

fn run(survey: &Survey) -> Vec<Finding> {
    let many = every_path(survey, |look| {
        // The primary is repeated as every target is.
        let models = (look.path.targets.len() as u64).saturating_add(1);
        let retries = look.failover.retry.saturating_mul(models);
        (retries > SENSIBLE).then_some((retries, models))
    });
    let findings = many.into_iter().map(|(id, seen)| {
        let failover = &survey.world.failovers[id];
        let (retries, models) = seen.worst;
        let of = if models == 1 { "the primary".to_owned() } else { format!("each of {models} models") };
        let times = count(usize::try_from(failover.retry).unwrap_or(usize::MAX), "time", "times");
        let message = format!(
            "failover `{}` repeats a request for `{}` {retries} times: {times} at {of}",
            failover.name.value, seen.of
        );
        CHECK
            .finding(failover.head, message)
            .label(format!("at most {SENSIBLE} over the whole path"))
            .help("lower `retry` or `limit`: a provider in trouble gets every request that often")
            .use_cases(seen.use_cases)
    });
    findings.collect()
}
