//! `partial-outage`: a use case can fail over on one kind of outage and not on another.

use super::nowhere::{is_meant, leads};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::Trigger;
use crate::model::words::list;

pub(super) const CHECK: Check = Check {
    code: Code("partial-outage"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "a use case can fail over on one kind of outage and not on another",
    why: "A provider that is down answers with an error, not in time, or not at all. Failover that knows only one of these works in the drill and not in the incident.",
    example: example!("partial-outage"),
    hides: &[],
    run: Run::Survey(run),
};

/// What an outage looks like, in the order of the grammar.
const OUTAGE: [Trigger; 3] = [Trigger::ServerError, Trigger::Timeout, Trigger::Unavailable];

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for decided in survey.decided() {
        let decision = decided.baseline;
        let Some(outage) = decision.outage_path().filter(|path| !path.targets.is_empty()) else { continue };
        let uncovered = OUTAGE.into_iter().filter(|trigger| {
            let path = decision.path_on(*trigger);
            !leads(path) && !is_meant(world, decision, path)
        });
        let uncovered: Vec<&str> = uncovered.map(Trigger::name).collect();
        if uncovered.is_empty() {
            continue;
        }
        let name = &decided.use_case.name.value;
        let covered = list(&outage.on.names());
        let message =
            format!("`{name}` fails over on {covered} and has nowhere to go on {}", list(&uncovered));
        let finding = CHECK.finding(decided.use_case.name.span, message).use_cases([decided.name()]);
        let failover = &world.failovers[outage.failover];
        let finding = finding.related(failover.name.span, "this statement answers the others");
        findings.push(finding.help(
            "what is down answers with an error, in no time or not at all: name all three in `on`, or write a statement with `none` for what is meant to stop",
        ));
    }
    findings
}
