//! Deployments that only pick another public name by what is asked: `auto_router/…`.

use std::collections::{BTreeMap, BTreeSet};

use super::group::Walk;
use crate::import::draft::{Draft, UseCase};
use crate::import::{Notes, text};
use crate::limits::MAX_IMPORTED_ENTRIES;
use crate::model::words;
use crate::source::Span;
use crate::yaml::{Kind, Value};

/// What stands in front of the kind of such a router.
const PREFIX: &str = "auto_router/";

/// A name behind which the proxy picks another one.
pub(super) struct Router {
    name: String,
    span: Span,
    /// What its settings name: whom it may pick, and words that are no names.
    words: Vec<(Span, String)>,
    /// Those of them that can only be meant as names.
    tiers: BTreeSet<String>,
}

/// Reads a deployment that is one.
pub(super) fn read(name: &str, entry: &Value, params: &Value, model: &str) -> Option<Router> {
    if !model.starts_with(PREFIX) {
        return None;
    }
    let span = entry.get("model_name").map_or(entry.span, |name| name.span);
    let mut router = Router { name: name.to_owned(), span, words: Vec::new(), tiers: BTreeSet::new() };
    for (key, value) in params.entries() {
        let is_default = key.value.ends_with("router_default_model");
        if is_default || key.value.ends_with("router_config") {
            texts(value, &mut router.words);
            let mut named = Vec::new();
            if is_default {
                texts(value, &mut named);
            }
            for tiers in
                ["tiers", "available_models", "default_model"].iter().filter_map(|key| value.get(key))
            {
                texts(tiers, &mut named);
            }
            router.tiers.extend(named.into_iter().map(|(_, name)| name));
        }
    }
    Some(router)
}

/// All texts within a value.
fn texts(value: &Value, found: &mut Vec<(Span, String)>) {
    match &value.kind {
        Kind::String(text) => found.push((value.span, text.clone())),
        Kind::List(items) => items.iter().for_each(|item| texts(item, found)),
        Kind::Map(entries) => entries.iter().for_each(|(_, value)| texts(value, found)),
        Kind::Null | Kind::Bool(_) | Kind::Number { .. } => {}
    }
}

/// Adds each router as a use case with the deployments of whomever it may pick. By their names, whom each may pick.
pub(super) fn add(
    routers: &[Router],
    walks: &mut BTreeMap<String, Walk>,
    draft: &mut Draft,
    notes: &mut Notes,
) -> BTreeMap<String, Vec<String>> {
    let mut picked = BTreeMap::new();
    let own = walks.clone();
    for router in routers {
        let shown = text::comment(&router.name);
        let mut names: Vec<&str> = Vec::new();
        for (span, word) in &router.words {
            if own.contains_key(word) {
                if !names.contains(&word.as_str()) {
                    names.push(word);
                }
            } else if router.tiers.contains(word) {
                let word = text::comment(word);
                notes.state(*span, format!("who `{word}` is: the router `{shown}` may pick it, but no public name is spelled that way"));
            }
        }
        if names.is_empty() {
            notes.left(router.span, format!("`{shown}`: it picks another public name for each request, and the file does not say which ones it may pick"));
            continue;
        }
        if walks.contains_key(&router.name) || draft.use_cases.len() >= MAX_IMPORTED_ENTRIES {
            notes.left(
                router.span,
                format!(
                    "the router `{shown}`: other deployments have its name, or there are too many use cases"
                ),
            );
            continue;
        }
        let members: Vec<_> = names.iter().filter_map(|name| Some((None, own.get(*name)?))).collect();
        let walk = Walk::of_members(&members);
        let list: Vec<String> = names.iter().map(|name| text::comment(name)).collect();
        let all = words::some(&list, 20);
        notes.read(router.span, format!("`{shown}` as a use case with the deployments of {all}: LiteLLM picks one of these names for each request, and here they stand in an order; the fallbacks of all of them can follow"));
        draft.use_cases.push(UseCase {
            name: router.name.clone(),
            span: router.span,
            team: None,
            serves: walk.all(),
            routes: Vec::new(),
            comments: vec![format!("a router, which picks one of {all} for each request")],
        });
        walks.insert(router.name.clone(), walk);
        picked.insert(router.name.clone(), names.into_iter().map(str::to_owned).collect());
    }
    picked
}
