//! `valid_until` and `ends` of a table: the days on which something ends are tried, and the first that matters counts.

use govctl::model::Date;
use govctl::table::format::Table;
use govctl::{compile, load, workspace};

use crate::bundle;
use crate::worlds::{rolls, workspace as random_workspace};

/// A workspace with two models, of which one is certified and agreed for some time.
const WORKSPACE: &str = r#"=== registry/main.yaml
providers:
  north:
    owner: north@example.com
    dpa: {status: confirmed, renews: 2026-12-05}
    compliance: [{name: soc2, expires: 2026-12-10}, {name: gdpr, expires: 2027-01-15}]
    regions: [eu]
    evidence: [{facts: [regions], expires: 2027-03-31}]
    models:
      - name: alpha
        approved_use_cases: [chat]
        data_classification_max: confidential
        cost_per_1m_tokens_input: 1
        cost_per_1m_tokens_output: 1
  south:
    owner: south@example.com
    dpa: {status: confirmed}
    compliance: [gdpr]
    regions: [eu]
    models:
      - name: beta
        approved_use_cases: [chat]
        data_classification_max: confidential
        cost_per_1m_tokens_input: 2
        cost_per_1m_tokens_output: 2
      - name: idle
        approved_use_cases: [nobody]
        data_classification_max: confidential
        cost_per_1m_tokens_input: 1
        cost_per_1m_tokens_output: 1
        lifecycle: {sunset: 2026-12-01}
=== estate/main.yaml
use_cases:
  - name: chat
    owner: chat@example.com
    data_classification: internal
    compliance: [gdpr]
    residency: [eu]
    data: [pii]
=== policies/main.gov
failover standard {
  follow  ranking
  because "any model may answer"
}
"#;

