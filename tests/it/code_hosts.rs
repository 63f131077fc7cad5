//! What code hosts show of a check: paths from the root of the repository, other places, and everybody concerned.

use std::path::Path;

use serde_json::Value;

use crate::bundle;

/// Seven use cases that all break one guarantee.
fn workspace(folder: &Path) {
    let use_cases: String = (1..=7)
        .map(|n| format!("  - {{name: case-{n}, owner: o@example.com, data_classification: internal}}\n"))
        .collect();
    let registry = "providers:\n  north:\n    owner: north@example.com\n    models:\n      - {name: alpha, \
                    approved_use_cases: [\"*\"], data_classification_max: internal, \
                    cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 2}\n";
    let policy = "guarantee at-home {\n  always  model.hosting == self-hosted\n  because \"a test\"\n}\n";
    let files = [
        ("registry/main.yaml", registry.to_owned()),
        ("estate/main.yaml", format!("use_cases:\n{use_cases}")),
        ("policies/main.gov", policy.to_owned()),
    ];
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("create a folder");
        std::fs::write(path, text).expect("write a file");
    }
}

/// Checks `-C given` from a folder.
fn check(from: &Path, given: &str, format: &str) -> String {
    let arguments = ["-C", given, "check", "--format", format];
    let output = bundle::govctl().args(arguments).current_dir(from).output().expect("govctl runs");
    bundle::stdout(&output)
}

fn sarif(from: &Path, given: &str) -> (Value, Value) {
    let log: Value = serde_json::from_str(&check(from, given, "sarif")).expect("JSON");
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    let broken = results.iter().find(|result| result["ruleId"] == "guarantee-violated");
    (broken.expect("the finding").clone(), run["originalUriBaseIds"].clone())
}

#[test]
fn paths_are_those_of_the_repository() {
    let top = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(top.path().join(".git")).expect("a repository");
    let policy = top.path().join("ai/po licy");
    workspace(&policy);
    std::fs::create_dir(top.path().join("other")).expect("a folder");
    for (from, given) in
        [(top.path(), "ai/po licy"), (&policy, "."), (&top.path().join("other"), "../ai/po licy")]
    {
        let annotations = check(from, given, "github");
        let file = "::error file=ai/po licy/policies/main.gov,line=1,";
        assert!(annotations.contains(file), "{annotations}");
        let (broken, bases) = sarif(from, given);
        let place = &broken["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(place["uri"], "ai/po%20licy/policies/main.gov");
        assert_eq!(place["uriBaseId"], "%SRCROOT%");
        let real = top.path().canonicalize().expect("a real path");
        let base = bases["%SRCROOT%"]["uri"].as_str().expect("a URI");
        assert_eq!(base, format!("file://{}/", real.to_str().expect("a path")));
    }
}

#[test]
fn outside_a_repository_paths_are_those_from_the_current_folder() {
    let top = tempfile::tempdir().expect("a folder");
    workspace(&top.path().join("ai/policy"));
    std::fs::create_dir(top.path().join("other")).expect("a folder");
    for (from, given, inside) in
        [("", "ai/policy", "ai/policy/"), ("ai/policy", ".", ""), ("other", "../ai/policy", "")]
    {
        let annotations = check(&top.path().join(from), given, "github");
        let file = format!("::error file={inside}policies/main.gov,line=1,");
        assert!(annotations.contains(&file), "{annotations}");
    }
}

#[test]
fn all_use_cases_concerned_are_told_at_most_five_by_name() {
    let top = tempfile::tempdir().expect("a folder");
    workspace(top.path());
    let told = "7 use cases: `case-1`, `case-2`, `case-3`, `case-4`, `case-5` and 2 more";
    let human = check(top.path(), ".", "human");
    assert!(
        human.contains(&format!("\n  for: {told}\n  in: classification internal, budget.remaining 100%\n")),
        "{human}"
    );
    let annotations = check(top.path(), ".", "github");
    assert!(annotations.contains(&format!("%0Afor: {told}%0Ain: ")), "{annotations}");
    let (broken, _) = sarif(top.path(), ".");
    assert!(broken["message"]["text"].as_str().expect("text").contains(told), "{broken}");
    assert_eq!(broken["properties"]["use_cases"].as_array().map(Vec::len), Some(7));
}

#[test]
fn other_places_stand_in_the_text_of_an_annotation() {
    let top = tempfile::tempdir().expect("a folder");
    workspace(&top.path().join("ai"));
    let annotations = check(top.path(), "ai", "github");
    let places = "%0Aat ai/policies/main.gov:2: not true: `model.hosting` is not stated%0Aat ai/registry/main.yaml:5: ";
    assert!(annotations.contains(places), "{annotations}");
}
