//! Bifrost: a virtual key for each use case, and routing rules in CEL over what a request states.
//!
//! A rule whose expression does not compile is skipped, and a request that no rule matches goes where its caller
//! wants: so expressions are of one form, and the last rule of each key leads to a provider that nobody answers for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::cells::{self, Cell, slug};
use super::promise::Level;
use super::request::{RequestSettings, header_name};
use super::{Export, Refused, Start, endpoint::Endpoint};
use crate::table::format::{AxisName, Model, Table, UseCase};

/// The provider of the last rule.
const NOBODY: &str = "govctl-nobody";

/// One configuration.
pub fn export(table: &Table) -> Result<Export, Refused> {
    let endpoints = table.models.iter().map(Endpoint::read).collect::<Result<Vec<Endpoint>, _>>()?;
    let mut providers: Map<String, Value> =
        table.models.iter().zip(&endpoints).map(|(model, endpoint)| provider(model, endpoint)).collect();
    providers.insert(
        NOBODY.to_owned(),
        custom(
            "http://127.0.0.1:9",
            "env.GOVCTL_NOBODY",
            &["denied"],
            &json!({"base_provider_type": "openai"}),
        ),
    );
    let governance = json!({
        "virtual_keys": table.use_cases.iter().map(|use_case| key(table, use_case)).collect::<Vec<Value>>(),
        "rate_limits": table.use_cases.iter().flat_map(|use_case| rate_limits(table, use_case)).collect::<Vec<Value>>(),
        "budgets": table.use_cases.iter().flat_map(|use_case| budgets(table, use_case)).collect::<Vec<Value>>(),
        "routing_rules": table.use_cases.iter().flat_map(|use_case| rules(table, &endpoints, use_case)).collect::<Vec<Value>>(),
    });
    let config = json!({
        "$schema": "https://www.getbifrost.ai/schema",
        // Version 1 reads an empty list as everything.
        "version": 2,
        "source_of_truth": "config.json",
        "client": {"enforce_auth_on_inference": true, "allow_direct_keys": false},
        "providers": providers,
        "governance": governance,
    });
    Ok(Export {
        target: "bifrost",
        versions: Vec::new(),
        start: Start {
            file: "config.json".to_owned(),
            command: "npx @maximhq/bifrost -app-dir .".to_owned(),
        },
        promises: super::promises(|promise| keeps(table, promise)),
        files: BTreeMap::from([("config.json".to_owned(), format!("{config:#}\n"))]),
        routes: Vec::new(),
    })
}

/// A model's endpoint as a provider of its own, so that its key goes nowhere else.
fn provider(model: &Model, endpoint: &Endpoint) -> (String, Value) {
    let base = model.endpoint.get("base_url").and_then(Value::as_str).unwrap_or_default();
    let key =
        endpoint.key.as_ref().map_or_else(|| "env.GOVCTL_NO_KEY".to_owned(), |name| format!("env.{name}"));
    // Bifrost appends `/v1/chat/completions`, unless it is told another path.
    let path = "/chat/completions";
    let base = base.trim_end_matches('/');
    let (base, config) = match base.strip_suffix("/v1") {
        Some(base) => (base, json!({"base_provider_type": "openai"})),
        None => (
            base,
            json!({"base_provider_type": "openai",
                   "request_path_overrides": {"chat_completion": path, "chat_completion_stream": path}}),
        ),
    };
    (slug(&model.id), custom(base, &key, &[&endpoint.model], &config))
}

fn custom(base: &str, key: &str, models: &[&str], config: &Value) -> Value {
    json!({"keys": [{"name": "key", "value": key, "models": models, "weight": 1.0}],
           "network_config": {"base_url": base, "max_retries": 0}, "custom_provider_config": config})
}

