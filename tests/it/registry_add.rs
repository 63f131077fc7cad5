//! `govctl registry add`: what is written of a new model, and what is not.

use crate::bundle::{json, run, status, stderr, stdout, unpack_text};
use crate::registry::{WORKSPACE, prices, registry};

#[test]
fn a_new_model_is_approved_for_nothing() {
    let folder = unpack_text(WORKSPACE);
    let prices = prices();
    let add =
        |models: &[&str]| run(folder.path(), &[&["registry", "add"], models, &["--from", &prices]].concat());
    let done = add(&["openai/gpt-5.6-luna", "mistral/mistral-large-latest"]);
    assert_eq!(status(&done), 0, "{}", stderr(&done));
    let added = registry(folder.path());
    let (_, added) = added.split_once("- name: gpt-5.6-luna\n").expect("the model");
    let (added, _) = added.split_once("\n  acme:").expect("the next provider");
    assert!(added.contains("data_classification_max: public\n"), "{added}");
    let keys: Vec<&str> =
        added.lines().filter_map(|line| line.trim().split_once(": ")).map(|(key, _)| key).collect();
    for governance in ["approved_use_cases", "compliance", "regions", "dpa", "data_retention", "hosting"] {
        assert!(!keys.contains(&governance), "{added}");
    }
    assert!(folder.path().join("registry/mistral.yaml").is_file());
    let check = run(folder.path(), &["check"]);
    assert_eq!(status(&check), 0, "{}", stdout(&check));
    let cases = [
        ("openai/gpt-4o", "the registry has `openai/gpt-4o` already"),
        ("openai/gpt-5.6-lunaa", "did you mean `openai/gpt-5.6-luna`?"),
        ("openai/whisper-1", "it is priced by `input_cost_per_second`, not per token"),
        ("gpt-4o", "`gpt-4o` is no `provider/model`"),
    ];
    for (model, why) in cases {
        let refused = add(&[model]);
        assert_eq!(status(&refused), 2, "{model}");
        assert!(stderr(&refused).contains(why), "{}", stderr(&refused));
    }
}

#[test]
fn a_new_model_is_compared_in_all_catalogues() {
    let folder = unpack_text(WORKSPACE);
    let (prices, other) = (prices(), folder.path().join("api.json"));
    let write = |input: &str| {
        let cost = format!(r#"{{"input": {input}, "output": 0.6}}"#);
        let text = format!(
            r#"{{"mistral": {{"models": {{"mistral-large-latest": {{"cost": {cost}, "limit": {{"context": 1}}}}}}}}}}"#
        );
        std::fs::write(&other, text).expect("a catalogue");
    };
    let other_name = other.to_str().expect("a path");
    let add = |more: &[&str]| {
        let from =
            ["registry", "add", "mistral/mistral-large-latest", "--from", &prices, "--from", other_name];
        run(folder.path(), &[&from[..], more].concat())
    };
    write("0.2");
    let refused = add(&[]);
    assert_eq!(status(&refused), 2, "{}", stdout(&refused));
    let why = "the catalogues do not agree on what `mistral/mistral-large-latest` costs: `cost_per_1m_tokens_input`: `prices.json` says `0.5`, `api.json` says `0.2`; `cost_per_1m_tokens_output`: `prices.json` says `1.5`, `api.json` says `0.6`; `--prefer FILE` names the one to believe";
    assert!(stderr(&refused).contains(why), "{}", stderr(&refused));
    assert!(!folder.path().join("registry/mistral.yaml").exists(), "nothing is written");
    let done = add(&["--prefer", other_name]);
    assert_eq!(status(&done), 0, "{}", stderr(&done));
    let notes = "note: `mistral/mistral-large-latest`: the catalogues do not agree on `cost_per_1m_tokens_input`: `prices.json` says `0.5`, `api.json` says `0.2`; `api.json` was preferred\n";
    assert!(stdout(&done).contains(notes), "{}", stdout(&done));
    let written = std::fs::read_to_string(folder.path().join("registry/mistral.yaml")).expect("a registry");
    assert!(written.contains("# Prices and limits from prices.json and api.json on "), "{written}");
    assert!(
        written.contains("cost_per_1m_tokens_input: 0.2\n") && written.contains("context_window: 1\n"),
        "{written}"
    );
}

/// What the policies do not list is not stated, and what a reseller calls like another's model is not that one.
#[test]
fn nothing_is_added_that_breaks_or_is_guessed() {
    let folder = unpack_text(WORKSPACE);
    let prices = prices();
    let policy = folder.path().join("policies/vocabulary.gov");
    std::fs::write(&policy, "capabilities tools\n").expect("a policy");
    let text = registry(folder.path()).replace("[tools, vision]", "[tools]");
    let reseller = "  reseller:\n    owner: r@example.com\n    models:\n      - {name: openai/gpt-4o, data_classification_max: public, cost_per_1m_tokens_input: 9, cost_per_1m_tokens_output: 9}\n";
    std::fs::write(folder.path().join("registry/main.yaml"), text + reseller).expect("a registry");
    let added = run(folder.path(), &["registry", "add", "openai/gpt-5.6-luna", "--from", &prices]);
    assert_eq!(status(&added), 0, "{}", stderr(&added));
    let note = "note: `openai/gpt-5.6-luna` also offers json-schema, vision, which `capabilities` in the policies does not list\n";
    assert!(stdout(&added).contains(note), "{}", stdout(&added));
    let report = json(&run(folder.path(), &["check", "--format", "json"]));
    let unknown = report["findings"].as_array().expect("findings").iter();
    assert_eq!(unknown.filter(|finding| finding["code"] == "unknown-name").count(), 0, "{report}");
    let refreshed =
        run(folder.path(), &["registry", "refresh", "--from", &prices, "--check", "--format", "json"]);
    let unlisted = json(&refreshed)["unknown"].to_string();
    assert!(unlisted.contains("reseller/openai/gpt-4o"), "{unlisted}");
}
