//! Envoy's rate limit service: one count for every proxy that asks it.
//!
//! Each thing that can follow where something is used up has a filter of its own, the strictest first. A filter answers
//! with a status that nothing else has, and `local_reply_config` makes of it what callers and tiers understand. Without
//! an answer of the service nobody is asked.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Plan;
use super::parts::{IDLE, answer, extension, header, inner_manager, internal_listener, merge, router};
use super::{budget, hop, quota};
use crate::export::yaml::{self, Yaml};
use crate::limits::gateways;
use crate::table::format::QuotaTerminal;
use crate::vocabulary::Trigger;

/// Of descriptors in the service.
const DOMAIN: &str = "govctl";
/// The cluster of the service.
pub(super) const CLUSTER: &str = "rate-limit-service";
/// Where the service's own configuration is written: the root of its runtime is the folder `ratelimit`.
pub(super) const FILE: &str = "ratelimit/config/govctl.yaml";
/// The status of a filter that has no answer of the service.
const FAILED: u16 = 424;

/// What follows where something is used up, in the order in which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A budget stops.
    BudgetBlock,
    /// A budget makes wait.
    BudgetQueue,
    /// A quota stops.
    Block,
    /// A quota makes wait, for so many seconds.
    Queue(u64),
    /// A quota counts as a rate limit of the model.
    Failover,
}

impl Kind {
    /// What follows a quota.
    pub(super) fn of(then: &QuotaTerminal) -> Self {
        match then {
            QuotaTerminal::Block {} => Self::Block,
            QuotaTerminal::Queue { seconds } => Self::Queue(seconds.unwrap_or(60)),
            QuotaTerminal::Failover {} => Self::Failover,
        }
    }

    /// The status of its filter, which nothing else in the proxy answers with.
    fn marker(self) -> u16 {
        match self {
            Self::BudgetBlock => 402,
            Self::BudgetQueue => 426,
            Self::Block => 423,
            Self::Queue(_) => 428,
            Self::Failover => 429,
        }
    }

    /// Seconds after which to ask again.
    fn seconds(self) -> Option<u64> {
        match self {
            Self::BudgetQueue => Some(60),
            Self::Queue(seconds) => Some(seconds),
            Self::BudgetBlock | Self::Block | Self::Failover => None,
        }
    }

    /// Status, code and message of the answer.
    fn answer(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::BudgetBlock => (403, "block", "a budget is used up"),
            Self::BudgetQueue => (503, "queue", "a budget is used up; ask again later"),
            Self::Block => (403, "block", "a quota is used up"),
            Self::Queue(_) => (503, "queue", "a quota is used up; ask again later"),
            Self::Failover => (503, Trigger::RateLimited.name(), "a quota is used up"),
        }
    }
}

/// One limit in the configuration of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counted {
    /// `quota` or `budget`.
    pub(super) kind: &'static str,
    /// Its name there.
    pub(super) value: String,
    /// How many values it counts apart by.
    pub(super) values: usize,
    /// How many in a unit.
    pub(super) most: u32,
    /// `minute`, `day`, `week`, `month` or `year`.
    pub(super) unit: &'static str,
    /// Whether the service only counts it.
    pub(super) silent: bool,
}

/// A name as a value in the service, which gives `*` a meaning, and in formats of the proxy, which give `%` one.
pub(super) fn safe(name: &str) -> String {
    let of = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("~{byte:02x}"),
    };
    name.bytes().map(of).collect()
}

/// A filter for each of what can follow.
fn filters(limits: Vec<(Kind, Value)>) -> Vec<Value> {
    let mut all: BTreeMap<Kind, Vec<Value>> = BTreeMap::new();
    for (kind, limit) in limits {
        all.entry(kind).or_default().push(limit);
    }
    let of = |(kind, limits): (Kind, Vec<Value>)| {
        let after = kind.seconds().map(|seconds| header("retry-after", &seconds.to_string()));
        let config = json!({"rate_limited_status": {"code": kind.marker()},
                            "response_headers_to_add": after.into_iter().collect::<Vec<Value>>()});
        asking(&format!("service-{}", kind.marker()), &limits, config)
    };
    all.into_iter().map(of).collect()
}

/// A filter that asks the service.
fn asking(name: &str, limits: &[Value], rest: Value) -> Value {
    let mut config = json!({
        "domain": DOMAIN,
        "rate_limits": limits,
        "failure_mode_deny": true,
        "status_on_error": {"code": FAILED},
        "disable_x_envoy_ratelimited_header": true,
        "timeout": "0.5s",
        "rate_limit_service": {"transport_api_version": "V3",
                               "grpc_service": {"envoy_grpc": {"cluster_name": CLUSTER}}},
    });
    merge(&mut config, rest);
    extension(name, "envoy.extensions.filters.http.ratelimit.v3.RateLimit", config)
}

/// The filters of the front listener: quotas on all traffic.
pub(super) fn front_filters(plan: &Plan) -> Vec<Value> {
    filters(quota::arriving(plan))
}

/// What a hop adds when its answer is through.
pub(super) fn spending(limits: &[Value]) -> Option<Value> {
    (!limits.is_empty()).then(|| asking("spending", limits, json!({})))
}

