//! Quotas as local rate limits, where each proxy counts for itself, or as limits of a rate limit service.
//!
//! A quota on all traffic is counted by filters of the front listener, once a request. One on a provider or a model is
//! counted for every attempt that goes there: such a hop stands behind a gate, an internal listener that says which hop
//! it is, and all gates lead through one listener, so that every role of a model draws on the same bucket. The filters
//! enforce nothing themselves: they leave a mark, and what a quota says is answered by that mark. A rate limit service
//! leaves no marks, so there a quota on all traffic that fails over is counted before the first attempt at the primary.

use crate::invariant::there;
use crate::limits::gateways;
use crate::vocabulary::Trigger;
use serde_json::{Map, Value, json};

use super::Plan;
use super::apart::{self, apart_by_header, apart_value, selects};
use super::nest::Hop;
use super::parts::{
    IDLE, answer, direct, extension, header, inner_manager, internal_listener, literal, lua, lua_text, merge,
    router,
};
use super::service::{Counted, Kind, safe};
use super::{budget, service};
use crate::table::format::{Model, Quota, QuotaTerminal, UseCase};

/// The one listener behind all gates.
const GATED: &str = "quotas";

const ANSWER: &str = include_str!("quota.lua");

/// Whether a quota counts attempts at models, not requests.
fn is_of_models(quota: &Quota) -> bool {
    quota.on.is_some() || matches!(quota.per.as_deref(), Some("provider" | "model"))
}

/// Whether a quota is counted where a model is asked, not where a request arrives.
fn is_gated(plan: &Plan, quota: &Quota) -> bool {
    let is_shared = plan.options.rate_limit_service.is_some();
    is_of_models(quota) || (is_shared && quota.then == QuotaTerminal::Failover {})
}

fn covers(quota: &Quota, model: &Model) -> bool {
    quota.on.as_ref().is_none_or(|on| selects(on, model))
}

/// The quotas that some gate counts, with their numbers.
fn gated<'a>(plan: &'a Plan) -> impl Iterator<Item = (usize, &'a Quota)> {
    plan.table.quotas.iter().enumerate().filter(|(_, quota)| is_gated(plan, quota))
}

/// Whether hops to a model stand behind a gate.
pub(super) fn guards(plan: &Plan, model: usize) -> bool {
    let model = plan.table.models.get(model);
    let counts =
        |model: &Model| gated(plan).any(|(_, quota)| covers(quota, model)) || budget::guards(plan, model);
    model.is_some_and(counts)
}

/// Whether the front listener has to estimate tokens.
pub(super) fn counts_tokens(plan: &Plan) -> bool {
    plan.table.quotas.iter().any(|quota| quota.tokens_per_minute.or(quota.tokens_per_day).is_some())
}

/// The limits of a quota: a label, how many, in how many seconds, and whether they are tokens.
fn limits(quota: &Quota) -> impl Iterator<Item = (&'static str, u64, u32, bool)> {
    let all = [
        ("requests-minute", quota.requests_per_minute, 60, false),
        ("requests-day", quota.requests_per_day, 86_400, false),
        ("tokens-minute", quota.tokens_per_minute, 60, true),
        ("tokens-day", quota.tokens_per_day, 86_400, true),
    ];
    all.into_iter().filter_map(|(label, most, seconds, tokens)| Some((label, most?, seconds, tokens)))
}

/// What a limit is called. In a rate limit service it outlives the table, so it has the quota's name.
fn key(plan: &Plan, number: usize, label: &str) -> String {
    let shared = plan.options.rate_limit_service.as_ref().and_then(|_| plan.table.quotas.get(number));
    shared.map_or_else(|| format!("{number}/{label}"), |quota| format!("{}/{label}", safe(&quota.name)))
}

/// The header that marks a quota as used up.
fn mark(number: usize) -> String {
    format!("x-decide-used-{number}")
}

/// The header in which a cell says that a quota applies, with the value that it counts apart.
fn applies(number: usize) -> String {
    format!("x-decide-quota-{number}")
}

