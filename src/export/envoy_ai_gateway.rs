//! Envoy AI Gateway for Kubernetes: a rule for the cells of each decision, its targets by priority, and a policy beside
//! it that says how long one attempt may take and on what the next one is made.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::cells::{self, Cell, slug};
use super::endpoint::Endpoint;
use super::promise::Level;
use super::request::{RequestSettings, header_name};
use super::{Export, Refused, Start, status, yaml};
use crate::limits::gateways;
use crate::limits::gateways::ROUTE_HEADERS;
use crate::table::format::{Path, Table, Trigger};

/// One file of manifests.
pub fn export(table: &Table) -> Result<Export, Refused> {
    let endpoints = table.models.iter().map(Endpoint::read).collect::<Result<Vec<Endpoint>, _>>()?;
    let until = table.valid_until.as_deref().unwrap_or("no last day");
    let mut text = yaml::comment(&format!("Table {}, valid until: {until}.", table.digest));
    let mut documents: Vec<Value> = table
        .models
        .iter()
        .zip(&endpoints)
        .flat_map(|(model, endpoint)| backend(&model.id, endpoint))
        .collect();
    documents.extend(routes(table, &endpoints)?);
    for document in documents {
        text += &format!("---\n{}", yaml::json(&document));
    }
    Ok(Export {
        target: "envoy-ai-gateway",
        versions: Vec::new(),
        start: Start {
            file: "manifests.yaml".to_owned(),
            command: "kubectl apply -f manifests.yaml".to_owned(),
        },
        promises: super::promises(|promise| keeps(table, promise)),
        files: BTreeMap::from([("manifests.yaml".to_owned(), text)]),
        routes: Vec::new(),
    })
}

fn object(version: &str, kind: &str, name: &str, spec: &Value) -> Value {
    json!({"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": spec})
}

/// A model's endpoint, its key, and how it is reached. The secret has the name of the variable in small letters.
fn backend(id: &str, endpoint: &Endpoint) -> Vec<Value> {
    let name = slug(id);
    let mut all = vec![
        object(
            "aigateway.envoyproxy.io/v1beta1",
            "AIServiceBackend",
            &name,
            &json!({
            "schema": {"name": "OpenAI", "prefix": prefix(endpoint)},
            "backendRef": {"name": name, "kind": "Backend", "group": "gateway.envoyproxy.io"}}),
        ),
        object(
            "gateway.envoyproxy.io/v1alpha1",
            "Backend",
            &name,
            &json!({"endpoints": [address(endpoint)]}),
        ),
    ];
    if endpoint.tls {
        all.push(object(
            "gateway.networking.k8s.io/v1",
            "BackendTLSPolicy",
            &name,
            &json!({
            "targetRefs": [{"group": "gateway.envoyproxy.io", "kind": "Backend", "name": name}],
            "validation": {"hostname": endpoint.host, "wellKnownCACertificates": "System"}}),
        ));
    }
    if let Some(key) = &endpoint.key {
        all.push(object(
            "aigateway.envoyproxy.io/v1beta1",
            "BackendSecurityPolicy",
            &name,
            &json!({
            "targetRefs": [{"group": "aigateway.envoyproxy.io", "kind": "AIServiceBackend", "name": name}],
            "type": "APIKey", "apiKey": {"secretRef": {"name": key.to_ascii_lowercase().replace('_', "-")}}}),
        ));
    }
    all
}

/// What stands before `/chat/completions`: the gateway takes an empty text for `v1`.
fn prefix(endpoint: &Endpoint) -> &str {
    match endpoint.path.trim_end_matches("/chat/completions") {
        "" => "/",
        prefix => prefix,
    }
}

fn address(endpoint: &Endpoint) -> Value {
    if endpoint.is_address() {
        json!({"ip": {"address": endpoint.host, "port": endpoint.port}})
    } else {
        json!({"fqdn": {"hostname": endpoint.host, "port": endpoint.port}})
    }
}

