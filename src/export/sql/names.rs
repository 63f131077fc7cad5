//! What routes without a provider mean: names of models, as `audit` reads them.

use std::collections::BTreeMap;

use super::columns::{NUMBER, TEXT};
use super::rows::{Cell, Relation, all_places};
use crate::table::format::{Model, Table};

/// What a model is called without its provider: its name, and what its provider calls it.
fn names(model: &Model) -> impl Iterator<Item = &str> {
    let theirs = model.endpoint.get("model").and_then(serde_json::Value::as_str);
    std::iter::once(model.name.as_str()).chain(theirs.filter(|theirs| *theirs != model.name))
}

/// Every name with the models that have it, in the order of the table.
fn called(table: &Table) -> BTreeMap<&str, Vec<&Model>> {
    let mut called: BTreeMap<&str, Vec<&Model>> = BTreeMap::new();
    for model in &table.models {
        for name in names(model) {
            called.entry(name).or_default().push(model);
        }
    }
    called
}

/// The relations that the view reads for them.
pub(super) fn all(table: &Table) -> [Relation; 3] {
    let called = called(table);
    let text = |model: &Model| Cell::text(&model.id);
    let (mut sold, mut sole, mut several) = (Vec::new(), Vec::new(), Vec::new());
    for (name, models) in &called {
        let mut by_provider: BTreeMap<String, &Model> = BTreeMap::new();
        for model in models {
            by_provider.entry(model.provider.to_ascii_lowercase()).or_insert(model);
        }
        sold.extend(
            by_provider
                .iter()
                .map(|(provider, model)| vec![Cell::text(provider), Cell::text(name), text(model)]),
        );
        match models.as_slice() {
            [one] => sole.push(vec![Cell::text(name), text(one)]),
            [first, ..] => {
                let mut led: BTreeMap<usize, &str> = BTreeMap::new();
                for place in all_places(table) {
                    if models.iter().any(|model| model.id == place.model) {
                        led.entry(place.decision).or_insert(place.model);
                    }
                }
                several.extend((0..table.decisions.len()).map(|decision| {
                    let model = led.get(&decision).copied().unwrap_or(&first.id);
                    vec![Cell::number(decision), Cell::text(name), Cell::text(model)]
                }));
            }
            [] => {}
        }
    }
    [
        Relation {
            name: "govctl_sold",
            columns: vec![("provider", TEXT), ("name", TEXT), ("model", TEXT)],
            rows: sold,
        },
        Relation { name: "govctl_sole", columns: vec![("name", TEXT), ("model", TEXT)], rows: sole },
        Relation {
            name: "govctl_several",
            columns: vec![("decision", NUMBER), ("name", TEXT), ("model", TEXT)],
            rows: several,
        },
    ]
}
