//! `diff` as people and pipelines ask for it: folders and tables, formats, statuses, causes.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::bundle::{self, govctl, json, status, stderr, stdout};

/// A workspace of two models and one use case.
pub(crate) const BASE: &str = r#"=== registry/main.yaml
providers:
  near:
    owner: o@example.com
    jurisdiction: eu
    regions: [eu]
    compliance: [soc2, {name: gdpr, expires: 2026-12-31}]
    data_retention: zero-retention
    models:
      - name: small
        approved_use_cases: ["*"]
        data_classification_max: restricted
        cost_per_1m_tokens_input: 1
        cost_per_1m_tokens_output: 2
  far:
    owner: o@example.com
    jurisdiction: us
    regions: [us]
    compliance: [soc2]
    data_retention: 30-days
    models:
      - name: large
        approved_use_cases: [mail]
        data_classification_max: internal
        cost_per_1m_tokens_input: 10
        cost_per_1m_tokens_output: 20
=== estate/main.yaml
use_cases:
  - name: chat
    owner: o@example.com
    team: web
    data_classification: internal
    expected_monthly: {requests: 1000, input_tokens: 3000000, output_tokens: 1000000}
  - name: mail
    owner: o@example.com
    data_classification: internal
    compliance: [soc2]
=== policies/main.gov
failover standard { follow ranking then queue because "b" }
"#;

/// The base with some words replaced.
pub(crate) fn with(edits: &[(&str, &str)]) -> tempfile::TempDir {
    let mut text = BASE.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "`{from}` is not in the base");
        text = text.replace(from, to);
    }
    bundle::unpack_text(&text)
}

fn diff(old: &Path, new: &Path, more: &[&str]) -> Output {
    govctl().arg("diff").arg(old).arg(new).args(more).output().expect("govctl runs")
}

pub(crate) fn report(old: &[(&str, &str)], new: &[(&str, &str)]) -> Value {
    let (old, new) = (with(old), with(new));
    let report = json(&diff(old.path(), new.path(), &["--format", "json"]));
    crate::schemas::holds("diff", &report);
    report
}

/// Causes as a person would write them down.
pub(crate) fn listed(causes: &Value) -> Vec<String> {
    let one = |cause: &Value| {
        let text = |key: &str| cause[key].as_str().expect("text").to_owned();
        let suffix = if cause["together"] == true { " (together)" } else { "" };
        format!("{}:{} {} {}{suffix}", text("file"), cause["line"], text("what"), text("change"))
    };
    causes.as_array().expect("causes").iter().map(one).collect()
}

fn kinds(report: &Value, use_case: &str) -> Vec<String> {
    let changes = report["changes"].as_array().expect("changes");
    let change = changes.iter().find(|change| change["use_case"] == use_case);
    let kinds = change.map(|change| change["kind"].as_array().expect("kinds").clone()).unwrap_or_default();
    kinds.iter().map(|kind| kind.as_str().expect("a kind").to_owned()).collect()
}

