//! Who asks: virtual keys with their teams, and each model name that one may ask for.

use std::collections::BTreeSet;

use super::keys::{Allowed, blocks};
use super::providers::Providers;
use super::unread;
use crate::import::{Notes, text};
use crate::limits::MAX_IMPORTED_ENTRIES;
use crate::number::{self, Rational};
use crate::source::{Span, visible};
use crate::yaml::{Kind, Value};

/// An id with the name that people know it by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) name: String,
}

/// What a virtual key may ask of one provider.
#[derive(Debug, Clone)]
pub(super) struct Config {
    pub(super) span: Span,
    pub(super) id: Option<String>,
    pub(super) provider: String,
    pub(super) models: Allowed,
    pub(super) blacklisted: BTreeSet<String>,
    pub(super) keys: Allowed,
    /// None: it only steps in.
    pub(super) weight: Option<Rational>,
}

/// What a caller shows to Bifrost: whose it is, and what it may ask for.
#[derive(Debug, Clone)]
pub(super) struct VirtualKey {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) team: Option<Group>,
    pub(super) customer: Option<Group>,
    pub(super) configs: Vec<Config>,
    /// Whether it reaches providers that it does not list.
    pub(super) reaches_all: bool,
}

/// Somebody who asks for a model.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// The place of its virtual key.
    pub(super) key: Option<usize>,
    /// Asked for with the model; none: the name alone is asked for.
    pub(super) provider: Option<String>,
    /// None: any model that nothing names.
    pub(super) model: Option<String>,
    pub(super) name: String,
    pub(super) span: Span,
}

/// The groups of a list of teams or customers.
fn groups(list: Option<&Value>, what: &str, notes: &mut Notes) -> Vec<(Group, Option<String>)> {
    let items = list.map(Value::items).unwrap_or_default();
    let one = |item: &Value| {
        let of = |key: &str| item.get(key).and_then(Value::text).map(str::to_owned);
        let id = of("id").or_else(|| of("name"))?;
        Some((Group { name: of("name").unwrap_or_else(|| id.clone()), id }, of("customer_id")))
    };
    for item in items {
        unread(
            item,
            &format!("an entry of `{what}`"),
            &["id", "name", "customer_id", "budget_id", "budgets", "rate_limit_id"],
            &[
                "calendar_aligned",
                "virtual_key_count",
                "source_id",
                "business_unit_id",
                "profile",
                "config",
                "claims",
                "created_at",
                "updated_at",
            ],
            notes,
        );
    }
    items.iter().filter_map(one).collect()
}

/// Reads the virtual keys; `empty_is_all` as version 1 of the format has it.
pub(super) fn keys(governance: Option<&Value>, empty_is_all: bool, notes: &mut Notes) -> Vec<VirtualKey> {
    let Some(governance) = governance else { return Vec::new() };
    let teams = groups(governance.get("teams"), "teams", notes);
    let customers = groups(governance.get("customers"), "customers", notes);
    let mut keys = Vec::new();
    for item in governance.get("virtual_keys").map(Value::items).unwrap_or_default() {
        if keys.len() >= MAX_IMPORTED_ENTRIES {
            notes.left(item.span, format!("virtual keys beyond {MAX_IMPORTED_ENTRIES}"));
            break;
        }
        keys.extend(key(item, &teams, &customers, empty_is_all, notes));
    }
    keys
}

/// What is read of a virtual key.
const READ_OF_KEYS: [&str; 11] = [
    "id",
    "name",
    "value",
    "is_active",
    "team_id",
    "customer_id",
    "provider_configs",
    "allow_all_providers",
    "rate_limit_id",
    "budget_id",
    "budgets",
];

/// What a virtual key may state that decides nothing about models.
const MEANS_NOTHING_HERE: [&str; 9] = [
    "description",
    "expires_at",
    "calendar_aligned",
    "access_profile_id",
    "is_access_profile_managed",
    "mcp_configs",
    "disable_content_logging",
    "created_at",
    "updated_at",
];

fn key(
    item: &Value,
    teams: &[(Group, Option<String>)],
    customers: &[(Group, Option<String>)],
    empty_is_all: bool,
    notes: &mut Notes,
) -> Option<VirtualKey> {
    let of = |key: &str| item.get(key).and_then(Value::text);
    let Some(id) = of("id").or_else(|| of("name")) else {
        notes.left(item.span, "a virtual key without `id` and `name`");
        return None;
    };
    let name = of("name").unwrap_or(id);
    let shown = text::comment(name);
    if item.get("is_active").is_some_and(|active| active.kind == Kind::Bool(false)) {
        notes.left(item.span, format!("the virtual key `{shown}`: it is not active"));
        return None;
    }
    if visible::hidden_in_name(name).is_some() {
        notes.left(item.span, format!("the virtual key `{shown}`: a name with characters that do not show"));
        return None;
    }
    if let Some(value) =
        item.get("value").filter(|value| value.text().is_some_and(|text| !text.starts_with("env.")))
    {
        notes.state(value.span, format!("the value of the virtual key `{shown}` is written in the file itself: it is not carried over; keep it in the environment"));
    }
    unread(item, &format!("the virtual key `{shown}`"), &READ_OF_KEYS, &MEANS_NOTHING_HERE, notes);
    let team = of("team_id").and_then(|id| teams.iter().find(|(team, _)| team.id == id));
    if let (Some(id), None) = (item.get("team_id"), team) {
        notes.state(
            id.span,
            format!("which team `{}` is: no entry of `teams` has this id", text::comment(&text::flow(id))),
        );
    }
    let customer_id = of("customer_id").or_else(|| team.and_then(|(_, customer)| customer.as_deref()));
    let customer = customer_id.and_then(|id| customers.iter().find(|(customer, _)| customer.id == id));
    let configs = item.get("provider_configs").map(Value::items).unwrap_or_default();
    Some(VirtualKey {
        id: id.to_owned(),
        name: name.to_owned(),
        span: item.span,
        team: team.map(|(team, _)| team.clone()),
        customer: customer.map(|(customer, _)| customer.clone()),
        configs: configs.iter().filter_map(|item| config(item, empty_is_all, &shown, notes)).collect(),
        reaches_all: item.get("allow_all_providers").is_some_and(|all| all.kind == Kind::Bool(true))
            || (configs.is_empty() && empty_is_all),
    })
}

