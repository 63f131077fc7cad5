//! `no-failover`: a use case has nowhere to fail over to.

use super::primary_off_chain;
use super::survey::Survey;
use super::{Family, Rule};
use crate::diag::{Code, Finding, Severity};
use crate::model::{Candidates, FailoverTo};
use std::collections::BTreeSet;

pub(super) const RULE: Rule = Rule {
    code: Code("no-failover"),
    severity: Severity::Warning,
    family: Family::Failover,
    summary: "a use case has nowhere to fail over to",
    run: Some(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let hidden = hidden(survey);
    let mut findings = Vec::new();
    for decided in survey.decided() {
        let path = decided.baseline.outage_path();
        if path.is_some_and(|path| !path.targets.is_empty()) {
            continue;
        }
        if hidden.contains(&decided.name()) {
            continue;
        }
        let Some(model) = decided.baseline.primary.and_then(|primary| world.models.get(primary)) else {
            continue;
        };
        let statement = path.and_then(|path| world.failovers.get(path.failover));
        let meant = statement.is_some_and(|failover| match failover.candidates {
            Candidates::None => true,
            Candidates::Registry => matches!(model.failover_to, FailoverTo::Nowhere(_)),
            Candidates::Ranking | Candidates::Chains(_) => false,
        });
        if meant {
            continue;
        }
        let message =
            format!("`{}` has only `{}` and nowhere to fail over to", decided.use_case.name.value, model.id);
        let finding = RULE.finding(decided.use_case.name.span, message).use_cases([decided.name()]);
        findings.push(match statement {
            None => {
                finding.help("no failover statement applies to it: write one, with `none` if that is meant")
            }
            Some(failover) => finding
                .related(failover.name.span, "this statement applies and finds no target after the primary")
                .help("give it a target that may serve it, or say `none` if that is meant"),
        });
    }
    findings
}

/// Use cases of which another finding already says why nothing follows.
fn hidden(survey: &Survey) -> BTreeSet<String> {
    let of_links = super::RULES.iter().filter(|rule| super::links::CODES.contains(&rule.code.0));
    let runs = of_links.filter_map(|rule| rule.run).chain(primary_off_chain::RULE.run);
    runs.flat_map(|run| run(survey)).flat_map(|finding| finding.use_cases).collect()
}
