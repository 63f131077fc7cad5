//! What nobody has looked at: findings that a comment silences for more use cases, and models that were retired.

use std::fs;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff_gate::denied;

const REGISTRY: &str = "providers:
  alpha:
    owner: a@example.com
    jurisdiction: us
    models:
      # govctl: allow(unconfirmed-dpa) only care, whose data is public anyway
      - {name: a1, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 3, cost_per_1m_tokens_output: 3}
      - {name: a0, lifecycle: {status: retired}, approved_use_cases: [care], data_classification_max: restricted, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
      - {name: a2, lifecycle: {status: active, sunset: 2027-06-30}, approved_use_cases: [care], data_classification_max: restricted, cost_per_1m_tokens_input: 9, cost_per_1m_tokens_output: 9}
";
const ESTATE: &str = "use_cases:
  - {name: care, owner: c@example.com, data_classification: restricted, data: [pii]}
  - {name: kids, owner: c@example.com, data_classification: restricted}
";
const POLICY: &str = "failover standard { none because \"x\" }\n";

/// The old side, and a new one whose registry and estate say something else; of the same folder again the new one anew.
fn diff(folder: &std::path::Path, registry: &str, estate: &str, more: &[&str]) -> Output {
    for (side, registry, estate) in [("old", REGISTRY, ESTATE), ("new", registry, estate)] {
        for (path, text) in
            [("registry/main.yaml", registry), ("estate/main.yaml", estate), ("policies/main.gov", POLICY)]
        {
            let path = folder.join(side).join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("write");
        }
    }
    let mut govctl = govctl();
    govctl.current_dir(folder).args(["diff", "old", "new", "--as-of", "2026-11-21"]);
    govctl.args(["--deny", "widened"]).args(more).output().expect("govctl runs")
}

fn once(registry: &str, estate: &str) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    diff(folder.path(), registry, estate, &[])
}

#[track_caller]
fn passes(output: &Output) {
    assert_eq!(status(output), 0, "{}{}", stdout(output), stderr(output));
}

#[test]
fn a_comment_that_silences_a_finding_of_more_use_cases_is_a_loosened_gate() {
    let more = ESTATE.replace("classification: restricted}", "classification: restricted, data: [health]}");
    let said = "a comment newly silences `unconfirmed-dpa` at `registry/main.yaml:7` for `kids` too";
    denied(&once(REGISTRY, &more), said);
    // Another owner, and one use case less.
    passes(&once(REGISTRY, &ESTATE.replace("c@example.com", "d@example.com")));
    let folder = tempfile::tempdir().expect("a folder");
    let proposed = diff(folder.path(), REGISTRY, &more, &["--write-accept"]);
    let accepted = folder.path().join("accepted.yaml");
    fs::write(&accepted, stdout(&proposed)).expect("write");
    let accepts = ["--accept", "accepted.yaml"];
    passes(&diff(folder.path(), REGISTRY, &more, &accepts));
    // A use case that is new adds no more than itself.
    let added = "  - {name: teens, owner: c@example.com, data_classification: restricted, data: [pii]}\n";
    passes(&once(REGISTRY, &(ESTATE.to_owned() + added)));
}

#[test]
fn a_model_that_is_no_longer_retired_is_approved_anew() {
    let said = "`alpha/a0` is no longer retired, so its approvals count again";
    denied(&once(&REGISTRY.replace("status: retired", "status: active"), ESTATE), said);
    denied(&once(&REGISTRY.replace("lifecycle: {status: retired}, ", ""), ESTATE), said);
    // One that stays so, and one that is to stay for longer.
    passes(&once(
        &REGISTRY
            .replace("input: 1, cost_per_1m_tokens_output: 1}", "input: 1, cost_per_1m_tokens_output: 2}"),
        ESTATE,
    ));
    passes(&once(&REGISTRY.replace("2027-06-30", "2028-06-30"), ESTATE));
}

/// Both sides alike but for their policy.
fn by_policies(old: &str, new: &str) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let _ = diff(folder.path(), REGISTRY, ESTATE, &[]);
    for (side, text) in [("old", old), ("new", new)] {
        fs::write(folder.path().join(side).join("policies/main.gov"), format!("{POLICY}{text}"))
            .expect("write");
    }
    let mut govctl = govctl();
    govctl.current_dir(folder.path()).args([
        "diff",
        "old",
        "new",
        "--as-of",
        "2026-11-21",
        "--deny",
        "unroutable",
    ]);
    govctl.output().expect("govctl runs")
}

#[test]
fn a_list_of_names_that_is_gone_is_a_loosened_gate() {
    let teams = "teams web, data\n";
    denied(
        &by_policies(teams, ""),
        "`teams` no longer lists the names that there are: any other one passes for one",
    );
    passes(&by_policies(teams, "teams web, data, new\n"));
    passes(&by_policies("", teams));
}
