//! `test --format json`, as schemas/test.schema.json has it.

use serde::Serialize;

use super::json::{Pairs, to_text};
use super::test_run::undefined;
use crate::model::World;
use crate::number::round_half_even;
use crate::source::{Sources, Span};
use crate::testing::coverage::{Coverage, Share};
use crate::testing::expectations::expected_words;
use crate::testing::items::Kind;
use crate::testing::suggest::Suggestion;
use crate::testing::{Reason, TestRun, Verdict};

#[derive(Serialize)]
struct Report<'a> {
    tests: Vec<Item<'a>>,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Measured<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestions: Option<Vec<Suggested<'a>>>,
}

#[derive(Serialize)]
struct Item<'a> {
    name: &'a str,
    file: &'a str,
    line: u32,
    status: &'static str,
    use_case: &'a str,
    context: Pairs<'a, String>,
    down: &'a [&'a str],
    on: Option<&'static str>,
    expected: Vec<Expected>,
    reasons: Vec<Why<'a>>,
    command: &'a str,
}

#[derive(Serialize)]
struct Expected {
    expected: String,
    line: u32,
    met: bool,
    got: Option<String>,
}

#[derive(Serialize)]
struct Why<'a> {
    text: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
}

#[derive(Serialize)]
struct Summary {
    tests: usize,
    passed: usize,
    failed: usize,
    filtered_out: usize,
}

#[derive(Serialize)]
struct Measured<'a> {
    total: Counted,
    kinds: Vec<OfKind>,
    decisions: Decisions<'a>,
    items: Vec<Thing<'a>>,
}

#[derive(Serialize)]
struct Counted {
    reached: usize,
    all: usize,
    percent: String,
}

#[derive(Serialize)]
struct OfKind {
    kind: &'static str,
    #[serde(flatten)]
    share: Counted,
}

#[derive(Serialize)]
struct Decisions<'a> {
    #[serde(flatten)]
    share: Counted,
    missed: Vec<Missed<'a>>,
}

#[derive(Serialize)]
struct Missed<'a> {
    use_case: &'a str,
    decisions: usize,
}

#[derive(Serialize)]
struct Thing<'a> {
    kind: &'static str,
    what: &'a str,
    file: &'a str,
    line: u32,
    tests: usize,
    reachable: bool,
}

#[derive(Serialize)]
struct Suggested<'a> {
    name: &'a str,
    text: &'a str,
    reaches: &'a [String],
}

/// What is printed besides the tests.
#[derive(Debug, Default, Clone, Copy)]
pub struct More<'a> {
    /// How many tests a filter left out.
    pub left_out: usize,
    /// What the tests reach, if it was asked for.
    pub coverage: Option<&'a Coverage>,
    /// Tests for the rest, if they were asked for.
    pub suggestions: Option<&'a [Suggestion]>,
}

/// The report, one line feed at the end.
pub fn render(sources: &Sources, world: &World, runs: &[TestRun], more: More) -> String {
    let failed = runs.iter().filter(|run| !run.passed()).count();
    to_text(&Report {
        tests: runs.iter().map(|run| item(sources, world, run)).collect(),
        summary: Summary {
            tests: runs.len(),
            passed: runs.len() - failed,
            failed,
            filtered_out: more.left_out,
        },
        coverage: more.coverage.map(|coverage| measured(sources, coverage)),
        suggestions: more.suggestions.map(|list| list.iter().map(suggested).collect()),
    })
}

fn line(sources: &Sources, span: Span) -> u32 {
    sources.line_column(span).0
}

fn item<'a>(sources: &'a Sources, world: &World, run: &'a TestRun) -> Item<'a> {
    let reasons: Vec<&Reason> = match &run.verdict {
        Verdict::Passed => Vec::new(),
        Verdict::Failed(failures) => failures.iter().flat_map(|failure| &failure.reasons).collect(),
        Verdict::Undefined(reasons) => reasons.iter().collect(),
    };
    Item {
        name: &run.test.name.value,
        file: sources.path(run.test.name.span.file),
        line: line(sources, run.test.name.span),
        status: match run.verdict {
            Verdict::Passed => "passed",
            Verdict::Failed(_) => "failed",
            Verdict::Undefined(_) => "undefined",
        },
        use_case: &run.use_case.name.value,
        context: Pairs(&run.shown),
        down: &run.down,
        on: run.test.on.map(crate::vocabulary::Trigger::name),
        expected: expected(sources, world, run),
        reasons: reasons.into_iter().map(|reason| why(sources, reason)).collect(),
        command: &run.command,
    }
}

fn expected(sources: &Sources, world: &World, run: &TestRun) -> Vec<Expected> {
    let got = |place: Span| match &run.verdict {
        Verdict::Passed => None,
        Verdict::Failed(failures) => {
            failures.iter().find(|failure| failure.place == place).map(|failure| failure.got.clone())
        }
        Verdict::Undefined(_) => Some(undefined(run)),
    };
    let expected = run.test.expect.iter().map(|(expectation, place)| Expected {
        expected: expected_words(world, expectation),
        line: line(sources, *place),
        met: got(*place).is_none(),
        got: got(*place),
    });
    expected.collect()
}

fn why<'a>(sources: &'a Sources, reason: &'a Reason) -> Why<'a> {
    Why {
        text: &reason.text,
        file: reason.place.map(|span| sources.path(span.file)),
        line: reason.place.map(|span| line(sources, span)),
    }
}

fn counted(share: Share) -> Counted {
    Counted { reached: share.reached, all: share.all, percent: round_half_even(&share.percent(), 1) }
}

fn measured<'a>(sources: &'a Sources, coverage: &'a Coverage) -> Measured<'a> {
    let items = coverage.items.iter().map(|one| Thing {
        kind: one.item.kind.name(),
        what: &one.item.what,
        file: sources.path(one.item.place.file),
        line: line(sources, one.item.place),
        tests: one.tests,
        reachable: one.reachable(),
    });
    let missed = coverage.missed.iter();
    Measured {
        total: counted(coverage.total()),
        kinds: Kind::ALL
            .into_iter()
            .map(|kind| OfKind { kind: kind.name(), share: counted(coverage.of(kind)) })
            .collect(),
        decisions: Decisions {
            share: counted(coverage.decisions),
            missed: missed.map(|(use_case, decisions)| Missed { use_case, decisions: *decisions }).collect(),
        },
        items: items.collect(),
    }
}

fn suggested(suggestion: &Suggestion) -> Suggested<'_> {
    Suggested { name: &suggestion.name, text: &suggestion.text, reaches: &suggestion.reaches }
}
