//! How the registry's providers and models differ, whoever they serve.

use std::collections::{BTreeMap, BTreeSet};

use super::rename::Names;
use super::sides::Side;
use crate::model::price::Prices;
use crate::model::{self, Date, EndingKind, Model, World};
use crate::number::{self, Rational, whole};
use crate::vocabulary::DpaStatus;

/// What one side knows of a model; none: it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// What the id begins with.
    pub provider: String,
    /// US dollars per 1M input and output tokens, as text.
    pub price: (String, String),
    /// `preview`, `active`, `deprecated` or `retired`.
    pub lifecycle: Option<String>,
    /// Those in force on the day.
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
        let dpa = model.dpa.map(DpaStatus::name);
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
    pub renewed: Vec<(String, Stated)>,
}

/// A day on which something ends or an amount, before and after; none: it has no end, or is not stated.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stated {
    /// On the old side.
    pub old: LastDay,
    /// On the new side.
    pub new: LastDay,
}

impl Stated {
    /// Two that differ.
    fn between(old: &LastDay, new: &LastDay) -> Option<Self> {
        (old != new).then(|| Self { old: old.clone(), new: new.clone() })
    }
}

/// Before and after.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turned {
    /// On the old side, in words.
    pub old: String,
    /// On the new side, in words.
    pub new: String,
}

impl Turned {
    fn from(old: &str, new: &str) -> Self {
        Self { old: old.to_owned(), new: new.to_owned() }
    }
}

/// A model whose prices are others: US dollars per 1M tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repriced {
    /// The model's id on the new side.
    pub model: String,
    /// Tokens of the prompt.
    pub input: Turned,
    /// Tokens of the answer.
    pub output: Turned,
    /// Input that is read from a cache, where that differs.
    pub cached_input: Option<Stated>,
    /// Prices past the length that the registry states.
    pub long_prompt: LongPrompt,
    /// Percent off for batches, where that differs.
    pub batch_discount: Option<Stated>,
}

/// What differs of the prices of long prompts: US dollars per 1M tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LongPrompt {
    /// Input tokens above which a prompt is long.
    pub above_tokens: Option<Stated>,
    /// US dollars for a million tokens of the prompt.
    pub input: Option<Stated>,
    /// US dollars for a million tokens of the answer.
    pub output: Option<Stated>,
    /// Input that is read from a cache.
    pub cached_input: Option<Stated>,
}

impl Repriced {
    /// None where the prices are the same; what is stated as if it were not is no difference.
    fn between(
        model: &str,
        (old, new): (&Entry, &Entry),
        prices: Option<(&Prices, &Prices)>,
    ) -> Option<Self> {
        let usd = |amount: &Rational| number::round_half_even(amount, 9);
        let apart = |cached: &Option<Rational>, plain: &Rational| {
            cached.as_ref().filter(|cached| *cached != plain).map(usd)
        };
        let stated = |of: &dyn Fn(&Prices) -> Option<String>| {
            prices.and_then(|(old, new)| Stated::between(&of(old), &of(new)))
        };
        let long = |of: &dyn Fn(&model::LongPrompt) -> Option<String>| {
            stated(&|prices| prices.long_prompt.as_ref().and_then(of))
        };
        let repriced = Self {
            model: model.to_owned(),
            input: Turned::from(&old.price.0, &new.price.0),
            output: Turned::from(&old.price.1, &new.price.1),
            cached_input: stated(&|prices| apart(&prices.cached_input, &prices.input)),
            long_prompt: LongPrompt {
                above_tokens: long(&|long| Some(long.above_tokens.to_string())),
                input: long(&|long| Some(usd(&long.input))),
                output: long(&|long| Some(usd(&long.output))),
                cached_input: long(&|long| apart(&long.cached_input, &long.input)),
            },
            batch_discount: stated(&|prices| {
                prices.batch_discount.as_ref().filter(|discount| **discount != whole(0)).map(usd)
            }),
        };
        let is_same = old.price == new.price
            && repriced.cached_input.is_none()
            && repriced.long_prompt == LongPrompt::default()
            && repriced.batch_discount.is_none();
        (!is_same).then_some(repriced)
    }
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
    /// Models whose prices moved.
    pub price_changes: Vec<Repriced>,
    /// Life cycles: status, and the first day without the model.
    pub lifecycle: Vec<(String, Turned, Option<Stated>)>,
    /// By model, certifications that came or went.
    pub compliance: Vec<(String, Moved)>,
    /// Data processing agreements: status, and the days on which they end.
    pub dpa: Vec<(String, Turned, Option<Stated>)>,
    /// By model, evidence that came or went.
    pub evidence: Vec<(String, Moved)>,
    /// By model, use cases that are newly approved or no longer.
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
                    let prices = priced.zip(new.prices.get(id));
                    portfolio.price_changes.extend(Repriced::between(id, (entry, entered), prices));
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

    fn one(&mut self, id: &str, old: &Entry, new: &Entry) {
        if let (Some(a), Some(b)) = (&old.lifecycle, &new.lifecycle) {
            // What is retired has no day ahead of it.
            let sunset = Stated::between(&old.sunset, &new.sunset).filter(|_| b != "retired");
            if a != b || sunset.is_some() {
                self.lifecycle.push((id.to_owned(), Turned::from(a, b), sunset));
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
        let days = Stated::between(&old.agreed, &new.agreed).filter(|_| status.new == "confirmed");
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
    let renewed = old.intersection(new).filter_map(|name| {
        Some((name.clone(), Stated::between(&day(old_ends, name), &day(new_ends, name))?))
    });
    let moved = Moved {
        gained: new.difference(old).cloned().collect(),
        lost: old.difference(new).cloned().collect(),
        renewed: renewed.collect(),
    };
    (moved != Moved::default()).then_some(moved)
}
