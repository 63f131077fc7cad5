//! `no-alert`: a budget that nobody hears of before it is used up.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::number::whole;

pub(super) const CHECK: Check = Check {
    code: Code("no-alert"),
    severity: Severity::Warning,
    family: Family::Practice,
    summary: "a budget that does nothing before it is used up",
    why: "A budget that does nothing before it is used up is first noticed when requests are blocked.",
    example: example!("no-alert"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let budgets = survey.world.budgets.iter();
    let silent = budgets.filter(|budget| budget.at.iter().all(|at| at.used >= whole(100)));
    let findings = silent.map(|budget| {
        let message = format!("the budget `{}` does nothing before it is used up", budget.name.value);
        CHECK
            .finding(budget.head, message)
            .label("no `at` below 100%")
            .help("let somebody know in time, as in `at 80% notify \"…\"`")
    });
    findings.collect()
}
