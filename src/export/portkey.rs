//! Portkey: one config for each use case, conditions on the request's metadata.
//!
//! What sits before the gateway sets two headers: the config of the use case, and metadata with everything that the
//! request states. Only `$and` of `$eq` and `$in` is written: other operators match what is missing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::endpoint::Endpoint;
use super::promise::Level;
use super::request::RequestSettings;
use super::{Export, Refused, Route, Start, cells, names, status};
use crate::limits::gateways;
use crate::source::address;
use crate::table::format::{AxisName, Table, Trigger, UseCase};

/// The version that the export was proved on.
const VERSION: &str = "@portkey-ai/gateway 1.15.2";

/// How the gateway asks: nothing of it can be configured.
const FETCH: &str = include_str!("fetch.mjs");

/// The statuses of a trigger, since the gateway reads no bodies: `fetch.mjs` gives what stands in one a status.
fn statuses(trigger: Trigger) -> Vec<u16> {
    match trigger {
        Trigger::OutOfCredit => vec![402],
        Trigger::ContextExceeded => vec![413],
        Trigger::ContentFiltered => vec![451],
        plain => status::of(plain),
    }
}

/// One config a use case, and one a decision where that does not fit.
pub fn export(table: &Table) -> Result<Export, Refused> {
    let endpoints = table.models.iter().map(Endpoint::read).collect::<Result<Vec<Endpoint>, _>>()?;
    names::metadata(table)?;
    let mut files = BTreeMap::new();
    let mut index = Map::new();
    let mut routes = Vec::new();
    for use_case in &table.use_cases {
        let slug = slug(&use_case.name);
        let whole = config(table, &endpoints, use_case).to_string();
        if whole.len() <= gateways::PORTKEY_CONFIG {
            index.insert(use_case.name.clone(), json!({"config": format!("configs/{slug}.json")}));
            files.insert(format!("configs/{slug}.json"), whole + "\n");
            continue;
        }
        let mut by_decision = Map::new();
        for cell in cells::of(table, use_case) {
            let (at, attributes) = (cell.decision, cells::attributes(&cell));
            let route = format!("configs/decision-{at}.json");
            by_decision.insert(at.to_string(), json!(route));
            files.entry(route.clone()).or_insert_with(|| format!("{}\n", leaf(table, &endpoints, at)));
            routes.push(Route { route, use_case: use_case.name.clone(), attributes, decision: at });
        }
        index.insert(use_case.name.clone(), json!({"decisions": by_decision}));
    }
    let until = table.valid_until.as_deref().unwrap_or("no last day");
    let trusted = trusted_hosts(table);
    files.insert(
        "fetch.mjs".to_owned(),
        format!("// Table {}, valid until: {until}.\n{FETCH}{trusted}", table.digest),
    );
    files.insert("index.json".to_owned(), format!("{:#}\n", Value::Object(index)));
    Ok(Export {
        target: "portkey",
        versions: vec![VERSION],
        start: Start {
            file: "index.json".to_owned(),
            // Answers with a head above 16 kB are answers, too.
            command: "node --max-http-header-size=1048576 --import ./fetch.mjs \
                      node_modules/@portkey-ai/gateway/build/start-server.js --port=8787 --headless"
                .to_owned(),
        },
        promises: super::promises(|promise| keeps(table, promise, !routes.is_empty())),
        files,
        routes,
    })
}

/// The gateway refuses addresses inside a network unless their hosts are named to it: those of the table are.
fn trusted_hosts(table: &Table) -> String {
    // What it trusts by itself, which a list of ours would replace.
    let own = ["localhost", "127.0.0.1", "::1", "host.docker.internal"];
    let mut hosts: BTreeSet<String> = own.map(str::to_owned).into();
    let bases = table.models.iter().filter_map(|model| model.endpoint.get("base_url")?.as_str());
    hosts.extend(bases.map(|base| address::without_port(address::host(base)).to_ascii_lowercase()));
    let list = Value::String(hosts.into_iter().collect::<Vec<String>>().join(","));
    format!(
        "\n// The gateway refuses addresses inside a network, unless it is told that their hosts are meant.\nprocess.env.TRUSTED_CUSTOM_HOSTS ||= {list};\n"
    )
}

/// A file name for any name of a use case.
fn slug(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if plain && !name.starts_with('.') && name.len() < 100 {
        return name.to_owned();
    }
    crate::table::sha256_hex(name.as_bytes()).chars().take(32).collect()
}

/// Every cell of a use case as a condition; what matches none is denied.
fn config(table: &Table, endpoints: &[Endpoint], use_case: &UseCase) -> Value {
    let mut conditions = Vec::new();
    let mut used = Vec::new();
    for cell in cells::of(table, use_case) {
        let mut query =
            vec![json!({"metadata.use_case": {"$in": cells::called(use_case).collect::<Vec<&str>>()}})];
        query.extend(cell.stated.iter().map(|(name, value)| stated(use_case, table, *name, value)));
        conditions.push(json!({"query": {"$and": query}, "then": format!("decision-{}", cell.decision)}));
        if !used.contains(&cell.decision) {
            used.push(cell.decision);
        }
    }
    let mut targets: Vec<Value> = used.iter().map(|at| leaf(table, endpoints, *at)).collect();
    targets.push(deny("deny"));
    json!({"strategy": {"mode": "conditional", "conditions": conditions, "default": "deny"}, "targets": targets})
}

