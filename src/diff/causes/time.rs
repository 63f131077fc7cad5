//! What ends between the days of the two sides: certifications, agreements, evidence, models; and statements that begin or
//! end.

use std::rc::Rc;

use super::flat::{Entry, EntryName, Flat};
use crate::model::Date;
use crate::source::Span;
use crate::yaml::{Kind, Value};

/// Something that stands on the old day and no longer on the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Its entry in the registry.
    pub owner: Owner,
    /// The key of the entry that holds it.
    pub key: String,
    /// The date's key: `expires`, `renews` or `sunset`.
    pub date: &'static str,
    /// The place of the date.
    pub span: Span,
    /// What ends, in words.
    pub what: String,
    /// What became of it: `expired`, `lapsed` or `retired`.
    pub change: &'static str,
}

/// A provider, or a model of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// As the registry names it.
    pub provider: String,
    /// The model's bare name; none: the provider itself.
    pub model: Option<String>,
}

/// Everything that ends from the old day to the new one; days as text, whose order is that of days.
pub fn ends(flat: &Flat, old: &str, new: &str) -> Vec<End> {
    let mut found = Vec::new();
    for (provider, entry) in flat.providers.iter() {
        let owner = Owner { provider: provider.clone(), model: None };
        of_entry(entry, &owner, &format!("provider {provider}"), (old, new), &mut found);
    }
    for ((provider, model), entry) in flat.models.iter() {
        let owner = Owner { provider: provider.clone(), model: Some(model.clone()) };
        of_entry(entry, &owner, &format!("model {provider}/{model}"), (old, new), &mut found);
    }
    found
}

fn of_entry(entry: &Entry, owner: &Owner, name: &str, days: (&str, &str), found: &mut Vec<End>) {
    for (key, values) in &entry.keys {
        for (_, value) in values {
            let maps = if let Kind::List(items) = &value.kind {
                items.as_slice()
            } else {
                std::slice::from_ref(value)
            };
            for map in maps {
                let Some((date, what, change)) = what(key, map) else { continue };
                let Some((place, day)) = map.entry(date) else { continue };
                let Some(day) = day.text() else { continue };
                // A sunset is the first day without, any other date the last day with.
                let over = |on: &str| if date == "sunset" { day <= on } else { day < on };
                if !over(days.0) && over(days.1) {
                    found.push(End {
                        owner: owner.clone(),
                        key: key.clone(),
                        date,
                        span: place.span,
                        what: if what.is_empty() { name.to_owned() } else { format!("{name} {what}") },
                        change,
                    });
                }
            }
        }
    }
}

/// The key of the day, what ends then, and what becomes of it.
fn what(key: &str, map: &Value) -> Option<(&'static str, String, &'static str)> {
    let text = |key: &str| map.get(key).and_then(Value::text).unwrap_or_default();
    match key {
        "compliance" => Some(("expires", format!("certification {}", text("name")), "expired")),
        "dpa" => Some(("renews", "agreement".to_owned(), "lapsed")),
        "evidence" => Some(("expires", "evidence".to_owned(), "expired")),
        "lifecycle" => Some(("sunset", String::new(), "retired")),
        _ => None,
    }
}

/// The statements that one of the days has in force and the other has not, each with what became of it.
pub fn turned(flat: &Flat, old: Date, new: Date) -> Vec<(EntryName, &'static str)> {
    let turned = flat.statements.iter().filter_map(|((kind, name), statement)| {
        let force = statement.kind.force();
        let change = match (force.holds(old), force.holds(new)) {
            (false, true) => "began",
            (true, false) => "ended",
            _ => return None,
        };
        Some((EntryName::Statement(kind, name.clone()), change))
    });
    turned.collect()
}

/// Lets a statement be in force on a day as it was on an earlier one.
pub fn turn_back(flat: &mut Flat, key: &EntryName, day: Date) {
    let EntryName::Statement(kind, name) = key else { return };
    let key = (*kind, name.clone());
    let statements = Rc::make_mut(&mut flat.statements);
    if statements.get(&key).is_some_and(|statement| statement.kind.force().holds(day)) {
        statements.remove(&key);
    } else if let Some(statement) = statements.get_mut(&key) {
        statement.kind.stay();
    }
}

/// Lets something stand for ever.
pub fn prolong(flat: &mut Flat, end: &End) {
    let entry = match &end.owner.model {
        None => Rc::make_mut(&mut flat.providers).get_mut(&end.owner.provider),
        Some(model) => Rc::make_mut(&mut flat.models).get_mut(&(end.owner.provider.clone(), model.clone())),
    };
    let values = entry.and_then(|entry| entry.keys.get_mut(&end.key)).into_iter().flatten();
    for (_, value) in values {
        let maps = match &mut value.kind {
            Kind::List(items) => items.as_mut_slice(),
            _ => std::slice::from_mut(value),
        };
        for map in maps {
            if let Kind::Map(entries) = &mut map.kind {
                entries.retain(|(key, _)| key.value != end.date || key.span != end.span);
            }
        }
    }
}
