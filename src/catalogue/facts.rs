//! What a catalogue says of a model, fact by fact, and where a registry says the same.

use super::vendor::{self, Address};
use super::{Catalogue, Entry};
use crate::number::{self, Rational};
use crate::source::Span;
use crate::yaml::Value;

/// The keys of a model that state what its tokens cost.
pub(super) const PRICE_KEYS: [&str; 7] = [
    "cost_per_1k_tokens_input",
    "cost_per_1k_tokens_output",
    "cost_per_1k_tokens_cached_input",
    "cost_per_1m_tokens_input",
    "cost_per_1m_tokens_output",
    "cost_per_1m_tokens_cached_input",
    "long_prompt",
];

/// A fact that both can state, in the order in which people read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "named by `key`")]
pub enum Fact {
    Input,
    Output,
    CachedInput,
    LongAbove,
    LongInput,
    LongOutput,
    LongCachedInput,
    BatchDiscount,
    ContextWindow,
    Status,
    Sunset,
}

/// Tokens that a price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 1,000.
    Per1k,
    /// 1,000,000.
    Per1m,
}

impl Unit {
    fn of_one_million(self) -> Rational {
        number::whole(match self {
            Self::Per1k => 1000,
            Self::Per1m => 1,
        })
    }
}

impl Fact {
    /// The key of a model that states it, and the key within that one.
    pub fn key(self, unit: Unit) -> (&'static str, Option<&'static str>) {
        let per_1k = unit == Unit::Per1k;
        let by_unit = |thousand, million| if per_1k { thousand } else { million };
        match self {
            Self::Input => (by_unit("cost_per_1k_tokens_input", "cost_per_1m_tokens_input"), None),
            Self::Output => (by_unit("cost_per_1k_tokens_output", "cost_per_1m_tokens_output"), None),
            Self::CachedInput => {
                (by_unit("cost_per_1k_tokens_cached_input", "cost_per_1m_tokens_cached_input"), None)
            }
            Self::LongAbove => ("long_prompt", Some("above_tokens")),
            Self::LongInput => ("long_prompt", Some("input")),
            Self::LongOutput => ("long_prompt", Some("output")),
            Self::LongCachedInput => ("long_prompt", Some("cached_input")),
            Self::BatchDiscount => ("batch_discount", None),
            Self::ContextWindow => ("context_window", None),
            Self::Status => ("lifecycle", Some("status")),
            Self::Sunset => ("lifecycle", Some("sunset")),
        }
    }

    /// The key as people write it: `lifecycle.sunset`.
    pub fn shown(self, unit: Unit) -> String {
        let (key, inner) = self.key(unit);
        inner.map_or_else(|| key.to_owned(), |inner| format!("{key}.{inner}"))
    }

    /// Whether it is a price in US dollars.
    pub fn is_price(self) -> bool {
        matches!(
            self,
            Self::Input
                | Self::Output
                | Self::CachedInput
                | Self::LongInput
                | Self::LongOutput
                | Self::LongCachedInput
        )
    }

    /// Whether it is about the end of a model.
    pub fn is_lifecycle(self) -> bool {
        matches!(self, Self::Status | Self::Sunset)
    }
}

/// Everything that an entry states, as text of the registry in prices per 1M tokens.
pub fn listed(entry: &Entry) -> Vec<(Fact, String)> {
    let mut facts = Vec::new();
    let exact = number::exact;
    if let Ok(price) = &entry.price {
        facts.push((Fact::Input, exact(&price.input)));
        facts.push((Fact::Output, exact(&price.output)));
        facts.extend(price.cached_input.as_ref().map(|cached| (Fact::CachedInput, exact(cached))));
        if let Some(long) = &price.long_prompt {
            facts.push((Fact::LongAbove, long.above_tokens.to_string()));
            facts.push((Fact::LongInput, exact(&long.input)));
            facts.push((Fact::LongOutput, exact(&long.output)));
            facts.extend(long.cached_input.as_ref().map(|cached| (Fact::LongCachedInput, exact(cached))));
        }
        facts.extend(
            price.batch_discount.as_ref().map(|off| (Fact::BatchDiscount, format!("{}%", exact(off)))),
        );
    }
    facts.extend(entry.context_window.map(|tokens| (Fact::ContextWindow, tokens.to_string())));
    if entry.is_deprecated {
        facts.push((Fact::Status, "deprecated".to_owned()));
    }
    facts.extend(entry.sunset.map(|day| (Fact::Sunset, day.to_string())));
    facts
}

