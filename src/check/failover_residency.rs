//! `failover-residency`: a failover would leave the allowed regions.

use super::links::of_gate;
use super::survey::Survey;
use super::{Family, Rule};
use crate::decide::Gate;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::set;

pub(super) const RULE: Rule = Rule {
    code: Code("failover-residency"),
    severity: Severity::Error,
    family: Family::Failover,
    summary: "a failover would process data outside the regions where it may be",
    run: Some(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    of_gate(survey, Gate::Residency, |walked, link| {
        let allowed = set(walked.world, &walked.use_case.residency);
        let mut finding = walked.finding(&RULE, link, &format!("leave {allowed} for"));
        finding = match (&walked.to.regions, walked.to.regions_span) {
            (Some(regions), Some(span)) => finding
                .related(span, format!("`{}` processes in {}", walked.to.id, set(walked.world, regions))),
            _ => finding.related(walked.to.name.span, "states no `regions` that is still known"),
        };
        if let Some(span) = walked.use_case.spans.residency {
            finding =
                finding.related(span, format!("`{}` may be processed here only", walked.use_case.name.value));
        }
        finding.help(format!(
            "name an endpoint here in {allowed}, or take this one out: as it is, the walk passes it by"
        ))
    })
}
