//! What decides whether a change passes is a part of the change: lint levels, folders, comments that silence, keys, who
//! may state what, where providers are reached, and how long a statement stands.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::causes::Texts;
use super::fingerprint;
use crate::load::LintLevel;
use crate::model::words::some;
use crate::syntax::tree::Statement;

/// What a side says about what is reported of it.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// How each warning counts; a table does not say.
    pub levels: BTreeMap<String, LintLevel>,
    /// Where each kind of file is read from.
    pub folders: Vec<(&'static str, Vec<String>)>,
    /// What comments silence: code and message, with the place.
    pub silenced: BTreeMap<(String, String), String>,
    /// The key that signed a table; none for a workspace, and where nothing signed it.
    pub key: Option<String>,
    /// Where gateways find what a request states, and who may state it.
    pub request: Map<String, Value>,
    /// Where each model is reached, by id, as far as that is stated.
    pub addresses: BTreeMap<String, String>,
}

/// A difference between the rules of two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// In words, names in back quotes.
    pub text: String,
    /// Whether less is held than before, and nobody has accepted that.
    pub loosened: bool,
}

impl Moved {
    /// Stays the same while it does.
    pub fn fingerprint(&self) -> String {
        fingerprint::of([&"gate".to_owned(), &self.text])
    }
}

/// How the rules differ, what is loosened first.
pub fn moved(old: &Rules, new: &Rules) -> Vec<Moved> {
    let mut all = levels(old, new);
    for ((code, message), place) in &new.silenced {
        if !old.silenced.contains_key(&(code.clone(), message.clone())) {
            let text = format!("a comment newly silences `{code}` at `{place}`: `{message}`");
            all.push(Moved { text, loosened: true });
        }
    }
    all.extend(stated(old, new));
    all.extend(addresses(old, new));
    for ((what, before), (_, after)) in old.folders.iter().zip(&new.folders) {
        if before != after {
            let (before, after) = (before.join("`, `"), after.join("`, `"));
            let text = format!("`govctl.yaml` reads the {what} from `{after}`, before from `{before}`");
            all.push(Moved { text, loosened: false });
        }
    }
    if old.key != new.key {
        let name = |key: &Option<String>| key.as_ref().map_or("no key".to_owned(), |key| format!("`{key}…`"));
        let text = format!("the table is signed with {}, before with {}", name(&new.key), name(&old.key));
        all.push(Moved { text, loosened: old.key.is_some() });
    }
    all.sort_by_key(|moved| !moved.loosened);
    all
}

/// The entries of `request` that differ: each says whose word counts.
fn stated(old: &Rules, new: &Rules) -> Vec<Moved> {
    let keys: BTreeSet<&String> = old.request.keys().chain(new.request.keys()).collect();
    let differs = keys.into_iter().filter(|key| old.request.get(*key) != new.request.get(*key));
    let moved = differs.map(|key| {
        let word =
            |rules: &Rules| rules.request.get(key).map_or("nothing".to_owned(), |value| format!("`{value}`"));
        let text = format!("`request.{key}` says {}, before {}: who may state what", word(new), word(old));
        Moved { text, loosened: true }
    });
    moved.collect()
}

/// The models that are reached elsewhere: what is sent to them goes to another host.
fn addresses(old: &Rules, new: &Rules) -> Vec<Moved> {
    let mut moved: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (id, before) in &old.addresses {
        if let Some(after) = new.addresses.get(id).filter(|after| *after != before) {
            moved.entry((before, after)).or_default().push(id);
        }
    }
    let moved = moved.into_iter().map(|((before, after), ids)| {
        let what = match ids.as_slice() {
            [one] => format!("`{one}` is"),
            [first, rest @ ..] => format!("`{first}` and {} more are", rest.len()),
            [] => String::new(),
        };
        Moved { text: format!("{what} reached at `{after}`, before at `{before}`"), loosened: true }
    });
    moved.collect()
}

/// The statements of both sides that end sooner than they did: today nothing changes by it.
pub fn ends(texts: &Texts) -> Vec<Moved> {
    let (old, new) = (&texts.old.0.statements, &texts.new.0.statements);
    let both = old.iter().filter_map(|(name, before)| Some((name, before, new.get(name)?)));
    let last = |statement: &Statement| statement.kind.force().last();
    let sooner = both.filter(|(_, before, after)| last(after) < last(before));
    let moved = sooner.map(|((kind, name), before, after)| {
        let until =
            before.kind.force().until.map_or("without an end".to_owned(), |day| format!("on {}", day.date));
        let text = format!("{kind} `{name}` ends on {}, before {until}", last(after));
        Moved { text, loosened: true }
    });
    moved.collect()
}

/// Those that move alike are one entry. Tables say nothing of levels, so of these nothing is loosened.
fn levels(old: &Rules, new: &Rules) -> Vec<Moved> {
    let mut moves: BTreeMap<(u8, u8), Vec<&str>> = BTreeMap::new();
    for (code, before) in &old.levels {
        if let Some(after) = new.levels.get(code).filter(|after| *after != before) {
            moves.entry((rank(*after), rank(*before))).or_default().push(code);
        }
    }
    let moved = moves.into_iter().map(|((after, before), codes)| {
        let codes = some(&codes, MOST_CODES);
        let text = format!("`govctl.yaml` sets {codes} to {}, before {}", word(after), word(before));
        Moved { text, loosened: after < before }
    });
    moved.collect()
}

/// So many warnings whose level moves are named.
const MOST_CODES: usize = 5;

fn rank(level: LintLevel) -> u8 {
    match level {
        LintLevel::Allow => 0,
        LintLevel::Warn => 1,
        LintLevel::Deny => 2,
    }
}

fn word(rank: u8) -> &'static str {
    match rank {
        0 => "allow",
        1 => "warn",
        _ => "deny",
    }
}
