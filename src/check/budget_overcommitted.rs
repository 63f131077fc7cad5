//! `budget-overcommitted`: the budgets within a budget add up to more than it.

use super::spend;
use super::survey::Survey;
use super::{Family, Rule};
use crate::diag::{Code, Finding, Severity};
use crate::model::BudgetId;
use crate::number::{Rational, round_half_even, whole};

pub(super) const RULE: Rule = Rule {
    code: Code("budget-overcommitted"),
    severity: Severity::Error,
    family: Family::Budgets,
    summary: "the budgets within a budget add up to more than it",
    run: Some(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for (id, parent) in world.budgets.iter().enumerate() {
        let children = world.budgets.iter().enumerate();
        let children =
            children.filter(|(_, child)| child.within.as_ref().is_some_and(|within| within.value == id));
        // A cap for another period is no share of the parent: 15 a day within 100 a month holds both.
        let children = children.filter(|(_, child)| child.period == parent.period);
        let children: Vec<(BudgetId, _)> = children.collect();
        if children.is_empty() {
            continue;
        }
        let sum =
            children.iter().fold(whole(0), |sum, (child, _)| sum + spend::monthly_amount(survey, *child));
        let own = spend::monthly_amount(survey, id);
        if sum <= own {
            continue;
        }
        let usd = |amount: &Rational| round_half_even(amount, 2);
        let message = format!(
            "the budgets within `{}` add up to {} usd a month, and it has {}",
            parent.name.value,
            usd(&sum),
            usd(&own)
        );
        let mut finding = RULE.finding(parent.name.span, message).related(parent.limit_span, "its limit");
        for (child, budget) in children {
            let amount = usd(&spend::monthly_amount(survey, child));
            finding =
                finding.related(budget.limit_span, format!("`{}`: {amount} usd a month", budget.name.value));
        }
        findings.push(finding.help("raise the parent's limit or lower the children's"));
    }
    findings
}