/// The filter that counts one quota: what it counts, and how many values of its own a descriptor has.
fn filter(plan: &Plan, number: usize, quota: &Quota, rate_limits: &[Value], values: usize) -> Value {
    let bucket = |(label, most, seconds, _): (&str, u64, u32, bool)| {
        let most = most.clamp(1, u64::from(u32::MAX));
        let mut entries = vec![json!({"key": "quota", "value": key(plan, number, label)})];
        entries.extend((0..values).map(|at| json!({"key": format!("per-{at}"), "value": ""})));
        json!({"entries": entries, "token_bucket":
               {"max_tokens": most, "tokens_per_fill": most, "fill_interval": format!("{seconds}s")}})
    };
    let percent =
        |numerator: u32| json!({"default_value": {"numerator": numerator, "denominator": "HUNDRED"}});
    let config = json!({
        "stat_prefix": format!("quota_{number}"),
        "filter_enabled": percent(100),
        "filter_enforced": percent(0),
        "request_headers_to_add_when_not_enforced": [header(&mark(number), "1")],
        "descriptors": limits(quota).map(bucket).collect::<Vec<Value>>(),
        "always_consume_default_token_bucket": false,
        "max_dynamic_descriptors": apart::most_values(plan, quota.per.as_deref()),
        "rate_limits": rate_limits,
    });
    let kind = "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";
    extension(&format!("quota-{number}"), kind, config)
}

/// One limit as what a filter counts. Of none at all a bucket holds one, since it must hold something, and each request
/// takes more than that, so that it gets nothing.
fn counted(actions: &[Value], most: u64, tokens: bool) -> Value {
    let mut limit = json!({"actions": actions});
    if most == 0 {
        merge(&mut limit, json!({"hits_addend": {"number": 2}}));
    } else if tokens {
        merge(&mut limit, json!({"hits_addend": {"format": "%REQ(x-decide-tokens)%"}}));
    }
    limit
}

pub(super) fn generic(key: &str, value: &str) -> Value {
    json!({"generic_key": {"descriptor_key": key, "descriptor_value": value}})
}

/// The filters of the front listener, and the script that answers what they mark.
pub(super) fn front_filters(plan: &Plan) -> Vec<Value> {
    if plan.options.rate_limit_service.is_some() {
        return service::front_filters(plan);
    }
    let mine: Vec<(usize, &Quota)> =
        plan.table.quotas.iter().enumerate().filter(|(_, quota)| !is_gated(plan, quota)).collect();
    if mine.is_empty() {
        return Vec::new();
    }
    let then = mine.iter().map(|(number, quota)| {
        let (action, seconds) = match quota.then {
            QuotaTerminal::Block {} => ("block", 0),
            QuotaTerminal::Queue { seconds } => ("queue", seconds.unwrap_or(60)),
            QuotaTerminal::Failover {} => ("failover", 0),
        };
        format!("{{mark = {}, action = {}, seconds = {seconds}}}", lua_text(&mark(*number)), lua_text(action))
    });
    let script = format!(
        "local PREFIX, TABLE = {}, {}\nlocal QUOTAS = {{{}}}\n{ANSWER}",
        lua_text(&plan.request.header_prefix),
        lua_text(&plan.table.digest),
        then.collect::<Vec<String>>().join(", ")
    );
    let filters = mine.iter().map(|(number, quota)| {
        let rate_limits = requests(plan, *number, quota);
        let values = if apart_by_header(plan, quota).is_some() { 2 } else { 1 };
        filter(plan, *number, quota, &rate_limits, values)
    });
    // The script reads the metadata of the route that has its own name.
    filters.chain([lua("govctl", &script)]).collect()
}

/// What a quota on all traffic counts: requests whose cell says that it applies.
fn requests(plan: &Plan, number: usize, quota: &Quota) -> Vec<Value> {
    let cell = json!({"metadata": {"descriptor_key": "per-0", "source": "ROUTE_ENTRY",
        "metadata_key": {"key": "govctl", "path": [{"key": applies(number)}]}}});
    let stated = apart_by_header(plan, quota)
        .map(|name| json!({"request_headers": {"header_name": name, "descriptor_key": "per-1"}}));
    let of = |(label, most, _, tokens): (&str, u64, u32, bool)| {
        let actions =
            [generic("quota", &key(plan, number, label)), cell.clone()].into_iter().chain(stated.clone());
        counted(&actions.collect::<Vec<Value>>(), most, tokens)
    };
    limits(quota).map(of).collect()
}

/// What the metadata of a cell says of quotas on all traffic.
pub(super) fn route_metadata(plan: &Plan, use_case: &UseCase, quotas: &[usize]) -> Vec<(String, Value)> {
    let of = |number: &usize| {
        let quota = plan.table.quotas.get(*number).filter(|quota| !is_gated(plan, quota))?;
        let text = apart::value(plan, use_case, quota.per.as_deref()).unwrap_or_else(|_| "-".to_owned());
        Some((applies(*number), Value::String(text)))
    };
    quotas.iter().filter_map(of).collect()
}

