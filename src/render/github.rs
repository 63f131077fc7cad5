//! `check --format github`: workflow annotations.

use super::root::Root;
use super::told;
use crate::diag::{Finding, Severity};
use crate::source::{Sources, Span, visible};

/// One annotation a finding, its path from the root; other places stand in its text, since an annotation has one.
pub fn render(sources: &Sources, root: &Root, findings: &[Finding]) -> String {
    findings.iter().map(|finding| annotation(sources, root, finding)).collect()
}

fn annotation(sources: &Sources, root: &Root, finding: &Finding) -> String {
    let span = finding.primary.span;
    let (line, column) = sources.line_column(span);
    let (end_line, end_column) = sources.line_column(Span { start: span.end, ..span });
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = finding.message.clone();
    for label in &finding.related {
        let (path, line) = (root.path(sources, label.span.file), sources.line_column(label.span).0);
        let colon = if label.text.is_empty() { "" } else { ": " };
        text += &format!("\nat {}:{line}{colon}{}", visible::inline(&path), label.text);
    }
    for (word, line) in told::lines(finding) {
        let colon = if word.is_empty() { "" } else { ": " };
        text += &format!("\n{word}{colon}{line}");
    }
    format!(
        "::{level} file={},line={line},col={column},endLine={end_line},endColumn={end_column},title={}::{}\n",
        property(&root.path(sources, span.file)),
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
