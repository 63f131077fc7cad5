//! Small pieces that many resources have.

use crate::limits::gateways;
use serde_json::{Map, Value, json};

const TYPES: &str = "type.googleapis.com/";

/// How long one listener of ours waits for another to close what it has broken off: each on the way waits in turn.
const DELAYED_CLOSE: &str = "0.1s";
/// How long a stream may be silent.
pub(super) const IDLE: &str = "300s";

/// That a reply has a status.
pub(super) fn status_is(status: u16) -> Value {
    let value = json!({"default_value": status, "runtime_key": format!("govctl.{status}")});
    json!({"status_code_filter": {"comparison": {"op": "EQ", "value": value}}})
}

/// An object of these members. `json!` copies what it is given, and the routes of a table are too large for that.
pub(super) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// What a header of a request leads to, value by value, and what follows for all others.
pub(super) fn header_tree(name: &str, leads: Map<String, Value>, else_to: Value) -> Value {
    let tree =
        object([("input", header_input(name)), ("exact_match_map", object([("map", Value::Object(leads))]))]);
    object([("matcher", object([("matcher_tree", tree), ("on_no_match", else_to)]))])
}

/// A message of a protobuf type.
pub(super) fn typed(kind: &str, mut message: Value) -> Value {
    if let Some(object) = message.as_object_mut() {
        object.insert("@type".to_owned(), Value::String(format!("{TYPES}{kind}")));
    }
    message
}

/// A named extension.
pub(super) fn extension(name: &str, kind: &str, message: Value) -> Value {
    object([("name", name.into()), ("typed_config", typed(kind, message))])
}

/// A header that is set, whatever it was.
pub(super) fn header(key: &str, value: &str) -> Value {
    json!({"header": {"key": key, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"})
}

/// Removes every header that begins so.
pub(super) fn drop_prefix(prefix: &str) -> Value {
    json!({"remove_on_match": {"key_matcher": {"prefix": prefix}}})
}

/// The value of a request header as a matcher's input.
pub(super) fn header_input(name: &str) -> Value {
    extension("header", "envoy.type.matcher.v3.HttpRequestHeaderMatchInput", json!({"header_name": name}))
}

/// A Lua filter.
pub(super) fn lua(name: &str, source: &str) -> Value {
    let kind = "envoy.extensions.filters.http.lua.v3.Lua";
    extension(name, kind, json!({"default_source_code": {"inline_string": source}}))
}

/// The last filter of every chain.
pub(super) fn router() -> Value {
    let kind = "envoy.extensions.filters.http.router.v3.Router";
    extension("router", kind, json!({"suppress_envoy_headers": true}))
}

/// A chain with one connection manager, between listeners of ours.
pub(super) fn inner_manager(prefix: &str, filters: &[Value], mut rest: Value) -> Value {
    merge(&mut rest, json!({"delayed_close_timeout": DELAYED_CLOSE}));
    // Files that change at once may be read in any order; a listener that was refused would be missing for good.
    if let Some(Value::Object(routes)) = rest.get_mut("route_config") {
        routes.insert("validate_clusters".into(), false.into());
    }
    connection_manager(prefix, filters, rest)
}

/// A chain with one connection manager.
pub(super) fn connection_manager(prefix: &str, filters: &[Value], rest: Value) -> Value {
    let kind = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
    let mut manager = json!({"stat_prefix": prefix, "http_filters": filters});
    merge(&mut manager, rest);
    object([("filters", Value::Array(vec![extension("http", kind, manager)]))])
}

/// A listener that only other listeners of this proxy reach.
pub(super) fn internal_listener(name: &str, chain: &Value) -> Value {
    typed(
        "envoy.config.listener.v3.Listener",
        json!({"name": name, "internal_listener": {}, "per_connection_buffer_limit_bytes": gateways::ENVOY_BODY,
               "filter_chains": [chain]}),
    )
}

/// Puts the members of one object into another.
pub(super) fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}

/// Text inside a format string of the proxy.
pub(super) fn literal(text: &str) -> String {
    text.replace('%', "%%")
}

/// Text as Lua source.
pub(super) fn lua_text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => quoted.push_str(&format!("\\{}", byte as char)),
            0x20..=0x7e => quoted.push(byte as char),
            // Three digits always, so that a digit that follows is not taken for a part of it.
            _ => quoted.push_str(&format!("\\{byte:03}")),
        }
    }
    quoted.push('"');
    quoted
}

/// JSON text of an answer of ours. `use_case` and `decision` are JSON texts, or formats that give one.
pub(super) fn answer(code: &str, message: &str, use_case: &str, decision: &str, digest: &str) -> String {
    let message = Value::String(message.to_owned()).to_string();
    format!(
        "{{\"error\":{{\"type\":\"govctl\",\"code\":\"{code}\",\"message\":{},\"use_case\":{use_case},\
         \"decision\":{decision},\"table\":\"{digest}\"}}}}",
        literal(&message)
    )
}

/// An answer without asking anybody.
pub(super) fn direct(status: u16, body: &str) -> Value {
    json!({"status": status, "body_format": {"text_format_source": {"inline_string": body},
           "content_type": "application/json"}})
}
