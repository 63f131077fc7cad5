//! Counts, from the grammar and from the schemas, that random workspaces hold everything that a workspace can hold.

use std::collections::{BTreeMap, BTreeSet};

use govctl::model::attribute::Attribute;
use pest::Parser as _;
use pest::iterators::Pair;
use serde_json::Value;

use super::{rolls, workspace};

mod generated {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/gov.pest"]
    pub(super) struct Policies;
}
use generated::{Policies, Rule};

const GRAMMAR: &str = include_str!("../../../grammar/gov.pest");

/// Only `fmt` and the reader of single statements begin at these.
const ENTRIES: [&str; 2] = ["entry", "statement_start"];
/// Words that a rule is made of, each of which means something.
const VOCABULARIES: [&str; 12] = [
    "tier",
    "vocabulary_kind",
    "trigger",
    "aspect",
    "dimension",
    "period",
    "mode",
    "quota_unit",
    "quota_period",
    "terminal_kind",
    "compare_op",
    "duration_unit",
];

/// A rule of the grammar.
struct Written {
    name: String,
    /// Rules that its own name, and those that can stand in it.
    parts: BTreeSet<String>,
    /// Texts that it is made of.
    words: BTreeSet<String>,
    is_silent: bool,
    is_atomic: bool,
}

/// The rules as they are written, in a reading just good enough for this grammar.
fn written() -> Vec<Written> {
    let mut text: String =
        GRAMMAR.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    text.push('\n');
    let mut rules = Vec::new();
    for rule in text.split("\n}\n").flat_map(|piece| piece.split(" }\n")) {
        let Some((name, body)) = rule.split_once(" = ") else { continue };
        let (modifier, body) = body.split_once('{').expect("a body");
        let (words, parts) = tokens(body);
        rules.push(Written {
            name: name.trim().to_owned(),
            parts,
            words,
            is_silent: modifier.contains('_'),
            is_atomic: modifier.contains('@'),
        });
    }
    rules
}

/// Quoted texts and names of rules; what stands behind `!` or `&` matches nothing.
fn tokens(body: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut words, mut names) = (BTreeSet::new(), BTreeSet::new());
    let mut rest = body.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                let end = rest.get(1..).and_then(|text| text.find('"')).expect("a closed text") + 2;
                words.insert(rest[1..end - 1].to_owned());
                end
            }
            '!' | '&' if rest[1..].starts_with('(') => rest.find(')').expect("a closed group") + 1,
            '!' | '&' => {
                1 + rest[1..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len() - 1)
            }
            c if c.is_alphabetic() => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                names.insert(rest[..end].to_owned());
                end
            }
            c => c.len_utf8(),
        };
        rest = rest[length..].trim_start();
    }
    (words, names)
}

/// What random policies hold.
#[derive(Default)]
struct Seen {
    rules: BTreeSet<String>,
    parts: BTreeSet<(String, String)>,
    words: BTreeMap<String, BTreeSet<String>>,
}

impl Seen {
    fn look(&mut self, pair: Pair<Rule>) {
        let name = format!("{:?}", pair.as_rule());
        self.rules.insert(name.clone());
        self.words.entry(name.clone()).or_default().insert(pair.as_str().to_lowercase());
        for part in pair.into_inner() {
            self.parts.insert((name.clone(), format!("{:?}", part.as_rule())));
            self.look(part);
        }
    }
}

