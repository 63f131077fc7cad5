//! What several catalogues say of one model: what they agree on, what one alone states, what they say otherwise.

use std::collections::BTreeSet;

use super::facts::{Fact, listed};
use super::{Catalogue, Entry, Price};
use crate::number::{self, Rational};
use crate::registry::LongPrompt;

/// A fact that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The fact that the registry takes over.
    pub fact: Fact,
    /// As text of a registry in prices per 1M tokens.
    pub text: String,
    /// The name of the catalogue that says so.
    pub source: String,
    /// Catalogues that list the model without it, where no other one states it.
    pub silent: Vec<String>,
}

/// A fact that catalogues state otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disputed {
    /// The fact on which catalogues do not agree.
    pub fact: Fact,
    /// What each says, by its name, in prices per 1M tokens.
    pub said: Vec<(String, String)>,
    /// The one that was preferred, if any was.
    pub taken: Option<String>,
}

/// Compares what catalogues say of a model; `prefer` counts where they do not agree.
pub fn agree(found: &[(&Catalogue, &Entry)], prefer: Option<&str>) -> (Vec<Agreed>, Vec<Disputed>) {
    let said: Vec<(&str, Vec<(Fact, String)>)> =
        found.iter().map(|(catalogue, entry)| (catalogue.name.as_str(), listed(entry))).collect();
    let facts: BTreeSet<Fact> =
        said.iter().flat_map(|(_, facts)| facts.iter().map(|(fact, _)| *fact)).collect();
    let (mut taken, mut disputed) = (Vec::new(), Vec::new());
    for (catalogue, entry) in found {
        disputed.extend(within(catalogue, entry));
    }
    for fact in facts {
        let of: Vec<(&str, &String)> = said
            .iter()
            .filter_map(|(name, facts)| Some((*name, &facts.iter().find(|(other, _)| *other == fact)?.1)))
            .collect();
        let preferred = of.iter().find(|(name, _)| Some(*name) == prefer);
        let agreed = of.iter().all(|(_, text)| of.first().is_some_and(|(_, first)| first == text));
        if !agreed {
            disputed.push(Disputed {
                fact,
                said: of.iter().map(|(name, text)| ((*name).to_owned(), (*text).clone())).collect(),
                taken: preferred.map(|(name, _)| (*name).to_owned()),
            });
        }
        let one = if agreed { preferred.or(of.first()) } else { preferred };
        let Some((source, text)) = one else { continue };
        let others = said.iter().map(|(name, _)| *name).filter(|name| of.len() == 1 && name != source);
        taken.push(Agreed {
            fact,
            text: (*text).clone(),
            source: (*source).to_owned(),
            silent: others.map(str::to_owned).collect(),
        });
    }
    (taken, disputed)
}

/// What one catalogue says otherwise of a model under another name; the name that is asked for counts.
pub fn within(catalogue: &Catalogue, entry: &Entry) -> Vec<Disputed> {
    let named = |entry: &Entry| format!("{} ({})", catalogue.name, entry.listed_as);
    let own = listed(entry);
    let mut disputed = Vec::new();
    for rival in &entry.rivals {
        for (fact, text) in listed(rival) {
            let Some((_, ours)) = own.iter().find(|(of, ours)| *of == fact && *ours != text) else {
                continue;
            };
            let said = vec![(named(entry), ours.clone()), (named(rival), text)];
            disputed.push(Disputed { fact, said, taken: Some(named(entry)) });
        }
    }
    disputed
}

/// Capabilities that every catalogue which knows any lists.
pub fn capabilities(found: &[(&Catalogue, &Entry)]) -> Vec<&'static str> {
    let mut speaking = found.iter().map(|(_, entry)| &entry.capabilities).filter(|all| !all.is_empty());
    let first = speaking.next().cloned().unwrap_or_default();
    let others: Vec<&Vec<&str>> = speaking.collect();
    first.into_iter().filter(|name| others.iter().all(|all| all.contains(name))).collect()
}

/// A model of what was taken; it has no price where the price of input or output was not.
pub fn entry(found: &[(&Catalogue, &Entry)], taken: &[Agreed]) -> Option<Entry> {
    let (_, first) = found.first()?;
    let text = |fact: Fact| taken.iter().find(|one| one.fact == fact).map(|one| one.text.as_str());
    let number = |fact: Fact| text(fact).and_then(|text| number::parse_decimal(text.trim_end_matches('%')));
    let whole = |fact: Fact| number(fact).as_ref().and_then(number::to_whole);
    let long = || {
        Some(LongPrompt {
            above_tokens: whole(Fact::LongAbove)?,
            input: number(Fact::LongInput)?,
            output: number(Fact::LongOutput)?,
            cached_input: number(Fact::LongCachedInput),
        })
    };
    let price = |input: Rational| {
        Some(Price {
            input,
            output: number(Fact::Output)?,
            cached_input: number(Fact::CachedInput),
            long_prompt: long(),
            batch_discount: number(Fact::BatchDiscount),
        })
    };
    Some(Entry {
        provider: first.provider.clone(),
        model: first.model.clone(),
        price: number(Fact::Input).and_then(price).ok_or_else(|| "no price was taken".to_owned()),
        context_window: whole(Fact::ContextWindow),
        capabilities: capabilities(found),
        sunset: text(Fact::Sunset).and_then(|day| day.parse().ok()),
        is_deprecated: text(Fact::Status).is_some(),
        ..Entry::unknown()
    })
}
