//! Profiles in exports: they say how a model answers, and nothing in them reaches where a request goes or as whom.

use govctl::export::members::{CALLERS, SETTINGS};
use govctl::export::promise::Level;
use govctl::export::{
    Export, bedrock, bifrost, cloudflare, envoy, envoy_ai_gateway, litellm, portkey, tensorzero,
};
use govctl::table::format::Table;
use serde_json::{Map, Value, json};

use crate::bundle;

/// The table of every shape, with endpoints, where every model has one profile.
fn table(profile: &Value) -> Table {
    let text = std::fs::read_to_string(bundle::root("conformance/tables/example.json")).expect("a table");
    let mut table: Table = serde_json::from_str(&text).expect("the format");
    for model in &mut table.models {
        let protocol = if model.provider == "anthropic" { "bedrock" } else { "openai" };
        let endpoint = json!({"base_url": "https://models.example/v1", "api_key_env": "MODELS_KEY", "protocol": protocol});
        model.endpoint = endpoint.as_object().cloned().expect("an object");
        model.profile = profile.as_object().cloned().expect("an object");
    }
    table
}

fn every_export(table: &Table) -> Vec<Export> {
    let all = [
        envoy::export(table, &envoy::Options::default()),
        litellm::export(table),
        portkey::export(table),
        tensorzero::export(table),
        envoy_ai_gateway::export(table),
        bifrost::export(table),
        cloudflare::export(table),
        bedrock::export(table),
    ];
    all.into_iter().map(|export| export.expect("an export")).collect()
}

/// The parameters of every deployment in the configuration of `LiteLLM`.
fn parameters(table: &Table) -> Vec<Map<String, Value>> {
    let export = litellm::export(table).expect("an export");
    // A key that appears twice is an error of this reader.
    let config: Value = serde_saphyr::from_str(&export.files["config.yaml"]).expect("YAML");
    let top: Vec<&str> = config.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(top.len(), 4, "{top:?}");
    let models = config["model_list"].as_array().expect("models");
    models.iter().map(|model| model["litellm_params"].as_object().cloned().expect("parameters")).collect()
}

#[test]
fn nothing_in_a_profile_but_settings_changes_what_is_written() {
    let evil = "https://evil.example/v1";
    let plain = every_export(&table(&json!({})));
    let profiles = [
        json!({"api_base": evil, "api_key": "os.environ/AWS_SECRET_ACCESS_KEY", "model": "openai/other"}),
        json!({"API-BASE": evil, "base_url": evil, "Api Key": "x", "callbacks": ["evil"], "litellm_settings": {"callbacks": []}}),
        json!({"messages": [], "stream": false, "headers": {"x": "y"}, "models": ["other"], "provider": {"order": ["other"]}}),
        json!({"extra_body": {"model": "other"}, "fallbacks": ["other"], "tags": ["x"], "prompt": "x", "tools": [], "user": "x"}),
        json!({"api_base: \"https://evil.example/v1\" #": 1, "a\nmodel_list:\n": 1, "\u{85}api_base": evil, "- a": {"b": 1}}),
        json!({"temperature ": 1, "Temperature": 1, "temperature\n": 1, "": 0, "\u{10000}": 0, "<<": {"api_base": evil}}),
        json!({"stop": ["os.environ/AWS_SECRET_ACCESS_KEY"], "thinking": {"type": " os.environ/HOME"}}),
        json!({"response_format": {"os.environ/HOME": 1}, "aws_sts_endpoint": evil, "vertex_credentials": "x"}),
    ];
    for profile in profiles {
        let table = table(&profile);
        for (export, plain) in every_export(&table).into_iter().zip(&plain) {
            for (path, text) in export.files.iter().filter(|(path, _)| path.as_str() != "table.json") {
                assert_eq!(text, &plain.files[path], "{} {path}: {profile}", export.target);
            }
            let kept = export.promises.iter().find(|kept| kept.promise == "profile").expect("a promise");
            assert_eq!(kept.level, Level::Lost, "{}: {profile}", export.target);
        }
    }
}