fn config(item: &Value, empty_is_all: bool, key: &str, notes: &mut Notes) -> Option<Config> {
    unread(
        item,
        &format!("a provider of the virtual key `{key}`"),
        &[
            "id",
            "provider",
            "weight",
            "allowed_models",
            "blacklisted_models",
            "key_ids",
            "allowed_keys",
            "allow_all_keys",
            "keys",
            "rate_limit_id",
            "rate_limit",
            "budget_id",
            "budget",
            "budgets",
        ],
        &["virtual_key_id", "created_at", "updated_at"],
        notes,
    );
    let Some(provider) = item.get("provider").and_then(Value::text).map(str::to_owned) else {
        notes.left(item.span, format!("a provider of the virtual key `{key}`: it has no `provider`"));
        return None;
    };
    let names = |list: Option<&Value>| -> BTreeSet<String> {
        list.map(Value::items).unwrap_or_default().iter().filter_map(Value::text).map(str::to_owned).collect()
    };
    let weight = match item.get("weight") {
        Some(weight) => weight.number().cloned(),
        None if empty_is_all => Some(number::whole(1)),
        None => None,
    };
    Some(Config {
        span: item.span,
        id: item.get("id").map(text::flow),
        provider,
        models: Allowed::read(item.get("allowed_models"), empty_is_all),
        blacklisted: names(item.get("blacklisted_models")),
        keys: Allowed::keys(item, empty_is_all),
        weight: weight.filter(|weight| *weight > number::whole(0)),
    })
}

/// Everybody who asks for something: each virtual key with each model name, or, where there is none, each model.
/// `named` are models that rules name.
pub(super) fn all(
    keys: &[VirtualKey],
    providers: &Providers,
    named: &[String],
    notes: &mut Notes,
) -> Vec<Caller> {
    let mut callers = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        if callers.len() > MAX_IMPORTED_ENTRIES {
            break;
        }
        let (models, is_open) = reach(key, providers);
        let mut names: Vec<&String> = models.iter().collect();
        let mut met: BTreeSet<&String> = names.iter().copied().collect();
        if is_open {
            names.extend(named.iter().filter(|name| met.insert(name)));
        }
        let alone = names.len() + usize::from(is_open) == 1;
        let models = names.into_iter().map(|name| Some(name.clone())).chain(is_open.then_some(None));
        for model in models {
            let name = match &model {
                Some(model) if !alone => format!("{}/{model}", key.name),
                _ => key.name.clone(),
            };
            if visible::hidden_in_name(&name).is_none() {
                callers.push(Caller { key: Some(at), provider: None, model, name, span: key.span });
            }
        }
    }
    if keys.is_empty() {
        for (at, provider) in providers.all.iter().enumerate() {
            let (models, is_open) = providers.models(at);
            for model in models {
                let name = format!("{}/{model}", provider.name);
                let span = providers.span(at);
                callers.push(Caller {
                    key: None,
                    provider: Some(provider.name.clone()),
                    model: Some(model),
                    name,
                    span,
                });
            }
            if is_open {
                notes.left(providers.span(at), format!("every other model of `{}`: its keys let callers ask for any model, so there is no use case to write; name the models they need", text::comment(&provider.name)));
            }
        }
        let span = providers.span(0);
        callers.extend(named.iter().map(|model| Caller {
            key: None,
            provider: None,
            model: Some(model.clone()),
            name: model.clone(),
            span,
        }));
    }
    callers.retain(|caller| visible::hidden_in_name(&caller.name).is_none());
    if let Some(first) = callers.get(MAX_IMPORTED_ENTRIES) {
        notes.left(first.span, format!("names that callers ask for beyond {MAX_IMPORTED_ENTRIES}"));
        callers.truncate(MAX_IMPORTED_ENTRIES);
    }
    callers
}

/// The model names that a key may ask for; whether it may ask for others too.
fn reach(key: &VirtualKey, providers: &Providers) -> (Vec<String>, bool) {
    let mut names: Vec<String> = Vec::new();
    let mut is_open = false;
    if key.reaches_all {
        let listed: BTreeSet<&str> = key.configs.iter().map(|config| config.provider.as_str()).collect();
        for (at, provider) in providers.all.iter().enumerate() {
            if !listed.contains(provider.name.as_str()) {
                let (models, open) = providers.models(at);
                names.extend(models);
                is_open |= open;
            }
        }
    }
    for config in &key.configs {
        match &config.models {
            Allowed::These(listed) => names.extend(listed.names.iter().cloned()),
            Allowed::All => match providers.find(&config.provider) {
                Some(at) => {
                    let (models, open) = providers.models(at);
                    names.extend(models.into_iter().filter(|model| !blocks(&config.blacklisted, model)));
                    is_open |= open;
                }
                None => is_open = true,
            },
        }
    }
    let mut met = BTreeSet::new();
    names.retain(|name| met.insert(name.clone()));
    (names, is_open)
}
