//! What budgets do to a request that has used up so much of them, in words: the same from a workspace and from a table.

use super::words::{and, or};

/// What budgets do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Halted {
    /// The request does not get through, and by which budget: `is blocked by …`.
    Stopped(String),
    /// It does, or may, and which budget throttles it: `it is throttled by …`.
    Noted(String),
}

/// A budget that acts on a request, notices aside.
#[derive(Debug, Clone, Copy)]
pub struct Acting<'a> {
    /// As the policy writes it.
    pub budget: &'a str,
    /// `block`, `queue` or `throttle`.
    pub action: &'a str,
    /// Whether the share that is left is its own; else it may be another one's.
    pub is_certain: bool,
}

/// What is done to a request.
pub fn done(action: &str) -> &'static str {
    match action {
        "block" => "blocked",
        "queue" => "queued",
        "throttle" => "throttled",
        _ => "let through with a notice",
    }
}

const STRONGEST: [&str; 3] = ["block", "queue", "throttle"];

/// What the budgets that act do, of so many that may be meant where the share of none is said.
pub fn halted(acting: &[Acting], general: usize) -> Option<Halted> {
    let named = |wanted: &dyn Fn(&&Acting) -> bool| -> Vec<String> {
        acting.iter().filter(wanted).map(|one| format!("`{}`", one.budget)).collect()
    };
    for action in STRONGEST {
        let names = named(&|one| one.is_certain && one.action == action);
        if names.is_empty() {
            continue;
        }
        let budgets = if names.len() == 1 { "budget" } else { "budgets" };
        let by = format!("{} by {budgets} {}", done(action), and(&names));
        return Some(said(action, &by));
    }
    // Whose share is left is not said: each may be the one.
    let first = acting.first()?;
    let of = |action: &str| named(&|one| one.action == action);
    let is_any = acting.len() >= general;
    if is_any && acting.iter().all(|one| one.action == first.action) {
        return Some(said(
            first.action,
            &format!("{} by budget {}", done(first.action), or(&of(first.action))),
        ));
    }
    if is_any && of("throttle").is_empty() {
        return Some(Halted::Stopped(format!("is {}", depending(&of))));
    }
    Some(Halted::Noted(format!("it is {}", depending(&of))))
}

/// What is done, depending on which budget it is of which the share is left.
fn depending(of: &dyn Fn(&str) -> Vec<String>) -> String {
    let present =
        STRONGEST.iter().map(|action| (action, of(action))).filter(|(_, budgets)| !budgets.is_empty());
    let parts: Vec<String> = present
        .map(|(action, budgets)| format!("{} if that budget is {}", done(action), or(&budgets)))
        .collect();
    parts.join(", ")
}

/// Whether what budgets do to a request that goes nowhere says anything: nothing is sent that could be throttled, nor
/// is it blocked twice.
pub fn is_beside_nowhere(noted: &str, ends: &str) -> bool {
    !ends.starts_with("is blocked") && !noted.starts_with("it is throttled")
}

fn said(action: &str, by: &str) -> Halted {
    if action == "throttle" {
        Halted::Noted(format!("it is {by}"))
    } else {
        Halted::Stopped(format!("is {by}"))
    }
}
