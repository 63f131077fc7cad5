//! Which budgets cover a use case in some context: a compared share of such a budget is an axis of its contexts.

use super::reference;
use crate::limits::MAX_CONTEXTS;
use crate::model::{Axis, Budget, BudgetId, Context, UseCase, World, context::following};

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

/// Whether a budget's `when` is true for a use case in some context.
///
/// A budget's `when` reads no remaining share, so the contexts that matter are those of the axes that it reads.
pub fn covers_somewhere(world: &World, use_case: &UseCase, budget: &Budget) -> bool {
    let Some(when) = &budget.when else { return true };
    let axes: Vec<Axis> = when.reads.iter().filter_map(|(attribute, _)| attribute.axis()).collect();
    let sizes: Vec<usize> = axes.iter().map(|axis| world.positions(use_case, *axis)).collect();
    let mut context: Context = world.baseline(use_case);
    let mut next = Some(vec![0usize; axes.len()]);
    let mut tried = 0usize;
    while let Some(at) = next.take() {
        for (axis, position) in axes.iter().zip(&at) {
            world.move_to(use_case, &mut context, *axis, *position);
        }
        // A condition over more than can be tried is taken to hold somewhere: at worst the axis is one too many.
        tried += 1;
        if tried > MAX_CONTEXTS || reference::applies(world, use_case, &context, Some(when)) {
            return true;
        }
        next = following(at, sizes.iter().copied());
    }
    false
}
