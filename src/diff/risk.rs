//! What data can reach in one decision, and what another one adds to that.

use std::collections::{BTreeMap, BTreeSet};

use super::phrase::Phrase;
use super::store::{NumberedDecision, Portrait, Store, Target};
use crate::vocabulary::DpaStatus;

/// Stands for what the registry does not state; in words it reads well as any other name.
const UNKNOWN: &str = "unknown";

/// Where data can go in one decision: the primary and the targets of every path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Providers of targets.
    pub providers: BTreeSet<String>,
    /// Where targets process: the regions they are pinned to, else all of theirs.
    pub regions: BTreeSet<String>,
    /// Where their providers are established.
    pub jurisdictions: BTreeSet<String>,
    /// How they are hosted.
    pub hostings: BTreeSet<String>,
    /// The longest retention in days, `u64::MAX` where unknown; none without targets.
    pub retention: Option<u64>,
    /// The least agreement; none without targets, and beside a table, which does not say.
    pub agreement: Option<DpaStatus>,
    /// Whether some target trains on data or may; none without targets, and beside a table, which does not say.
    pub trains: Option<bool>,
    /// Certifications that every target holds; none without targets.
    pub certified: Option<BTreeSet<String>>,
}

impl Reach {
    /// The reach of an outcome.
    pub fn of(store: &Store, outcome: &NumberedDecision) -> Self {
        Self::over(store, store.reached(outcome))
    }

    /// The reach of some targets.
    pub fn over<'a>(store: &Store, targets: impl Iterator<Item = (&'a Target, &'a Portrait)>) -> Self {
        let mut reach = Self::default();
        let mut is_said = true;
        for (target, portrait) in targets {
            let pinned = store.regions.get(target.regions).and_then(Option::as_ref);
            match pinned.or(portrait.model.regions.as_ref()) {
                Some(regions) => reach.regions.extend(regions.iter().cloned()),
                None => {
                    reach.regions.insert(UNKNOWN.to_owned());
                }
            }
            is_said &= portrait.promised.is_some();
            reach.add(portrait);
        }
        if !is_said {
            (reach.agreement, reach.trains) = (None, None);
        }
        reach
    }

    /// Adds a target, its regions aside.
    fn add(&mut self, portrait: &Portrait) {
        let model = &portrait.model;
        let or_unknown = |name: &Option<String>| name.clone().unwrap_or_else(|| UNKNOWN.to_owned());
        self.providers.insert(model.provider.clone());
        self.jurisdictions.insert(or_unknown(&model.jurisdiction));
        self.hostings.insert(or_unknown(&model.hosting));
        self.retention = self.retention.max(Some(model.retention_days.unwrap_or(u64::MAX)));
        if let Some(promised) = &portrait.promised {
            let agreement = promised.agreement.unwrap_or(DpaStatus::None);
            self.agreement = Some(self.agreement.map_or(agreement, |least| least.min(agreement)));
            let trains = promised.trains_on_data != Some(false);
            self.trains = Some(self.trains.unwrap_or(false) || trains);
        }
        let held: BTreeSet<String> = model.compliance.iter().flatten().cloned().collect();
        self.certified = Some(match self.certified.take() {
            None => held,
            Some(all) => all.intersection(&held).cloned().collect(),
        });
    }
}

/// Per region the regions that enclose it on both sides: what one side alone says of that proves nothing.
pub type Enclosing = BTreeMap<String, BTreeSet<String>>;

/// What gains are measured by.
#[derive(Debug, Clone, Copy)]
pub struct Scale<'a> {
    /// Certifications that somebody asks for here; none: nobody says, so all count.
    pub needed: Option<&'a BTreeSet<String>>,
    /// Which regions lie within which.
    pub enclosing: &'a Enclosing,
}

/// What one reach has beyond another.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gain {
    /// Providers that only this reach has.
    pub providers: BTreeSet<String>,
    /// Regions that only this reach has.
    pub regions: BTreeSet<String>,
    /// Jurisdictions that only this reach has.
    pub jurisdictions: BTreeSet<String>,
    /// Kinds of hosting.
    pub hostings: BTreeSet<String>,
    /// A longer retention, from and to, in days.
    pub retention: Option<(u64, u64)>,
    /// A lesser agreement, from and to.
    pub agreement: Option<(DpaStatus, DpaStatus)>,
    /// Models that train on data or may.
    pub trains: bool,
    /// Certifications that are asked for, that every target held and that some target no longer does.
    pub uncertified: BTreeSet<String>,
}