/// The headers in which the route of a cell tells the gates what to count.
pub(super) fn route_headers(plan: &Plan, use_case: &UseCase, quotas: &[usize]) -> Vec<Value> {
    let of = |number: &usize| {
        let quota = plan.table.quotas.get(*number).filter(|quota| is_gated(plan, quota))?;
        Some(header(&applies(*number), &apart_value(plan, use_case, quota.per.as_deref())))
    };
    quotas.iter().filter_map(of).collect()
}

/// Every header that quotas need: no provider sees it.
pub(super) fn own_headers(plan: &Plan) -> Vec<String> {
    let fixed = [
        "x-decide-tokens",
        "x-decide-user",
        "x-decide-limited",
        "x-decide-next",
        "x-decide-model",
        "x-decide-role",
        "x-decide-limited-role",
        "x-decide-hop",
    ];
    let numbers = 0..plan.table.quotas.len();
    let each = numbers.flat_map(|number| [mark(number), applies(number)]);
    fixed.into_iter().map(str::to_owned).chain(each).chain(budget::own_headers(plan)).collect()
}

/// The name of the gate before a hop.
pub(super) fn gate_name(hop: &str) -> String {
    format!("gate/{hop}")
}

/// The gate before a hop: says which hop it is, and goes through the listener that counts.
pub(super) fn gate(plan: &Plan, name: &str, hop: &Hop) -> Value {
    let id = there(plan.table.models.get(hop.model), "the model").id.as_str();
    // What is used up now is so at the next attempt, too: it counts as the primary's last one.
    let limited = if hop.role.starts_with('p') { super::nest::LAST } else { &hop.role };
    let headers = [
        header("x-decide-next", &literal(name)),
        header("x-decide-model", &literal(id)),
        header("x-decide-role", &hop.role),
        header("x-decide-limited-role", limited),
        header("x-decide-hop", &hop.position.to_string()),
    ];
    let name = gate_name(name);
    let config = json!({"route_config": {"name": name, "virtual_hosts": [{"name": "gate", "domains": ["*"],
        "request_body_buffer_limit": gateways::ENVOY_BODY, "request_headers_to_add": headers,
        "routes": [{"match": {"prefix": "/"}, "route": {"cluster": plan.nests.own(GATED), "timeout": "0s", "idle_timeout": IDLE}}]}]}});
    internal_listener(&name, &inner_manager("gate", &[router()], config))
}

/// The listener behind all gates, where some quota needs it.
pub(super) fn gated_listener(plan: &Plan) -> Option<(String, Value)> {
    if plan.options.rate_limit_service.is_some() {
        return service::gated_listener(plan, &plan.nests.own(GATED))
            .map(|listener| (plan.nests.own(GATED), listener));
    }
    let mut filters: Vec<Value> = gated(plan)
        .map(|(number, quota)| filter(plan, number, quota, &attempts(plan, number, quota), 1))
        .collect();
    if filters.is_empty() {
        return None;
    }
    // The marks come after the route was chosen.
    let again = "function envoy_on_request(h) h:headers():replace(\"x-decide-counted\", \"yes\") end";
    let mut script = lua("counted", again);
    if let Some(config) = script.get_mut("typed_config") {
        merge(config, json!({"clear_route_cache": true}));
    }
    filters.push(script);
    filters.push(router());
    let mut routes: Vec<Value> = gated(plan)
        .map(|(number, quota)| (strictness(quota), used_up(plan, number, quota)))
        .fold([Vec::new(), Vec::new(), Vec::new()], |mut all: [Vec<Value>; 3], (rank, route)| {
            if let Some(same) = all.get_mut(rank) {
                same.push(route);
            }
            all
        })
        .into_iter()
        .flatten()
        .collect();
    let counted = json!([{"name": "x-decide-counted", "string_match": {"exact": "yes"}}]);
    routes.push(json!({"match": {"prefix": "/", "headers": counted}, "request_headers_to_remove": ["x-decide-counted"],
        "route": {"cluster_header": "x-decide-next", "timeout": "0s", "idle_timeout": IDLE}}));
    let config = json!({"route_config": {"name": GATED, "virtual_hosts": [{"name": GATED, "domains": ["*"],
        "request_body_buffer_limit": gateways::ENVOY_BODY, "routes": routes}]}});
    Some((
        plan.nests.own(GATED),
        internal_listener(&plan.nests.own(GATED), &inner_manager(GATED, &filters, config)),
    ))
}

fn strictness(quota: &Quota) -> usize {
    match quota.then {
        QuotaTerminal::Block {} => 0,
        QuotaTerminal::Queue { .. } => 1,
        QuotaTerminal::Failover {} => 2,
    }
}

