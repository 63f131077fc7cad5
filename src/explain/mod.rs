//! Why a decision is what it is: one question, one structured explanation taken from the evaluator, and its renderings
//! (a sentence, a story, an answer to "why not").

pub mod acting;
mod choice;
pub mod command;
pub mod compose;
mod cost;
mod explanation;
mod failover;
mod halt;
mod kept_out;
mod obligations;
pub mod phrases;
pub mod reason;
mod sentence;
pub mod story;
pub mod triggers;
pub mod ways;
mod what_if;
mod why_not;
mod words;

pub use choice::before;
pub use explanation::{Cause, Explanation, Halt, Step, Unreached};
pub use sentence::sentence;
pub use why_not::why_not;

/// What stops the request of a question, and by which budget or quota: ``is blocked by budget `b` ``.
pub fn stopped(explanation: &Explanation) -> Option<String> {
    match halt::of(explanation)? {
        acting::Halted::Stopped(words) => Some(words),
        acting::Halted::Noted(_) => None,
    }
}

pub use words::{NOTICE, and, article, beside, count, duration, roughly};

use crate::decide::Decision;
use crate::model::{BudgetId, Context, Down, Trigger, UseCase, World};
use crate::number::{Rational, whole};

/// What is to be explained.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The world in which it is asked.
    pub world: &'a World,
    /// Who asks.
    pub use_case: &'a UseCase,
    /// The context of the request.
    pub context: &'a Context,
    /// What is decided in it.
    pub decision: &'a Decision,
    /// How the primary has failed, if it has.
    pub on: Option<Trigger>,
    /// What is down.
    pub down: &'a [Down],
    /// What is stated to remain of single budgets, in percent, also of those that no condition compares.
    pub stated: &'a [(BudgetId, Rational)],
}

impl<'a> Question<'a> {
    /// The name of the effective classification.
    pub fn classification(&self) -> &'a str {
        &self.world.classifications[self.context.classification]
    }

    /// What is left of one budget, in percent, where that is stated.
    pub fn left_of(&self, budget: BudgetId) -> Option<&'a Rational> {
        if let Some((_, left)) = self.stated.iter().find(|(known, _)| *known == budget) {
            return Some(left);
        }
        let is_axis = self.use_case.shares.contains(&budget);
        self.context.share(budget).filter(|share| is_axis && **share < whole(100))
    }
}
