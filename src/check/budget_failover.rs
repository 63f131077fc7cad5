//! `budget-failover`: the expected cost exceeds a budget once everything has failed over.

use super::spend::{self, Which};
use super::survey::Survey;
use super::{Family, Rule};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::some;

pub(super) const RULE: Rule = Rule {
    code: Code("budget-failover"),
    severity: Severity::Warning,
    family: Family::Budgets,
    summary: "the expected cost exceeds a budget once everything has failed over",
    run: Some(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for (id, budget) in world.budgets.iter().enumerate() {
        if spend::exceeded(survey, id, Which::Primary).is_some() {
            continue;
        }
        let Some(exceeded) = spend::exceeded(survey, id, Which::Dearest) else { continue };
        let group = exceeded.group.as_ref().map(|group| format!(" for `{group}`")).unwrap_or_default();
        let (limit, cost) = spend::both(&exceeded.limit, &exceeded.cost);
        let message = format!(
            "`{}`{group} allows {limit} usd {}, and a long outage would cost {cost} usd",
            budget.name.value,
            spend::per(budget.period)
        );
        findings.push(
            RULE.finding(budget.limit_span, message)
                .note(format!(
                    "these add to it, each on its dearest target: {}",
                    some(&exceeded.use_cases, 6)
                ))
                .help("raise the limit, or bound the failover with `above … block`")
                .use_cases(exceeded.use_cases),
        );
    }
    findings
}
