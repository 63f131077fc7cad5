//! `dead-rule`: a rule or failover statement that never applies.

use super::survey::Survey;
use super::{Family, Rule};
use crate::decide::reference;
use crate::diag::{Code, Finding, Severity};
use crate::model::{Expr, RuleId};

pub(super) const RULE: Rule = Rule {
    code: Code("dead-rule"),
    severity: Severity::Warning,
    family: Family::Routing,
    summary: "a rule or failover statement that never applies",
    run: Some(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    if !survey.complete() {
        return Vec::new();
    }
    let rules = survey.world.rules.iter().map(|rule| ("rule", &rule.name, rule.when.as_ref()));
    let failovers = survey.world.failovers.iter().map(|f| ("failover statement", &f.name, f.when.as_ref()));
    let dead = rules.chain(failovers).filter_map(|(what, name, when)| {
        let when = when.filter(|when| never(survey, when))?;
        Some(
            RULE.finding(name.span, format!("the {what} `{}` never applies", name.value))
                .related(when.span, "this is true in no context of any use case")
                .help("correct the condition, or remove it"),
        )
    });
    dead.collect()
}

fn never(survey: &Survey, when: &Expr) -> bool {
    let world = survey.world;
    survey.decided().all(|decided| {
        let mut contexts = decided.contexts.iter();
        !contexts.any(|context| reference::applies(world, decided.use_case, context, Some(when)))
    })
}

/// Whether a rule never applies.
pub(super) fn is_dead(survey: &Survey, rule: RuleId) -> bool {
    let when = survey.world.rules.get(rule).and_then(|rule| rule.when.as_ref());
    when.is_some_and(|when| never(survey, when))
}
