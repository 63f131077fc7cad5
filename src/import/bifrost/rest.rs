//! What stands in the file and has no part in the result: each with the reason, so that nothing vanishes.

use std::collections::{BTreeMap, BTreeSet};

use super::callers::{Caller, Config, VirtualKey};
use super::keys::Allowed;
use super::providers::Providers;
use super::rules::{Fate, Rule, Target};
use crate::import::draft::Draft;
use crate::import::{Notes, text};
use crate::yaml::Value;

/// Lists what virtual keys name and cannot reach, after everything was read.
pub(super) fn of_keys(
    governance: Option<&Value>,
    keys: &[VirtualKey],
    providers: &Providers,
    notes: &mut Notes,
) {
    for key in keys {
        let shown = text::comment(&key.name);
        if key.configs.is_empty() && !key.reaches_all {
            notes.left(
                key.span,
                format!("the virtual key `{shown}`: it lists no provider, so it reaches none"),
            );
        }
        for config in &key.configs {
            of_config(&shown, config, providers, notes);
        }
    }
    let items = |section| governance.and_then(|governance| governance.get(section)).map(Value::items);
    let named =
        |item: &Value| item.get("id").or_else(|| item.get("name")).and_then(Value::text).map(str::to_owned);
    for (section, one) in [("teams", "team"), ("customers", "customer")] {
        for item in items(section).unwrap_or_default() {
            let Some(id) = named(item) else {
                notes.left(item.span, format!("an entry of `{section}` without `id` and `name`"));
                continue;
            };
            let has = |key: &VirtualKey| {
                let group = if one == "team" { &key.team } else { &key.customer };
                group.as_ref().is_some_and(|group| group.id == id)
            };
            if !keys.iter().any(has) {
                notes.left(
                    item.span,
                    format!(
                        "the {one} `{}`: no virtual key that is carried over belongs to it",
                        text::comment(&id)
                    ),
                );
            }
        }
    }
    let known: BTreeSet<String> = items("customers").unwrap_or_default().iter().filter_map(named).collect();
    for section in ["virtual_keys", "teams"] {
        for id in items(section).unwrap_or_default().iter().filter_map(|item| item.get("customer_id")) {
            if id.text().is_some_and(|id| !known.contains(id)) {
                notes.state(
                    id.span,
                    format!(
                        "which customer `{}` is: no entry of `customers` has this id",
                        text::comment(&text::flow(id))
                    ),
                );
            }
        }
    }
    for (section, name) in [("model_configs", "model_name"), ("providers", "name")] {
        for item in items(section).unwrap_or_default().iter().filter(|item| item.get(name).is_none()) {
            notes.left(item.span, format!("an entry of `{section}` of `governance` without `{name}`"));
        }
    }
}

fn of_config(key: &str, config: &Config, providers: &Providers, notes: &mut Notes) {
    let provider = text::comment(&config.provider);
    let Some(at) = providers.find(&config.provider) else {
        notes.state(
            config.span,
            format!("who `{provider}` is, which the virtual key `{key}` lists: `providers` has no such name"),
        );
        return;
    };
    if let Allowed::These(listed) = &config.models
        && listed.names.is_empty()
    {
        notes.left(
            config.span,
            format!(
                "`{provider}` for the virtual key `{key}`: its `allowed_models` is empty, which allows none"
            ),
        );
    }
    if let Allowed::These(listed) = &config.keys {
        let has_keys = providers.all.get(at).is_some_and(|one| one.keys.iter().any(|key| !key.is_none));
        if listed.names.is_empty() && has_keys {
            notes.left(
                config.span,
                format!("`{provider}` for the virtual key `{key}`: its `key_ids` names no key, which allows none but in version 1 of the format"),
            );
        }
        let known = providers.key_names(at);
        for name in listed.names.iter().filter(|name| !known.contains(name.as_str())) {
            notes.left(
                config.span,
                format!(
                    "the key `{}` of `{provider}` for the virtual key `{key}`: the provider has no such key",
                    text::comment(name)
                ),
            );
        }
    }
}

