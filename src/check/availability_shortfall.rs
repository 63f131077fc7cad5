//! `availability-shortfall`: the targets together are not available enough, or nobody knows.

use super::survey::Survey;
use super::{Family, Rule};
use crate::decide::reference;
use crate::diag::{Code, Finding, Severity};
use crate::number::round_half_even;

pub(super) const RULE: Rule = Rule {
    code: Code("availability-shortfall"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "the targets together are not available enough, or nobody knows",
    run: Some(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for decided in survey.decided().filter(|decided| !decided.baseline.targets.is_empty()) {
        let Some(wanted) = &decided.use_case.availability_target else { continue };
        let available = reference::chain_availability(world, decided.baseline);
        if available.as_ref().is_some_and(|available| available >= wanted) {
            continue;
        }
        let (name, wanted) = (&decided.use_case.name.value, round_half_even(wanted, 6));
        let message = match available {
            Some(available) => {
                format!("`{name}` needs {wanted}% and its targets give {}%", round_half_even(&available, 6))
            }
            None => format!("`{name}` needs {wanted}% and the availability of a target is not known"),
        };
        let mut finding = RULE.finding(decided.use_case.name.span, message);
        if let Some(span) = decided.use_case.spans.availability_target {
            finding = finding.related(span, "asked for here");
        }
        for model in decided.baseline.targets.iter().filter_map(|target| world.models.get(target.model)) {
            let label = match &model.availability {
                Some(percent) => format!("`{}`: {}%", model.id, round_half_even(percent, 6)),
                None => format!("`{}`: not known", model.id),
            };
            finding = finding.related(model.name.span, label);
        }
        findings.push(
            finding
                .help("let it fail over to a model of another provider, or state `availability` in the registry")
                .use_cases([decided.name()]),
        );
    }
    findings
}
