//! How the registry's providers and models differ, whoever they serve.

use std::collections::{BTreeMap, BTreeSet};

use super::change::Renames;
use super::sides::Side;
use crate::model::{EndingKind, Model, World};
use crate::number;

/// What one side knows of a model; none: it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its provider.
    pub provider: String,
    /// US dollars per 1M input and output tokens, as text.
    pub price: (String, String),
    /// `preview`, `active`, `deprecated` or `retired`.
    pub lifecycle: Option<String>,
    /// Certifications held.
    pub compliance: BTreeSet<String>,
    /// `none`, `pending` or `confirmed`.
    pub dpa: Option<String>,
    /// Entries of `approved_use_cases`.
    pub approved: Option<BTreeSet<String>>,
    /// What ends, and after which day.
    pub ends: BTreeMap<(EndingKind, String), String>,
}

impl Entry {
    /// A model of a workspace.
    pub fn of(world: &World, model: &Model) -> Self {
        let dpa = model.dpa.and_then(|level| ["none", "pending", "confirmed"].get(level));
        let ends = model.endings.iter();
        Self {
            provider: world.names.name(model.provider_symbol).to_owned(),
            price: (
                number::round_half_even(&model.input_cost, 9),
                number::round_half_even(&model.output_cost, 9),
            ),
            lifecycle: Some(world.names.name(model.lifecycle).to_owned()),
            compliance: model.compliance.iter().flat_map(|set| world.names.sorted(set)).collect(),
            dpa: dpa.map(|dpa| (*dpa).to_owned()),
            approved: Some(model.approved.iter().map(|entry| entry.value.clone()).collect()),
            ends: ends.map(|end| ((end.kind, end.name.clone()), end.last_day.to_string())).collect(),
        }
    }
}

/// Something that was gained, lost or renewed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moved {
    /// Names that are new.
    pub gained: Vec<String>,
    /// Names that are gone.
    pub lost: Vec<String>,
    /// Names whose last day moved, with both days; an empty one: no end.
    pub renewed: Vec<(String, String, String)>,
}

/// Before and after.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turned {
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
}

/// How two registries differ; everything by model id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Portfolio {
    /// Providers that are new.
    pub providers_added: Vec<String>,
    /// Providers that are gone.
    pub providers_removed: Vec<String>,
    /// Models that are new.
    pub models_added: Vec<String>,
    /// Models that are gone.
    pub models_removed: Vec<String>,
    /// Prices: input, output.
    pub price_changes: Vec<(String, Turned, Turned)>,
    /// Life cycles.
    pub lifecycle: Vec<(String, Turned)>,
    /// Certifications.
    pub compliance: Vec<(String, Moved)>,
    /// Data processing agreements: status, and the days on which they end.
    pub dpa: Vec<(String, Turned, Option<Turned>)>,
    /// Evidence.
    pub evidence: Vec<(String, Moved)>,
    /// Approvals.
    pub approvals: Vec<(String, Moved)>,
}

impl Portfolio {
    /// How the new side's models differ from the old one's.
    pub fn between(old: &Side, new: &Side, renamed: &Renames) -> Self {
        let arrived: BTreeSet<&String> = renamed.values().collect();
        // A table knows only what serves, so beside one only that is compared.
        let of_table = old.is_table || new.is_table;
        let known = |side: &Side| -> BTreeMap<String, Entry> {
            let known = side.entries.iter().filter(|(id, _)| !of_table || side.serving.contains(*id));
            known.map(|(id, entry)| (id.clone(), entry.clone())).collect()
        };
        let (before, after) = (known(old), known(new));
        let mut portfolio = Self::default();
        let providers = |all: &BTreeMap<String, Entry>| -> BTreeSet<String> {
            all.values().map(|entry| entry.provider.clone()).collect()
        };
        let (old_providers, new_providers) = (providers(&before), providers(&after));
        portfolio.providers_added = new_providers.difference(&old_providers).cloned().collect();
        portfolio.providers_removed = old_providers.difference(&new_providers).cloned().collect();
        let added = after.keys().filter(|id| !before.contains_key(*id) && !arrived.contains(id));
        portfolio.models_added = added.cloned().collect();
        for (id, entry) in &before {
            let id = renamed.get(id).unwrap_or(id);
            match after.get(id) {
                Some(new) => portfolio.one(id, entry, new),
                None => portfolio.models_removed.push(id.clone()),
            }
        }
        portfolio
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn one(&mut self, id: &str, old: &Entry, new: &Entry) {
        let turned = |old: &str, new: &str| Turned { old: old.to_owned(), new: new.to_owned() };
        if old.price != new.price {
            let (input, output) = (turned(&old.price.0, &new.price.0), turned(&old.price.1, &new.price.1));
            self.price_changes.push((id.to_owned(), input, output));
        }
        if let (Some(a), Some(b)) = (&old.lifecycle, &new.lifecycle)
            && a != b
        {
            self.lifecycle.push((id.to_owned(), turned(a, b)));
        }
        let certified = moved(&old.compliance, &new.compliance, renewed(old, new, EndingKind::Certification));
        self.compliance.extend(certified.map(|moved| (id.to_owned(), moved)));
        // A table says nothing of agreements and evidence.
        if old.lifecycle.is_none() || new.lifecycle.is_none() {
            return;
        }
        self.dpa(id, old, new);
        let evidence = |entry: &Entry| -> BTreeSet<String> {
            let ends = entry.ends.keys().filter(|(kind, _)| *kind == EndingKind::Evidence);
            ends.map(|(_, name)| name.clone()).collect()
        };
        let read = moved(&evidence(old), &evidence(new), renewed(old, new, EndingKind::Evidence));
        self.evidence.extend(read.map(|moved| (id.to_owned(), moved)));
        if let (Some(a), Some(b)) = (&old.approved, &new.approved) {
            self.approvals.extend(moved(a, b, Vec::new()).map(|moved| (id.to_owned(), moved)));
        }
    }

    fn dpa(&mut self, id: &str, old: &Entry, new: &Entry) {
        let ends = |entry: &Entry| {
            let mut ends = entry.ends.iter().filter(|((kind, _), _)| *kind == EndingKind::Dpa);
            ends.next().map(|(_, day)| day.clone())
        };
        let status = |entry: &Entry| entry.dpa.clone().unwrap_or_else(|| "unknown".to_owned());
        let status = Turned { old: status(old), new: status(new) };
        let days = ends(old).zip(ends(new)).filter(|(old, new)| old != new);
        if status.old != status.new || days.is_some() {
            self.dpa.push((id.to_owned(), status, days.map(|(old, new)| Turned { old, new })));
        }
    }
}

/// Names whose last day differs.
fn renewed(old: &Entry, new: &Entry, kind: EndingKind) -> Vec<(String, String, String)> {
    let of_kind = old.ends.iter().filter(|((known, _), _)| *known == kind);
    let moved = of_kind.filter_map(|(key, day)| {
        let other = new.ends.get(key).filter(|other| *other != day)?;
        Some((key.1.clone(), day.clone(), other.clone()))
    });
    moved.collect()
}

fn moved(
    old: &BTreeSet<String>,
    new: &BTreeSet<String>,
    renewed: Vec<(String, String, String)>,
) -> Option<Moved> {
    let moved = Moved {
        gained: new.difference(old).cloned().collect(),
        lost: old.difference(new).cloned().collect(),
        renewed,
    };
    (moved != Moved::default()).then_some(moved)
}
