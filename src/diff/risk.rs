//! What data can reach in one decision, and what another one adds to that.

use std::collections::BTreeSet;

use super::store::{Outcome, Store};
use crate::model::words::list;

/// Stands for what the registry does not state; in words it reads well as any other name.
const UNKNOWN: &str = "unknown";

/// Where data can go in one decision: the primary and every failover.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Providers of targets.
    pub providers: BTreeSet<String>,
    /// Where targets process: the regions they are pinned to, else all of theirs.
    pub regions: BTreeSet<String>,
    /// Where their providers are established.
    pub jurisdictions: BTreeSet<String>,
    /// The longest retention in days, `u64::MAX` where unknown; none without targets.
    pub retention: Option<u64>,
    /// Certifications that every target holds; none without targets.
    pub certified: Option<BTreeSet<String>>,
}

impl Reach {
    /// The reach of an outcome.
    pub fn of(store: &Store, outcome: &Outcome) -> Self {
        let mut reach = Self::default();
        for (target, model) in store.targets(outcome) {
            reach.providers.insert(model.provider.clone());
            let pinned = store.regions.get(target.regions).and_then(Option::as_ref);
            match pinned.or(model.regions.as_ref()) {
                Some(regions) => reach.regions.extend(regions.iter().cloned()),
                None => {
                    reach.regions.insert(UNKNOWN.to_owned());
                }
            }
            reach.jurisdictions.insert(model.jurisdiction.clone().unwrap_or_else(|| UNKNOWN.to_owned()));
            reach.retention = reach.retention.max(Some(model.retention_days.unwrap_or(u64::MAX)));
            let held: BTreeSet<String> = model.compliance.iter().flatten().cloned().collect();
            reach.certified = Some(match reach.certified {
                None => held,
                Some(all) => all.intersection(&held).cloned().collect(),
            });
        }
        reach
    }
}

/// What one reach has beyond another.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gain {
    /// Providers.
    pub providers: BTreeSet<String>,
    /// Regions.
    pub regions: BTreeSet<String>,
    /// Jurisdictions.
    pub jurisdictions: BTreeSet<String>,
    /// A longer retention, from and to, in days.
    pub retention: Option<(u64, u64)>,
    /// Certifications that every target held and some target no longer does.
    pub uncertified: BTreeSet<String>,
}

impl Gain {
    /// What the second reach has beyond the first.
    pub fn between(old: &Reach, new: &Reach) -> Self {
        let more = |old: &BTreeSet<String>, new: &BTreeSet<String>| new.difference(old).cloned().collect();
        // What is unknown may be anywhere: nothing lies beyond it.
        let beyond = |old: &BTreeSet<String>, new: &BTreeSet<String>| {
            if old.contains(UNKNOWN) { BTreeSet::new() } else { more(old, new) }
        };
        let retention = old.retention.zip(new.retention).filter(|(old, new)| new > old);
        let uncertified = old.certified.as_ref().zip(new.certified.as_ref());
        Self {
            providers: more(&old.providers, &new.providers),
            regions: beyond(&old.regions, &new.regions),
            jurisdictions: beyond(&old.jurisdictions, &new.jurisdictions),
            retention,
            uncertified: uncertified.map(|(old, new)| more(new, old)).unwrap_or_default(),
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds another gain.
    pub fn join(&mut self, other: Self) {
        self.providers.extend(other.providers);
        self.regions.extend(other.regions);
        self.jurisdictions.extend(other.jurisdictions);
        self.uncertified.extend(other.uncertified);
        self.retention = match (self.retention, other.retention) {
            (Some((from, to)), Some((other_from, other_to))) => {
                Some((from.min(other_from), to.max(other_to)))
            }
            (known, other) => known.or(other),
        };
    }

    /// In words, one each, for a side that gained it.
    pub fn words(&self) -> Vec<String> {
        let names = |one: &str, many: &str, names: &BTreeSet<String>| {
            let names: Vec<&String> = names.iter().collect();
            let word = if names.len() == 1 { one } else { many };
            (!names.is_empty()).then(|| format!("{word} {}", list(&names)))
        };
        let retention =
            self.retention.map(|(from, to)| format!("retention of {} rather than {}", days(to), days(from)));
        let uncertified = names("", "", &self.uncertified);
        let all = [
            names("provider", "providers", &self.providers),
            names("region", "regions", &self.regions),
            names("jurisdiction", "jurisdictions", &self.jurisdictions),
            retention,
            uncertified.map(|names| format!("models without{names}")),
        ];
        all.into_iter().flatten().collect()
    }
}

fn days(days: u64) -> String {
    match days {
        0 => "zero".to_owned(),
        1 => "1 day".to_owned(),
        u64::MAX => "unknown length".to_owned(),
        days => format!("{days} days"),
    }
}
