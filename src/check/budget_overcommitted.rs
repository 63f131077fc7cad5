//! `budget-overcommitted`: the budgets within a budget add up to more than it.

use std::collections::BTreeMap;

use super::{Check, Family, Run};
use crate::cost::Spending;
use crate::diag::{Code, Finding, Severity};
use crate::model::{Budget, BudgetId};
use crate::number::{Rational, money, total};
use crate::work;

pub(super) const CHECK: Check = Check {
    code: Code("budget-overcommitted"),
    severity: Severity::Error,
    family: Family::Budgets,
    summary: "the budgets within a budget add up to more than it",
    why: "The parts of a budget add up to more than the whole: some team will be blocked by a limit that it never saw.",
    example: example!("budget-overcommitted"),
    hides: &[],
    run: Run::Spending(run),
};

fn run(spending: &Spending) -> Vec<Finding> {
    let world = spending.survey().world;
    let mut findings = Vec::new();
    let mut within: BTreeMap<BudgetId, Vec<(BudgetId, &Budget)>> = BTreeMap::new();
    for (id, budget) in world.budgets.enumerated() {
        work::step();
        // One that stands within itself is its own part. A cap for another period is no share of the parent: 15 a day
        // within 100 a month holds both.
        let parent = budget.within.as_ref().map(|within| within.value);
        if let Some(parent) = parent.filter(|parent| world.budgets[*parent].period == budget.period) {
            within.entry(parent).or_default().push((id, budget));
        }
    }
    for (id, children) in within {
        let parent = &world.budgets[id];
        let sum = total(children.iter().map(|(child, _)| spending.monthly_amount(*child)));
        let own = spending.monthly_amount(id);
        if sum <= own {
            continue;
        }
        let usd = |amount: &Rational| money(amount, 2);
        let message = format!(
            "the budgets within `{}` add up to {} usd a month, and it has {}",
            parent.name.value,
            usd(&sum),
            usd(&own)
        );
        let mut finding = CHECK.finding(parent.name.span, message).related(parent.limit_span, "its limit");
        for (child, budget) in children.into_iter().filter(|(child, _)| *child != id) {
            let amount = usd(&spending.monthly_amount(child));
            finding =
                finding.related(budget.limit_span, format!("`{}`: {amount} usd a month", budget.name.value));
        }
        findings.push(finding.help("raise the parent's limit or lower the children's"));
    }
    findings
}
