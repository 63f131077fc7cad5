//! The access log: one line of JSON a request, under the names of an event (`docs/events.md`), so that `govctl audit` reads it.
//!
//! What a request states is in the metadata of its stream, where the script of the front listener leaves it: values of
//! closed sets and shares, never what a caller words. What happened comes back in headers of ours: a tier says which
//! trigger made it leave the primary, and a hop how it ended.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Plan;
use super::parts::{extension, header, lua, lua_text, merge, router};
use crate::table::format::Table;

/// What a line is known by.
const FORMAT: &str = "govctl-envoy/1";

/// The header in which a tier says why it has left the primary: trigger, failover statement and the name that it is logged
/// as, with `/` between them.
pub(super) const WALK: &str = "x-decide-walk";

/// Dimensions of attribution that a use case states and an event has.
const DIMENSIONS: [&str; 4] = ["application", "business_unit", "project", "team"];

/// Sees each attempt of a tier, so also the one of the primary of which nothing comes back.
const LEAVES: &str = "function envoy_on_response(h)
  local says = ON[string.match(h:headers():get(\"x-decide-outcome\") or \"\", \"^p%d+:(.*)$\")]
  if says then h:streamInfo():dynamicMetadata():set(\"govctl\", \"walk\", says) end
end";

/// The last filter of a tier, which keeps why it leaves the primary.
pub(super) fn leaving(says: &BTreeMap<&'static str, String>) -> Value {
    let entries = says.iter().map(|(trigger, says)| format!("[{}] = {}", lua_text(trigger), lua_text(says)));
    let source = format!("local ON = {{{}}}\n{LEAVES}", entries.collect::<Vec<String>>().join(", "));
    let codec =
        extension("codec", "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec", json!({}));
    let mut last = router();
    if let Some(config) = last.get_mut("typed_config") {
        merge(config, json!({"upstream_http_filters": [lua("leaves", &source), codec]}));
    }
    last
}

/// What a tier adds to its answer, where it has left the primary.
pub(super) fn left() -> Value {
    header(WALK, "%DYNAMIC_METADATA(govctl:walk)%")
}

/// Takes what tiers and hops say out of the answer, and keeps it for the log.
pub(super) fn front_filter() -> Value {
    let rule = |name: &str, key: &str, regex: &str, keeps: &str| {
        json!({"header": name, "on_header_present": {"metadata_namespace": "govctl", "key": key,
            "regex_value_rewrite": {"pattern": {"regex": regex}, "substitution": keeps}}})
    };
    let last = |mut rule: Value| {
        merge(&mut rule, json!({"remove": true}));
        rule
    };
    let rules = [
        rule(WALK, "trigger", "^([^/]*)/.*$", "\\1"),
        rule(WALK, "failover", "^[^/]*/([^/]*)/.*$", "\\1"),
        last(rule(WALK, "logged_as", "^[^/]*/[^/]*/(.*)$", "\\1")),
        // The role of the hop is nobody's business.
        last(rule("x-decide-outcome", "error", "^[^:]*:(none)?", "")),
    ];
    let kind = "envoy.extensions.filters.http.header_to_metadata.v3.Config";
    extension("outcome", kind, json!({"response_rules": rules}))
}

/// The dimensions of attribution that some use case states.
pub(super) fn dimensions(table: &Table) -> impl Iterator<Item = &'static str> {
    DIMENSIONS.into_iter().filter(|name| table.use_cases.iter().any(|one| one.tags.contains_key(*name)))
}

/// One line of JSON for each request; what there is nothing to say of is left out.
pub(super) fn access_log(plan: &Plan) -> Value {
    let stated = |key: &str| format!("%DYNAMIC_METADATA(govctl:{key})%");
    let of_cell = |key: &str| format!("%METADATA(ROUTE:govctl:{key})%");
    let answered = |key: &str| format!("%RESP({}{key})%", plan.request.header_prefix);
    let mut fields = json!({
        "log": FORMAT,
        "time": "%START_TIME(%Y-%m-%dT%H:%M:%S.%6fZ)%",
        "request_id": "%REQ(x-request-id)%",
        "use_case": stated("of:use_case"),
        "classification": stated("classification"),
        "budget.remaining": stated("budget.remaining"),
        "budgets": stated("budgets"),
        "facts": stated("facts"),
        "table": plan.table.digest,
        "decision": of_cell("decision"),
        "policies": of_cell("rules"),
        "obligations": {"budgets": of_cell("budgets"), "quotas": of_cell("quotas")},
        "route": answered("route"),
        "hop": answered("hop"),
        "trigger": stated("trigger"),
        "failover": stated("failover"),
        "logged_as": stated("logged_as"),
        "error.type": stated("error"),
        "http.response.status_code": "%RESPONSE_CODE%",
        "flags": "%RESPONSE_FLAGS%",
        "governance_ms": "%COMMON_DURATION(DS_RX_END:US_TX_BEG:ms)%",
        "provider_ms": "%COMMON_DURATION(US_TX_BEG:US_RX_END:ms)%",
        "first_byte_ms": "%RESPONSE_DURATION%",
        "total_ms": "%DURATION%",
    });
    let tags: Map<String, Value> = dimensions(plan.table)
        .map(|name| (name.to_owned(), Value::String(stated(&format!("of:{name}")))))
        .collect();
    merge(&mut fields, Value::Object(tags));
    extension(
        "log",
        "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
        json!({"log_format": {"json_format": fields, "omit_empty_values": true}}),
    )
}
