//! A pull request cannot open the gate by what no decision shows: limits, attribution, what falls together, approvals,
//! use cases that are gone.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};
use crate::diff_gate::denied;

const REGISTRY: &str = "providers:
  house:
    owner: a@example.com
    rate_limits: {requests_per_minute: 1000, tokens_per_minute: 50000}
    models:
      - {name: a1, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 2, max_daily_spend_usd: 500, failure_domain: west}
      - {name: a2, approved_use_cases: [chat, \"team.*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 2, cost_per_1m_tokens_output: 4, failure_domain: west}
      - {name: a3, approved_use_cases: [chat], data_classification_max: restricted, cost_per_1m_tokens_input: 3, cost_per_1m_tokens_output: 4, rate_limits: {requests_per_minute: 200}, failure_domain: east}
";
const ESTATE: &str = "use_cases:
  - {name: secret, endpoint_tag: app.secret, owner: a, data_classification: restricted, data: [pii], team: t}
  - {name: chat, endpoint_tag: app.chat, owner: a, data_classification: internal, team: t}
";
const POLICY: &str = "failover standard {
  follow   ranking
  because  \"base\"
}

attribution {
  require  team, use_case
  mode     chargeback
  anomaly above 20%
}
";

fn make(folder: &Path, change: impl Fn(&str, &str) -> String) {
    let files =
        [("registry/main.yaml", REGISTRY), ("estate/main.yaml", ESTATE), ("policies/main.gov", POLICY)];
    for (path, text) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, change(path, text)).expect("write");
    }
}

fn diff(folder: &Path, arguments: &[&str]) -> Output {
    let mut govctl = govctl();
    govctl.current_dir(folder).args(["diff", "old", "new", "--as-of", "2026-11-21"]).args(arguments);
    govctl.output().expect("govctl runs")
}

/// Both sides, the new one with an edit: old and new text, separated by `=>`.
fn edited(edit: &str) -> tempfile::TempDir {
    let (from, to) = edit.split_once(" => ").expect("an edit");
    let folder = tempfile::tempdir().expect("a folder");
    make(&folder.path().join("old"), |_, text| text.to_owned());
    make(&folder.path().join("new"), |_, text| text.replace(from, to));
    assert!([REGISTRY, ESTATE, POLICY].iter().any(|text| text.contains(from)), "{from}");
    folder
}

