//! Every bound of `src/limits.rs` is named here with what tries it; passing one is said, with where and what to do.

use std::fs::{self, File};
use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};

/// The bounds that this file passes, and those that tests beside the code, or others of this program, pass.
const TRIED_HERE: [&str; 11] = [
    "MAX_FILE_BYTES",
    "MAX_TABLE_BYTES",
    "MAX_KEY_BYTES",
    "MAX_FOLDER_DEPTH",
    "MAX_POLICY_BYTES",
    "MAX_POLICY_NESTING",
    "MAX_YAML_DEPTH",
    "MAX_YAML_ALIASES",
    "MAX_DIGITS",
    "MAX_EXPONENT",
    "MAX_FINDINGS_PER_FILE",
];
const TRIED_ELSEWHERE: [&str; 16] = [
    "MAX_RECORD_BYTES",
    "MAX_WORKSPACE_BYTES",
    "MAX_REGION_NESTING",
    "MAX_CONTEXTS",
    "MAX_CONTEXTS_TOGETHER",
    "MAX_CIRCLES",
    "MAX_CIRCLE_STEPS",
    "MAX_OUTAGE_COMBINATIONS",
    "MAX_SUGGESTIONS",
    "MAX_NAMES_COMPARED",
    "MAX_CATALOGUE_BYTES",
    "MAX_IMPORTED_BYTES",
    "MAX_IMPORTED_EXPRESSION",
    "MAX_IMPORTED_NESTING",
    "MAX_IMPORTED_STEPS",
    "MAX_LINES_COMPARED",
];
/// Too long to pass in a test, or a bound of what is shown and not of what is found.
const NOT_TRIED: [&str; 24] = [
    "MAX_IGNORED_FILES",
    "MAX_LOOKED_AT",
    "MAX_TRIALS",
    "MAX_WORKSPACE_FILES",
    "MAX_FOLDER_ENTRIES",
    "MAX_YAML_NODES",
    "MAX_COMPARED_CONTEXTS",
    "MAX_COMPARED_CONTEXTS_IN_ALL",
    "MAX_LATENT_TRIALS",
    "MAX_LATENT_WORK",
    "MAX_LEDGER_ENTRIES",
    "MAX_CAUSE_TRIALS",
    "MAX_CAUSE_WORK",
    "MAX_CAUSES_UNTRIED",
    "MAX_BYSTANDERS",
    "MAX_DRAWN",
    "MAX_STRUCTURE_BYTES",
    "MAX_POINTER_BYTES",
    "MAX_STATEMENT_BYTES",
    "MAX_LINKS",
    "MAX_IMPORTED_ENTRIES",
    "MAX_INCLUDED_FILES",
    "MAX_SCANNED_BYTES",
    "MAX_SCANNED_HITS",
];

const REGISTRY: &str = "providers:\n  alpha:\n    owner: a@example.com\n    models:\n      - name: a1\n        \
    approved_use_cases: [\"*\"]\n        data_classification_max: restricted\n        cost_per_1m_tokens_input: 1\n        \
    cost_per_1m_tokens_output: 2\n";
const ESTATE: &str = "use_cases:\n  - name: chat\n    owner: o\n    data_classification: internal\n";

fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "registry/main.yaml", REGISTRY);
    write(folder.path(), "estate/main.yaml", ESTATE);
    write(
        folder.path(),
        "policies/main.gov",
        "failover standard {\n  follow  ranking\n  because \"base\"\n}\n",
    );
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("write");
}

/// A file of so many bytes, which takes no room on disk.
fn large(path: &Path, bytes: u64) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    File::create(path).expect("a file").set_len(bytes).expect("a length");
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    govctl().current_dir(folder).args(arguments).output().expect("govctl runs")
}

/// `check` names the bound in a finding with its place.
#[track_caller]
fn found(folder: &Path, message: &str, place: &str) {
    let output = run(folder, &["check"]);
    let text = stdout(&output);
    assert_eq!(status(&output), 1, "{text}{}", stderr(&output));
    assert!(text.contains(message) && text.contains(place), "{text}");
}

#[test]
fn every_bound_is_named_here() {
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/limits.rs"));
    let source = source.expect("the limits");
    let names = source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split(':').next());
    let mut names: Vec<&str> = names.collect();
    let mut named: Vec<&str> = [&TRIED_HERE[..], &TRIED_ELSEWHERE, &NOT_TRIED].concat();
    names.sort_unstable();
    named.sort_unstable();
    assert_eq!(names, named);
}

#[test]
fn files_past_their_size_are_findings() {
    let folder = workspace();
    large(&folder.path().join("policies/main.gov"), 256 * 1024 * 1024 + 1);
    found(folder.path(), "`policies/main.gov` is larger than 256 MiB", "policies/main.gov:1:1");
    large(&folder.path().join("policies/main.gov"), 16 * 1024 * 1024 + 1);
    found(folder.path(), "a policy file has at most 16 MiB", "policies/main.gov:1:1");
}

#[test]
fn tables_and_keys_past_their_size_are_no_answer() {
    let folder = workspace();
    large(&folder.path().join("table.json"), 256 * 1024 * 1024 + 1);
    let output = run(folder.path(), &["verify", "table.json"]);
    assert_eq!(
        (status(&output), stderr(&output).as_str()),
        (2, "error: cannot read `table.json`: it is larger than 256 MiB\n")
    );
    large(&folder.path().join("ci.key"), 64 * 1024 + 1);
    let output = run(folder.path(), &["compile", "-o", "new.json", "--sign-key", "ci.key"]);
    assert_eq!(
        (status(&output), stderr(&output).as_str()),
        (2, "error: cannot read `ci.key`: it is larger than 64 KiB\n")
    );
}

#[test]
fn folders_past_their_depth_are_findings() {
    let folder = workspace();
    write(folder.path(), &format!("policies/{}x.gov", "a/".repeat(65)), "");
    found(folder.path(), "`policies` has more folders and files below it than are read", "policies:1:1");
}

#[test]
fn nesting_aliases_and_numbers_past_their_bound_are_findings() {
    let rule = format!(
        "compliance rule x {{\n  when {}regulated_output{}\n  forbid model.trains_on_data\n  because \"x\"\n}}\n",
        "(".repeat(65),
        ")".repeat(65)
    );
    let budget = format!("budget b {{\n  limit {} usd per month\n}}\n", "1".repeat(61));
    let aliases = format!("a: &a 1\nb: [{}]\n", ["*a"; 1_001].join(", "));
    let lists = format!("use_cases: {}{}\n", "[".repeat(33), "]".repeat(33));
    let price = REGISTRY.replace("input: 1", "input: 1e61");
    for (path, text, message) in [
        ("policies/x.gov", rule.as_str(), "policy is nested too deep"),
        ("policies/x.gov", &budget, "number has too many digits"),
        ("estate/main.yaml", &aliases, "aliases unfold to more than is read"),
        ("estate/main.yaml", &lists, "nested deeper than 32 levels"),
        ("registry/main.yaml", &price, "`1e61` cannot be read as an exact number"),
    ] {
        let folder = workspace();
        write(folder.path(), path, text);
        found(folder.path(), message, path);
    }
}

#[test]
fn the_last_finding_of_a_file_says_that_there_may_be_more() {
    let folder = workspace();
    write(folder.path(), "estate/main.yaml", &format!("use_cases:\n{}", "  - {bad: 1}\n".repeat(300)));
    let output = run(folder.path(), &["check", "--all-findings"]);
    let said = "no more than 100 findings of a file are shown: there may be more";
    assert!(stdout(&output).contains(said), "{}", stdout(&output));
}
