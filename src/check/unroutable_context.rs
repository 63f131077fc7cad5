//! `unroutable-context`: no model may serve a use case in some other context.

use super::nobody::explain;
use super::smallest::Known;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("unroutable-context"),
    severity: Severity::Warning,
    family: Family::Routing,
    summary: "no model may serve a use case in some other context",
    why: "With a low budget, a certain tenant or another fact, requests for this use case are blocked although they normally are not. Such a corner is first met in an incident.",
    example: example!("unroutable-context"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let (mut findings, mut known) = (Vec::new(), Known::default());
    for decided in survey.decided().filter(|decided| decided.baseline.primary.is_some()) {
        let own = decided.use_case.classification;
        let empty = decided
            .pairs()
            .enumerate()
            .filter(|(_, (context, decision))| context.classification == own && decision.primary.is_none());
        let nearest = empty.min_by_key(|(at, _)| decided.space.distance(*at));
        let Some((_, (context, _))) = nearest else { continue };
        let message = format!("in some contexts no model may serve `{}`", decided.use_case.name.value);
        let finding = CHECK.finding(decided.use_case.name.span, message).use_cases([decided.name()]);
        let finding = explain((survey, &mut known), &decided, context, finding);
        findings.push(finding.context(world.show_context(context)));
    }
    findings
}
