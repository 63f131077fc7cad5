//! `no-failover-context`: in some other context nothing follows the primary.

use super::nowhere::{is_meant, leads};
use super::{Check, Family, Run, cut};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::Failover;

pub(super) const CHECK: Check = Check {
    code: Code("no-failover-context"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "a use case can fail over normally, and cannot in some other context",
    why: "Normally an outage is covered, and with a low budget, a certain tenant or another fact it is not. People find out when both come together.",
    example: example!("no-failover-context"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for decided in survey.decided().filter(|decided| leads(decided.baseline.outage_path())) {
        let own = decided.use_case.classification;
        let stranded = decided.pairs().enumerate().filter(|(_, (context, decision))| {
            let path = decision.outage_path();
            context.classification == own
                && decision.primary.is_some()
                && !leads(path)
                && !is_meant(world, decision, path)
        });
        let nearest = stranded.min_by_key(|(at, _)| decided.space.distance(*at));
        let Some((_, (context, decision))) = nearest else { continue };
        let Some(primary) = decision.primary.map(|primary| &world.models[primary]) else { continue };
        let name = &decided.use_case.name.value;
        let message =
            format!("in some contexts `{name}` has only `{}` and nowhere to fail over to", primary.id);
        let finding = CHECK.finding(decided.use_case.name.span, message).use_cases([decided.name()]);
        let command = crate::explain::command::resolve(world, decided.use_case, context);
        let finding = finding.note(format!("see it with `{command}`"));
        let finding = match decision.outage_path() {
            Some(path) => cut::explain(world, decided.use_case, context, primary, path, finding),
            None => finding,
        };
        let finding = match decision.outage_path().map(|path| &world.failovers[path.failover]) {
            Some(failover) => finding
                .related(failover.name.span, "this statement applies there and finds no target")
                .help(ask(failover)),
            None => finding.help(
                "no failover statement answers an outage there: write one, with `none` if that is meant",
            ),
        };
        findings.push(finding.context(world.show_context(context)));
    }
    findings
}

/// What to do where a statement applies and has no target.
fn ask(failover: &Failover) -> &'static str {
    if failover.limit == 0 {
        "raise its `limit`, which allows no target, or say `none` if you mean that"
    } else {
        "give it a target that may serve it there too, or say `none` if you mean that"
    }
}