/// The credential of a use case: it may reach what some decision of it names, and nothing else.
fn key(table: &Table, use_case: &UseCase) -> Value {
    let name = slug(&use_case.name);
    let decisions = use_case.cells.iter().collect::<BTreeSet<&usize>>();
    let decisions = decisions.into_iter().filter_map(|at| table.decisions.get(*at));
    let models: BTreeMap<String, &Model> = decisions
        .flat_map(|decision| cells::chain(table, decision))
        .map(|model| (slug(&model.id), model))
        .collect();
    let mut allowed: Vec<Value> = models
        .iter()
        .map(|(provider, model)| {
            json!({
        "provider": provider, "weight": 1.0, "key_ids": ["*"],
        "allowed_models": [model.endpoint.get("model").and_then(Value::as_str).unwrap_or(&model.name)]})
        })
        .collect();
    allowed.push(json!({"provider": NOBODY, "weight": 0.0, "key_ids": ["*"], "allowed_models": ["denied"]}));
    let mut key = json!({"id": format!("vk-{name}"), "name": name, "is_active": true, "provider_configs": allowed,
        "value": format!("env.GOVCTL_KEY_{}", name.to_ascii_uppercase().replace('-', "_"))});
    if let (Some(key), true) = (key.as_object_mut(), rate_limits(table, use_case).next().is_some()) {
        key.insert("rate_limit_id".to_owned(), json!(format!("rl-{name}")));
    }
    key
}

/// A quota that counts each use case apart is the rate limit of its key; others are shared by keys, which cannot be said.
fn rate_limits<'a>(table: &'a Table, use_case: &'a UseCase) -> impl Iterator<Item = Value> + 'a {
    let decisions = use_case.cells.iter().filter_map(|at| table.decisions.get(*at));
    let everywhere = decisions.map(|decision| decision.quotas.iter().copied().collect::<BTreeSet<usize>>());
    let shared = everywhere.reduce(|a, b| a.intersection(&b).copied().collect()).unwrap_or_default();
    let apart = table.quotas.iter().enumerate().filter(move |(number, quota)| {
        shared.contains(number) && quota.on.is_none() && quota.per.as_deref() == Some("use_case")
    });
    apart.take(1).map(|(_, quota)| {
        let mut limit = Map::from_iter([("id".to_owned(), json!(format!("rl-{}", slug(&use_case.name))))]);
        let (requests, for_requests) =
            quota.requests_per_minute.map_or((quota.requests_per_day, "1d"), |most| (Some(most), "1m"));
        let (tokens, for_tokens) =
            quota.tokens_per_minute.map_or((quota.tokens_per_day, "1d"), |most| (Some(most), "1m"));
        if let Some(most) = requests {
            limit.extend([
                ("request_max_limit".to_owned(), json!(most)),
                ("request_reset_duration".to_owned(), json!(for_requests)),
            ]);
        }
        if let Some(most) = tokens {
            limit.extend([
                ("token_max_limit".to_owned(), json!(most)),
                ("token_reset_duration".to_owned(), json!(for_tokens)),
            ]);
        }
        Value::Object(limit)
    })
}

/// A budget that counts each use case apart is its key's.
fn budgets<'a>(table: &'a Table, use_case: &'a UseCase) -> impl Iterator<Item = Value> + 'a {
    let applies = use_case
        .cells
        .iter()
        .filter_map(|at| table.decisions.get(*at))
        .all(|decision| !decision.budgets.is_empty());
    let apart = table
        .budgets
        .iter()
        .filter(move |budget| applies && budget.on.is_empty() && budget.per.as_deref() == Some("use_case"));
    apart.filter_map(|budget| {
        let limit: f64 = budget.limit_usd.parse().ok()?;
        let reset = match budget.period.as_str() {
            "day" => "1d",
            "week" => "1w",
            "month" => "1M",
            "quarter" => "3M",
            _ => "1Y",
        };
        let name = slug(&use_case.name);
        Some(json!({"id": format!("b-{name}-{}", slug(&budget.name)), "max_limit": limit, "reset_duration": reset,
                    "virtual_key_id": format!("vk-{name}")}))
    })
}

/// A rule a cell, and a last one for what none matches.
fn rules(table: &Table, endpoints: &[Endpoint], use_case: &UseCase) -> Vec<Value> {
    let name = slug(&use_case.name);
    let prefix = RequestSettings::read(&table.request).header_prefix;
    let mut all: Vec<Value> = Vec::new();
    for cell in cells::of(table, use_case) {
        let chain: Vec<&Model> = table
            .decisions
            .get(cell.decision)
            .map(|decision| cells::chain(table, decision))
            .unwrap_or_default();
        let (target, fallbacks) = targets(table, endpoints, &chain);
        let number = all.len();
        all.push(rule(&name, number, &expression(&prefix, &cell), &target, &fallbacks));
    }
    let number = all.len();
    all.push(rule(&name, number, "true", &nobody(), &[]));
    all
}

