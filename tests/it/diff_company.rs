//! A small company's pull requests: what they mean, for whom, and nothing that nobody asks for.

use serde_json::{Value, json};

use crate::bundle::{self, govctl, json as parsed, stdout};
use crate::diff::listed;

const COMPANY: &str = r#"=== registry/main.yaml
providers:
  cloud-eu:
    owner: o@example.com
    hosting: cloud
    jurisdiction: us
    dpa: {status: confirmed, renews: 2028-01-01}
    regions: [eu]
    compliance: [soc2, hipaa, iso27001]
    data_retention: zero-retention
    trains_on_data: false
    models:
      - name: clinical
        tier: premium
        approved_use_cases: ["hr.*", "desk.*"]
        data_classification_max: confidential
        cost_per_1m_tokens_input: 2
        cost_per_1m_tokens_output: 2
      - name: large
        tier: premium
        approved_use_cases: ["desk.*"]
        data_classification_max: confidential
        cost_per_1m_tokens_input: 9
        cost_per_1m_tokens_output: 9
  cloud-us:
    owner: o@example.com
    hosting: cloud
    jurisdiction: us
    dpa: {status: confirmed, renews: 2028-01-01}
    regions: [us]
    compliance: [soc2]
    data_retention: 30-days
    trains_on_data: false
    models:
      - name: mini
        approved_use_cases: ["desk.*"]
        data_classification_max: internal
        cost_per_1m_tokens_input: 1
        cost_per_1m_tokens_output: 1
  house:
    owner: o@example.com
    hosting: self-hosted
    jurisdiction: eu
    regions: [eu]
    compliance: [soc2, hipaa]
    data_retention: zero-retention
    trains_on_data: false
    models:
      - name: own
        approved_use_cases: ["*"]
        data_classification_max: restricted
        cost_per_1m_tokens_input: 4
        cost_per_1m_tokens_output: 4
=== estate/main.yaml
use_cases:
  - name: hr.claims
    owner: hr@example.com
    team: people
    data_classification: confidential
    data: [health]
    compliance: [soc2]
    expected_monthly: {requests: 1000, input_tokens: 500000000, output_tokens: 500000000}
  - name: desk.reply
    owner: desk@example.com
    team: desk
    data_classification: internal
    expected_monthly: {requests: 1000, input_tokens: 1000000, output_tokens: 1000000}
  - name: desk.triage
    owner: desk@example.com
    team: desk
    data_classification: internal
=== policies/main.gov
compliance rule health-needs-hipaa {
  when data has health
  require model.compliance has hipaa
  because "claims hold health data"
}
compliance rule no-training {
  forbid model.trains_on_data
  because "nobody learns from our prompts"
}
failover standard {
  follow ranking
  above 3x cost block
  then queue for 5 minutes
  because "people wait a little"
}
failover filtered {
  on content-filtered
  chain cloud-us/mini -> cloud-eu/clinical
  then block
  because "what one refuses the other may answer"
}
budget desk {
  when team == desk
  limit 1000 usd per month
  at 80% notify "desk@example.com"
  owner "desk@example.com"
  escalate "cfo@example.com"
}
guarantee claims-stay {
  for use_case == hr.claims
  always model.regions has eu
  because "the works council asks for it"
}
attribution { require team }
"#;

/// The company with some words replaced.
fn company(edits: &[(&str, &str)]) -> tempfile::TempDir {
    let mut text = COMPANY.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "`{from}` is not in it");
        text = text.replace(from, to);
    }
    bundle::unpack_text(&text)
}

fn run(old: &[(&str, &str)], new: &[(&str, &str)], more: &[&str]) -> std::process::Output {
    let (old, new) = (company(old), company(new));
    govctl().arg("diff").arg(old.path()).arg(new.path()).args(more).output().expect("govctl runs")
}

fn report(old: &[(&str, &str)], new: &[(&str, &str)]) -> Value {
    let report = parsed(&run(old, new, &["--format", "json"]));
    crate::schemas::holds("diff", &report);
    report
}

