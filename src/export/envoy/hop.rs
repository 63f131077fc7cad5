//! Internal listeners: tiers, hops and terminals.

use crate::export::{members, profile};
use crate::limits::gateways;
use crate::table::format::Terminal;
use crate::vocabulary::Trigger;
use serde_json::{Map, Value, json};

use super::Plan;
use super::nest::{End, Hop, Tier};
use super::parts::{
    IDLE, answer, direct, extension, header, inner_manager, internal_listener, literal, lua, merge, router,
};

const JSON: &str = include_str!("json.lua");
const BODY: &str = include_str!("hop.lua");
const OUTCOME: &str = include_str!("outcome.lua");

/// The use case and the decision, as the front listener left them.
pub(super) const NAME: &str = "%REQ(x-decide-name)%";
pub(super) const DECISION: &str = "%REQ(x-decide-decision)%";

/// A tier: its groups one after the other, as long as the outcome says so.
pub(super) fn tier(plan: &Plan, name: &str, tier: &Tier) -> Value {
    let behind = |group: &String| {
        let guarded = plan.nests.hops.get(group).is_some_and(|hop| super::quota::guards(plan, hop.model));
        if guarded { super::quota::gate_name(group) } else { group.clone() }
    };
    let groups: Vec<String> = tier.groups.iter().map(behind).collect();
    let outcome = |outcome: &String| json!({"name": "x-decide-outcome", "string_match": {"exact": outcome}});
    let retry = json!({
        "retry_on": "retriable-headers",
        "retriable_headers": tier.goes_on.iter().map(outcome).collect::<Vec<Value>>(),
        "num_retries": groups.len().saturating_sub(1),
        "refresh_cluster_on_retry": true,
        "retry_back_off": {"base_interval": "0.001s", "max_interval": "0.001s"},
    });
    let routes = json!([{"match": {"prefix": "/"}, "route": {"cluster_specifier_plugin": name, "timeout": "0s",
                         "idle_timeout": IDLE, "retry_policy": retry}}]);
    let mut host = json!({"name": "tier", "domains": ["*"], "request_body_buffer_limit": gateways::ENVOY_BODY, "routes": routes});
    let mut last = router();
    if !tier.says.is_empty() {
        merge(&mut host, json!({"response_headers_to_add": [super::log::left()]}));
        last = super::log::leaving(&tier.says);
    }
    let config = json!({"route_config": {
        "name": name,
        "cluster_specifier_plugins": [super::matcher::groups(name, &groups)],
        "virtual_hosts": [host],
    }});
    internal_listener(name, &inner_manager("tier", &[last], config))
}

/// A hop: one provider, its credential, its settings, and nothing of the caller's that is not the prompt.
pub(super) fn hop(plan: &Plan, name: &str, hop: &Hop) -> Value {
    let (Some(model), Some(endpoint)) = (plan.table.models.get(hop.model), plan.endpoints.get(hop.model))
    else {
        return Value::Null;
    };
    let mut body: Map<String, Value> = Map::new();
    let settings = profile::settings(model);
    // One setting of two names: a caller's other one would act beside it.
    if members::LENGTHS.iter().any(|name| settings.contains_key(name)) {
        body.extend(members::LENGTHS.map(|name| (name.to_owned(), Value::String(String::new()))));
    }
    for (member, value) in settings {
        body.insert(member.to_owned(), Value::String(value.to_string()));
    }
    body.insert("model".to_owned(), Value::String(Value::String(endpoint.model.clone()).to_string()));
    let passed = members::passed().into_iter().map(|member| format!("{member} = true"));
    let passed = passed.collect::<Vec<String>>().join(", ");
    let mut script = lua("body", &format!("{JSON}local PASSED = {{{passed}}}\n{BODY}"));
    if let Some(config) = script.get_mut("typed_config") {
        merge(config, json!({"filter_context": body, "clear_route_cache": true}));
    }
    let mut filters = vec![lua("outcome", &format!("{JSON}{OUTCOME}")), strip(), script];
    filters.extend(super::budget::script(plan, model));
    filters.extend(super::service::spending(&super::budget::spending(plan, model)));
    filters.extend(endpoint.key.as_ref().map(|key| credential(&model.id, key, endpoint.key_header)));
    filters.push(router());
    let flags = |flags: &[&str]| json!({"response_flag_filter": {"flags": flags}});
    let unreachable = flags(&["UF", "UC", "UH", "UO", "UR", "LR", "NC", "UPE", "NR"]);
    let mut config = json!({"local_reply_config": {"mappers": [
        // An answer that has begun is no trigger, and nobody else is asked.
        local(plan, hop, &begun(), (None, Trigger::Unavailable), 503),
        local(plan, hop, &flags(&["UT", "SI", "DT"]), (Some(Trigger::Timeout), Trigger::Timeout), 504),
        local(plan, hop, &unreachable, (Some(Trigger::Unavailable), Trigger::Unavailable), 503),
        // The proxy has no key for the provider: its variable is not set.
        local(plan, hop, &super::parts::status_is(401), (Some(Trigger::Unauthorized), Trigger::Unauthorized), 401),
    ]}});
    merge(&mut config, json!({"route_config": hop_routes(plan, name, hop, &model.id, endpoint)}));
    internal_listener(name, &inner_manager("hop", &filters, config))
}

