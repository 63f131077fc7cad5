//! `test` statements: run, measured for what they reach, and written for what they do not.

pub mod coverage;
pub mod expectations;
pub mod items;
mod reach;
mod reason;
mod requests;
pub mod suggest;
pub mod undefined;
mod write;

use crate::decide::Decision;
use crate::decide::survey::{Case, Survey};
use crate::model::{Context, Test, UseCase, World};
use crate::source::Span;

/// A test that was run.
#[derive(Debug)]
pub struct TestRun<'a> {
    /// The statement that was run.
    pub test: &'a Test,
    /// The use case that it asks about.
    pub use_case: &'a UseCase,
    /// The context that it asks about.
    context: Context,
    /// What is decided of it; none where that is not defined.
    decision: Option<&'a Decision>,
    /// The context as it is printed.
    pub shown: Vec<(String, String)>,
    /// What of the context is not as usual.
    pub unusual: Vec<(String, String)>,
    /// What is down, as named.
    pub down: Vec<&'a str>,
    /// How it came out.
    pub verdict: Verdict,
    /// The same request as a command line.
    pub command: String,
}

/// How a test came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything is as expected.
    Passed,
    /// Something is not.
    Failed(Vec<Failure>),
    /// No decision is defined for the use case, and why.
    Undefined(Vec<Reason>),
}

/// An expectation that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The `expect` clause.
    pub place: Span,
    /// What was expected.
    pub expected: String,
    /// What came instead.
    pub got: String,
    /// The rules, gates and failover statements that made it so.
    pub reasons: Vec<Reason>,
}

/// Why something is as it is, and the line that makes it so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A phrase.
    pub text: String,
    /// Where it is written, if it is.
    pub place: Option<Span>,
}

impl TestRun<'_> {
    /// Whether it passed.
    pub fn passed(&self) -> bool {
        self.verdict == Verdict::Passed
    }
}

/// Runs the tests that `wanted` picks by name, in the order in which they are written.
pub fn run<'a>(survey: &'a Survey<'a>, wanted: impl Fn(&str) -> bool) -> Vec<TestRun<'a>> {
    let world = survey.world;
    let mut tests: Vec<&Test> = world.tests.iter().filter(|test| wanted(&test.name.value)).collect();
    tests.sort_by_key(|test| test.head);
    tests.into_iter().map(|test| run_one(survey, &survey.cases[test.use_case], test)).collect()
}

fn run_one<'a>(survey: &'a Survey<'a>, case: &'a Case, test: &'a Test) -> TestRun<'a> {
    let world = survey.world;
    let use_case = &world.use_cases[case.id];
    let context = expectations::context(world, use_case, test);
    let found = survey.decision(case, &context);
    // As everywhere, a use case with one undefined decision has none that counts.
    let decision = found.and_then(|found| found.as_ref().ok()).filter(|_| case.is_decided());
    let verdict = match decision {
        Some(decision) => verdict(reason::Asked { world, use_case, context: &context, decision, test }),
        None => Verdict::Undefined(undefined::reasons(
            survey,
            case,
            use_case,
            found.and_then(|found| found.as_ref().err()),
        )),
    };
    TestRun {
        test,
        use_case,
        shown: world.show_context(&context),
        unusual: named(world, use_case, &context, test),
        down: test.down.iter().map(|selector| selector.name(world)).collect(),
        verdict,
        command: expectations::command(world, use_case, &context, test),
        decision,
        context,
    }
}

/// What of a context is not as usual, by the names of its axes.
fn named(world: &World, use_case: &UseCase, context: &Context, test: &Test) -> Vec<(String, String)> {
    let unusual = world.unusual(use_case, context);
    let beside = expectations::beside(context, test);
    unusual.into_iter().chain(beside).map(|(axis, value)| (world.axis_name(axis), value)).collect()
}

fn verdict(asked: reason::Asked) -> Verdict {
    let unmet = expectations::unmet(asked.world, asked.decision, asked.test);
    if unmet.is_empty() {
        return Verdict::Passed;
    }
    let failures = unmet.into_iter().map(|unmet| Failure {
        place: unmet.span,
        reasons: asked.reasons(unmet.expectation),
        expected: unmet.expected,
        got: unmet.got,
    });
    Verdict::Failed(failures.collect())
}