/// What a request states on an axis. A share is stated as the band that it falls into, which whoever computes the
/// metadata finds by the cuts of the table.
fn stated(use_case: &UseCase, table: &Table, name: AxisName<&str>, value: &str) -> Value {
    let key = format!("metadata.{}", names::metadata_key(&name.to_string()));
    let level = |wanted: &str| table.classifications.iter().position(|known| known == wanted);
    let own = level(&use_case.classification).filter(|_| use_case.classification == value);
    let allowed: Vec<&str> = match (name, own) {
        // Its own, or a lower one, which does not lower anything.
        (AxisName::Classification, Some(own)) => {
            table.classifications.iter().take(own.saturating_add(1)).map(String::as_str).collect()
        }
        _ => vec![value],
    };
    json!({key: {"$in": allowed}})
}

/// A decision as a target: the path that is walked in order, on the statuses that lead to it.
fn leaf(table: &Table, endpoints: &[Endpoint], at: usize) -> Value {
    let name = format!("decision-{at}");
    let Some(decision) = table.decisions.get(at) else { return deny(&name) };
    let Some(primary) = &decision.primary else { return deny(&name) };
    let Some(path) = status::walked(decision, statuses) else {
        let mut only = target(table, endpoints, primary.model);
        if let Some(object) = only.as_object_mut() {
            object.insert("name".to_owned(), Value::String(name));
        }
        return only;
    };
    // `retry` would wait, and tries again what was reset whatever the statuses: a target that may be tried again stands
    // in the list again.
    let tries = super::tries(table.failovers.get(path.failover).map_or(0, |failover| failover.retry));
    let on = status::all(&path.on, statuses);
    let targets = table.target_lists.get(path.targets).into_iter().flatten().map(|target| target.model);
    let chain: Vec<Value> = std::iter::once(primary.model)
        .chain(targets)
        .flat_map(|model| std::iter::repeat_n(target(table, endpoints, model), tries))
        .collect();
    json!({"name": name, "strategy": {"mode": "fallback", "on_status_codes": on}, "targets": chain})
}

fn target(table: &Table, endpoints: &[Endpoint], model: usize) -> Value {
    let Some(endpoint) = endpoints.get(model) else { return deny("unknown") };
    let base =
        table.models.get(model).and_then(|model| model.endpoint.get("base_url")).and_then(Value::as_str);
    // Without any, the gateway would send `Bearer undefined`.
    let key = endpoint.key.as_deref().map_or_else(|| "none".to_owned(), |name| format!("${{{name}}}"));
    let mut target = json!({
        "provider": "openai",
        "custom_host": base.unwrap_or_default().trim_end_matches('/'),
        "override_params": {"model": endpoint.model},
        "request_timeout": RequestSettings::read(&table.request).first_byte_milliseconds(),
    });
    if let Some(object) = target.as_object_mut() {
        object.insert("api_key".to_owned(), Value::String(key));
    }
    target
}

/// A target that nothing listens on.
fn deny(name: &str) -> Value {
    json!({"name": name, "provider": "openai", "api_key": "none", "custom_host": "http://127.0.0.1:9",
           "override_params": {"model": "denied"}})
}

fn keeps(table: &Table, promise: &str, by_decision: bool) -> (Level, &'static str) {
    if let Some(lost) = super::plain_in_vain(table, promise) {
        return lost;
    }
    if let Some(trigger) = promise.strip_prefix("trigger:") {
        return of_trigger(table, trigger);
    }
    match promise {
        "use-case" | "classification" | "facts" | "budget-bands" | "unknown-names" if by_decision => (
            Level::ByCaller,
            "a use case whose config would not fit into a header has one for each decision, without conditions: whoever calls looks its \
             context up in `routes` of `export.json`, by the effective classification and by the band of each share (`<10%`, `above`); \
             the conditions of the others read the metadata header, which says the same and must be set by what sits before the gateway",
        ),
        "use-case" | "classification" | "facts" | "budget-bands" | "unknown-names" => (
            Level::ByCaller,
            "conditions read the metadata header: whatever sits before the gateway must set it, and the config, itself, and state the \
             effective classification, and each share as the band that it falls into (`<10%`, `above`)",
        ),
        "credentials" | "caller" => (
            Level::ByCaller,
            "whoever may send `x-portkey-config` chooses: put a service before the gateway that sets both headers",
        ),
        "order" => (Level::Native, "the targets of a fallback are tried in their order"),
        "no-other-walk" => (
            Level::Hook,
            "`on_status_codes` stands on every fallback, and `fetch.mjs` keeps the gateway from following redirects, answers 503 where \
             nobody does, and gives an error whose body says more than its status another one: start the gateway with it",
        ),
        "retries" => (Level::Native, "a target stands in the list as often as it may be tried"),
        name if name.starts_with("terminal:") => {
            (Level::Lost, "the last answer goes back to the caller: there are no terminals")
        }
        "tags" | "log" => (Level::ByCaller, "the gateway logs the metadata that it is sent"),
        "streams" => (Level::Lost, "version 1.15.2 answers every stream with 500"),
        "hot-swap" => (
            Level::Lost,
            "each request carries its config, but the gateway refuses hosts inside a network that it was not told of at its start: start \
             it anew with `fetch.mjs` of a table that has other ones",
        ),
        _ => (Level::Lost, "whoever computes the headers checks it"),
    }
}

fn of_trigger(table: &Table, name: &str) -> (Level, &'static str) {
    if Trigger::parse(name).is_none_or(|trigger| status::is_left_out(table, trigger, statuses)) {
        return (
            Level::Lost,
            "a target has one list of statuses, those of the path of an outage, else of the first one, and some decision has another \
             path for this trigger",
        );
    }
    (
        Level::Hook,
        "no decision has another path for it than the one that is written, on statuses that `fetch.mjs` gives to what says its trigger \
         in the body or not at all: start the gateway with it",
    )
}
