//! `test-failed`: a test expects something else than what is decided.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::Test;
use crate::testing::expectations;

pub(super) const CHECK: Check = Check {
    code: Code("test-failed"),
    severity: Severity::Error,
    family: Family::Guarantees,
    summary: "a test expects something else than what is decided",
    why: "A reviewed expectation is no longer true. Either the change is wrong or the expectation is; someone decides which before it is merged.",
    example: example!("test-failed"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let run = |test: &Test| {
        let case = &survey.cases[test.use_case];
        if !case.is_decided() {
            return None;
        }
        let use_case = &world.use_cases[case.id];
        let context = expectations::context(world, use_case, test);
        let decision = survey.decision(case, &context)?.as_ref().ok()?;
        let failures = expectations::unmet(world, decision, test);
        let (first, rest) = failures.split_first()?;
        let message = format!("test \"{}\" fails: {}", test.name.value, first.sentence());
        let mut finding = CHECK.finding(test.name.span, message).related(first.span, "expected here");
        for unmet in rest {
            finding = finding.related(unmet.span, unmet.sentence());
        }
        let command = expectations::command(world, use_case, &context, test);
        Some(
            finding
                .help(format!("see why with `{command}`, then fix the policy or the test"))
                .use_cases([use_case.name.value.clone()]),
        )
    };
    world.tests.iter().filter_map(run).collect()
}