/// What a gated quota counts: attempts at its models where the cell says that it applies.
fn attempts(plan: &Plan, number: usize, quota: &Quota) -> Vec<Value> {
    let mut all = Vec::new();
    let stated = json!({"request_headers": {"header_name": applies(number), "descriptor_key": "per-0"}});
    if !is_of_models(quota) {
        for (label, most, _, tokens) in limits(quota) {
            let first = json!({"header_value_match": {"descriptor_key": "quota", "descriptor_value": key(plan, number, label),
                "headers": [{"name": "x-decide-role", "string_match": {"exact": "p0"}},
                            {"name": applies(number), "present_match": true}]}});
            all.push(counted(&[first, stated.clone()], most, tokens));
        }
        return all;
    }
    for model in plan.table.models.iter().filter(|model| covers(quota, model)) {
        let apart = match quota.per.as_deref() {
            Some("provider") => generic("per-0", &model.provider),
            Some("model") => generic("per-0", &model.id),
            _ => stated.clone(),
        };
        for (label, most, _, tokens) in limits(quota) {
            let here = json!({"header_value_match": {"descriptor_key": "quota", "descriptor_value": key(plan, number, label),
                "headers": [{"name": "x-decide-model", "string_match": {"exact": model.id}},
                            {"name": applies(number), "present_match": true}]}});
            all.push(counted(&[here, apart.clone()], most, tokens));
        }
    }
    all
}

/// The answer of the listener behind the gates where a quota is used up.
fn used_up(plan: &Plan, number: usize, quota: &Quota) -> Value {
    let prefix = &plan.request.header_prefix;
    let mut headers = vec![header(&format!("{prefix}hop"), "%REQ(x-decide-hop)%")];
    let (status, code, message) = match quota.then {
        QuotaTerminal::Block {} => (403, "block", "a quota is used up"),
        QuotaTerminal::Queue { seconds } => {
            headers.push(header("retry-after", &seconds.unwrap_or(60).to_string()));
            (503, "queue", "a quota is used up; ask again later")
        }
        QuotaTerminal::Failover {} => (503, Trigger::RateLimited.name(), "a quota is used up"),
    };
    let failover = quota.then == QuotaTerminal::Failover {};
    headers.push(header(&format!("{prefix}route"), if failover { "%REQ(x-decide-model)%" } else { code }));
    let role = if failover { "%REQ(x-decide-role)%" } else { "end" };
    headers.push(header("x-decide-outcome", &format!("{role}:{code}")));
    let body = answer(code, message, super::hop::NAME, super::hop::DECISION, &plan.table.digest);
    let marked: Map<String, Value> =
        Map::from_iter([("name".to_owned(), json!(mark(number))), ("present_match".to_owned(), json!(true))]);
    json!({"match": {"prefix": "/", "headers": [marked]}, "response_headers_to_add": headers,
           "direct_response": direct(status, &body)})
}

/// What a rate limit service is asked when a request arrives.
pub(super) fn arriving(plan: &Plan) -> Vec<(Kind, Value)> {
    let all = plan.table.quotas.iter().enumerate().filter(|(_, quota)| !is_gated(plan, quota));
    let of = |(number, quota): (usize, &Quota)| {
        let kind = Kind::of(&quota.then);
        requests(plan, number, quota).into_iter().map(move |limit| (kind, limit)).collect::<Vec<_>>()
    };
    all.flat_map(of).collect()
}

/// What it is asked before an attempt.
pub(super) fn attempted(plan: &Plan) -> Vec<(Kind, Value)> {
    let of = |(number, quota): (usize, &Quota)| {
        let kind = Kind::of(&quota.then);
        attempts(plan, number, quota).into_iter().map(move |limit| (kind, limit)).collect::<Vec<_>>()
    };
    gated(plan).flat_map(of).collect()
}

/// What the rate limit service counts.
pub(super) fn service_limits(plan: &Plan) -> Vec<Counted> {
    let of = |(number, quota): (usize, &Quota)| {
        let apart = apart_by_header(plan, quota).is_some() && !is_gated(plan, quota);
        let one = |(label, most, seconds, _): (&str, u64, u32, bool)| Counted {
            kind: "quota",
            value: key(plan, number, label),
            values: if apart { 2 } else { 1 },
            most: u32::try_from(most).unwrap_or(u32::MAX),
            unit: if seconds == 60 { "minute" } else { "day" },
            silent: false,
        };
        limits(quota).map(one).collect::<Vec<Counted>>()
    };
    plan.table.quotas.iter().enumerate().flat_map(of).collect()
}
