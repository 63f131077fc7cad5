//! `dead-rule`: a rule or failover statement that never applies.

use super::survey::Survey;
use super::{Family, Rule};
use crate::diag::{Code, Finding, Severity};
use fixedbitset::FixedBitSet;

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
    let (rules, failovers) = applying(survey);
    let world = survey.world;
    let rules = world
        .rules
        .iter()
        .enumerate()
        .map(|(id, rule)| ("rule", &rule.name, rule.when.as_ref().filter(|_| !rules.contains(id))));
    let failovers = world.failovers.iter().enumerate().map(|(id, failover)| {
        ("failover statement", &failover.name, failover.when.as_ref().filter(|_| !failovers.contains(id)))
    });
    let dead = rules.chain(failovers).filter_map(|(what, name, when)| {
        Some(
            RULE.finding(name.span, format!("the {what} `{}` never applies", name.value))
                .related(when?.span, "this is true in no context of any use case")
                .help("correct the condition, or remove it"),
        )
    });
    dead.collect()
}

/// The rules that apply, and the failover statements whose `when` is true, in some context of some use case.
fn applying(survey: &Survey) -> (FixedBitSet, FixedBitSet) {
    let mut all = (
        FixedBitSet::with_capacity(survey.world.rules.len()),
        FixedBitSet::with_capacity(survey.world.failovers.len()),
    );
    for decided in survey.decided() {
        all.0.union_with(&decided.all.rules);
        all.1.union_with(&decided.all.failovers);
    }
    all
}

/// The rules that apply in some context of some use case.
pub(super) fn alive(survey: &Survey) -> FixedBitSet {
    applying(survey).0
}
