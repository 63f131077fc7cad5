//! More bounds of `src/limits.rs` passed: of imports, pictures, pointers and endings.

use crate::bundle::{status, stderr, stdout};
use crate::hostile_limits::{run, write};

const ESTATE: &str = "use_cases:\n  - {name: chat, owner: o, data_classification: internal}\n";
const POLICY: &str = "failover standard {\n  follow  ranking\n  because \"base\"\n}\n";

/// A workspace with these lines of a provider, before its models, and so many models.
fn workspace(facts: &str, models: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let model = |at| {
        format!(
            "      - {{name: m{at}, approved_use_cases: [\"*\"], data_classification_max: restricted, \
             cost_per_1m_tokens_input: {at}, cost_per_1m_tokens_output: 2}}\n"
        )
    };
    let models: String = (0..models).map(model).collect();
    let registry = format!("providers:\n  alpha:\n    owner: o\n{facts}    models:\n{models}");
    write(folder.path(), "registry/main.yaml", &registry);
    write(folder.path(), "estate/main.yaml", ESTATE);
    write(folder.path(), "policies/main.gov", POLICY);
    folder
}

#[test]
fn models_past_those_that_only_stand_by_are_counted_in_a_picture() {
    let folder = workspace("", 100);
    let text = stdout(&run(folder.path(), &["graph"]));
    assert!(text.contains("40 models that no link touches not shown"), "{text}");
}

#[test]
fn a_pointer_to_a_repository_past_its_size_is_not_read() {
    let folder = workspace("", 1);
    write(folder.path(), ".git", &"x".repeat(64 * 1024 + 1));
    let output = run(folder.path(), &["diff", "--old-revision", "HEAD"]);
    assert_eq!(status(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("it is larger than 64 KiB"), "{}", stderr(&output));
}

#[test]
fn endings_past_those_that_are_tried_say_so_in_a_small_workspace_too() {
    let evidence = |at| {
        format!("      - {{facts: [regions], source: s{at}, read_on: 2026-01-01, expires: 2026-12-01}}\n")
    };
    let facts = format!("    regions: [eu]\n    evidence:\n{}", (0..201).map(evidence).collect::<String>());
    let folder = workspace(&facts, 1);
    write(
        folder.path(),
        "policies/at-home.gov",
        "compliance rule home {\n  process in eu\n  because \"x\"\n}\n",
    );
    let text = stdout(&run(folder.path(), &["check", "--format", "json", "--as-of", "2026-11-21"]));
    assert!(text.contains("too much ends to decide again without each"), "{text}");
}

#[test]
fn targets_and_use_cases_of_an_import_past_their_number_are_left_out_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = |at| format!("{{\"provider\": \"p\", \"model\": \"m{at}\", \"weight\": 1}}");
    let targets: Vec<String> = (0..30).map(target).collect();
    let bifrost = format!(
        "{{\"providers\": {{\"p\": {{\"keys\": [{{\"name\": \"k\", \"value\": \"env.K\", \"models\": [\"*\"]}}]}}}}, \
         \"governance\": {{\"virtual_keys\": [{{\"id\": \"k\", \"value\": \"env.K\", \"provider_configs\": \
         [{{\"provider\": \"p\", \"allowed_models\": [\"*\"], \"weight\": 1}}]}}], \"routing_rules\": \
         [{{\"name\": \"r\", \"cel_expression\": \"headers['a'] == 'x'\", \"targets\": [{}]}}]}}}}",
        targets.join(", ")
    );
    let one =
        |at| format!("{{\"provider\": \"p\", \"weight\": 1, \"override_params\": {{\"model\": \"m{at}\"}}}}");
    let all: Vec<String> = (0..30).map(one).collect();
    let portkey =
        format!("{{\"strategy\": {{\"mode\": \"loadbalance\"}}, \"targets\": [{}]}}", all.join(", "));
    let names: Vec<String> = (0..10_001).map(|at| format!("u{at}")).collect();
    let governance = format!(
        "governance:\n  providers:\n    p:\n      owner: o\n      models:\n        - name: m\n          \
         approved_use_cases: [{}]\n          data_classification_max: internal\n          \
         cost_per_1k_tokens_input: 1\n          cost_per_1k_tokens_output: 1\n",
        names.join(", ")
    );
    for (kind, text, said) in [
        ("bifrost", bifrost, "targets beyond 20 that chance picks"),
        ("portkey", portkey, "targets beyond 20 that chance picks"),
        ("governance", governance, "use cases beyond 10000"),
    ] {
        write(folder.path(), kind, &text);
        let output = run(folder.path(), &["import", kind, kind, "-o", &format!("from-{kind}")]);
        assert!(stdout(&output).contains(said), "{kind}: {}{}", stdout(&output), stderr(&output));
    }
}

#[test]
fn steps_of_long_chains_in_many_contexts_are_a_finding() {
    let folder = workspace("", 300);
    let values = (0..80).map(|at| format!("v{at}")).collect::<Vec<String>>().join(", ");
    let chain = (0..300).map(|at| format!("alpha/m{at}")).collect::<Vec<String>>().join(" -> ");
    let fact = |name, tier| {
        let rule = |at| {
            format!(
                "{tier} rule {name}{at} {{\n  when {name} == v{at}\n  prefer alpha/m1\n  because \"x\"\n}}\n"
            )
        };
        format!("fact {name} in {{{values}}} default v0\n") + &(0..80).map(rule).collect::<String>()
    };
    let failover = format!("failover standard {{\n  chain {chain}\n  because \"x\"\n}}\n");
    write(folder.path(), "policies/main.gov", &(fact("f", "cost") + &fact("g", "latency") + &failover));
    let output = run(folder.path(), &["check", "--all-findings"]);
    let text = stdout(&output);
    for said in [
        "more than 5,000,000 statements are to be asked in the contexts of all use cases",
        "in each 161 statements may hold, with chains whose length counts as 1,068 more",
    ] {
        assert!(text.contains(said), "{text}");
    }
}

