//! Which budgets cover a use case in some context: a compared share of such a budget is an axis of its contexts.

use super::reference;
use super::telling::Telling;
use crate::limits::MAX_CONTEXTS;
use crate::model::{Budget, BudgetId, Context, UseCase, World};

/// Notes, for every use case, the budgets with a compared share that cover it in some context.
pub fn settle(world: &mut World) {
    if world.shares.is_empty() {
        return;
    }
    let covering = |use_case: &UseCase| -> Vec<BudgetId> {
        let shares = world.shares.iter().map(|share| share.budget);
        shares.filter(|id| covers_somewhere(world, use_case, &world.budgets[*id])).collect()
    };
    let all: Vec<Vec<BudgetId>> = world.use_cases.iter().map(covering).collect();
    for (use_case, shares) in world.use_cases.iter_mut().zip(all) {
        use_case.shares = shares;
    }
}

/// Whether a budget's `when` is true for a use case in some context: one of those that the `when` itself tells apart.
///
/// A budget's `when` reads no remaining share.
pub fn covers_somewhere(world: &World, use_case: &UseCase, budget: &Budget) -> bool {
    let Some(when) = &budget.when else { return true };
    let holds = |context: &Context| reference::applies(world, use_case, context, Some(when));
    if holds(&world.baseline(use_case)) {
        return true;
    }
    let Some(telling) = Telling::of_condition(world, use_case, when) else { return false };
    let mut contexts = telling.contexts(world, use_case).map(|(context, _)| context);
    // A condition that tells more contexts apart makes them too many for the use case.
    contexts.by_ref().take(MAX_CONTEXTS).any(|context| holds(&context)) || contexts.next().is_some()
}
