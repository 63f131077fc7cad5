//! `missing-reason`: a rule, failover statement or guarantee without a reason.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::fix::{Change, Fix};
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("missing-reason"),
    severity: Severity::Warning,
    family: Family::Accountability,
    summary: "a rule, failover statement or guarantee without a reason",
    why: "The sentence that explains a decision quotes the reason. Without one, a reviewer next year cannot tell whether the rule may go.",
    example: example!("missing-reason"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let rules = world.rules.iter().map(|rule| ("rule", &rule.name, &rule.because));
    let failovers = world.failovers.iter().map(|f| ("failover statement", &f.name, &f.because));
    let guarantees = world.guarantees.iter().map(|g| ("guarantee", &g.name, &g.because));
    let unexplained = rules.chain(failovers).chain(guarantees).filter(|(.., because)| because.is_none());
    let findings = unexplained.map(|(what, name, _)| {
        let change = Change::Clause(name.span, "because \"change me: say why\"".to_owned());
        CHECK
            .finding(name.span, format!("the {what} `{}` does not say why", name.value))
            .help("write `because \"…\"`: the sentence that explains a decision quotes it")
            .fix(Fix::not_safe("add a reason to fill in", change))
    });
    findings.collect()
}
