//! `dead-rule`: a rule or failover statement that never applies.

use super::applying::applying;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::list;

pub(super) const CHECK: Check = Check {
    code: Code("dead-rule"),
    severity: Severity::Warning,
    family: Family::Routing,
    summary: "a rule or failover statement that never applies",
    why: "The rule's condition is true nowhere, so what its author wanted to protect is not protected. Often a use case was renamed or a classification raised.",
    example: example!("dead-rule"),
    hides: &[Code("ineffective-rule")],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    if !survey.complete() {
        return Vec::new();
    }
    let (rules, failovers, led) = applying(survey);
    let world = survey.world;
    let rules = world
        .rules
        .enumerated()
        .map(|(id, rule)| ("rule", &rule.name, rule.when.as_ref().filter(|_| !rules.contains(id))));
    let failovers_when = world.failovers.enumerated().map(|(id, failover)| {
        ("failover statement", &failover.name, failover.when.as_ref().filter(|_| !failovers.contains(id)))
    });
    let dead = rules.chain(failovers_when).filter_map(|(what, name, when)| {
        Some(
            CHECK
                .finding(name.span, format!("the {what} `{}` never applies", name.value))
                .related(when?.span, "this is true in no context of any use case")
                .help("correct the condition, or remove it"),
        )
    });
    let idle = world.failovers.enumerated().filter(|(id, _)| failovers.contains(*id) && !led.contains(*id));
    let idle = idle.map(|(_, failover)| {
        let on = list(&failover.triggers().names());
        let message = format!("the failover statement `{}` is never the one that counts", failover.name.value);
        CHECK.finding(failover.name.span, message)
            .note(format!("on {on}, another statement comes before it in every context: one that overrides it, has a `when`, or states its `on`"))
            .help("narrow the others, let it override them, or remove it")
    });
    dead.chain(idle).collect()
}
