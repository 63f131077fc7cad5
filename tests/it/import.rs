//! `govctl import`: what it writes, what it lists, and what the first check of it says.

use std::path::{Path, PathBuf};

use govctl::limits;

use crate::bundle::{bless, govctl, json, root, run, status, stderr, stdout};
use crate::schemas;

fn import(kind: &str, file: &Path, to: &Path, more: &[&str]) -> std::process::Output {
    let mut command = govctl();
    command.args(["import", kind]).arg(file).arg("-o").arg(to).args(more);
    command.output().expect("govctl runs")
}

/// Imports a text; the folder that holds the file and, in `out`, the result.
pub(super) fn imported(kind: &str, text: &str) -> (tempfile::TempDir, PathBuf, std::process::Output) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("theirs.yaml");
    std::fs::write(&file, text).expect("a file");
    let out = folder.path().join("out");
    let output = import(kind, &file, &out, &["--format", "json"]);
    (folder, out, output)
}

/// Codes with the line and file of each finding.
fn findings(workspace: &Path) -> Vec<String> {
    let report = json(&run(workspace, &["check", "--format", "json"]));
    let findings = report["findings"].as_array().expect("findings");
    let shown = |finding: &serde_json::Value| {
        format!("{} {}", finding["severity"].as_str().unwrap_or(""), finding["code"].as_str().unwrap_or(""))
    };
    let mut codes: Vec<String> = findings.iter().map(shown).collect();
    codes.sort();
    codes
}

/// Messages of one kind, each with its line.
pub(super) fn notes(report: &serde_json::Value, kind: &str) -> Vec<String> {
    let all = report["notes"].as_array().expect("notes");
    let wanted = all.iter().filter(|note| note["kind"] == kind);
    wanted.map(|note| format!("{}: {}", note["line"], note["message"].as_str().unwrap_or(""))).collect()
}

pub(super) fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()))
}

#[test]
fn the_published_document_has_exactly_the_findings_that_it_is_about() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("out");
    let file = root("examples/logistics-as-published/governance.yaml");
    let output = import("governance", &file, &out, &["--format", "json"]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let report = json(&output);
    schemas::holds("import", &report);
    assert!(notes(&report, "left").is_empty(), "everything is carried over");
    let errors = |found: Vec<String>| -> Vec<String> {
        found.into_iter().filter(|finding| finding.starts_with("error")).collect()
    };
    let about = ["error failover-classification", "error failover-cycle", "error failover-mismatch"];
    let unknown_host = ["error unroutable", "error unroutable"];
    assert_eq!(errors(findings(&out)), [&about[..], &unknown_host].concat());
    // The question about the provider's machines is answered by taking a `#` away.
    let registry = out.join("registry/providers.yaml");
    let answered =
        read(registry.clone()).replace("    # hosting: self-hosted\n", "    hosting: self-hosted\n");
    std::fs::write(&registry, answered).expect("the registry");
    assert_eq!(errors(findings(&out)), about);
    let formatted = run(&out, &["fmt", "--check"]);
    assert_eq!(status(&formatted), 0, "{}", stdout(&formatted));
}

