//! `ineffective-rule`: a rule that changes no decision.

use super::dead_rule::is_dead;
use super::survey::Survey;
use super::{Family, Rule};
use crate::decide::{Decision, reference};
use crate::diag::{Code, Finding, Severity};
use crate::model::expr::Node;
use crate::model::{Expr, RuleId, World};

pub(super) const RULE: Rule = Rule {
    code: Code("ineffective-rule"),
    severity: Severity::Warning,
    family: Family::Routing,
    summary: "a rule that changes no decision",
    run: Some(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    if !survey.complete() {
        return Vec::new();
    }
    let rules = survey.world.rules.iter().enumerate();
    let idle =
        rules.filter(|(id, rule)| rule.promises.is_empty() && !is_dead(survey, *id) && !matters(survey, *id));
    let findings = idle.map(|(_, rule)| {
        let message = format!("the rule `{}` changes no decision", rule.name.value);
        let finding = RULE.finding(rule.name.span, message);
        if rule.prefers.is_empty() {
            finding.help(
                "it neither requires, forbids nor prefers anything: say what it should do, or remove it",
            )
        } else {
            finding.help("the order is the same without it: correct what it prefers, or remove it")
        }
    });
    findings.collect()
}

/// Whether some decision would be another without the rule.
fn matters(survey: &Survey, id: RuleId) -> bool {
    let without = without(survey.world, id);
    survey.decided().any(|decided| {
        decided.pairs().filter(|(_, decision)| decision.rules.contains(&id)).any(|(context, decision)| {
            match reference::decide(&without, decided.use_case, context) {
                Ok(other) => !alike(decision, &other),
                Err(_) => true,
            }
        })
    })
}

/// The world in which the rule never applies.
fn without(world: &World, id: RuleId) -> World {
    let mut world = world.clone();
    if let Some(rule) = world.rules.get_mut(id) {
        rule.when = Some(Expr { root: Node::Const(false), span: rule.head, reads: Vec::new() });
    }
    world
}

/// Outcome, targets with multipliers and actions, statement and so terminal; not the list of rules.
fn alike(a: &Decision, b: &Decision) -> bool {
    a.targets == b.targets && a.failover == b.failover
}