/// What the gate says of an edit under `--deny widened`: each with whether it is loosened.
#[track_caller]
fn gate(edit: &str) -> (i32, Vec<(bool, String)>) {
    let folder = edited(edit);
    let output = diff(folder.path(), &["--deny", "widened", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    crate::schemas::holds("diff", &json);
    let of = |one: &serde_json::Value| {
        let text = one["text"].as_str().unwrap_or_default().to_owned();
        (one["loosened"].as_bool().unwrap_or_default(), text)
    };
    let gate = json["gate"].as_array().map(|all| all.iter().map(of).collect()).unwrap_or_default();
    (status(&output), gate)
}

#[test]
fn what_is_held_to_and_no_decision_shows_is_named_and_denied_where_it_is_loosened() {
    let mut said = String::new();
    for edit in LOOSER.iter().chain(TIGHTER) {
        let (status, gate) = gate(edit);
        let is_looser = LOOSER.contains(edit);
        assert_eq!(status, i32::from(is_looser), "{edit}: {gate:#?}");
        assert!(!gate.is_empty(), "{edit} is not shown");
        assert_eq!(gate.iter().any(|(loosened, _)| *loosened), is_looser, "{edit}: {gate:#?}");
        said += &format!("{edit}\n");
        for (loosened, text) in gate {
            said += &format!("  {} {text}\n", if loosened { "gate loosened:" } else { "gate:" });
        }
    }
    insta::assert_snapshot!(said);
}

const LOOSER: &[&str] = &[
    "max_daily_spend_usd: 500 => max_daily_spend_usd: 500.001",
    ", max_daily_spend_usd: 500 => ",
    "{requests_per_minute: 1000, => {requests_per_minute: 2000,",
    ", tokens_per_minute: 50000} => }",
    "    rate_limits: {requests_per_minute: 1000, tokens_per_minute: 50000}\n => ",
    "{requests_per_minute: 200} => {requests_per_minute: 20000}",
    ", rate_limits: {requests_per_minute: 200} => ",
    "cost_per_1m_tokens_input: 2, => cost_per_1m_tokens_input: 2, rate_limits: {requests_per_minute: 10},",
    "cost_per_1m_tokens_output: 4, failure_domain: west => cost_per_1m_tokens_output: 4, failure_domain: north",
    "cost_per_1m_tokens_output: 4, failure_domain: west => cost_per_1m_tokens_output: 4",
    "cost_per_1m_tokens_output: 4, failure_domain: west => cost_per_1m_tokens_output: 4, failure_domain: east",
    "require  team, use_case\n => require  use_case\n",
    "mode     chargeback => mode     showback",
    "  mode     chargeback\n => ",
    "above 20% => above 20.5%",
    "  anomaly above 20%\n => ",
    "attribution {\n  require  team, use_case\n  mode     chargeback\n  anomaly above 20%\n}\n => ",
    "approved_use_cases: [chat], => approved_use_cases: [chat, secret],",
    "approved_use_cases: [chat], => approved_use_cases: [\"ch*\"],",
    "approved_use_cases: [chat], => approved_use_cases: [\"*\"],",
    "{name: secret, => {name: team.secret,",
    "{name: a3, approved_use_cases: [chat], => {name: a9, approved_use_cases: [chat, secret],",
    "{name: a3, approved_use_cases: [chat], => {name: a9, max_daily_spend_usd: 100, approved_use_cases: [\"*\"],",
    "  - {name: secret, endpoint_tag: app.secret, owner: a, data_classification: restricted, data: [pii], team: t}\n => ",
];

const TIGHTER: &[&str] = &[
    "max_daily_spend_usd: 500 => max_daily_spend_usd: 499.5",
    "cost_per_1m_tokens_input: 2, => cost_per_1m_tokens_input: 2, max_daily_spend_usd: 5,",
    "{requests_per_minute: 1000, => {requests_per_minute: 900,",
    "{requests_per_minute: 200} => {requests_per_minute: 200, tokens_per_minute: 5000}",
    "failure_domain: east => failure_domain: west",
    "failure_domain: west => failure_domain: north",
    "require  team, use_case\n => require  team, use_case, user\n",
    "above 20% => above 10%",
];

/// Both sides with other models of `house`, instead of `a3`.
fn instead_of_a3(old: &str, new: &str) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    for (side, models) in [("old", old), ("new", new)] {
        make(&folder.path().join(side), |path, text| {
            let kept: Vec<&str> = text.lines().filter(|line| !line.contains("name: a3")).collect();
            kept.join("\n") + "\n" + if path.starts_with("registry") { models } else { "" }
        });
    }
    diff(folder.path(), &["--deny", "widened"])
}

fn model(name: &str, ceiling: &str, approved: &str, more: &str) -> String {
    format!(
        "      - {{name: {name}, approved_use_cases: [{approved}], data_classification_max: {ceiling}, cost_per_1m_tokens_input: 9, cost_per_1m_tokens_output: 9{more}}}\n"
    )
}

#[test]
fn a_model_under_another_name_is_held_to_what_it_was() {
    let limited = ", rate_limits: {requests_per_minute: 200}, max_daily_spend_usd: 5";
    let small = model("m", "internal", "chat", limited);
    // The same under another name, with less, or beside the old one.
    for new in [
        model("n", "internal", "chat", limited),
        model("n", "public", "chat", ", rate_limits: {requests_per_minute: 20}, max_daily_spend_usd: 5"),
        model("n", "restricted", "\"*\"", "") + &small,
    ] {
        let output = instead_of_a3(&small, &new);
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    }
    denied(
        &instead_of_a3(&small, &model("n", "restricted", "chat", limited)),
        "gate loosened: `house/n` is new where `house/m` is gone, and is held to less: it may see up to `restricted` data, before up to `internal`",
    );
    denied(
        &instead_of_a3(&small, &model("n", "internal", "secret, chat, none", "")),
        "it is approved for `secret` and `none`, before not; it has a limit of 1,000 requests per minute, before one of 200; it has no limit in usd per day, before one of 5",
    );
    // What one was allowed and what another was are not allowed to one together.
    let strict = small.clone() + &model("o", "public", "\"*\"", limited);
    denied(
        &instead_of_a3(&strict, &model("n", "internal", "\"*\"", limited)),
        "`house/n` is new where `house/o` is gone, and is held to less: it may see up to `internal` data, before up to `public`",
    );
    let output = instead_of_a3(&strict, &model("n", "public", "\"*\"", limited));
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn what_is_accepted_of_it_opens_the_gate_for_that_alone() {
    let folder = edited("max_daily_spend_usd: 500 => max_daily_spend_usd: 900");
    let deny = ["--deny", "widened"];
    let output = diff(folder.path(), &deny);
    denied(&output, "gate loosened: `house/a1` has a limit of 900 usd per day, before one of 500");
    let markdown = stdout(&diff(folder.path(), &["--format", "markdown"]));
    assert!(markdown.contains("**gate loosened**: `'house/a1' has a limit of 900 usd per day"), "{markdown}");
    let accepted = diff(folder.path(), &["--write-accept"]);
    fs::write(folder.path().join("accepted.yaml"), stdout(&accepted)).expect("write");
    let accept = ["--deny", "widened", "--accept", "accepted.yaml"];
    let output = diff(folder.path(), &accept);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    make(&folder.path().join("new"), |_, text| {
        text.replace("max_daily_spend_usd: 500", "max_daily_spend_usd: 901")
    });
    denied(&diff(folder.path(), &accept), "a limit of 901 usd per day");
}

#[test]
fn a_use_case_whose_end_is_accepted_is_gone_with_that() {
    let folder = edited(
        "  - {name: secret, endpoint_tag: app.secret, owner: a, data_classification: restricted, data: [pii], team: t}\n => ",
    );
    denied(
        &diff(folder.path(), &["--deny", "widened"]),
        "gate loosened: the use case `secret` is gone: requests that state it are refused",
    );
    let accepted = diff(folder.path(), &["--write-accept"]);
    fs::write(folder.path().join("accepted.yaml"), stdout(&accepted)).expect("write");
    let output = diff(folder.path(), &["--deny", "widened", "--accept", "accepted.yaml"]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert_eq!(status(&diff(folder.path(), &["--deny", "unroutable"])), 0);
}

#[test]
fn a_new_use_case_with_its_approvals_loosens_nothing() {
    let folder = edited("approved_use_cases: [chat], => approved_use_cases: [chat, fresh],");
    let estate = folder.path().join("new/estate/main.yaml");
    let more = "  - {name: fresh, owner: a, data_classification: internal, team: t}\n";
    fs::write(&estate, ESTATE.to_owned() + more).expect("write");
    let output = diff(folder.path(), &["--deny", "widened"]);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn a_table_tells_attribution_and_what_falls_together() {
    let folder = edited("  mode     chargeback\n => ");
    let compiled = govctl()
        .current_dir(folder.path())
        .args(["compile", "-C", "old", "--as-of", "2026-11-21", "-o", "old.json"])
        .output()
        .expect("govctl runs");
    assert_eq!(status(&compiled), 0, "{}", stderr(&compiled));
    let mut govctl = govctl();
    govctl.current_dir(folder.path()).args(["diff", "old.json", "new", "--as-of", "2026-11-21"]);
    let output = govctl.args(["--deny", "widened"]).output().expect("govctl runs");
    denied(&output, "gate loosened: attribution has no mode, before `chargeback`");
}
