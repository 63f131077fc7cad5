//! What happens when the primary fails, in words.

use super::explanation::{Explanation, met};
use super::halt::{self, Halted};
use super::phrases;
use super::words::{actions, and, in_brackets};
use crate::decide::{Decision, Path, Target};
use crate::model::trigger::{TRIGGERS, Triggers};
use crate::model::{Candidates, ModelId, Terminal, Trigger};

const BLOCKED: &str = "is blocked";

/// Every target is named.
const ALL: usize = usize::MAX;

/// What follows on an outage while a model serves.
pub(super) fn on_outage(explanation: &Explanation, route: ModelId, named: usize) -> String {
    let decision = explanation.decision();
    let when = if decision.primary == Some(route) { "on an outage" } else { "if that is down too" };
    match decision.outage_path() {
        Some(path) => format!("{when} it {}", fate(explanation, path, Some(route), named)),
        None => format!("{when} it {BLOCKED}, as {}", uncovered(decision)),
    }
}

/// The other triggers that a statement covers and that lead elsewhere than an outage does, each as
/// `a filtered prompt is blocked`.
pub(super) fn elsewhere(explanation: &Explanation, route: ModelId) -> Vec<String> {
    let decision = explanation.decision();
    // Of a primary that is down the other triggers say nothing.
    if decision.primary != Some(route) {
        return Vec::new();
    }
    let usual = decision.outage_path();
    let outage = usual.map_or(BLOCKED.to_owned(), |path| fate(explanation, path, Some(route), ALL));
    let usual_end = usual.map_or(BLOCKED.to_owned(), |path| end(explanation, path));
    // Why nothing follows is said once; here only where it leads counts.
    let bare = |text: &str| text.split(", as ").next().unwrap_or_default().to_owned();
    let others = TRIGGERS.into_iter().filter_map(|trigger| {
        let path = decision.path_on(trigger);
        let covered = path.is_some() || (usual.is_some() && Triggers::usual().has(trigger));
        let fate = path.map_or(BLOCKED.to_owned(), |path| fate(explanation, path, Some(route), ALL));
        let fate = bare(&fate);
        let differs = fate != bare(&outage);
        // How it ends is said where it ends otherwise.
        let brief = fate.strip_suffix(&format!(", else {usual_end}")).unwrap_or(&fate);
        (covered && differs).then(|| format!("{} {brief}", met(trigger)))
    });
    others.collect()
}

/// Where a path leads from a model that has failed, and how it ends.
fn fate(explanation: &Explanation, path: &Path, from: Option<ModelId>, named: usize) -> String {
    let up: Vec<&Target> = path
        .targets
        .iter()
        .filter(|target| Some(target.model) != from && explanation.is_up(target.model))
        .collect();
    let end = end(explanation, path);
    if up.is_empty() {
        let why = match explanation.statement(path).candidates {
            Candidates::None => String::new(),
            _ if !path.targets.is_empty() => ", as nothing else is up".to_owned(),
            _ => format!(", as {}", empty(explanation, path)),
        };
        return format!("{end}{why}");
    }
    let more = up.len().saturating_sub(named);
    let mut words: Vec<String> =
        up.iter().take(named).map(|target| target_words(explanation, target)).collect();
    if more > 0 {
        words.push(format!("{more} more"));
    }
    format!("goes to {}, else {end}", words.join(", then "))
}

/// Why a path has no target, though its statement does not say `none`.
fn empty(explanation: &Explanation, path: &Path) -> String {
    let statement = explanation.statement(path);
    let name = &statement.name.value;
    let chains = match &statement.candidates {
        Candidates::Chains(chains) => Some(chains),
        Candidates::None | Candidates::Ranking | Candidates::Registry => None,
    };
    let primary = explanation.decision().primary;
    match path.left_out.as_slice() {
        [one] => format!("failover `{name}` leaves out `{}`", explanation.id(one.model)),
        [_, _, ..] => format!("failover `{name}` leaves out all {} it comes to", path.left_out.len()),
        [] if explanation.ranking.len() == 1 => "no other model may serve it".to_owned(),
        [] if chains.is_some_and(|chains| primary.is_some_and(|model| !chains.members.contains(&model))) => {
            format!("it is on no chain of `{name}`")
        }
        [] => format!("failover `{name}` leads nowhere else"),
    }
}

