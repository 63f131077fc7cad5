//! `unroutable`: no model may serve a use case.

use super::nobody::explain;
use super::smallest::Known;
use super::{Check, Family, Run};
use crate::decide::survey::{Decided, Survey};
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("unroutable"),
    severity: Severity::Error,
    family: Family::Routing,
    summary: "no model may serve a use case",
    why: "Requests for this use case are blocked. It happens when a certification is asked for that no approved model holds, or when two promises contradict each other; better found in the pull request than by the first caller.",
    example: example!("unroutable"),
    hides: &[Code("unroutable-context")],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let empty = |decided: &Decided| decided.baseline.primary.is_none();
    let mut known = Known::default();
    survey.decided().filter(empty).map(|decided| finding((survey, &mut known), &decided)).collect()
}

fn finding<'w>((survey, known): (&Survey<'w>, &mut Known<'w>), decided: &Decided) -> Finding {
    let (name, context) = (decided.name(), survey.world.baseline(decided.use_case));
    let message = format!("no model may serve `{name}`");
    let finding = CHECK.finding(decided.use_case.name.span, message).use_cases([name]);
    explain((survey, known), decided, &context, finding)
}
