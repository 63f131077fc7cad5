//! `quota-shared`: batch and interactive use cases share a quota.

use super::named::Named;
use super::{Check, Family, Run};
use crate::decide::engine::Statement;
use crate::decide::survey::{Decided, Survey};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::some;
use crate::model::{Quota, Table, UseCaseId};

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
    let mut named = Named::new();
    let is_batch = |decided: &Decided| world.names.name(decided.use_case.workload) == "batch";
    // Per quota whether it covers batch and interactive use cases: most cover one kind, and nobody has to be named.
    let mut kinds: Table<Quota, [bool; 2]> = world.quotas.iter().map(|_| [false; 2]).collect();
    for decided in survey.decided() {
        let kind = usize::from(is_batch(&decided));
        for quota in decided.baseline.quotas.iter() {
            if let Some(of_kind) = kinds[*quota].get_mut(kind) {
                *of_kind = true;
            }
        }
    }
    for ((id, quota), _) in world.quotas.enumerated().zip(kinds).filter(|(_, kinds)| *kinds == [true; 2]) {
        let covers = |decided: &Decided| decided.baseline.quotas.binary_search(&id).is_ok();
        let covered: Vec<Decided> = survey.concerned(Statement::Quota(id)).filter(covers).collect();
        let kind = |wanted: bool| -> Vec<&str> {
            let of_kind = covered.iter().filter(|decided| is_batch(decided) == wanted);
            of_kind.map(|decided| decided.use_case.name.value.as_str()).collect()
        };
        let (batch, interactive) = (kind(true), kind(false));
        let ids: Vec<UseCaseId> = covered.iter().map(|decided| decided.id).collect();
        let message = format!("batch and interactive use cases share the quota `{}`", quota.name.value);
        let finding = CHECK
            .finding(quota.name.span, message)
            .note(format!("batch: {}", some(&batch, 5)))
            .note(format!("interactive: {}", some(&interactive, 5)))
            .help("give batch work a quota of its own: add `when workload == batch`");
        findings.push(named.on(world, finding, &ids));
    }
    findings
}
