//! `unbudgeted`: a use case that no budget covers.

use super::{Family, Rule, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("unbudgeted"),
    severity: Severity::Warning,
    family: Family::Budgets,
    summary: "a use case that no budget covers",
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    if survey.world.budgets.is_empty() {
        return Vec::new();
    }
    let uncovered = survey.decided().filter(|decided| decided.baseline.budgets.is_empty());
    let findings = uncovered.map(|decided| {
        RULE.finding(
            decided.use_case.name.span,
            format!("no budget covers `{}`", decided.use_case.name.value),
        )
        .help("widen a budget's `when`, or write one for it")
        .use_cases([decided.name()])
    });
    findings.collect()
}
