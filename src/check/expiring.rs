//! `expiring`: something that a target rests on ends within 90 days.

use super::survey::Survey;
use super::{Family, Rule};
use crate::decide::Decision;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::some;
use crate::model::{Ending, EndingKind};
use crate::source::Span;
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    code: Code("expiring"),
    severity: Severity::Warning,
    family: Family::Registry,
    summary: "something that a target rests on ends within 90 days",
    run: Some(run),
};

/// How far ahead is looked, in days.
const AHEAD_DAYS: i64 = 90;

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let last = jiff::Span::new().try_days(AHEAD_DAYS).and_then(|span| world.as_of.checked_add(span));
    let last = last.unwrap_or(world.as_of);
    let mut found: BTreeMap<Span, (&Ending, &str, Vec<String>)> = BTreeMap::new();
    for decided in survey.decided() {
        let mut targets: Vec<usize> = decided.distinct().flat_map(Decision::reaches).collect();
        targets.sort_unstable();
        targets.dedup();
        for model in targets.into_iter().filter_map(|id| world.models.get(id)) {
            for ending in model.endings.iter().filter(|ending| ending.last_day <= last) {
                let entry = found.entry(ending.span).or_insert((ending, model.id.as_str(), Vec::new()));
                entry.2.push(decided.name());
            }
        }
    }
    let findings = found.into_values().map(|(ending, model, use_cases)| {
        let what = match ending.kind {
            EndingKind::Certification => format!("the certification `{}` of `{model}`", ending.name),
            EndingKind::Dpa => format!("the data processing agreement of `{model}`"),
            EndingKind::Evidence => format!("evidence of `{model}`"),
            EndingKind::Model => format!("the model `{model}` itself"),
        };
        let finding = RULE.finding(ending.span, format!("{what} ends after {}", ending.last_day));
        let finding = finding.use_cases(use_cases);
        let served = some(&finding.use_cases, 6);
        finding
            .note(format!("these rest on it: {served}"))
            .help("renew it before then, or route around it; `--as-of` shows what happens after")
    });
    findings.collect()
}
