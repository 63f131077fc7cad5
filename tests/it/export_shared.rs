//! `govctl export envoy` with a rate limit service: what it counts, what fails, and what is said of it.

use govctl::export::envoy::{self, Options};
use govctl::export::promise::Level;
use govctl::table::format::Table;
use serde_json::{Value, json};

use crate::bundle;

/// The table of every shape, with endpoints.
fn table() -> Table {
    let text = std::fs::read_to_string(bundle::root("conformance/tables/example.json")).expect("a table");
    let mut table: Table = serde_json::from_str(&text).expect("the format");
    for model in &mut table.models {
        model.endpoint =
            json!({"base_url": "https://models.example/v1"}).as_object().cloned().expect("an object");
    }
    table
}

fn exported(table: &Table, service: Option<(&str, u16)>) -> govctl::export::Export {
    let service = service.map(|(host, port)| (host.to_owned(), port));
    envoy::export(table, &Options { rate_limit_service: service, ..Options::default() }).expect("an export")
}

/// Every object below a value that has a member of this name.
fn with<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    let below: Vec<&Value> = match value {
        Value::Object(members) => members.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    if value.get(name).is_some() {
        found.push(value);
    }
    for one in below {
        with(one, name, found);
    }
}

#[test]
fn the_service_counts_quotas_and_each_share_of_a_budget() {
    let mut table = table();
    table.quotas[1].name = "tenant*day".to_owned();
    let export = exported(&table, Some(("ratelimit", 8081)));
    let head = format!(
        "# What every proxy counts together of the table {}.\n# Its last day is 2027-01-30.\n",
        table.digest
    );
    let text = export.files["ratelimit/config/govctl.yaml"].strip_prefix(&head).expect("the head").to_owned();
    assert_eq!(
        text,
        r#"domain: govctl
descriptors:
  - key: quota
    value: "openai-batch/requests-minute"
    descriptors:
      - key: per-0
        rate_limit:
          unit: minute
          requests_per_unit: 2000
  - key: quota
    value: "tenant~2aday/requests-day"
    descriptors:
      - key: per-0
        rate_limit:
          unit: day
          requests_per_unit: 15
  - key: budget
    value: "company/100"
    descriptors:
      - key: per-0
        rate_limit:
          unit: month
          requests_per_unit: 800049999
  - key: budget
    value: "planning-daily/80"
    descriptors:
      - key: per-0
        rate_limit:
          unit: day
          requests_per_unit: 399999999
        shadow_mode: true
  - key: budget
    value: "planning-daily/99.5"
    descriptors:
      - key: per-0
        rate_limit:
          unit: day
          requests_per_unit: 497499999
        shadow_mode: true
  - key: budget
    value: "planning-daily/100"
    descriptors:
      - key: per-0
        rate_limit:
          unit: day
          requests_per_unit: 499999999
"#
    );
}

#[test]
fn every_filter_that_asks_the_service_fails_closed() {
    let export = exported(&table(), Some(("10.0.0.7", 8081)));
    let listeners: Value = serde_json::from_str(&export.files["xds/listeners.json"]).expect("JSON");
    let mut asking = Vec::new();
    with(&listeners, "rate_limit_service", &mut asking);
    assert!(asking.len() >= 5, "{}", asking.len());
    for filter in asking {
        assert_eq!(filter["failure_mode_deny"], true);
        assert_eq!(filter["status_on_error"], json!({"code": 424}));
        assert_eq!(filter["domain"], "govctl");
    }
    let clusters: Value = serde_json::from_str(&export.files["xds/clusters.json"]).expect("JSON");
    let mut named = Vec::new();
    with(&clusters, "load_assignment", &mut named);
    let service = named.into_iter().find(|cluster| cluster["name"] == "rate-limit-service").expect("it");
    assert_eq!(service["type"], "STATIC");
    let mut local = Vec::new();
    with(&listeners, "always_consume_default_token_bucket", &mut local);
    assert!(local.is_empty(), "no proxy counts for itself any more");
}

#[test]
fn without_a_service_nothing_of_it_is_written() {
    let export = exported(&table(), None);
    assert!(!export.files.keys().any(|path| path.starts_with("ratelimit")));
    assert!(export.files.values().all(|text| !text.contains("rate-limit-service")));
}

#[test]
fn what_budgets_keep_depends_on_what_they_ask() {
    let level = |table: &Table, service| {
        let export = exported(table, service);
        let kept = export.promises.into_iter().find(|kept| kept.promise == "budgets").expect("a promise");
        (kept.level, kept.why)
    };
    let service = Some(("ratelimit", 8081));
    let mut table = table();
    assert_eq!(level(&table, None).0, Level::Lost);
    let (lost, why) = level(&table, service);
    assert_eq!(lost, Level::Lost);
    assert!(why.contains("`notify` and `throttle` are only counted there"), "{why}");
    table.budgets[1].at.retain(|at| at.action == "block");
    let (kept, why) = level(&table, service);
    assert_eq!(kept, Level::Native);
    assert!(why.contains("without its answer nobody is asked"), "{why}");
    table.budgets[1].period = "quarter".to_owned();
    let (lost, why) = level(&table, service);
    assert_eq!(lost, Level::Lost);
    assert!(why.contains("counts no quarters"), "{why}");
    assert!(!exported(&table, service).files["ratelimit/config/govctl.yaml"].contains("planning-daily"));
}

#[test]
fn a_cooldown_is_lost_and_no_outlier_is_ejected_in_its_place() {
    let export = exported(&table(), None);
    let kept = export.promises.iter().find(|kept| kept.promise == "cooldown").expect("a promise");
    assert_eq!(kept.level, Level::Lost);
    assert_eq!(
        kept.why,
        "outlier detection would eject the endpoint for every decision, and only after 5xx, timeouts and resets: the table \
         rests it after any trigger of the path, for decisions whose path says so"
    );
    assert!(!export.files["xds/clusters.json"].contains("outlier_detection"));
    let mut table = table();
    for failover in &mut table.failovers {
        failover.cooldown_seconds = None;
    }
    let kept = exported(&table, None).promises.into_iter().find(|kept| kept.promise == "cooldown");
    assert_eq!(kept.expect("a promise").level, Level::ByConstruction);
}

#[test]
fn only_envoy_takes_a_service_and_only_at_a_host_and_a_port() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out").to_string_lossy().into_owned();
    let run = |target: &str, service: &str| {
        let arguments =
            ["export", target, "-o", &out, "--as-of", "2026-11-21", "--rate-limit-service", service];
        let ended = bundle::run(&bundle::root("examples/hospital"), &arguments);
        (ended.status.code(), String::from_utf8(ended.stderr).expect("text"))
    };
    let (status, said) = run("litellm", "ratelimit:8081");
    assert_eq!(status, Some(2));
    assert!(said.contains("only `envoy` asks a rate limit service\n"), "{said}");
    assert!(said.contains("help: leave `--rate-limit-service` out"), "{said}");
    for wrong in ["ratelimit", "ratelimit:x", "a b:8081", ":8081", "http://x:1"] {
        let (status, said) = run("envoy", wrong);
        assert_eq!(status, Some(2), "{wrong}");
        assert!(said.contains("write a host and a port, as in ratelimit:8081"), "{wrong}: {said}");
    }
    assert_eq!(run("envoy", "[::1]:8081").0, Some(0));
}
