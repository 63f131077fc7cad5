//! `missing-lineage`: lineage is required of a use case that names no data source.

use super::{Check, Family, Run};
use crate::decide::engine::Statement;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("missing-lineage"),
    severity: Severity::Error,
    family: Family::Accountability,
    summary: "lineage is required of a use case that names no data source",
    why: "When an answer is challenged, nobody could say which data fed the prompt, so the audit duty cannot be met.",
    example: example!("missing-lineage"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for decided in survey.decided().filter(|decided| decided.use_case.data_sources == 0) {
        let required = world.audits.enumerated().find_map(|(id, audit)| {
            let span = audit.lineage?;
            let held = survey.engine.held(decided.use_case, decided.space, Statement::Audit(id));
            held.somewhere().then_some((audit, span))
        });
        let Some((audit, span)) = required else { continue };
        let message =
            format!("`{}` names no data source, and lineage is required", decided.use_case.name.value);
        findings.push(
            CHECK
                .finding(decided.use_case.name.span, message)
                .related(span, format!("required by `{}`", audit.name.value))
                .help("add `data_sources: [{name: …}]` to the use case")
                .use_cases([decided.name()]),
        );
    }
    findings
}
