//! `budget-forecast`: the expected cost exceeds a budget or a model's daily limit.

use super::named::Named;
use super::{Check, Family, Run};
use crate::cost::{self, Exceeded, Spending, Which};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::some;

pub(super) const CHECK: Check = Check {
    code: Code("budget-forecast"),
    severity: Severity::Warning,
    family: Family::Budgets,
    summary: "the expected cost exceeds a budget or a model's daily limit",
    why: "The volumes that the estate expects cost more than the budget allows, so it will block or throttle before the period ends.",
    example: example!("budget-forecast"),
    hides: &[Code("budget-failover")],
    run: Run::Spending(run),
};

fn run(spending: &Spending) -> Vec<Finding> {
    let world = spending.survey().world;
    let mut findings = Vec::new();
    let mut named = Named::new();
    for (id, budget) in world.budgets.enumerated() {
        if let Some(exceeded) = spending.exceeded(id, Which::Primary) {
            let found =
                finding(spending, &budget.name.value, budget.head, &exceeded, cost::per(budget.period));
            let found = named.on(world, found, &exceeded.use_cases());
            let found = found.related(budget.limit_span, "its limit");
            findings.push(lower_bound(found, &spending.unknown(id)));
        }
    }
    for (id, limit, exceeded) in spending.models_exceeded() {
        let found = finding(spending, &world.models[id].id, limit, &exceeded, "a day");
        findings.push(named.on(world, found, &exceeded.use_cases()));
    }
    findings
}

/// Says that more is to be expected, where some use cases state no volume.
pub(super) fn lower_bound(finding: Finding, unknown: &[String]) -> Finding {
    if unknown.is_empty() {
        return finding;
    }
    let state = if unknown.len() == 1 { "states" } else { "state" };
    finding.note(format!("this is a lower bound: {} {state} no volume", some(unknown, 5)))
}

fn finding(
    spending: &Spending,
    name: &str,
    span: crate::source::Span,
    exceeded: &Exceeded,
    per: &str,
) -> Finding {
    let (limit, expected) = exceeded.words();
    let message = format!("`{name}` allows {limit} usd {per}, and {expected} are expected");
    let finding = CHECK.finding(span, message);
    let finding = spending.notes(exceeded, "primary").into_iter().fold(finding, Finding::note);
    finding.help("raise the limit, or route some of them to a cheaper model")
}
