//! Facts with the values that a file compares with, and what the language cannot say as a fact of yes and no, so that
//! both ways are checked.

use std::collections::{BTreeMap, BTreeSet};

use super::condition::Test;
use super::text::{self, Names};
use crate::model::words;
use crate::registry::secrets::{key_in, mark};

/// What a fact is where a request states nothing, or what no condition names.
const OTHER: &str = "other";

/// What a fact is where a request states nothing, and that differs from everything else.
const UNSTATED: &str = "unstated";

/// What a fact is where a request states the empty text, which the language has no name for.
pub(super) const EMPTY: &str = "empty-text";

/// What parts a value that is no text from its kind.
const KIND: char = '\u{1}';

/// The kinds of values that are told apart though they are written alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    Text,
    Number,
    Boolean,
}

impl Typed {
    fn word(self) -> Option<&'static str> {
        match self {
            Self::Text => None,
            Self::Number => Some("number"),
            Self::Boolean => Some("boolean"),
        }
    }
}

/// Names that mean something else in a condition.
const TAKEN: [&str; 28] = [
    "use_case",
    "business_unit",
    "team",
    "project",
    "application",
    "workload",
    "classification",
    "risk",
    "criticality",
    "compliance",
    "regulations",
    "residency",
    "data",
    "capabilities",
    "retention_max",
    "latency_sla",
    "availability_target",
    "min_context",
    "regulated_output",
    "budget",
    "model",
    "provider",
    "user",
    "chain",
    "audit",
    "failover",
    "quota",
    "down",
];

/// What a request may state.
#[derive(Debug, Default)]
struct Fact {
    values: BTreeSet<String>,
    /// What it is where nothing is stated.
    default: &'static str,
    /// What it stands for, as the file has it.
    comment: String,
    /// It is whether a condition holds that the language cannot say.
    is_opaque: bool,
}

impl Fact {
    /// A value as it is written: with its kind where one of another kind is written alike.
    fn shown(&self, value: &str) -> String {
        let Some((text, kind)) = value.split_once(KIND) else { return value.to_owned() };
        if !self.values.contains(text) {
            return text.to_owned();
        }
        let mut shown = format!("{text}-as-{kind}");
        while self.values.contains(&shown) {
            shown.push_str("-here");
        }
        shown
    }

    /// Which values are no texts, in words.
    fn kinds(&self) -> String {
        let of = |kind: Typed, what: &str| {
            let word = kind.word()?;
            let typed =
                self.values.iter().filter(|value| value.split_once(KIND).is_some_and(|(_, own)| own == word));
            let shown: Vec<String> = typed.map(|value| text::comment(&self.shown(value))).collect();
            let (verb, what) = if shown.len() == 1 {
                ("stands for", what.to_owned())
            } else {
                ("stand for", format!("{what}s"))
            };
            (!shown.is_empty()).then(|| {
                format!(
                    " {} {verb} the {what}: a text with the same characters is another value.",
                    words::some(&shown, 5)
                )
            })
        };
        [of(Typed::Number, "number"), of(Typed::Boolean, "boolean")].into_iter().flatten().collect()
    }
}

/// The facts that conditions read.
#[derive(Debug, Default)]
pub(super) struct Facts {
    all: BTreeMap<String, Fact>,
    /// Their names, by what they stand for.
    names: BTreeMap<String, String>,
    taken: Names,
    /// How many times a fact of yes and no was asked for.
    pub(super) opaque: usize,
}

impl Facts {
    /// The same of a value of some kind: one of another kind that is written alike is another value.
    pub(super) fn is_typed(&mut self, shown: &str, name: &str, value: &str, kind: Typed) -> Test {
        let fact = self.fact(shown, name, OTHER);
        match kind.word() {
            Some(word) => self.holds(&fact, format!("{value}{KIND}{word}")),
            None => self.has(&fact, value),
        }
    }

    /// The same, of what is neither this value nor another where nothing is stated.
    pub(super) fn stated_as(&mut self, shown: &str, name: &str, value: &str) -> Test {
        let fact = self.fact(shown, name, UNSTATED);
        self.has(&fact, value)
    }

    /// Whether a request states anything else than a value.
    pub(super) fn stated_but(&mut self, shown: &str, name: &str, value: Option<&str>) -> Test {
        let fact = self.fact(shown, name, UNSTATED);
        if let Some(known) = self.all.get_mut(&fact) {
            known.values.insert(OTHER.to_owned());
        }
        let is_value = value.map_or(Test::Never, |value| self.has(&fact, value));
        Test::all([Test::Is(fact, UNSTATED.to_owned()).not(), is_value.not()])
    }

