//! `failover-fork`: one statement's chains give a model two successors.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::list;
use crate::model::{Arrow, Candidates, ModelId};

pub(super) const CHECK: Check = Check {
    code: Code("failover-fork"),
    severity: Severity::Error,
    family: Family::Failover,
    summary: "one statement's chains give a model two successors",
    why: "After a fork nobody can say which model comes next, and the two branches may differ in what they may see.",
    example: example!("failover-fork"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let id = |model: ModelId| world.models[model].id.as_str();
    let mut findings = Vec::new();
    for failover in &world.failovers {
        let Candidates::Chains(chains) = &failover.candidates else { continue };
        for &model in &chains.members {
            let successors: Vec<&Arrow> = chains.successors(model).collect();
            let [first, second, rest @ ..] = successors.as_slice() else { continue };
            let names: Vec<&str> = successors.iter().map(|arrow| id(arrow.to)).collect();
            let message =
                format!("in `{}`, `{}` is followed by {}", failover.name.value, id(model), list(&names));
            let mut finding = CHECK
                .finding(second.span, message)
                .label(format!("then `{}` here", id(second.to)))
                .related(first.span, format!("`{}` here", id(first.to)));
            for arrow in rest {
                finding = finding.related(arrow.span, format!("and `{}` here", id(arrow.to)));
            }
            findings.push(finding.help(
                "a failover has one next step: keep one of them, or use two statements with different `when`",
            ));
        }
    }
    findings
}
