//! What `govctl registry` and `check --catalogue` say of prices: of two catalogues, of other units, of files with a mark.

use crate::bundle::{json, run, status, stderr, stdout, unpack_text};
use crate::registry::{WORKSPACE, registry};
use crate::registry_others::workspace;

fn write(folder: &std::path::Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a catalogue");
    path.to_str().expect("a path").to_owned()
}

#[test]
fn a_price_that_both_catalogues_contradict_is_drift_although_they_do_not_agree() {
    let folder = workspace("openai", "gpt-4o", "");
    let list = |input: &str| {
        format!(
            r#"{{"gpt-4o": {{"litellm_provider": "openai", "input_cost_per_token": {input}, "output_cost_per_token": 7.5e-6}}}}"#
        )
    };
    let a = write(folder.path(), "a.json", &list("2.6e-6"));
    let b = write(folder.path(), "b.json", &list("2.5e-6"));
    let check = run(folder.path(), &["check", "--catalogue", &a, "--catalogue", &b, "--format", "json"]);
    let report = json(&check);
    let findings = report["findings"].as_array().expect("findings");
    let drift: Vec<_> = findings.iter().filter(|finding| finding["code"] == "price-drift").collect();
    let [drift] = drift.as_slice() else { panic!("{report}") };
    assert_eq!(
        drift["message"],
        "`openai/gpt-4o` has another price in `a.json` and in `b.json`, which do not agree on it"
    );
    let note = "`cost_per_1m_tokens_input` is `1.9` here, `2.6` in `a.json` and `2.5` in `b.json`";
    assert!(drift.to_string().contains(note), "{drift}");
    let refresh = run(folder.path(), &["registry", "refresh", "--from", &a, "--from", &b, "--check"]);
    assert_eq!(status(&refresh), 1);
    let said = stdout(&refresh);
    assert!(said.starts_with("nothing to take: the catalogues do not agree on 1 value\n"), "{said}");
    // Who has the price of one of them contradicts nobody who is to be believed.
    let b = write(folder.path(), "b.json", &list("1.9e-6"));
    let check = run(folder.path(), &["check", "--catalogue", &a, "--catalogue", &b, "--format", "json"]);
    assert!(!stdout(&check).contains("price-drift"), "{}", stdout(&check));
}

