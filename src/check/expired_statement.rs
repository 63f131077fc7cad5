//! `expired-statement`: the last day of a statement has passed.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("expired-statement"),
    severity: Severity::Warning,
    family: Family::Accountability,
    summary: "the last day of a statement has passed",
    why: "A statement whose last day has passed decides nothing, and whoever reads the file takes it for a rule that holds.",
    example: example!("expired-statement"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let as_of = survey.world.as_of;
    let findings = survey.world.timed.iter().filter_map(|statement| {
        let until = statement.until.filter(|until| *until < as_of && !statement.is_succeeded)?;
        let message = format!("{} `{}` ended after {until}", statement.kind, statement.name);
        let finding = CHECK.finding(statement.head, message);
        Some(finding.label("it decides nothing any more").help("remove it, or give it a later `until`"))
    });
    findings.collect()
}
