//! What `check` finds, as the protocol has it: the same findings, at the same places, with the same words.

use std::collections::BTreeMap;

use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, NumberOrString,
    Uri,
};

use super::View;
use crate::diag::{Code, Finding, Label, Severity};
use crate::render::told;
use crate::source::visible;

/// What findings are called in an editor's list.
pub const SOURCE: &str = "govctl";

/// Findings of what may go without anything being missed: editors show it faded.
const UNNEEDED: [&str; 4] = ["dead-rule", "ineffective-rule", "expired-statement", "unused-allow"];

/// The findings of a view by the path of their file; files without findings have none.
pub fn all(view: &View, uri: &dyn Fn(&str) -> Option<Uri>) -> BTreeMap<String, Vec<Diagnostic>> {
    let mut by_path: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    for finding in &view.checked.findings {
        let path = view.workspace.sources.path(finding.primary.span.file).to_owned();
        by_path.entry(path).or_default().push(diagnostic(view, finding, uri));
    }
    by_path
}

/// A finding as the protocol has it.
pub fn diagnostic(view: &View, finding: &Finding, uri: &dyn Fn(&str) -> Option<Uri>) -> Diagnostic {
    let related = finding.related.iter().filter_map(|label| related(view, label, uri));
    let related: Vec<DiagnosticRelatedInformation> = related.collect();
    let severity = match finding.severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
    };
    let Code(code) = finding.code;
    Diagnostic {
        range: view.range(finding.primary.span),
        severity: Some(severity),
        code: Some(NumberOrString::String(code.to_owned())),
        code_description: None,
        source: Some(SOURCE.to_owned()),
        message: message(finding),
        related_information: (!related.is_empty()).then_some(related),
        tags: UNNEEDED.contains(&code).then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: None,
    }
}

/// The message and what a check says below it, a line each.
fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    for (word, line) in told::lines(finding) {
        text += &if word.is_empty() { format!("\n{line}") } else { format!("\n{word}: {line}") };
    }
    visible::lines(&text).into_owned()
}

fn related(
    view: &View,
    label: &Label,
    uri: &dyn Fn(&str) -> Option<Uri>,
) -> Option<DiagnosticRelatedInformation> {
    let uri = uri(view.workspace.sources.path(label.span.file))?;
    let location = Location { uri, range: view.range(label.span) };
    Some(DiagnosticRelatedInformation { location, message: visible::inline(&label.text).into_owned() })
}
