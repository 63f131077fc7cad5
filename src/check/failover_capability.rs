//! `failover-capability`: a failover leads to a model that cannot do the work.

use super::links::of_gate;
use super::{Check, Family, Run};
use crate::decide::Gate;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::set;

pub(super) const CHECK: Check = Check {
    code: Code("failover-capability"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "a failover leads to a model that lacks a capability or context the use case needs",
    why: "The candidate cannot call tools or hold the context, so a request that fails over fails again, at a price.",
    example: example!("failover-capability"),
    hides: &[Code("no-failover")],
    run: Run::Links(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    of_gate(survey, Gate::Capability, |walked, link| {
        let (use_case, to) = (walked.use_case, walked.to);
        let mut finding = walked.finding(&CHECK, link, "ask too much of");
        let held = to.capabilities.clone().unwrap_or_default();
        let lacking = use_case.capabilities.without(&held);
        if !lacking.is_empty() {
            let lacking = set(walked.world, &lacking);
            let place = to.capabilities_span.unwrap_or(to.name.span);
            finding = finding.related(place, format!("`{}` does not state {lacking}", to.id));
            if let Some(span) = use_case.spans.capabilities {
                finding = finding.related(span, format!("`{}` needs {lacking}", use_case.name.value));
            }
        }
        if let Some(min) = &use_case.min_context
            && to.context_window.as_ref().is_none_or(|window| window < min)
        {
            let place = to.context_window_span.unwrap_or(to.name.span);
            finding = finding
                .related(place, format!("the context window of `{}` is too small or not stated", to.id));
            if let Some(span) = use_case.spans.min_context {
                finding = finding.related(span, format!("`{}` needs this much context", use_case.name.value));
            }
        }
        finding.help("fail over to a model that can do the work, or state the capability in the registry")
    })
}
