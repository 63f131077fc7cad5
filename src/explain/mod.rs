//! One decision in one sentence that a compliance officer understands, and the longer story behind it.

mod reason;
pub mod story;

pub use reason::gate_words;

use crate::decide::outage::{self, Outcome};
use crate::decide::{Decision, reference, show};
use crate::model::{Context, ModelId, Selector, Terminal, Trigger, UseCase, World};
use crate::number::{self, Rational, whole};

/// What a sentence is about.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The world.
    pub world: &'a World,
    /// The use case.
    pub use_case: &'a UseCase,
    /// The context.
    pub context: &'a Context,
    /// What is decided in it.
    pub decision: &'a Decision,
    /// What is down.
    pub down: &'a [Selector],
}

impl Question<'_> {
    /// A model's id.
    fn id(&self, model: usize) -> &str {
        self.world.models.get(model).map_or("", |model| model.id.as_str())
    }

    /// The eligible models, best first.
    fn ranking(&self) -> Vec<ModelId> {
        reference::rank(self.world, self.use_case, self.context)
    }

    /// The name of the effective classification.
    fn classification(&self) -> &str {
        self.world.classifications.get(self.context.classification).map_or("", String::as_str)
    }
}

/// What the request is, where it goes and why, where it fails over to, what happens then, and why the obvious
/// alternative is out.
pub fn sentence(question: &Question) -> String {
    let subject = subject(question);
    let outcome = outage::outcome(question.world, question.decision, question.down);
    let mut parts = Vec::new();
    match outcome {
        Outcome::Unroutable => {
            parts.push(format!("{subject} goes to no model and is blocked"));
        }
        Outcome::Terminal => {
            parts.push(format!(
                "{subject} goes nowhere, since {}, and {}",
                all_down(question),
                then(question)
            ));
        }
        Outcome::Route(model) => {
            let reason = reason::of_route(question, model);
            parts.push(format!("{subject} goes to `{}`{reason}", question.id(model)));
            parts.push(failover(question, model));
        }
    }
    parts.extend(reason::alternative(question));
    format!("{}.", parts.join("; "))
}

/// `a request of x with confidential data, with 15% of the budget left and tenant premium`.
fn subject(question: &Question) -> String {
    let article = if question.classification().starts_with(['a', 'e', 'i', 'o', 'u']) { "An" } else { "A" };
    let mut subject =
        format!("{article} `{}` request of `{}`", question.classification(), question.use_case.name.value);
    let baseline = question.world.baseline(question.use_case);
    let mut given = Vec::new();
    if question.context.budget != baseline.budget {
        given.push(format!("with {}% of its budget left", number::exact(&question.context.budget)));
    }
    let facts = question.world.facts.iter().zip(question.context.facts.iter().zip(&baseline.facts));
    for (fact, (value, usual)) in facts {
        if value != usual {
            let value = fact.values.get(*value).map_or("", String::as_str);
            given.push(format!("with {} `{value}`", fact.name));
        }
    }
    let down: Vec<String> = question.down.iter().map(|s| format!("`{}`", s.name(question.world))).collect();
    if !down.is_empty() {
        given.push(format!("while {} {} down", and(&down), if down.len() == 1 { "is" } else { "are" }));
    }
    if !given.is_empty() {
        subject += &format!(" {}", given.join(", "));
    }
    subject
}

fn all_down(question: &Question) -> String {
    let ids: Vec<String> =
        question.decision.targets.iter().map(|t| format!("`{}`", question.id(t.model))).collect();
    match ids.as_slice() {
        [one] => format!("its only target {one} is down"),
        _ => format!("its targets {} are all down", and(&ids)),
    }
}

/// Where it goes when the route fails, and what happens then.
fn failover(question: &Question, route: usize) -> String {
    let up = question.decision.targets.iter();
    let up: Vec<_> = up.filter(|target| outage::is_up(question.world, question.down, target.model)).collect();
    let after: Vec<String> = up
        .iter()
        .filter(|target| target.model != route)
        .map(|target| {
            let times = show::multiplier(&target.multiplier);
            let cost = match times.as_str() {
                "1" => String::new(),
                "inf" => " (the primary is free, this is not)".to_owned(),
                _ => format!(" ({times} times the cost)"),
            };
            let confirm = if target.confirm { " once someone confirms" } else { "" };
            format!("`{}`{cost}{confirm}", question.id(target.model))
        })
        .collect();
    let statement = question.decision.failover.and_then(|id| question.world.failovers.get(id));
    let Some(statement) = statement else {
        return "no failover statement covers it, so if that model fails the request is blocked".to_owned();
    };
    let when = triggers(&statement.on);
    if after.is_empty() {
        let none = match statement.path {
            crate::model::Path::None => "it never fails over",
            _ if question.decision.targets.len() > up.len() => "nothing else is up",
            _ => "there is nowhere it may fail over to",
        };
        return format!("{none}, so {when} it {}", then(question));
    }
    format!("{when} it fails over to {}, and then {}", after.join(", then "), then(question))
}

/// What happens when no target is left.
fn then(question: &Question) -> String {
    match outage::terminal(question.world, question.decision) {
        Terminal::Queue(None) => "waits in a queue".to_owned(),
        Terminal::Queue(Some(seconds)) => format!("waits in a queue for up to {}", duration(&seconds)),
        Terminal::Degrade(None) => "is answered in degraded form".to_owned(),
        Terminal::Degrade(Some(message)) => format!("is answered with \"{message}\""),
        Terminal::Block => "is blocked".to_owned(),
    }
}

/// The triggers in plain words.
fn triggers(on: &[Trigger]) -> String {
    let words: Vec<String> = on
        .iter()
        .map(|trigger| match trigger {
            Trigger::RateLimited => "a rate limit".to_owned(),
            Trigger::ServerError => "a server error".to_owned(),
            Trigger::Timeout => "a timeout".to_owned(),
            Trigger::Unavailable => "an outage".to_owned(),
            Trigger::ContentFiltered => "a content filter".to_owned(),
            Trigger::ContextExceeded => "an exceeded context".to_owned(),
            Trigger::OutOfCredit => "used-up credit".to_owned(),
            Trigger::Unauthorized => "a refused key".to_owned(),
        })
        .collect();
    format!("on {}", or(&words))
}

/// Seconds in the largest unit that divides them.
pub fn duration(seconds: &Rational) -> String {
    let units = [(604_800, "week"), (86_400, "day"), (3_600, "hour"), (60, "minute")];
    for (size, unit) in units {
        let count = seconds / whole(size);
        if count.is_integer() && count >= whole(1) {
            return format!("{} {unit}{}", number::exact(&count), if count == whole(1) { "" } else { "s" });
        }
    }
    format!("{} seconds", number::exact(seconds))
}

fn and(words: &[String]) -> String {
    joined(words, "and")
}

fn or(words: &[String]) -> String {
    joined(words, "or")
}

fn joined(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., end] => format!("{} {last} {end}", init.join(", ")),
    }
}
