//! `single-provider-chain`: all targets of a use case are of one provider.

use super::survey::Survey;
use super::{Family, Rule};
use crate::diag::{Code, Finding, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("single-provider-chain"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "all targets of a use case are of one provider",
    run: Some(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for decided in survey.decided() {
        let chain = decided.baseline.chain();
        let targets = chain.iter().filter_map(|id| world.models.get(*id));
        let targets: Vec<_> = targets.collect();
        let [first, rest @ ..] = targets.as_slice() else { continue };
        if rest.is_empty() || rest.iter().any(|target| target.provider != first.provider) {
            continue;
        }
        let provider = world.names.name(first.provider_symbol);
        let name = &decided.use_case.name.value;
        let message = format!(
            "all {} targets of `{name}` are of `{provider}`: its outage takes them all",
            targets.len()
        );
        findings.push(
            RULE.finding(decided.use_case.name.span, message)
                .help("let it fail over to a model of another provider")
                .use_cases([decided.name()]),
        );
    }
    findings
}
