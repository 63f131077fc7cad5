//! How `govctl import` reads files that other programs read: marks, keys that appear twice, templates, halves of characters.

use std::path::{Path, PathBuf};
use std::process::Output;

use crate::bundle::{govctl, status, stderr, stdout};

/// Imports bytes under a name into `out` beside it.
pub(crate) fn imported(
    kind: &str,
    name: &str,
    bytes: &[u8],
    more: &[&str],
) -> (tempfile::TempDir, PathBuf, Output) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join(name), bytes).expect("a file");
    let mut command = govctl();
    command.current_dir(folder.path()).args(["import", kind, name, "-o", "out"]).args(more);
    let output = command.output().expect("govctl runs");
    let out = folder.path().join("out");
    (folder, out, output)
}

fn registry(out: &Path) -> String {
    std::fs::read_to_string(out.join("registry/providers.yaml")).expect("the registry")
}

#[test]
fn a_byte_order_mark_at_the_very_start_is_skipped() {
    let files: [(&str, &str, &str); 4] = [
        ("litellm", "config.yaml", "model_list: [{model_name: a, litellm_params: {model: openai/gpt-4o}}]\n"),
        ("portkey", "config.json", r#"{"provider": "openai", "override_params": {"model": "gpt-4o"}}"#),
        (
            "bifrost",
            "config.json",
            r#"{"providers": {"openai": {"keys": [{"name": "k", "value": "env.K", "models": ["gpt-4o"]}]}}}"#,
        ),
        (
            "governance",
            "g.yaml",
            "providers:\n  openai:\n    models: [{name: gpt-4o, data_classification_max: public}]\n",
        ),
    ];
    for (kind, name, text) in files {
        let (_folder, out, output) = imported(kind, name, format!("\u{feff}{text}").as_bytes(), &[]);
        assert_eq!(status(&output), 0, "{kind}: {}", stderr(&output));
        assert!(registry(&out).contains("gpt-4o") && !registry(&out).contains('\u{feff}'));
        let (_folder, _out, output) = imported(kind, name, format!("{text}\u{feff}").as_bytes(), &[]);
        assert_eq!(status(&output), 2, "{kind}");
        assert!(stderr(&output).contains("the character U+FEFF does not show"), "{}", stderr(&output));
    }
}

#[test]
fn the_last_of_equal_keys_counts_as_in_litellm_and_both_lines_are_named() {
    let text = "\
base: &base {api_key: os.environ/KEY, rpm: 5}
model_list:
  - model_name: a
    litellm_params: {model: openai/gpt-4o}
    litellm_params:
      <<: *base
      rpm: 7
      model: openai/gpt-4.1
      model: openai/gpt-4.1-mini
";
    let (_folder, out, output) = imported("litellm", "config.yaml", text.as_bytes(), &[]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    for line in [
        "config.yaml:5: the key `litellm_params` appears twice in one map, on lines 4 and 5: the last counts, as LiteLLM reads it",
        "config.yaml:9: the key `model` appears twice in one map, on lines 8 and 9: the last counts, as LiteLLM reads it",
    ] {
        assert!(stdout(&output).contains(line), "{}", stdout(&output));
    }
    assert_eq!(stdout(&output).matches("appears twice").count(), 2, "{}", stdout(&output));
    let registry = registry(&out);
    assert!(
        registry.contains("name: gpt-4.1-mini") && registry.contains("requests_per_minute: 7"),
        "{registry}"
    );
    // Other kinds refuse what nobody can know the meaning of.
    let twice = br#"{"provider": "openai", "provider": "azure"}"#;
    let (_folder, _out, output) = imported("portkey", "config.json", twice, &[]);
    assert!(stderr(&output).contains("the key `provider` appears twice in this map"), "{}", stderr(&output));
}

#[test]
fn a_template_is_called_one() {
    for (text, line) in [
        ("{{- if .Values.on }}\nmodel_list: []\n{{- end }}\n", 1),
        ("model_list:\n  - model_name: {{ .Values.name }}\n    litellm_params: {model: openai/gpt-4o}\n", 2),
    ] {
        let (_folder, _out, output) = imported("litellm", "config.yaml", text.as_bytes(), &[]);
        assert_eq!(status(&output), 2);
        let help = format!(
            "help: `{{{{` on line {line} looks like a template of Helm or Jinja: import what it becomes, as `helm template` prints it"
        );
        assert!(stderr(&output).contains(&help), "{}", stderr(&output));
    }
}

#[test]
fn half_of_a_surrogate_pair_is_named() {
    for (text, half) in [
        ("{\"provider\": \"openai\",\n\"name\": \"a\\ud83db\"}", "\\ud83d"),
        ("{\"provider\": \"openai\",\n\"name\": \"a\\udc00\"}", "\\udc00"),
        ("{\"provider\": \"openai\",\n\"name\": \"a\\ud83d\\u0041\"}", "\\ud83d"),
    ] {
        let (_folder, _out, output) = imported("portkey", "config.json", text.as_bytes(), &[]);
        assert_eq!(status(&output), 2);
        let expected = format!(
            "error: config.json:2: `{half}` is half of a surrogate pair, which is not a character\n  help: write both halves, as in `\\ud83d\\ude00`, or the character itself\n"
        );
        assert_eq!(stderr(&output), expected);
    }
    let whole = br#"{"provider": "openai", "override_params": {"model": "a\ud83d\ude00"}}"#;
    let (_folder, _out, output) = imported("portkey", "config.json", whole, &[]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
}

#[test]
fn a_classification_that_there_is_not_is_a_mistake_of_the_command_line() {
    let text = b"model_list: [{model_name: a, litellm_params: {model: openai/gpt-4o}}]\n";
    let (_folder, out, output) = imported("litellm", "config.yaml", text, &["--approve", "nonsense"]);
    assert_eq!(status(&output), 2);
    assert!(
        stderr(&output).contains("[possible values: public, internal, confidential, restricted]"),
        "{}",
        stderr(&output)
    );
    assert!(!out.exists());
}

/// An attribute may stand on either side, and what a provider must hold may be named by a word that everybody knows.
#[test]
fn a_governance_document_is_read_in_the_ways_in_which_people_write_it() {
    let rules = [
        ("'restricted' == data_classification", "require_hipaa"),
        ("20_percent > cost_budget_remaining", "route_to_cheapest_eligible"),
        ("use_case == 'a'", "require_soc_2_compliance_and_eu_region"),
        ("use_case == 'a'", "require_encryption"),
    ];
    let rules: Vec<String> = rules
        .iter()
        .map(|(rule, action)| format!("    - {{rule: \"{rule}\", action: {action}, reason: r}}\n"))
        .collect();
    let text = format!(
        "governance:\n  providers:\n    p:\n      models:\n        - {{name: m, approved_use_cases: [a], data_classification_max: internal, cost_per_1k_tokens_input: 1, cost_per_1k_tokens_output: 1, compliance: [soc2]}}\n  routing_policies:\n{}",
        rules.concat()
    );
    let (_folder, out, output) = imported("governance", "article.yaml", text.as_bytes(), &[]);
    let said = crate::bundle::stdout(&output);
    let routing = std::fs::read_to_string(out.join("policies/routing.gov")).expect("the rules");
    for clause in [
        "when    classification == restricted\n  require model.compliance has hipaa\n",
        "when    budget.remaining < 20%\n",
        "require    model.compliance has soc2\n  process in eu\n",
    ] {
        assert!(routing.contains(clause), "{clause}: {routing}");
    }
    let note = "article.yaml:7: who holds `hipaa`: the rule `'restricted' == data_classification` asks for it, and no provider in the file states it\n";
    assert!(said.contains(note), "{said}");
    assert!(said.contains("`require_encryption` is not a known action"), "{said}");
}

/// `check` does not get so far while a model has no price.
#[test]
fn a_circle_of_a_governance_document_is_named_where_check_cannot() {
    let model = |name: &str, to: &str| {
        format!(
            "      models: [{{name: {name}, approved_use_cases: [u], data_classification_max: internal, failover_to: {to}}}]\n"
        )
    };
    let text = format!(
        "governance:\n  providers:\n    a:\n{}    b:\n{}    c:\n{}    d:\n{}",
        model("x", "y"),
        model("y", "x"),
        model("z", "x"),
        model("own", "d/own")
    );
    let (_folder, _, output) = imported("governance", "article.yaml", text.as_bytes(), &[]);
    let said = crate::bundle::stdout(&output);
    let rest = "the links stay, so that `check` reports it once each model has a price";
    for note in [
        format!("article.yaml:4: `failover_to` of `a/x` and `b/y` form a circle: {rest}\n"),
        format!("article.yaml:10: `d/own` fails over to itself: {rest}\n"),
    ] {
        assert!(said.contains(&note), "{note}: {said}");
    }
    assert_eq!(said.matches("the links stay").count(), 2, "{said}");
}