/// Use cases with their kinds, in the order in which they are reported.
fn kinds(report: &Value) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let changes = report["changes"].as_array().expect("changes");
    let kinds = |change: &Value| change["kind"].as_array().expect("kinds").iter().map(text).collect();
    changes.iter().map(|change| (text(&change["use_case"]), kinds(change))).collect()
}

fn changes(all: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let own = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect();
    all.iter().map(|(name, kinds)| ((*name).to_owned(), own(kinds))).collect()
}

#[test]
fn a_certification_that_lapses_concerns_only_those_who_ask_for_it() {
    let lapsed = (
        "compliance: [soc2, hipaa, iso27001]",
        "compliance: [soc2, {name: hipaa, expires: 2026-10-31}, iso27001]",
    );
    let report = report(&[], &[lapsed]);
    // The desk is served by the same provider, and nobody asks for hipaa there.
    assert_eq!(kinds(&report), changes(&[("hr.claims", &["primary", "failover", "narrowed"])]));
    let found = report["findings"]["new"].as_array().expect("findings");
    let codes: Vec<&str> = found.iter().filter_map(|finding| finding["code"].as_str()).collect();
    assert!(codes.contains(&"expired-certification") && codes.contains(&"no-failover"), "{codes:?}");
    assert_eq!(
        report["changes"][0]["lost"],
        json!(["provider `cloud-eu`", "jurisdiction `us`", "hosting `cloud`"])
    );
    let causes = listed(&report["changes"][0]["causes"]);
    assert_eq!(causes, ["registry/main.yaml:8 provider cloud-eu compliance changed"]);
}

#[test]
fn a_certification_widens_where_it_is_no_longer_asked_for() {
    // Neither side alone tells: the old side asks for hipaa, and only the new one reaches a model without it.
    let edits = [
        ("  require model.compliance has hipaa\n", "  forbid model.tier == economy\n"),
        ("compliance: [soc2, hipaa, iso27001]", "compliance: [soc2]"),
        ("compliance: [soc2, hipaa]", "compliance: [soc2]"),
        (
            "        approved_use_cases: [\"*\"]",
            "        tier: standard\n        approved_use_cases: [\"*\"]",
        ),
    ];
    let report = report(&[], &edits);
    assert_eq!(kinds(&report), changes(&[("hr.claims", &["widened"])]));
    assert_eq!(report["changes"][0]["gained"], json!(["models without `hipaa`"]));
}

#[test]
fn an_approval_a_region_and_a_threshold_widen_what_they_widen() {
    let edits = [
        ("  above 3x cost block", "  above 10x cost block"),
        ("    regions: [us]", "    regions: [us, eu]"),
        (
            "        approved_use_cases: [\"desk.*\"]\n        data_classification_max: internal",
            "        approved_use_cases: [\"desk.*\"]\n        data_classification_max: confidential",
        ),
    ];
    let report = report(&[], &edits);
    let all = kinds(&report);
    assert_eq!(all.len(), 2, "{all:?}");
    for (use_case, kinds) in &all {
        assert!(use_case.starts_with("desk.") && kinds.contains(&"widened".to_owned()), "{all:?}");
    }
    let change = &report["changes"][0];
    let gained: Vec<&str> =
        change["gained"].as_array().expect("words").iter().filter_map(Value::as_str).collect();
    assert!(gained.contains(&"region `us`") || gained.contains(&"provider `cloud-us`"), "{gained:?}");
    assert_eq!(report["latent"], json!([]));
}

