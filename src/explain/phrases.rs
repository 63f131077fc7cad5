//! Phrases that are the same whether a decision is explained from a workspace or told from a table.

use super::words::{and, article, duration, or, roughly};
use crate::decide::Multiplier;
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
        ([], possible) => Some(format!("a notice is sent if that is budget {}", or(possible))),
        ([one], _) => Some(format!("budget {one} sends a notice")),
        (several, _) => Some(format!("budgets {} send a notice", and(several))),
    }
}

/// What budgets do, and where a request goes if the share that is left is that of one budget:
/// ``if that is budget `b`, it goes to `m` ``, which is said with what that budget does where it does something.
pub fn noted(done: Option<String>, share: Option<(String, String)>) -> Vec<String> {
    match (done, share) {
        (Some(done), Some((budget, goes))) if done.ends_with(&format!("if that is budget `{budget}`")) => {
            vec![format!("{done}, and then {goes}")]
        }
        (done, share) => {
            let share = share.map(|(budget, goes)| format!("if that is budget `{budget}`, it {goes}"));
            done.into_iter().chain(share).collect()
        }
    }
}

/// What a request does that waits, for so many seconds if that is stated.
pub fn queues(seconds: Option<&Rational>) -> String {
    seconds.map_or_else(|| "queues".to_owned(), |seconds| format!("queues for up to {}", duration(seconds)))
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
    let units = ["requests per minute", "tokens per minute", "requests per day", "tokens per day"];
    let limits = limits.into_iter().zip(units);
    let limits =
        limits.filter_map(|(limit, unit)| Some(format!("{} {unit}", number::grouped(&limit?.to_string()))));
    format!("quota {name}{counted}: {}, then {then}", limits.collect::<Vec<String>>().join(", "))
}