/// A target with what it costs and asks for.
pub(super) fn target_words(explanation: &Explanation, target: &Target) -> String {
    phrases::target(explanation.id(target.model), Some(&target.multiplier), &actions(target))
}

/// Why a request goes nowhere while everything that may serve it is down, and how it ends.
pub(super) fn nowhere(explanation: &Explanation) -> String {
    let chain = explanation.decision().chain();
    let ids: Vec<String> = chain.iter().map(|model| format!("`{}`", explanation.id(*model))).collect();
    let path = explanation.decision().outage_path();
    let why = match ids.as_slice() {
        [one] if explanation.ranking.len() == 1 => format!("the only model for it, {one}, is down"),
        [one] => format!("{one} is down and {}", no_further(explanation, path)),
        _ => format!("{} are down", and(&ids)),
    };
    let end = path.map_or(BLOCKED.to_owned(), |path| end(explanation, path));
    format!("{end}, as {why}")
}

/// What is missing where no path is taken on an outage.
fn uncovered(decision: &Decision) -> &'static str {
    if decision.paths.is_empty() {
        "no failover statement covers it"
    } else {
        "no failover statement covers an outage"
    }
}

/// Why an outage leads from the primary to none of the other models that may serve.
fn no_further(explanation: &Explanation, path: Option<&Path>) -> String {
    match path {
        None => uncovered(explanation.decision()).to_owned(),
        Some(path) => match explanation.statement(path) {
            by if matches!(by.candidates, Candidates::None) => {
                format!("failover `{}` tries nothing", by.name.value)
            }
            _ => empty(explanation, path),
        },
    }
}

/// What is tried when the primary has failed in one way.
pub(super) fn tried(explanation: &Explanation, trigger: Trigger, subject: &str) -> String {
    let primary = explanation.decision().primary.map_or("", |primary| explanation.id(primary));
    let first = format!("When `{primary}` fails with {}, {subject}", failed_with(trigger));
    let path = explanation.decision().path_on(trigger);
    let noted = match halt::of(explanation) {
        Some(Halted::Stopped(stopped)) => {
            let mut targets = path.iter().flat_map(|path| &path.targets);
            let next = targets.find(|target| explanation.is_up(target.model));
            let would = next.map(|target| target_words(explanation, target));
            let would = would.map(|next| format!("; otherwise it would go to {next}")).unwrap_or_default();
            return format!("{first} {stopped}{would}");
        }
        Some(Halted::Noted(noted)) => format!("; {noted}"),
        None => String::new(),
    };
    let Some(path) = path else {
        return format!("{first} {BLOCKED}, as no failover statement covers that{noted}");
    };
    let failover = explanation.statement(path);
    let by = format!("failover `{}`{}", failover.name.value, in_brackets(failover.because.as_ref()));
    let end = end(explanation, path);
    let up = path.targets.iter().filter(|target| explanation.is_up(target.model));
    let up: Vec<String> = up.map(|target| target_words(explanation, target)).collect();
    let ids: Vec<String> = path.models().map(|model| format!("`{}`", explanation.id(model))).collect();
    match (up.as_slice(), ids.as_slice()) {
        ([], _) if matches!(failover.candidates, Candidates::None) => {
            format!("{first} {end}, as {by} says that nothing is tried")
        }
        ([], []) => format!("{first} {end}, as {}{noted}", empty(explanation, path)),
        ([], [one]) => format!("{first} {end}, as {one}, where {by} leads, is down{noted}"),
        ([], all) => format!("{first} {end}, as {}, where {by} leads, are down{noted}", and(all)),
        ([one], _) => format!("{first} goes to {one} by {by}; if that fails too it {end}{noted}"),
        ([one, rest @ ..], _) => {
            let rest = rest.join(", then ");
            format!("{first} goes to {one} by {by}; if that fails too it goes to {rest}, else {end}{noted}")
        }
    }
}

/// How a path ends.
pub(super) fn end(explanation: &Explanation, path: &Path) -> String {
    match &explanation.statement(path).then {
        Terminal::Queue(seconds) => phrases::queues(seconds.as_ref()),
        Terminal::Degrade(_) => "gets a degraded answer".to_owned(),
        Terminal::Block => BLOCKED.to_owned(),
    }
}

/// A trigger in plain words.
fn failed_with(trigger: Trigger) -> &'static str {
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
