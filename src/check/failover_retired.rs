//! `failover-retired`: a failover leads to a model that is gone.

use super::links::of_gate;
use super::{Check, Family, Run};
use crate::decide::Gate;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("failover-retired"),
    severity: Severity::Error,
    family: Family::Failover,
    summary: "a failover leads to a retired model",
    why: "The exit leads to a model that no longer exists: the failover fails exactly when it is needed.",
    example: example!("failover-retired"),
    hides: &[Code("no-failover")],
    run: Run::Links(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    of_gate(survey, Gate::Lifecycle, |walked, link| {
        let span = walked.to.lifecycle_span.unwrap_or(walked.to.name.span);
        walked
            .finding(&CHECK, link, "lead to the retired")
            .related(
                span,
                match walked.to.sunset {
                    Some(date) => format!("`{}` is gone from {date} on", walked.to.id),
                    None => format!("`{}` is retired", walked.to.id),
                },
            )
            .help("name its successor, or take it out of the failover")
    })
}