fn hop_routes(
    plan: &Plan,
    name: &str,
    hop: &Hop,
    id: &str,
    endpoint: &crate::export::endpoint::Endpoint,
) -> Value {
    let prefix = &plan.request.header_prefix;
    let not_json = answer("not-json", "the body is not a JSON object", NAME, DECISION, &plan.table.digest);
    let route = json!({
        "cluster": super::xds::cluster_name(plan, id, endpoint),
        "timeout": "0s",
        "idle_timeout": IDLE,
        "host_rewrite_literal": endpoint.authority,
        "path_rewrite": literal(&endpoint.path),
        "retry_policy": {"num_retries": 0, "retry_on": "",
                         "per_try_timeout": format!("{}s", plan.request.first_byte_seconds())},
    });
    let limited =
        answer(Trigger::RateLimited.name(), "a quota is used up", NAME, DECISION, &plan.table.digest);
    let quota = json!([{"name": "x-decide-limited", "present_match": true}]);
    let mut routes = Vec::new();
    if hop.position == 0 {
        // The status of an answer of ours is not known yet where it would be written into a header.
        let outcome = header("x-decide-outcome", &format!("{}:rate-limited", hop.role));
        routes.push(json!({"match": {"prefix": "/", "headers": quota}, "response_headers_to_add": [outcome],
                           "direct_response": direct(429, &limited)}));
    }
    let done = json!([{"name": "x-decide-body", "string_match": {"exact": "done"}}]);
    let outcome = header("x-decide-outcome", &format!("{}:up-%RESPONSE_CODE%", hop.role));
    // What is compressed could not be read for what it means.
    routes.push(json!({"match": {"prefix": "/", "headers": done}, "route": route, "response_headers_to_add": [outcome],
                       "request_headers_to_add": [header("accept-encoding", "identity")],
                       "request_headers_to_remove": own_headers(plan)}));
    routes.push(json!({"match": {"prefix": "/"}, "direct_response": direct(400, &not_json)}));
    json!({
        "name": name,
        "response_headers_to_remove": ["x-envoy-ratelimited", "x-envoy-overloaded", "x-envoy-upstream-service-time",
            format!("{prefix}decision"), format!("{prefix}table"), super::log::WALK],
        "virtual_hosts": [{
            "name": "hop",
            "domains": ["*"],
            "request_body_buffer_limit": gateways::ENVOY_BODY,
            "response_headers_to_add": [
                header(&format!("{prefix}route"), &literal(id)),
                header(&format!("{prefix}hop"), &hop.position.to_string()),
            ],
            "routes": routes,
        }],
    })
}

/// What the front listener stated: no provider sees it.
fn own_headers(plan: &Plan) -> Vec<String> {
    let fixed = [
        "x-forwarded-proto",
        "x-decide-body",
        "x-decide-use-case",
        "x-decide-classification",
        "x-decide-decision",
        "x-decide-name",
        "x-decide-budget-none",
    ];
    let facts = (0..plan.table.facts.len()).map(|number| format!("x-decide-fact-{number}"));
    let budgets = (0..super::matcher::budgets(plan).len()).map(|number| format!("x-decide-budget-{number}"));
    let quotas = super::quota::own_headers(plan);
    fixed.into_iter().map(str::to_owned).chain(facts).chain(budgets).chain(quotas).collect()
}

/// Removes what is the caller's or the proxy's.
fn strip() -> Value {
    let names = [
        "authorization",
        "api-key",
        "x-api-key",
        "cookie",
        "proxy-authorization",
        "accept-encoding",
        "expect",
    ];
    let mut mutations: Vec<Value> = names.iter().map(|name| json!({"remove": name})).collect();
    let regex = "(?:x-envoy|x-portkey|x-litellm|x-bf|x-ai-eg|helicone|cf-aig|openai|x-amz|x-goog)-.*|x-forwarded-(?:for|host|client.*|port)";
    mutations.push(json!({"remove_on_match": {"key_matcher": {"safe_regex": {"regex": regex}}}}));
    // The marks of a body that is done are set after this, and by nobody else.
    mutations.push(json!({"remove": "x-decide-body"}));
    let kind = "envoy.extensions.filters.http.header_mutation.v3.HeaderMutation";
    extension("strip", kind, json!({"mutations": {"request_mutations": mutations}}))
}

