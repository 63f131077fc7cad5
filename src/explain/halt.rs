//! What budgets do to this very request, at the share that is left of them.

use super::explanation::{Explanation, Halt};
use super::words::{and, or};
use crate::model::BudgetAction;

/// What budgets do.
pub(super) enum Halted {
    /// The request does not get through, and by which budget.
    Stopped(String),
    /// It does, or may, and which budget throttles it.
    Noted(String),
}

/// What the budgets do that act, alerts aside.
pub(super) fn of(explanation: &Explanation) -> Option<Halted> {
    let acting: Vec<&Halt> =
        explanation.halts.iter().filter(|halt| !matches!(halt.action, BudgetAction::Notify(_))).collect();
    let strongest = [BudgetAction::Block, BudgetAction::Queue, BudgetAction::Throttle];
    let certain = |action: &BudgetAction| -> Vec<String> {
        let of = acting.iter().filter(|halt| halt.is_certain && halt.action == *action);
        of.map(|halt| name(explanation, halt)).collect()
    };
    for action in &strongest {
        let names = certain(action);
        if names.is_empty() {
            continue;
        }
        let budgets = if names.len() == 1 { "budget" } else { "budgets" };
        let by = format!("by {budgets} {}", and(&names));
        return Some(match action {
            BudgetAction::Throttle => Halted::Noted(format!("it is throttled {by}")),
            _ => Halted::Stopped(format!("is {} {by}", done(action))),
        });
    }
    // Whose share is left is not said: each may be the one.
    let budgets = explanation.decision().budgets.iter();
    let general = budgets.filter_map(|id| explanation.world().budgets.get(*id)).filter(|b| b.on.is_empty());
    let open = acting.len() == general.count();
    let same =
        acting.split_first().is_some_and(|(first, rest)| rest.iter().all(|halt| halt.action == first.action));
    let names: Vec<String> = acting.iter().map(|halt| name(explanation, halt)).collect();
    match acting.first() {
        None => None,
        Some(first) if open && same => {
            let (by, what) = (format!("by budget {}", or(&names)), done(&first.action));
            Some(match first.action {
                BudgetAction::Throttle => Halted::Noted(format!("it is {what} {by}")),
                _ => Halted::Stopped(format!("is {what} {by}")),
            })
        }
        Some(_) => {
            let mut parts = Vec::new();
            for action in &strongest {
                let of = acting.iter().filter(|halt| halt.action == *action);
                let of: Vec<String> = of.map(|halt| name(explanation, halt)).collect();
                if !of.is_empty() {
                    parts.push(format!("{} if that is budget {}", done(action), or(&of)));
                }
            }
            Some(Halted::Noted(format!("it is {}", parts.join(", "))))
        }
    }
}

/// What is done to a request.
pub(super) fn done(action: &BudgetAction) -> &'static str {
    match action {
        BudgetAction::Notify(_) => "let through with a notice",
        BudgetAction::Throttle => "throttled",
        BudgetAction::Queue => "queued",
        BudgetAction::Block => "blocked",
    }
}

fn name(explanation: &Explanation, halt: &Halt) -> String {
    let budget = explanation.world().budgets.get(halt.budget);
    format!("`{}`", budget.map_or("", |budget| budget.name.value.as_str()))
}
