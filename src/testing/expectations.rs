//! What `test` statements expect, held against what is decided: shared by `test-failed` and by `govctl test`.

use crate::decide::Decision;
use crate::decide::outage::{self, Outcome};
use crate::explain::command;
use crate::model::context::Axis;
use crate::model::words::list;
use crate::model::{Context, Expectation, ModelId, Selector, Test, UseCase, World};
use crate::number;
use crate::source::Span;

/// An expectation that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet<'a> {
    /// The expectation, as its test states it.
    pub expectation: &'a Expectation,
    /// Where a failed expectation is reported.
    pub span: Span,
    /// What was expected, in words.
    pub expected: String,
    /// What came instead, in words.
    pub got: String,
}

impl Unmet<'_> {
    /// Both in one phrase.
    pub fn sentence(&self) -> String {
        format!("expected {}, got {}", self.expected, self.got)
    }
}

/// The context that a test asks about.
pub fn context(world: &World, use_case: &UseCase, test: &Test) -> Context {
    let mut context = world.baseline(use_case);
    if let Some(given) = test.classification {
        context.classification = context.classification.max(given);
    }
    if let Some(budget) = &test.budget {
        context.budget = budget.clone();
    }
    for (budget, share) in &test.shares {
        if let Some((_, known)) = context.shares.iter_mut().find(|(known, _)| known == budget) {
            known.clone_from(share);
        }
    }
    for (fact, value) in &test.facts {
        context.facts[*fact] = *value;
    }
    context
}

/// The expectations that are not met, each with what came instead.
pub fn unmet<'a>(world: &World, decision: &Decision, test: &'a Test) -> Vec<Unmet<'a>> {
    let failed = test.expect.iter().filter(|(expected, _)| !met(world, decision, test, expected));
    let failed = failed.map(|(expectation, span)| Unmet {
        expectation,
        span: *span,
        expected: expected_words(world, expectation),
        got: actual(world, decision, test, expectation),
    });
    failed.collect()
}

/// What a test says of budgets that no condition compares, and so no context does.
pub fn beside(context: &Context, test: &Test) -> Vec<(Axis, String)> {
    let is_axis = |budget| context.shares.iter().any(|(known, _)| *known == budget);
    let shares = test.shares.iter().filter(|(budget, _)| !is_axis(*budget));
    shares.map(|(budget, share)| (Axis::Share(*budget), format!("{}%", number::exact(share)))).collect()
}

/// The request of a test as a command line.
pub fn command(world: &World, use_case: &UseCase, context: &Context, test: &Test) -> String {
    let mut given = world.unusual(use_case, context);
    given.extend(beside(context, test));
    let request = command::with(world, use_case, given);
    let down = test.down.iter().map(|down| {
        let name = command::shell(down.name(world));
        format!(" --down {name}")
    });
    let on = test.on.map(|trigger| format!(" --on {}", trigger.name())).unwrap_or_default();
    request + &down.collect::<String>() + &on
}

/// The targets that are up in a test.
pub fn up(world: &World, decision: &Decision, test: &Test) -> Vec<ModelId> {
    let tried = decision.tried(test.on).into_iter();
    tried.filter(|model| outage::is_up(world, &test.down, *model)).collect()
}

/// Whether a decision is what is expected.
pub fn met(world: &World, decision: &Decision, test: &Test, expected: &Expectation) -> bool {
    let up = up(world, decision, test);
    let terminal = outage::terminal(world, decision, test.on).kind();
    match expected {
        Expectation::Targets(list, then) => {
            let matched = list.iter().zip(&up).all(|(selector, model)| selector.matches(world, *model));
            list.len() == up.len() && matched && then.is_none_or(|kind| kind == terminal)
        }
        Expectation::Primary(selector) => up.first().is_some_and(|model| selector.matches(world, *model)),
        Expectation::Never(selector) => !up.iter().any(|model| selector.matches(world, *model)),
        Expectation::Terminal(kind) => up.is_empty() && *kind == terminal,
        Expectation::Unroutable => {
            outage::outcome(world, decision, test.on, &test.down) == Outcome::Unroutable
        }
        Expectation::Rule(rule) => decision.rules.contains(rule),
        Expectation::RestingRule(_) => false,
    }
}

/// An expectation in words.
pub fn expected_words(world: &World, expected: &Expectation) -> String {
    let name = |selector: &Selector| format!("`{}`", selector.name(world));
    match expected {
        Expectation::Targets(list, then) => {
            let list: Vec<&str> = list.iter().map(|selector| selector.name(world)).collect();
            let then = then.map(|kind| format!(" then `{}`", kind.name())).unwrap_or_default();
            format!("`{}`{then}", list.join(" -> "))
        }
        Expectation::Primary(selector) => format!("the route {}", name(selector)),
        Expectation::Never(selector) => format!("never {}", name(selector)),
        Expectation::Terminal(kind) => format!("the terminal `{}`", kind.name()),
        Expectation::Unroutable => "no eligible model".to_owned(),
        Expectation::Rule(rule) => {
            format!("the rule `{}` to apply", world.rules[*rule].name.value)
        }
        Expectation::RestingRule(name) => format!("the rule `{name}` to apply, which is not in force"),
    }
}

fn actual(world: &World, decision: &Decision, test: &Test, expected: &Expectation) -> String {
    if let Expectation::Rule(_) | Expectation::RestingRule(_) = expected {
        let names = decision.rules.iter().map(|id| &world.rules[*id]);
        let names: Vec<&str> = names.map(|rule| rule.name.value.as_str()).collect();
        return format!("{} applying", list(&names));
    }
    let terminal = outage::terminal(world, decision, test.on).kind().name();
    let up = up(world, decision, test);
    let up: Vec<&str> = up.iter().map(|id| &world.models[*id]).map(|m| m.id.as_str()).collect();
    match (decision.primary.is_none(), up.is_empty()) {
        (true, _) => "no eligible model, so `block`".to_owned(),
        (_, true) => format!("no target that is up, then `{terminal}`"),
        _ => format!("`{}` then `{terminal}`", up.join(" -> ")),
    }
}
