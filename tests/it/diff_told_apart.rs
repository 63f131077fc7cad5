//! What `diff` calls new, and which kind a change is, where two things look alike.

use std::path::Path;

use serde_json::Value;

use crate::bundle::stdout;
use crate::diff_promises::diff;

const REGISTRY: &str = "providers:
  p:
    owner: someone@example.com
    models:
      - {name: m1, data_classification_max: restricted, approved_use_cases: [\"*\"], cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
      - {name: m2, data_classification_max: restricted, approved_use_cases: [\"*\"], cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
      - {name: m3, data_classification_max: restricted, approved_use_cases: [\"*\"], cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
";

const ESTATE: &str = "use_cases:\n  - {name: a, owner: someone@example.com, data_classification: internal}\n";

fn write(folder: &Path, policy: &str) {
    for (path, text) in [("registry/r.yaml", REGISTRY), ("estate/e.yaml", ESTATE), ("policies/p.gov", policy)]
    {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
}

fn report(old: &str, new: &str) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join("old"), old);
    write(&folder.path().join("new"), new);
    serde_json::from_str(&stdout(&diff(folder.path(), &["--format", "json"]))).expect("JSON")
}

#[test]
fn a_use_case_that_lacks_something_else_has_another_finding() {
    let tests = |condition: &str| {
        format!("teams x\nprojects y\npreference rule r {{ when {condition} prefer m1 because \"x\" }}\n")
    };
    let report = report(&tests("team == x"), &tests("project == y"));
    let codes = |of: &str| -> Vec<String> {
        let all = report["findings"][of].as_array().expect("findings").iter();
        all.map(|one| one["code"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(
        (codes("new"), codes("gone")),
        (vec!["missing-attribute".into()], vec!["missing-attribute".into()])
    );
}

#[test]
fn a_target_that_is_lost_with_the_primary_is_another_path_and_two_that_change_places_are_none() {
    let kinds = |old: &str, new: &str, chain: &str| {
        let policy = |first: &str| {
            format!(
                "failover f {{ {chain} because \"x\" }}\ncost rule r {{ prefer {first} because \"x\" }}\n"
            )
        };
        report(&policy(old), &policy(new))["changes"][0]["kind"].clone()
    };
    assert_eq!(kinds("m2", "m1", "chain m2 -> m1"), serde_json::json!(["primary", "failover"]));
    assert_eq!(kinds("m2", "m1", "follow ranking"), serde_json::json!(["primary"]));
    // Three that each move on are tried in another order.
    let moved_on = kinds("m1, m2, m3", "m3, m1, m2", "follow ranking");
    assert_eq!(moved_on, serde_json::json!(["primary", "failover"]));
}

#[test]
fn what_is_found_of_a_rule_by_another_name_is_not_new() {
    let policy = |name: &str| format!("preference rule {name} {{ prefer m2 }}\n");
    let report = report(&policy("r"), &policy("better-name"));
    assert_eq!(report["renamed"][0]["new"], "better-name");
    assert_eq!(report["findings"], serde_json::json!({"new": [], "gone": []}));
}
