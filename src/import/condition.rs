//! Conditions of gateways in the language: facts with the values that a file compares with, and what the language
//! cannot say as a fact of yes and no, so that both ways are checked.

use std::collections::{BTreeMap, BTreeSet};

use super::text::{self, Names};
use crate::registry::secrets::{key_in, mark};

/// What a fact is where a request states nothing, or what no condition names.
const OTHER: &str = "other";

/// What a fact is where a request states nothing, and that differs from everything else.
const UNSTATED: &str = "unstated";

/// What a fact is where a request states the empty text, which the language has no name for.
pub(super) const EMPTY: &str = "empty-text";

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

/// Whether a request goes some way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    Always,
    Never,
    /// A fact has a value.
    Is(String, String),
    /// A comparison in the language.
    Plain(String),
    Not(Box<Test>),
    All(Vec<Test>),
    Any(Vec<Test>),
}

impl Test {
    pub(super) fn of(is: bool) -> Self {
        if is { Self::Always } else { Self::Never }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    pub(super) fn all(tests: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for test in tests {
            match test {
                Self::Always => {}
                Self::Never => return Self::Never,
                Self::All(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        let mut single = Vec::new();
        for test in kept {
            if !single.contains(&test) {
                single.push(test);
            }
        }
        if single.iter().any(|test| matches!(test, Self::Not(inner) if single.contains(inner))) {
            return Self::Never;
        }
        match single.len() {
            0 => Self::Always,
            1 => single.pop().unwrap_or(Self::Always),
            _ => Self::All(single),
        }
    }

    pub(super) fn any(tests: impl IntoIterator<Item = Self>) -> Self {
        let negated = Self::all(tests.into_iter().map(|test| match test {
            Self::Any(inner) => Self::All(inner.into_iter().map(Self::not).collect()),
            other => other.not(),
        }));
        match negated {
            Self::All(tests) => Self::Any(tests.into_iter().map(Self::not).collect()),
            other => other.not(),
        }
    }

    /// How many comparisons it has.
    fn size(&self) -> usize {
        match self {
            Self::Not(inner) => inner.size(),
            Self::All(tests) | Self::Any(tests) => tests.iter().map(Self::size).sum(),
            _ => 1,
        }
    }

    /// Facts with the values that they must have for this to be true, as far as it shows.
    fn needs(&self) -> BTreeMap<&str, &str> {
        match self {
            Self::Is(fact, value) => BTreeMap::from([(fact.as_str(), value.as_str())]),
            Self::All(tests) => tests.iter().flat_map(Self::needs).collect(),
            _ => BTreeMap::new(),
        }
    }

    /// Whether this can be seen to be true only where another is.
    fn implies(&self, other: &Self) -> bool {
        let parts = |test: &'_ Self| match test {
            Self::All(parts) => parts.clone(),
            one => vec![one.clone()],
        };
        let mine = parts(self);
        *other == Self::Always || parts(other).iter().all(|part| mine.contains(part))
    }

    /// Whether two can be seen never to be true together.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.needs(), other.needs());
        mine.iter().any(|(fact, value)| theirs.get(fact).is_some_and(|other| other != value))
    }

    /// As a condition of the language; none where it is always true.
    pub(super) fn text(&self, facts: &Facts) -> Option<String> {
        (*self != Self::Always).then(|| self.written(facts))
    }

    fn written(&self, facts: &Facts) -> String {
        let within = |test: &Self| match test {
            Self::All(_) | Self::Any(_) => format!("({})", test.written(facts)),
            _ => test.written(facts),
        };
        let joined =
            |tests: &[Self], joint: &str| tests.iter().map(within).collect::<Vec<String>>().join(joint);
        match self {
            Self::Always => "true".to_owned(),
            Self::Never => "false".to_owned(),
            Self::Is(fact, value) => format!("{fact} == {}", facts.value(value)),
            Self::Plain(text) => text.clone(),
            Self::Not(inner) => match inner.as_ref() {
                Self::Is(fact, value) => format!("{fact} != {}", facts.value(value)),
                other => format!("not {}", within(other)),
            },
            Self::All(tests) => joined(tests, " and "),
            Self::Any(tests) => joined(tests, " or "),
        }
    }
}

/// Makes conditions of which the first that is true counts exclude each other. None where that takes more comparisons
/// than are `left`.
pub(super) fn first_counts(tests: &[Test], left: &mut usize) -> Option<Vec<Test>> {
    let mut all = Vec::new();
    for (at, test) in tests.iter().enumerate() {
        let mut before = tests.iter().take(at).filter(|earlier| !earlier.excludes(test));
        if before.clone().any(|earlier| test.implies(earlier)) {
            all.push(Test::Never);
            continue;
        }
        let exact = Test::all(std::iter::once(test.clone()).chain(before.by_ref().cloned().map(Test::not)));
        *left = left.checked_sub(exact.size())?;
        all.push(exact);
    }
    Some(all)
}

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
    /// Whether what a request states under a name is a value; what it does not state is like any other value.
    pub(super) fn is(&mut self, shown: &str, name: &str, value: &str) -> Test {
        let fact = self.fact(shown, name, OTHER);
        self.has(&fact, value)
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
    fn value(&self, value: &str) -> String {
        let means_more = TAKEN.contains(&value) || self.all.contains_key(value);
        if means_more { text::string(value) } else { text::name(value) }
    }

    /// All of them as statements.
    pub(super) fn text(&self) -> String {
        let mut all = String::new();
        for (name, fact) in &self.all {
            let rest = fact.values.iter().filter(|value| *value != fact.default);
            let values: Vec<String> =
                std::iter::once(fact.default.to_owned()).chain(rest.map(|value| text::name(value))).collect();
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
                "\n# Stands for `{}`.{rest}{empty}\nfact {name} in {{{}}} default {}\n",
                fact.comment,
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

    fn is(facts: &mut Facts, value: &str) -> Test {
        facts.is("metadata.plan", "plan", value)
    }

    #[test]
    fn the_first_that_is_true_counts() {
        let mut facts = Facts::default();
        let (paid, free) = (is(&mut facts, "paid"), is(&mut facts, "free"));
        let eu = facts.is("metadata.region", "region", "eu");
        let texts: Vec<Option<String>> =
            first_counts(&[paid.clone(), free.clone(), eu, Test::any([paid, free]), Test::Always], &mut 99)
                .expect("few comparisons")
                .iter()
                .map(|test| test.text(&facts))
                .collect();
        let expected = [
            "plan == paid",
            "plan == free",
            "region == eu and plan != paid and plan != free",
            "(plan == paid or plan == free) and plan != paid and plan != free and region != eu",
        ];
        for (text, expected) in texts.iter().zip(expected) {
            assert_eq!(text.as_deref(), Some(expected));
        }
    }

    #[test]
    fn names_that_mean_something_else_are_told_apart() {
        let mut facts = Facts::default();
        facts.is("metadata.team", "team", "other");
        facts.is("metadata._user", "_user", "a");
        facts.is("params.model", "params model", "gpt-4o");
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
