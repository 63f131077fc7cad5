//! How the registry's providers and models differ, whoever they serve.

use std::collections::{BTreeMap, BTreeSet};

use super::rename::Names;
use super::sides::Side;
use crate::model::price::Prices;
use crate::model::{Date, EndingKind, Model, World};
use crate::number::{self, Rational, whole};

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
    /// The first day without it, where one is stated.
    pub sunset: LastDay,
    /// The last day of its agreement, where it is confirmed to a day.
    pub agreed: LastDay,
    /// Certifications that end, and the last day of each.
    pub certified: BTreeMap<String, LastDay>,
    /// Evidence that is still believed, and the last day of each.
    pub evidence: BTreeMap<String, LastDay>,
}

/// A day, where something ends.
pub type LastDay = Option<String>;

impl Entry {
    /// A model of a workspace.
    pub fn of(world: &World, model: &Model) -> Self {
        let dpa = model.dpa.and_then(|level| ["none", "pending", "confirmed"].get(level));
        let ends = |kind: EndingKind| model.endings.iter().filter(move |end| end.kind == kind);
        let day = |date: Date| date.to_string();
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
            sunset: model.sunset.map(day),
            agreed: ends(EndingKind::Dpa).next().map(|end| day(end.last_day)),
            certified: ends(EndingKind::Certification)
                .map(|end| (end.name.clone(), Some(day(end.last_day))))
                .collect(),
            evidence: model.evidence.iter().map(|(name, last)| (name.clone(), last.map(day))).collect(),
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
    /// Names whose last day moved.
    pub renewed: Vec<(String, Days)>,
}

/// The days on which something ends, before and after; none: it has no end.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days {
    /// Before.
    pub old: LastDay,
    /// After.
    pub new: LastDay,
}

impl Days {
    /// Two days that differ.
    fn between(old: &LastDay, new: &LastDay) -> Option<Self> {
        (old != new).then(|| Self { old: old.clone(), new: new.clone() })
    }
}

/// Before and after.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turned {
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
}

/// A model whose prices are others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repriced {
    /// The model's id on the new side.
    pub model: String,
    /// US dollars per 1M input tokens.
    pub input: Turned,
    /// US dollars per 1M output tokens.
    pub output: Turned,
    /// What else differs, before and after; none: it is not stated.
    pub further: Vec<(Further, Option<String>, Option<String>)>,
}

/// A price beside those of input and output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Further {
    /// US dollars per 1M input tokens that are read from a cache.
    CachedInput,
    /// Prompts of more input tokens than this are long.
    LongAbove,
    /// US dollars per 1M input tokens of long prompts.
    LongInput,
    /// US dollars per 1M output tokens of long prompts.
    LongOutput,
    /// US dollars per 1M input tokens of long prompts that are read from a cache.
    LongCachedInput,
    /// Percent off for batches.
    BatchDiscount,
}

/// What differs beside the prices of input and output; what is stated as if it were not is no difference.
fn further(old: &Prices, new: &Prices) -> Vec<(Further, Option<String>, Option<String>)> {
    let usd = |amount: &Rational| number::round_half_even(amount, 9);
    let stated = |prices: &Prices| {
        let own = |cached: &Option<Rational>, plain: &Rational| {
            cached.as_ref().filter(|cached| *cached != plain).map(usd)
        };
        let long = prices.long_prompt.as_ref();
        let discount = prices.batch_discount.as_ref().filter(|discount| **discount != whole(0));
        [
            (Further::CachedInput, own(&prices.cached_input, &prices.input)),
            (Further::LongAbove, long.map(|long| long.above_tokens.to_string())),
            (Further::LongInput, long.map(|long| usd(&long.input))),
            (Further::LongOutput, long.map(|long| usd(&long.output))),
            (Further::LongCachedInput, long.and_then(|long| own(&long.cached_input, &long.input))),
            (Further::BatchDiscount, discount.map(usd)),
        ]
    };
    let both = stated(old).into_iter().zip(stated(new));
    let turned = both.filter(|((_, before), (_, after))| before != after);
    turned.map(|((part, before), (_, after))| (part, before, after)).collect()
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
    /// Prices.
    pub price_changes: Vec<Repriced>,
    /// Life cycles: status, and the first day without the model.
    pub lifecycle: Vec<(String, Turned, Option<Days>)>,
    /// Certifications.
    pub compliance: Vec<(String, Moved)>,
    /// Data processing agreements: status, and the days on which they end.
    pub dpa: Vec<(String, Turned, Option<Days>)>,
    /// Evidence.
    pub evidence: Vec<(String, Moved)>,
    /// Approvals.
    pub approvals: Vec<(String, Moved)>,
}

