//! `quota-shared`: batch and interactive use cases share a quota.

use super::{Check, Family, Run};
use crate::decide::survey::{Decided, Survey};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::some;
use crate::model::{Quota, Table};

pub(super) const CHECK: Check = Check {
    code: Code("quota-shared"),
    severity: Severity::Warning,
    family: Family::Budgets,
    summary: "batch and interactive use cases share a quota",
    why: "A nightly batch can use up the quota that interactive users need: they share one limit.",
    example: example!("quota-shared"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    let all: Vec<Decided> = survey.decided().collect();
    let mut covered: Table<Quota, Vec<&Decided>> = world.quotas.iter().map(|_| Vec::new()).collect();
    for decided in &all {
        for quota in decided.baseline.quotas.iter() {
            covered[*quota].push(decided);
        }
    }
    for (quota, covered) in world.quotas.iter().zip(covered) {
        let kind = |word: &str| -> Vec<String> {
            let of_kind =
                covered.iter().filter(|decided| world.names.name(decided.use_case.workload) == word);
            of_kind.map(|decided| decided.name()).collect()
        };
        let (batch, interactive) = (kind("batch"), kind("interactive"));
        if batch.is_empty() || interactive.is_empty() {
            continue;
        }
        let message = format!("batch and interactive use cases share the quota `{}`", quota.name.value);
        findings.push(
            CHECK
                .finding(quota.name.span, message)
                .note(format!("batch: {}", some(&batch, 5)))
                .note(format!("interactive: {}", some(&interactive, 5)))
                .help("give batch work a quota of its own: add `when workload == batch`")
                .use_cases(covered.iter().map(|decided| decided.name())),
        );
    }
    findings
}
