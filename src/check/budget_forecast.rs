//! `budget-forecast`: the expected cost exceeds a budget or a model's daily limit.

use super::spend::{self, Exceeded, Which};
use super::survey::Survey;
use super::{Family, Rule};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::some;

pub(super) const RULE: Rule = Rule {
    code: Code("budget-forecast"),
    severity: Severity::Warning,
    family: Family::Budgets,
    summary: "the expected cost exceeds a budget or a model's daily limit",
    run: Some(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut findings = Vec::new();
    for (id, budget) in world.budgets.iter().enumerate() {
        if let Some(exceeded) = spend::exceeded(survey, id, Which::Primary) {
            findings.push(finding(
                &budget.name.value,
                budget.limit_span,
                &exceeded,
                spend::per(budget.period),
            ));
        }
    }
    for (id, limit, exceeded) in spend::models_exceeded(survey) {
        if let Some(model) = world.models.get(id) {
            findings.push(finding(&model.id, limit, &exceeded, "a day"));
        }
    }
    findings
}

fn finding(name: &str, span: crate::source::Span, exceeded: &Exceeded, per: &str) -> Finding {
    let group = exceeded.group.as_ref().map(|group| format!(" for `{group}`")).unwrap_or_default();
    let (limit, cost) = spend::both(&exceeded.limit, &exceeded.cost);
    let message = format!("`{name}`{group} allows {limit} usd {per}, and {cost} usd are expected");
    RULE.finding(span, message)
        .note(format!("these add to it, each on its primary: {}", some(&exceeded.use_cases, 6)))
        .help("raise the limit, or route some of them to a cheaper model")
        .use_cases(exceeded.use_cases.iter().cloned())
}
