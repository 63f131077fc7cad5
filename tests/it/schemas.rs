//! What programs read is what `schemas/` says.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

const AS_OF: &str = "2026-11-21";

fn schema(name: &str) -> jsonschema::Validator {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{name}.schema.json"));
    let text = std::fs::read_to_string(path).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    jsonschema::draft202012::new(&schema).expect("a schema")
}

fn run(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_govctl"))
        .args(arguments)
        .args(["--as-of", AS_OF])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program runs");
    serde_json::from_slice(&output.stdout).expect("JSON on stdout")
}

pub(crate) fn holds(name: &str, value: &Value) {
    let wrong: Vec<String> =
        schema(name).iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:#?}");
}

const EXAMPLES: [&str; 3] = ["examples/logistics", "examples/logistics-as-published", "examples/hospital"];

#[test]
fn what_check_prints_has_its_schema() {
    for example in EXAMPLES {
        holds("check", &run(&["check", example, "--format", "json"]));
    }
}

#[test]
fn what_resolve_prints_has_its_schema() {
    for example in EXAMPLES {
        holds("resolve", &run(&["resolve", "-C", example, "--all", "--format", "json"]));
    }
    let why_not = ["--why-not", "llama-3-70b-fleet-v2"];
    let one =
        [&["resolve", "-C", "examples/logistics", "planning", "--format", "json"], &why_not[..]].concat();
    holds("resolve", &run(&one));
}

#[test]
fn what_outages_prints_has_its_schema() {
    for example in EXAMPLES {
        holds("outages", &run(&["outages", "-C", example, "-k", "3", "--format", "json"]));
    }
}

#[test]
fn what_drill_plan_prints_has_its_schema() {
    for example in EXAMPLES {
        holds("drill-plan", &run(&["drill", "plan", "-C", example, "-k", "3", "--format", "json"]));
    }
}

#[test]
fn what_test_prints_has_its_schema() {
    for example in EXAMPLES {
        holds("test", &run(&["test", example, "--format", "json"]));
        holds("test", &run(&["test", example, "--coverage", "--suggest", "--format", "json"]));
    }
}

#[test]
fn what_diff_prints_has_its_schema() {
    let sides = ["examples/logistics-as-published", "examples/logistics"];
    holds("diff", &run(&["diff", sides[0], sides[1], "--format", "json"]));
    holds("diff", &run(&["diff", sides[1], "examples/hospital", "--format", "json"]));
}

#[test]
fn what_compile_writes_has_its_schema() {
    for example in ["examples/logistics", "examples/hospital"] {
        holds("table", &run(&["compile", example]));
    }
}

#[test]
fn sarif_has_what_code_scanning_needs() {
    let log = run(&["check", "examples/logistics-as-published", "--format", "sarif"]);
    is_sarif(&log);
    let log = run(&[
        "audit",
        "examples/logistics/logs/november.ndjson",
        "-C",
        "examples/logistics",
        "--format",
        "sarif",
    ]);
    is_sarif(&log);
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 8, "{log:#}");
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "examples/logistics/logs/november.ndjson");
    assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

/// Whether a log is one that code scanning takes.
#[track_caller]
pub(crate) fn is_sarif(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert!(!results.is_empty());
    let mut prints: Vec<&str> = Vec::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64().expect("a line") >= 1);
        assert!(!place["artifactLocation"]["uri"].as_str().expect("a path").starts_with('/'));
        prints.push(result["partialFingerprints"]["govctl/v1"].as_str().expect("a fingerprint"));
    }
    let count = prints.len();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), count, "two results share a fingerprint");
    for rule in rules {
        assert!(rule["help"]["text"].as_str().is_some_and(|text| text.len() > 40), "{rule}");
    }
}