/// A model as a registry writes it.
#[derive(Debug, Clone)]
pub struct Model<'a> {
    /// The keys and places that lead to it from the top of the document.
    pub path: Vec<String>,
    /// `provider/name`.
    pub id: String,
    /// Its entry in the registry.
    pub value: &'a Value,
    provider: &'a Value,
}

/// The models of a document, in order.
pub fn models(root: &Value) -> Vec<Model<'_>> {
    let wrapper = root.get("governance").map(|inner| (inner, Some("governance")));
    let mut found = Vec::new();
    for (top, key) in [Some((root, None)), wrapper].into_iter().flatten() {
        for (name, provider) in top.get("providers").map(Value::entries).unwrap_or_default() {
            let models = provider.get("models").map(Value::items).unwrap_or_default();
            for (at, value) in models.iter().enumerate() {
                let Some(own) = value.get("name").and_then(Value::text) else { continue };
                let steps = ["providers", &name.value, "models"].map(str::to_owned);
                let mut path: Vec<String> = key.into_iter().map(str::to_owned).chain(steps).collect();
                path.push(at.to_string());
                found.push(Model { path, id: format!("{}/{own}", name.value), value, provider });
            }
        }
    }
    found
}

impl Model<'_> {
    /// What a catalogue says of it: by the provider's own id, the name or an alias, of the provider or its protocol.
    pub fn find<'c>(&self, catalogue: &'c Catalogue) -> Option<&'c Entry> {
        let of = |key: &str| self.endpoint(key);
        let provider = self.id.split('/').next().unwrap_or_default();
        let mut names: Vec<&str> = of("model").into_iter().collect();
        names.extend(self.value.get("name").and_then(Value::text));
        names.extend(
            self.value.get("aliases").map(Value::items).unwrap_or_default().iter().filter_map(Value::text),
        );
        let providers: Vec<&str> = [provider].into_iter().chain(of("protocol")).collect();
        catalogue.find(&providers, &names)
    }

    /// A text of its endpoint, its own or the provider's.
    pub fn endpoint(&self, key: &str) -> Option<&str> {
        let own = self.value.get("endpoint").and_then(|endpoint| endpoint.get(key));
        let shared = || self.provider.get("endpoint").and_then(|endpoint| endpoint.get(key));
        own.or_else(shared).and_then(Value::text)
    }

    /// Why what is known of a provider's models does not hold for this one: its address is not known to be theirs.
    pub fn elsewhere(&self, provider: &str) -> Option<String> {
        vendor::elsewhere(provider, self.endpoint("base_url").map(Address::Url))
    }

    /// Where to show what is said of the model.
    pub fn span(&self) -> Span {
        self.value.get("name").map_or(self.value.span, |name| name.span)
    }

    /// The unit of its prices; none where it is priced in another way.
    pub fn unit(&self) -> Option<Unit> {
        let has = |key: &str| self.value.get(key).is_some();
        if has("pricing") {
            return None;
        }
        let per_1k = has("cost_per_1k_tokens_input") || has("cost_per_1k_tokens_output");
        Some(if per_1k { Unit::Per1k } else { Unit::Per1m })
    }

    /// What it states of a fact.
    pub fn stated(&self, fact: Fact, unit: Unit) -> Option<&Value> {
        let (key, inner) = fact.key(unit);
        let value = self.value.get(key)?;
        match inner {
            Some(inner) => value.get(inner),
            None => Some(value),
        }
    }

    /// Whether it says the same as a listed text; false where it does not state it.
    pub fn agrees(&self, fact: Fact, unit: Unit, listed: &str) -> bool {
        let Some(stated) = self.stated(fact, unit) else { return false };
        match fact {
            Fact::Status | Fact::Sunset => stated.text() == Some(listed),
            Fact::BatchDiscount => {
                let percent = |text: &str| number::parse_decimal(text.trim_end_matches('%').trim_end());
                stated.text().and_then(percent).is_some_and(|off| Some(off) == percent(listed))
            }
            _ => stated.number() == number::parse_decimal(&of_unit(fact, unit, listed)).as_ref(),
        }
    }
}

/// A listed text in a registry's unit.
pub fn of_unit(fact: Fact, unit: Unit, listed: &str) -> String {
    if !fact.is_price() || unit == Unit::Per1m {
        return listed.to_owned();
    }
    let scaled = number::parse_decimal(listed).map(|price| number::exact(&(price / unit.of_one_million())));
    scaled.unwrap_or_else(|| listed.to_owned())
}
