//! SARIF 2.1.0 for code scanning: `check --format sarif`, and what other logs share with it.

use serde_json::{Value, json};
use std::borrow::Cow;

use super::fingerprint;
use super::root::{Root, uri};
use super::told;
use crate::diag::{Finding, Kind, Label, Severity, Silenced};
use crate::source::{Sources, Span};

/// What paths are relative to, by the name that code hosts know.
const ROOT: &str = "%SRCROOT%";

/// The whole log, one line feed at the end; paths are from the root, and `kinds` is everything that could be found.
pub fn render(
    kinds: &[Kind],
    sources: &Sources,
    root: &Root,
    findings: &[Finding],
    silenced: &[Silenced],
) -> String {
    let places = Places { kinds, sources, root };
    let mut seen = fingerprint::Seen::default();
    let mut results: Vec<Value> = findings.iter().map(|finding| places.result(finding, &mut seen)).collect();
    // A silenced finding stays in the log: dropping it would make code scanning open the alert again.
    for one in silenced {
        let mut result = places.result(&one.finding, &mut seen);
        if let Some(object) = result.as_object_mut() {
            let suppression = json!([{"kind": "inSource", "justification": one.reason}]);
            object.insert("suppressions".to_owned(), suppression);
        }
        results.push(result);
    }
    super::json::to_text(&log(&kinds.iter().map(rule).collect::<Vec<Value>>(), root, &results))
}

/// A log of one run of ours: its rules, what its paths are relative to, its results.
pub fn log(rules: &[Value], root: &Root, results: &[Value]) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "govctl", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "originalUriBaseIds": {ROOT: base(root)},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// Where a file is, by its absolute path: from the root where it lies within.
pub fn artifact(path: &str, root: &Root) -> Value {
    let folder = root.folder.trim_end_matches('/');
    let inside = path.strip_prefix(folder).and_then(|inside| inside.strip_prefix('/'));
    match inside.filter(|_| root.uri().is_some()) {
        Some(inside) => json!({"uri": uri(inside), "uriBaseId": ROOT}),
        None => json!({"uri": format!("file:///{}", uri(path.trim_start_matches('/')))}),
    }
}

fn rule(kind: &Kind) -> Value {
    json!({
        "id": kind.code.0,
        "name": kind.code.0,
        "shortDescription": {"text": kind.summary},
        "fullDescription": {"text": kind.why},
        "help": {"text": format!("{} Run `govctl explain {}` for an example.", kind.why, kind.code)},
        "defaultConfiguration": {"level": level(kind.severity), "enabled": kind.is_on},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn base(root: &Root) -> Value {
    let description = json!({"text": "the root of the repository, or the folder that govctl ran in"});
    match root.uri() {
        Some(uri) => json!({"uri": uri, "description": description}),
        None => json!({"description": description}),
    }
}

/// A text in which nothing is a link: brackets before what may be a target stand for themselves (SARIF 2.1.0, 3.11.6).
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains("](") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '[' | ']' | '\\') {
            plain.push('\\');
        }
        plain.push(letter);
    }
    Cow::Owned(plain)
}

/// Findings at their places.
struct Places<'a> {
    kinds: &'a [Kind],
    sources: &'a Sources,
    root: &'a Root,
}

impl Places<'_> {
    fn result(&self, finding: &Finding, seen: &mut fingerprint::Seen) -> Value {
        let index = self.kinds.iter().position(|kind| kind.code == finding.code);
        let mut text = finding.message.clone();
        for (word, line) in told::lines(finding) {
            let colon = if word.is_empty() { "" } else { ": " };
            text += &format!("\n{word}{colon}{line}");
        }
        let related = finding.related.iter().enumerate().map(|(id, label)| self.related(id, label));
        let called = fingerprint::of(self.sources, finding, seen);
        let mut result = json!({
            "ruleId": finding.code.0,
            "level": level(finding.severity),
            "message": {"text": plain(&text)},
            "locations": [{"physicalLocation": self.place(finding.primary.span)}],
            "relatedLocations": related.collect::<Vec<Value>>(),
            "partialFingerprints": {"govctl/v1": called.before, "govctl/v2": called.now},
        });
        if let Some(object) = result.as_object_mut() {
            if let Some(index) = index {
                object.insert("ruleIndex".to_owned(), json!(index));
            }
            if !finding.use_cases.is_empty() {
                object.insert("properties".to_owned(), json!({"use_cases": finding.use_cases}));
            }
        }
        result
    }

    fn related(&self, id: usize, label: &Label) -> Value {
        json!({"id": id, "physicalLocation": self.place(label.span), "message": {"text": plain(&label.text)}})
    }

    fn place(&self, span: Span) -> Value {
        let (line, column) = self.sources.line_column(span);
        let (end_line, end_column) = self.sources.line_column(Span { start: span.end, ..span });
        json!({
            "artifactLocation": {"uri": uri(&self.root.path(self.sources, span.file)), "uriBaseId": ROOT},
            "region": {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column},
        })
    }
}