    /// A condition that the language cannot say, as a fact of yes and no; whoever calls has to state it.
    pub(super) fn opaque(&mut self, shown: &str, holds: bool, may_lack: bool) -> Test {
        let default = if may_lack { UNSTATED } else { "no" };
        self.opaque += 1;
        let shown =
            if key_in(shown).is_some() { "a condition that holds what looks like a key" } else { shown };
        let fact = self.fact(shown, &format!("when {shown}"), default);
        if let Some(known) = self.all.get_mut(&fact) {
            known.values.extend(["no".to_owned(), "yes".to_owned()]);
            known.is_opaque = true;
        }
        Test::Is(fact, if holds { "yes" } else { "no" }.to_owned())
    }

    fn has(&mut self, fact: &str, value: &str) -> Test {
        // What looks like a key is told from other values, and not shown.
        let masked = key_in(value).map(|_| format!("key-{}", mark(value)));
        let value = masked.as_deref().unwrap_or(value);
        // What is written like one of our own words is told apart from it.
        let value = match value {
            "" => EMPTY.to_owned(),
            own if [OTHER, UNSTATED, EMPTY].contains(&own) => format!("{own}-as-written"),
            other => other.to_owned(),
        };
        self.holds(fact, value)
    }

    fn holds(&mut self, fact: &str, value: String) -> Test {
        if let Some(known) = self.all.get_mut(fact) {
            known.values.insert(value.clone());
        }
        Test::Is(fact.to_owned(), value)
    }

    /// The name of the fact for what a file calls something.
    fn fact(&mut self, shown: &str, name: &str, default: &'static str) -> String {
        if let Some(name) = self.names.get(shown) {
            return name.clone();
        }
        if self.names.is_empty() {
            self.taken = TAKEN.into_iter().collect();
        }
        let plain = name.replace('_', "-");
        let plain = if TAKEN.contains(&name) { format!("request-{plain}") } else { plain };
        let mut slug = text::slug(&plain, &mut Names::default());
        // An underscore is part of many names, and a slug has none.
        if slug == plain.to_ascii_lowercase() && !TAKEN.contains(&name) && is_name(name) {
            name.clone_into(&mut slug);
        }
        let name = text::unique(&slug, &mut self.taken);
        let values = BTreeSet::from([default.to_owned()]);
        self.all
            .insert(name.clone(), Fact { values, default, comment: text::comment(shown), is_opaque: false });
        self.names.insert(shown.to_owned(), name.clone());
        name
    }

    /// A value as it is written in a condition: quoted where it would be taken for something else.
    pub(super) fn value(&self, fact: &str, value: &str) -> String {
        if value.contains(KIND) {
            return self
                .all
                .get(fact)
                .map_or_else(|| text::name(value), |fact| text::name(&fact.shown(value)));
        }
        let means_more = TAKEN.contains(&value) || self.all.contains_key(value);
        if means_more { text::string(value) } else { text::name(value) }
    }

    /// All of them as statements.
    pub(super) fn text(&self) -> String {
        let mut all = String::new();
        for (name, fact) in &self.all {
            let rest = fact.values.iter().filter(|value| *value != fact.default);
            let values: Vec<String> = std::iter::once(fact.default.to_owned())
                .chain(rest.map(|value| text::name(&fact.shown(value))))
                .collect();
            let rest = if fact.values.contains(OTHER) { OTHER } else { fact.default };
            let rest = if fact.is_opaque {
                String::new()
            } else {
                format!(" A request with a value that is not listed has to state `{rest}`.")
            };
            let empty = if fact.values.contains(EMPTY) {
                format!(" One with an empty text has to state `{EMPTY}`.")
            } else {
                String::new()
            };
            all += &format!(
                "\n# Stands for `{}`.{rest}{empty}{}\nfact {name} in {{{}}} default {}\n",
                fact.comment,
                fact.kinds(),
                values.join(", "),
                fact.default
            );
        }
        all
    }
}

/// Whether a text is a name of the language as it is.
fn is_name(text: &str) -> bool {
    let letter = text.starts_with(|c: char| c.is_ascii_lowercase());
    letter && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_two_kinds_are_two() {
        let mut facts = Facts::default();
        let number = facts.is_typed("params.n", "n", "5", Typed::Number);
        assert_eq!(number.text(&facts).as_deref(), Some("n == \"5\""));
        let text = facts.is_typed("params.n", "n", "5", Typed::Text);
        assert!(number.excludes(&text));
        assert_eq!(number.text(&facts).as_deref(), Some("n == \"5-as-number\""));
        assert_eq!(text.text(&facts).as_deref(), Some("n == \"5\""));
    }

    #[test]
    fn names_that_mean_something_else_are_told_apart() {
        let mut facts = Facts::default();
        facts.is_typed("metadata.team", "team", "other", Typed::Text);
        facts.is_typed("metadata._user", "_user", "a", Typed::Text);
        facts.is_typed("params.model", "params model", "gpt-4o", Typed::Text);
        facts.opaque("budget_used > 80", true, false);
        let text = facts.text();
        for line in [
            "fact request-team in {other, other-as-written} default other",
            "fact user-2 in {other, a} default other",
            "fact params-model in {other, gpt-4o} default other",
            "fact when-budget-used-80 in {no, yes} default no",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }
}
