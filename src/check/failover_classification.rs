//! `failover-classification`: a failover would carry data to a model capped below it.

use super::links::of_gate;
use super::{Check, Family, Run};
use crate::decide::Gate;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::ClassificationId;

pub(super) const CHECK: Check = Check {
    code: Code("failover-classification"),
    severity: Severity::Error,
    family: Family::Failover,
    summary: "a failover would carry data to a model that is capped below it",
    why: "A routine outage would move data to a model that is not allowed to see it. No policy changed, no human decided it; the reliability feature made the violation.",
    example: example!("failover-classification"),
    hides: &[Code("no-failover")],
    run: Run::Links(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    of_gate(survey, Gate::ClassificationCeiling, |walked, link| {
        let name = |level: ClassificationId| &walked.world.classifications[level];
        let (data, cap) = (name(walked.use_case.classification), name(walked.to.ceiling));
        walked
            .finding(&CHECK, link, &format!("carry `{data}` data to"))
            .related(walked.to.ceiling_span, format!("`{}` is capped at `{cap}`", walked.to.id))
            .related(
                walked.use_case.classification_span,
                format!("`{}` handles `{data}` data", walked.use_case.name.value),
            )
            .help(format!(
                "name a model here that may see `{data}` data, or take this one out: until then, failover skips it"
            ))
    })
}
