//! `failover-mismatch`: a failover breaks its own match clause.

use super::links::by_link;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::list;

pub(super) const CHECK: Check = Check {
    code: Code("failover-mismatch"),
    severity: Severity::Error,
    family: Family::Failover,
    summary: "a failover leads to a model that does not hold a `match` aspect",
    why: "The statement itself demands that targets match the primary, and this one does not: it is left out, and the chain is shorter than it reads. `match` compares with the primary of the moment; what every target must hold is better promised with `require`.",
    example: example!("failover-mismatch"),
    hides: &[Code("no-failover")],
    run: Run::Links(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    by_link(
        survey,
        |walked| !walked.left_out.mismatches.is_empty(),
        |walked, link| {
            let aspects: Vec<&str> = walked.left_out.mismatches.iter().map(|aspect| aspect.word()).collect();
            let aspects = list(&aspects);
            walked
            .finding(&CHECK, link, &format!("break `match` on {aspects} with"))
            .related(walked.primary.name.span, "the primary it must match")
            .related(walked.to.name.span, format!("does not match the primary's {aspects}, or one of the two is unknown"))
            .help("fail over to a model that matches, state the fact in the registry, or take the aspect out of `match`")
        },
    )
}