impl Portfolio {
    /// How the new side's models differ from the old one's.
    pub fn between(old: &Side, new: &Side, names: &Names) -> Self {
        let arrived: BTreeSet<&String> = names.of_kind("model").map(|(_, id)| id).collect();
        // A table knows only what serves, so beside one only that is compared.
        let of_table = old.is_table || new.is_table;
        let known = |side: &Side| -> BTreeMap<String, Entry> {
            let known = side.entries.iter().filter(|(id, _)| !of_table || side.serving.contains(*id));
            known.map(|(id, entry)| (id.clone(), entry.clone())).collect()
        };
        let (before, after) = (known(old), known(new));
        let mut portfolio = Self::default();
        let providers = |side: &Side, all: &BTreeMap<String, Entry>| -> BTreeSet<String> {
            let serving = all.values().map(|entry| entry.provider.clone());
            let idle = side.providers.iter().filter(|_| !of_table).cloned();
            serving.chain(idle).collect()
        };
        let (old_providers, new_providers) = (providers(old, &before), providers(new, &after));
        portfolio.providers_added = new_providers.difference(&old_providers).cloned().collect();
        portfolio.providers_removed = old_providers.difference(&new_providers).cloned().collect();
        let added = after.keys().filter(|id| !before.contains_key(*id) && !arrived.contains(id));
        portfolio.models_added = added.cloned().collect();
        for (id, entry) in &before {
            let priced = old.prices.get(id);
            let id = names.of("model", id).unwrap_or(id);
            match after.get(id) {
                Some(entered) => {
                    let both = priced.zip(new.prices.get(id));
                    portfolio.repriced(
                        id,
                        (entry, entered),
                        both.map(|(old, new)| further(old, new)).unwrap_or_default(),
                    );
                    portfolio.one(id, entry, entered);
                }
                None => portfolio.models_removed.push(id.clone()),
            }
        }
        portfolio
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn repriced(
        &mut self,
        id: &str,
        (old, new): (&Entry, &Entry),
        further: Vec<(Further, Option<String>, Option<String>)>,
    ) {
        if old.price == new.price && further.is_empty() {
            return;
        }
        let turned = |old: &str, new: &str| Turned { old: old.to_owned(), new: new.to_owned() };
        let (input, output) = (turned(&old.price.0, &new.price.0), turned(&old.price.1, &new.price.1));
        self.price_changes.push(Repriced { model: id.to_owned(), input, output, further });
    }

    fn one(&mut self, id: &str, old: &Entry, new: &Entry) {
        let turned = |old: &str, new: &str| Turned { old: old.to_owned(), new: new.to_owned() };
        if let (Some(a), Some(b)) = (&old.lifecycle, &new.lifecycle) {
            // What is retired has no day ahead of it.
            let sunset = Days::between(&old.sunset, &new.sunset).filter(|_| b != "retired");
            if a != b || sunset.is_some() {
                self.lifecycle.push((id.to_owned(), turned(a, b), sunset));
            }
        }
        // A table says nothing of days, agreements and evidence.
        let beside_table = old.lifecycle.is_none() || new.lifecycle.is_none();
        let none = BTreeMap::new();
        let ends = if beside_table { (&none, &none) } else { (&old.certified, &new.certified) };
        let certified = moved(&old.compliance, &new.compliance, ends.0, ends.1);
        self.compliance.extend(certified.map(|moved| (id.to_owned(), moved)));
        if beside_table {
            return;
        }
        self.dpa(id, old, new);
        let names = |entry: &Entry| entry.evidence.keys().cloned().collect();
        let read = moved(&names(old), &names(new), &old.evidence, &new.evidence);
        self.evidence.extend(read.map(|moved| (id.to_owned(), moved)));
        if let (Some(a), Some(b)) = (&old.approved, &new.approved) {
            self.approvals.extend(moved(a, b, &none, &none).map(|moved| (id.to_owned(), moved)));
        }
    }

    fn dpa(&mut self, id: &str, old: &Entry, new: &Entry) {
        let status = |entry: &Entry| entry.dpa.clone().unwrap_or_else(|| "unknown".to_owned());
        let status = Turned { old: status(old), new: status(new) };
        // The day on which an agreement ended says nothing of the status that it has since.
        let days = Days::between(&old.agreed, &new.agreed).filter(|_| status.new == "confirmed");
        if status.old != status.new || days.is_some() {
            self.dpa.push((id.to_owned(), status, days));
        }
    }
}

fn moved(
    old: &BTreeSet<String>,
    new: &BTreeSet<String>,
    old_ends: &BTreeMap<String, LastDay>,
    new_ends: &BTreeMap<String, LastDay>,
) -> Option<Moved> {
    let day = |ends: &BTreeMap<String, LastDay>, name: &String| ends.get(name).cloned().flatten();
    let renewed = old
        .intersection(new)
        .filter_map(|name| Some((name.clone(), Days::between(&day(old_ends, name), &day(new_ends, name))?)));
    let moved = Moved {
        gained: new.difference(old).cloned().collect(),
        lost: old.difference(new).cloned().collect(),
        renewed: renewed.collect(),
    };
    (moved != Moved::default()).then_some(moved)
}
