//! Where requests to a model go, and with which key: another host, key or name upstream is another destination, whatever
//! the model and its provider are called.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::fresh::{self, Fresh};
use super::gate::Moved;
use super::rename::Names;
use super::sides::{Case, Side};
use super::store::Store;
use crate::compile::parts;
use crate::export::profile;
use crate::model::World;
use crate::source::listed;

/// What names a destination or a key, as far as it is stated: key and value.
pub type Way = BTreeMap<String, String>;

/// The key of the provider's own name for a model.
pub(super) const UPSTREAM: &str = "model";

/// What an endpoint and a profile name: of a profile everything that is not known to be harmless, for a gateway may let
/// it win over `endpoint`.
pub(super) fn of(endpoint: &Map<String, Value>, profile: &Map<String, Value>) -> Way {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let named = endpoint.iter().map(|(key, value)| (key.clone(), text(value)));
    let settings = profile.iter().filter(|(key, value)| !profile::is_harmless(key, value));
    named.chain(settings.map(|(key, value)| (format!("profile.{key}"), text(value)))).collect()
}

/// How each model of a world is reached, by id.
pub(super) fn of_models(world: &World) -> BTreeMap<String, Way> {
    let way = |endpoint, profile| of(&parts::object(endpoint), &parts::object(profile));
    world.models.iter().map(|model| (model.id.clone(), way(&model.endpoint, &model.profile))).collect()
}

/// How the models of each provider are reached that do not say otherwise.
pub(super) fn of_providers(world: &World) -> BTreeMap<String, Way> {
    let way = |endpoint| of(&parts::object(endpoint), &Map::new());
    world.providers.iter().map(|one| (one.name.value.clone(), way(&one.endpoint))).collect()
}

/// The destinations that are others, and those that models lead to which served nobody before.
pub fn moved(store: &Store, old: &Side, new: &Side, names: &Names) -> Vec<Moved> {
    let elsewhere = elsewhere(old, new, names);
    let usual = usual(old, new, &elsewhere);
    let found = fresh::found(store, &[old], &old.serving, new, names);
    let mut all: Vec<Moved> = elsewhere.iter().map(|(step, ids)| step.of(ids, names, &found)).collect();
    let others: Vec<Fresh> = found.into_iter().filter(Fresh::is_other).collect();
    all.extend(fresh::moved(&others));
    all.extend(usual);
    all
}

/// What is stated of a way otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Step<'a> {
    key: &'a str,
    after: String,
    before: String,
}

impl<'a> Step<'a> {
    fn new(key: &'a str, before: Option<String>, after: Option<String>) -> Self {
        Self { key, after: said(key, after), before: said(key, before) }
    }

    fn words(&self) -> String {
        let how = how(self.key);
        format!("reached {how} {}, before {how} {}", self.after, self.before)
    }

    /// Who accepts it does so for whom and where the models serve.
    fn of(&self, ids: &[&String], names: &Names, found: &[Fresh]) -> Moved {
        let be = if ids.len() == 1 { "is" } else { "are" };
        // Where nothing says what a renamed model is asked for as, that is its name.
        let renamed = ids.first().and_then(|id| names.of_kind("model").find(|(_, new)| new == id));
        let renamed = renamed.filter(|(old, new)| {
            let own = |id: &str| said(UPSTREAM, Some(bare(id).to_owned()));
            self.key == UPSTREAM && self.before == own(old) && self.after == own(new)
        });
        let renamed = renamed.map(|(old, _)| {
            format!(": `{old}` has another name, and `endpoint` states none that its provider knows it by")
        });
        let text = format!("{} {be} {}{}", first(ids), self.words(), renamed.unwrap_or_default());
        let rest = ids.iter().skip(1).map(|id| (*id).clone());
        let serving = found.iter().filter_map(|one| one.of_moved(self.key, ids));
        Moved::loosened(text).binding(rest.chain(serving).collect())
    }
}

/// Models that are reached otherwise, by what is stated.
type Steps<'a> = BTreeMap<Step<'a>, Vec<&'a String>>;

/// Models of both sides that are reached otherwise.
fn elsewhere<'a>(old: &'a Side, new: &'a Side, names: &'a Names) -> Steps<'a> {
    let mut moved = Steps::new();
    for (old_id, before) in &old.ways {
        let id = names.of("model", old_id).unwrap_or(old_id);
        let Some(after) = new.ways.get(id) else { continue };
        let stated = before.keys().chain(after.keys()).map(String::as_str);
        let keys: BTreeSet<&str> = stated.chain([UPSTREAM]).collect();
        for key in keys {
            let (before, after) = (value(before, key, old_id), value(after, key, id));
            if before != after {
                moved.entry(Step::new(key, before, after)).or_default().push(id);
            }
        }
    }
    moved
}

/// Providers whose models are reached otherwise where they do not say how: there may be none today. Where one moves so,
/// that is said of it.
fn usual(old: &Side, new: &Side, elsewhere: &Steps) -> Vec<Moved> {
    let mut moved = Vec::new();
    for (name, before) in &old.usual_ways {
        let Some(after) = new.usual_ways.get(name) else { continue };
        for key in before.keys().chain(after.keys()).collect::<BTreeSet<&String>>() {
            if before.get(key) == after.get(key) {
                continue;
            }
            let step = Step::new(key, before.get(key).cloned(), after.get(key).cloned());
            let is_said = elsewhere.get(&step).is_some_and(|ids| ids.iter().any(|id| provider(id) == name));
            if !is_said {
                let text = format!("models of `{name}` that do not say otherwise are {}", step.words());
                moved.push(Moved::loosened(text));
            }
        }
    }
    moved
}

/// What a key names. What states no name upstream is asked for by its own.
fn value(way: &Way, key: &str, id: &str) -> Option<String> {
    let own = || id.split_once('/').filter(|_| key == UPSTREAM).map(|(_, bare)| bare.to_owned());
    way.get(key).cloned().or_else(own)
}

/// The first of some models, and how many more there are.
pub(super) fn first(ids: &[&String]) -> String {
    match ids {
        [] => String::new(),
        [first, rest @ ..] => listed::and_more(&format!("`{first}`"), rest.len()),
    }
}

/// How a key leads to a model, before its value.
pub(super) fn how(key: &str) -> String {
    match key {
        "base_url" => "at".to_owned(),
        "api_key_env" => "with the key in".to_owned(),
        UPSTREAM => "as".to_owned(),
        "protocol" => "by the protocol".to_owned(),
        other => format!("with `{other}`"),
    }
}

pub(super) fn said(key: &str, value: Option<String>) -> String {
    let none = if key == "base_url" { "no stated address" } else { "nothing" };
    value.map_or(none.to_owned(), |value| format!("`{value}`"))
}

fn bare(id: &str) -> &str {
    id.split_once('/').map_or(id, |(_, bare)| bare)
}

pub(super) fn provider(id: &str) -> &str {
    id.split_once('/').map_or(id, |(provider, _)| provider)
}

/// The ids of the models that a use case reaches in some context.
pub(super) fn reached(store: &Store, case: &Case) -> BTreeSet<String> {
    let cells: BTreeSet<u32> = case.cells.iter().copied().collect();
    let outcomes = cells.into_iter().filter_map(|cell| store.get(cell));
    outcomes
        .flat_map(|outcome| store.reached(outcome))
        .map(|(_, portrait)| portrait.model.id.clone())
        .collect()
}