/// What an import says of a file.
fn imported(kind: &str, text: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "theirs.yaml", text);
    let output = run(folder.path(), &["import", kind, "theirs.yaml", "-o", "out"]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    stdout(&output) + &stderr(&output)
}

#[test]
fn steps_past_those_of_one_import_are_said() {
    let deployment = |at| {
        format!("  - {{model_name: m{at}, litellm_params: {{model: openai/x{at}, api_key: os.environ/K}}}}\n")
    };
    let all: String = (0..520).map(deployment).collect();
    let names = (0..520).map(|at| format!("m{at}")).collect::<Vec<String>>().join(", ");
    let text = imported(
        "litellm",
        &format!("model_list:\n{all}litellm_settings:\n  default_fallbacks: [{names}]\n"),
    );
    for said in [
        "fallbacks of `m0` beyond 200",
        "and all names after it: the fallbacks lead to too many steps in total",
    ] {
        assert!(text.contains(said), "{said}");
    }
    let deployment = |at| {
        format!("  - {{model_name: one, litellm_params: {{model: openai/x{at}, api_key: os.environ/K}}}}\n")
    };
    let all: String = (0..400).map(deployment).collect();
    let aliases: String = (0..300).map(|at| format!("    a{at}: one\n")).collect();
    let text =
        imported("litellm", &format!("model_list:\n{all}router_settings:\n  model_group_alias:\n{aliases}"));
    assert!(text.contains("aliases beyond 100000 deployments in total"));
}

#[test]
fn steps_past_those_of_one_chain_are_said() {
    let target = |at| {
        format!(
            "{{\"provider\": \"openai\", \"api_key\": \"k{at}\", \"override_params\": {{\"model\": \"m{at}\"}}}}"
        )
    };
    let targets = (0..250).map(target).collect::<Vec<String>>().join(", ");
    let text = imported(
        "portkey",
        &format!("{{\"strategy\": {{\"mode\": \"fallback\"}}, \"targets\": [{targets}]}}"),
    );
    assert!(text.contains("targets beyond 200 that are tried in turn"), "{text}");
    let quoted =
        |begin: &str| (0..250).map(|at| format!("\"{begin}m{at}\"")).collect::<Vec<String>>().join(", ");
    let text = imported(
        "bifrost",
        &format!(
            "{{\"providers\": {{\"openai\": {{\"keys\": [{{\"name\": \"k\", \"value\": \"env.O\", \"models\": [{}]}}]}}}}, \
             \"governance\": {{\"virtual_keys\": [{{\"id\": \"v\", \"name\": \"v\", \"value\": \"env.V\", \
             \"provider_configs\": [{{\"provider\": \"openai\", \"allowed_models\": [\"m0\"]}}]}}], \
             \"routing_rules\": [{{\"name\": \"r\", \"enabled\": true, \"cel_expression\": \"true\", \
             \"targets\": [{{\"provider\": \"openai\", \"model\": \"m0\", \"weight\": 1}}], \"fallbacks\": [{}]}}]}}}}",
            quoted(""),
            quoted("openai/")
        ),
    );
    assert!(text.contains("`v`: fallbacks beyond 200"), "{text}");
}

#[test]
fn budgets_and_quotas_past_what_envoy_gets_are_refused() {
    let endpoint = "    endpoint: {protocol: openai, base_url: \"https://x.example/v1\", api_key_env: K}\n";
    let folder = workspace(endpoint, 1);
    let use_case = |at| format!("  - {{name: u{at}, owner: o, data_classification: internal}}\n");
    let use_cases: String = (0..400).map(use_case).collect();
    write(folder.path(), "estate/main.yaml", &format!("use_cases:\n{use_cases}"));
    let quota = |at| format!("quota q{at} {{\n  limit {} requests per minute\n}}\n", at + 1);
    let quotas: String = (0..400).map(quota).collect();
    write(folder.path(), "policies/main.gov", &(POLICY.to_owned() + &quotas));
    let output = run(folder.path(), &["export", "envoy", "-o", "envoy"]);
    assert_eq!(status(&output), 2, "{}", stdout(&output));
    let said = "budgets and quotas come to 160400 parts of the configuration, over all decisions and models; Envoy gets at most 150000";
    assert!(stderr(&output).contains(said), "{}", stderr(&output));
}

#[test]
fn facts_past_those_of_all_use_cases_are_a_finding() {
    let folder = workspace("", 1);
    let use_case = |at| format!("  - {{name: u{at}, owner: o, data_classification: internal}}\n");
    let use_cases: String = (0..300).map(use_case).collect();
    write(folder.path(), "estate/main.yaml", &format!("use_cases:\n{use_cases}"));
    let facts: String = (0..1_000).map(|at| format!("fact f{at} in {{a, b}} default a\n")).collect();
    write(folder.path(), "policies/main.gov", &(POLICY.to_owned() + &facts));
    let text = stdout(&run(folder.path(), &["check"]));
    let said =
        "1,000 facts and 300 use cases: the facts beyond 32 of each use case come to more than 250,000";
    assert!(text.contains(said) && text.contains("estate/main.yaml:2"), "{text}");
}
