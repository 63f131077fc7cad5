//! `budget-failover`: the expected cost exceeds a budget once everything has failed over.

use super::{Family, Rule, Run};
use crate::cost::{self, Spending, Which};
use crate::diag::{Code, Finding, Severity};

pub(super) const RULE: Rule = Rule {
    code: Code("budget-failover"),
    severity: Severity::Warning,
    family: Family::Budgets,
    summary: "the expected cost exceeds a budget once everything has failed over",
    run: Run::Spending(run),
};

fn run(spending: &Spending) -> Vec<Finding> {
    let world = spending.survey().world;
    let mut findings = Vec::new();
    for (id, budget) in world.budgets.iter().enumerate() {
        if spending.exceeded(id, Which::Primary).is_some() {
            continue;
        }
        let Some(exceeded) = spending.exceeded(id, Which::Dearest) else { continue };
        let (group, limit, cost) = exceeded.worst();
        let message = format!(
            "`{}`{group} allows {limit} usd {}, and a long outage would cost {cost} usd",
            budget.name.value,
            cost::per(budget.period)
        );
        let finding = RULE.finding(budget.head, message).related(budget.limit_span, "its limit");
        let finding = exceeded.notes("dearest target").into_iter().fold(finding, Finding::note);
        findings.push(
            finding
                .help("raise the limit, or bound the failover with `above … block`")
                .use_cases(exceeded.use_cases()),
        );
    }
    findings
}
