//! What budgets do to this very request, at the share that is left of them.

use super::explanation::{Explanation, Halt};
use super::words::{and, or};
use crate::decide::outage::{self, Outcome};
use crate::decide::reference;
use crate::model::{BudgetAction, BudgetId, ModelId, Selector, UsedUp};
use crate::number::whole;

/// What budgets do.
pub(super) enum Halted {
    /// The request does not get through, and by which budget.
    Stopped(String),
    /// It does, or may, and which budget throttles it.
    Noted(String),
}

/// What the quotas and budgets do that act, alerts aside.
pub(super) fn of(explanation: &Explanation) -> Option<Halted> {
    let quota = match explanation.outcome {
        Outcome::Route(model) => {
            by_quota(explanation, |on| on.is_none_or(|on| on.matches(explanation.world(), model)))
        }
        Outcome::Terminal | Outcome::Unroutable => None,
    };
    quota.or_else(|| by_budget(explanation, &explanation.halts))
}

/// What quotas and budgets that count only some models do to what goes to one of these.
pub(super) fn at(explanation: &Explanation, model: ModelId) -> Option<Halted> {
    let counts = |on: Option<Selector>| on.is_some_and(|on| on.matches(explanation.world(), model));
    let quota = by_quota(explanation, counts).filter(|halted| matches!(halted, Halted::Stopped(_)));
    quota.or_else(|| by_budget(explanation, &explanation.halts_at(model)))
}

/// Where the request goes if the share that is left, which is said of no budget, is that of a budget that a condition
/// compares: `if that is budget `b`, it goes to `m` `; nothing where it goes where it goes anyhow.
pub(super) fn share(explanation: &Explanation) -> Option<String> {
    let question = &explanation.question;
    let (world, use_case) = (question.world, question.use_case);
    let counting = |budget: &&BudgetId| {
        let is_open = question.left_of(**budget).is_none() && world.budgets[**budget].on.is_empty();
        is_open && question.decision.budgets.contains(*budget)
    };
    if question.context.budget >= whole(100) {
        return None;
    }
    use_case.shares.iter().filter(counting).find_map(|budget| {
        let mut context = question.context.clone();
        let share = context.shares.iter_mut().find(|(known, _)| known == budget)?;
        share.1.clone_from(&question.context.budget);
        let decision = reference::decide(world, use_case, &context).ok()?;
        let outcome = outage::outcome(world, &decision, question.on, question.down);
        let goes = match outcome {
            _ if outcome == explanation.outcome => return None,
            Outcome::Route(model) => format!("goes to `{}`", explanation.id(model)),
            Outcome::Terminal => "finds nothing that is up".to_owned(),
            Outcome::Unroutable => "is blocked".to_owned(),
        };
        Some(format!("if that is budget `{}`, it {goes}", world.budgets[*budget].name.value))
    })
}

/// A quota of nothing acts on every request; any other on none that stands alone.
fn by_quota(explanation: &Explanation, counts: impl Fn(Option<Selector>) -> bool) -> Option<Halted> {
    let world = explanation.world();
    let quotas = explanation.decision().quotas.iter().map(|id| &world.quotas[*id]);
    let mut counting = quotas.filter(|quota| counts(quota.on));
    let quota = counting.find(|quota| {
        let limits = [
            quota.requests_per_minute,
            quota.requests_per_day,
            quota.tokens_per_minute,
            quota.tokens_per_day,
        ];
        limits.contains(&Some(0))
    })?;
    let name = &quota.name.value;
    Some(match quota.then {
        UsedUp::Block => Halted::Stopped(format!("is blocked by quota `{name}`, which allows nothing")),
        UsedUp::Queue(_) => Halted::Stopped(format!("is queued by quota `{name}`, which allows nothing")),
        UsedUp::Failover => {
            Halted::Noted(format!("quota `{name}` allows nothing, so it fails over as rate-limited"))
        }
    })
}

fn by_budget(explanation: &Explanation, halts: &[Halt]) -> Option<Halted> {
    let acting: Vec<&Halt> =
        halts.iter().filter(|halt| !matches!(halt.action, BudgetAction::Notify(_))).collect();
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
    let general = budgets.map(|id| &explanation.world().budgets[*id]).filter(|b| b.on.is_empty());
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
        Some(_) if open && acting.iter().all(|halt| halt.action != BudgetAction::Throttle) => {
            let stops = |action: &BudgetAction| {
                let of = acting.iter().filter(|halt| halt.action == *action);
                let of: Vec<String> = of.map(|halt| name(explanation, halt)).collect();
                (!of.is_empty()).then(|| format!("{} by budget {}", done(action), or(&of)))
            };
            let parts: Vec<String> = strongest.iter().filter_map(stops).collect();
            Some(Halted::Stopped(format!("is {}", parts.join(" or "))))
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
    format!("`{}`", explanation.world().budgets[halt.budget].name.value)
}
