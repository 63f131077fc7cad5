//! `availability-shortfall`: the targets together are not available enough, or their availability is unknown.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::decide::{Decision, reference};
use crate::diag::{Code, Finding, Severity};
use crate::model::World;
use crate::model::words::list;
use crate::number::round_half_even;

pub(super) const CHECK: Check = Check {
    code: Code("availability-shortfall"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "the targets together are not available enough, or their availability is unknown",
    why: "The use case promises more than its targets can give together, so the promise is broken by arithmetic.",
    example: example!("availability-shortfall"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for decided in survey.decided().filter(|decided| decided.baseline.primary.is_some()) {
        let Some(wanted) = &decided.use_case.availability_target else { continue };
        let available = reference::chain_availability(world, decided.baseline);
        if available.as_ref().is_some_and(|available| available >= wanted) {
            continue;
        }
        let (name, wanted) = (&decided.use_case.name.value, round_half_even(wanted, 6));
        let known = available.is_some();
        let message = match available {
            Some(given) => {
                format!("`{name}` needs {wanted}% and its targets give {}%", round_half_even(&given, 6))
            }
            None => {
                format!("`{name}` needs {wanted}% and {} no availability", silent(world, decided.baseline))
            }
        };
        let mut finding = CHECK.finding(decided.use_case.name.span, message);
        if let Some(span) = decided.use_case.spans.availability_target {
            finding = finding.related(span, "asked for here");
        }
        for model in decided.baseline.chain().iter().map(|id| &world.models[*id]) {
            let label = match &model.availability {
                Some(percent) => format!("`{}`: {}%", model.id, round_half_even(percent, 6)),
                None => format!("`{}`: not known", model.id),
            };
            finding = finding.related(model.name.span, label);
        }
        findings.push(
            finding
                .help(if known {
                    "let it fail over to a model of another failure domain (a provider, where none is stated): what falls together counts once"
                } else {
                    "state `availability` in the registry: govctl assumes nothing that is not stated"
                })
                .use_cases([decided.name()]),
        );
    }
    findings
}

/// The targets that state no availability, with their verb.
fn silent(world: &World, decision: &Decision) -> String {
    let chain = decision.chain();
    let models = chain.iter().map(|id| &world.models[*id]);
    let silent: Vec<&str> = models.filter(|m| m.availability.is_none()).map(|m| m.id.as_str()).collect();
    format!("{} {}", list(&silent), if silent.len() == 1 { "states" } else { "state" })
}
