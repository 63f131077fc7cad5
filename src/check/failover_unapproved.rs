//! `failover-unapproved`: a failover leads to a model that is not approved.

use super::links::of_gate;
use super::{Check, Family, Run};
use crate::decide::Gate;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("failover-unapproved"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "a failover leads to a model that is not approved for the use case",
    why: "The candidate is left out since nobody approved it for this use case, so the failover that people count on is not there.",
    example: example!("failover-unapproved"),
    hides: &[Code("no-failover")],
    run: Run::Links(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    of_gate(survey, Gate::ApprovedUseCase, |walked, link| {
        let name = &walked.use_case.name.value;
        let first = walked.to.approved.first().map_or(walked.to.name.span, |entry| entry.span);
        let last = walked.to.approved.last().map_or(walked.to.name.span, |entry| entry.span);
        walked
            .finding(&CHECK, link, "ask the unapproved")
            .related(first.to(last), format!("`{}` is not approved for `{name}`", walked.to.id))
            .related(walked.use_case.name.span, "the use case")
            .help(format!(
                "add `{name}` to the model's `approved_use_cases`, or fail over to one that is approved"
            ))
    })
}
