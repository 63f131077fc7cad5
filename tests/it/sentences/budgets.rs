//! What a sentence says of budgets and quotas, held to what they do.

use govctl::model::{BudgetAction, BudgetAt};
use govctl::number::whole;

use super::Reader;

impl Reader<'_> {
    /// A quota of nothing, or budgets that act.
    pub(super) fn names_quota(&self, text: &str) -> bool {
        let world = self.question.world;
        let Some(name) = text.strip_prefix("quota `").and_then(|text| text.split('`').next()) else {
            return false;
        };
        self.decision().quotas.iter().map(|id| &world.quotas[*id]).any(|quota| {
            let limits = [
                quota.requests_per_minute,
                quota.requests_per_day,
                quota.tokens_per_minute,
                quota.tokens_per_day,
            ];
            quota.name.value == name && limits.contains(&Some(0))
        })
    }

    /// Every budget named covers the request, and does something at the share that is left.
    pub(super) fn names_budgets(&self, text: &str) -> bool {
        let (world, context) = (self.question.world, self.question.context);
        let names: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
        !names.is_empty()
            && names.iter().all(|name| {
                let id = world.budgets.position(|budget| budget.name.value == *name);
                let Some(id) = id.filter(|id| self.decision().budgets.contains(id)) else { return false };
                let left = context.share(id).filter(|left| **left < whole(100)).unwrap_or(&context.budget);
                let used = whole(100) - left;
                let at = &world.budgets[id].at;
                let acts = |at: &&BudgetAt| at.used <= used && !matches!(at.action, BudgetAction::Notify(_));
                at.iter().any(|at| acts(&at)) || used == whole(100)
            })
    }

    /// Every budget named covers the request, and sends a notice and no more at the share that is left.
    pub(super) fn only_notices(&self, text: &str) -> bool {
        let (world, context) = (self.question.world, self.question.context);
        let names: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
        !names.is_empty()
            && names.iter().all(|name| {
                let id = world.budgets.position(|budget| budget.name.value == *name);
                let Some(id) = id.filter(|id| self.decision().budgets.contains(id)) else { return false };
                let left = context.share(id).filter(|left| **left < whole(100)).unwrap_or(&context.budget);
                let used = whole(100) - left;
                let mut passed = world.budgets[id].at.iter().filter(|at| at.used <= used).peekable();
                passed.peek().is_some() && passed.all(|at| matches!(at.action, BudgetAction::Notify(_)))
            })
    }
}
