//! `check --format sarif`: SARIF 2.1.0 for code scanning.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::check::allow::Silenced;
use crate::check::{RULES, Rule};
use crate::diag::{Finding, Label, Severity};
use crate::source::{Sources, Span};
use crate::table::sha256_hex;

/// The whole log, one line feed at the end.
pub fn render(sources: &Sources, findings: &[Finding], silenced: &[Silenced]) -> String {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut results: Vec<Value> =
        findings.iter().map(|finding| result(sources, finding, &mut seen)).collect();
    // A silenced finding stays in the log: dropping it would make code scanning open the alert again.
    for one in silenced {
        let mut result = result(sources, &one.finding, &mut seen);
        if let Some(object) = result.as_object_mut() {
            let suppression = json!([{"kind": "inSource", "justification": one.reason}]);
            object.insert("suppressions".to_owned(), suppression);
        }
        results.push(result);
    }
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "govctl",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": RULES.iter().map(rule).collect::<Vec<Value>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    super::json::to_text(&log)
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.code.0,
        "name": rule.code.0,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why()},
        "help": {"text": format!("{} Run `govctl explain {}` for an example.", rule.why(), rule.code)},
        "defaultConfiguration": {"level": level(rule.severity)},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn result(sources: &Sources, finding: &Finding, seen: &mut HashMap<String, usize>) -> Value {
    let index = RULES.iter().position(|rule| rule.code == finding.code);
    let mut text = finding.message.clone();
    for note in &finding.notes {
        text += &format!("\n{note}");
    }
    if let Some(help) = &finding.help {
        text += &format!("\nhelp: {help}");
    }
    let related = finding.related.iter().enumerate().map(|(id, label)| related(sources, id, label));
    let mut result = json!({
        "ruleId": finding.code.0,
        "level": level(finding.severity),
        "message": {"text": text},
        "locations": [{"physicalLocation": place(sources, finding.primary.span)}],
        "relatedLocations": related.collect::<Vec<Value>>(),
        "partialFingerprints": {"govctl/v1": fingerprint(sources, finding, seen)},
    });
    if let (Some(object), Some(index)) = (result.as_object_mut(), index) {
        object.insert("ruleIndex".to_owned(), json!(index));
    }
    result
}

fn related(sources: &Sources, id: usize, label: &Label) -> Value {
    json!({"id": id, "physicalLocation": place(sources, label.span), "message": {"text": label.text}})
}

fn place(sources: &Sources, span: Span) -> Value {
    let (line, column) = sources.line_column(span);
    let (end_line, end_column) = sources.line_column(Span { start: span.end, ..span });
    json!({
        "artifactLocation": {"uri": uri(sources.path(span.file))},
        "region": {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column},
    })
}

/// A path as a relative URI reference.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The same as long as the finding is: what, where and of whom, but no line number; repeats are counted.
fn fingerprint(sources: &Sources, finding: &Finding, seen: &mut HashMap<String, usize>) -> String {
    let span = finding.primary.span;
    let parts = [
        finding.code.0,
        sources.path(span.file),
        sources.text(span),
        &finding.message,
        &finding.use_cases.join("\u{1f}"),
    ];
    let key = parts.join("\u{1e}");
    let count = seen.entry(key.clone()).or_default();
    *count += 1;
    sha256_hex(format!("{key}\u{1e}{count}").as_bytes()).chars().take(32).collect()
}