fn rule(key: &str, number: usize, expression: &str, target: &Value, fallbacks: &[String]) -> Value {
    json!({"id": format!("{key}-{number}"), "name": format!("{key}-{number}"), "enabled": true, "chain_rule": false,
           "priority": number, "scope": "virtual_key", "scope_id": format!("vk-{key}"), "cel_expression": expression,
           "targets": [target], "fallbacks": fallbacks})
}

fn nobody() -> Value {
    json!({"provider": NOBODY, "model": "denied", "weight": 1.0})
}

fn targets(table: &Table, endpoints: &[Endpoint], chain: &[&Model]) -> (Value, Vec<String>) {
    let own = |model: &Model| {
        let at = table.models.iter().position(|known| known.id == model.id);
        at.and_then(|at| endpoints.get(at)).map_or_else(String::new, |endpoint| endpoint.model.clone())
    };
    let Some((primary, rest)) = chain.split_first() else { return (nobody(), Vec::new()) };
    let target = json!({"provider": slug(&primary.id), "model": own(primary), "weight": 1.0});
    (target, rest.iter().map(|model| format!("{}/{}", slug(&model.id), own(model))).collect())
}

/// What a request states in a cell; a header that is missing makes no such comparison true.
fn expression(prefix: &str, cell: &Cell) -> String {
    let of = |(name, value): &(AxisName<&str>, &str)| {
        let header = format!("{prefix}{}", header_name(&name.to_string()));
        let (header, value) =
            (Value::String(header).to_string(), Value::String((*value).to_owned()).to_string());
        format!("headers[{header}] == {value}")
    };
    let all: Vec<String> = cell.stated.iter().map(of).collect();
    if all.is_empty() { "true".to_owned() } else { all.join(" && ") }
}

fn keeps(table: &Table, promise: &str) -> (Level, &'static str) {
    let per_use_case = |per: Option<&String>| per.is_some_and(|per| per == "use_case");
    let counted = match promise {
        "quotas" if !table.quotas.is_empty() => {
            Some(table.quotas.iter().all(|quota| quota.on.is_none() && per_use_case(quota.per.as_ref())))
        }
        "budgets" if !table.budgets.is_empty() => {
            Some(table.budgets.iter().all(|budget| budget.on.is_empty() && per_use_case(budget.per.as_ref())))
        }
        _ => None,
    };
    match counted {
        Some(true) => return (Level::Native, "each counts a use case apart, as its virtual key does"),
        Some(false) => {
            return (
                Level::Lost,
                "only what counts each use case apart and on all traffic can be a virtual key's",
            );
        }
        None => {}
    }
    if let Some(lost) = super::plain_in_vain(table, promise) {
        return lost;
    }
    match promise {
        "use-case" => (
            Level::Native,
            "a virtual key stands for one use case; the last rule of each matches what no other does",
        ),
        "unknown-names" => (
            Level::Lost,
            "a key that is not known is refused, but no rule looks at a header that is not known, or at a fact that does not act \
             on its use case",
        ),
        "caller" => (
            Level::Lost,
            "a caller's own `fallbacks` are taken; the key's `provider_configs` bound where they lead",
        ),
        "classification" | "facts" | "budget-bands" | "credentials" => (
            Level::ByCaller,
            "rules compare headers: what sits before the gateway states the effective classification and each share as the band of its cut",
        ),
        "order" => (Level::Native, "`fallbacks` in their order"),
        "no-other-walk" => {
            (Level::Lost, "401, 402 and 403 walk as well as 429 and 5xx; there is no list of statuses")
        }
        "retries" => super::only_if(
            table.failovers.iter().any(|failover| failover.retry > 0),
            "a provider is tried once: its retries know no triggers",
            "no failover statement asks for it",
        ),
        name if name.starts_with("trigger:") => (Level::Lost, "nothing about triggers can be configured"),
        name if name.starts_with("terminal:") => (Level::Lost, "the gateway answers with the last failure"),
        "tags" | "log" => (Level::Native, "the routing log names the rule, whose number is that of the cell"),
        "hot-swap" => (Level::Lost, "a new configuration needs a restart"),
        "streams" => (Level::Lost, super::NOT_RUN),
        _ => (Level::Lost, "whoever writes the file checks it"),
    }
}
