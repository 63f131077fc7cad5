//! `budget-forecast`: the expected cost exceeds a budget or a model's daily limit.

use super::named::{Named, lower_bound};
use super::{Check, Family, Run};
use crate::cost::{self, Exceeded, Spending, Which};
use crate::diag::{Code, Finding, Severity};
use crate::limits::MAX_SUMMED;
use crate::model::words::count;
use crate::model::{BudgetId, World};

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
            let notes = named.sums(world, &exceeded, "primary");
            let found = finding(&budget.name.value, budget.head, &exceeded, cost::per(budget.period), notes);
            let found = named.adding(world, found, &exceeded);
            let found = found.related(budget.limit_span, "its limit");
            findings.push(lower_bound(world, found, &spending.unknown(id)));
        }
    }
    for (id, limit, exceeded) in spending.models_exceeded() {
        let notes = named.sums(world, &exceeded, "primary");
        let found = finding(&world.models[id].id, limit, &exceeded, "a day", notes);
        findings.push(named.adding(world, found, &exceeded));
    }
    findings.extend(spending.past().map(|first| past(world, first)));
    findings
}

/// Says from which budget on there is no forecast.
fn past(world: &World, first: BudgetId) -> Finding {
    let (budget, from) = (&world.budgets[first], world.budgets.ids().filter(|id| *id >= first).count());
    let message = format!("the expected cost of the budget `{}` is not added up", budget.name.value);
    let (more, have) = (count(from, "budget", "budgets"), if from == 1 { "has" } else { "have" });
    CHECK
        .finding(budget.head, message)
        .about(&budget.name.value)
        .note(format!("{more} {have} no forecast, starting with this one: the budgets before it, by name, already cover {MAX_SUMMED} use cases"))
        .help("let budgets that cover nearly the same use cases have the same `when`")
}

fn finding(
    name: &str,
    span: crate::source::Span,
    exceeded: &Exceeded,
    per: &str,
    notes: Vec<String>,
) -> Finding {
    let (limit, expected) = exceeded.words();
    let message = format!("`{name}` allows {limit} usd {per}, and {expected} are expected");
    let finding = CHECK.finding(span, message).about(name);
    let finding = notes.into_iter().fold(finding, Finding::note);
    finding.help("raise the limit, or route some of them to a cheaper model")
}