#[test]
fn hosting_agreement_and_training_are_reached_too() {
    let dpa = (
        "dpa: {status: confirmed, renews: 2028-01-01}\n    regions: [us]",
        "dpa: {status: pending}\n    regions: [us]",
    );
    let pending = report(&[], &[dpa]);
    assert_eq!(kinds(&pending), changes(&[("desk.reply", &["widened"]), ("desk.triage", &["widened"])]));
    assert_eq!(
        pending["changes"][0]["gained"],
        json!(["a data processing agreement that is pending rather than confirmed"])
    );
    let free = [
        ("  forbid model.trains_on_data\n", "  forbid model.tier == economy\n"),
        (
            "        approved_use_cases: [\"*\"]",
            "        tier: standard\n        approved_use_cases: [\"*\"]",
        ),
        ("      - name: mini\n", "      - name: mini\n        tier: standard\n"),
    ];
    let trains = [
        free[0],
        free[1],
        free[2],
        (
            "    data_retention: 30-days\n    trains_on_data: false",
            "    data_retention: 30-days\n    trains_on_data: true",
        ),
    ];
    let trained = report(&free, &trains);
    assert_eq!(trained["changes"][0]["gained"], json!(["models that train on data or may"]));
    let hosted = report(&[], &[("    hosting: self-hosted\n", "    hosting: private-cloud\n")]);
    assert_eq!(hosted["changes"][0]["gained"], json!(["hosting `private-cloud`"]));
    assert_eq!(hosted["changes"][0]["lost"], json!(["hosting `self-hosted`"]));
}

#[test]
fn a_path_that_only_one_trigger_takes_is_compared_and_shown() {
    let report = report(&[], &[("cloud-us/mini -> cloud-eu/clinical", "cloud-us/mini -> house/own")]);
    let all = kinds(&report);
    assert_eq!(
        all,
        changes(&[("desk.reply", &["failover", "widened"]), ("desk.triage", &["failover", "widened"])])
    );
    let example = &report["changes"][0]["example"];
    assert_eq!(example["on"], "content-filtered");
    assert_eq!(example["old"], json!(["cloud-us/mini", "cloud-eu/clinical"]));
    assert_eq!(example["new"], json!(["cloud-us/mini", "house/own"]));
    let text = stdout(&run(&[], &[("  then block\n", "  then degrade \"later\"\n")], &[]));
    assert!(text.contains("- cloud-us/mini on content-filtered → cloud-eu/clinical, then block"), "{text}");
    assert!(
        text.contains("+ cloud-us/mini on content-filtered → cloud-eu/clinical, then degrade \"later\""),
        "{text}"
    );
}

#[test]
fn a_quarter_of_edits_is_a_few_entries() {
    let quarter = [
        ("team: desk\n", "team: service\n"),
        ("team == desk", "team == service"),
        ("limit 1000 usd", "limit 800 usd"),
        ("input_tokens: 1000000, output_tokens: 1000000", "input_tokens: 2000000, output_tokens: 2000000"),
        (
            "        cost_per_1m_tokens_input: 1\n        cost_per_1m_tokens_output: 1\n",
            "        cost_per_1m_tokens_input: 1.2\n        cost_per_1m_tokens_output: 1.2\n",
        ),
    ];
    let report = report(&[], &quarter);
    let all = kinds(&report);
    assert_eq!(
        all,
        changes(&[("desk.reply", &["cost"]), ("desk.triage", &["cost"])]),
        "no obligations of a renamed team"
    );
    assert_eq!(report["renamed"], json!([{"what": "team", "old": "desk", "new": "service"}]));
    assert_eq!(report["changes"][0]["monthly_cost"], json!({"old": "2.00", "new": "4.80"}));
    let moved = json!({"volume": "2.00", "price": "0.80", "route": "0.00"});
    assert_eq!(report["changes"][0]["monthly_cost_moved_by"], moved);
    let budget = &report["budgets"][0];
    assert_eq!(
        (&budget["name"], &budget["limit"]),
        (&json!("desk"), &json!({"old": "1000.00", "new": "800.00"}))
    );
    assert_eq!(budget["forecast"], json!({"old": "2.00", "new": "4.80"}));
    assert_eq!(budget["differs"], json!([]), "the new name of the team is no other condition");
    let text = stdout(&run(&[], &quarter, &[])).replace("\n    ", " ");
    assert!(text.contains("desk.reply: cost (price and volume) in 3 of 3 contexts\n"), "{text}");
    assert!(text.contains("; +2.00 by volume, +0.80 by price\n"), "{text}");
    assert!(text.contains("budget `desk`: limit 1,000.00 → 800.00 usd per month;"), "{text}");
}