/// `valid_until` and `ends` of the workspace with one text replaced by another, and something added to its policy.
fn last_day(replaced: (&str, &str), more: &str) -> (Option<String>, Option<String>) {
    assert!(WORKSPACE.contains(replaced.0), "not in the workspace: {}", replaced.0);
    let folder = bundle::unpack_text(&(WORKSPACE.replace(replaced.0, replaced.1) + more));
    let as_of: Date = bundle::AS_OF.parse().expect("a day");
    let workspace = workspace::read(load::load(folder.path()).expect("a workspace"), as_of);
    let checked = workspace.check();
    let errors: Vec<_> =
        checked.findings.iter().filter(|finding| finding.severity == govctl::diag::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let table = compile::compile(&checked.verified(&workspace).expect("no errors"));
    (table.valid_until, table.ends)
}

fn says(replaced: (&str, &str), more: &str, day: &str, ends: &str) {
    let wanted = (Some(day.to_owned()), Some(ends.to_owned()));
    assert_eq!(last_day(replaced, more), wanted, "{} becomes {}, and {more}", replaced.0, replaced.1);
}

const AS_IT_IS: (&str, &str) = ("any model", "any model");

#[test]
fn what_changes_no_decision_ends_no_table() {
    // A model that nobody uses, an agreement that nothing reads and a certification that nobody needs end before.
    says(AS_IT_IS, "", "2027-01-15", "certification gdpr of north");
}

#[test]
fn what_a_rule_reads_or_a_guarantee_promises_ends_a_table() {
    let agreed = "compliance rule agreed { require model.dpa == confirmed because \"x\" }\n";
    says(AS_IT_IS, agreed, "2026-12-05", "agreement of north");
    let preferred = "preference rule checked { prefer where model.compliance has soc2 because \"x\" }\n";
    says(
        ("renews: 2026-12-05", "renews: 2027-12-05"),
        preferred,
        "2027-01-15",
        "certification gdpr of north",
    );
    let promised = "guarantee agreed { always model.dpa == confirmed because \"x\" }\n";
    says(AS_IT_IS, promised, "2026-12-05", "agreement of north");
}

#[test]
fn of_several_that_end_on_one_day_the_first_in_byte_order_is_named() {
    let dates = ("expires: 2026-12-10", "expires: 2027-01-15");
    says(dates, "", "2027-01-15", "certification gdpr of north");
    let dates = ("renews: 2026-12-05", "renews: 2027-01-15");
    says(dates, "", "2027-01-15", "agreement of north");
}

#[test]
fn evidence_and_models_end_tables() {
    let gdpr = ("{name: gdpr, expires: 2027-01-15}", "gdpr");
    says(gdpr, "", "2027-03-31", "evidence of north");
    let sunset =
        ("approved_use_cases: [nobody]", "approved_use_cases: [nobody, chat]\n        compliance: [gdpr]");
    says(sunset, "", "2026-11-30", "model south/idle");
}

#[test]
fn every_day_on_which_a_statement_begins_or_has_ended_counts() {
    let begins = "audit records { retain 30 days from 2026-12-02 because \"x\" }\n";
    says(AS_IT_IS, begins, "2026-12-01", "start of audit records");
    let ends = "guarantee cheap { always chain.max_cost_multiplier <= 3x until 2026-12-01 because \"x\" }\n";
    says(AS_IT_IS, ends, "2026-12-01", "guarantee cheap");
}

#[test]
fn where_nothing_ends_a_table_is_valid_for_ever() {
    let gdpr = ("{name: gdpr, expires: 2027-01-15}", "gdpr");
    let folder = bundle::unpack_text(
        &WORKSPACE.replace(gdpr.0, gdpr.1).replace("expires: 2027-03-31", "read_on: 2026-01-01"),
    );
    let as_of: Date = bundle::AS_OF.parse().expect("a day");
    let workspace = workspace::read(load::load(folder.path()).expect("a workspace"), as_of);
    let verified = workspace.check().verified(&workspace).expect("no errors");
    assert_eq!(verified.last_day(), None);
}

/// The table of a workspace as it is on a day; none where an error keeps it from being written.
fn table_on(folder: &std::path::Path, day: Date) -> Option<Table> {
    let workspace = workspace::read(load::load(folder).expect("a workspace"), day);
    let verified = workspace.check().verified(&workspace)?;
    Some(compile::compile(&verified))
}

/// What a table says of requests, and until when. What a model holds may change without a decision that does.
fn said(table: &Table) -> serde_json::Value {
    let mut value = serde_json::to_value(table).expect("JSON");
    let models: Vec<String> = table.models.iter().map(|model| model.id.clone()).collect();
    value["models"] = models.into();
    for beside in ["as_of", "digest"] {
        value.as_object_mut().expect("an object").remove(beside);
    }
    value
}

#[test]
fn nothing_changes_through_the_last_day_and_something_does_after_it() {
    let today: Date = bundle::AS_OF.parse().expect("a day");
    let (mut ended, mut by_registry) = (0, 0);
    for seed in 1..=300 {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in random_workspace(&rolls(seed, 400)) {
            // What has expired in the generator's worlds expires later here.
            let text = text.replace("gdpr, expires: 2026-11-20", "gdpr, expires: 2026-12-15");
            let text = text.replace("renews: 2026-11-20", "renews: 2026-12-20");
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("write");
        }
        let Some(table) = table_on(folder.path(), today) else { continue };
        let (Some(last), Some(ends)) = (&table.valid_until, &table.ends) else { continue };
        let last: Date = last.parse().expect("a day");
        let then = table_on(folder.path(), last).expect("nothing breaks before");
        assert_eq!(said(&then), said(&table), "seed {seed}: on the last day, {last}");
        let of_registry = ["certification", "agreement", "evidence", "model"];
        let by = of_registry.into_iter().any(|word| ends.starts_with(word));
        if let Some(after) = table_on(folder.path(), last.tomorrow().expect("a day")) {
            // A statement that begins or ends counts, whatever it does.
            assert!(!by || said(&after) != said(&table), "seed {seed}: after {last}, the end of {ends}");
        }
        ended += 1;
        by_registry += usize::from(by);
    }
    eprintln!("{ended} tables end, {by_registry} by something of the registry");
    assert!(ended > 10 && by_registry > 2, "{ended} tables end, {by_registry} by something of the registry");
}
