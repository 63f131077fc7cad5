//! What a folder says that is no workspace, and a workspace that lacks a part.

use std::path::Path;

use crate::bundle::{self, AS_OF, govctl, status, stderr, stdout};

const REGISTRY: &str = "providers:\n  north:\n    owner: n@example.com\n    models:\n      - name: alpha\n        approved_use_cases: [chat]\n        data_classification_max: internal\n        cost_per_1m_tokens_input: 1\n        cost_per_1m_tokens_output: 1\n";
const ESTATE: &str =
    "use_cases:\n  - name: chat\n    owner: c@example.com\n    data_classification: internal\n";
const POLICY: &str = "failover standard {\n  none\n  because \"there is one model\"\n}\n";

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("create a folder");
    std::fs::write(path, text).expect("write a file");
}

fn workspace(folder: &Path) {
    write(folder, "registry/main.yaml", REGISTRY);
    write(folder, "estate/main.yaml", ESTATE);
    write(folder, "policies/main.gov", POLICY);
}

/// What `check` says in a folder on stderr, with status 2 and nothing on stdout.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = govctl().current_dir(folder).args(arguments).output().expect("govctl runs");
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    stderr(&output)
}

#[test]
fn a_folder_that_is_no_workspace_says_so_once_and_names_init() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("src")).expect("a folder");
    let wanted = "error: `.` is not a workspace: it has no `registry/`, `estate/`, `policies/` or `govctl.yaml`\n  help: `govctl init` makes a small workspace to begin with\n";
    assert_eq!(refused(folder.path(), &["check"]), wanted);
    assert_eq!(refused(folder.path(), &["resolve", "chat"]), wanted);
}

#[test]
fn a_workspace_above_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    workspace(folder.path());
    let inside = folder.path().join("policies/deep");
    std::fs::create_dir_all(&inside).expect("a folder");
    let said = refused(&inside, &["check"]);
    assert!(
        said.ends_with("help: there is one in `../..`: add `-C ../..`; `govctl init` makes a new one\n"),
        "{said}"
    );
    let said = refused(folder.path(), &["check", "policies/deep"]);
    assert!(said.starts_with("error: `policies/deep` is not a workspace"), "{said}");
    let said = refused(folder.path(), &["compile", "policies"]);
    assert!(said.contains("there is one in `policies/..`"), "{said}");
}

#[test]
fn workspaces_below_are_named_the_nearest_first() {
    let folder = tempfile::tempdir().expect("a folder");
    workspace(&folder.path().join("ai/policy set"));
    let said = refused(folder.path(), &["check"]);
    assert!(said.contains("there is one in `ai/policy set`: add `-C 'ai/policy set'`"), "{said}");
    workspace(&folder.path().join("b"));
    workspace(&folder.path().join(".hidden"));
    let said = refused(folder.path(), &["check"]);
    assert!(
        said.contains("there are workspaces in `b`, `ai/policy set`: add `-C b` for the first"),
        "{said}"
    );
}

/// Status, and what `check` prints of a workspace without its policies and with these files instead.
fn without_policies(files: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    workspace(folder.path());
    std::fs::remove_dir_all(folder.path().join("policies")).expect("a folder");
    for path in files {
        write(folder.path(), path, POLICY);
    }
    let output = bundle::run(folder.path(), &["check"]);
    assert_eq!(status(&output), 1, "{AS_OF}");
    stdout(&output)
}

#[test]
fn policies_that_are_missing_or_misspelt_are_an_error() {
    let said = without_policies(&[]);
    assert!(said.contains("error[schema]: there is no `policies` in the workspace"), "{said}");
    assert!(said.contains("put a file such as `policies/main.gov` there"), "{said}");
    let said = without_policies(&["policy/main.gov"]);
    assert!(said.contains("is it `policy`? rename that folder to `policies`"), "{said}");
    let said = without_policies(&["policies/main.gov.bak", "policies/more.txt"]);
    assert!(said.contains("error[schema]: there is no policy file in `policies/`"), "{said}");
    assert!(said.contains("`policies/main.gov.bak` and 1 more is not read"), "{said}");
}
