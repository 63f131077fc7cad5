//! The listener that callers reach: what a request states, and who states it.

use crate::limits::gateways;
use crate::vocabulary::Trigger;
use serde_json::{Value, json};

use super::Plan;
use super::matcher::{budgets, parts as cut_parts};
use super::parts::{
    answer, connection_manager, drop_prefix, extension, header, lua, lua_text, object, status_is, typed,
};
use crate::export::names::attributes;
use crate::export::request::{Jwks, Source, header_name};

const JSON: &str = include_str!("json.lua");
const FRONT: &str = include_str!("front.lua");

/// How the content type of gRPC begins. Whatever the proxy answers by itself to such a request has gRPC's form: status 200,
/// and what is wrong in a header.
const GRPC: &str = "application/grpc";

/// The whole listener. `routes` says where its routes come from.
pub(super) fn listener(plan: &Plan, routes: Value) -> Value {
    let mut filters = vec![super::log::front_filter()];
    filters.extend(plan.request.jwks.as_ref().map(tokens));
    filters.push(lua("front", &format!("{}{JSON}{FRONT}", data(plan))));
    filters.extend(super::quota::front_filters(plan));
    filters.push(extension("router", "envoy.extensions.filters.http.router.v3.Router", json!({})));
    let early = extension(
        "strip",
        "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation",
        json!({"mutations": [drop_prefix("x-envoy-"), drop_prefix("x-decide-")]}),
    );
    let mut mappers = super::service::front_answers(plan);
    mappers.extend(own_answers(plan));
    let mut rest = json!({
        "early_header_mutation_extensions": [early],
        "use_remote_address": true,
        "normalize_path": true,
        "merge_slashes": true,
        "access_log": [super::log::access_log(plan)],
        "local_reply_config": {"mappers": mappers},
    });
    super::parts::merge(&mut rest, routes);
    let (address, port) = &plan.options.listen;
    let mut listener = json!({"name": "front", "per_connection_buffer_limit_bytes": gateways::ENVOY_BODY,
                              "address": {"socket_address": {"address": address, "port_value": port}}});
    let chains = Value::Array(vec![connection_manager("front", &filters, rest)]);
    super::parts::merge(&mut listener, object([("filter_chains", chains)]));
    typed("envoy.config.listener.v3.Listener", listener)
}

/// Verifies the token of a request, if it carries one, and keeps what it says for the next filter.
fn tokens(jwks: &Jwks) -> Value {
    // The name of the scheme has no case, but these two are what is written.
    let from = ["Bearer ", "bearer "].map(|scheme| json!({"name": "authorization", "value_prefix": scheme}));
    let mut provider = json!({"payload_in_metadata": "govctl", "forward": false, "clear_route_cache": true,
                              "from_headers": from});
    let keys = match &jwks.source {
        Source::File(file) => json!({"local_jwks": {"filename": file}}),
        Source::Url(url) => json!({"remote_jwks": {
            "http_uri": {"uri": url, "cluster": "jwks", "timeout": "5s"}, "cache_duration": "600s"}}),
    };
    super::parts::merge(&mut provider, keys);
    if let Some(issuer) = &jwks.issuer {
        super::parts::merge(&mut provider, json!({"issuer": issuer}));
    }
    if let Some(audience) = &jwks.audience {
        super::parts::merge(&mut provider, json!({"audiences": [audience]}));
    }
    let needs =
        json!({"requires_any": {"requirements": [{"provider_name": "callers"}, {"allow_missing": {}}]}});
    let kind = "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication";
    // The name is the key under which the next filter finds what the token says.
    extension(
        "envoy.filters.http.jwt_authn",
        kind,
        json!({"providers": {"callers": provider}, "rules": [
            // It would answer gRPC with status 200: whoever asks so is refused behind the script, whatever the token says.
            {"match": {"prefix": "/", "headers": [{"name": "content-type", "string_match": {"prefix": GRPC}}]}},
            {"match": {"prefix": "/"}, "requires": needs},
        ]}),
    )
}

