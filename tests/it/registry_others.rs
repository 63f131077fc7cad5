//! Whose prices `govctl registry` takes: a vendor's hold at the vendor's own addresses, and of a catalogue that says two
//! things of one model, what stands under the id that is asked for.

use crate::bundle::{json, run, status, stderr, stdout, unpack_text};
use crate::registry::registry;
use crate::schemas;

/// A workspace with one provider, at an address.
pub(crate) fn workspace(provider: &str, model: &str, endpoint: &str) -> tempfile::TempDir {
    let text = format!(
        "=== registry/main.yaml\n\
providers:
  {provider}:
    owner: o@example.com
    {endpoint}
    models:
      - name: {model}
        approved_use_cases: [chat]
        data_classification_max: internal
        cost_per_1m_tokens_input: 1.9
        cost_per_1m_tokens_output: 7.5
=== estate/main.yaml
use_cases:
  - name: chat
    owner: o@example.com
    data_classification: internal
=== policies/main.gov
failover standard {{
  none
  because \"an example\"
}}
=== prices.json
{{\"gpt-4o\": {{\"litellm_provider\": \"openai\", \"input_cost_per_token\": 2.5e-6, \"output_cost_per_token\": 1e-5, \"deprecation_date\": \"2027-04-14\"}},
 \"gpt-4o-mini\": {{\"litellm_provider\": \"openai\", \"input_cost_per_token\": 1e-6, \"output_cost_per_token\": 2e-6}},
 \"gemini-exp\": {{\"litellm_provider\": \"gemini\", \"input_cost_per_token\": 3e-7, \"output_cost_per_token\": 2.5e-6}},
 \"gemini/gemini-exp\": {{\"litellm_provider\": \"gemini\", \"input_cost_per_token\": 0, \"output_cost_per_token\": 0}}}}
"
    );
    unpack_text(&text)
}

/// The price list of a workspace.
fn prices(folder: &std::path::Path) -> String {
    folder.join("prices.json").to_str().expect("a path").to_owned()
}

/// The codes of all findings against the price list.
fn codes(folder: &std::path::Path) -> Vec<String> {
    let check =
        run(folder, &["check", "--catalogue", &prices(folder), "--as-of", "2026-11-21", "--format", "json"]);
    let report = json(&check);
    let findings = report["findings"].as_array().expect("findings");
    let mut codes: Vec<String> =
        findings.iter().map(|finding| finding["code"].as_str().unwrap_or_default().to_owned()).collect();
    codes.sort();
    codes
}

#[test]
fn a_vendors_prices_are_nobody_elses() {
    let elsewhere = [
        ("reseller", "endpoint: {protocol: openai, base_url: \"https://llm.reseller.example/v1\"}"),
        ("openai", "endpoint: {base_url: \"https://openai.reseller.example/v1\"}"),
        ("openai", "endpoint: {base_url: \"https://api.openai.com.reseller.example/v1\"}"),
    ];
    for (provider, endpoint) in elsewhere {
        let folder = workspace(provider, "gpt-4o", endpoint);
        let before = registry(folder.path());
        let refresh = |more: &[&str]| {
            let from = prices(folder.path());
            run(folder.path(), &[&["registry", "refresh", "--from", &from], more].concat())
        };
        let report = json(&refresh(&["--check", "--format", "json"]));
        schemas::holds("refresh", &report);
        assert_eq!(report["changes"], serde_json::json!([]), "{endpoint}");
        assert_eq!(report["refused"][0]["model"], format!("{provider}/gpt-4o"), "{report}");
        let done = refresh(&[]);
        assert_eq!(status(&done), 0, "{}", stderr(&done));
        assert_eq!(registry(folder.path()), before);
        let said = "is not known to be `openai`'s own, so nothing is taken from a catalogue";
        assert!(stdout(&done).contains(said), "{}", stdout(&done));
        assert_eq!(codes(folder.path()), ["unknown-model"], "{endpoint}");
    }
    let own = [
        ("openai", ""),
        ("openai", "endpoint: {base_url: \"https://api.openai.com/v1\"}"),
        ("eu", "endpoint: {protocol: openai, base_url: \"https://eu.api.openai.com/v1\"}"),
    ];
    for (provider, endpoint) in own {
        let folder = workspace(provider, "gpt-4o", endpoint);
        assert_eq!(codes(folder.path()), ["price-drift", "retiring-unstated"], "{endpoint}");
        let done = run(folder.path(), &["registry", "refresh", "--from", &prices(folder.path())]);
        assert_eq!(status(&done), 0, "{}", stderr(&done));
        assert!(registry(folder.path()).contains("cost_per_1m_tokens_input: 2.5\n"), "{endpoint}");
    }
}

#[test]
fn what_runs_on_ones_own_machines_is_asked_of_no_catalogue() {
    let endpoint =
        "hosting: self-hosted\n    endpoint: {protocol: openai, base_url: \"http://10.0.0.7:8000/v1\"}";
    let folder = workspace("house", "gpt-4o", endpoint);
    assert_eq!(codes(folder.path()), Vec::<String>::new());
}

#[test]
fn no_model_is_added_with_the_price_of_another_seller() {
    let add = |folder: &std::path::Path| {
        run(folder, &["registry", "add", "openai/gpt-4o-mini", "--from", &prices(folder)])
    };
    let folder = workspace("openai", "gpt-4o", "endpoint: {base_url: \"https://llm.reseller.example/v1\"}");
    let before = registry(folder.path());
    let refused = add(folder.path());
    assert_eq!(status(&refused), 2);
    let why = "`openai/gpt-4o-mini` cannot be added from a catalogue: its address, `llm.reseller.example`, is not known to be `openai`'s own; add it by hand";
    assert!(stderr(&refused).contains(why), "{}", stderr(&refused));
    assert_eq!(registry(folder.path()), before);
    let folder = workspace("openai", "gpt-4o", "endpoint: {base_url: \"https://api.openai.com/v1\"}");
    assert_eq!(status(&add(folder.path())), 0);
}

#[test]
fn of_two_prices_in_one_catalogue_that_of_the_id_counts_and_both_are_named() {
    let folder = workspace("gemini", "gemini-exp", "");
    let refresh = |more: &[&str]| {
        let from = prices(folder.path());
        run(folder.path(), &[&["registry", "refresh", "--from", &from], more].concat())
    };
    let report = json(&refresh(&["--check", "--format", "json"]));
    schemas::holds("refresh", &report);
    let said = serde_json::json!([
        {"catalogue": "prices.json (gemini/gemini-exp)", "value": "0"},
        {"catalogue": "prices.json (gemini-exp)", "value": "0.3"},
    ]);
    assert_eq!(report["disagreements"][0]["said"], said, "{report}");
    assert_eq!(report["disagreements"][0]["taken"], "prices.json (gemini/gemini-exp)");
    assert_eq!(status(&refresh(&[])), 0);
    assert!(registry(folder.path()).contains("cost_per_1m_tokens_input: 0\n"));
    let other = workspace("openai", "gpt-4o", "");
    let added = run(other.path(), &["registry", "add", "gemini/gemini-exp", "--from", &prices(other.path())]);
    assert_eq!(status(&added), 0, "{}", stderr(&added));
    let both = "`prices.json (gemini/gemini-exp)` says `0`, `prices.json (gemini-exp)` says `0.3`";
    assert!(stdout(&added).contains(both), "{}", stdout(&added));
}
