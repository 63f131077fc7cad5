//! An audit for code scanning: SARIF, written piece by piece, since it may hold any number of results.

use serde_json::{Value, json};

use super::kind::Kind;
use super::report::Violation;
use crate::render::json::{to_line, to_text};
use crate::render::root::Root;
use crate::render::sarif;
use crate::table::sha256_hex;

/// Where results stand in the log.
const RESULTS: &str = "\"results\": [";

/// What stands before the results and what stands after them.
pub fn around(root: &Root) -> (String, String) {
    let rules: Vec<Value> = Kind::ALL.into_iter().map(rule).collect();
    let text = to_text(&sarif::log(&rules, root, &[]));
    let (head, tail) = text.split_once(RESULTS).unwrap_or((&text, ""));
    (format!("{head}{RESULTS}"), tail.to_owned())
}

/// The end of the log: what stands after the results, with why not everything was read, if so.
pub fn end(tail: &str, failed: Option<&str>) -> String {
    let notes: Vec<Value> =
        failed.iter().map(|why| json!({"level": "error", "message": {"text": why}})).collect();
    let invocation = json!([{"executionSuccessful": failed.is_none(), "toolExecutionNotifications": notes}]);
    let invocation = to_line(&invocation);
    let rest = tail.strip_prefix(']').unwrap_or(tail);
    format!("\n      ],\n      \"invocations\": {}{rest}", invocation.trim_end())
}

fn rule(kind: Kind) -> Value {
    let about = kind.about();
    json!({
        "id": kind.code(),
        "name": kind.code(),
        "shortDescription": {"text": about},
        "help": {"text": format!("Found by `govctl audit` in an event of a log: {about}.")},
        "defaultConfiguration": {"level": "error"},
    })
}

/// A violation as a result after another one; `artifact` is where its log is.
pub fn result(kind: Kind, violation: &Violation, artifact: &Value) -> String {
    let Violation { file, line, request_id, use_case, message } = violation;
    let about = match (request_id, use_case) {
        (Some(id), Some(name)) => format!("{id} `{name}`: "),
        (Some(id), None) => format!("{id}: "),
        (None, Some(name)) => format!("`{name}`: "),
        (None, None) => String::new(),
    };
    let key = [kind.code(), file, &line.to_string(), message].join("\u{1e}");
    let print: String = sha256_hex(key.as_bytes()).chars().take(32).collect();
    let result = json!({
        "ruleId": kind.code(),
        "ruleIndex": Kind::ALL.iter().position(|one| *one == kind),
        "level": "error",
        "message": {"text": format!("{about}{message}")},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": line}}}],
        "partialFingerprints": {"govctl/v1": print},
        "properties": {"request_id": request_id, "use_case": use_case},
    });
    format!(",\n        {}", to_line(&result).trim_end())
}
