//! `unused-model`: a model that is approved and never used.

use super::approvals::{first_matched, is_matched};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::explain::command::shell;
use crate::model::{Model, ModelId, World};
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    code: Code("unused-model"),
    severity: Severity::Warning,
    family: Family::Registry,
    summary: "a model that is approved and never used",
    why: "A model that is approved, paid for and reviewed serves nothing. It widens the list that auditors read, or a rule excludes it by mistake.",
    example: example!("unused-model"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    if !survey.complete() {
        return Vec::new();
    }
    let world = survey.world;
    let mut used: BTreeSet<ModelId> = BTreeSet::new();
    for decided in survey.decided() {
        used.extend(decided.reached());
    }
    let idle = world.models.enumerated().filter(|(id, model)| {
        let approved = model.approved.iter().any(|entry| is_matched(world, &entry.value));
        approved && !model.retired && !used.contains(id)
    });
    let findings = idle.map(|(_, model)| {
        CHECK
            .finding(model.name.span, format!("`{}` is approved and serves nothing in any context", model.id))
            .help(why_not(world, model))
    });
    findings.collect()
}

/// How to ask why a model serves nothing, for the first use case that it is approved for.
fn why_not(world: &World, model: &Model) -> String {
    let approved = model.approved.iter().filter_map(|entry| first_matched(world, &entry.value));
    match approved.min_by(|a, b| a.name.value.cmp(&b.name.value)) {
        Some(use_case) => format!(
            "`govctl resolve {} --why-not {}` says why; route to it, or take it out of the registry",
            shell(&use_case.name.value),
            shell(&model.id)
        ),
        None => "route to it, or take it out of the registry".to_owned(),
    }
}