#[test]
fn random_policies_hold_every_rule_of_the_grammar() {
    let mut seen = Seen::default();
    for seed in 1..=600 {
        let [_, _, (_, text)] = workspace(&rolls(seed, 600));
        let pairs = Policies::parse(Rule::file, &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        pairs.for_each(|pair| seen.look(pair));
    }
    let rules = written();
    let known: BTreeMap<&str, &Written> = rules.iter().map(|rule| (rule.name.as_str(), rule)).collect();
    assert!(known.len() > 150, "the grammar is read: {}", known.len());
    let mut missing = Vec::new();
    let loud = |rule: &&Written| !rule.is_silent && !ENTRIES.contains(&rule.name.as_str());
    for rule in rules.iter().filter(loud) {
        if !seen.rules.contains(&rule.name) {
            missing.push(rule.name.clone());
        }
        if VOCABULARIES.contains(&rule.name.as_str()) {
            let found = seen.words.get(&rule.name);
            let words = rule.words.iter().filter(|word| !found.is_some_and(|found| found.contains(*word)));
            missing.extend(words.map(|word| format!("{} {word:?}", rule.name)));
        }
        if !rule.is_atomic {
            let parts =
                rule.parts.iter().filter(|part| known.get(part.as_str()).is_some_and(|part| !part.is_silent));
            let parts = parts.filter(|part| !seen.parts.contains(&(rule.name.clone(), (*part).clone())));
            missing.extend(parts.map(|part| format!("{part} in {}", rule.name)));
        }
    }
    let references = seen.words.get("reference").cloned().unwrap_or_default();
    let attributes = Attribute::all().map(Attribute::name).chain(["tenant", "channel", "place", "seen"]);
    missing.extend(
        attributes.filter(|name| !references.contains(*name)).map(|name| format!("attribute {name}")),
    );
    assert_eq!(missing, Vec::<String>::new());
}

/// Every key of a schema by its path, and every word that a value is chosen from.
struct Keys<'a> {
    schema: &'a Value,
    found: BTreeSet<String>,
}

impl<'a> Keys<'a> {
    fn look(&mut self, node: &'a Value, path: &str, within: &[&'a str]) {
        if let Some(reference) = node["$ref"].as_str() {
            // What holds itself was looked at already.
            if !within.contains(&reference) {
                let target = self.schema.pointer(&reference[1..]).expect("what is referred to");
                self.look(target, path, &[within, &[reference]].concat());
            }
            return;
        }
        for (key, value) in node["properties"].as_object().into_iter().flatten() {
            let of_key = format!("{path}/{key}");
            // A document of governance holds the same.
            let path = if key == "governance" { path } else { of_key.as_str() };
            self.found.insert(of_key.clone());
            self.look(value, path, within);
        }
        for key in ["items", "additionalProperties"] {
            self.look_into(node.get(key), path, within);
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            let all = node[key].as_array().into_iter().flatten();
            all.for_each(|value| self.look_into(Some(value), path, within));
        }
        let words = node["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
        self.found.extend(words.map(|word| format!("{path} = {word}")));
    }

    fn look_into(&mut self, node: Option<&'a Value>, path: &str, within: &[&'a str]) {
        if let Some(node) = node.filter(|node| node.is_object()) {
            self.look(node, path, within);
        }
    }
}

/// The same of a document: keys that a schema leaves free are no part of a path.
fn written_in(document: &Value, path: &str, known: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    match document {
        Value::Object(members) => {
            for (key, value) in members {
                let of_key = format!("{path}/{key}");
                let is_known = known.contains(&of_key);
                let path = if is_known && key != "governance" { of_key.as_str() } else { path };
                seen.extend(is_known.then_some(of_key.clone()));
                written_in(value, path, known, seen);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| written_in(item, path, known, seen)),
        Value::String(word) => {
            seen.insert(format!("{path} = {word}"));
        }
        _ => {}
    }
}

#[test]
fn random_registries_and_estates_hold_every_key_and_word_of_their_schemas() {
    let schemas = [
        include_str!("../../../schemas/registry.schema.json"),
        include_str!("../../../schemas/estate.schema.json"),
    ];
    for (at, schema) in schemas.into_iter().enumerate() {
        let schema: Value = serde_json::from_str(schema).expect("JSON");
        let mut keys = Keys { schema: &schema, found: BTreeSet::new() };
        keys.look(&schema, "", &[]);
        assert!(keys.found.len() > 40, "the schema is read: {:?}", keys.found);
        let mut seen = BTreeSet::new();
        for seed in 1..=600 {
            let text = &workspace(&rolls(seed, 600))[at].1;
            let document: Value =
                serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            written_in(&document, "", &keys.found, &mut seen);
        }
        assert_eq!(keys.found.difference(&seen).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
