//! `routing_groups`: names for several public names together, which callers and fallbacks may ask for.

use std::collections::BTreeMap;

use super::group::Walk;
use super::{Config, stated};
use crate::import::draft::{Draft, UseCase};
use crate::import::{Notes, text};
use crate::limits::MAX_IMPORTED_ENTRIES;
use crate::number::Rational;
use crate::yaml::{Kind, Value};

/// Adds each group as a name of its own.
pub(super) fn add(config: &Config, walks: &mut BTreeMap<String, Walk>, draft: &mut Draft, notes: &mut Notes) {
    let groups = config.all("router_settings", "routing_groups");
    let own: BTreeMap<String, Walk> = walks.clone();
    for list in &groups {
        if !matches!(list.kind, Kind::List(_)) {
            let shown = text::comment(&text::flow(list));
            notes.left(
                list.span,
                format!("`routing_groups`: it is {}, `{shown}`, and no list", text::kind(list)),
            );
        }
    }
    for group in groups.into_iter().flat_map(Value::items) {
        let named = group.get("group_name").and_then(Value::spanned).filter(|name| !name.value.is_empty());
        let Some(name) = named else {
            notes.left(group.span, "an entry of `routing_groups` without `group_name`");
            continue;
        };
        let shown = text::comment(&name.value);
        if walks.contains_key(&name.value) {
            notes.left(
                name.span,
                format!(
                    "the routing group `{shown}`: a public name is spelled that way, and LiteLLM takes that"
                ),
            );
            continue;
        }
        if draft.use_cases.len() >= MAX_IMPORTED_ENTRIES {
            notes.left(name.span, format!("use cases beyond {MAX_IMPORTED_ENTRIES}"));
            return;
        }
        let Some(walk) = walk(group, &shown, &own, notes) else { continue };
        notes.read(name.span, format!("the routing group `{shown}` as a use case of its own, without the fallbacks of its models: LiteLLM looks fallbacks up under the name that is asked for"));
        draft.use_cases.push(UseCase {
            name: name.value.clone(),
            span: name.span,
            team: None,
            serves: walk.all(),
            routes: Vec::new(),
            comments: vec!["a routing group".to_owned()],
        });
        walks.insert(name.value, walk);
    }
}

/// The deployments of all models of a group, in the order of their priorities.
fn walk(group: &Value, shown: &str, own: &BTreeMap<String, Walk>, notes: &mut Notes) -> Option<Walk> {
    let strategy = group.get("routing_strategy").and_then(Value::text);
    let is_priority = strategy == Some("priority");
    let mut members: Vec<(Option<Rational>, &Walk)> = Vec::new();
    let models = group.get("models");
    for model in models.map(Value::items).unwrap_or_default() {
        let named = model.text();
        let Some((name, walk)) = named.and_then(|name| own.get_key_value(name)) else {
            let written = text::comment(&text::flow(model));
            notes.left(
                model.span,
                format!("`{written}` in the routing group `{shown}`: no public name is spelled that way"),
            );
            continue;
        };
        let priority = group.get("model_priorities").and_then(|all| all.get(name));
        let priority = priority.filter(|_| is_priority).and_then(|value| {
            stated::number(value, &format!("the priority of `{}`", text::comment(name)), notes)
        });
        members.push((priority, walk));
    }
    if members.is_empty() {
        notes.left(group.span, format!("the routing group `{shown}`: none of its models is here"));
        return None;
    }
    let known = ["group_name", "models", "routing_strategy", "model_priorities"];
    let mut others: Vec<String> = group
        .entries()
        .iter()
        .filter(|(key, _)| !known.contains(&key.value.as_str()))
        .map(|(key, _)| format!("`{}`", text::comment(&key.value)))
        .collect();
    if let Some(strategy) = strategy.filter(|_| !is_priority) {
        others.push(format!("`routing_strategy: {}`", text::comment(strategy)));
    }
    if !others.is_empty() {
        notes.left(group.span, format!("of the routing group `{shown}`: {}", others.join(", ")));
    }
    members.sort_by(|(a, _), (b, _)| (a.is_none(), a).cmp(&(b.is_none(), b)));
    Some(Walk::of_members(&members))
}
