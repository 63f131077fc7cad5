//! Imports say what counts where a file states something twice, and why something is left out.

use crate::bundle::{json, status, stderr};
use crate::import::{imported, notes, read};

/// Imports a text: the folder, and notes of the three kinds: carried, to be stated, not carried.
pub(super) fn told(kind: &str, text: &str) -> (tempfile::TempDir, [Vec<String>; 3]) {
    let (folder, _, output) = imported(kind, text);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let report = json(&output);
    (folder, ["read", "state", "left"].map(|kind| notes(&report, kind)))
}

#[track_caller]
pub(super) fn has(notes: &[String], expected: &str) {
    assert!(notes.iter().any(|note| note.contains(expected)), "{expected}\n{notes:#?}");
}

#[track_caller]
pub(super) fn lacks(notes: &[String], unexpected: &str) {
    assert!(!notes.iter().any(|note| note.contains(unexpected)), "{unexpected}\n{notes:#?}");
}

/// A name with two deployments at one endpoint, and one elsewhere between them; the order of the two models.
fn twice(first: &str, second: &str) -> (bool, [Vec<String>; 3]) {
    let deployment = |model: &str, params: &str| {
        format!("  - {{model_name: m, litellm_params: {{model: {model}{params}}}}}\n")
    };
    let all = deployment("openai/gpt-4o", first)
        + &deployment("anthropic/claude-haiku-4-5", ", weight: 4, order: 2")
        + &deployment("openai/gpt-4o", second);
    let (folder, notes) = told("litellm", &format!("model_list:\n{all}"));
    let rules = read(folder.path().join("out/policies/routing.gov"));
    let place = |model: &str| rules.find(model).expect("the model");
    (place("openai/gpt-4o") < place("anthropic/"), notes)
}

#[test]
fn weights_at_one_endpoint_are_added() {
    let (is_first, [read, _, left]) = twice(", order: 2, weight: 3", ", order: 2, weight: 2");
    has(&read, "4: `weight` of deployments of `m` at one endpoint, 3 and 2, together, as 5");
    assert!(is_first);
    lacks(&left, "at one endpoint");
    let (is_first, _) = twice(", order: 2, weight: 3", ", order: 2, weight: 0.5");
    assert!(!is_first);
}

#[test]
fn the_lowest_order_at_one_endpoint_counts_and_the_other_is_listed() {
    let again =
        "another has `order: 1`, which counts here; LiteLLM asks it again there, and here it stands once";
    for (first, second) in [(", order: 1", ", order: 3"), (", order: 3", ", order: 1")] {
        let (is_first, [_, _, left]) = twice(first, second);
        assert!(is_first);
        has(&left, &format!("4: `order: 3` of one of the deployments of `m` at one endpoint: {again}"));
    }
    let (is_first, [_, _, left]) = twice("", ", order: 1");
    assert!(is_first);
    has(
        &left,
        "4: no `order` of one of the deployments of `m` at one endpoint: another has `order: 1`, which counts here; LiteLLM never asks the one without",
    );
}

#[test]
fn another_number_of_retries_at_one_endpoint_is_listed() {
    let of = |first, second| twice(first, second).1[2].clone();
    has(
        &of(", num_retries: 2", ", num_retries: 5"),
        "4: `num_retries: 5` of another deployment of `m` at one endpoint: the first one has `num_retries: 2`, which counts here",
    );
    has(&of("", ", num_retries: 5"), "the first one has no `num_retries`");
    has(&of(", num_retries: 5", ""), "4: no `num_retries` of another deployment of `m`");
    lacks(&of(", num_retries: 5", ", num_retries: 5"), "at one endpoint");
}

#[test]
fn the_base_model_of_a_second_deployment_is_not_dropped() {
    let of = |first: &str, second: &str| {
        let one = |info: &str| {
            format!(
                "  - {{model_name: m, litellm_params: {{model: azure/ours, api_base: 'https://x.openai.azure.com'}}, model_info: {{{info}}}}}\n"
            )
        };
        told("litellm", &format!("model_list:\n{}{}", one(first), one(second))).1[0].clone()
    };
    let two = of("base_model: azure/gpt-4o", "base_model: azure/gpt-4o-mini");
    has(&two, "3: `base_model` of ");
    has(&two, "as `m` states it, azure/gpt-4o: `m` states azure/gpt-4o-mini");
}

