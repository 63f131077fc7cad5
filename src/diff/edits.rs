//! Budgets, quotas and audit statements that say something else on each side.

use std::collections::{BTreeMap, BTreeSet};

use super::conditions;
use super::rename::Names;
use crate::table::format::{Budget, Quota};

/// What a side's budgets, quotas and audit statements say.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// By name.
    pub budgets: BTreeMap<String, Stated<Budget>>,
    /// By name.
    pub quotas: BTreeMap<String, Stated<Quota>>,
    /// Numbers of [`super::store::Store::duties`] by name; none: a table does not say.
    pub audits: Option<BTreeMap<String, u32>>,
}

/// A statement with its condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated<T> {
    /// What it says.
    pub said: T,
    /// Its `when`, canonical; none: a table does not say.
    pub when: Option<String>,
}

/// The statements that differ. What they do to a decision is said once, of them, and not of every use case.
#[derive(Debug, Clone, Default)]
pub struct Edits {
    /// Names of budgets.
    pub budgets: BTreeSet<String>,
    /// Names of quotas.
    pub quotas: BTreeSet<String>,
    /// Numbers of audit statements.
    pub audits: BTreeSet<u32>,
}

impl Edits {
    /// What differs between two sides.
    pub fn between(old: &Written, new: &Written, names: &Names) -> Self {
        let numbers = |all: &BTreeMap<String, u32>| -> BTreeSet<u32> { all.values().copied().collect() };
        let audits = old.audits.as_ref().zip(new.audits.as_ref());
        let audits = audits.map(|(before, after)| &numbers(before) ^ &numbers(after)).unwrap_or_default();
        Self {
            budgets: differing(&old.budgets, &new.budgets, names),
            quotas: differing(&old.quotas, &new.quotas, names),
            audits,
        }
    }
}

fn differing<T: PartialEq>(
    old: &BTreeMap<String, Stated<T>>,
    new: &BTreeMap<String, Stated<T>>,
    names: &Names,
) -> BTreeSet<String> {
    let same = |name: &String| {
        let (Some(old), Some(new)) = (old.get(name), new.get(name)) else { return false };
        let when = match (&old.when, &new.when) {
            (Some(before), Some(after)) => conditions::renamed(before, names) == *after,
            _ => true,
        };
        when && old.said == new.said
    };
    old.keys().chain(new.keys()).filter(|name| !same(name)).cloned().collect()
}
