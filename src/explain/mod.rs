//! One decision in one sentence that a compliance officer understands, and the longer story behind it.

mod cost;
mod failover;
mod reason;
pub mod story;

pub use reason::gate_words;

use crate::decide::outage::{self, Outcome};
use crate::decide::{Decision, reference};
use crate::model::{Context, Down, ModelId, Trigger, UseCase, World};
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
    /// How the primary has failed, if it has.
    pub on: Option<Trigger>,
    /// What is down.
    pub down: &'a [Down],
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
    let outcome = outage::outcome(question.world, question.decision, question.on, question.down);
    let mut parts = Vec::new();
    match (outcome, question.on) {
        (Outcome::Unroutable, _) => {
            parts.push(format!("{subject} goes to no model and is blocked"));
        }
        (Outcome::Terminal, None) => parts.push(format!("{subject} {}", failover::nowhere(question))),
        (Outcome::Route(model), None) => {
            let reason = reason::of_route(question, model);
            parts.push(format!("{subject} goes to `{}`{reason}", question.id(model)));
            parts.extend(failover::after(question, model));
        }
        (_, Some(trigger)) => {
            let subject = subject.replacen('A', "a", 1);
            parts.extend(failover::tried(question, trigger, &subject));
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