/// The provider's key, from the file of secrets.
fn credential(id: &str, variable: &str, (name, prefix): (&str, &str)) -> Value {
    let secret = json!({"name": format!("key/{id}"), "sds_config": super::xds::source(&super::xds::secret_path(id, variable))});
    let generic = extension(
        "generic",
        "envoy.extensions.http.injected_credentials.generic.v3.Generic",
        json!({"header": name, "header_value_prefix": prefix, "credential": secret}),
    );
    let kind = "envoy.extensions.filters.http.credential_injector.v3.CredentialInjector";
    extension("credential", kind, json!({"overwrite": true, "credential": generic}))
}

/// That an error of the provider had begun, of which the script was waiting for the rest.
fn begun() -> Value {
    json!({"metadata_filter": {
        "matcher": {"filter": "govctl", "path": [{"key": "begun"}], "value": {"string_match": {"exact": "yes"}}},
        "match_if_key_not_found": false,
    }})
}

/// What the proxy itself answers where the provider did not, or not to the end.
fn local(
    plan: &Plan,
    hop: &Hop,
    filter: &Value,
    (trigger, code): (Option<Trigger>, Trigger),
    status: u16,
) -> Value {
    let message = match trigger {
        None => "the provider's answer broke off",
        Some(Trigger::Timeout) => "the provider did not answer in time",
        Some(Trigger::Unauthorized) => "there is no key for the provider",
        Some(_) => "the provider cannot be reached",
    };
    let failed = trigger.map_or("none", Trigger::name);
    let (name, decision) = ("%DYNAMIC_METADATA(govctl:name)%", "%DYNAMIC_METADATA(govctl:decision)%");
    let body = answer(code.name(), message, name, decision, &plan.table.digest);
    json!({
        "filter": filter,
        "status_code": status,
        "headers_to_add": [header("x-decide-outcome", &format!("{}:{failed}", hop.role))],
        "body_format_override": {"text_format_source": {"inline_string": body}, "content_type": "application/json"},
    })
}

/// How a request is refused whose body says that it is no JSON.
pub(super) const NO_JSON: (u16, &str) = (415, "the body must be application/json");

/// The listener that says so.
pub(super) fn refusing_name(plan: &Plan) -> String {
    plan.nests.own("refusing")
}

/// Refuses what the front listener must not answer itself: to a caller who speaks gRPC it would say 200.
pub(super) fn refusing(plan: &Plan) -> Value {
    let (status, message) = NO_JSON;
    let prefix = &plan.request.header_prefix;
    let body = answer("block", message, "null", "null", &plan.table.digest);
    let headers = [
        header(&format!("{prefix}route"), "block"),
        header(&format!("{prefix}hop"), "-"),
        header("x-decide-outcome", "end:block"),
    ];
    answering(&refusing_name(plan), "refusing", &headers, &direct(status, &body))
}

/// A listener that answers whatever it is asked.
fn answering(name: &str, prefix: &str, headers: &[Value], direct_response: &Value) -> Value {
    let config = json!({"route_config": {"name": name, "virtual_hosts": [{"name": prefix, "domains": ["*"],
        "response_headers_to_add": headers,
        "routes": [{"match": {"prefix": "/"}, "direct_response": direct_response}]}]}});
    internal_listener(name, &inner_manager(prefix, &[router()], config))
}

/// A terminal, the last group of a tier.
pub(super) fn terminal(plan: &Plan, name: &str, end: &End) -> Value {
    let prefix = &plan.request.header_prefix;
    let mut headers = vec![header(&format!("{prefix}hop"), &end.position.to_string())];
    let (status, code, message) = match &end.then {
        Terminal::Queue { seconds } => {
            headers.push(header("retry-after", &seconds.unwrap_or(60).to_string()));
            (503, "queue", "no model can serve this request now; ask again later".to_owned())
        }
        Terminal::Degrade { message } => {
            let message = message.clone().unwrap_or_else(|| "no model can serve this request now".to_owned());
            (503, "degrade", message)
        }
        Terminal::Block {} => (403, "block", "no model may serve this request now".to_owned()),
    };
    headers.push(header(&format!("{prefix}route"), code));
    headers.push(header("x-decide-outcome", &format!("end:{code}")));
    let body = answer(code, &message, NAME, DECISION, &plan.table.digest);
    answering(name, "terminal", &headers, &direct(status, &body))
}
