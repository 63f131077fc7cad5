//! What has budgets and rate limits, and how it is linked to them.

use std::collections::{BTreeMap, BTreeSet};

use super::callers::{Config, VirtualKey};
use crate::import::{Notes, text};
use crate::source::Span;
use crate::yaml::{Kind, Value};

/// What a limit holds for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    Key(String),
    Team(String),
    Customer(String),
    Provider(String),
    /// A model, of one provider or of all.
    Model(String, Option<String>),
    /// What a virtual key asks of a provider.
    OfKey(String, String),
}

/// Limits with what they hold for.
pub(super) type Owned<'a> = Vec<(Owner, &'a Value)>;

/// Keys of a budget that are read.
pub(super) const BUDGET: [&str; 8] = [
    "id",
    "max_limit",
    "reset_duration",
    "virtual_key_id",
    "team_id",
    "customer_id",
    "provider_config_id",
    "model_config_id",
];

/// Everything that may have limits.
pub(super) fn owners(governance: &Value) -> Owned<'_> {
    let list = |key: &str| governance.get(key).map(Value::items).unwrap_or_default();
    let mut owned: Owned = Vec::new();
    for (section, owner) in [
        ("virtual_keys", Owner::Key as fn(String) -> Owner),
        ("teams", Owner::Team),
        ("customers", Owner::Customer),
    ] {
        for item in list(section) {
            let id = item.get("id").or_else(|| item.get("name")).and_then(Value::text);
            owned.extend(id.map(|id| (owner(id.to_owned()), item)));
            for config in item.get("provider_configs").map(Value::items).unwrap_or_default() {
                let provider = config.get("provider").and_then(Value::text);
                let both = id.zip(provider);
                owned.extend(
                    both.map(|(id, provider)| (Owner::OfKey(id.to_owned(), provider.to_owned()), config)),
                );
            }
        }
    }
    let named = |item: &'_ Value| item.get("name").and_then(Value::text).map(str::to_owned);
    owned.extend(list("providers").iter().filter_map(|item| Some((Owner::Provider(named(item)?), item))));
    owned.extend(list("model_configs").iter().filter_map(|item| Some((model_of(item)?, item))));
    owned
}

/// Limits that an owner has under some keys: by their ids, or, where there are none to look up, as they stand there.
pub(super) fn linked<'a>(
    item: &'a Value,
    keys: [&str; 2],
    ids: &BTreeMap<String, &'a Value>,
    owner: &Owner,
) -> Owned<'a> {
    let values = keys.into_iter().filter_map(|key| item.get(key));
    let each = values.flat_map(|value| match &value.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    });
    let one = |value: &'a Value| match &value.kind {
        Kind::Map(_) => Some(value),
        _ => ids.get(&text::flow(value)).copied(),
    };
    each.filter_map(one).map(|value| (owner.clone(), value)).collect()
}

/// Lists limits that an owner names and that there are none of.
pub(super) fn unlinked(item: &Value, what: &str, ids: &BTreeMap<String, &Value>, notes: &mut Notes) {
    for key in [format!("{what}_id"), format!("{what}_ids")] {
        let values = item.get(&key).into_iter().flat_map(|value| match &value.kind {
            Kind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        });
        for value in values.filter(|value| !matches!(value.kind, Kind::Map(_))) {
            let id = text::flow(value);
            if !ids.contains_key(&id) {
                let (id, what) = (text::comment(&id), what.replace('_', " "));
                notes.state(
                    value.span,
                    format!(
                        "which {what} `{id}` is: no entry of `{}s` has this id",
                        key.trim_end_matches("_ids").trim_end_matches("_id")
                    ),
                );
            }
        }
    }
}

/// Budgets that name their owner themselves.
pub(super) fn back_linked<'a>(governance: &'a Value, keys: &[VirtualKey]) -> Owned<'a> {
    let list = |key: &str| governance.get(key).map(Value::items).unwrap_or_default();
    let model_ids = by_id(list("model_configs"));
    let configs = keys.iter().flat_map(|key| key.configs.iter().map(move |config| (key, config)));
    let of_config = |(key, config): (&VirtualKey, &Config)| {
        Some((config.id.clone()?, Owner::OfKey(key.id.clone(), config.provider.clone())))
    };
    let config_ids: BTreeMap<String, Owner> = configs.filter_map(of_config).collect();
    let owner = |budget: &Value| {
        let of =
            |key: &str| budget.get(key).map(|id| id.text().map_or_else(|| text::flow(id), str::to_owned));
        let config = || of("provider_config_id").and_then(|id| config_ids.get(&id).cloned());
        let model = || budget.get("model_config_id").and_then(|id| model_of(model_ids.get(&text::flow(id))?));
        let named = of("virtual_key_id").map(Owner::Key).or_else(|| of("team_id").map(Owner::Team));
        named.or_else(|| of("customer_id").map(Owner::Customer)).or_else(config).or_else(model)
    };
    list("budgets").iter().filter_map(|budget| Some((owner(budget)?, budget))).collect()
}

/// Lists limits that belong to nothing.
pub(super) fn unused(what: &str, all: &[Value], used: &Owned, notes: &mut Notes) {
    let used: BTreeSet<Span> = used.iter().map(|(_, value)| value.span).collect();
    for item in all.iter().filter(|item| !used.contains(&item.span)) {
        let id = item.get("id").map(text::flow).unwrap_or_default();
        notes.left(item.span, format!("the {what} `{}`: nothing uses it", text::comment(&id)));
    }
}

/// Entries by their ids.
pub(super) fn by_id(list: &[Value]) -> BTreeMap<String, &Value> {
    list.iter().filter_map(|item| Some((text::flow(item.get("id")?), item))).collect()
}

/// The model that an entry of `model_configs` speaks of.
fn model_of(item: &Value) -> Option<Owner> {
    let of = |key: &str| item.get(key).and_then(Value::text).map(str::to_owned);
    Some(Owner::Model(of("model_name")?, of("provider")))
}
