//! The `LiteLLM` proxy: its configuration, and the table for the hook of `integrations/litellm` that decides.

use std::collections::BTreeMap;

use serde_json::json;

use super::endpoint::Endpoint;
use super::promise::Level;
use super::yaml::{self, Yaml};
use super::{Export, Refused, Start, profile};
use crate::table::format::{Decision, Model, Table};

/// The versions that the export was proved on.
const VERSIONS: [&str; 2] = ["litellm 1.106.2", "litellm 1.110.2"];

/// The whole configuration.
pub fn export(table: &Table) -> Result<Export, Refused> {
    let endpoints = table.models.iter().map(Endpoint::read).collect::<Result<Vec<Endpoint>, _>>()?;
    let mut files = BTreeMap::new();
    files.insert("config.yaml".to_owned(), config(table, &endpoints));
    files.insert("table.json".to_owned(), table.to_canonical_json());
    Ok(Export {
        target: "litellm",
        versions: VERSIONS.to_vec(),
        start: Start {
            file: "config.yaml".to_owned(),
            command: "GOVCTL_TABLE=table.json litellm --config config.yaml".to_owned(),
        },
        promises: profile::named(table, super::promises(|promise| keeps(table, promise))),
        files,
        routes: Vec::new(),
    })
}

fn config(table: &Table, endpoints: &[Endpoint]) -> String {
    let until = table.valid_until.as_deref().unwrap_or("no last day");
    let models =
        table.models.iter().zip(endpoints).zip(groups(table)).flat_map(|((model, endpoint), count)| {
            (0..count).map(move |number| group(model, endpoint, number)).collect::<Vec<Yaml>>()
        });
    let config = Yaml::object([
        ("model_list", Yaml::List(models.collect())),
        ("router_settings", json!({"num_retries": 0, "disable_cooldowns": true}).into()),
        (
            "litellm_settings",
            json!({"callbacks": ["govctl_litellm.proxy.govctl"], "num_retries": 0, "drop_params": false})
                .into(),
        ),
        (
            "general_settings",
            json!({"master_key": "os.environ/LITELLM_MASTER_KEY",
                   // The hook decides who is next: a group that is not has no deployment.
                   "enforce_fallback_model_access": false})
            .into(),
        ),
    ]);
    yaml::comment(&format!("Table {}, valid until: {until}.", table.digest)) + &config.block()
}

/// One attempt at one model: `LiteLLM` tries a group once a request. What it is and where stands before its settings,
/// none of which can state it again.
fn group(model: &Model, endpoint: &Endpoint, number: usize) -> Yaml {
    let name = Yaml::text(&format!("{}#{number}", model.id));
    let base = model.endpoint.get("base_url").and_then(serde_json::Value::as_str).unwrap_or_default();
    let mut parameters = vec![
        ("model", Yaml::text(&format!("openai/{}", endpoint.model))),
        ("api_base", Yaml::text(base.trim_end_matches('/'))),
    ];
    // Without any key, OpenAI's client would take the one of `OPENAI_API_KEY`. The hook does not send this one.
    let key = endpoint.key.as_ref().map_or_else(|| "none".to_owned(), |key| format!("os.environ/{key}"));
    parameters.push(("api_key", Yaml::text(&key)));
    parameters.extend(profile::settings(model).into_iter().map(|(member, value)| (member, value.into())));
    Yaml::object([
        ("model_name", name.clone()),
        ("litellm_params", Yaml::object(parameters)),
        ("model_info", Yaml::object([("id", name)])),
    ])
}

/// Per model how many attempts at it one request may need.
fn groups(table: &Table) -> Vec<usize> {
    let mut most = vec![0; table.models.len()];
    for decision in &table.decisions {
        for (model, count) in attempts(table, decision) {
            if let Some(most) = most.get_mut(model) {
                *most = count.max(*most);
            }
        }
    }
    most
}

fn attempts(table: &Table, decision: &Decision) -> BTreeMap<usize, usize> {
    let mut count: BTreeMap<usize, usize> = BTreeMap::new();
    let tries =
        |failover: usize| super::tries(table.failovers.get(failover).map_or(0, |failover| failover.retry));
    if let Some(primary) = &decision.primary {
        let most = decision.paths.iter().map(|path| tries(path.failover)).max().unwrap_or(1);
        *count.entry(primary.model).or_default() += most;
    }
    for path in &decision.paths {
        for target in table.target_lists.get(path.targets).into_iter().flatten() {
            *count.entry(target.model).or_default() += tries(path.failover);
        }
    }
    count
}

fn keeps(table: &Table, promise: &str) -> (Level, &'static str) {
    if let Some(lost) = super::asked_in_vain(table, promise) {
        return lost;
    }
    match promise {
        "profile" => super::only_if(
            table.models.iter().any(|model| model.profile.contains_key("system_prompt")),
            "system prompts are files of the workspace and not in the table; other settings stand in the configuration",
            "settings stand in the configuration of every model; the hook sends them as they are, whatever LiteLLM thinks that a model of \
             that name takes, and drops a caller's own",
        ),
        "answers" | "headers" => (
            Level::Lost,
            "the hook's answers are exact, and errors of a provider go back as they are up to 1 MiB, but what the proxy refuses by \
             itself (keys that are not valid, members such as `api_base`) is answered in the proxy's own words and without our \
             headers, what it cannot send to a model is answered with 400 before anybody is asked, LiteLLM writes completions anew, a \
             status beyond 599 becomes 502, a model whose name LiteLLM knows as one of the Responses API is asked at `/v1/responses`, \
             and 1.106.2 answers 503 where a provider's own name of a model has characters beyond Latin-1",
        ),
        "caller" => (
            Level::Hook,
            "the hook lets in chat completions and what asks no provider, replaces the model, and drops members that choose",
        ),
        "no-other-walk" => {
            (Level::Hook, "the hook classifies each failure, and no redirect of a provider is followed")
        }
        "credentials" => (
            Level::Hook,
            "the hook takes them from the metadata of the key and of its team, which only administrators of the proxy may change",
        ),
        "signature" => {
            (Level::Hook, "with `GOVCTL_TRUSTED_KEYS` the hook takes no table without a fitting signature")
        }
        "valid-until" => (Level::Hook, "the hook blocks everything once the table has expired"),
        "hot-swap" => (
            Level::Hook,
            "the hook reads the table's file again, and refuses a table with models or retries that the running configuration has not; \
             other addresses and settings need a new configuration",
        ),
        "streams" => (
            Level::Hook,
            "streams pass piece by piece and are never tried again; one that is silent for ten minutes is broken off",
        ),
        "cooldown" => (
            Level::Hook,
            "the hook takes what failed as unavailable in every decision that states a cooldown, each proxy by itself; where no path \
             is for `unavailable`, the primary is asked all the same",
        ),
        name if name.starts_with("terminal:") || name.starts_with("trigger:") => {
            (Level::Hook, "the hook classifies each failure and answers")
        }
        _ => (Level::Hook, "the hook of `govctl-litellm` decides each request by the table"),
    }
}
