//! Lists of fallbacks: whose they are, by the rules by which the proxy looks a name up in them.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Names, Served};
use super::vendors;
use crate::catalogue::Catalogue;
use crate::import::{Notes, provider, text};
use crate::source::Span;
use crate::yaml::{Kind, Value};

/// One name with those that step in for it.
struct Entry {
    name: String,
    span: Span,
    targets: Vec<String>,
}

/// A list, as one setting has it.
pub(super) struct List {
    /// The key under which the file states it.
    key: &'static str,
    entries: Vec<Entry>,
    /// The first and the last entry of each name.
    first: BTreeMap<String, usize>,
    last: BTreeMap<String, usize>,
    /// Names without a provider whose entry has it, as far as the provider can be told.
    prefixed: BTreeMap<String, usize>,
}

/// By which rule an entry is that of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// It has the name; the first entry that does counts.
    Same,
    /// It has the name without its provider; the last that does counts.
    Stripped,
    /// It has the name with a provider in front that the name is known to be of.
    Prefixed,
    /// It is `*`, which is everybody's who has no other.
    Everybody,
}

/// The name of the entry that is everybody's.
const EVERYBODY: &str = "*";

impl List {
    pub(super) fn new(key: &'static str) -> Self {
        let (first, last, prefixed) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { key, entries: Vec::new(), first, last, prefixed }
    }

    /// Reads the value of a setting: a list of maps with one name each.
    pub(super) fn read(&mut self, list: &Value, notes: &mut Notes) {
        let key = self.key;
        // The router looks only into these two before it starts.
        let is_checked = key != "context_window_fallbacks";
        let refuses = if is_checked { "; LiteLLM refuses to start with it" } else { "" };
        if list.items().is_empty() && matches!(list.kind, Kind::List(_)) {
            return;
        }
        let maps = if list.items().is_empty() { std::slice::from_ref(list) } else { list.items() };
        for map in maps {
            let names = map.entries().len();
            if names == 0 {
                notes.left(
                    map.span,
                    format!("an entry of `{key}` that does not map a name to a list{refuses}"),
                );
            } else if list.items().is_empty() {
                notes.read(map.span, format!("a map instead of a list of maps in `{key}`{refuses}; here each name counts as an entry of its own"));
            } else if names > 1 && is_checked {
                notes.read(map.span, format!("an entry of `{key}` with {names} names{refuses}; here each counts as an entry of its own"));
            }
            for (at, (name, value)) in map.entries().iter().enumerate() {
                if at > 0 && !is_checked && !list.items().is_empty() {
                    let shown = text::comment(&name.value);
                    notes.left(
                        name.span,
                        format!("`{shown}` in `{key}`: LiteLLM reads only the first name of an entry"),
                    );
                    continue;
                }
                self.entry(name.value.clone(), name.span, value, notes);
            }
        }
    }

    fn entry(&mut self, name: String, span: Span, value: &Value, notes: &mut Notes) {
        let (key, shown) = (self.key, text::comment(&name));
        if name.is_empty() {
            notes.left(span, format!("an entry of `{key}` for nobody: the name in it is empty"));
            return;
        }
        let found = targets(value);
        if found.is_empty() {
            notes.left(span, format!("`{shown}` in `{key}`: it lists no fallback"));
        }
        strangers(value, key, notes);
        if value.items().iter().any(|item| item.entries().len() > 1) {
            notes.left(value.span, format!("parameters that `{key}` gives to the fallbacks of `{shown}`"));
        }
        if value.text().is_some() {
            notes.read(value.span, format!("text instead of a list in `{key}`: LiteLLM reads it letter by letter; here it is one name"));
        }
        self.add(name, span, found);
    }

    /// Adds what is everybody's behind all others.
    pub(super) fn everybody(&mut self, value: &Value, notes: &mut Notes) {
        strangers(value, "default_fallbacks", notes);
        if value.text().is_some() {
            notes.read(value.span, "text instead of a list in `default_fallbacks`: LiteLLM reads it letter by letter; here it is one name");
        }
        self.add(EVERYBODY.to_owned(), value.span, targets(value));
    }

    fn add(&mut self, name: String, span: Span, targets: Vec<String>) {
        let at = self.entries.len();
        self.first.entry(name.clone()).or_insert(at);
        self.last.insert(name.clone(), at);
        self.entries.push(Entry { name, span, targets });
    }

    /// Finds out which entries with a provider are those of names without one.
    pub(super) fn infer(&mut self, catalogue: Option<&Catalogue>) {
        for (name, at) in &self.last {
            let Some((prefix, rest)) = name.split_once('/') else { continue };
            let inferred = provider::split(rest, None, catalogue).filter(|_| !rest.contains('/'));
            if inferred.is_some_and(|(known, _)| known == prefix) {
                self.prefixed.insert(rest.to_owned(), *at);
            }
        }
    }

