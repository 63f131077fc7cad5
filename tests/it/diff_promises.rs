//! A promise is gone too where its statement stands and a use case no longer meets its condition.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::bundle::{govctl, status, stderr, stdout};

const REGISTRY: &str = "providers:
  a:
    owner: o@example.com
    dpa: {status: confirmed}
    trains_on_data: false
    regions: [eu]
    models:
      - {name: x, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}
  b:
    owner: o@example.com
    dpa: {status: confirmed}
    trains_on_data: false
    regions: [eu]
    models:
      - {name: w, approved_use_cases: [\"*\"], data_classification_max: restricted, cost_per_1m_tokens_input: 2, cost_per_1m_tokens_output: 2}
";
const ESTATE: &str = "use_cases:
  - {name: chat, owner: o@example.com, data_classification: internal, data: [pii], team: hr}
  - {name: mail, owner: o@example.com, data_classification: internal, data: [pii], team: hr}
";
/// A rule and a guarantee about personal data.
pub(crate) const RULE: &str = "compliance rule pd {
  when data has pii
  require model.dpa == confirmed
  forbid model.trains_on_data
  because \"gdpr\"
}
guarantee g {
  for data has pii
  never model.trains_on_data
  because \"gdpr\"
}
";
const FAILOVER: &str = "failover f {
  follow ranking
  because \"x\"
}
";

pub(crate) type Edit<'a> = (&'a str, &'a str, &'a str);

/// Both sides, some text of the new one replaced, and what both begin with besides.
pub(crate) fn sides(base: &[Edit], edits: &[Edit]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |side: &str, edits: &[Edit]| {
        let policy = format!("{RULE}{FAILOVER}");
        for (path, text) in
            [("registry/r.yaml", REGISTRY), ("estate/e.yaml", ESTATE), ("policies/p.gov", policy.as_str())]
        {
            let mut text = text.to_owned();
            for (_, old, new) in edits.iter().filter(|(of, ..)| *of == path) {
                assert!(text.contains(old), "{old}");
                text = text.replacen(old, new, 1);
            }
            let path = folder.path().join(side).join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("write");
        }
    };
    write("old", base);
    write("new", &[base, edits].concat());
    folder
}

pub(crate) fn diff(folder: &Path, arguments: &[&str]) -> Output {
    let mut govctl = govctl();
    govctl.current_dir(folder).args(["diff", "old", "new", "--as-of", "2026-11-25"]).args(arguments);
    govctl.output().expect("govctl runs")
}

pub(crate) fn report(base: &[Edit], edits: &[Edit]) -> Value {
    let folder = sides(base, edits);
    serde_json::from_str(&stdout(&diff(folder.path(), &["--format", "json"]))).expect("JSON")
}

/// The promises that are gone: the statement with what happened to it.
fn latent(report: &Value) -> Vec<String> {
    let all = report["latent"].as_array().expect("a list").iter();
    all.map(|one| {
        format!("{} {}", one["what"].as_str().expect("text"), one["change"].as_str().expect("text"))
    })
    .collect()
}

const NO_DATA: Edit<'_> = ("estate/e.yaml", "internal, data: [pii]", "internal");
const PD: [&str; 3] =
    ["guarantee g never lost for chat", "rule pd forbid lost for chat", "rule pd require lost for chat"];

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all
}

#[test]
fn a_use_case_that_no_longer_says_what_it_holds_loses_what_is_promised_of_that() {
    let report = report(&[], &[NO_DATA]);
    assert_eq!(report["changes"], json!([]));
    assert_eq!(sorted(latent(&report)), PD);
    let first = &report["latent"][0];
    assert_eq!((&first["file"], &first["line"]), (&json!("policies/p.gov"), &json!(3)));
    assert_eq!(first["text"], "model.dpa == confirmed");
    let folder = sides(&[], &[NO_DATA]);
    let text = stdout(&diff(folder.path(), &[]));
    assert!(text.contains("3 promises are gone though no decision changes by it\n"), "{text}");
    assert!(
        text.contains("policies/p.gov:3 rule pd, require lost for chat: `model.dpa == confirmed`"),
        "{text}"
    );
    let markdown = stdout(&diff(folder.path(), &["--format", "markdown"]));
    assert!(markdown.contains("require lost for chat"), "{markdown}");
}

