//! Phrases that are the same whether a decision is explained from a workspace or told from a table.

use super::words::{and, article, duration, or, roughly};
use crate::decide::Multiplier;
use crate::model::Trigger;
use crate::number::{self, Rational};

/// A limit is said to so many decimals.
pub const MONEY: u32 = 9;

/// ``a `confidential` request for `x` with 15% of its budget left and tenant `premium` while `openai` is down``: `down`
/// are names in back quotes.
pub fn subject(class: &str, use_case: &str, given: &[String], down: &[String]) -> String {
    let mut subject = format!("{} `{class}` request for `{use_case}`", article(class));
    if !given.is_empty() {
        subject += &format!(" with {}", and(given));
    }
    // What is named twice is down once.
    let mut named: Vec<String> = Vec::new();
    for name in down {
        if !named.contains(name) {
            named.push(name.clone());
        }
    }
    if !named.is_empty() {
        subject += &format!(" while {} {} down", and(&named), if named.len() == 1 { "is" } else { "are" });
    }
    subject
}

/// What is left of one budget, or of all together, in percent.
pub fn left(budget: Option<&str>, percent: &Rational) -> String {
    let of = budget.map_or_else(|| "its budget".to_owned(), |name| format!("budget `{name}`"));
    format!("{}% of {of} left", number::exact(percent))
}

/// What is left of all budgets together, in percent, and whether none covers the request.
pub fn left_of_all(percent: &Rational, is_uncovered: bool) -> String {
    if is_uncovered {
        return format!("`budget.remaining` at {}%", number::exact(percent));
    }
    left(None, percent)
}

/// A target with what it costs beside the primary and what it asks for.
pub fn target(id: &str, multiplier: Option<&Multiplier>, actions: &[String]) -> String {
    let notes: Vec<String> =
        multiplier.and_then(roughly).into_iter().chain(actions.iter().cloned()).collect();
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
    format!("`{id}`{notes}")
}

/// What is said of budgets that send a notice: those that do, and those that do if the share that is left is their own;
/// names in back quotes.
pub fn notice(certain: &[String], possible: &[String]) -> Option<String> {
    match (certain, possible) {
        ([], []) => None,
        ([], possible) => Some(format!("a notice is sent if that budget is {}", or(possible))),
        ([one], _) => Some(format!("budget {one} sends a notice")),
        (several, _) => Some(format!("budgets {} send a notice", and(several))),
    }
}

/// What budgets do, and where a request goes if the share that is left is that of one budget:
/// ``if that budget is `b`, it goes to `m` ``, which is said with what that budget does where it does something.
pub fn noted(done: Option<String>, share: Option<(String, String)>) -> Vec<String> {
    match (done, share) {
        (Some(done), Some((budget, goes))) if done.ends_with(&format!("if that budget is `{budget}`")) => {
            vec![format!("{done}, and then {goes}")]
        }
        (done, share) => {
            let share = share.map(|(budget, goes)| format!("if that budget is `{budget}`, it {goes}"));
            done.into_iter().chain(share).collect()
        }
    }
}

/// What is said where no audit statement applies.
pub const NO_AUDIT: &str = "audit: no statement applies";

/// What the audit statements that apply ask for together.
pub fn audit(retain_days: Option<u64>, lineage: bool, mask: &[String], owners: &[String]) -> String {
    let days = |days: u64| {
        let s = if days == 1 { "" } else { "s" };
        format!("records kept for {} day{s}", number::grouped(&days.to_string()))
    };
    let mut all = vec![retain_days.map_or_else(|| "no time to keep records".to_owned(), days)];
    if lineage {
        all.push("lineage required".to_owned());
    }
    if !mask.is_empty() {
        all.push(format!("{} masked", quoted(mask)));
    }
    if !owners.is_empty() {
        all.push(format!("owned by {}", and(owners)));
    }
    format!("audit: {}", all.join(", "))
}

fn quoted(names: &[String]) -> String {
    and(&names.iter().map(|name| format!("`{name}`")).collect::<Vec<String>>())
}

