//! The names that can stand where the grammar takes any: by what stands before them.

use super::completion::{Item, ItemKind, in_policy};
use super::completion_conditions::{fact_values, facts_in, use_cases};
use super::{Kind, Seen};
use crate::model::FactDomain;
use crate::vocabulary::{Tier, VocabularyKind};

/// The names that can stand behind the tokens of a statement; none where something gets a name of its own.
pub(super) fn names(seen: Seen, tokens: &[&str]) -> Vec<Item> {
    let first = tokens.first().copied().unwrap_or_default();
    let is_rule = Tier::parse(first).is_some() && tokens.get(1) == Some(&"rule");
    if let Some(kind) = VocabularyKind::parse(first).filter(|_| !is_rule) {
        return in_policy(seen, &Kind::Word(kind));
    }
    match first {
        "classifications" => in_policy(seen, &Kind::Classification),
        "fact" => default(seen, tokens),
        _ if tokens.len() == 1 + usize::from(is_rule) => Vec::new(),
        _ => of_clause(seen, tokens, is_rule),
    }
}

/// The names of a clause, by its word or by the fact whose value it is.
fn of_clause(seen: Seen, tokens: &[&str], is_rule: bool) -> Vec<Item> {
    let mut before = tokens;
    while let [rest @ .., _, ","] = before {
        before = rest;
    }
    match before.last().copied().unwrap_or_default() {
        "overrides" if is_rule => in_policy(seen, &Kind::Rule),
        "overrides" => in_policy(seen, &Kind::Failover),
        "mask" => in_policy(seen, &Kind::Word(VocabularyKind::Data)),
        "in" => {
            let mut items = in_policy(seen, &Kind::Word(VocabularyKind::Regions));
            items.extend(facts_in(seen, FactDomain::Regions));
            items
        }
        "within" => in_policy(seen, &Kind::Budget),
        "per" => in_policy(seen, &Kind::Fact),
        "as" => Vec::new(),
        "rule" => in_policy(seen, &Kind::Rule),
        "use_case" => use_cases(seen),
        "classification" => in_policy(seen, &Kind::Classification),
        fact => fact_values(seen, fact.trim_matches('"')),
    }
}

/// The values of a fact that its own statement lists.
fn default(seen: Seen, tokens: &[&str]) -> Vec<Item> {
    let [_, _, "in", domain @ .., "default"] = tokens else { return Vec::new() };
    match domain {
        ["regions"] => in_policy(seen, &Kind::Word(VocabularyKind::Regions)),
        ["classifications"] => in_policy(seen, &Kind::Classification),
        ["{", values @ .., "}"] => {
            let values = values.iter().filter(|value| **value != ",");
            values.map(|value| Item::new(*value, *value, ItemKind::Name, "value")).collect()
        }
        _ => Vec::new(),
    }
}
