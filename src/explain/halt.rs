//! What budgets do to this very request, at the share that is left of them.

use super::acting::{self, Acting, Halted};
use super::explanation::{Explanation, Halt};
use super::phrases;
use crate::decide::outage::{self, Outcome};
use crate::decide::reference;
use crate::model::{BudgetAction, BudgetId, ModelId, Selector, UsedUp};
use crate::number::whole;

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

/// The budgets that send a notice of this request and do no more to it.
pub(super) fn notice(explanation: &Explanation) -> Option<String> {
    let halts = &explanation.halts;
    if halts.iter().any(|halt| !matches!(halt.action, BudgetAction::Notify(_))) {
        return None;
    }
    let named = |is_certain: bool| -> Vec<String> {
        let of = halts.iter().filter(|halt| halt.is_certain == is_certain);
        of.map(|halt| name(explanation, halt)).collect()
    };
    phrases::notice(&named(true), &named(false))
}

/// What quotas and budgets that count only some models do to what goes to one of these.
pub(super) fn at(explanation: &Explanation, model: ModelId) -> Option<Halted> {
    let counts = |on: Option<Selector>| on.is_some_and(|on| on.matches(explanation.world(), model));
    let quota = by_quota(explanation, counts).filter(|halted| matches!(halted, Halted::Stopped(_)));
    quota.or_else(|| by_budget(explanation, &explanation.halts_at(model)))
}

/// Where the request goes if the share that is left, which is said of no budget, is that of a budget that a condition
/// compares: that budget, and `goes to `m` `; nothing where it goes where it goes anyhow.
pub(super) fn share(explanation: &Explanation) -> Option<(String, String)> {
    let question = &explanation.question;
    let (world, use_case) = (question.world, question.use_case);
    // What a budget stops goes nowhere else by its share.
    let stops = |budget: BudgetId| {
        let mut of = explanation.halts.iter().filter(|halt| halt.budget == budget);
        of.any(|halt| matches!(halt.action, BudgetAction::Block | BudgetAction::Queue))
    };
    let counting = |budget: &&BudgetId| {
        let is_open = question.left_of(**budget).is_none() && world.budgets[**budget].on.is_empty();
        is_open && question.decision.budgets.contains(*budget) && !stops(**budget)
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
        Some((world.budgets[*budget].name.value.clone(), goes))
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
    let budgets = &explanation.world().budgets;
    let acting: Vec<Acting> = halts
        .iter()
        .filter(|halt| !matches!(halt.action, BudgetAction::Notify(_)))
        .map(|halt| Acting {
            budget: &budgets[halt.budget].name.value,
            action: halt.action.kind().name(),
            is_certain: halt.is_certain,
        })
        .collect();
    let covering = explanation.decision().budgets.iter();
    acting::halted(&acting, covering.filter(|id| budgets[**id].on.is_empty()).count())
}

/// What is done to a request.
pub(super) fn done(action: &BudgetAction) -> &'static str {
    acting::done(action.kind().name())
}

fn name(explanation: &Explanation, halt: &Halt) -> String {
    format!("`{}`", explanation.world().budgets[halt.budget].name.value)
}
