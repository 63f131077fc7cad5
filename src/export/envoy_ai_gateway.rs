//! Envoy AI Gateway for Kubernetes: a rule for the cells of each decision, its targets by priority, and a policy beside
//! it that says on which statuses the next one is tried.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::cells::{self, Cell, slug};
use super::endpoint::Endpoint;
use super::promise::Level;
use super::request::{Request, header_name};
use super::{Export, Refused, Start, yaml};
use crate::table::format::{Path, Table, Trigger};

/// Rules of one route, one of which the controller adds itself.
const MAX_RULES: usize = 14;
/// Matches of one rule.
const MAX_MATCHES: usize = 128;
/// Headers of one match.
const MAX_HEADERS: usize = 16;

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
            "schema": {"name": "OpenAI", "prefix": endpoint.path.trim_end_matches("/chat/completions")},
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
            if cell.stated.len() >= MAX_HEADERS {
                return Err(Refused {
                    message: format!(
                        "use case `{}` depends on {} attributes; a rule compares at most {MAX_HEADERS} headers",
                        use_case.name,
                        cell.stated.len()
                    ),
                    help: "export to a gateway that decides by itself, such as `envoy`".to_owned(),
                });
            }
            matches.entry(cell.decision).or_default().push(stated(table, &cell));
        }
    }
    let mut rules: Vec<(Value, Option<Value>)> = Vec::new();
    for (at, matches) in &matches {
        for (part, matches) in matches.chunks(MAX_MATCHES).enumerate() {
            rules.extend(rule(table, endpoints, *at, part, matches));
        }
    }
    let mut all = Vec::new();
    for (number, chunk) in rules.chunks(MAX_RULES).enumerate() {
        let name = format!("govctl-{number}");
        let own: Vec<&Value> = chunk.iter().map(|(rule, _)| rule).collect();
        all.push(object("aigateway.envoyproxy.io/v1beta1", "AIGatewayRoute", &name, &json!({
            "parentRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "govctl"}], "rules": own})));
        for (rule, retry) in chunk {
            let (Some(section), Some(retry)) = (rule.get("name").and_then(Value::as_str), retry) else {
                continue;
            };
            all.push(object("gateway.envoyproxy.io/v1alpha1", "BackendTrafficPolicy", &format!("{name}-{section}"), &json!({
                "targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": name, "sectionName": section}],
                "retry": retry})));
        }
    }
    Ok(all)
}

fn stated(table: &Table, cell: &Cell) -> Value {
    let prefix = Request::read(&table.request).header_prefix;
    let exact =
        |name: &str, value: &str| json!({"type": "Exact", "name": format!("{prefix}{name}"), "value": value});
    let mut headers = vec![exact("use-case", &cell.use_case.name)];
    headers.extend(cell.stated.iter().map(|(fact, value)| exact(&header_name(&fact.to_string()), value)));
    json!({"headers": headers})
}

/// A decision's rule, and what its policy says of retries.
fn rule(
    table: &Table,
    endpoints: &[Endpoint],
    at: usize,
    part: usize,
    matches: &[Value],
) -> Option<(Value, Option<Value>)> {
    let decision = table.decisions.get(at)?;
    let chain = cells::chain(table, decision);
    if chain.is_empty() {
        return None;
    }
    let refs = chain.iter().enumerate().map(|(priority, model)| {
        let own = table.models.iter().position(|known| known.id == model.id).and_then(|at| endpoints.get(at));
        json!({"name": slug(&model.id), "priority": priority, "weight": 1, "modelNameOverride": own.map_or("", |own| own.model.as_str())})
    });
    let rule = json!({"name": format!("decision-{at}-{part}"), "matches": matches, "backendRefs": refs.collect::<Vec<Value>>()});
    let retry = cells::outage_path(decision).map(|path| retry(table, path, chain.len()));
    Some((rule, retry))
}

/// The next priority is tried on the statuses of the path alone.
fn retry(table: &Table, path: &Path, targets: usize) -> Value {
    let tries = super::tries(table.failovers.get(path.failover).map_or(0, |failover| failover.retry));
    let statuses = super::portkey::statuses(&path.on);
    let mut triggers = vec!["retriable-status-codes"];
    if path.on.contains(&Trigger::Unavailable) {
        triggers.extend(["connect-failure", "refused-stream", "reset-before-request"]);
    }
    json!({"numRetries": targets.saturating_mul(tries).saturating_sub(1), "numAttemptsPerPriority": tries,
           "perRetry": {"timeout": format!("{}ms", Request::read(&table.request).first_byte_milliseconds().min(99_999))},
           "retryOn": {"httpStatusCodes": statuses, "triggers": triggers}})
}

fn keeps(table: &Table, promise: &str) -> (Level, &'static str) {
    if let Some(lost) = super::plain_in_vain(table, promise) {
        return lost;
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
        "no-other-walk" => (Level::Native, "the policy of each rule lists the statuses of its path"),
        "trigger:content-filtered" | "trigger:context-exceeded" | "trigger:out-of-credit" => {
            (Level::Lost, "the gateway reads statuses only, and these stand in the body")
        }
        name if name.starts_with("trigger:") => super::only_if(
            table.decisions.iter().any(|decision| decision.paths.len() > 1),
            "a rule has one list of statuses: the outage path's; other paths are lost",
            "each decision has one path",
        ),
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
