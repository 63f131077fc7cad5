//! What happens when the primary fails, in words.

use super::{Question, and, duration, or};
use crate::decide::{Path, Target, outage, show};
use crate::model::trigger::Triggers;
use crate::model::{Candidates, Failover, ModelId, Terminal, Trigger};

/// What follows a model that serves: where the request goes on an outage, where other triggers lead elsewhere, and
/// how it ends.
pub(super) fn after(question: &Question, route: ModelId) -> Vec<String> {
    let decision = question.decision;
    let outage = decision.outage_path();
    let mut parts = vec![match outage {
        Some(path) => on_path(question, path, route),
        None if decision.paths.is_empty() => {
            "no failover statement covers it, so if that model fails the request is blocked".to_owned()
        }
        None => "no failover statement covers an outage, so if that model is down the request is blocked"
            .to_owned(),
    }];
    // Of a primary that is down the other triggers say nothing.
    if decision.primary == Some(route) {
        let known = |path: &Path| (path.models().collect::<Vec<ModelId>>(), end(question, path));
        let elsewhere =
            decision.paths.iter().filter(|path| outage.is_none_or(|outage| known(path) != known(outage)));
        parts.extend(elsewhere.map(|path| on_path(question, path, route)));
        let untried: Triggers =
            Triggers::usual().iter().filter(|trigger| decision.path_on(*trigger).is_none()).collect();
        if outage.is_some() && !untried.is_empty() {
            parts.push(format!("{} nothing is tried and it is blocked", on(untried)));
        }
    }
    parts
}

/// Where it goes on a path while a model serves, and how it ends.
fn on_path(question: &Question, path: &Path, route: ModelId) -> String {
    let when = on(path.on);
    let up: Vec<&Target> = up(question, path).filter(|target| target.model != route).collect();
    if up.is_empty() {
        let none = match statement(question, path).map(|failover| &failover.candidates) {
            Some(Candidates::None) => "it never fails over",
            _ if !path.targets.is_empty() => "nothing else is up",
            _ => "there is nowhere it may fail over to",
        };
        return format!("{none}, so {when} it {}", end(question, path));
    }
    let after: Vec<String> = up.iter().map(|target| named(question, target)).collect();
    format!("{when} it fails over to {}, and then {}", after.join(", then "), end(question, path))
}

/// Why a request goes nowhere while everything that may serve it is down, and how it ends.
pub(super) fn nowhere(question: &Question) -> String {
    let chain = question.decision.chain();
    let ids: Vec<String> = chain.iter().map(|model| format!("`{}`", question.id(*model))).collect();
    let why = match ids.as_slice() {
        [one] => format!("the only model for it, {one}, is down"),
        _ => format!("{} are all down", and(&ids)),
    };
    let end = question.decision.outage_path().map_or(BLOCKED.to_owned(), |path| end(question, path));
    format!("goes nowhere, since {why}, and {end}")
}

const BLOCKED: &str = "is blocked";

/// What is tried when the primary has failed in one way.
pub(super) fn tried(question: &Question, trigger: Trigger, subject: &str) -> Vec<String> {
    let primary = question.decision.primary.map_or("", |primary| question.id(primary));
    let first = format!("When `{primary}` fails on {}, {subject}", trigger_words(trigger));
    let Some(path) = question.decision.path_on(trigger) else {
        return vec![format!("{first} {BLOCKED}, since no failover statement covers that")];
    };
    let end = end(question, path);
    let Some(failover) = statement(question, path) else { return vec![first] };
    let because = failover.because.as_ref().map(|reason| super::reason::clause(reason));
    let because = because.map(|reason| format!(" ({reason})")).unwrap_or_default();
    let by = format!("failover `{}`{because}", failover.name.value);
    let up: Vec<String> = up(question, path).map(|target| named(question, target)).collect();
    match up.as_slice() {
        [] => {
            let ids: Vec<String> = path.models().map(|model| format!("`{}`", question.id(model))).collect();
            let why = match (&failover.candidates, ids.as_slice()) {
                (Candidates::None, _) => format!("since {by} says that nothing is tried"),
                (_, []) => format!("since {by} leads to no model that may serve it"),
                (_, [one]) => format!("since {one}, where {by} leads, is down"),
                (_, all) => format!("since {}, where {by} leads, are down", and(all)),
            };
            vec![format!("{first} {end}, {why}")]
        }
        [one] => vec![format!("{first} goes to {one} by {by}"), format!("if that fails too it {end}")],
        [one, rest @ ..] => vec![
            format!("{first} goes to {one} by {by}"),
            format!("if that fails too it goes to {}, and then {end}", rest.join(", then ")),
        ],
    }
}

/// A target with what it costs and asks for.
fn named(question: &Question, target: &Target) -> String {
    let times = show::multiplier(&target.multiplier);
    let cost = match times.as_str() {
        "1" => String::new(),
        "inf" => " (the primary is free, this is not)".to_owned(),
        _ => format!(" ({times} times the cost)"),
    };
    let confirm = if target.confirm { " once someone confirms" } else { "" };
    format!("`{}`{cost}{confirm}", question.id(target.model))
}

fn up<'a>(question: &'a Question, path: &'a Path) -> impl Iterator<Item = &'a Target> {
    path.targets.iter().filter(|target| outage::is_up(question.world, question.down, target.model))
}

fn statement<'a>(question: &Question<'a>, path: &Path) -> Option<&'a Failover> {
    question.world.failovers.get(path.failover)
}

/// How a path ends.
fn end(question: &Question, path: &Path) -> String {
    match statement(question, path).map_or(&Terminal::Block, |failover| &failover.then) {
        Terminal::Queue(None) => "waits in a queue".to_owned(),
        Terminal::Queue(Some(seconds)) => format!("waits in a queue for up to {}", duration(seconds)),
        Terminal::Degrade(None) => "is answered in degraded form".to_owned(),
        Terminal::Degrade(Some(message)) => format!("is answered with \"{message}\""),
        Terminal::Block => BLOCKED.to_owned(),
    }
}

/// Triggers in plain words: `on a rate limit or a timeout`.
fn on(triggers: Triggers) -> String {
    let words: Vec<String> = triggers.iter().map(|trigger| trigger_words(trigger).to_owned()).collect();
    format!("on {}", or(&words))
}

/// A trigger in plain words.
fn trigger_words(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::RateLimited => "a rate limit",
        Trigger::ServerError => "a server error",
        Trigger::Timeout => "a timeout",
        Trigger::Unavailable => "an outage",
        Trigger::ContentFiltered => "a content filter",
        Trigger::ContextExceeded => "an exceeded context",
        Trigger::OutOfCredit => "used-up credit",
        Trigger::Unauthorized => "a refused key",
    }
}