#[test]
fn a_price_in_another_unit_is_refused_by_its_name() {
    let folder = unpack_text(WORKSPACE);
    let entry = |name: &str, more: &str| format!(r#""{name}": {{"litellm_provider": "openai", {more}}}"#);
    let entries = [
        entry("speech", r#""mode": "audio_speech", "input_cost_per_character": 1.5e-5"#),
        entry("container", r#""code_interpreter_cost_per_session": 0.03"#),
        entry("free", r#""input_cost_per_token": 0, "output_cost_per_token": 0, "ocr_cost_per_page": 0.01"#),
        entry("half", r#""input_cost_per_token": 1e-6"#),
        entry("fast", r#""input_cost_per_token_priority": 1e-6"#),
        entry("none", r#""max_input_tokens": 5"#),
    ];
    let from = write(folder.path(), "prices.json", &format!("{{{}}}", entries.join(",")));
    for (model, why) in [
        ("speech", "it is priced by `input_cost_per_character`, not per token"),
        ("container", "it is priced by `code_interpreter_cost_per_session`, not per token"),
        ("free", "it is priced by `ocr_cost_per_page`, not per token"),
        ("half", "it is listed with a price of input only"),
        ("fast", "it is listed with `input_cost_per_token_priority`, and without a plain price per token"),
        ("none", "the catalogue has no price for it"),
    ] {
        let refused = run(folder.path(), &["registry", "add", &format!("openai/{model}"), "--from", &from]);
        assert_eq!(status(&refused), 2, "{model}: {}", stdout(&refused));
        assert!(stderr(&refused).contains(why), "{model}: {}", stderr(&refused));
    }
}

#[test]
fn what_openrouter_asks_besides_tokens_is_refused_or_named() {
    let folder = unpack_text(WORKSPACE);
    let entry = |id: &str, more: &str| format!(r#"{{"id": "{id}", "context_length": 1000{more}}}"#);
    let priced = |pricing: &str| format!(r#", "pricing": {{{pricing}}}"#);
    let paid = r#""prompt": "0.000001", "completion": "0.000002""#;
    let free = r#""prompt": "0", "completion": "0""#;
    let painter = format!(
        r#", "architecture": {{"output_modalities": ["image"]}}{}"#,
        priced(&format!(r#"{paid}, "image_output": "0.03""#))
    );
    let entries = [
        entry(
            "acme/chat",
            &priced(&format!(
                r#"{paid}, "image": "0.001", "web_search": "0.01", "audio": "0", "internal_reasoning": "0.000002""#
            )),
        ),
        entry("acme/painter", &painter),
        entry("acme/look", &priced(&format!(r#"{free}, "image": "0.001""#))),
        entry("acme/request", &priced(&format!(r#"{paid}, "request": "0.01""#))),
        entry("acme/unpriced", ""),
    ];
    let from = write(folder.path(), "models.json", &format!(r#"{{"data": [{}]}}"#, entries.join(",")));
    let add = |model: &str| {
        run(folder.path(), &["registry", "add", &format!("openrouter/acme/{model}"), "--from", &from])
    };
    for (model, why) in [
        ("painter", "it is priced by `image_output` too, not only per token"),
        ("look", "it is priced by `image`, not per token"),
        ("request", "it is priced by `request` too, not only per token"),
        ("unpriced", "it is listed without a price"),
    ] {
        let refused = add(model);
        assert_eq!(status(&refused), 2, "{model}: {}", stdout(&refused));
        assert!(stderr(&refused).contains(why), "{model}: {}", stderr(&refused));
    }
    let added = add("chat");
    assert_eq!(status(&added), 0, "{}", stderr(&added));
    let note = "`models.json` prices it by `image` and `web_search` too, which a registry cannot state";
    assert!(stdout(&added).contains(note), "{}", stdout(&added));
}

#[test]
fn a_file_keeps_its_byte_order_mark() {
    let folder = workspace("openai", "gpt-4o", "");
    let path = folder.path().join("registry/main.yaml");
    let text = registry(folder.path());
    std::fs::write(&path, format!("\u{feff}{text}")).expect("the registry");
    let from = folder.path().join("prices.json");
    let from = from.to_str().expect("a path");
    let done = run(folder.path(), &["registry", "refresh", "--from", from]);
    assert_eq!(status(&done), 0, "{}", stderr(&done));
    let after = registry(folder.path());
    assert!(after.starts_with("\u{feff}providers:") && after.contains("cost_per_1m_tokens_input: 2.5\n"));
    let done = run(folder.path(), &["registry", "add", "openai/gpt-4o-mini", "--from", from]);
    assert_eq!(status(&done), 0, "{}", stderr(&done));
    let after = registry(folder.path());
    assert!(after.starts_with("\u{feff}providers:") && after.matches('\u{feff}').count() == 1, "{after}");
}

#[test]
fn a_model_priced_otherwise_is_not_called_ones_own() {
    let folder = workspace("acme", "spoken", "");
    let path = folder.path().join("registry/main.yaml");
    let text = registry(folder.path());
    let by_seconds = "pricing: {unit: compute-seconds, per_second: 0.01, tokens_per_second: 100}";
    let text =
        text.replace("cost_per_1m_tokens_input: 1.9\n        cost_per_1m_tokens_output: 7.5", by_seconds);
    std::fs::write(&path, text).expect("the registry");
    let from = folder.path().join("prices.json");
    let done = run(folder.path(), &["registry", "refresh", "--from", from.to_str().expect("a path")]);
    let said = stdout(&done);
    assert!(said.contains("priced by `pricing`, and in no catalogue under these names:\n"), "{said}");
    assert!(!said.contains("of your own"), "{said}");
}
