//! `single-provider-chain`: all that may serve a use case is of one provider or failure domain.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("single-provider-chain"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "all that may serve a use case is of one provider or failure domain",
    why: "What shares a provider or a failure domain falls together: such a chain covers rate limits of a model and no outage.",
    example: example!("single-provider-chain"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for decided in survey.decided() {
        let chain = decided.baseline.chain();
        let targets = chain.iter().map(|id| &world.models[*id]);
        let targets: Vec<_> = targets.collect();
        let [first, rest @ ..] = targets.as_slice() else { continue };
        if rest.is_empty() {
            continue;
        }
        let (what, name) = if rest.iter().all(|target| target.provider == first.provider) {
            ("provider", world.names.name(first.provider_symbol))
        } else if rest.iter().all(|target| target.domain() == first.domain()) {
            ("failure domain", world.names.name(first.domain()))
        } else {
            continue;
        };
        let message = format!(
            "{} on the route of `{}` are of the {what} `{name}`: its outage takes {}",
            all(targets.len()),
            decided.use_case.name.value,
            if targets.len() == 2 { "both" } else { "them all" },
        );
        findings.push(
            CHECK
                .finding(decided.use_case.name.span, message)
                .help(format!("let it fail over to a model of another {what}"))
                .use_cases([decided.name()]),
        );
    }
    findings
}

fn all(models: usize) -> String {
    if models == 2 { "both models".to_owned() } else { format!("all {models} models") }
}
