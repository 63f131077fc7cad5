//! `ineffective-rule`: a rule that changes no decision.

use std::cell::LazyCell;
use std::collections::HashMap;

use super::applying::alive;
use super::{Check, Family, Run, idle};
use crate::decide::engine::Shift;
use crate::decide::survey::{Known, Mattering, Survey};
use crate::decide::{Path, Target};
use crate::diag::{Code, Finding, Severity};
use crate::model::trigger::Triggers;
use crate::model::{FailoverId, Rule, RuleId, UseCaseId};

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

/// What leaving out each of some rules does to the wishes that order, where it does something.
type Shifts = Vec<(RuleId, Shift)>;

/// The rules without a promise but for which some decision would be another.
fn mattering(survey: &Survey) -> Mattering {
    let rules = &survey.world.rules;
    let mut matter = Mattering::default();
    let before = survey.tried.before.as_ref();
    let known_before = before.and_then(|before| Some((before, before.mattering(rules)?)));
    // What is known of rules where nothing that has changed counts.
    for (id, known) in known_before.iter().flat_map(|(_, known)| known.enumerated()) {
        if let Known::Matters(to) = known {
            matter.add(id, *to);
        }
    }
    let may_matter = |to: UseCaseId, id: RuleId| {
        !rules[id].has_promise()
            && known_before
                .as_ref()
                .is_none_or(|(before, known)| known[id] == Known::Open || before.anew.contains(to))
    };
    // Many decisions share a list of rules, which the survey holds.
    let mut known: HashMap<*const RuleId, Shifts> = HashMap::new();
    for decided in survey.decided() {
        // What is decided alike would be without the rule.
        if survey.cases[decided.id].first_alike != decided.id {
            continue;
        }
        let is_open = |rule: RuleId| may_matter(decided.id, rule) && !matter.contains(rule);
        if !decided.all.rules.ids().any(is_open) {
            continue;
        }
        // Made ready once, and only where something else orders: without which rule is the cheap part.
        let without = LazyCell::new(|| survey.engine.without(decided.use_case));
        for (at, decision) in decided.examples() {
            let shifts = known.entry(decision.rules.as_ptr()).or_insert_with(|| {
                let shifts = survey.engine.wishes(&decision.rules);
                let all = decision.rules.iter().copied().filter(|rule| !rules[*rule].has_promise());
                all.map(|rule| (rule, shifts.shift(rule)))
                    .filter(|(_, shift)| *shift != Shift::None)
                    .collect()
            });
            let place = LazyCell::new(|| without.as_ref()?.place(at, &decision.rules));
            let matters = |shift: &Shift| match shift {
                Shift::None => false,
                Shift::Undefined => true,
                Shift::Other(preferring) => place.as_ref().is_some_and(|place| {
                    let (primary, paths) = place.decided(preferring);
                    primary != decision.primary || !alike(&decision.paths, &paths)
                }),
            };
            for (rule, shift) in shifts {
                if may_matter(decided.id, *rule) && !matter.contains(*rule) && matters(shift) {
                    matter.add(*rule, decided.id);
                }
            }
        }
    }
    matter
}

/// Targets with multipliers and actions, statement and so terminal.
fn alike(before: &[Path], after: &[Path]) -> bool {
    fn tried(path: &Path) -> (Triggers, FailoverId, &[Target]) {
        (path.on, path.failover, &path.targets)
    }
    before.iter().map(tried).eq(after.iter().map(tried))
}
