//! `test` for people: a line for each test, then for each that failed what was expected, what came and why.

use super::human::{Style, paint};
use crate::model::words::count;
use crate::source::{Sources, Span, visible};
use crate::testing::{Failure, Reason, TestRun, Verdict};

/// The report; `left_out`: how many tests a filter left out.
pub fn render(sources: &Sources, runs: &[TestRun], left_out: usize, style: Style) -> String {
    let mut text = String::new();
    for run in runs {
        let verdict = if run.passed() { paint("ok", "32", style) } else { paint("FAILED", "1;31", style) };
        text += &format!("test \"{}\" … {verdict}\n", visible::inline(&run.test.name.value));
    }
    for run in runs.iter().filter(|run| !run.passed()) {
        text += &format!("\n{}", failed(sources, run, style));
    }
    if !runs.is_empty() {
        text.push('\n');
    }
    text + &summary(runs, left_out, style)
}

fn failed(sources: &Sources, run: &TestRun, style: Style) -> String {
    let name = paint(&format!("\"{}\"", run.test.name.value), "1", style);
    let mut text =
        format!("{} {name} ({})\n", paint("FAILED", "1;31", style), place(sources, run.test.name.span));
    text += &line("given", &given(run), style);
    match &run.verdict {
        Verdict::Passed => {}
        Verdict::Failed(failures) => {
            for failure in failures {
                text += &unmet(sources, failure, style);
            }
        }
        Verdict::Undefined(reasons) => {
            text += &line("got", &undefined(run), style);
            text += &because(sources, reasons, style);
        }
    }
    text + &line("see", &run.command, style)
}

/// What a test gets where no decision is defined.
pub(super) fn undefined(run: &TestRun) -> String {
    format!("no decision: none is defined for `{}`", run.use_case.name.value)
}

fn unmet(sources: &Sources, failure: &Failure, style: Style) -> String {
    let expected = format!("{} ({})", failure.expected, place(sources, failure.place));
    line("expected", &expected, style)
        + &line("got", &failure.got, style)
        + &because(sources, &failure.reasons, style)
}

fn because(sources: &Sources, reasons: &[Reason], style: Style) -> String {
    reasons.iter().map(|reason| line("because", &with_place(sources, reason), style)).collect()
}

/// A reason with the line that makes it so.
pub(super) fn with_place(sources: &Sources, reason: &Reason) -> String {
    match reason.place {
        Some(span) => format!("{} ({})", reason.text, place(sources, span)),
        None => reason.text.clone(),
    }
}

fn line(word: &str, what: &str, style: Style) -> String {
    let what = visible::inline(what);
    format!("  {} {what}\n", paint(&format!("{word:9}"), "36", style))
}

/// `policies/main.gov:12`.
pub(super) fn place(sources: &Sources, span: Span) -> String {
    format!("{}:{}", visible::inline(sources.path(span.file)), sources.line_column(span).0)
}

/// The request of a test, what is as usual left out.
fn given(run: &TestRun) -> String {
    let context = run.unusual.iter().map(|(name, value)| format!("{name} {value}"));
    let down = run.down.iter().map(|name| format!("down {name}"));
    let use_case = std::iter::once(format!("use_case {}", run.use_case.name.value));
    let on = run.test.on.map(|trigger| format!("on {}", trigger.name()));
    use_case.chain(context).chain(down).chain(on).collect::<Vec<String>>().join(", ")
}

fn summary(runs: &[TestRun], left_out: usize, style: Style) -> String {
    let failed = runs.iter().filter(|run| !run.passed()).count();
    let verdict = match failed {
        0 => paint("ok", "1;32", style),
        _ => paint("FAILED", "1;31", style),
    };
    let filtered = if left_out > 0 { format!(", {left_out} filtered out") } else { String::new() };
    let tests = count(runs.len(), "test", "tests");
    format!("{verdict}: {tests}, {} passed, {failed} failed{filtered}\n", runs.len() - failed)
}
