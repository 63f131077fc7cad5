//! Findings for people, drawn by miette: one header, then an excerpt of every file concerned, then why and what to do.

use std::fmt::Write as _;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};

use super::{Counts, tally, told};
use crate::diag::{Finding, Label, Severity, code};
use crate::limits::shown;
use crate::model::words::contexts;
use crate::number::grouped;
use crate::source::{FileId, SourceFile, Sources, visible};

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// With terminal colours.
    pub color: bool,
    /// Columns of running text.
    pub width: usize,
    /// Columns of tables: all that the terminal has; in a pipe there is no end to a line.
    pub columns: usize,
}

/// One finding as text.
pub fn finding(sources: &Sources, finding: &Finding, style: Style) -> String {
    let mut text = header(finding, style);
    // Logs are read by more people than the registry.
    let may_be_shown = finding.code != code::SECRET_IN_REGISTRY;
    let (drawn, more) = by_file(finding);
    for (file, labels) in drawn {
        if !may_be_shown {
            text += &places(sources, &labels);
            continue;
        }
        text += &excerpt(sources, file, &labels, finding.severity, style);
    }
    if more > 0 {
        lines(&mut text, "note", &format!("{more} more places; `--format json` has them all"), style);
    }
    for (word, line) in told::lines(finding) {
        lines(&mut text, if word.is_empty() { "note" } else { word }, &line, style);
    }
    text
}

/// One finding on one line: what, and where.
pub fn one_line(sources: &Sources, finding: &Finding, style: Style) -> String {
    let span = finding.primary.span;
    let (line, column) = sources.line_column(span);
    let head = header(finding, style);
    let concerned = Some(finding).filter(|finding| finding.use_cases.len() > 1).and_then(told::concerned);
    let concerned = concerned.map(|names| format!(", for {names}")).unwrap_or_default();
    let path = visible::inline(sources.path(span.file));
    format!("{}{} ({path}:{line}:{column})\n", head.trim_end(), visible::inline(&concerned))
}

/// The last line of a check.
pub fn summary(findings: &[Finding], counts: Counts, style: Style) -> String {
    let (errors, warnings) = tally(findings);
    let count = |n: usize, one: &str, many: &str| {
        format!("{} {}", thousands(n as u64), if n == 1 { one } else { many })
    };
    let verdict = match (errors, warnings) {
        (0, 0) => paint("ok", "1;32", style),
        (0, _) => paint(&count(warnings, "warning", "warnings"), "1;33", style),
        (_, 0) => paint(&count(errors, "error", "errors"), "1;31", style),
        _ => {
            let both =
                format!("{}, {}", count(errors, "error", "errors"), count(warnings, "warning", "warnings"));
            paint(&both, "1;31", style)
        }
    };
    format!(
        "{verdict}: {}, {}, {} decided\n",
        count(counts.use_cases, "use case", "use cases"),
        count(counts.models, "model", "models"),
        contexts(counts.contexts, u64::MAX),
    )
}

/// `1234567` as `1,234,567`.
pub(crate) fn thousands(n: u64) -> String {
    grouped(&n.to_string())
}

fn header(finding: &Finding, style: Style) -> String {
    let (word, color) = match finding.severity {
        Severity::Error => ("error", "1;31"),
        Severity::Warning => ("warning", "1;33"),
    };
    let head = paint(&format!("{word}[{}]", finding.code), color, style);
    let message = paint(&visible::inline(&finding.message), "1", style);
    format!("{head}: {message}\n")
}

fn lines(text: &mut String, word: &str, what: &str, style: Style) {
    let word = paint(word, "1;36", style);
    let what = visible::lines(what);
    let mut parts = what.lines();
    let _ = writeln!(text, "  {word}: {}", parts.next().unwrap_or_default());
    for part in parts {
        let _ = writeln!(text, "        {part}");
    }
}

pub(super) fn paint(text: &str, color: &str, style: Style) -> String {
    visible::painted(text, color, style.color)
}

/// The labels of a file, each with whether it is the primary one.
type Labels<'f> = (FileId, Vec<(&'f Label, bool)>);

