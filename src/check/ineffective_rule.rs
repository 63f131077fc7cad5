//! `ineffective-rule`: a rule that changes no decision.

use super::dead_rule::alive;
use super::{Check, Family, Run};
use crate::decide::engine::Without;
use crate::decide::reference::{self, Deciding, Silence};
use crate::decide::survey::Survey;
use crate::decide::{Decision, Path, Undefined};
use crate::diag::{Code, Finding, Severity};
use crate::model::{IdSet, Rule, RuleId, World};

use std::collections::BTreeSet;

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
    let rules = survey.world.rules.enumerated();
    let idle = rules.filter(|(id, rule)| !rule.has_promise() && alive.contains(*id) && !matter.contains(*id));
    let findings = idle.map(|(id, rule)| {
        let message = format!("the rule `{}` changes no decision", rule.name.value);
        let finding = CHECK.finding(rule.name.span, message);
        if rule.prefers.is_empty() {
            finding.help("it neither requires, forbids nor prefers anything: give it a clause, or remove it")
        } else {
            let notes = why(survey, id).into_iter().map(|why| why.words(survey.world));
            notes.fold(finding, Finding::note).help("correct what it prefers, or remove it")
        }
    });
    findings.collect()
}

/// The rules without a promise but for which some decision would be another.
fn mattering(survey: &Survey) -> IdSet<Rule> {
    let mut matter = IdSet::none_of(&survey.world.rules);
    let wishes = |id: &RuleId| !survey.world.rules[*id].has_promise();
    for decided in survey.decided() {
        let open: Vec<RuleId> =
            decided.all.rules.ids().filter(|rule| wishes(rule) && !matter.contains(*rule)).collect();
        if open.is_empty() {
            continue;
        }
        let examples = decided.examples();
        // Made ready once: without which rule is the cheap part.
        let Some(mut without) = survey.engine.without(decided.use_case) else { continue };
        matter.extend(open.into_iter().filter(|rule| matters(&mut without, &examples, *rule)));
    }
    matter
}

/// Whether some decision of a use case would be another without a rule.
fn matters(without: &mut Without, examples: &[(usize, &Decision)], rule: RuleId) -> bool {
    let concerned: Vec<&(usize, &Decision)> =
        examples.iter().filter(|(_, decision)| decision.rules.binary_search(&rule).is_ok()).collect();
    let contexts = concerned.iter().map(|(at, _)| *at);
    let without = without.decide(rule, contexts);
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

/// What keeps a wish from changing an order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// Another rule overrides it.
    Overridden(RuleId),
    /// A rule of its tier has a `when`, and it has none.
    Unconditional(RuleId),
    /// A rule before it puts apart what it would put apart.
    Outranked(RuleId),
    /// It tells no two models apart.
    Level,
    /// There are no two models to tell apart.
    Alone,
    /// The order is that of cost.
    AsCost,
}

/// In how many contexts the reasons are looked for.
const LOOKED_AT: usize = 12;

/// Why a rule changes nothing where it applies.
fn why(survey: &Survey, rule: RuleId) -> BTreeSet<Why> {
    let world = survey.world;
    let mut reasons = BTreeSet::new();
    let applies = survey.decided().flat_map(|decided| {
        let examples = decided.examples().into_iter();
        let at = move |(at, decision): (usize, &Decision)| {
            decision.rules.binary_search(&rule).ok()?;
            Some((decided.use_case, decided.space.contexts.get(at)?))
        };
        examples.filter_map(at).collect::<Vec<_>>()
    });
    for (use_case, context) in applies.take(LOOKED_AT) {
        let silent = reference::silent(world, use_case, context);
        if let Some((_, silence)) = silent.into_iter().find(|(id, _)| *id == rule) {
            reasons.insert(match silence {
                Silence::Overridden(by) => Why::Overridden(by),
                Silence::Unconditional(by) => Why::Unconditional(by),
            });
            continue;
        }
        let ranking = reference::rank(world, use_case, context);
        let pairs = ranking.iter().copied().zip(ranking.iter().copied().skip(1));
        let apart = pairs.filter(|pair| reference::tells_apart(world, use_case, context, rule, *pair));
        let decided = apart.map(|(a, b)| reference::deciding(world, use_case, context, a, b));
        let mut seen: Vec<Why> = decided
            .map(|by| match by {
                Deciding::Preference(by, _) if by != rule => Why::Outranked(by),
                _ => Why::AsCost,
            })
            .collect();
        if seen.is_empty() {
            seen.push(if ranking.len() > 1 { Why::Level } else { Why::Alone });
        }
        reasons.extend(seen);
    }
    // Where only one model may serve there is nothing to order: a reason only where there is no other.
    for weak in [Why::Alone, Why::Level] {
        if reasons.len() > 1 {
            reasons.remove(&weak);
        }
    }
    reasons
}

impl Why {
    fn words(&self, world: &World) -> String {
        let name = |id: &RuleId| world.rules[*id].name.value.as_str();
        match self {
            Self::Overridden(by) => format!("`{}` overrides it", name(by)),
            Self::Unconditional(by) => {
                format!("it has no `when`, and `{}` of its tier has one, so it is silent", name(by))
            }
            Self::Outranked(by) => format!("`{}` comes before it, and orders what it would order", name(by)),
            Self::Level => "it tells no two of the models apart that may serve".to_owned(),
            Self::Alone => {
                "where it applies at most one model may serve, so there is nothing to order".to_owned()
            }
            Self::AsCost => "where it orders, the order is the same without it".to_owned(),
        }
    }
}
