//! The lists of decisions, each held once in the whole world: most decisions differ in little.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use crate::decide::{Decision, Path, Undefined};
use crate::model::{BudgetId, Id, QuotaId, RuleId};

/// Every list that some decision has, once.
#[derive(Debug, Default)]
pub(super) struct Shared {
    paths: Mutex<Lists<Path>>,
    rules: Mutex<Lists<RuleId>>,
    budgets: Mutex<Lists<BudgetId>>,
    quotas: Mutex<Lists<QuotaId>>,
}

impl Shared {
    /// Replaces the lists of a decision by equal ones that are known already.
    pub(super) fn share(&self, decision: &mut Result<Decision, Undefined>) {
        let Ok(decision) = decision else { return };
        share(&self.paths, &mut decision.paths);
        share(&self.rules, &mut decision.rules);
        share(&self.budgets, &mut decision.budgets);
        share(&self.quotas, &mut decision.quotas);
    }
}

/// What has to be told apart at first sight: which models, or which statements.
pub(super) trait Glance {
    /// Feeds that to a hasher.
    fn glance(&self, hasher: &mut DefaultHasher);
}

impl<E> Glance for Id<E> {
    fn glance(&self, hasher: &mut DefaultHasher) {
        self.hash(hasher);
    }
}

impl Glance for Path {
    fn glance(&self, hasher: &mut DefaultHasher) {
        (self.on, self.failover).hash(hasher);
        self.models().for_each(|model| model.hash(hasher));
        self.left_out.iter().for_each(|one| (one.model, one.from, &one.rules).hash(hasher));
    }
}

/// Lists by a hash of their first sight; those that look alike stand in one place and are compared whole.
type Lists<T> = HashSet<Seen<T>>;

#[derive(Debug)]
struct Seen<T>(Arc<[T]>);

impl<T: PartialEq> PartialEq for Seen<T> {
    fn eq(&self, other: &Self) -> bool {
        *self.0 == *other.0
    }
}

impl<T: Eq> Eq for Seen<T> {}

impl<T: Glance> Hash for Seen<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut hasher = DefaultHasher::new();
        self.0.iter().for_each(|item| item.glance(&mut hasher));
        state.write_u64(hasher.finish());
        state.write_usize(self.0.len());
    }
}

fn share<T: Glance + Eq>(known: &Mutex<Lists<T>>, list: &mut Arc<[T]>) {
    // A thread that panicked has left at worst a list fewer.
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = Seen(Arc::clone(list));
    match known.get(&seen) {
        Some(same) => *list = Arc::clone(&same.0),
        None => {
            known.insert(seen);
        }
    }
}
