//! More bounds of `src/limits.rs` passed: of imports, pictures, pointers and endings.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};

const ESTATE: &str = "use_cases:\n  - {name: chat, owner: o, data_classification: internal}\n";
const POLICY: &str = "failover standard {\n  follow  ranking\n  because \"base\"\n}\n";

/// A workspace with these lines of a provider, before its models, and so many models.
fn workspace(facts: &str, models: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let model = |at| {
        format!(
            "      - {{name: m{at}, approved_use_cases: [\"*\"], data_classification_max: restricted, \
             cost_per_1m_tokens_input: {at}, cost_per_1m_tokens_output: 2}}\n"
        )
    };
    let models: String = (0..models).map(model).collect();
    let registry = format!("providers:\n  alpha:\n    owner: o\n{facts}    models:\n{models}");
    write(folder.path(), "registry/main.yaml", &registry);
    write(folder.path(), "estate/main.yaml", ESTATE);
    write(folder.path(), "policies/main.gov", POLICY);
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("write");
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    govctl().current_dir(folder).args(arguments).output().expect("govctl runs")
}

#[test]
fn models_past_those_that_only_stand_by_are_counted_in_a_picture() {
    let folder = workspace("", 100);
    let text = stdout(&run(folder.path(), &["graph"]));
    assert!(text.contains("40 models that no link touches not shown"), "{text}");
}

#[test]
fn a_pointer_to_a_repository_past_its_size_is_not_read() {
    let folder = workspace("", 1);
    write(folder.path(), ".git", &"x".repeat(64 * 1024 + 1));
    let output = run(folder.path(), &["diff", "--old-revision", "HEAD"]);
    assert_eq!(status(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("it is larger than 64 KiB"), "{}", stderr(&output));
}

#[test]
fn endings_past_those_that_are_tried_say_so_in_a_small_workspace_too() {
    let evidence = |at| {
        format!("      - {{facts: [regions], source: s{at}, read_on: 2026-01-01, expires: 2026-12-01}}\n")
    };
    let facts = format!("    regions: [eu]\n    evidence:\n{}", (0..201).map(evidence).collect::<String>());
    let folder = workspace(&facts, 1);
    write(
        folder.path(),
        "policies/at-home.gov",
        "compliance rule home {\n  process in eu\n  because \"x\"\n}\n",
    );
    let text = stdout(&run(folder.path(), &["check", "--format", "json", "--as-of", "2026-11-21"]));
    assert!(text.contains("too much ends to decide again without each"), "{text}");
}

#[test]
fn targets_and_use_cases_of_an_import_past_their_number_are_left_out_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = |at| format!("{{\"provider\": \"p\", \"model\": \"m{at}\", \"weight\": 1}}");
    let targets: Vec<String> = (0..30).map(target).collect();
    let bifrost = format!(
        "{{\"providers\": {{\"p\": {{\"keys\": [{{\"name\": \"k\", \"value\": \"env.K\", \"models\": [\"*\"]}}]}}}}, \
         \"governance\": {{\"virtual_keys\": [{{\"id\": \"k\", \"value\": \"env.K\", \"provider_configs\": \
         [{{\"provider\": \"p\", \"allowed_models\": [\"*\"], \"weight\": 1}}]}}], \"routing_rules\": \
         [{{\"name\": \"r\", \"cel_expression\": \"headers['a'] == 'x'\", \"targets\": [{}]}}]}}}}",
        targets.join(", ")
    );
    let one =
        |at| format!("{{\"provider\": \"p\", \"weight\": 1, \"override_params\": {{\"model\": \"m{at}\"}}}}");
    let all: Vec<String> = (0..30).map(one).collect();
    let portkey =
        format!("{{\"strategy\": {{\"mode\": \"loadbalance\"}}, \"targets\": [{}]}}", all.join(", "));
    let names: Vec<String> = (0..10_001).map(|at| format!("u{at}")).collect();
    let governance = format!(
        "governance:\n  providers:\n    p:\n      owner: o\n      models:\n        - name: m\n          \
         approved_use_cases: [{}]\n          data_classification_max: internal\n          \
         cost_per_1k_tokens_input: 1\n          cost_per_1k_tokens_output: 1\n",
        names.join(", ")
    );
    for (kind, text, said) in [
        ("bifrost", bifrost, "targets beyond 20 that chance picks"),
        ("portkey", portkey, "targets beyond 20 that chance picks"),
        ("governance", governance, "use cases beyond 10000"),
    ] {
        write(folder.path(), kind, &text);
        let output = run(folder.path(), &["import", kind, kind, "-o", &format!("from-{kind}")]);
        assert!(stdout(&output).contains(said), "{kind}: {}{}", stdout(&output), stderr(&output));
    }
}