#[test]
fn a_setting_is_written_once_and_as_what_it_is() {
    let profile = json!({"temperature": "0.20", "top_p": 1, "max_output_tokens": 7, "max_tokens": 9, "stop": ["a\nb"],
                         "seed": "1_000", "system_prompt": "prompts/a.md", "response_format": {"api_base": "x"}});
    let table = table(&profile);
    let found = parameters(&table);
    assert!(found.len() >= table.models.len());
    for parameters in found {
        let model = parameters["model"].as_str().expect("a model").to_owned();
        let wanted = json!({"model": model, "api_base": "https://models.example/v1", "api_key": "os.environ/MODELS_KEY",
            "temperature": 0.2, "top_p": 1, "max_tokens": 9, "stop": ["a\nb"], "seed": "1_000",
            "response_format": {"api_base": "x"}});
        assert_eq!(Value::Object(parameters), wanted);
    }
}

#[test]
fn the_losses_name_what_is_not_written() {
    let profile = json!({"prompt_style": "short", "temperature": 1, "a|b\n#c": 1});
    let mut table = table(&json!({}));
    table.models[0].profile = profile.as_object().cloned().expect("an object");
    let id = table.models[0].id.clone();
    let export = litellm::export(&table).expect("an export");
    let losses = export.all_files(&table).remove("LOSSES.md").expect("losses");
    let line = losses.lines().find(|line| line.starts_with("| `profile` ")).expect("a line");
    assert_eq!(
        line,
        format!(
            "| `profile` | requests carry the target's settings | **lost** | only known settings of how a model \
             answers are written, so not `a?b??c` of `{id}`, `prompt_style` of `{id}` |"
        )
    );
}

#[test]
fn a_profile_that_steers_is_refused_with_its_place() {
    for (profile, why) in [
        (
            r#"{Api-Base: "https://evil.example/v1"}"#,
            "error: the profile of `azure-eu/gpt-4o` states `Api-Base`, which is not how a model answers\n  help: take it \
             out of `profile`; address, key and model are stated under `endpoint`\n",
        ),
        (
            r#"{stop: ["os.environ/AWS_SECRET_ACCESS_KEY"]}"#,
            "error: `stop` in the profile of `azure-eu/gpt-4o` names a variable of the gateway's environment\n  help: take \
             it out of `profile`; the variable of a key is named under `endpoint` as `api_key_env`\n",
        ),
    ] {
        let folder = bundle::copy_of("hospital");
        let path = folder.path().join("registry/providers.yaml");
        let text = std::fs::read_to_string(&path).expect("the registry");
        let changed = text.replacen(
            "profile: {temperature: 0.1, max_output_tokens: 2048}",
            &format!("profile: {profile}"),
            1,
        );
        assert_ne!(text, changed);
        std::fs::write(&path, changed).expect("write");
        let out = folder.path().join("out").to_string_lossy().into_owned();
        for target in ["litellm", "envoy", "portkey"] {
            let output = bundle::run(folder.path(), &["export", target, "-o", &out]);
            assert_eq!(bundle::stderr(&output), why, "{target}");
            assert_eq!(bundle::status(&output), 2);
            assert!(!folder.path().join("out").exists());
        }
    }
}

#[test]
fn the_integrations_hold_the_same_lists() {
    for path in ["integrations/litellm/src/govctl_litellm/members.py", "integrations/portkey/src/config.mjs"]
    {
        let text = std::fs::read_to_string(bundle::root(path)).expect("the source");
        let words = |name: &str| {
            let (_, list) = text.split_once(name).expect("the list");
            let (list, _) = list.split_once(".split(").expect("its end");
            list.split('"').skip(1).step_by(2).flat_map(str::split_whitespace).collect::<Vec<&str>>()
        };
        assert_eq!(words("SETTINGS = "), SETTINGS, "{path}");
        let mut callers = words("BODY_KEYS = ");
        // The service before Portkey serves no streams.
        callers
            .extend(path.contains("portkey").then_some(["stream", "stream_options"]).into_iter().flatten());
        callers.sort_unstable();
        assert_eq!(callers, CALLERS, "{path}");
    }
}
