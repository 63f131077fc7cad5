//! Conditions of gateways in the language: what is true of a request, and which of several conditions counts.

use std::collections::BTreeMap;

use super::facts::Facts;

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
            Self::Is(fact, value) => format!("{fact} == {}", facts.value(fact, value)),
            Self::Plain(text) => text.clone(),
            Self::Not(inner) => match inner.as_ref() {
                Self::Is(fact, value) => format!("{fact} != {}", facts.value(fact, value)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::facts::Typed;

    fn is(facts: &mut Facts, value: &str) -> Test {
        facts.is_typed("metadata.plan", "plan", value, Typed::Text)
    }

    #[test]
    fn the_first_that_is_true_counts() {
        let mut facts = Facts::default();
        let (paid, free) = (is(&mut facts, "paid"), is(&mut facts, "free"));
        let eu = facts.is_typed("metadata.region", "region", "eu", Typed::Text);
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
}
