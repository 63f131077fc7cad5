//! `ineffective-rule`: a rule that changes no decision.

use super::dead_rule::alive;
use super::{Check, Family, Run};
use crate::decide::survey::{Decided, Survey};
use crate::decide::{Decision, Path, Undefined};
use crate::diag::{Code, Finding, Severity};
use crate::model::RuleId;
use fixedbitset::FixedBitSet;

pub(super) const CHECK: Check = Check {
    code: Code("ineffective-rule"),
    severity: Severity::Warning,
    family: Family::Routing,
    summary: "a rule that changes no decision",
    why: "The rule only wishes, and the wish changes nothing: a reader thinks that it matters and keeps maintaining it.",
    example: example!("ineffective-rule"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    if !survey.complete() {
        return Vec::new();
    }
    let (alive, matter) = (alive(survey), mattering(survey));
    let rules = survey.world.rules.iter().enumerate();
    let idle = rules.filter(|(id, rule)| !rule.has_promise() && alive.contains(*id) && !matter.contains(*id));
    let findings = idle.map(|(_, rule)| {
        let message = format!("the rule `{}` changes no decision", rule.name.value);
        let finding = CHECK.finding(rule.name.span, message);
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

/// The rules without a promise but for which some decision would be another.
fn mattering(survey: &Survey) -> FixedBitSet {
    let mut matter = FixedBitSet::with_capacity(survey.world.rules.len());
    let wishes = |id: &RuleId| survey.world.rules.get(*id).is_some_and(|rule| !rule.has_promise());
    for decided in survey.decided() {
        let examples = decided.examples();
        for rule in decided.all.rules.ones().filter(wishes) {
            if !matter.contains(rule) && matters(survey, &decided, &examples, rule) {
                matter.insert(rule);
            }
        }
    }
    matter
}

/// Whether some decision of a use case would be another without a rule.
fn matters(survey: &Survey, decided: &Decided, examples: &[(usize, &Decision)], rule: RuleId) -> bool {
    let concerned: Vec<&(usize, &Decision)> =
        examples.iter().filter(|(_, decision)| decision.rules.binary_search(&rule).is_ok()).collect();
    let contexts = concerned.iter().map(|(at, _)| *at);
    let without = survey.engine.decide_without(decided.use_case, rule, contexts);
    let changed = |(before, after): (&&(usize, &Decision), Result<Decision, Undefined>)| {
        after.map_or(true, |after| !alike(before.1, &after))
    };
    concerned.iter().zip(without).any(changed)
}

/// Outcome, targets with multipliers and actions, statement and so terminal; not the list of rules.
fn alike(a: &Decision, b: &Decision) -> bool {
    let tried = |path: &Path| (path.on, path.failover, path.targets.clone());
    a.primary == b.primary && a.paths.iter().map(tried).eq(b.paths.iter().map(tried))
}