/// The listener behind all gates, where something is counted there.
pub(super) fn gated_listener(plan: &Plan, name: &str) -> Option<Value> {
    let mut limits = quota::attempted(plan);
    limits.extend(budget::checks(plan));
    let mut filters = filters(limits);
    if filters.is_empty() {
        return None;
    }
    filters.push(router());
    let route = json!({"cluster_header": "x-decide-next", "timeout": "0s", "idle_timeout": IDLE});
    let config = json!({"local_reply_config": {"mappers": gated_answers(plan)}, "route_config": {"name": name,
        "virtual_hosts": [{"name": name, "domains": ["*"], "request_body_buffer_limit": gateways::ENVOY_BODY,
                           "routes": [{"match": {"prefix": "/"}, "route": route}]}]}});
    Some(internal_listener(name, &inner_manager(name, &filters, config)))
}

/// Every marker with its answer, and whether it is a failover.
fn answers() -> Vec<(u16, (u16, &'static str, &'static str))> {
    let kinds = [Kind::BudgetBlock, Kind::BudgetQueue, Kind::Block, Kind::Queue(0), Kind::Failover];
    let mut all: Vec<_> = kinds.into_iter().map(|kind| (kind.marker(), kind.answer())).collect();
    all.push((FAILED, (503, Trigger::Unavailable.name(), "quotas and budgets cannot be counted now")));
    all
}

/// What the front listener makes of its filters' answers.
pub(super) fn front_answers(plan: &Plan) -> Vec<Value> {
    if plan.options.rate_limit_service.is_none() {
        return Vec::new();
    }
    let of_cell = |key: &str| format!("%METADATA(ROUTE:govctl:{key})%");
    let prefix = &plan.request.header_prefix;
    let all = answers().into_iter().map(|(marker, (status, code, message))| {
        let body = answer(code, message, &of_cell("name"), &of_cell("decision"), &plan.table.digest);
        let headers = [
            header(&format!("{prefix}table"), &plan.table.digest),
            header(&format!("{prefix}decision"), &of_cell("decision")),
            header(&format!("{prefix}route"), if code == "queue" { "queue" } else { "block" }),
            header(&format!("{prefix}hop"), "-"),
        ];
        mapper(marker, status, &headers, &body)
    });
    all.collect()
}

/// What the listener behind the gates makes of them. A quota on all traffic that fails over is counted before the first
/// attempt at the primary; that it counts as the last one keeps the proxy from trying again.
fn gated_answers(plan: &Plan) -> Vec<Value> {
    let prefix = &plan.request.header_prefix;
    let all = answers().into_iter().map(|(marker, (status, code, message))| {
        let failover = code == Trigger::RateLimited.name();
        let route = match code {
            _ if failover => "%REQ(x-decide-model)%",
            "queue" => "queue",
            _ => "block",
        };
        let role = if failover { "%REQ(x-decide-limited-role)%" } else { "end" };
        let headers = [
            header(&format!("{prefix}hop"), "%REQ(x-decide-hop)%"),
            header(&format!("{prefix}route"), route),
            header("x-decide-outcome", &format!("{role}:{code}")),
        ];
        mapper(marker, status, &headers, &answer(code, message, hop::NAME, hop::DECISION, &plan.table.digest))
    });
    all.collect()
}

fn mapper(marker: u16, status: u16, headers: &[Value], body: &str) -> Value {
    let value = json!({"default_value": marker, "runtime_key": format!("govctl.{marker}")});
    json!({
        "filter": {"status_code_filter": {"comparison": {"op": "EQ", "value": value}}},
        "status_code": status,
        "headers_to_add": headers,
        "body_format_override": {"text_format_source": {"inline_string": body}, "content_type": "application/json"},
    })
}

/// The service's own configuration, as `envoyproxy/ratelimit` reads it.
pub(super) fn file(plan: &Plan) -> String {
    let table = plan.table;
    let mut text = yaml::comment(&format!("What every proxy counts together of the table {}.", table.digest));
    if let Some(day) = &table.valid_until {
        text += &yaml::comment(&format!("Its last day is {day}."));
    }
    let mut limits = quota::service_limits(plan);
    limits.extend(budget::limits(plan));
    let descriptors = Yaml::List(limits.iter().map(descriptor).collect());
    text + &Yaml::object([("domain", Yaml::text(DOMAIN)), ("descriptors", descriptors)]).block()
}

/// A limit, below a descriptor for each of what it counts apart by.
fn descriptor(limit: &Counted) -> Yaml {
    let count =
        Yaml::object([("unit", Yaml::text(limit.unit)), ("requests_per_unit", json!(limit.most).into())]);
    let mut rest = vec![("rate_limit", count)];
    rest.extend(limit.silent.then(|| ("shadow_mode", json!(true).into())));
    for at in (0..limit.values).rev() {
        let key = ("key", Yaml::text(&format!("per-{at}")));
        rest = vec![("descriptors", Yaml::List(vec![Yaml::object(std::iter::once(key).chain(rest))]))];
    }
    let own = [("key", Yaml::text(limit.kind)), ("value", Yaml::text(&limit.value))];
    Yaml::object(own.into_iter().chain(rest))
}
