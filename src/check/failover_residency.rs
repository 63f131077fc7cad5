//! `failover-residency`: a failover would leave the allowed regions.

use super::links::{Walked, of_gate};
use super::{Check, Family, Run};
use crate::decide::Gate;
use crate::decide::outside::{narrowing, outside};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::names::Set;
use crate::model::words::set;
use crate::source::Span;

pub(super) const CHECK: Check = Check {
    code: Code("failover-residency"),
    severity: Severity::Error,
    family: Family::Failover,
    summary: "a failover would process data outside the regions where it may be",
    why: "Data that must stay in a region would leave it during an outage, when nobody looks at routing.",
    example: example!("failover-residency"),
    hides: &[Code("no-failover")],
    run: Run::Links(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    of_gate(survey, Gate::Residency, finding)
}

fn finding(walked: Walked, link: Span) -> Finding {
    let (world, use_case, to) = (walked.world, walked.use_case, walked.to);
    let everywhere = Set::default();
    let residency = walked.decision.residency.as_deref().unwrap_or(&everywhere);
    let (allowed, why) = (set(world, residency), outside(world, residency, to));
    let mut finding = walked.finding(&CHECK, link, &format!("leave {allowed} for"));
    let place = to.regions_span.unwrap_or(to.name.span);
    finding = finding.related(place, format!("`{}` {}", to.id, why.words(world, residency)));
    if let Some(span) = use_case.spans.residency {
        finding = finding.related(span, format!("`{}` may be processed here only", use_case.name.value));
    }
    let usual = world.baseline(use_case);
    for (rule, clause, regions) in narrowing(world, use_case, &usual, &walked.decision.rules) {
        let regions = set(world, &regions);
        finding = finding.related(clause.span, format!("rule `{rule}` narrows that to {regions}"));
    }
    let remedy = why.remedy().map(|remedy| format!("{remedy}; else ")).unwrap_or_default();
    finding.help(format!(
        "{remedy}name an endpoint here in {allowed}, or take this one out: until then, failover skips it"
    ))
}