/// The rules of all decisions with a primary: what matches none is answered with 404, and nobody is asked.
fn routes(table: &Table, endpoints: &[Endpoint]) -> Result<Vec<Value>, Refused> {
    let mut matches: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
    for use_case in &table.use_cases {
        for cell in cells::of(table, use_case) {
            if cell.stated.len() >= ROUTE_HEADERS {
                return Err(Refused {
                    message: format!(
                        "use case `{}` depends on {} attributes; a rule compares at most {ROUTE_HEADERS} headers",
                        use_case.name,
                        cell.stated.len()
                    ),
                    help: "export to a gateway that decides by itself, such as `envoy`".to_owned(),
                });
            }
            matches.entry(cell.decision).or_default().extend(stated(table, &cell));
        }
    }
    let mut rules: Vec<(Value, Value)> = Vec::new();
    for (at, matches) in &matches {
        for (part, matches) in matches.chunks(gateways::ROUTE_MATCHES).enumerate() {
            rules.extend(rule(table, endpoints, *at, part, matches));
        }
    }
    let mut all = Vec::new();
    for (number, chunk) in rules.chunks(gateways::ROUTE_RULES).enumerate() {
        let name = format!("govctl-{number}");
        let own: Vec<&Value> = chunk.iter().map(|(rule, _)| rule).collect();
        all.push(object("aigateway.envoyproxy.io/v1beta1", "AIGatewayRoute", &name, &json!({
            "parentRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "govctl"}], "rules": own})));
        for (rule, retry) in chunk {
            let Some(section) = rule.get("name").and_then(Value::as_str) else { continue };
            all.push(object("gateway.envoyproxy.io/v1alpha1", "BackendTrafficPolicy", &format!("{name}-{section}"), &json!({
                "targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": name, "sectionName": section}],
                "retry": retry})));
        }
    }
    Ok(all)
}

/// What a request in a cell states, which may call its use case by the endpoint tag.
fn stated(table: &Table, cell: &Cell) -> Vec<Value> {
    let prefix = RequestSettings::read(&table.request).header_prefix;
    let exact =
        |name: &str, value: &str| json!({"type": "Exact", "name": format!("{prefix}{name}"), "value": value});
    let all = cells::called(cell.use_case).map(|name| {
        let mut headers = vec![exact("use-case", name)];
        headers.extend(cell.stated.iter().map(|(fact, value)| exact(&header_name(&fact.to_string()), value)));
        json!({"headers": headers})
    });
    all.collect()
}

/// A decision's rule, and what its policy says of attempts.
fn rule(
    table: &Table,
    endpoints: &[Endpoint],
    at: usize,
    part: usize,
    matches: &[Value],
) -> Option<(Value, Value)> {
    let decision = table.decisions.get(at)?;
    let path = status::walked(decision, status::of);
    let chain = cells::along(table, decision, path);
    if chain.is_empty() {
        return None;
    }
    let refs = chain.iter().enumerate().map(|(priority, model)| {
        let own = table.models.iter().position(|known| known.id == model.id).and_then(|at| endpoints.get(at));
        json!({"name": slug(&model.id), "priority": priority, "weight": 1, "modelNameOverride": own.map_or("", |own| own.model.as_str())})
    });
    // Attempts have a time each; all of them together, which would be 60 s, and an answer that has begun have none.
    let rule = json!({"name": format!("decision-{at}-{part}"), "matches": matches, "backendRefs": refs.collect::<Vec<Value>>(),
                      "timeouts": {"request": "0s"}});
    Some((rule, retry(table, path, chain.len())))
}

/// The next priority is tried on the triggers of the path alone.
fn retry(table: &Table, path: Option<&Path>, targets: usize) -> Value {
    let failover = path.and_then(|path| table.failovers.get(path.failover));
    let tries = super::tries(failover.map_or(0, |failover| failover.retry));
    let on = path.map(|path| path.on.as_slice()).unwrap_or_default();
    let statuses = status::all(on, status::of);
    let mut triggers = vec!["retriable-status-codes"];
    // To Envoy a time that is over is a reset like any other: it can be told from one only while nothing was sent.
    triggers.extend(match (on.contains(&Trigger::Unavailable), on.contains(&Trigger::Timeout)) {
        (true, true) => ["connect-failure", "refused-stream", "reset"].as_slice(),
        (true, false) => ["connect-failure", "refused-stream", "reset-before-request"].as_slice(),
        (false, _) => [].as_slice(),
    });
    json!({"numRetries": targets.saturating_mul(tries).saturating_sub(1), "numAttemptsPerPriority": tries,
           "perRetry": {"timeout": duration(RequestSettings::read(&table.request).first_byte_milliseconds())},
           "retryOn": {"httpStatusCodes": statuses, "triggers": triggers}})
}

/// Some milliseconds as the Gateway API writes a time: numbers of at most five digits, each with its unit.
fn duration(milliseconds: u64) -> String {
    if milliseconds < 100_000 {
        return format!("{milliseconds}ms");
    }
    let seconds = milliseconds / 1_000;
    let parts =
        [(seconds / 3_600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"), (milliseconds % 1_000, "ms")];
    parts.iter().filter(|(number, _)| *number > 0).map(|(number, unit)| format!("{number}{unit}")).collect()
}

fn keeps(table: &Table, promise: &str) -> (Level, &'static str) {
    if let Some(lost) = super::plain_in_vain(table, promise) {
        return lost;
    }
    if let Some(trigger) = promise.strip_prefix("trigger:").and_then(Trigger::parse) {
        return of_trigger(table, trigger);
    }
    match promise {
        "use-case" | "classification" | "facts" | "budget-bands" | "credentials" => (
            Level::ByCaller,
            "rules compare headers: an authenticator before the gateway removes a caller's own and states every attribute, the \
             effective classification, and each share as the band of its cut",
        ),
        "unknown-names" => (
            Level::Lost,
            "what no rule matches is answered with 404, but no rule looks at a header that is not known, or at a fact that does \
             not act on its use case: an authenticator before the gateway refuses those",
        ),
        "caller" => (
            Level::Lost,
            "`modelNameOverride` replaces `model`; other members that choose, such as `models` or `provider`, reach the provider",
        ),
        "order" => (Level::Native, "each target has a priority of its own"),
        "retries" => (Level::Native, "`numAttemptsPerPriority`"),
        "no-other-walk" => no_other_walk(table),
        name if name.starts_with("terminal:") => {
            (Level::Lost, "the last answer goes back to the caller: there are no terminals")
        }
        "streams" => (Level::Native, "an answer that has begun is never tried again"),
        "hot-swap" => (
            Level::Native,
            "the controller replaces what has changed; rules of one table may stand beside another's for a moment",
        ),
        "tags" | "log" => (Level::Lost, "the access log of the gateway is not configured here"),
        _ => (Level::Lost, "whoever applies the manifests checks it"),
    }
}

fn of_trigger(table: &Table, trigger: Trigger) -> (Level, &'static str) {
    if status::of(trigger).is_empty() {
        return (Level::Lost, "the gateway reads statuses only, and these stand in the body");
    }
    let left_out = status::is_left_out(table, trigger, status::of);
    let other = match trigger {
        Trigger::Timeout => Some(Trigger::Unavailable),
        Trigger::Unavailable => Some(Trigger::Timeout),
        _ => None,
    };
    let is_apart = |other: &Trigger| walks(table, |on| on.contains(&trigger) && !on.contains(other));
    if !left_out && other.as_ref().is_some_and(is_apart) {
        return (
            Level::Lost,
            "to Envoy an answer that does not come in time is a reset like any other: both walk where a path is for `timeout` and \
             `unavailable`, and neither does where it is for one of them (statuses do, and so does what cannot be connected to where \
             it is for `unavailable`)",
        );
    }
    super::only_if(
        left_out,
        "a rule has one list of statuses, those of the path of an outage, else of the first one, and some decision has another path \
         for this trigger",
        "no decision has another path for it than the one that is written",
    )
}

/// A status says one thing, and the body with it may say another.
fn no_other_walk(table: &Table) -> (Level, &'static str) {
    if walks(table, |on| on.iter().any(|trigger| status::of(*trigger).iter().any(|status| *status < 500))) {
        return (
            Level::Lost,
            "the policy of each rule lists the statuses of its path, but an exhausted account, a filtered prompt and one that is too \
             long, which stand in the body of a 4xx, walk as its status does where that is 401, 403, 408 or 429",
        );
    }
    (Level::Native, "the policy of each rule lists the statuses of its path")
}

/// Whether the path that is walked in some decision is for such triggers.
fn walks(table: &Table, are: impl Fn(&[Trigger]) -> bool) -> bool {
    let mut walked = table.decisions.iter().filter_map(|decision| status::walked(decision, status::of));
    walked.any(|path| are(&path.on))
}