/// Lists providers, models and keys that no request comes to.
pub(super) fn of_providers(
    providers: &Providers,
    draft: &Draft,
    (keys, rules): (&[VirtualKey], &[Rule]),
    notes: &mut Notes,
) {
    let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut variables: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for endpoint in &draft.endpoints {
        let of = endpoint.of.as_deref().unwrap_or_default();
        reached.entry(of).or_default().extend(endpoint.asked_as.iter().map(String::as_str));
        variables.entry(of).or_default().extend(endpoint.key_env.as_deref());
    }
    for (at, provider) in providers.all.iter().enumerate() {
        let shown = text::comment(&provider.name);
        let (models, is_open) = providers.models(at);
        let Some(reached) = reached.get(provider.name.as_str()) else {
            // Where there are no virtual keys, that is said of each provider whose keys let every model through.
            if models.is_empty() && !is_open {
                notes.left(provider.span, format!("the provider `{shown}`: its keys list no model, and `models: []` lets none through but in version 1 of the format"));
            } else if is_led_to(&provider.name, keys, rules) {
                notes.state(
                    provider.span,
                    format!("which models callers ask `{shown}` for: a virtual key or a rule leads to it, but no request that could be carried over"),
                );
            } else if !keys.is_empty() || !is_open {
                notes.left(
                    provider.span,
                    format!("the provider `{shown}`: no virtual key and no rule leads to it"),
                );
            }
            continue;
        };
        if let Some(why) = provider.keyless {
            notes.read(provider.span, format!("the provider `{shown}` as if it needed no keys, since {why}"));
        }
        let lost: Vec<String> = models
            .iter()
            .filter(|model| !reached.contains(model.as_str()))
            .map(|model| format!("`{}`", text::comment(model)))
            .collect();
        if !lost.is_empty() {
            notes.left(
                provider.span,
                format!("of `{shown}`: {}: no virtual key and no rule leads there", lost.join(", ")),
            );
        }
        let used = variables.get(provider.name.as_str());
        for key in provider.keys.iter().filter(|key| key.variable.is_some()) {
            let variable = key.variable.as_deref().unwrap_or_default();
            if !used.is_some_and(|used| used.contains(variable)) {
                notes.left(
                    key.span,
                    format!("the environment variable `{}` of a key of `{shown}`: an endpoint names one key, and another one opens the same models in the same place", text::comment(variable)),
                );
            }
        }
    }
}

/// Whether a virtual key lets its callers ask a provider, or a rule sends them there.
fn is_led_to(provider: &str, keys: &[VirtualKey], rules: &[Rule]) -> bool {
    let lists = |config: &Config| config.provider == provider && config.models != Allowed::these(Vec::new());
    let has = |key: &VirtualKey| key.reaches_all || key.configs.iter().any(lists);
    let names = |target: &Target| target.provider.as_deref() == Some(provider);
    keys.iter().any(has)
        || rules.iter().any(|rule| rule.targets.iter().chain(rule.fallbacks.iter()).any(names))
}

/// Lists rules that decide for nobody.
pub(super) fn of_rules(rules: &[Rule], fates: &[Fate], callers: &[Caller], notes: &mut Notes) {
    for (rule, fate) in rules.iter().zip(fates) {
        let why = match fate {
            _ if callers.is_empty() => "nobody asks for anything that is carried over".to_owned(),
            Fate::Unasked => match rule.only_for() {
                Some(("virtual_key", id)) => {
                    format!("no virtual key that is carried over has the id `{}`", text::comment(id))
                }
                Some((group, id)) => {
                    format!("no virtual key that is carried over belongs to the {group} `{}`", text::comment(id))
                }
                None => "an earlier rule always decides".to_owned(),
            },
            Fate::Never if rule.asks_for_provider() => "its `cel_expression` is true for no name that callers ask for; requests that name their provider too, as `provider/model`, are not carried over".to_owned(),
            Fate::Never => "its `cel_expression` is true for no name that callers ask for".to_owned(),
            Fate::Shadowed => "an earlier rule always decides".to_owned(),
            Fate::Decides => continue,
        };
        notes.left(rule.span, format!("the rule `{}`: {why}", text::comment(&rule.title)));
    }
}