#[test]
fn what_cannot_be_carried_over_is_listed_with_its_line() {
    let text = "\
governance:
  providers:
    acme:
      hosting: somewhere
      models:
        - name: a1
          data_classification_max: internal
          data_retention: a while
          cost_per_1k_tokens_input: 1
          cost_per_1k_tokens_output: 1
          approved_use_cases: [x, 'y.*']
          colour: red
        - name: a2
          data_classification_max: top
  routing_policies:
    - {rule: \"weather == 'rain'\", action: block}
    - {rule: \"team == 'x'\", action: dance}
    - {rule: \"team in ['x']\", action: require_soc9, reason: r}
    - {rule: \"use_case == 'z' and (risk >= high or not regulated_output)\", action: route_to_acme, fallback: nobody, reason: r}
    - {action: block_a1, reason: r, weight: 3}
    - {rule: \"criticality == low\", action: block, reason: r}
    - {rule: \"risk == high\", action: block, reason: r, enabled: false}
  failover_policies:
    require_compliance_match: perhaps
    max_failover_cost_multiplier: 2.5
    speed: high
  extras: 1
";
    let (_folder, out, output) = imported("governance", text);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let report = json(&output);
    let expected = [
        "4: `hosting` cannot be `somewhere`; it is `cloud`, `private-cloud` or `self-hosted`",
        "8: `data_retention` cannot be `a while`; write `zero-retention`, `30-days` or `custom-365-days`",
        "12: there is no key `colour` here",
        "16: the rule `weather == 'rain'`: there is no attribute `weather`",
        "17: the rule `team == 'x'`: `dance` is not a known action",
        "18: the rule `team in ['x']`: `require_soc9` is not a known action",
        "19: `fallback: nobody`: no provider or model has that name",
        "20: `weight` of the rule without a condition",
        "22: the rule `risk == high`: it is switched off by `enabled: false`",
        "24: `failover_policies`: no failover is written, since one without `require_compliance_match` and `speed` may go",
        "24: `require_compliance_match` is neither true nor false",
        "26: `speed: high`",
        "27: `extras`: unknown section",
    ];
    let left = notes(&report, "left");
    assert_eq!(left.len(), expected.len(), "{left:#?}");
    for (note, expected) in left.iter().zip(expected) {
        assert!(note.starts_with(expected.split(';').next().unwrap_or("")), "{note}\n{expected}");
    }
    let state = notes(&report, "state");
    for expected in
        ["13: `a2` has no price", "11: the use cases that `y.*` stands for", "14: where `top` stands"]
    {
        assert!(state.iter().any(|note| note.starts_with(expected)), "{expected}: {state:#?}");
    }
    let policy = read(out.join("policies/routing.gov"));
    for clause in [
        "when    use_case == z and (risk >= high or not regulated_output)",
        "prefer  acme",
        "forbid  model.id == \"acme/a1\"",
        "forbid  true",
    ] {
        assert!(policy.contains(clause), "{clause}:\n{policy}");
    }
}

#[test]
fn names_of_others_do_nothing_in_the_result() {
    let text = "\
providers:
  \"p\\n# govctl: allow(schema) x\":
    models: []
  ok:
    owner: \"o\\\"\\n  evil: true\"
    models:
      - name: \"a: b #c\"   # govctl: allow(missing-owner) because
        data_classification_max: public
        cost_per_1m_tokens_input: 1
        cost_per_1m_tokens_output: 1
        approved_use_cases: [\"u } x\"]
routing_policies:
  - rule: \"use_case == 'u } x\\n}'\"
    action: prefer_ok
    reason: \"\\\" } compliance rule x { forbid true \\n\"
";
    let (_folder, out, output) = imported("governance", text);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let policy = read(out.join("policies/routing.gov"));
    assert_eq!(
        policy.matches("\npreference rule ").count() + policy.matches("\ncompliance rule ").count(),
        1,
        "{policy}"
    );
    let registry = read(out.join("registry/providers.yaml"));
    assert!(!registry.contains("govctl: allow") && !registry.contains("\n  evil"), "{registry}");
    assert!(!findings(&out).iter().any(|finding| finding.ends_with("syntax")), "{policy}");
}

#[test]
fn what_is_no_such_file_is_refused_and_nothing_is_written() {
    let cases = [
        ("a: 1\n", "this is not a `governance:` document: it has no `providers`"),
        ("", "it is empty"),
        ("a: [\n", "`[` is not closed"),
        ("a: 1\na: 2\n", "the key `a` appears twice"),
    ];
    for (text, why) in cases {
        let (_folder, out, output) = imported("governance", text);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""), "{text}");
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
        assert!(!out.exists());
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir_all(folder.path().join("registry")).expect("a folder");
    std::fs::write(folder.path().join("registry/mine.yaml"), "mine").expect("a file");
    let file = root("examples/logistics-as-published/governance.yaml");
    let output = import("governance", &file, folder.path(), &[]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("mine.yaml` is there already, and nothing is overwritten"));
}

/// Configurations of gateways, rewritten from public ones, each with all that comes of it beside it.
fn become_what_stands_beside_them(kind: &str, least: usize) {
    let home = root("tests/cases/import").join(kind);
    let mut names: Vec<String> = std::fs::read_dir(&home)
        .expect("cases")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .filter(|name| matches!(name.rsplit('.').next(), Some("yaml" | "json")))
        .collect();
    names.sort();
    assert!(names.len() >= least, "{names:?}");
    for name in names {
        let text = outcome(kind, &home, &name);
        let (stem, _) = name.rsplit_once('.').expect("an end");
        let beside = home.join(format!("{stem}.out"));
        if bless() {
            std::fs::write(&beside, &text).expect("the outcome is written");
        } else {
            assert_eq!(text, read(beside), "{name}");
        }
        for secret in
            ["sk-0000", "our-secret-key", "AIza-not", "AKIAIOSFODNN7EXAMPLE", "user:secret", "pk-not-real"]
        {
            assert!(!text.contains(secret), "{name} shows {secret}");
        }
    }
}

/// All that comes of a configuration: the report, the files, and what the first check of them says.
fn outcome(kind: &str, home: &Path, name: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("out");
    let mut command = govctl();
    command.current_dir(home).args(["import", kind, name, "--approve", "internal", "-o"]).arg(&out);
    let prices = root("examples/litellm/prices.json");
    let output = command.arg("--catalogue").arg(prices).output().expect("govctl runs");
    assert_eq!(status(&output), 0, "{name}: {}", stderr(&output));
    let report = stdout(&output).replace(out.to_str().expect("a path"), "OUT");
    let mut text = report.replace(root("").to_str().expect("a path"), "");
    for path in walkdir::WalkDir::new(&out).sort_by_file_name() {
        let path = path.expect("an entry").into_path();
        if path.is_file() {
            let shown = path.strip_prefix(&out).expect("a path below").display().to_string();
            text += &format!("\n=== {shown}\n{}", read(path));
        }
    }
    let check = run(&out, &["check", "--format", "json"]);
    assert!(status(&check) <= 1, "{name}: {}", stderr(&check));
    text += "\n=== check\n";
    for finding in json(&check)["findings"].as_array().expect("findings") {
        assert_ne!(finding["code"], "syntax", "{name}: {finding}");
        let of = |key: &str| finding[key].as_str().unwrap_or("").to_owned();
        text += &format!(
            "{}[{}] {}:{}: {}\n",
            of("severity"),
            of("code"),
            of("file"),
            finding["line"],
            of("message")
        );
    }
    let formatted = run(&out, &["fmt", "--check"]);
    assert_eq!(status(&formatted), 0, "{name}: {}", stdout(&formatted));
    text
}

#[test]
fn configurations_of_litellm_become_what_stands_beside_them() {
    become_what_stands_beside_them("litellm", 20);
}

#[test]
fn configs_of_portkey_become_what_stands_beside_them() {
    become_what_stands_beside_them("portkey", 5);
}

#[test]
fn configurations_of_bifrost_become_what_stands_beside_them() {
    become_what_stands_beside_them("bifrost", 3);
}

#[test]
fn without_anybodys_word_nothing_is_approved() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("out");
    let output = import("litellm", &root("examples/litellm/config.yaml"), &out, &["--format", "json"]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    schemas::holds("import", &json(&output));
    let registry = read(out.join("registry/providers.yaml"));
    let states = |line: &&str| line.trim_start().starts_with("approved_use_cases");
    assert_eq!(registry.lines().find(states), None);
    assert!(registry.contains("data_classification_max: public"), "{registry}");
    assert!(!registry.contains("data_classification_max: internal"), "{registry}");
    assert!(read(out.join("estate/use-cases.yaml")).contains("data_classification: restricted"));
}

#[test]
fn a_hostile_configuration_is_bounded() {
    let mut groups = String::from("model_list:\n");
    let mut fallbacks = String::from("router_settings:\n  max_fallbacks: 1000000\n  fallbacks:\n");
    for n in 0..300 {
        groups += &format!("  - {{model_name: g{n}, litellm_params: {{model: openai/m{n}}}}}\n");
        let all: Vec<String> = (0..300).map(|n| format!("g{n}")).collect();
        fallbacks += &format!("    - g{n}: [{}]\n", all.join(", "));
    }
    let (_folder, out, output) = imported("litellm", &(groups + &fallbacks));
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let longest = read(out.join("policies/failover.gov")).matches("->").count();
    assert!(longest <= 300 * 202, "{longest}");
    let odd = "model_list: [{model_name: \"x\\u001b[2J\", litellm_params: {model: openai/x}}, 5, {model_name: [], litellm_params: 1}]\n";
    let (_folder, _out, output) = imported("litellm", odd);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert_eq!(json(&output)["summary"]["models"], 0);
    assert!(!stdout(&output).contains('\u{1b}'));
}

#[test]
fn a_hostile_config_of_portkey_is_bounded() {
    // Every condition of every level leads to the next level, and every fallback multiplies the ways.
    let leaf =
        |n: usize| format!(r#"{{"name": "t{n}", "provider": "p{n}", "override_params": {{"model": "m"}}}}"#);
    let mut tree = leaf(0);
    for level in 0..6 {
        let conditions: Vec<String> = (0..30)
            .map(|n| format!(r#"{{"query": {{"metadata.k{level}": "v{n}"}}, "then": "deeper"}}"#))
            .collect();
        let inner = tree.replacen("\"name\": \"t0\"", "\"name\": \"deeper\"", 1);
        tree = format!(
            r#"{{"name": "t0", "strategy": {{"mode": "fallback"}}, "targets": [{{"strategy": {{"mode": "conditional", "conditions": [{}]}}, "targets": [{inner}]}}, {}]}}"#,
            conditions.join(", "),
            leaf(level + 1)
        );
    }
    let (_folder, out, output) = imported("portkey", &tree);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("more than 100 ways lead through it"), "{}", stdout(&output));
    assert!(read(out.join("policies/routing.gov")).len() < 4 << 20);
    let long = "x".repeat(5000);
    let odd = format!(
        r#"{{"strategy": {{"mode": "conditional", "conditions": [{{"query": {{"metadata.a": "{long}"}}, "then": "a"}}, {{"query": {{"metadata.\u001b[2J": "y"}}, "then": "a"}}, 5], "default": 7}}, "targets": [{{"name": "a", "provider": "p/q", "api_key": "sk-0000"}}, 5, {{"provider": "x\u202ey"}}]}}"#
    );
    let (_folder, _out, output) = imported("portkey", &odd);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(!stdout(&output).contains('\u{1b}') && !stdout(&output).contains("sk-0000"));
}

#[test]
fn a_hostile_configuration_of_bifrost_is_bounded() {
    let keys: Vec<String> = (0..300)
        .map(|n| format!(r#"{{"id": "k{n}", "value": "env.K", "provider_configs": [{{"provider": "p", "allowed_models": ["m{n}", "n{n}"], "weight": 1}}]}}"#))
        .collect();
    let rules: Vec<String> = (0..300)
        .map(|n| format!(r#"{{"name": "r{n}", "chain_rule": true, "cel_expression": "headers['a{n}'] == 'x' && budget_used > 1", "targets": [{{"model": "m{n}", "weight": 1}}], "fallbacks": ["p/m{n}"]}}"#))
        .collect();
    let text = format!(
        r#"{{"providers": {{"p": {{"keys": [{{"name": "k", "value": "sk-0000", "models": ["*"]}}]}}}}, "governance": {{"virtual_keys": [{}], "routing_rules": [{}]}}}}"#,
        keys.join(", "),
        rules.join(", ")
    );
    let (_folder, out, output) = imported("bifrost", &text);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(!stdout(&output).contains("sk-0000"));
    assert!(read(out.join("policies/routing.gov")).len() < 32 << 20);
    let odd = r#"{"providers": {"p": 1, "q/r": {}, "s": {"keys": [1, {"models": 5}]}}, "governance": {"virtual_keys": [1, {"id": "\u001b[2J"}], "routing_rules": [{"targets": 3}, {"targets": [{}], "cel_expression": "((((((((((((((((((((((((((((((((((((("}], "budgets": 7}}"#;
    let (_folder, _out, output) = imported("bifrost", odd);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(!stdout(&output).contains('\u{1b}'));
    let (_folder, out, output) = imported("bifrost", r#"{"providers": {}}"#);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("its `providers` is empty"), "{}", stderr(&output));
    assert!(!out.exists());
}

#[test]
fn files_past_their_bounds_are_not_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let large = folder.path().join("large");
    let file = std::fs::File::create(&large).expect("a file");
    file.set_len(limits::MAX_IMPORTED_BYTES + 1).expect("a size");
    let out = folder.path().join("out");
    let output = import("litellm", &large, &out, &[]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("it is larger than 16 MiB"), "{}", stderr(&output));
    file.set_len(limits::MAX_CATALOGUE_BYTES + 1).expect("a size");
    let config = root("examples/litellm/config.yaml");
    let output = import("litellm", &config, &out, &["--catalogue", large.to_str().expect("a path")]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("it is larger than 64 MiB"), "{}", stderr(&output));
    assert!(!out.exists());
}
