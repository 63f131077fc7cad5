//! `budget-failover`: the expected cost exceeds a budget once everything has failed over.

use super::named::{Named, lower_bound};
use super::{Check, Family, Run};
use crate::cost::{self, Spending, Which};
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("budget-failover"),
    severity: Severity::Warning,
    family: Family::Budgets,
    summary: "the expected cost exceeds a budget once everything has failed over",
    why: "In normal operation the budget suffices, and in a long outage of the cheap primary it does not: the overrun comes with the incident.",
    example: example!("budget-failover"),
    hides: &[],
    run: Run::Spending(run),
};

fn run(spending: &Spending) -> Vec<Finding> {
    let world = spending.survey().world;
    let mut findings = Vec::new();
    let mut named = Named::new();
    for (id, budget) in world.budgets.enumerated() {
        if spending.exceeded(id, Which::Primary).is_some() {
            continue;
        }
        let Some(exceeded) = spending.exceeded(id, Which::Dearest) else { continue };
        let (limit, expected) = exceeded.words();
        let message = format!(
            "`{}` allows {limit} usd {}, and a long outage would cost {expected}",
            budget.name.value,
            cost::per(budget.period)
        );
        let finding = CHECK
            .finding(budget.head, message)
            .about(&budget.name.value)
            .related(budget.limit_span, "its limit");
        let notes = named.sums(world, &exceeded, "dearest target");
        let finding = notes.into_iter().fold(finding, Finding::note);
        let finding = lower_bound(world, finding, &spending.unknown(id));
        let finding = finding.help("raise the limit, or bound the failover with `above … block`");
        findings.push(named.adding(world, finding, &exceeded));
    }
    findings
}
