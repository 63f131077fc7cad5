//! What an import recognises is carried over or listed, and nothing that is not carried is said to be.

use crate::bundle::{govctl, json, status, stderr};
use crate::import::{imported, notes, read};
use crate::import_told::{self, has, lacks};

/// Notes of the three kinds: carried, to be stated, not carried.
fn told(kind: &str, text: &str) -> [Vec<String>; 3] {
    import_told::told(kind, text).1
}

#[test]
fn a_team_of_some_deployments_of_a_name_is_listed() {
    let deployment = |team: &str| {
        format!(
            "  - model_name: m\n    litellm_params: {{model: openai/gpt-4o}}\n    model_info: {{{team}}}\n"
        )
    };
    let of = |teams: &[&str]| {
        let all: String = teams.iter().map(|team| deployment(team)).collect();
        told("litellm", &format!("model_list:\n{all}"))[2].clone()
    };
    has(&of(&["team_id: research", ""]), "4: `team_id: research` of a deployment of `m`");
    has(&of(&["", "team_id: research"]), "7: `team_id: research` of a deployment of `m`");
    let both = of(&["team_id: research", "team_id: sales"]);
    has(&both, "4: `team_id: research`");
    has(&both, "7: `team_id: sales`");
    lacks(&of(&["team_id: research", "team_id: research"]), "team_id");
}

#[test]
fn a_router_whose_names_stand_elsewhere_is_not_said_to_pick_among_those_here() {
    let of = |settings: &str| {
        told(
            "litellm",
            &format!(
                "model_list:\n  - {{model_name: fast, litellm_params: {{model: openai/gpt-4o-mini}}}}\n  - {{model_name: slow, litellm_params: {{model: openai/gpt-4o}}}}\n  - model_name: router\n    litellm_params: {{model: auto_router/a, auto_router_default_model: fast, {settings}}}\n"
            ),
        )
    };
    let [read, state, left] =
        of("auto_router_config_path: router.json, auto_router_embedding_model: embed, timeout: 5");
    has(&state, "5: which names `router.json` lets the router `router` pick");
    has(&read, "LiteLLM picks one of these names or of those in `router.json` for each request");
    has(&left, "`auto_router_embedding_model: embed`, which reads every prompt first");
    has(&left, "of the router `router`: `timeout`");
    // As JSON in a text.
    let [read, state, _] = of(r#"auto_router_config: '{"routes": [{"name": "slow"}]}'"#);
    has(&read, "the deployments of `fast` and `slow`");
    lacks(&state, "which names");
    has(
        &of("auto_router_config: 'routes'")[1],
        "which names `auto_router_config` lets the router `router` pick",
    );
}

#[test]
fn a_circle_through_a_second_name_of_a_deployment_leads_nobody_to_itself() {
    let text = "model_list:
  - {model_name: x, litellm_params: {model: openai/gpt-4o, api_key: os.environ/K}}
  - {model_name: y, litellm_params: {model: anthropic/claude-haiku-4-5}}
  - {model_name: x2, litellm_params: {model: openai/gpt-4o, api_key: os.environ/K}}
router_settings:
  fallbacks: [{x: [y]}, {y: [x2]}, {x2: [y]}]
";
    let (_folder, out, output) = imported("litellm", text);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let policy = read(out.join("policies/failover.gov"));
    let (_, of_x) = policy.split_once("failover x {").expect("the failover of x");
    let chain = r#""openai/gpt-4o" -> "anthropic/claude-haiku-4-5" -> "openai/gpt-4o""#;
    assert!(of_x.contains(chain), "{policy}");
    let itself = r#""anthropic/claude-haiku-4-5" -> "anthropic/claude-haiku-4-5""#;
    assert!(!policy.contains(itself), "{policy}");
}

#[test]
fn a_file_that_is_named_is_not_said_to_be_included() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = "model_list: [{model_name: chat, litellm_params: {model: openai/gpt-4o}}, {model_name: alt, litellm_params: {model: openai/gpt-4o-mini}}]\n";
    let settings = |from: &str, to: &str| format!("router_settings: {{fallbacks: [{{{from}: [{to}]}}]}}\n");
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).expect("a file");
    write("a.yaml", format!("{list}{}", settings("chat", "alt")));
    write("b.yaml", settings("alt", "chat"));
    write("c.yaml", format!("include: [b.yaml]\n{list}{}", settings("chat", "alt")));
    let of = |files: &[&str]| {
        let mut command = govctl();
        command.current_dir(folder.path()).args(["import", "litellm"]).args(files);
        command.args(["-o", files[0].trim_end_matches(".yaml"), "--format", "json"]);
        let output = command.output().expect("govctl runs");
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        notes(&json(&output), "left")
    };
    has(&of(&["a.yaml", "b.yaml"]), "`fallbacks`: `b.yaml`, which is named behind this file, has it too");
    has(&of(&["c.yaml"]), "`fallbacks`: `b.yaml`, which is included, has it too");
}

#[test]
fn what_a_failover_that_is_not_written_would_say_is_not_carried_over() {
    let of = |more: &str| {
        told(
            "governance",
            &format!(
                "governance:\n  providers:\n    openai:\n      models: [{{name: gpt-4o, approved_use_cases: [a], data_classification_max: internal, cost_per_1k_tokens_input: 1, cost_per_1k_tokens_output: 1}}]\n  failover_policies: {{require_compliance_match: true, max_failover_cost_multiplier: 2.5{more}}}\n"
            ),
        )
    };
    let carried = "`max_failover_cost_multiplier` as `above 2.5x cost throttle`";
    has(&of("")[0], carried);
    let [read, _, left] = of(", max_attempts: 2");
    lacks(&read, "max_failover_cost_multiplier");
    has(&left, "no failover is written");
}

#[test]
fn a_target_without_provider_that_nobody_serves_is_listed() {
    let of = |models: &str| {
        let text = r#"{"providers": {
            "openai": {"keys": [{"name": "k1", "value": "env.K", "models": ["gpt-4o", "gpt-4o-mini"], "weight": 1}]},
            "anthropic": {"keys": [{"name": "k2", "value": "env.A", "models": ["claude-haiku-4-5"], "weight": 1}]}},
          "governance": {
            "virtual_keys": [{"id": "vk", "name": "app", "provider_configs": [{"provider": "openai", "allowed_models": MODELS, "weight": 1}]}],
            "routing_rules": [{"id": "r", "name": "cmp", "cel_expression": "headers['x'] == 'complex'", "scope": "global",
              "targets": [{"provider": "anthropic", "model": "claude-haiku-4-5", "weight": 0.5}, {"model": "gpt-4o-mini", "weight": 0.5}]}]}}"#;
        told("bifrost", &text.replace("MODELS", models))[2].clone()
    };
    let told = "the target `gpt-4o-mini` of the rule `cmp`, for `app`: it names no provider, and none that may be asked serves it";
    has(&of(r#"["gpt-4o"]"#), told);
    lacks(&of(r#"["gpt-4o", "gpt-4o-mini"]"#), "of the rule `cmp`");
}
