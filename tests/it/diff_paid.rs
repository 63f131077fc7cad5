//! What a use case pays for what serves it: a price that its own use is not billed by is no change of its cost.

use serde_json::{Value, json};

use crate::bundle::{self, govctl};
use crate::diff::with;

/// `chat` and a batch use case that reads half of its input from a cache.
const WITH_BATCH: (&str, &str) = (
    "  - name: mail\n",
    "  - name: plan\n    owner: o@example.com\n    data_classification: internal\n    workload: batch\n    expected_monthly: {requests: 1000, input_tokens: 2000000, output_tokens: 1000000, cached_input_tokens: 1000000}\n  - name: mail\n",
);

/// A further price of `near/small`.
fn price(line: &'static str) -> (&'static str, String) {
    let plain = "        cost_per_1m_tokens_input: 1\n";
    (plain, format!("{plain}        {line}\n"))
}

fn compared(old: &[(&str, &str)], new: &[(&str, &str)]) -> Value {
    let [old, new] = [old, new].map(|edits| {
        let edits: Vec<(&str, &str)> = [WITH_BATCH].iter().chain(edits).copied().collect();
        with(&edits)
    });
    let run = govctl()
        .args(["diff", "--as-of", "2026-11-21", "--format", "json"])
        .args([old.path(), new.path()])
        .output()
        .expect("it runs");
    bundle::json(&run)
}

/// Use cases whose cost is another, with what they are expected to cost.
fn costs(report: &Value) -> Vec<(String, Value)> {
    let changes = report["changes"].as_array().expect("changes").iter();
    let named = changes.map(|change| {
        assert_eq!(change["kind"], json!(["cost"]), "{change}");
        (change["use_case"].as_str().expect("a name").to_owned(), change["monthly_cost"].clone())
    });
    named.collect()
}

#[test]
fn other_use_is_a_kind_of_its_own_both_ways_though_another_model_serves() {
    let dearer = (
        "  far:\n",
        "      - {name: cached, approved_use_cases: [chat], data_classification_max: internal, cost_per_1m_tokens_input: 1.5, cost_per_1m_tokens_output: 2, cost_per_1m_tokens_cached_input: 0.1}\n  far:\n",
    );
    let cached = (
        "requests: 1000, input_tokens: 3000000",
        "requests: 1000, cached_input_tokens: 3000000, input_tokens: 3000000",
    );
    let kinds = |old: &[(&str, &str)], new: &[(&str, &str)]| {
        let report = compared(old, new);
        let changes = report["changes"].as_array().expect("changes").iter();
        let chat = changes.filter(|change| change["use_case"] == "chat");
        chat.map(|change| change["kind"].clone()).collect::<Vec<Value>>()
    };
    let there = kinds(&[dearer], &[dearer, cached]);
    assert_eq!(there, [json!(["primary", "cost"])]);
    assert_eq!(kinds(&[dearer, cached], &[dearer]), there);
}

#[test]
fn a_price_counts_as_far_as_it_is_paid() {
    let one = |line| {
        let (from, to) = price(line);
        costs(&compared(&[], &[(from, &to)]))
    };
    let plan = |new: &str| vec![("plan".to_owned(), json!({"old": "4.00", "new": new}))];
    // `chat` runs in no batch, and reads nothing from a cache.
    assert_eq!(one("batch_discount: 50%"), plan("2.00"));
    assert_eq!(one("cost_per_1m_tokens_cached_input: 0.5"), plan("3.50"));
    // What is stated as if it were not.
    assert_eq!(one("batch_discount: 0%"), []);
    assert_eq!(one("cost_per_1m_tokens_cached_input: 1"), []);
    // No prompt is that long.
    let long = "long_prompt: {above_tokens: 200000, input: 5, output: 9}";
    assert_eq!(one(long), []);
}

#[test]
fn use_that_costs_the_same_is_no_change() {
    let requests = [("requests: 1000, input_tokens: 3000000", "requests: 1001, input_tokens: 3000000")];
    assert_eq!(costs(&compared(&[], &requests)), []);
    let tokens = [("input_tokens: 3000000", "input_tokens: 4000000")];
    let chat = ("chat".to_owned(), json!({"old": "5.00", "new": "6.00"}));
    assert_eq!(costs(&compared(&[], &tokens)), [chat]);
}

#[test]
fn every_price_that_differs_is_listed() {
    let changes = |line| {
        let (from, to) = price(line);
        compared(&[], &[(from, &to)])["portfolio"]["price_changes"].clone()
    };
    let same = json!({"old": "1", "new": "1"});
    let output = json!({"old": "2", "new": "2"});
    assert_eq!(
        changes("cost_per_1m_tokens_cached_input: 0.5"),
        json!([{
            "model": "near/small",
            "input_usd_per_1m": same,
            "output_usd_per_1m": output,
            "cached_input_usd_per_1m": {"old": null, "new": "0.5"},
        }])
    );
    assert_eq!(
        changes("batch_discount: 50%"),
        json!([{
            "model": "near/small",
            "input_usd_per_1m": same,
            "output_usd_per_1m": output,
            "batch_discount_percent": {"old": null, "new": "50"},
        }])
    );
    assert_eq!(
        changes("long_prompt: {above_tokens: 1000, input: 5, output: 9}")[0]["long_prompt"],
        json!({
            "above_tokens": {"old": null, "new": "1000"},
            "input_usd_per_1m": {"old": null, "new": "5"},
            "output_usd_per_1m": {"old": null, "new": "9"},
        })
    );
    assert_eq!(changes("cost_per_1m_tokens_cached_input: 1"), json!([]));
    let text = |line| {
        let (from, to) = price(line);
        let (old, new) = (with(&[WITH_BATCH]), with(&[WITH_BATCH, (from, &to)]));
        let run = govctl()
            .args(["diff", "--as-of", "2026-11-21"])
            .args([old.path(), new.path()])
            .output()
            .expect("it runs");
        bundle::stdout(&run)
    };
    let said = text("batch_discount: 50%");
    assert!(said.contains("  price of `near/small`: batch discount none → 50%\n"), "{said}");
    let said = text("cost_per_1m_tokens_cached_input: 0.5");
    assert!(
        said.contains("  price of `near/small`: cached input not stated → 0.5 usd per 1m tokens\n"),
        "{said}"
    );
}
