//! Deployments that only pick another public name by what is asked: `auto_router/…`.

use std::collections::{BTreeMap, BTreeSet};

use super::group::Walk;
use super::params;
use crate::import::draft::{Draft, UseCase};
use crate::import::{Notes, text};
use crate::limits::MAX_IMPORTED_ENTRIES;
use crate::model::words;
use crate::source::{Span, Spanned};
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
    /// Where else it is said whom it may pick, which nobody reads here.
    unread: Vec<(Span, String)>,
    /// Settings that become nothing.
    others: Vec<(Span, String)>,
}

/// Reads a deployment that is one.
pub(super) fn read(name: &str, entry: &Value, params: &Value, model: &str) -> Option<Router> {
    if !model.starts_with(PREFIX) {
        return None;
    }
    let span = entry.get("model_name").map_or(entry.span, |name| name.span);
    let (words, tiers) = (Vec::new(), BTreeSet::new());
    let (unread, others) = (Vec::new(), Vec::new());
    let mut router = Router { name: name.to_owned(), span, words, tiers, unread, others };
    let info = entry.get("model_info").map(Value::entries).unwrap_or_default();
    let beside = entry.entries().iter().filter(|(key, _)| !ENTRY.contains(&key.value.as_str()));
    router.others.extend(info.iter().chain(beside).map(other));
    for (key, value) in params.entries() {
        let is_default = key.value.ends_with("router_default_model");
        if key.value.ends_with("router_config_path") {
            router.unread.push((key.span, written(value)));
        } else if let Some(text) = value.text().filter(|_| key.value.ends_with("router_config")) {
            // The proxy takes it as JSON in a text, too.
            match serde_json::from_str(text) {
                Ok(json) => texts_of_json(&json, value.span, &mut router.words),
                Err(_) => router.unread.push((key.span, format!("`{}`", text::comment(&key.value)))),
            }
        } else if is_default || key.value.ends_with("router_config") {
            picks(value, &mut router);
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
        } else if key.value != "model" && !params::is_secret(&key.value) {
            router.others.push(other(&(key.clone(), value.clone())));
        }
    }
    Some(router)
}

/// What a router's settings name; of those who only tell requests apart, and of numbers, it is listed that they are lost.
fn picks(value: &Value, router: &mut Router) {
    if value.entries().is_empty() {
        texts(value, &mut router.words);
    }
    for (key, value) in value.entries() {
        let is_classifier = key.value.starts_with("classifier");
        if is_classifier && value.get("model").is_some() {
            let (name, shown) = (text::comment(&key.value), text::comment(&text::flow(value)));
            router.others.push((key.span, format!("`{name}: {shown}`, which reads every prompt first")));
        } else if is_classifier || matches!(value.kind, Kind::Bool(_) | Kind::Number { .. }) {
            router.others.push(other(&(key.clone(), value.clone())));
        } else {
            texts(value, &mut router.words);
        }
    }
}

/// Keys of an entry that are read.
const ENTRY: [&str; 3] = ["model_name", "litellm_params", "model_info"];

/// A setting that becomes nothing. What asks a model itself says so.
fn other((key, value): &(Spanned<String>, Value)) -> (Span, String) {
    let name = text::comment(&key.value);
    let what = if key.value.ends_with("embedding_model") {
        format!("`{name}: {}`, which reads every prompt first", text::comment(&text::flow(value)))
    } else {
        format!("`{name}`")
    };
    (key.span, what)
}

/// A value in back quotes.
fn written(value: &Value) -> String {
    format!("`{}`", text::comment(value.text().unwrap_or(&text::flow(value))))
}

/// All texts within a value that stands as JSON in a text.
fn texts_of_json(value: &serde_json::Value, span: Span, found: &mut Vec<(Span, String)>) {
    match value {
        serde_json::Value::String(text) => found.push((span, text.clone())),
        serde_json::Value::Array(items) => items.iter().for_each(|item| texts_of_json(item, span, found)),
        serde_json::Value::Object(map) => map.values().for_each(|item| texts_of_json(item, span, found)),
        _ => {}
    }
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
        for (span, place) in &router.unread {
            notes.state(
                *span,
                format!("which names {place} lets the router `{shown}` pick: it is not read here"),
            );
        }
        for (span, what) in &router.others {
            notes.left(*span, format!("of the router `{shown}`: {what}"));
        }
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
        let places: Vec<&str> = router.unread.iter().map(|(_, place)| place.as_str()).collect();
        let or = if places.is_empty() {
            String::new()
        } else {
            format!(" or of those in {}", words::joined(&places))
        };
        notes.read(router.span, format!("`{shown}` as a use case with the deployments of {all}: LiteLLM picks one of these names{or} for each request, and here they stand in an order; the fallbacks of all of them can follow"));
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