#[test]
fn a_promise_that_is_dropped_without_effect_is_latent() {
    let text = "compliance rule no-training {\n  forbid model.trains_on_data\n  because \"nobody learns from our prompts\"\n}\n";
    let edits = [
        (text, ""),
        ("  always model.regions has eu\n", "  always model.regions has eu or model.regions has us\n"),
        ("    compliance: [soc2]\n    expected", "    expected"),
    ];
    let mut report = report(&[], &edits);
    assert_eq!(report["changes"], json!([]));
    for promise in report["latent"].as_array_mut().expect("a list") {
        let fingerprint = promise.as_object_mut().and_then(|promise| promise.remove("fingerprint"));
        assert_eq!(fingerprint.expect("one").as_str().map(str::len), Some(16));
    }
    let latent = |line: u64, what: &str, change: &str, text: &str| {
        let file = if what.starts_with("use case") { "estate/main.yaml" } else { "policies/main.gov" };
        json!({"file": file, "line": line, "what": what, "change": change, "text": text})
    };
    let wanted = json!([
        latent(7, "use case hr.claims", "compliance dropped", "soc2"),
        latent(7, "rule no-training", "forbid dropped", "model.trains_on_data"),
        latent(31, "guarantee claims-stay", "always dropped", "model.regions has eu"),
    ]);
    assert_eq!(report["latent"], wanted);
    let shown = stdout(&run(&[], &edits, &[])).replace("\n    ", " ");
    assert!(shown.contains("3 promises are gone though no decision changes by it\n"), "{shown}");
    assert!(shown.contains("\npromises gone though no decision changes\n  estate/main.yaml:7 use case hr.claims, compliance dropped: `soc2`\n"), "{shown}");
}

#[test]
fn a_promise_that_stands_elsewhere_or_has_an_effect_is_not_latent() {
    // The same promise for everyone is no less, under any name.
    let wider = ("  when data has health\n  require", "  require");
    let renamed = ("rule health-needs-hipaa", "rule everyone-needs-hipaa");
    assert_eq!(report(&[], &[wider, renamed])["latent"], json!([]));
    // For fewer it is less; this one has an effect, and is a cause.
    let health = ("compliance: [soc2, hipaa, iso27001]", "compliance: [soc2]");
    let dropped =
        report(&[health], &[health, ("  require model.compliance has hipaa\n", "  prefer cheapest\n")]);
    assert_eq!(dropped["latent"], json!([]));
    assert_eq!(kinds(&dropped)[0].0, "hr.claims");
    // Without an effect, and only for some of the data.
    let narrower = (
        "  forbid model.trains_on_data\n",
        "  when classification >= confidential\n  forbid model.trains_on_data\n",
    );
    let narrowed = report(&[], &[narrower]);
    assert_eq!(narrowed["latent"][0]["change"], "forbid narrowed");
}

#[test]
fn more_sensitive_data_comes_first_and_then_more_money() {
    let report = report(&[], &[("    data_retention: zero-retention\n", "    data_retention: 7-days\n")]);
    let names: Vec<String> = kinds(&report).into_iter().map(|(name, _)| name).collect();
    // All widen for restricted data, which only `own` may see; claims cost most, and what triage costs is not known.
    assert_eq!(names, ["hr.claims", "desk.reply", "desk.triage"]);
}

#[test]
fn what_only_differs_in_words_is_nothing() {
    let edits = [
        (
            "compliance rule no-training {\n  forbid model.trains_on_data",
            "# moved\ncompliance rule no-training {\n\n  forbid   model.trains_on_data",
        ),
        ("because \"people wait a little\"", "because \"people wait a while\""),
    ];
    let report = report(&[], &edits);
    for key in ["changes", "latent", "budgets", "obligations"] {
        assert_eq!(report[key], json!([]), "{key}");
    }
    assert_eq!(report["findings"], json!({"new": [], "gone": []}));
}