/// The labels of each file, the primary's first, then in order of appearance; and how many are left out.
fn by_file(finding: &Finding) -> (Vec<Labels<'_>>, usize) {
    let mut files: Vec<Labels> = Vec::new();
    let all =
        std::iter::once((&finding.primary, true)).chain(finding.related.iter().map(|label| (label, false)));
    let more = finding.related.len().saturating_sub(shown::DRAWN_PLACES - 1);
    let all = all.take(shown::DRAWN_PLACES);
    for (label, primary) in all {
        match files.iter_mut().find(|(file, _)| *file == label.span.file) {
            Some((_, labels)) => labels.push((label, primary)),
            None => files.push((label.span.file, vec![(label, primary)])),
        }
    }
    (files, more)
}

fn excerpt(
    sources: &Sources,
    file: FileId,
    labels: &[(&Label, bool)],
    severity: Severity,
    style: Style,
) -> String {
    let Some(source) = sources.file(file) else { return String::new() };
    let drawable = |label: &Label| line_length(source, label.span.start as usize) <= shown::DRAWN_LINE;
    if !source.readable || source.text.is_empty() || !labels.iter().all(|(label, _)| drawable(label)) {
        return places(sources, labels);
    }
    // A hostile file is drawn with stand-ins of the same length.
    let view = View { source: source.tame(), labels, severity };
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_context_lines(0)
        .with_links(false)
        .without_cause_chain();
    let mut drawn = String::new();
    if handler.render_report(&mut drawn, &view).is_err() {
        return places(sources, labels);
    }
    // miette begins with the message, which the header above has already said.
    let body = drawn.lines().skip_while(|line| !line.contains("─["));
    body.fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

/// Only the places, for what cannot be drawn.
fn places(sources: &Sources, labels: &[(&Label, bool)]) -> String {
    let mut text = String::new();
    for (label, _) in labels {
        let (line, column) = sources.line_column(label.span);
        let colon = if label.text.is_empty() { "" } else { ": " };
        let _ = writeln!(
            text,
            "  --> {}:{line}:{column}{colon}{}",
            visible::inline(sources.path(label.span.file)),
            visible::inline(&label.text)
        );
    }
    text
}

fn line_length(source: &SourceFile, offset: usize) -> usize {
    let text = source.text.as_bytes();
    let before = text
        .get(..offset)
        .unwrap_or_default()
        .iter()
        .rev()
        .take(shown::DRAWN_LINE + 1)
        .take_while(|byte| **byte != b'\n')
        .count();
    let after = text
        .get(offset..)
        .unwrap_or_default()
        .iter()
        .take(shown::DRAWN_LINE + 1)
        .take_while(|byte| **byte != b'\n')
        .count();
    before + after
}

/// One file's labels as miette wants them.
#[derive(Debug)]
struct View<'a> {
    source: &'a SourceFile,
    labels: &'a [(&'a Label, bool)],
    severity: Severity,
}

impl std::fmt::Display for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("finding")
    }
}

impl std::error::Error for View<'_> {}

impl Diagnostic for View<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.labels.iter().map(|(label, primary)| {
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            let text = (!label.text.is_empty()).then(|| visible::inline(&label.text).into_owned());
            let span = SourceSpan::from(start..end);
            if *primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        });
        Some(Box::new(labels))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }
}

impl SourceCode for View<'_> {
    /// Whole lines and nothing around them: the labels say what else there is to know.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.source.text.as_bytes();
        let (line, first) = self.source.line_at(span.offset());
        let inside = span.offset() + span.len();
        let rest = text.iter().skip(inside).position(|byte| *byte == b'\n');
        let end = rest.map_or(text.len(), |at| inside + at);
        // A line that ends in `\r` would not be counted: miette knows only a whole `\r\n`.
        let is_crlf = end > inside && text.get(end - 1) == Some(&b'\r');
        let end = if is_crlf { end - 1 } else { end };
        let data = text.get(first..end).ok_or(MietteError::OutOfBounds)?;
        let column = self.source.text.get(first..span.offset()).map_or(0, |before| before.chars().count());
        let lines = data.iter().filter(|byte| **byte == b'\n').count();
        Ok(Box::new(MietteSpanContents::new_named(
            visible::inline(&self.source.path).into_owned(),
            data,
            SourceSpan::from(first..end),
            line,
            column,
            lines,
        )))
    }
}
