//! `unconfirmed-dpa`: data goes to a model without a confirmed data processing agreement.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::ModelId;
use crate::model::words::some;
use crate::vocabulary::DpaStatus;
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    code: Code("unconfirmed-dpa"),
    severity: Severity::Warning,
    family: Family::Registry,
    summary: "data goes to a model without a confirmed data processing agreement",
    why: "Personal or customer data goes to a processor without a signed agreement: the first thing that a data protection authority asks for.",
    example: example!("unconfirmed-dpa"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut found: BTreeMap<ModelId, Vec<String>> = BTreeMap::new();
    for decided in survey.decided().filter(|decided| !decided.use_case.data.is_empty()) {
        for id in decided.reached() {
            let model = &world.models[id];
            // What runs in one's own house has no other party to agree with.
            let is_own = model.hosting.is_some_and(|name| world.names.name(name) == "self-hosted");
            if model.dpa != Some(DpaStatus::Confirmed) && !is_own {
                found.entry(id).or_default().push(decided.name());
            }
        }
    }
    let findings = found.into_iter().map(|(id, use_cases)| {
        let model = &world.models[id];
        let message = match model.dpa {
            Some(DpaStatus::None) => format!("`{}` gets data without a data processing agreement", model.id),
            Some(DpaStatus::Pending | DpaStatus::Confirmed) => format!("`{}` gets data while its data processing agreement is pending", model.id),
            None => format!("`{}` gets data and no data processing agreement is known", model.id),
        };
        let finding = CHECK.finding(model.name.span, message).use_cases(use_cases);
        let concerned = some(&finding.use_cases, 5);
        finding
            .note(format!("these send data there: {concerned}"))
            .help("confirm the agreement and state `dpa: {status: confirmed, …}`, or keep the data away with `require model.dpa == confirmed`")
    });
    findings.collect()
}