    /// The entry of a name: its own, else one of the name without or with its provider, else everybody's.
    pub(super) fn find(&self, name: &str) -> Option<(usize, Rule)> {
        let stripped = || {
            let (prefix, _) = name.split_once('/').filter(|(prefix, _)| vendors::is_one(prefix))?;
            self.last.get(&name.replace(&format!("{prefix}/"), ""))
        };
        let own = self.first.get(name).map(|at| (*at, Rule::Same));
        let own = own.or_else(|| stripped().map(|at| (*at, Rule::Stripped)));
        let own = own.or_else(|| self.prefixed.get(name).map(|at| (*at, Rule::Prefixed)));
        own.or_else(|| self.last.get(EVERYBODY).map(|at| (*at, Rule::Everybody)))
    }

    /// The first of everybody's fallbacks.
    pub(super) fn stand_in(&self) -> Option<&str> {
        let mut everybody = self.entries.iter().filter(|entry| entry.name == EVERYBODY);
        everybody.find_map(|entry| entry.targets.first()).map(String::as_str)
    }

    /// Whether the setting lists nothing, so that `LiteLLM` takes it for not there.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Says that for an error this list comes before the general one, and how they lead to each other.
    pub(super) fn say_first(&self, error: &str, notes: &mut Notes) {
        if let Some(first) = self.entries.first() {
            notes.read(first.span, format!("`{}` for {error}, and no failover from a name that it does not list; a fallback that then fails by another error goes on to `fallbacks`, and one of `fallbacks` that fails by this error goes on to this list, so each chain holds everybody who can be reached, whatever error each gives", self.key));
        }
    }

    /// What steps in according to an entry.
    pub(super) fn targets(&self, at: usize) -> &[String] {
        self.entries.get(at).map_or(&[], |entry| &entry.targets)
    }

    /// Where an entry stands.
    pub(super) fn place(&self, at: usize) -> Option<Span> {
        self.entries.get(at).map(|entry| entry.span)
    }

    /// Says whose entries are where the names are not the same.
    pub(super) fn say(&self, name: &str, at: usize, rule: Rule, notes: &mut Notes) {
        let Some(entry) = self.entries.get(at) else { return };
        let why = match rule {
            Rule::Same | Rule::Everybody => return,
            Rule::Stripped => "LiteLLM also looks a name up without the provider in front of it",
            Rule::Prefixed => "LiteLLM also looks a name up with the provider whose model it is",
        };
        notes.read(
            entry.span,
            format!(
                "the fallbacks of `{}` in `{}` as those of `{}`: {why}",
                text::comment(&entry.name),
                self.key,
                text::comment(name)
            ),
        );
    }

    /// The entry for everybody that counts, and where it stands.
    pub(super) fn for_everybody(&self) -> Option<(usize, Span)> {
        let at = *self.last.get(EVERYBODY)?;
        Some((at, self.entries.get(at)?.span))
    }

    /// Lists the entries that no walk came by, and why none did.
    pub(super) fn list_unused(&self, used: &BTreeSet<usize>, names: &Names, notes: &mut Notes) {
        let targets: BTreeSet<&String> = self.entries.iter().flat_map(|entry| &entry.targets).collect();
        for (at, entry) in self.entries.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
            let (shown, key) = (text::comment(&entry.name), self.key);
            let counts =
                |other: Option<&usize>| other.is_some_and(|other| *other != at && used.contains(other));
            let why = if entry.name == EVERYBODY {
                if self.last.get(EVERYBODY) == Some(&at) {
                    continue;
                }
                format!("`*` in `{key}`: a later one counts, and `default_fallbacks` comes last")
            } else if counts(self.first.get(&entry.name)) {
                format!("`{shown}` stands in `{key}` again: LiteLLM follows the first entry only")
            } else if counts(self.last.get(&entry.name)) {
                format!("`{shown}` stands in `{key}` again: LiteLLM follows the last entry only")
            } else {
                let why = match names.find(&entry.name) {
                    Served::Wildcard(pattern) => format!(
                        "the wildcard `{}` serves that name, and it was not carried over",
                        text::comment(pattern)
                    ),
                    Served::Left => "its entry in `model_list` was not carried over".to_owned(),
                    _ if targets.contains(&entry.name) => {
                        "no public name is spelled that way, and no chain comes to it before `max_fallbacks` attempts (5 if it is not stated)".to_owned()
                    }
                    _ => "no public name is spelled that way, so they are never used".to_owned(),
                };
                format!("the fallbacks of `{shown}`: {why}")
            };
            notes.left(entry.span, why);
        }
    }
}

/// Lists what stands among fallbacks and names none.
fn strangers(value: &Value, key: &str, notes: &mut Notes) {
    let items =
        if let Kind::List(items) = &value.kind { items.as_slice() } else { std::slice::from_ref(value) };
    for item in items.iter().filter(|item| target(item).is_none()) {
        let (what, shown) = (text::kind(item), text::comment(&text::flow(item)));
        notes.left(item.span, format!("a fallback in `{key}`: it is {what}, `{shown}`, and names no model"));
    }
}

/// The names that a value lists.
pub(super) fn targets(value: &Value) -> Vec<String> {
    if value.items().is_empty() {
        target(value).map(str::to_owned).into_iter().collect()
    } else {
        value.items().iter().filter_map(target).map(str::to_owned).collect()
    }
}

/// A name, alone or with parameters.
pub(super) fn target(value: &Value) -> Option<&str> {
    value.text().or_else(|| value.get("model")?.text()).filter(|name| !name.is_empty())
}
