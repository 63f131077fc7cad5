//! Counts, from the grammar itself, that random policies hold everything that a policy can hold.

use std::collections::{BTreeMap, BTreeSet};

use govctl::model::attribute::Attribute;
use pest::Parser as _;
use pest::iterators::Pair;

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
