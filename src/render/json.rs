//! `check --format json`, as docs/cli.md has it.

use std::fmt::Display;

use serde::Serialize;

use super::{Counts, tally};
use crate::diag::{self, Label};
use crate::limits::MAX_WHOLE;
use crate::source::{Sources, Span, visible};

#[derive(Serialize)]
struct Report<'a> {
    findings: Vec<Finding<'a>>,
    summary: Summary,
}

/// A finding as docs/cli.md has it.
#[derive(Debug, Serialize)]
pub struct Finding<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    use_cases: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Pairs<'a, String>>,
}

#[derive(Debug, Serialize)]
struct Related<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    message: &'a str,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    use_cases: usize,
    models: usize,
    contexts: u64,
}

/// Names and values in a fixed order, as a JSON object.
#[derive(Debug)]
pub struct Pairs<'a, N>(pub &'a [(N, String)]);

impl<N: Display> Serialize for Pairs<'_, N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name.to_string(), value)))
    }
}

/// The report, one line feed at the end.
pub fn render(sources: &Sources, findings: &[diag::Finding], counts: Counts) -> String {
    let (errors, warnings) = tally(findings);
    let report = Report {
        findings: findings.iter().map(|one| finding(sources, one)).collect(),
        summary: Summary {
            errors,
            warnings,
            use_cases: counts.use_cases,
            models: counts.models,
            contexts: counts.contexts.min(MAX_WHOLE),
        },
    };
    to_text(&report)
}

/// Any machine-readable answer as text, one line feed at the end.
pub fn to_text(value: &impl Serialize) -> String {
    // Serialising plain data with text keys cannot fail.
    let mut text = inert(&serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

/// An item of an array that is written item by item, from its own text: the whole is what [`to_text`] gives of all items.
pub fn item(text: &str, is_first: bool) -> String {
    let mut item = String::from(if is_first { "[\n" } else { ",\n" });
    for (number, line) in text.trim_end_matches('\n').split('\n').enumerate() {
        if number > 0 {
            item.push('\n');
        }
        item += "  ";
        item += line;
    }
    item
}

/// The end of such an array.
pub fn items_end(is_empty: bool) -> &'static str {
    if is_empty { "[]\n" } else { "\n]\n" }
}

/// One record of a machine-readable answer on a line of its own, line feed at the end.
pub fn to_line(value: &impl Serialize) -> String {
    let mut line = inert(&serde_json::to_string(value).unwrap_or_default());
    line.push('\n');
    line
}

/// The same JSON, in which what is hidden, and what a pipeline's runner takes for a command, is written as escapes. Both
/// stand in strings only: the rest is ours.
pub(super) fn inert(text: &str) -> String {
    let is_plain = |c: char| !visible::is_hidden(c) || c == '\n';
    if text.chars().all(is_plain) && !text.contains("##") {
        return text.to_owned();
    }
    let mut inert = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if !is_plain(c) || (c == '#' && before == '#') {
            for unit in c.encode_utf16(&mut [0; 2]) {
                inert += &format!("\\u{unit:04x}");
            }
        } else {
            inert.push(c);
        }
        before = c;
    }
    inert
}

/// A finding, with places in its files.
pub fn finding<'a>(sources: &'a Sources, finding: &'a diag::Finding) -> Finding<'a> {
    let span = finding.primary.span;
    let (line, column) = sources.line_column(span);
    let (end_line, end_column) = sources.line_column(Span { start: span.end, ..span });
    Finding {
        code: finding.code.0,
        severity: finding.severity.name(),
        message: &finding.message,
        help: help(finding),
        file: sources.path(span.file),
        line,
        column,
        end_line,
        end_column,
        related: finding.related.iter().map(|label| related(sources, label)).collect(),
        use_cases: (!finding.use_cases.is_empty()).then_some(&finding.use_cases),
        context: finding.context.as_deref().map(Pairs),
    }
}

/// Why, then what to do, one line each.
fn help(finding: &diag::Finding) -> Option<String> {
    let lines: Vec<&str> = finding.notes.iter().chain(&finding.help).map(String::as_str).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn related<'a>(sources: &'a Sources, label: &'a Label) -> Related<'a> {
    let (line, column) = sources.line_column(label.span);
    Related { file: sources.path(label.span.file), line, column, message: &label.text }
}
