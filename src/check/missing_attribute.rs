//! `missing-attribute`: a condition tests what a use case does not state.

use super::{Family, Rule, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("missing-attribute"),
    severity: Severity::Error,
    family: Family::Routing,
    summary: "a condition tests an attribute that a use case does not state",
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
                RULE.finding(
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
