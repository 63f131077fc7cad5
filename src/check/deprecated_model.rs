//! `deprecated-model`: requests go to a model that is on its way out, or not yet fully there.

use std::collections::BTreeMap;

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::ModelId;

pub(super) const CHECK: Check = Check {
    code: Code("deprecated-model"),
    severity: Severity::Warning,
    family: Family::Practice,
    summary: "requests go to a model that is deprecated or a preview",
    why: "A deprecated model stops answering on a day that the provider chooses; a preview changes or vanishes without notice.",
    example: example!("deprecated-model"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut found: BTreeMap<ModelId, Vec<String>> = BTreeMap::new();
    let is_unsettled =
        |id: &ModelId| matches!(world.names.name(world.models[*id].lifecycle), "deprecated" | "preview");
    for decided in survey.decided() {
        for id in decided.reached().into_iter().filter(is_unsettled) {
            found.entry(id).or_default().push(decided.name());
        }
    }
    let findings = found.into_iter().map(|(id, use_cases)| {
        let model = &world.models[id];
        let (what, help) = match world.names.name(model.lifecycle) {
            "preview" => (
                "a preview".to_owned(),
                "keep previews away from what people rely on, as with `forbid model.lifecycle == preview`",
            ),
            _ => (
                match model.sunset {
                    Some(day) => format!("deprecated, and gone from {day} on"),
                    None => "deprecated".to_owned(),
                },
                "move to its successor before it is gone, or rank it behind with `prefer where model.lifecycle == active`",
            ),
        };
        let message = format!("requests go to `{}`, which is {what}", model.id);
        CHECK.finding(model.name.span, message)
            .related(model.lifecycle_span.unwrap_or(model.name.span), "stated here")
            .help(help)
            .use_cases(use_cases)
    });
    findings.collect()
}
