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
    assert!(said.contains("the workspace is the current folder: leave `policies` out"), "{said}");
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
    assert!(said.contains("`policies/main.gov.bak` and 1 more are not read"), "{said}");
}

#[test]
fn a_plain_argument_that_is_no_folder_is_told_what_it_may_be() {
    let folder = tempfile::tempdir().expect("a folder");
    workspace(folder.path());
    let said = refused(folder.path(), &["check", "chat"]);
    assert!(said.contains("`govctl resolve chat` asks of one use case"), "{said}");
    let said = refused(folder.path(), &["test", "chat is served"]);
    assert!(said.contains("`govctl test --filter \"chat is served\"`"), "{said}");
    let said = refused(folder.path(), &["check", "policies/main.gov"]);
    assert!(said.contains("a workspace is read whole: leave this out"), "{said}");
    let said = refused(folder.path(), &["init", "notes.md"]);
    assert!(said.contains("`notes.md` is a file, and `init` fills a folder"), "{said}");
}

#[test]
fn a_file_of_another_format_is_told_where_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    workspace(folder.path());
    write(folder.path(), "registry/more.toml", "x = 1\n");
    write(folder.path(), "estate/more.json", "{}\n");
    let output =
        govctl().current_dir(folder.path()).args(["check", "--as-of", AS_OF]).output().expect("govctl runs");
    let said = stdout(&output);
    assert!(said.contains("write what it says as YAML, in `registry/more.yaml`: TOML is not read"), "{said}");
    assert!(said.contains("rename it to `estate/more.yaml`: JSON is YAML too"), "{said}");
}
