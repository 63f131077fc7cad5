//! What differs in the text of two sides, one thing at a time.

use std::collections::BTreeMap;

use super::flat::{Entry, EntryName, Flat};
use crate::source::Sources;
use crate::syntax::tree::Statement;
use crate::yaml::{Kind, Value};

/// How a thing differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Only the new side has it.
    Added,
    /// Only the old side has it.
    Removed,
    /// Both have it, with another content.
    Changed,
}

impl Difference {
    /// As a cause says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// Everything that differs, in the order of files on the page: statements, registry, estate.
pub fn units(old: (&Flat, &Sources), new: (&Flat, &Sources)) -> Vec<(EntryName, Difference)> {
    let mut found = Vec::new();
    for key in keys(&old.0.statements, &new.0.statements) {
        let text = |(flat, sources): (&Flat, &Sources)| {
            flat.statements.get(key).map(|statement| bare(sources.text(statement.span)))
        };
        if let Some(how) = difference(text(old).as_ref(), text(new).as_ref(), |a, b| a == b) {
            found.push((EntryName::Statement(key.0, key.1.clone()), how));
        }
    }
    let (old, new) = (old.0, new.0);
    for name in keys(&old.providers, &new.providers) {
        let (a, b) = (old.providers.get(name), new.providers.get(name));
        let whole = EntryName::Provider(name.clone());
        entries(a, b, whole, &|key| EntryName::ProviderKey(name.clone(), key), &mut found);
    }
    for id in keys(&old.models, &new.models) {
        // A whole provider brings its models.
        if old.providers.contains_key(&id.0) && new.providers.contains_key(&id.0) {
            let (a, b) = (old.models.get(id), new.models.get(id));
            let whole = EntryName::Model(id.0.clone(), id.1.clone());
            entries(a, b, whole, &|key| EntryName::ModelKey(id.0.clone(), id.1.clone(), key), &mut found);
        }
    }
    for name in keys(&old.use_cases, &new.use_cases) {
        let (a, b) = (old.use_cases.get(name), new.use_cases.get(name));
        entries(
            a,
            b,
            EntryName::UseCase(name.clone()),
            &|key| EntryName::UseCaseKey(name.clone(), key),
            &mut found,
        );
    }
    found
}

/// Kinds of statements whose names change no decision.
const NAMELESS: [&str; 3] = ["rule", "failover", "audit"];

/// Statements that are the same but for their name: kind, old name, new name. Each is the other's only partner.
pub fn renamed(old: (&Flat, &Sources), new: (&Flat, &Sources)) -> Vec<(&'static str, String, String)> {
    let gone = |(flat, sources): (&Flat, &Sources), other: &Flat| -> Vec<(&'static str, String, String)> {
        let gone = flat.statements.iter().filter(|(key, _)| !other.statements.contains_key(*key));
        let gone = gone.filter(|(key, _)| NAMELESS.contains(&key.0));
        let text = |statement: &Statement| {
            let text = bare(sources.text(statement.span));
            text.split_once('{').map_or(text.clone(), |(head, body)| {
                let tier = head.split(' ').next().unwrap_or_default();
                format!("{tier} {{{body}")
            })
        };
        gone.map(|((kind, name), statement)| (*kind, name.clone(), text(statement))).collect()
    };
    let (removed, added) = (gone(old, new.0), gone(new, old.0));
    let bodies =
        |all: &'_ [(&'static str, String, String)]| -> BTreeMap<(&'static str, String), Vec<String>> {
            let mut bodies: BTreeMap<(&'static str, String), Vec<String>> = BTreeMap::new();
            for (kind, name, body) in all {
                bodies.entry((kind, body.clone())).or_default().push(name.clone());
            }
            bodies
        };
    let (before, after) = (bodies(&removed), bodies(&added));
    let mut found: Vec<(&'static str, String, String)> = Vec::new();
    for (key, names) in &before {
        if let ([old], Some([new])) = (names.as_slice(), after.get(key).map(Vec::as_slice)) {
            found.push((key.0, old.clone(), new.clone()));
        }
    }
    found.sort();
    found
}

fn keys<'a, K: Ord, V>(old: &'a BTreeMap<K, V>, new: &'a BTreeMap<K, V>) -> Vec<&'a K> {
    let mut keys: Vec<&K> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn difference<T>(old: Option<&T>, new: Option<&T>, same: impl Fn(&T, &T) -> bool) -> Option<Difference> {
    match (old, new) {
        (None, Some(_)) => Some(Difference::Added),
        (Some(_), None) => Some(Difference::Removed),
        (Some(old), Some(new)) if !same(old, new) => Some(Difference::Changed),
        _ => None,
    }
}

/// Whether two entries differ in nothing but what they are called.
pub fn say_the_same(old: Option<&Entry>, new: Option<&Entry>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return false };
    let mut found = Vec::new();
    entries(Some(old), Some(new), EntryName::UseCase(String::new()), &EntryName::UseCase, &mut found);
    let called = ["name", "aliases", "endpoint_tag"].map(|key| EntryName::UseCase(key.to_owned()));
    found.iter().all(|(key, _)| called.contains(key))
}

fn entries(
    old: Option<&Entry>,
    new: Option<&Entry>,
    whole: EntryName,
    part: &dyn Fn(String) -> EntryName,
    found: &mut Vec<(EntryName, Difference)>,
) {
    let (Some(old), Some(new)) = (old, new) else {
        found.extend(difference(old, new, |_, _| true).map(|how| (whole, how)));
        return;
    };
    for key in keys(&old.keys, &new.keys) {
        let same_pairs = |a: &Vec<(_, Value)>, b: &Vec<(_, Value)>| {
            a.len() == b.len() && a.iter().zip(b).all(|((_, a), (_, b))| same(a, b))
        };
        found.extend(
            difference(old.keys.get(key), new.keys.get(key), same_pairs).map(|how| (part(key.clone()), how)),
        );
    }
}

/// Whether two values say the same, wherever they stand.
fn same(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::List(a), Kind::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Kind::Map(a), Kind::Map(b)) => {
            let pairs = || a.iter().zip(b);
            a.len() == b.len() && pairs().all(|((key, a), (other, b))| key.value == other.value && same(a, b))
        }
        (Kind::Number { exact: Some(a), .. }, Kind::Number { exact: Some(b), .. }) => a == b,
        (a, b) => a == b,
    }
}

/// A statement's text without comments and with one space for any white space outside strings.
pub fn bare(text: &str) -> String {
    let mut bare = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '#' => {
                characters.by_ref().find(|character| *character == '\n');
                space(&mut bare);
            }
            '"' => {
                bare.push('"');
                let mut escaped = false;
                for inside in characters.by_ref() {
                    bare.push(inside);
                    if inside == '"' && !escaped {
                        break;
                    }
                    escaped = inside == '\\' && !escaped;
                }
            }
            white if white.is_whitespace() => space(&mut bare),
            other => bare.push(other),
        }
    }
    bare.trim_end().to_owned()
}

fn space(text: &mut String) {
    if !text.ends_with(' ') {
        text.push(' ');
    }
}
