//! `vacuous-guarantee`: a guarantee whose `for` is never true.

use super::{Check, Family, Run};
use crate::decide::engine::Statement;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("vacuous-guarantee"),
    severity: Severity::Warning,
    family: Family::Guarantees,
    summary: "a guarantee whose `for` is never true",
    why: "The guarantee is kept because it never applies. It reads like protection and is none.",
    example: example!("vacuous-guarantee"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    if !survey.complete() {
        return Vec::new();
    }
    let world = survey.world;
    let vacuous = world.guarantees.enumerated().filter(|(id, _)| {
        !survey.concerned(Statement::Guarantee(*id)).any(|decided| {
            let held = survey.engine.held(decided.use_case, decided.space, Statement::Guarantee(*id));
            held.somewhere()
        })
    });
    let findings = vacuous.map(|(_, guarantee)| {
        let message =
            format!("the guarantee `{}` promises nothing: its `for` is never true", guarantee.name.value);
        let finding = CHECK.finding(guarantee.name.span, message);
        let finding = match &guarantee.premise {
            Some(premise) => finding.related(premise.span, "this is true in no context of any use case"),
            None => finding,
        };
        finding.help("correct the condition, or remove the guarantee")
    });
    findings.collect()
}
