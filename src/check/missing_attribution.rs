//! `missing-attribution`: a use case lacks a dimension that attribution requires.

use super::{Check, Family, Run};
use crate::decide::show;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::Dimension;
use crate::model::words::list;

pub(super) const CHECK: Check = Check {
    code: Code("missing-attribution"),
    severity: Severity::Error,
    family: Family::Accountability,
    summary: "a use case lacks a dimension that attribution requires",
    why: "Spend that carries no team or project cannot be charged to anyone, and tags cannot be added after the fact.",
    example: example!("missing-attribution"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let Some(attribution) = &survey.world.attribution else { return Vec::new() };
    let mut findings = Vec::new();
    for decided in survey.decided() {
        let at_run_time =
            |dimension| matches!(dimension, Dimension::User | Dimension::Provider | Dimension::Model);
        let lacking = attribution.require.iter().filter(|(dimension, _)| {
            !at_run_time(*dimension) && show::stated(decided.use_case, *dimension).is_none()
        });
        let lacking: Vec<_> = lacking.collect();
        let names: Vec<&str> = lacking.iter().map(|(dimension, _)| dimension.name()).collect();
        let Some(first) = names.first() else { continue };
        let message = format!(
            "`{}` does not state {}, which attribution requires",
            decided.use_case.name.value,
            list(&names)
        );
        let mut finding = CHECK.finding(decided.use_case.name.span, message);
        for (_, span) in lacking {
            finding = finding.related(*span, "required here");
        }
        findings.push(finding.help(format!("add `{first}: …` to the use case")).use_cases([decided.name()]));
    }
    findings
}
