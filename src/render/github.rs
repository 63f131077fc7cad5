//! `check --format github`: workflow annotations.

use crate::diag::{Finding, Severity};
use crate::source::{Sources, Span, visible};

/// One annotation a finding.
pub fn render(sources: &Sources, findings: &[Finding]) -> String {
    findings.iter().map(|finding| annotation(sources, finding)).collect()
}

fn annotation(sources: &Sources, finding: &Finding) -> String {
    let span = finding.primary.span;
    let (line, column) = sources.line_column(span);
    let (end_line, end_column) = sources.line_column(Span { start: span.end, ..span });
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = finding.message.clone();
    for note in &finding.notes {
        text += &format!("\n{note}");
    }
    if let Some(help) = &finding.help {
        text += &format!("\nhelp: {help}");
    }
    format!(
        "::{level} file={},line={line},col={column},endLine={end_line},endColumn={end_column},title={}::{}\n",
        property(sources.path(span.file)),
        property(finding.code.0),
        data(&text)
    )
}

/// Escapes as the runner undoes them in messages.
fn data(text: &str) -> String {
    let text = visible::lines(text);
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A").replace("##", "# #")
}

/// Escapes as the runner undoes them in properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
