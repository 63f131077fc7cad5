//! What `diff` says of edits that move no decision, of costs that nobody knows any more, and of statements.

use std::fs;

use tempfile::TempDir;

use crate::bundle::{govctl, stderr, stdout};
use crate::said::{FOLLOW, PLAIN, workspace};

const VOLUME: &str = ", expected_monthly: {requests: 10, input_tokens: 1000000, output_tokens: 1000000}";

/// A folder with two sides: the second after some edits.
fn sides(keys: &str, policy: &str, edits: &[(&str, &str, &str)]) -> [TempDir; 2] {
    let (old, new) = (workspace(PLAIN, keys, policy), workspace(PLAIN, keys, policy));
    for (file, from, to) in edits {
        let path = new.path().join(file);
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.contains(from), "{from} in {text}");
        fs::write(path, text.replace(from, to)).expect("write");
    }
    [old, new]
}

fn diff(sides: &[TempDir; 2], more: &[&str]) -> (String, String) {
    let mut govctl = govctl();
    govctl.arg("diff").args(sides.iter().map(TempDir::path)).args(["--as-of", "2026-11-25"]);
    let output = govctl.args(more).env("COLUMNS", "400").output().expect("govctl runs");
    (stdout(&output), stderr(&output))
}

#[test]
fn what_moves_no_decision_is_still_told() {
    let policy = FOLLOW.replace("follow ranking", "follow ranking\n  above   50x cost block");
    let edits = [
        ("policies/p.gov", "above   50x", "above   90x"),
        (
            "registry/r.yaml",
            "  c:\n    owner: o@example.com\n",
            "  c:\n    owner: o@example.com\n    availability: 99%\n",
        ),
    ];
    let (text, _) = diff(&sides("", &policy, &edits), &[]);
    assert!(text.contains("\nedited without effect on a decision\n"), "{text}");
    assert!(text.contains("failover f changed: `above 50x cost block` → `above 90x cost block`"), "{text}");
    assert!(text.contains("provider c availability added"), "{text}");
}

#[test]
fn a_cost_that_nobody_knows_any_more_is_no_saving() {
    let (text, _) = diff(&sides(VOLUME, FOLLOW, &[("estate/e.yaml", VOLUME, "")]), &[]);
    assert!(text.contains("2.00 usd a month → not known"), "{text}");
    assert!(!text.contains("not known usd"), "{text}");
    let two =
        format!("{VOLUME}}}\n  - {{name: more, owner: o@example.com, data_classification: internal{VOLUME}");
    let edit = (
        "estate/e.yaml",
        "internal, expected_monthly: {requests: 10, input_tokens: 1000000, output_tokens: 1000000}}\n  - {name: more",
        "internal}\n  - {name: more",
    );
    let (text, _) = diff(&sides(&two, FOLLOW, &[edit]), &[]);
    let wanted = "2.00 of it is no saving: what 1 use case will cost is not known any more";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn a_condition_of_a_budget_is_said_before_and_after_and_days_have_separators() {
    let policy = format!(
        "budget b {{\n  when use_case == chat\n  limit 10 usd per month\n  owner \"o\"\n  escalate \"e\"\n}}\naudit kept {{\n  retain 1095 days\n  owner \"o\"\n}}\n{FOLLOW}"
    );
    let edits = [
        ("policies/p.gov", "when use_case == chat", "when classification >= internal"),
        ("policies/p.gov", "1095", "365"),
    ];
    let (text, _) = diff(&sides("", &policy, &edits), &[]);
    assert!(text.contains("when: use_case == `chat` → classification >= internal"), "{text}");
    assert!(text.contains("audit retention: 1,095 days → 365 days"), "{text}");
}

#[test]
fn what_sums_up_comes_before_the_gate_and_stderr_says_what_is_loosened() {
    let edit = ("registry/r.yaml", "name: x, approved", "name: y, aliases: [x], approved");
    let (text, err) = diff(&sides("", FOLLOW, &[edit]), &["--deny", "widened"]);
    let gate = text.find("gate loosened: `a/y` is reached as `y`, before as `x`: `a/x` has another name");
    let summary = text.find(" compared\n");
    assert!(summary.is_some() && summary < gate, "{text}");
    assert!(err.contains("that is loosened: `a/y` is reached as `y`"), "{err}");
}
