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
        ("gpt-4o", "`gpt-4o` is not of the form `provider/model`"),
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

/// A provider without models gets its first in its own file.
#[test]
fn a_provider_without_models_gets_its_first_in_place() {
    let prices = prices();
    for (own, begins) in [
        (
            "    owner: m@example.com   # ours\n",
            "    owner: m@example.com   # ours\n    models:\n      - name: mistral-large-latest\n",
        ),
        (
            "    models: []   # none yet\n    owner: m@example.com\n",
            "    models:    # none yet\n      - name: mistral-large-latest\n",
        ),
        ("    models:\n    owner: m@example.com\n", "    models:\n      - name: mistral-large-latest\n"),
        ("    models: []\n    owner: m@example.com\n", "    models:\n      - name: mistral-large-latest\n"),
    ] {
        let folder = unpack_text(WORKSPACE);
        let text = registry(folder.path()) + "  mistral:\n" + own;
        std::fs::write(folder.path().join("registry/main.yaml"), text).expect("a registry");
        let added =
            run(folder.path(), &["registry", "add", "mistral/mistral-large-latest", "--from", &prices]);
        assert_eq!(status(&added), 0, "{own}{}", stderr(&added));
        let after = registry(folder.path());
        assert!(after.contains(begins), "{after}");
        assert!(!folder.path().join("registry/mistral.yaml").exists());
        let check = run(folder.path(), &["check"]);
        assert_eq!(status(&check), 0, "{}", stdout(&check));
    }
}

