//! `ineffective-rule`: a rule that changes no decision.

use super::dead_rule::alive;
use super::{Check, Family, Run, idle};
use crate::decide::Path;
use crate::decide::engine::Shift;
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::{IdSet, Rule, RuleId};

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
    let (alive, matter) = (alive(survey), survey.tried.mattering.get_or_init(|| mattering(survey)));
    let rules = survey.world.rules.enumerated();
    let idle = rules.filter(|(id, rule)| !rule.has_promise() && alive.contains(*id) && !matter.contains(*id));
    let idle: Vec<(RuleId, &Rule)> = idle.collect();
    let mut reasons = idle::reasons(survey, idle.iter().map(|(id, _)| *id));
    let findings = idle.into_iter().map(|(id, rule)| {
        let message = format!("the rule `{}` changes no decision", rule.name.value);
        let finding = CHECK.finding(rule.name.span, message);
        if rule.prefers.is_empty() {
            finding.help("it neither requires, forbids nor prefers anything: give it a clause, or remove it")
        } else {
            let notes =
                reasons.remove(&id).unwrap_or_default().into_iter().map(|why| why.words(survey.world));
            notes.fold(finding, Finding::note).help("correct what it prefers, or remove it")
        }
    });
    findings.collect()
}

/// The rules without a promise but for which some decision would be another.
fn mattering(survey: &Survey) -> IdSet<Rule> {
    let rules = &survey.world.rules;
    let mut matter = IdSet::none_of(rules);
    let wishes = |id: RuleId| !rules[id].has_promise();
    for decided in survey.decided() {
        // What is decided alike would be without the rule.
        if survey.cases[decided.id].first_alike != decided.id {
            continue;
        }
        if decided.all.rules.ids().all(|rule| !wishes(rule) || matter.contains(rule)) {
            continue;
        }
        // Made ready once: without which rule is the cheap part.
        let Some(without) = survey.engine.without(decided.use_case) else { continue };
        for (at, decision) in decided.examples() {
            let open = decision.rules.iter().copied();
            let open: Vec<RuleId> = open.filter(|rule| wishes(*rule) && !matter.contains(*rule)).collect();
            if open.is_empty() {
                continue;
            }
            let Some(wishes) = without.wishes(at, &decision.rules) else { continue };
            let matters = |rule: &RuleId| match wishes.shift(*rule) {
                Shift::None => false,
                Shift::Undefined => true,
                Shift::Other(preferring) => {
                    let (primary, paths) = wishes.decided(&preferring);
                    primary != decision.primary || !alike(&decision.paths, &paths)
                }
            };
            matter.extend(open.into_iter().filter(matters));
        }
    }
    matter
}

/// Targets with multipliers and actions, statement and so terminal.
fn alike(before: &[Path], after: &[Path]) -> bool {
    let tried = |path: &Path| (path.on, path.failover, path.targets.clone());
    before.iter().map(tried).eq(after.iter().map(tried))
}
