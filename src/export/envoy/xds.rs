//! The files that Envoy reads: a bootstrap, and listeners, clusters and secrets beside it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Plan;
use super::parts::{extension, object, typed};
use super::{front, hop, matcher, quota, service};
use crate::export::endpoint::Endpoint;
use crate::export::request::Source;
use crate::limits::gateways;

/// Every file, by path.
pub(super) fn files(plan: &Plan) -> BTreeMap<String, String> {
    let version = &plan.table.digest;
    let xds = |resources: Vec<Value>| {
        object([("version_info", version.as_str().into()), ("resources", Value::Array(resources))])
    };
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for (path, secret) in secrets(plan) {
        files.insert(format!("xds/{path}"), format!("{}\n", xds(vec![secret])));
    }
    let mut listeners = internal(plan);
    // Last: what it leads to is there before it. It is large, so that only one is made.
    listeners.push(front(plan));
    let listeners = xds(listeners);
    files.insert("xds/listeners.json".to_owned(), format!("{listeners}\n"));
    let all = [
        ("bootstrap.json", bootstrap(plan)),
        ("static.json", whole(plan, listeners)),
        ("xds/clusters.json", xds(clusters(plan))),
    ];
    if plan.options.rate_limit_service.is_some() {
        files.insert(service::FILE.to_owned(), service::file(plan));
    }
    files.extend(all.into_iter().map(|(path, json)| (path.to_owned(), format!("{json}\n"))));
    files
}

/// One of the files as a source of configuration, watched for changes. The paths are those of the folder in which
/// Envoy is started.
pub(super) fn source(file: &str) -> Value {
    json!({"path_config_source": {"path": format!("./xds/{file}")}, "resource_api_version": "V3"})
}

fn base(plan: &Plan) -> Value {
    let (address, port) = &plan.options.admin;
    json!({
        "node": {"id": "govctl", "cluster": "govctl"},
        "admin": {"address": {"socket_address": {"address": address, "port_value": port}}},
        "bootstrap_extensions": [extension("internal-listener",
            "envoy.extensions.bootstrap.internal_listener.v3.InternalListener", json!({}))],
    })
}

fn bootstrap(plan: &Plan) -> Value {
    let mut bootstrap = base(plan);
    // A mounted folder is replaced as a whole, behind a link in it: watching its files would notice nothing.
    let watched = |file: &str| {
        let mut source = source(file);
        if let Some(Value::Object(path)) = source.get_mut("path_config_source") {
            path.insert("watched_directory".to_owned(), json!({"path": "./xds"}));
        }
        source
    };
    let dynamic = json!({"dynamic_resources": {"cds_config": watched("clusters.json"), "lds_config": watched("listeners.json")}});
    super::parts::merge(&mut bootstrap, dynamic);
    bootstrap
}

/// The same as one static file, for `envoy --mode validate`, which does not read xDS files.
fn whole(plan: &Plan, mut listeners: Value) -> Value {
    let listeners = listeners.get_mut("resources").map(Value::take);
    let listeners = match listeners {
        Some(Value::Array(listeners)) => listeners.into_iter().map(plain).collect(),
        _ => Vec::new(),
    };
    let clusters: Vec<Value> = clusters(plan).into_iter().map(plain).collect();
    let secrets: Vec<Value> = secrets(plan).into_values().map(plain).collect();
    let mut whole = base(plan);
    let mut all = json!({"clusters": clusters, "secrets": secrets});
    super::parts::merge(&mut all, object([("listeners", Value::Array(listeners))]));
    super::parts::merge(&mut whole, object([("static_resources", all)]));
    whole
}

/// The listener of callers, with its routes: what its scripts state has a meaning by the routes of the same table alone,
/// so that a connection must never have those of one and these of another.
fn front(plan: &Plan) -> Value {
    front::listener(plan, object([("route_config", matcher::routes(plan))]))
}

/// A resource as a message of its own field.
fn plain(mut resource: Value) -> Value {
    if let Some(object) = resource.as_object_mut() {
        object.remove("@type");
    }
    resource
}

fn internal(plan: &Plan) -> Vec<Value> {
    let hops = plan.nests.hops.iter().map(|(name, hop)| hop::hop(plan, name, hop));
    let tiers = plan.nests.tiers.iter().map(|(name, tier)| hop::tier(plan, name, tier));
    let terminals = plan.nests.terminals.iter().map(|(name, end)| hop::terminal(plan, name, end));
    let gates = gated(plan).map(|(name, hop)| quota::gate(plan, name, hop));
    let counts = quota::gated_listener(plan).map(|(_, listener)| listener);
    hops.chain(tiers).chain(terminals).chain(gates).chain(counts).chain([hop::refusing(plan)]).collect()
}

/// The hops that stand behind a gate.
fn gated<'a>(plan: &'a Plan) -> impl Iterator<Item = (&'a String, &'a super::nest::Hop)> {
    plan.nests.hops.iter().filter(|(_, hop)| quota::guards(plan, hop.model))
}