/// What a price has besides tokens of text is refused or named, never passed over.
#[test]
fn other_units_and_steps_are_named() {
    let folder = unpack_text(WORKSPACE);
    let entry = |name: &str, more: &str| {
        format!(r#""{name}": {{"litellm_provider": "openai", "mode": "chat", {more}}}"#)
    };
    let tokens = r#""input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6"#;
    let entries = [
        entry(
            "image",
            &format!(r#"{tokens}, "mode": "image_generation", "output_cost_per_image_token": 1e-4"#),
        ),
        entry("request", &format!(r#"{tokens}, "input_cost_per_request": 0.01"#)),
        entry("both", r#""input_cost_per_token": 1e-6, "output_cost_per_image": 0.1"#),
        entry("below", r#""input_cost_per_token": -1e-6, "output_cost_per_token": 1e-6"#),
        entry(
            "speech",
            &format!(
                r#"{tokens}, "output_cost_per_reasoning_token": 2e-6, "input_cost_per_audio_token": 3e-6"#
            ),
        ),
        entry(
            "steps",
            &format!(
                r#"{tokens}, "input_cost_per_token_above_128k_tokens": 2e-6, "input_cost_per_token_above_512k_tokens": 4e-6"#
            ),
        ),
        entry(
            "ranges",
            r#""tiered_pricing": [
            {"range": [32000, 128000], "input_cost_per_token": 2e-6, "output_cost_per_token": 4e-6},
            {"range": [0, 32000], "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6},
            {"range": [128000, 256000], "input_cost_per_token": 3e-6, "output_cost_per_token": 6e-6}]"#,
        ),
    ];
    let path = folder.path().join("prices.json");
    std::fs::write(&path, format!("{{{}}}", entries.join(","))).expect("a catalogue");
    let from = path.to_str().expect("a path");
    let add = |model: &str| run(folder.path(), &["registry", "add", model, "--from", from]);
    for (model, why) in [
        ("openai/image", "it is priced by `output_cost_per_image_token` too, not only per token"),
        ("openai/request", "it is priced by `input_cost_per_request` too, not only per token"),
        ("openai/both", "it is priced by `output_cost_per_image`, not per token"),
        ("openai/below", "its `input_cost_per_token` is below zero"),
    ] {
        let refused = add(model);
        assert_eq!(status(&refused), 2, "{model}: {}", stdout(&refused));
        assert!(stderr(&refused).contains(why), "{}", stderr(&refused));
    }
    for (model, keys, line) in [
        ("openai/speech", "`input_cost_per_audio_token`", "cost_per_1m_tokens_output: 2"),
        (
            "openai/steps",
            "`input_cost_per_token_above_512k_tokens`",
            "long_prompt: {above_tokens: 128000, input: 2, output: 2}",
        ),
        ("openai/ranges", "`tiered_pricing`", "long_prompt: {above_tokens: 32000, input: 2, output: 4}"),
    ] {
        let added = add(model);
        assert_eq!(status(&added), 0, "{model}: {}", stderr(&added));
        let note = format!(
            "note: `{model}`: `prices.json` prices it by {keys} too, which a registry cannot state: what it costs then is left out\n"
        );
        assert!(stdout(&added).contains(&note), "{}", stdout(&added));
        assert!(registry(folder.path()).contains(line), "{}", registry(folder.path()));
    }
}

/// Answers that are priced in another unit are not free.
#[test]
fn a_price_of_reading_alone_is_none_of_what_answers_in_another_unit() {
    let folder = unpack_text(WORKSPACE);
    let path = folder.path().join("prices.json");
    let history = r#"[{"id": "openai", "models": [{"id": "painter", "prices": {"input_mtok": 1, "output_image_mtok": 30}}]}]"#;
    std::fs::write(&path, history).expect("a catalogue");
    let from = path.to_str().expect("a path");
    let refused = run(folder.path(), &["registry", "add", "openai/painter", "--from", from]);
    assert_eq!(status(&refused), 2);
    assert!(
        stderr(&refused).contains("it is priced by `output_image_mtok`, not per token"),
        "{}",
        stderr(&refused)
    );
}

/// A catalogue calls a provider of ours by what it speaks.
#[test]
fn a_new_model_is_looked_up_by_the_protocol_of_its_provider() {
    let folder = crate::registry_others::workspace("west", "gpt-4o", "endpoint: {protocol: openai}");
    let path = folder.path().join("prices.json");
    let from = path.to_str().expect("a path");
    let add = |model: &str| run(folder.path(), &["registry", "add", model, "--from", from]);
    let refused = add("west/gpt-4o-mina");
    assert!(
        stderr(&refused).contains("does not list `west/gpt-4o-mina`; did you mean `west/gpt-4o-mini`?"),
        "{}",
        stderr(&refused)
    );
    let refused = add("west/gemini-exp");
    assert_eq!(status(&refused), 2, "what it does not speak is not its own");
    assert!(!stderr(&refused).contains("gemini/"), "{}", stderr(&refused));
    let added = add("west/gpt-4o-mini");
    assert_eq!(status(&added), 0, "{}", stderr(&added));
    assert!(
        stdout(&added).contains("added `west/gpt-4o-mini` to registry/main.yaml\n"),
        "{}",
        stdout(&added)
    );
    assert!(registry(folder.path()).contains("- name: gpt-4o-mini\n"), "{}", registry(folder.path()));
    assert!(!folder.path().join("registry/openai.yaml").exists());
}

/// A list in brackets gets its new model within the brackets, and everything else stays as it was.
#[test]
fn a_list_in_brackets_gets_its_new_model() {
    let prices = prices();
    let old = "{name: m, data_classification_max: public, cost_per_1m_tokens_input: 1, cost_per_1m_tokens_output: 1}";
    let new = "{name: mistral-large-latest, data_classification_max: public, ";
    let json =
        old.replace("name", "\"name\"").replace(": m,", ": \"m\",").replace(": public", ": \"public\"");
    let json = json
        .replace("data_", "\"data_")
        .replace("_max:", "_max\":")
        .replace("cost_", "\"cost_")
        .replace("put:", "put\":");
    for (own, expected) in [
        (format!("    models: [{old}]   # ours\n    owner: m@example.com\n"), format!("[{old}, {new}")),
        (
            format!("    models: [\n      {old},   # ours\n    ]\n"),
            format!("{old},   # ours\n      # Prices"),
        ),
        (format!("    models: [\n      {old}   # ours\n    ]\n"), format!("{old},   # ours\n      # Prices")),
        (
            format!("    models:\n      [{old},\n       {}]   # two\n", old.replace(": m,", ": n,")),
            format!("`.\n       {new}"),
        ),
        (format!("    {{owner: m@example.com, models: [{old}]}}\n"), format!("[{old}, {new}")),
        ("    {owner: m@example.com}\n".to_owned(), format!("{{owner: m@example.com, models: [{new}")),
        ("    {models: [], owner: m@example.com}\n".to_owned(), format!("{{models: [{new}")),
        (format!("    {{\"models\": [{json}]}}\n"), "}, {\"name\": \"mistral-large-latest\"".to_owned()),
    ] {
        let folder = unpack_text(WORKSPACE);
        let text = registry(folder.path()) + "  mistral:\n" + &own;
        std::fs::write(folder.path().join("registry/main.yaml"), &text).expect("a registry");
        let added =
            run(folder.path(), &["registry", "add", "mistral/mistral-large-latest", "--from", &prices]);
        assert_eq!(status(&added), 0, "{own}{}", stderr(&added));
        let after = registry(folder.path());
        assert!(after.contains(&expected), "{expected}\n{after}");
        for comment in ["# ours", "# two"] {
            assert_eq!(after.matches(comment).count(), text.matches(comment).count(), "{after}");
        }
        let (begin, _) = text.split_once("  mistral:\n").expect("what stands before");
        assert!(after.starts_with(begin), "{after}");
        let check = run(folder.path(), &["check"]);
        assert_eq!(status(&check), 0, "{after}{}", stdout(&check));
        let again = run(
            folder.path(),
            &["registry", "refresh", "mistral/mistral-large-latest", "--check", "--from", &prices],
        );
        assert_eq!(status(&again), 0, "{}", stdout(&again));
    }
}