#[test]
fn a_refactor_changes_no_decision_and_says_how_many_were_compared() {
    let (old, new) =
        (with(&[]), with(&[("then queue because \"b\"", "# moved\n  then   queue\n  because \"better\"")]));
    let output = diff(old.path(), new.path(), &["--exit-code"]);
    assert_eq!(status(&output), 0);
    assert!(
        stdout(&output).contains("\nno decision changes: 6 contexts of 2 use cases compared\n"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn what_is_newly_reachable_is_named_and_can_be_denied() {
    let approve = [("approved_use_cases: [mail]", "approved_use_cases: [mail, chat]")];
    let report = report(&[], &approve);
    assert_eq!(kinds(&report, "chat"), ["failover", "widened"]);
    assert_eq!(kinds(&report, "mail"), [""; 0]);
    let change = &report["changes"][0];
    assert_eq!(change["contexts"], 1, "only internal data may go to `far/large`");
    assert_eq!(
        change["example"]["context"],
        serde_json::json!({"classification": "internal", "budget.remaining": "100%"})
    );
    let gained: Vec<&str> =
        change["gained"].as_array().expect("words").iter().filter_map(Value::as_str).collect();
    let wanted =
        ["provider `far`", "region `us`", "jurisdiction `us`", "retention of 30 days rather than zero"];
    assert_eq!(gained, wanted, "nobody asks for `gdpr`");
    let cause = serde_json::json!({
        "file": "registry/main.yaml", "line": 22, "what": "model far/large approved_use_cases",
        "change": "changed", "together": false, "kind": ["failover", "widened"]
    });
    assert_eq!(change["causes"], serde_json::json!([cause]));
    assert_eq!(report["summary"]["widened"], 1);
    let (old, new) = (with(&[]), with(&approve));
    assert_eq!(status(&diff(old.path(), new.path(), &[])), 0);
    assert_eq!(status(&diff(old.path(), new.path(), &["--exit-code"])), 1);
    assert_eq!(status(&diff(old.path(), new.path(), &["--deny", "widened"])), 1);
    assert_eq!(status(&diff(new.path(), old.path(), &["--deny", "widened"])), 0);
    assert_eq!(status(&diff(new.path(), old.path(), &["--deny", "narrowed", "--deny", "widened"])), 1);
}

#[test]
fn every_kind_shows_and_its_mirror_shows_the_other_way_round() {
    let edits: [(&str, &[&str], (&str, &str)); 8] = [
        (
            "mail",
            &["added"],
            (
                "  - name: mail\n    owner: o@example.com\n    data_classification: internal\n    compliance: [soc2]\n",
                "",
            ),
        ),
        (
            "mail",
            &["primary"],
            (
                "follow ranking then queue because \"b\" }",
                "follow ranking then queue because \"b\" }\npreference rule big { prefer far because \"b\" }",
            ),
        ),
        ("chat", &["terminal"], ("then queue", "then queue for 5 minutes")),
        ("chat", &["obligations"], ("then queue", "then queue retry 2 times")),
        ("chat", &["cost"], ("tokens_input: 1\n", "tokens_input: 2\n")),
        ("chat", &["cost"], ("input_tokens: 3000000", "input_tokens: 4000000")),
        ("mail", &["failover", "narrowed"], ("approved_use_cases: [mail]", "approved_use_cases: []")),
        ("mail", &["narrowed", "unroutable"], ("compliance: [soc2]\n=== p", "compliance: [hipaa]\n=== p")),
    ];
    for (use_case, wanted, edit) in edits {
        let (there, back) = (report(&[], &[edit]), report(&[edit], &[]));
        let mirror = |kind: &str| {
            match kind {
                "added" => "removed",
                "removed" => "added",
                "widened" => "narrowed",
                "narrowed" => "widened",
                "unroutable" => "routable",
                "routable" => "unroutable",
                other => other,
            }
            .to_owned()
        };
        let there_kinds = kinds(&there, use_case);
        let mirrored = |kinds: &[String]| {
            let mut kinds: Vec<String> = kinds.iter().map(|kind| mirror(kind)).collect();
            kinds.sort();
            kinds
        };
        let sorted = |mut kinds: Vec<String>| {
            kinds.sort();
            kinds
        };
        assert_eq!(mirrored(&there_kinds), sorted(kinds(&back, use_case)), "{edit:?}");
        // The first edit takes the use case away.
        let wanted = if wanted == ["added"] {
            vec!["removed".to_owned()]
        } else {
            wanted.iter().map(|kind| (*kind).to_owned()).collect()
        };
        assert_eq!(there_kinds, wanted, "{edit:?}");
    }
}

#[test]
fn a_day_alone_can_change_decisions() {
    let folder = with(&[("compliance: [soc2]\n=== p", "compliance: [soc2, gdpr]\n=== p")]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_govctl"));
    command.arg("diff").arg(folder.path()).arg(folder.path());
    command.args(["--old-as-of", "2026-12-31", "--as-of", "2027-01-01", "--format", "json"]);
    let output = command.output().expect("govctl runs");
    let report = json(&output);
    assert_eq!(kinds(&report, "mail"), ["narrowed", "unroutable"]);
    let causes = listed(&report["changes"][0]["causes"]);
    assert_eq!(causes, ["registry/main.yaml:6 provider near certification gdpr expired"]);
    assert_eq!(report["portfolio"]["compliance"][0]["lost"], serde_json::json!(["gdpr"]));
}

#[test]
fn causes_are_told_apart_and_those_that_need_each_other_are_named_together() {
    let unrelated = ("team: web", "team: site");
    // Only one of both models has to be dearer for `small` to stay first.
    let both = [
        unrelated,
        ("approved_use_cases: [mail]", "approved_use_cases: [mail, chat]"),
        ("then queue", "limit 1 hop then queue"),
    ];
    let report1 = report(&[], &both);
    let causes = listed(&report1["changes"][0]["causes"]);
    assert_eq!(
        causes,
        ["registry/main.yaml:22 model far/large approved_use_cases changed"],
        "the other two make no difference"
    );
    // `chat` reaches `far` by one of two new entries: both have to be put back.
    let either = [
        ("approved_use_cases: [mail]", "approved_use_cases: [mail, \"c*\"]"),
        (
            "cost_per_1m_tokens_input: 10\n        cost_per_1m_tokens_output: 20\n",
            "cost_per_1m_tokens_input: 10\n        cost_per_1m_tokens_output: 20\n      - name: other\n        approved_use_cases: [chat]\n        data_classification_max: internal\n        cost_per_1m_tokens_input: 11\n        cost_per_1m_tokens_output: 20\n",
        ),
    ];
    let report2 = report(&[], &either);
    let change = report2["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .find(|change| change["use_case"] == "chat")
        .expect("chat changes");
    let widened = change["details"]
        .as_array()
        .expect("details")
        .iter()
        .find(|detail| detail["kind"] == "widened")
        .expect("it widens");
    let wanted = [
        "registry/main.yaml:22 model far/large approved_use_cases changed (together)",
        "registry/main.yaml:26 model far/other added (together)",
    ];
    assert_eq!(listed(&widened["causes"]), wanted);
}

#[test]
fn money_is_exact_and_rounded_where_it_is_written() {
    let report = report(&[], &[("tokens_input: 1\n", "tokens_input: 1.005\n")]);
    assert_eq!(report["changes"][0]["monthly_cost"], serde_json::json!({"old": "5.00", "new": "5.02"}));
    assert_eq!(report["summary"]["monthly_cost"], serde_json::json!({"old": "5.00", "new": "5.02"}));
    assert_eq!(
        report["portfolio"]["spend_by_provider"]["near"],
        serde_json::json!({"old": "5.00", "new": "5.02"})
    );
    assert_eq!(report["portfolio"]["spend_by_team"]["web"]["new"], "5.02");
    // `mail` states no volume.
    let mail = report["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .find(|change| change["use_case"] == "mail")
        .expect("it costs more");
    assert_eq!(mail["monthly_cost"], serde_json::json!({"old": null, "new": null}));
}

#[test]
fn what_is_renamed_is_recognised_where_that_is_certain() {
    let tag = ("name: chat\n", "name: chat\n    endpoint_tag: web.chat\n");
    let report1 = report(&[tag], &[("name: chat\n", "name: talk\n    endpoint_tag: web.chat\n")]);
    assert_eq!(report1["changes"], serde_json::json!([]));
    assert_eq!(report1["renamed"], serde_json::json!([{"what": "use case", "old": "chat", "new": "talk"}]));
    let report2 = report(&[], &[("- name: small\n", "- name: small-2\n        aliases: [small]\n")]);
    assert_eq!(report2["changes"], serde_json::json!([]));
    assert_eq!(
        report2["renamed"],
        serde_json::json!([{"what": "model", "old": "near/small", "new": "near/small-2"}])
    );
    let report4 = report(&[], &[("failover standard", "failover usual")]);
    assert_eq!(report4["changes"], serde_json::json!([]));
    assert_eq!(
        report4["renamed"],
        serde_json::json!([{"what": "failover", "old": "standard", "new": "usual"}])
    );
    let report3 = report(&[], &[("name: chat\n", "name: talk\n")]);
    assert_eq!(
        (kinds(&report3, "chat"), kinds(&report3, "talk")),
        (vec!["removed".to_owned()], vec!["added".to_owned()])
    );
}

#[test]
fn another_default_and_other_thresholds_meet_on_one_grid() {
    let rules = |default: &str, below: &str| {
        format!(
            "then queue because \"b\" }}\nfact tenant in {{standard, premium}} default {default}\npreference rule big {{ when tenant == premium and budget.remaining >= {below} prefer far because \"b\" }}"
        )
    };
    let (old, new) = (rules("standard", "20%"), rules("premium", "30%"));
    let report = report(&[("then queue because \"b\" }", &old)], &[("then queue because \"b\" }", &new)]);
    let mail = &report["changes"][0];
    assert_eq!(mail["use_case"], "mail");
    // Not stated, with 30% left and more; premium, from 20% to 30%.
    assert_eq!(mail["contexts"], 2);
    assert_eq!(
        mail["example"]["context"],
        serde_json::json!({"classification": "internal", "budget.remaining": "100%"})
    );
    assert_eq!(mail["example"]["old"][0], "near/small");
    assert_eq!(mail["example"]["new"][0], "far/large");
}

#[test]
fn tables_are_sides() {
    let (old, new) = (with(&[]), with(&[("tokens_input: 1\n", "tokens_input: 2\n")]));
    let table = old.path().join("table.json");
    let compiled = bundle::run(old.path(), &["compile", "-o", table.to_str().expect("a path")]);
    assert_eq!(status(&compiled), 0, "{}", stderr(&compiled));
    let same = json(&diff(&table, old.path(), &["--format", "json"]));
    assert_eq!(same["changes"], serde_json::json!([]));
    assert_eq!(same["summary"]["contexts"], 6);
    let report = json(&diff(&table, new.path(), &["--format", "json"]));
    assert_eq!(kinds(&report, "chat"), ["cost"]);
    // The table has no estate: the volumes of the other side count for both.
    assert_eq!(report["summary"]["monthly_cost"], serde_json::json!({"old": "5.00", "new": "8.00"}));
    std::fs::write(&table, "{}").expect("write");
    let broken = diff(&table, new.path(), &[]);
    assert_eq!((status(&broken), stdout(&broken).as_str()), (2, ""));
    assert!(stderr(&broken).contains("is not a decision table"), "{}", stderr(&broken));
}

#[test]
fn what_cannot_be_decided_is_said_and_never_passes_for_unchanged() {
    let broken = with(&[("then queue", "then wait")]);
    let fine = with(&[]);
    let output = diff(broken.path(), fine.path(), &[]);
    assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
    assert!(stderr(&output).contains("error[syntax]"), "{}", stderr(&output));
    let torn = "then queue because \"b\" }\nfailover other { when use_case == chat none because \"b\" }\nfailover more { when use_case == chat none because \"b\" }";
    let ambiguous = with(&[("then queue because \"b\" }", torn)]);
    let output = diff(fine.path(), ambiguous.path(), &["--deny", "widened"]);
    assert_eq!(status(&output), 1);
    assert!(stderr(&output).contains("note: `chat` is not compared"), "{}", stderr(&output));
}

#[test]
fn markdown_stays_a_comment_whatever_is_in_it() {
    let mut estate = String::new();
    for at in 0..400 {
        estate += &format!(
            "  - name: \"u{at}|<b>@all`\"\n    owner: o@example.com\n    data_classification: internal\n"
        );
    }
    let many = format!("use_cases:\n{estate}");
    let (old, new) = (
        with(&[("use_cases:\n", &many)]),
        with(&[
            ("use_cases:\n", &many),
            ("then queue", "then degrade \"a long <img> message ``` to everyone @here\""),
        ]),
    );
    let text = stdout(&diff(old.path(), new.path(), &["--format", "markdown", "--source"]));
    assert!(text.chars().count() < 60_000, "{} characters", text.chars().count());
    assert!(text.contains("more use cases; `govctl diff --format json`"), "no honest end");
    assert!(!text.contains("<img>") || text.contains('`'), "raw HTML");
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
}

#[test]
fn what_a_budget_will_see_is_unknown_where_a_use_case_that_it_covers_has_no_decision() {
    const BUDGETS: &str = "failover standard { follow ranking then queue because \"b\" }
budget web { limit 100 usd per month when use_case == chat }
budget post { limit 100 usd per month when use_case == mail }";
    const STANDARD: &str = "failover standard { follow ranking then queue because \"b\" }";
    // Both are left for an outage: which one counts is not said.
    const TWICE: &str = "failover other { when use_case == chat follow ranking then block because \"b\" }
failover another { when use_case == chat follow ranking then queue because \"b\" }";
    let old = with(&[(STANDARD, BUDGETS)]);
    let new = with(&[(STANDARD, &format!("{BUDGETS}\n{TWICE}"))]);
    let output = diff(old.path(), new.path(), &["--format", "json"]);
    let report = json(&output);
    let budgets = report["budgets"].as_array().expect("budgets");
    assert_eq!(budgets.len(), 1, "{budgets:?}");
    assert_eq!(budgets[0]["name"], "web");
    assert_eq!(budgets[0]["forecast"], serde_json::json!({"old": "5.00", "new": null}));
}
