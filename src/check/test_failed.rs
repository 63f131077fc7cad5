//! `test-failed`: a test expects something else than what is decided.

use super::survey::{Decided, Survey};
use super::{Family, Rule};
use crate::decide::outage::{self, Outcome};
use crate::decide::{Decision, reference, show};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::list;
use crate::model::{Context, Expectation, Selector, Test, World};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: Code("test-failed"),
    severity: Severity::Error,
    family: Family::Guarantees,
    summary: "a test expects something else than what is decided",
    run: Some(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let decided: Vec<Decided> = survey.decided().collect();
    let run = |test: &Test| {
        let decided = decided.iter().find(|decided| decided.id == test.use_case)?;
        let failures = failures(world, decided, test)?;
        let (first, rest) = failures.split_first()?;
        let message = format!("test \"{}\" fails: {}", test.name.value, first.1);
        let mut finding = RULE.finding(test.name.span, message).related(first.0, "expected here");
        for (span, what) in rest {
            finding = finding.related(*span, what.clone());
        }
        let context = context(world, decided, test);
        let command = super::guarantee_violated::command(world, decided.use_case, &context);
        let down: String = test.down.iter().map(|s| format!(" --down {}", s.name(world))).collect();
        Some(
            finding
                .help(format!("see why with `{command}{down}`, then mend the policy or the test"))
                .use_cases([decided.name()]),
        )
    };
    world.tests.iter().filter_map(run).collect()
}

/// The context that a test asks about.
pub(super) fn context(world: &World, decided: &Decided, test: &Test) -> Context {
    let mut context = world.baseline(decided.use_case);
    context.classification = context.classification.max(test.classification.unwrap_or(0));
    if let Some(budget) = &test.budget {
        context.budget = budget.clone();
    }
    for (fact, value) in &test.facts {
        if let Some(slot) = context.facts.get_mut(*fact) {
            *slot = *value;
        }
    }
    context
}

/// The expectations that are not met, each with what came instead.
fn failures(world: &World, decided: &Decided, test: &Test) -> Option<Vec<(Span, String)>> {
    let context = context(world, decided, test);
    let decision = reference::decide(world, decided.use_case, &context).ok()?;
    let failed = test.expect.iter().filter(|(expected, _)| !met(world, &decision, test, expected));
    let failed = failed.map(|(expected, span)| {
        let (expected, actual) = (expected_words(world, expected), actual(world, &decision, test, expected));
        (*span, format!("expected {expected}, got {actual}"))
    });
    Some(failed.collect())
}

fn up(world: &World, decision: &Decision, test: &Test) -> Vec<usize> {
    let up = decision.targets.iter().filter(|target| outage::is_up(world, &test.down, target.model));
    up.map(|target| target.model).collect()
}

/// Whether a decision is what is expected (§9, Tests).
pub(super) fn met(world: &World, decision: &Decision, test: &Test, expected: &Expectation) -> bool {
    let up = up(world, decision, test);
    let terminal = outage::terminal(world, decision).kind();
    match expected {
        Expectation::Targets(list, then) => {
            let matched = list.iter().zip(&up).all(|(selector, model)| selector.matches(world, *model));
            list.len() == up.len() && matched && then.is_none_or(|kind| kind == terminal)
        }
        Expectation::Primary(selector) => up.first().is_some_and(|model| selector.matches(world, *model)),
        Expectation::Never(selector) => !up.iter().any(|model| selector.matches(world, *model)),
        Expectation::Terminal(kind) => up.is_empty() && *kind == terminal,
        Expectation::Unroutable => outage::outcome(world, decision, &test.down) == Outcome::Unroutable,
        Expectation::Rule(rule) => decision.rules.contains(rule),
    }
}

fn expected_words(world: &World, expected: &Expectation) -> String {
    let name = |selector: &Selector| format!("`{}`", selector.name(world));
    match expected {
        Expectation::Targets(list, then) => {
            let list: Vec<&str> = list.iter().map(|selector| selector.name(world)).collect();
            let then = then.map(|kind| format!(" then `{}`", show::terminal(kind))).unwrap_or_default();
            format!("`{}`{then}", list.join(" -> "))
        }
        Expectation::Primary(selector) => format!("the route {}", name(selector)),
        Expectation::Never(selector) => format!("never {}", name(selector)),
        Expectation::Terminal(kind) => format!("the terminal `{}`", show::terminal(*kind)),
        Expectation::Unroutable => "no eligible model".to_owned(),
        Expectation::Rule(rule) => {
            format!("the rule `{}` to apply", world.rules.get(*rule).map_or("", |rule| &rule.name.value))
        }
    }
}

fn actual(world: &World, decision: &Decision, test: &Test, expected: &Expectation) -> String {
    if let Expectation::Rule(_) = expected {
        let names = decision.rules.iter().filter_map(|id| world.rules.get(*id));
        let names: Vec<&str> = names.map(|rule| rule.name.value.as_str()).collect();
        return format!("{} applying", list(&names));
    }
    let terminal = show::terminal(outage::terminal(world, decision).kind());
    let up = up(world, decision, test);
    let up: Vec<&str> = up.iter().filter_map(|id| world.models.get(*id)).map(|m| m.id.as_str()).collect();
    match (decision.targets.is_empty(), up.is_empty()) {
        (true, _) => "no eligible model, so `block`".to_owned(),
        (_, true) => format!("no target that is up, then `{terminal}`"),
        _ => format!("`{}` then `{terminal}`", up.join(" -> ")),
    }
}
