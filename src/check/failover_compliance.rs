//! `failover-compliance`: a failover would leave the certified models.

use super::links::{Walked, by_link};
use super::{Check, Family, Run};
use crate::decide::Gate;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::Tier;
use crate::model::words::{list, set};

pub(super) const CHECK: Check = Check {
    code: Code("failover-compliance"),
    severity: Severity::Error,
    family: Family::Failover,
    summary: "a failover would reach a model without a certification, or one that a compliance rule excludes",
    why: "Health data on a HIPAA-eligible primary would fail over to a provider that is not: a compliance violation without anyone deciding it.",
    example: example!("failover-compliance"),
    hides: &[Code("no-failover")],
    run: Run::Links(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    by_link(
        survey,
        |walked| uncertified(walked) || !rules(walked).is_empty(),
        |walked, link| {
            let (use_case, to) = (walked.use_case, walked.to);
            let held = to.compliance.clone().unwrap_or_default();
            let lacking = use_case.compliance.without(&held);
            let since = to.lapse("compliance", &walked.world.names.sorted(&lacking));
            let since = since.map(|since| format!(" {since}")).unwrap_or_default();
            let lacking = set(walked.world, &lacking);
            let excluding = rules(walked);
            let names: Vec<&str> = excluding.iter().map(|rule| rule.name.value.as_str()).collect();
            let would = if uncertified(walked) {
                format!("send data that needs {lacking} to")
            } else if names.len() == 1 {
                format!("break the compliance rule {} with", list(&names))
            } else {
                format!("break the compliance rules {} with", list(&names))
            };
            let mut finding = walked.finding(&CHECK, link, &would);
            if uncertified(walked) {
                let place = to.compliance_span.unwrap_or(to.name.span);
                finding = finding.related(place, format!("`{}` does not hold {lacking}{since}", to.id));
                if let Some(span) = use_case.spans.compliance {
                    finding = finding.related(span, format!("`{}` needs {lacking}", use_case.name.value));
                }
            }
            for rule in excluding {
                let because = rule.because.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
                finding = finding.related(rule.name.span, format!("this rule excludes `{}`{because}", to.id));
            }
            finding.help(format!(
                "take `{}` out of this failover, or give it what is required; until then, failover skips it",
                to.id
            ))
        },
    )
}

fn uncertified(walked: Walked) -> bool {
    walked.left_out.gates.contains(&Gate::ComplianceCoverage)
}

fn rules(walked: Walked<'_>) -> Vec<&crate::model::Rule> {
    let all = walked.left_out.rules.iter().map(|id| &walked.world.rules[*id]);
    all.filter(|rule| rule.tier == Tier::Compliance).collect()
}