/// What the proxy answers by itself, before any route is found: it looks like every other refusal.
fn own_answers(plan: &Plan) -> Vec<Value> {
    // A token that is not for here, another protocol: whatever is refused before the script has read the request.
    let unread = json!({"header_filter": {"header":
        {"name": "x-decide-use-case", "present_match": true, "invert_match": true}}});
    let unread = |status: u16| json!({"and_filter": {"filters": [status_is(status), unread]}});
    let failed = json!({"response_flag_filter": {"flags": ["UH", "UF", "UO", "NR", "UC", "UR", "LR", "NC", "UT", "SI"]}});
    let not_http = "the request is not one that HTTP allows here";
    let all = [
        (unread(403), 403, "block", "the request or its credentials are not valid here"),
        (unread(400), 400, "block", not_http),
        (unread(404), 404, "block", not_http),
        (status_is(426), 426, "block", "only HTTP/1.1 and HTTP/2 are spoken here"),
        (status_is(431), 431, "block", "the headers are too large"),
        (status_is(501), 501, "block", not_http),
        (status_is(401), 401, "block", "the credentials are not valid"),
        (status_is(413), 413, "block", "the body is too large"),
        (status_is(408), 408, Trigger::Timeout.name(), "the request did not arrive in time"),
        (failed, 503, Trigger::Unavailable.name(), "no model can be reached"),
    ];
    let prefix = &plan.request.header_prefix;
    let mapper = |(filter, status, code, message): (Value, u16, &str, &str)| {
        let body = answer(code, message, "null", "null", &plan.table.digest);
        json!({
            "filter": filter,
            "status_code": status,
            "headers_to_add": [
                header(&format!("{prefix}table"), &plan.table.digest),
                header(&format!("{prefix}decision"), "-"),
                header(&format!("{prefix}route"), "block"),
                header(&format!("{prefix}hop"), "-"),
            ],
            "body_format_override": {"text_format_source": {"inline_string": body}, "content_type": "application/json"},
        })
    };
    all.into_iter().map(mapper).collect()
}

/// What the script reads: one Lua table for each kind of attribute.
fn data(plan: &Plan) -> String {
    let (table, request) = (plan.table, &plan.request);
    let mut text = format!(
        "local GRPC, PREFIX, TABLE, CREDENTIALS = {}, {}, {}, {}\n",
        lua_text(GRPC),
        lua_text(&request.header_prefix),
        lua_text(&table.digest),
        request.jwks.is_some()
    );
    let attributes = attributes(table);
    let entry = |key: &str, value: String| format!("[{}] = {value}, ", lua_text(key));
    let list =
        |name: &str, entries: String| format!("local {name} = {{{}}}\n", entries.trim_end_matches(", "));
    let headers = attributes.iter().map(|name| entry(&header_name(name), lua_text(name)));
    text += &list("HEADERS", headers.collect());
    let claims = attributes.iter().map(|name| entry(name, lua_text(&request.claim(name))));
    text += &list("CLAIMS", claims.collect());
    let per_user = table.decisions.iter().any(|decision| super::apart::asks_user(plan, decision));
    text += &format!("local COUNTS_TOKENS, PER_USER = {}, {per_user}\n", super::quota::counts_tokens(plan));
    text += &format!("local USE_CASES = {}\n", lua_text(&request.claim("use_cases")));
    let tags = table.use_cases.iter().filter_map(|one| Some((one.endpoint_tag.as_ref()?, &one.name)));
    text += &list("TAGS", tags.map(|(tag, name)| entry(tag, lua_text(name))).collect());
    let names = table.use_cases.iter().map(|one| entry(&one.name, "true".to_owned()));
    text += &list("NAMES", names.collect());
    let dimensions = super::log::dimensions(table).map(|dimension| {
        let values = table.use_cases.iter().filter_map(|one| Some((one, one.tags.get(dimension)?)));
        let values: String = values.map(|(one, value)| entry(&one.name, lua_text(value))).collect();
        entry(dimension, format!("{{{values}}}"))
    });
    text += &list("DIMENSIONS", dimensions.collect());
    let all = attributes.iter().map(String::as_str).chain(["use_cases"]);
    let claims = all.map(|name| entry(&request.claim(name), "true".to_owned()));
    text += &list("CLAIM_NAMES", claims.collect());
    let only = request.from_credentials.iter().map(|name| entry(name, "true".to_owned()));
    text += &list("ONLY", only.collect());
    let levels = (1..).zip(&table.classifications).map(|(at, name)| entry(name, format!("{at}")));
    text += &list("CLASSIFICATIONS", levels.collect());
    let facts = table.facts.iter().enumerate().map(|(number, (name, fact))| {
        let values = (1..).zip(&fact.values).map(|(at, value)| entry(value, format!("{at}")));
        let values: String = values.collect();
        entry(
            name,
            format!("{{number = {number}, default = {}, values = {{{values}}}}}", lua_text(&fact.default)),
        )
    });
    text += &list("FACTS", facts.collect());
    let cut = budgets(plan);
    let shares = attributes.iter().filter(|name| name.starts_with("budget."));
    let budgets = shares.map(|name| {
        let known = cut.iter().position(|(known, _)| known == name);
        let cuts = known.and_then(|at| cut.get(at)).map(|(_, cuts)| cuts.as_slice()).unwrap_or_default();
        // A share that no axis cuts is read all the same, so that one that is not a percent is refused.
        let number = known.map_or_else(|| "\"none\"".to_owned(), |at| at.to_string());
        entry(
            name,
            format!(
                "{{number = {number}, cuts = {{{}}}}}",
                cuts.iter().map(|c| lua_cut(c)).collect::<String>()
            ),
        )
    });
    text += &list("BUDGETS", budgets.collect());
    text
}

fn lua_cut(cut: &str) -> String {
    let (number, closed) = cut_parts(cut);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    format!("{{whole = {}, fraction = {}, closed = {closed}}}, ", lua_text(whole), lua_text(fraction))
}