fn clusters(plan: &Plan) -> Vec<Value> {
    let nests = &plan.nests;
    let names = nests.hops.keys().chain(nests.tiers.keys()).chain(nests.terminals.keys());
    let mut all: Vec<Value> = names.map(|name| inner(name)).collect();
    all.push(inner(&hop::refusing_name(plan)));
    all.extend(gated(plan).map(|(name, _)| inner(&quota::gate_name(name))));
    all.extend(quota::gated_listener(plan).map(|(name, _)| inner(&name)));
    for (at, endpoint) in plan.endpoints.iter().enumerate() {
        let used = nests.hops.values().any(|hop| hop.model == at);
        if let Some(model) = plan.table.models.get(at).filter(|_| used) {
            all.push(provider(&cluster_name(plan, &model.id, endpoint), endpoint));
        }
    }
    all.extend(plan.options.rate_limit_service.as_ref().map(|(host, port)| counting(host, *port)));
    if let Some(Source::Url(url)) = plan.request.jwks.as_ref().map(|jwks| &jwks.source)
        && let Some(endpoint) = Endpoint::of_url(url)
    {
        all.push(provider("jwks", &endpoint));
    }
    all
}

/// Nothing may be refused for want of room: a hop that is not tried would be a target passed by in silence.
fn breakers() -> Value {
    json!({"thresholds": [{"max_connections": 100_000, "max_pending_requests": 100_000, "max_requests": 100_000,
                           "max_retries": 100_000}]})
}

const ROOM: u32 = 2;

fn protocol(room: u32) -> Value {
    let kind = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    let limits = json!({"max_headers_count": gateways::ENVOY_HEADERS * room, "max_response_headers_kb": gateways::ENVOY_HEAD_KB * room});
    let options = json!({"common_http_protocol_options": limits, "explicit_http_config": {"http_protocol_options": {}}});
    json!({kind: typed(kind, options)})
}

/// A listener of this proxy as a cluster.
fn inner(name: &str) -> Value {
    let address = json!({"envoy_internal_address": {"server_listener_name": name}});
    let mut cluster = cluster(name, "STATIC", &address);
    super::parts::merge(&mut cluster, json!({"typed_extension_protocol_options": protocol(ROOM)}));
    cluster
}

/// A provider as a cluster.
fn provider(name: &str, endpoint: &Endpoint) -> Value {
    let address = json!({"socket_address": {"address": endpoint.host, "port_value": endpoint.port}});
    let kind = if endpoint.is_address() { "STATIC" } else { "STRICT_DNS" };
    let mut cluster = cluster(name, kind, &address);
    if endpoint.tls {
        let context = json!({
            "sni": endpoint.host,
            "common_tls_context": {"validation_context": {
                "trusted_ca": {"filename": "/etc/ssl/certs/ca-certificates.crt"},
                "match_typed_subject_alt_names": [{"san_type": "DNS", "matcher": {"exact": endpoint.host}}],
            }},
        });
        let kind = "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext";
        super::parts::merge(&mut cluster, json!({"transport_socket": extension("tls", kind, context)}));
    }
    cluster
}

/// The rate limit service as a cluster. It speaks gRPC, so HTTP/2.
fn counting(host: &str, port: u16) -> Value {
    let address = json!({"socket_address": {"address": host, "port_value": port}});
    let is_address = host.parse::<core::net::IpAddr>().is_ok();
    let mut cluster = cluster(service::CLUSTER, if is_address { "STATIC" } else { "STRICT_DNS" }, &address);
    let kind = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    let options = typed(kind, json!({"explicit_http_config": {"http2_protocol_options": {}}}));
    super::parts::merge(&mut cluster, json!({"typed_extension_protocol_options": {kind: options}}));
    cluster
}

fn cluster(name: &str, kind: &str, address: &Value) -> Value {
    typed(
        "envoy.config.cluster.v3.Cluster",
        json!({
            "name": name,
            "type": kind,
            "connect_timeout": "1s",
            // Where only one of the two kinds of address leads anywhere, it is mostly this one.
            "dns_lookup_family": "V4_PREFERRED",
            "circuit_breakers": breakers(),
            "typed_extension_protocol_options": protocol(1),
            "load_assignment": {"cluster_name": name,
                "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}]},
        }),
    )
}

/// References to the variables that hold the providers' keys, by path: no key stands in a file. Envoy reads a file
/// of secrets only where exactly one stands in it.
fn secrets(plan: &Plan) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (at, endpoint) in plan.endpoints.iter().enumerate() {
        let used = plan.nests.hops.values().any(|hop| hop.model == at);
        if let (Some(model), Some(key), true) = (plan.table.models.get(at), &endpoint.key, used) {
            let secret = typed(
                "envoy.extensions.transport_sockets.tls.v3.Secret",
                json!({"name": format!("key/{}", model.id),
                       "generic_secret": {"secret": {"environment_variable": key}}}),
            );
            all.insert(secret_path(&model.id, key), secret);
        }
    }
    all
}

/// The cluster of a model's provider, named by what it is: an endpoint that is stated anew is another cluster, so that
/// no request meets the address of one table with the key of another.
pub(super) fn cluster_name(plan: &Plan, id: &str, endpoint: &Endpoint) -> String {
    let what = format!("{} {} {}", endpoint.host, endpoint.port, endpoint.tls);
    plan.nests.own(&format!("model/{id}/{}", hash(&what)))
}

/// The file of a model's secret, below `xds/`. Ids may hold anything, so it is named by their hash; one of another
/// variable is another file.
pub(super) fn secret_path(id: &str, variable: &str) -> String {
    format!("secrets/{}.json", hash(&format!("{id} {variable}")))
}

fn hash(text: &str) -> String {
    crate::table::sha256_hex(text.as_bytes()).chars().take(16).collect()
}