/// What a failover statement does beside leading on.
#[derive(Debug, Clone, Copy)]
pub struct Duties<'a> {
    /// Under which name failovers are logged.
    pub log_as: Option<&'a str>,
    /// Who is notified.
    pub notify: &'a [String],
    /// How often an endpoint is tried again.
    pub retry: u64,
    /// For how many seconds what has failed is left alone.
    pub cooldown: Option<&'a Rational>,
}

/// The same in words; nothing where there is none, unless it leads to a target without a record or a notice.
pub fn duties(name: &str, duties: &Duties, leads: bool) -> Option<String> {
    let mut all = Vec::new();
    match duties.log_as {
        Some(log) => all.push(format!("logged as `{log}`")),
        None if leads => all.push("not logged".to_owned()),
        None => {}
    }
    match duties.notify {
        [] if leads => all.push("nobody notified".to_owned()),
        [] => {}
        whom => all.push(format!("{} notified", and(whom))),
    }
    match duties.retry {
        0 => {}
        1 => all.push("1 retry".to_owned()),
        more => all.push(format!("{more} retries")),
    }
    all.extend(duties.cooldown.map(|seconds| format!("cooldown of {}", duration(seconds))));
    (!all.is_empty()).then(|| format!("failover {name}: {}", all.join(", ")))
}

/// A text as a sentence, which a mark in place of its end ends too.
pub fn ended(text: &str) -> String {
    if text.ends_with('…') { text.to_owned() } else { format!("{text}.") }
}

/// A trigger as the request that meets it; none where the word for it would mean more than the trigger.
pub(super) fn met(trigger: Trigger) -> Option<&'static str> {
    Some(match trigger {
        Trigger::RateLimited => "a rate-limited request",
        Trigger::ServerError => "a request that meets a server error",
        Trigger::Timeout => "a request that times out",
        Trigger::Unavailable | Trigger::OutOfCredit => return None,
        Trigger::ContentFiltered => "a filtered prompt",
        Trigger::ContextExceeded => "a prompt too long",
        Trigger::Unauthorized => "a request with a refused key",
    })
}

/// What a model does that fails by a trigger: `` When `m` … ``.
pub fn fails(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::RateLimited => "answers with a rate limit",
        Trigger::ServerError => "answers with a server error",
        Trigger::Timeout => "times out",
        Trigger::Unavailable => "is unavailable",
        Trigger::ContentFiltered => "filters the prompt",
        Trigger::ContextExceeded => "finds the prompt too long",
        Trigger::OutOfCredit => "is out of credit",
        Trigger::Unauthorized => "refuses the key",
    }
}

/// A trigger in plain words; an outage can show itself in other ways than as unavailability.
pub fn failed_with(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::RateLimited => "a rate limit",
        Trigger::ServerError => "a server error",
        Trigger::Timeout => "a timeout",
        Trigger::Unavailable => "unavailability",
        Trigger::ContentFiltered => "a content filter",
        Trigger::ContextExceeded => "an exceeded context",
        Trigger::OutOfCredit => "used-up credit",
        Trigger::Unauthorized => "a refused key",
    }
}

/// Waiting as a statement says it, for so many seconds if that is stated.
pub fn queue(seconds: Option<&Rational>) -> String {
    seconds.map_or_else(|| "queue".to_owned(), |seconds| format!("queue for {}", duration(seconds)))
}

/// What a budget or quota counts, and for what each: ` on openai per tenant`.
pub fn counted(on: &[&str], per: Option<&str>) -> String {
    let on = if on.is_empty() { String::new() } else { format!(" on {}", on.join(", ")) };
    on + &per.map(|per| format!(" per {per}")).unwrap_or_default()
}

/// A quota with its limits (requests and tokens per minute, requests and tokens per day) and what happens above them.
pub fn quota(name: &str, counted: &str, limits: [Option<u64>; 4], then: &str) -> String {
    let units = [("request", "minute"), ("token", "minute"), ("request", "day"), ("token", "day")];
    let limits = limits.into_iter().zip(units);
    let limits = limits.filter_map(|(limit, (unit, per))| {
        let limit = limit?;
        let s = if limit == 1 { "" } else { "s" };
        Some(format!("{} {unit}{s} per {per}", number::grouped(&limit.to_string())))
    });
    format!("quota {name}{counted}: {}, then {then}", limits.collect::<Vec<String>>().join(", "))
}
