//! What `govctl registry` leaves as it stands: models that a catalogue does not name, and what a comment keeps.

use crate::bundle::{json, run, status, stderr, stdout};
use crate::registry::registry;
use crate::registry_others::workspace;

/// Puts a catalogue in the place of the workspace's.
fn listed(folder: &std::path::Path, catalogue: &str) -> String {
    let path = folder.join("prices.json");
    std::fs::write(&path, catalogue).expect("a catalogue");
    path.to_str().expect("a path").to_owned()
}

const GENAI: &str = r#"[{"id": "anthropic", "models": [
    {"id": "claude-opus-5", "match": {"or": [{"starts_with": "claude-opus-5"}, {"contains": "opus-5"}, {"equals": "opus-five"}]},
     "prices": {"input_mtok": 5, "output_mtok": 25}}]}]"#;

#[test]
fn what_begins_like_a_model_is_another_model() {
    for other in [
        "claude-opus-5-5",
        "claude-opus-5-fast",
        "claude-opus-5-2026",
        "my-opus-5",
        "claude-opus-5-latest-2",
        "claude-opus-5-20261399",
    ] {
        let folder = workspace("anthropic", other, "");
        let from = listed(folder.path(), GENAI);
        let before = registry(folder.path());
        let done = run(folder.path(), &["registry", "refresh", "--from", &from]);
        assert!(stdout(&done).contains(&format!("`anthropic/{other}`")), "{}", stdout(&done));
        assert_eq!(registry(folder.path()), before, "{other}");
        let add = ["registry", "add", "anthropic/claude-opus-5-no-such-model", "--from", &from];
        assert_eq!(status(&run(folder.path(), &add)), 2);
    }
    for same in [
        "claude-opus-5",
        "opus-five",
        "claude-opus-5-latest",
        "claude-opus-5-20260401",
        "claude-opus-5-2026-04-01",
    ] {
        let folder = workspace("anthropic", same, "");
        let from = listed(folder.path(), GENAI);
        let done = run(folder.path(), &["registry", "refresh", "--from", &from]);
        assert_eq!(status(&done), 0, "{}", stderr(&done));
        assert!(registry(folder.path()).contains("cost_per_1m_tokens_input: 5\n"), "{same}");
    }
}

/// A workspace whose price or end a comment keeps.
fn kept(line: &str, with: &str) -> (tempfile::TempDir, String) {
    let folder = workspace("openai", "gpt-4o", "");
    let path = folder.path().join("registry/main.yaml");
    let text = registry(folder.path());
    assert!(text.contains(line), "{text}");
    std::fs::write(&path, text.replace(line, with)).expect("the registry");
    let from = folder.path().join("prices.json").to_str().expect("a path").to_owned();
    (folder, from)
}