#[test]
fn deny_widened_counts_promises_that_are_gone_until_somebody_accepts_it() {
    let folder = sides(&[], &[NO_DATA]);
    let denied = diff(folder.path(), &["--deny", "widened"]);
    assert_eq!((status(&denied), stderr(&denied).as_str()), (1, "denied: 3 promises that are gone\n"));
    assert_eq!(status(&diff(folder.path(), &["--deny", "unroutable"])), 0);
    let proposed = stdout(&diff(folder.path(), &["--write-accept"]));
    assert!(proposed.contains("rule pd: require lost for chat (model.dpa == confirmed)"), "{proposed}");
    fs::write(folder.path().join("accepted.yaml"), &proposed).expect("write");
    let accepted = diff(folder.path(), &["--deny", "widened", "--accept", "accepted.yaml"]);
    assert_eq!((status(&accepted), stderr(&accepted).as_str()), (0, ""));
    assert!(
        stdout(&accepted).contains("accepts that a promise of `rule pd` is gone"),
        "{}",
        stdout(&accepted)
    );
}

#[test]
fn whatever_a_condition_reads_of_a_use_case_can_lose_it_the_promise() {
    let of = |when: &'static str| {
        [("policies/p.gov", "  when data has pii\n", when), ("policies/p.gov", "  for data has pii\n", "")]
    };
    let rule = ["rule pd forbid lost for chat", "rule pd require lost for chat"];
    let lost = |when: &'static str, edit: Edit| sorted(latent(&report(&of(when), &[edit])));
    assert_eq!(lost("  when team == hr\n", ("estate/e.yaml", "team: hr", "team: ops")), rule);
    let high: Edit = ("estate/e.yaml", "team: hr", "team: hr, risk: high");
    let edit: Edit = ("estate/e.yaml", "risk: high", "risk: limited");
    let base = [&of("  when risk == high\n")[..], &[high]].concat();
    assert_eq!(sorted(latent(&report(&base, &[edit]))), rule);
    // Only in some contexts: the promise still reaches more sensitive requests.
    let lower: Edit = ("estate/e.yaml", "data_classification: internal", "data_classification: public");
    let of_internal = of("  when classification == internal and team == hr\n");
    let both = report(&of_internal, &[lower, ("estate/e.yaml", "team: hr", "team: ops")]);
    assert!(latent(&both).contains(&"rule pd require lost for chat".to_owned()), "{both}");
}

#[test]
fn a_condition_that_changes_together_with_the_entry_hides_nothing() {
    let narrower: Edit =
        ("policies/p.gov", "  when data has pii\n", "  when data has pii and not use_case == nobody\n");
    let declared: Edit = (
        "estate/e.yaml",
        "use_cases:\n",
        "use_cases:\n  - {name: nobody, owner: o@example.com, data_classification: internal}\n",
    );
    let report = report(&[declared], &[narrower, NO_DATA]);
    assert_eq!(sorted(latent(&report)), PD, "{report}");
}

#[test]
fn what_is_still_promised_or_was_never_promised_is_not_gone() {
    let owner: Edit = ("estate/e.yaml", "owner: o@example.com", "owner: p@example.com");
    assert_eq!(latent(&report(&[], &[owner])), [""; 0]);
    // The same in other words for its condition: by a rule for everyone.
    let everyone: Edit = (
        "policies/p.gov",
        "failover f",
        "compliance rule all {\n  require model.dpa == confirmed\n  forbid model.trains_on_data\n  because \"all\"\n}\nfailover f",
    );
    assert_eq!(latent(&report(&[everyone], &[NO_DATA])), ["guarantee g never lost for chat"]);
    // It gains data: nothing is gone.
    let more: Edit = ("estate/e.yaml", "data: [pii]", "data: [pii, health]");
    assert_eq!(latent(&report(&[], &[more])), [""; 0]);
}

#[test]
fn a_loss_that_changes_the_decision_is_its_cause_and_not_latent() {
    let unsigned: Edit = (
        "registry/r.yaml",
        "  b:\n    owner: o@example.com\n    dpa: {status: confirmed}",
        "  b:\n    owner: o@example.com\n    dpa: {status: none}",
    );
    let report = report(&[unsigned], &[NO_DATA]);
    assert_eq!(report["changes"][0]["kind"], json!(["failover", "widened"]), "{report}");
    assert_eq!(sorted(latent(&report)), PD[..1], "{report}");
}