/// What is not carried over of a virtual key that may use some keys of a provider with two.
fn keyed(version: &str, config: &str) -> Vec<String> {
    let text = format!(
        "{{{version}\"providers\": {{\"openai\": {{\"keys\": [
  {{\"id\": \"a\", \"value\": \"env.A\", \"models\": [\"gpt-4o\"], \"weight\": 1}},
  {{\"id\": \"b\", \"value\": \"env.B\", \"models\": [\"gpt-4o-mini\"], \"weight\": 1}}]}}}},
 \"governance\": {{\"virtual_keys\": [{{\"id\": \"v\", \"name\": \"v\", \"value\": \"env.V\", \"provider_configs\": [
  {{\"provider\": \"openai\", \"weight\": 1, \"allowed_models\": [\"gpt-4o\"]{config}}}]}}]}}}}"
    );
    told("bifrost", &text).1[2].clone()
}

#[test]
fn why_a_virtual_key_reaches_no_key_is_said() {
    let v2 = "\"version\": 2, ";
    let none =
        "`openai` for the virtual key `v`: its `key_ids` names no key, which allows none but in version 1";
    for config in ["", ", \"key_ids\": []"] {
        has(&keyed(v2, config), none);
        has(&keyed(v2, config), "no key of the provider may be used for it, since `key_ids` names none");
        lacks(&keyed("\"version\": 1, ", config), "`key_ids`");
    }
    for config in [", \"key_ids\": [\"*\"]", ", \"key_ids\": [\"a\"]", ", \"allow_all_keys\": true"] {
        lacks(&keyed(v2, config), "may be used");
        lacks(&keyed(v2, config), "`gpt-4o`");
    }
    has(
        &keyed(v2, ", \"key_ids\": [\"b\"]"),
        "`openai/gpt-4o`: no key of the provider that may be used for it serves it, of `b`",
    );
}

#[test]
fn what_a_condition_leads_to_nobody_within_a_load_balance_is_listed() {
    let of = |default: &str| {
        let text = format!(
            r#"{{"strategy": {{"mode": "loadbalance"}}, "targets": [
 {{"provider": "openai", "override_params": {{"model": "gpt-4o"}}, "weight": 3}},
 {{"name": "by-plan", "weight": 1, "strategy": {{"mode": "conditional", "conditions": [{{"query": {{"metadata.plan": {{"$eq": "paid"}}}}, "then": "paid"}}]{default}}},
  "targets": [{{"name": "paid", "provider": "anthropic", "override_params": {{"model": "claude-haiku-4-5"}}}}]}}]}}"#
        );
        told("portkey", &text).1[2].clone()
    };
    let refused = "the requests that `by-plan` leads to nobody: Portkey refuses them where chance picks it, and here the other targets serve them";
    has(&of(""), refused);
    lacks(&of(r#", "default": "paid""#), "leads to nobody");
}

#[test]
fn conditions_on_nothing_are_listed() {
    let text = "governance:
  providers: {acme: {models: [{name: a, approved_use_cases: [x], data_classification_max: internal, cost_per_1k_tokens_input: 1, cost_per_1k_tokens_output: 1}]}}
  routing_policies:
    - {rule: \"use_case == ''\", action: prefer_acme, reason: r}
    - {rule: \"team in []\", action: prefer_acme, reason: r}
    - {rule: \"team == null\", action: prefer_acme, reason: r}
    - {rule: [], action: prefer_acme, reason: r}
    - {rule: \"use_case == 'x'\", when: \"team == 'y'\", action: prefer_acme, reason: r}
    - {rule: \"use_case == 'x'\", action: prefer_acme, reason: r, because: other, name: one, id: two}
";
    let (folder, [_, state, left]) = told("governance", text);
    for expected in [
        "4: the rule `use_case == ''`: `use_case` is compared with an empty text, which names nothing",
        "5: the rule `team in []`: `team` is compared with an empty list",
        "6: the rule `team == null`: `team` is compared with `null`: no condition asks whether something is stated",
        "7: a rule whose `rule` is a list, `[]`, and no text",
        "8: the rule `use_case == 'x'`: its `when` is another condition, `team == 'y'`",
        "9: `because: other` of the rule `use_case == 'x'`: its `reason` counts",
        "9: `id: two` of the rule `use_case == 'x'`: its `name` counts",
    ] {
        has(&left, expected);
    }
    lacks(&state, "``");
    let estate = read(folder.path().join("out/estate/use-cases.yaml"));
    assert!(!estate.contains("name: \"\""), "{estate}");
}

#[test]
fn what_check_would_find_is_shown_while_prices_and_approvals_are_missing() {
    let text = "model_list:
  - {model_name: x, litellm_params: {model: openai/gpt-4o}}
  - {model_name: y, litellm_params: {model: anthropic/claude-haiku-4-5}}
  - {model_name: z, litellm_params: {model: mistral/mistral-large}}
router_settings: {fallbacks: [{x: [y]}, {y: [x]}]}
";
    let (_folder, out, output) = imported("litellm", text);
    let report = json(&output);
    crate::schemas::holds("import", &report);
    let found = report["findings"].as_array().expect("findings");
    let of = |code: &str| found.iter().filter(|one| one["code"] == code).collect::<Vec<_>>();
    assert!(!of("failover-cycle").is_empty(), "{report}");
    let lonely = of("no-failover");
    assert_eq!(lonely.len(), 1, "{report}");
    let estate = read(out.join("estate/use-cases.yaml"));
    let line = usize::try_from(lonely[0]["line"].as_u64().expect("a line")).expect("a number");
    assert!(estate.lines().nth(line - 1).is_some_and(|line| line.contains("name: z")), "{report}");
    let registry = read(out.join("registry/providers.yaml"));
    let line = registry.lines().position(|line| line.contains("name: gpt-4o")).expect("the model") + 1;
    has(&notes(&report, "state"), &format!("`openai/gpt-4o` (line {line})"));
    assert!(!registry.contains("cost_per"), "nothing is made up: {registry}");
}

#[test]
fn what_reads_prompts_for_a_router_and_credentials_beside_the_key_are_listed() {
    let text = "model_list:
  - {model_name: fast, litellm_params: {model: bedrock/anthropic.claude-haiku-4-5, aws_secret_access_key: os.environ/S}}
  - model_name: router
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config: {tiers: {SIMPLE: fast}, classifier_type: llm, classifier_llm_config: {model: judge, timeout_ms: 8000}}
";
    let (_folder, [_, state, left]) = told("litellm", text);
    has(
        &left,
        "6: of the router `router`: `classifier_llm_config: {model: judge, timeout_ms: 8000}`, which reads every prompt first",
    );
    has(&left, "6: of the router `router`: `classifier_type`");
    has(&left, "2: of `anthropic.claude-haiku-4-5`: `aws_secret_access_key`");
    lacks(&state, "judge");
}
