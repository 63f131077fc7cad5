//! The lists of decisions, each held once in the whole world: most decisions differ in little.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use crate::decide::{Audit, Decision, Path, Undefined};
use crate::model::{AuditId, BudgetId, Id, QuotaId, RuleId, World};
use crate::number::{SECONDS_PER_DAY, ceil, whole};

/// Every list that some decision has, once.
#[derive(Debug, Default)]
pub(super) struct Shared {
    paths: Mutex<Lists<Path>>,
    rules: Mutex<Lists<RuleId>>,
    budgets: Mutex<Lists<BudgetId>>,
    quotas: Mutex<Lists<QuotaId>>,
    audits: Mutex<HashMap<Vec<AuditId>, Arc<Audit>>>,
}

impl Shared {
    /// Paths, or equal ones that are known already.
    pub(super) fn paths(&self, mut paths: Arc<[Path]>) -> Arc<[Path]> {
        share(&self.paths, &mut paths);
        paths
    }

    /// Replaces the lists of a decision by equal ones that are known already, its paths aside.
    pub(super) fn share(&self, decision: &mut Result<Decision, Undefined>) {
        let Ok(decision) = decision else { return };
        share(&self.rules, &mut decision.rules);
        share(&self.budgets, &mut decision.budgets);
        share(&self.quotas, &mut decision.quotas);
    }
}

impl Shared {
    /// The audit duties of several statements as one.
    pub(super) fn audit(&self, world: &World, applying: Vec<AuditId>) -> Option<Arc<Audit>> {
        if applying.is_empty() {
            return None;
        }
        let mut known = self.audits.lock().unwrap_or_else(PoisonError::into_inner);
        let merged = known.entry(applying).or_insert_with_key(|applying| Arc::new(merged(world, applying)));
        Some(Arc::clone(merged))
    }
}

fn merged(world: &World, applying: &[AuditId]) -> Audit {
    let mut days = None;
    let mut lineage = false;
    let (mut mask, mut owners): (BTreeSet<&String>, BTreeSet<&String>) = Default::default();
    for audit in applying.iter().map(|id| &world.audits[*id]) {
        days = days.max(audit.retain.as_ref().map(|seconds| ceil(&(seconds / whole(SECONDS_PER_DAY)))));
        lineage |= audit.lineage.is_some();
        mask.extend(&audit.mask);
        owners.extend(&audit.owner);
    }
    let listed = |names: BTreeSet<&String>| names.into_iter().cloned().collect();
    Audit { retain_days: days, lineage, mask: listed(mask), owners: listed(owners) }
}

/// What has to be told apart at first sight: which models, or which statements.
pub(super) trait Glance {
    /// Feeds that to a hasher.
    fn glance(&self, hasher: &mut impl Hasher);
}

impl<E> Glance for Id<E> {
    fn glance(&self, hasher: &mut impl Hasher) {
        self.hash(hasher);
    }
}

impl Glance for Path {
    fn glance(&self, hasher: &mut impl Hasher) {
        (self.on, self.failover).hash(hasher);
        self.models().for_each(|model| model.hash(hasher));
        self.left_out.iter().for_each(|one| (one.model, one.from, &one.rules).hash(hasher));
    }
}

/// Lists by a hash of their first sight; those that look alike stand in one place and are compared whole.
type Lists<T> = HashSet<Seen<T>, BuildHasherDefault<Quick>>;

/// A hash of few steps. Nobody outside chooses what is hashed but by writing statements and models, and then each list is
/// compared with those like it.
#[derive(Debug, Default)]
struct Quick(u64);

impl Quick {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.mix(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }
}

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
        self.0.iter().for_each(|item| item.glance(state));
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
