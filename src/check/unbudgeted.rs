//! `unbudgeted`: a use case that no budget covers.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("unbudgeted"),
    severity: Severity::Warning,
    family: Family::Budgets,
    summary: "a use case that no budget covers",
    why: "Spend of this use case counts against nothing, so a loop in an agent is found on the invoice.",
    example: example!("unbudgeted"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    if survey.world.budgets.is_empty() {
        return Vec::new();
    }
    let uncovered = survey.decided().filter(|decided| decided.baseline.budgets.is_empty());
    let findings = uncovered.map(|decided| {
        CHECK
            .finding(
                decided.use_case.name.span,
                format!("no budget covers `{}`", decided.use_case.name.value),
            )
            .help("widen a budget's `when`, or write one for it")
            .use_cases([decided.name()])
    });
    findings.collect()
}
