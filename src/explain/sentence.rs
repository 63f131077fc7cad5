//! One decision in one sentence: what the request is, where it goes, why, and what happens then.

use std::collections::BTreeSet;

use super::acting::{self, Halted};
use super::compose::{self, Part, Worth};
use super::explanation::{self, Cause, Explanation};
use super::{choice, failover, halt, phrases, reason};
use crate::decide::outage::Outcome;
use crate::decide::reference::Removed;
use crate::limits::shown;
use crate::model::{BudgetId, ModelId};
use crate::number::whole;

/// Where the request goes and what follows if that fails, in one sentence.
pub fn sentence(explanation: &Explanation) -> String {
    let subject = subject(explanation);
    let text = match (explanation.outcome, explanation.question.on) {
        (Outcome::Unroutable, _) => unroutable(explanation, &subject),
        (_, Some(trigger)) => {
            let lower = subject.replacen('A', "a", 1);
            failover::tried(explanation, trigger, &lower)
        }
        (Outcome::Terminal, None) => nowhere(explanation, &subject),
        (Outcome::Route(model), None) => routed(explanation, &subject, model),
    };
    phrases::ended(&text)
}

/// The sentence of a request that a model serves.
fn routed(explanation: &Explanation, subject: &str, model: ModelId) -> String {
    let why = if explanation.decision().primary == Some(model) {
        choice::wordings(explanation)
    } else {
        stands_in(explanation, model)
    };
    let noted = match halt::of(explanation) {
        Some(Halted::Stopped(stopped)) => {
            return stopped_words(explanation, subject, model, why, &stopped);
        }
        Some(Halted::Noted(noted)) => Some(noted),
        None => None,
    };
    let mut parts = vec![Part::attached(why)];
    parts.extend(halt::notice(explanation).map(Part::kept));
    parts.extend(phrases::noted(noted, halt::share(explanation)).into_iter().map(Part::kept));
    parts.extend(failover::follows(explanation, model));
    parts.extend(choice::alternative(explanation));
    let head = format!("{subject} goes to {}", target(explanation, model));
    compose::composed(&head, &parts, shown::SENTENCE)
}

/// The sentence of a request that budgets stop, and where it would go otherwise.
fn stopped_words(
    explanation: &Explanation,
    subject: &str,
    model: ModelId,
    why: Vec<(Worth, String)>,
    by: &str,
) -> String {
    let would = |to: &str, why: &str| format!("; otherwise it would go to {to}{why}");
    let to = target(explanation, model);
    let mut wordings: Vec<_> = why.into_iter().map(|(worth, why)| (worth, would(&to, &why))).collect();
    wordings.push((Worth::Elsewhere, would(&to, "")));
    wordings.push((Worth::Kept, String::new()));
    compose::composed(&format!("{subject} {by}"), &[Part::attached(wordings)], shown::SENTENCE)
}

/// The sentence of a request for which everything that would be tried is down.
fn nowhere(explanation: &Explanation, subject: &str) -> String {
    let ends = failover::nowhere(explanation);
    match halt::of(explanation) {
        Some(Halted::Stopped(stopped)) => format!("{subject} {stopped}; otherwise it {ends}"),
        Some(Halted::Noted(noted)) if acting::is_beside_nowhere(&noted, &ends) => {
            format!("{subject} {ends}; {noted}")
        }
        Some(Halted::Noted(_)) | None => format!("{subject} {ends}"),
    }
}

/// A model that serves; in place of the primary with what it costs and asks for.
fn target(explanation: &Explanation, model: ModelId) -> String {
    if explanation.decision().primary == Some(model) {
        return format!("`{}`", explanation.id(model));
    }
    let path = explanation.decision().outage_path();
    let target = path.and_then(|path| path.targets.iter().find(|target| target.model == model));
    target.map_or_else(
        || format!("`{}`", explanation.id(model)),
        |target| failover::target_words(explanation, target),
    )
}

/// Why a request goes to another model than its primary, in wordings from full to brief.
fn stands_in(explanation: &Explanation, model: ModelId) -> Vec<(Worth, String)> {
    let primary = explanation.decision().primary.map_or("", |primary| explanation.id(primary));
    let path = explanation.decision().outage_path();
    let first = path.and_then(|path| path.models().next()) == Some(model);
    let which = if first { "the first" } else { "the first that is up" };
    let by = path.map_or("", |path| &explanation.statement(path).name.value);
    let after = format!(", {which} after `{primary}`");
    vec![(Worth::Order, format!("{after} by failover `{by}`")), (Worth::Kept, after)]
}

/// The sentence of a request that no model may serve, and what is nearest.
fn unroutable(explanation: &Explanation, subject: &str) -> String {
    let nearest = explanation.removed().iter().min_by_key(|removed| {
        let id = explanation.id(removed.model);
        (Cause::of(removed).len(), id)
    });
    let words = |removed: &Removed, is_full: bool| {
        let more = match Cause::of(removed).len().saturating_sub(1) {
            0 => String::new(),
            1 => " (and 1 more reason)".to_owned(),
            others => format!(" (and {others} more reasons)"),
        };
        let strongest = reason::strongest(explanation, removed, is_full)?;
        Some(format!("the nearest, `{}`, is out as {strongest}{more}", explanation.id(removed.model)))
    };
    let nearest = nearest.into_iter().flat_map(|removed| {
        let of = |worth: Worth, is_full: bool| words(removed, is_full).map(|words| (worth, words));
        [of(Worth::Because, true), of(Worth::Kept, false)].into_iter().flatten()
    });
    let head = format!("{subject} is blocked, as no model may serve it");
    compose::composed(&head, &[Part::clause(nearest.collect())], shown::SENTENCE)
}

/// ``A `confidential` request for `x` with 15% of its budget left and tenant `premium` ``.
fn subject(explanation: &Explanation) -> String {
    let question = &explanation.question;
    let (world, context) = (question.world, question.context);
    let class = question.classification();
    let name = &question.use_case.name.value;
    let baseline = world.baseline(question.use_case);
    let mut given = Vec::new();
    if context.budget != baseline.budget {
        given.push(phrases::left_of_all(&context.budget, explanation.decision().budgets.is_empty()));
    }
    let counting = explanation.decision().budgets.iter();
    let named = context.shares.iter().map(|(budget, _)| budget).chain(counting).copied();
    for budget in named.collect::<BTreeSet<BudgetId>>() {
        let Some(left) = question.left_of(budget).filter(|left| **left < whole(100)) else { continue };
        let name = world.budgets[budget].name.value.as_str();
        given.push(phrases::left(Some(name), left));
    }
    let facts = world.facts.iter().zip(context.facts.iter().zip(&baseline.facts));
    for (fact, (value, usual)) in facts {
        if value != usual {
            given.push(format!("{} `{}`", fact.name, fact.values[*value]));
        }
    }
    let down = explanation::down(question.down, world);
    phrases::subject(class, name, &given, &down).replacen('a', "A", 1)
}
