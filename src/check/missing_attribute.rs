//! `missing-attribute`: a condition tests what a use case does not state.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("missing-attribute"),
    severity: Severity::Error,
    family: Family::Routing,
    summary: "a condition tests an attribute that a use case does not state",
    why: "A condition that tests what a use case does not state would have to guess, and guessing is how restricted data ends up at a default provider. The owner states the fact instead.",
    example: example!("missing-attribute"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    for case in &survey.cases {
        let Some(use_case) = survey.world.use_cases.get(case.id) else { continue };
        for missing in &case.missing {
            let (name, attribute) = (&use_case.name.value, missing.attribute.name());
            let key = match attribute {
                "latency_sla" => "latency_sla_ms",
                other => other,
            };
            findings.push(
                CHECK
                    .finding(
                        use_case.name.span,
                        format!("`{name}` does not state `{attribute}`, which a condition tests"),
                    )
                    .label(format!("no `{key}` here"))
                    .related(missing.tested, "tested here")
                    .help(format!("add `{key}: …` to the use case: what is not stated is not assumed"))
                    .use_cases([name.clone()]),
            );
        }
    }
    findings
}