impl Gain {
    /// What the second reach has beyond the first.
    pub fn between(scale: Scale, old: &Reach, new: &Reach) -> Self {
        let more = |old: &BTreeSet<String>, new: &BTreeSet<String>| -> BTreeSet<String> {
            new.difference(old).cloned().collect()
        };
        // What is unknown may be anywhere: nothing lies beyond it.
        let beyond = |old: &BTreeSet<String>, new: &BTreeSet<String>| {
            if old.contains(UNKNOWN) { BTreeSet::new() } else { more(old, new) }
        };
        let mut regions = beyond(&old.regions, &new.regions);
        let is_within = |region: &String| {
            let outer = scale.enclosing.get(region);
            outer.is_some_and(|outer| !outer.is_disjoint(&old.regions))
        };
        regions.retain(|region| !is_within(region));
        let uncertified = old.certified.as_ref().zip(new.certified.as_ref());
        let mut uncertified = uncertified.map(|(old, new)| more(new, old)).unwrap_or_default();
        uncertified.retain(|name| scale.needed.is_none_or(|needed| needed.contains(name)));
        Self {
            providers: more(&old.providers, &new.providers),
            regions,
            jurisdictions: beyond(&old.jurisdictions, &new.jurisdictions),
            hostings: beyond(&old.hostings, &new.hostings),
            retention: old.retention.zip(new.retention).filter(|(old, new)| new > old),
            agreement: old.agreement.zip(new.agreement).filter(|(old, new)| new < old),
            trains: old.trains == Some(false) && new.trains == Some(true),
            uncertified,
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it says no more than where data goes, which is no better or worse by itself.
    pub fn is_place(&self) -> bool {
        let places = Self { regions: self.regions.clone(), ..Self::default() };
        !self.is_empty() && *self == places
    }

    /// Adds another gain.
    pub fn join(&mut self, other: Self) {
        self.providers.extend(other.providers);
        self.regions.extend(other.regions);
        self.jurisdictions.extend(other.jurisdictions);
        self.hostings.extend(other.hostings);
        self.uncertified.extend(other.uncertified);
        self.trains |= other.trains;
        self.retention = match (self.retention, other.retention) {
            (Some((from, to)), Some((other_from, other_to))) => {
                Some((from.min(other_from), to.max(other_to)))
            }
            (known, other) => known.or(other),
        };
        self.agreement = match (self.agreement, other.agreement) {
            (Some((from, to)), Some((other_from, other_to))) => {
                Some((from.max(other_from), to.min(other_to)))
            }
            (known, other) => known.or(other),
        };
    }

    /// What another gain does not say as strongly.
    #[must_use]
    pub fn beyond(&self, other: &Self) -> Self {
        let longer = |(_, to): &(u64, u64)| other.retention.is_none_or(|(_, known)| *to > known);
        let lesser = |(_, to): &(DpaStatus, DpaStatus)| other.agreement.is_none_or(|(_, known)| *to < known);
        Self {
            providers: &self.providers - &other.providers,
            regions: &self.regions - &other.regions,
            jurisdictions: &self.jurisdictions - &other.jurisdictions,
            hostings: &self.hostings - &other.hostings,
            retention: self.retention.filter(longer),
            agreement: self.agreement.filter(lesser),
            trains: self.trains && !other.trains,
            uncertified: &self.uncertified - &other.uncertified,
        }
    }

    /// What another gain has too.
    #[must_use]
    pub fn in_common(&self, other: &Self) -> Self {
        Self {
            providers: &self.providers & &other.providers,
            regions: &self.regions & &other.regions,
            jurisdictions: &self.jurisdictions & &other.jurisdictions,
            hostings: &self.hostings & &other.hostings,
            retention: self.retention.filter(|_| other.retention.is_some()),
            agreement: self.agreement.filter(|_| other.agreement.is_some()),
            trains: self.trains && other.trains,
            uncertified: &self.uncertified & &other.uncertified,
        }
    }

    /// In words, one each, for a side that gained it.
    pub fn words(&self) -> Vec<String> {
        self.phrases().iter().map(Phrase::to_string).collect()
    }

    /// The same with the names in it kept apart.
    pub fn phrases(&self) -> Vec<Phrase> {
        let names = |one: &'static str, many: &'static str, names: &BTreeSet<String>| {
            let names: Vec<&String> = names.iter().collect();
            let word = Phrase::of(if names.len() == 1 { one } else { many }).words(" ");
            (!names.is_empty()).then(|| word.then(Phrase::list(&names, usize::MAX)))
        };
        let retention = self.retention.map(|(from, to)| {
            Phrase::of("retention of ").figures(days(to)).words(" rather than ").figures(days(from))
        });
        let agreement = self.agreement.map(|(from, to)| {
            let to = Phrase::of("a data processing agreement that is ").words(to.name());
            to.words(" rather than ").words(from.name())
        });
        let all = [
            names("provider", "providers", &self.providers),
            names("region", "regions", &self.regions),
            names("jurisdiction", "jurisdictions", &self.jurisdictions),
            names("hosting", "hostings", &self.hostings),
            retention,
            agreement,
            self.trains.then(|| Phrase::of("models that train on data or may")),
            names("models without", "models without", &self.uncertified),
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