/// The codes of what `check` finds.
fn codes(folder: &std::path::Path, more: &[&str]) -> Vec<String> {
    let check = run(folder, &[&["check", "--as-of", "2026-11-21", "--format", "json"], more].concat());
    let findings = json(&check)["findings"].as_array().expect("findings").clone();
    findings.iter().map(|finding| finding["code"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_price_that_a_comment_keeps_is_kept() {
    let line = "cost_per_1m_tokens_input: 1.9\n";
    let (folder, from) =
        kept(line, "cost_per_1m_tokens_input: 1.9   # govctl: allow(price-drift) our contract\n");
    let at = folder.path();
    assert_eq!(codes(at, &[]), Vec::<String>::new(), "only a catalogue tells");
    assert_eq!(codes(at, &["--catalogue", &from]), ["retiring-unstated"]);
    let before = registry(at);
    for more in [&[][..], &["--catalogue", &from]] {
        run(at, &[&["check", "--fix", "--as-of", "2026-11-21"], more].concat());
        assert_eq!(registry(at), before, "{more:?}");
    }
    let done = run(at, &["registry", "refresh", "--from", &from]);
    assert_eq!(status(&done), 0, "{}", stderr(&done));
    let said = "kept as it stands, as a comment in the registry says:\n";
    assert!(stdout(&done).contains(said), "{}", stdout(&done));
    let after = registry(at);
    assert!(after.contains("input: 1.9   # govctl") && after.contains("output: 7.5\n"), "{after}");
    assert!(after.contains("sunset: 2027-04-14"), "the end is another matter: {after}");
    assert_eq!(status(&run(at, &["registry", "refresh", "--from", &from, "--check"])), 0);
    let (folder, from) =
        kept(line, "cost_per_1m_tokens_input: 2.5   # govctl: allow(price-drift) our contract\n");
    let text = registry(folder.path()).replace("output: 7.5", "output: 10");
    std::fs::write(folder.path().join("registry/main.yaml"), text).expect("the registry");
    assert_eq!(codes(folder.path(), &["--catalogue", &from]), ["retiring-unstated", "unused-allow"]);
}

#[test]
fn an_end_that_is_stated_or_kept_is_not_stated_again() {
    let line = "      - name: gpt-4o\n";
    for with in [
        "      # govctl: allow(retiring-unstated) we have it longer\n      - name: gpt-4o\n",
        "      - name: gpt-4o\n        lifecycle: {status: retired}\n",
    ] {
        let (folder, from) = kept(line, with);
        let found = codes(folder.path(), &["--catalogue", &from]);
        assert!(!found.contains(&"retiring-unstated".to_owned()), "{found:?}");
        let done = run(folder.path(), &["registry", "refresh", "--from", &from]);
        assert_eq!(status(&done), 0, "{}", stderr(&done));
        assert!(!registry(folder.path()).contains("sunset"), "{with}");
    }
}

#[test]
fn a_comment_at_any_price_of_a_model_keeps_them_all() {
    let own = "   # govctl: allow(price-drift) our contract\n";
    let above = "      # govctl: allow(price-drift) our contract\n";
    for (line, with) in [
        ("cost_per_1m_tokens_output: 7.5\n", format!("cost_per_1m_tokens_output: 7.5{own}")),
        ("      - name: gpt-4o\n", format!("{above}      - name: gpt-4o\n")),
        ("      - name: gpt-4o\n", format!("      - name: gpt-4o{own}")),
        (
            "cost_per_1m_tokens_input: 1.9\n        cost_per_1m_tokens_output: 7.5\n",
            format!("cost_per_1m_tokens_input: 1.9{own}        cost_per_1m_tokens_output: 7.5{own}"),
        ),
    ] {
        let (folder, from) = kept(line, &with);
        let at = folder.path();
        assert_eq!(codes(at, &["--catalogue", &from]), ["retiring-unstated"], "{with}");
        let done = run(at, &["registry", "refresh", "--from", &from]);
        let after = registry(at);
        assert!(after.contains("input: 1.9") && after.contains("output: 7.5"), "{after}");
        let said = "`cost_per_1m_tokens_output` stays; `prices.json` says `10`";
        assert!(stdout(&done).contains(said), "{}", stdout(&done));
    }
}

#[test]
fn a_comment_that_has_ended_keeps_nothing() {
    let line = "cost_per_1m_tokens_output: 7.5\n";
    let ended =
        "cost_per_1m_tokens_output: 7.5   # govctl: allow(price-drift) until 2020-01-01 our contract\n";
    let (folder, from) = kept(line, ended);
    run(folder.path(), &["registry", "refresh", "--from", &from]);
    assert!(registry(folder.path()).contains("output: 10 "), "{}", registry(folder.path()));
}

#[test]
fn an_edit_keeps_json_json_and_names_a_value_that_others_share() {
    let (folder, from) = kept("providers:", "providers:");
    let path = folder.path().join("registry/main.yaml");
    let json = r#"{"providers": {"openai": {"owner": "o@example.com", "models": [{"name": "gpt-4o", "approved_use_cases": ["chat"], "data_classification_max": "internal", "cost_per_1m_tokens_input": 1.9, "cost_per_1m_tokens_output": 7.5}]}}}"#;
    std::fs::write(&path, json).expect("the registry");
    let done = run(folder.path(), &["registry", "refresh", "--from", &from]);
    assert_eq!(status(&done), 0, "{}", stderr(&done));
    let read: serde_json::Value = serde_json::from_str(&registry(folder.path())).expect("still JSON");
    assert_eq!(read["providers"]["openai"]["models"][0]["lifecycle"]["sunset"], "2027-04-14");
    let shared = "providers:
  openai:
    owner: o@example.com
    models:
      - name: gpt-4o
        approved_use_cases: [chat]
        data_classification_max: internal
        cost_per_1m_tokens_input: &price 1.9
        cost_per_1m_tokens_output: 7.5
      - name: own
        data_classification_max: internal
        cost_per_1m_tokens_input: *price
        cost_per_1m_tokens_output: 7.5
";
    std::fs::write(&path, shared).expect("the registry");
    let done = run(folder.path(), &["registry", "refresh", "openai/gpt-4o", "--from", &from]);
    let said = "`providers.openai.models.0.cost_per_1m_tokens_input` in line 8 shares its value with others";
    assert!(status(&done) == 2 && stderr(&done).contains(said), "{}", stderr(&done));
    assert_eq!(registry(folder.path()), shared);
}
