//! The cells of a table as a tree of matchers over what the front listener states.

use crate::table::format::{Axis, AxisName, UseCase};
use serde_json::{Map, Value, json};

use super::Plan;
use super::parts::{answer, direct, extension, header, header_input, header_tree, merge, object};

/// The header in which the front listener states the position on an axis.
pub(super) fn stated(plan: &Plan, fact: &str) -> String {
    if fact.starts_with("budget.") {
        let number = budgets(plan).iter().position(|(name, _)| name == fact).unwrap_or_default();
        return format!("x-decide-budget-{number}");
    }
    let number = plan.table.facts.keys().position(|name| name == fact).unwrap_or_default();
    format!("x-decide-fact-{number}")
}

/// Every remaining share that some axis cuts, with all its cuts in ascending order.
pub(super) fn budgets(plan: &Plan) -> Vec<(String, Vec<String>)> {
    let mut found: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    for axis in plan.table.grids.iter().flatten() {
        let Some(cuts) = &axis.cuts else { continue };
        let known = found.entry(axis.fact.clone()).or_default();
        known.extend(cuts.iter().cloned());
    }
    for cuts in found.values_mut() {
        cuts.sort_by_cached_key(|cut| ascending(cut));
        cuts.dedup();
    }
    found.into_iter().collect()
}

/// Orders `<20%` before `<=20%`, and both before `<21%`.
fn ascending(cut: &str) -> (Option<crate::number::Rational>, bool) {
    let (number, closed) = parts(cut);
    (crate::number::parse_decimal(number), closed)
}

/// The number of a cut, and whether the number itself satisfies it.
pub(super) fn parts(cut: &str) -> (&str, bool) {
    let rest = cut.trim_end_matches('%');
    rest.strip_prefix("<=").map_or_else(|| (rest.trim_start_matches('<'), false), |number| (number, true))
}

/// The matcher of the whole table, and what is answered where nothing matches.
pub(super) fn matcher(plan: &Plan) -> Value {
    let mut cases = Map::new();
    for use_case in &plan.table.use_cases {
        let axes = plan.table.grids.get(use_case.axes).map(Vec::as_slice).unwrap_or_default();
        let tree = branch(plan, use_case, axes, 0);
        if let Some(tag) = &use_case.endpoint_tag {
            cases.insert(tag.clone(), tree.clone());
        }
        cases.insert(use_case.name.clone(), tree);
    }
    let unknown = refusal(plan, 403, "block", "no such use case");
    let tree = if cases.is_empty() {
        return unknown;
    } else {
        header_tree("x-decide-use-case", cases, unknown)
    };
    let of_another_type = refused_elsewhere(plan, super::hop::NO_JSON.0);
    let refused = |status: u16, message: &str| refusal(plan, status, "block", message);
    let only = [
        ("content-type", r"(?i)application/json(?:[ \t]*;.*)?", of_another_type),
        (":path", r"/v1/chat/completions(?:\?.*)?", refused(404, "only /v1/chat/completions is served")),
        (":method", "POST", refused(405, "only POST is served")),
    ];
    let says = |name: &str, regex: &str| {
        json!({"single_predicate": {"input": header_input(name),
               "value_match": {"safe_regex": {"google_re2": {}, "regex": regex}}}})
    };
    let matchers: Vec<Value> = only
        .into_iter()
        .map(|(name, regex, refusal)| {
            // A header that is not there says nothing wrong.
            let wrong = [says(name, ".*"), json!({"not_matcher": says(name, regex)})];
            json!({"predicate": {"and_matcher": {"predicate": wrong}}, "on_match": refusal})
        })
        .collect();
    object([("matcher_list", json!({"matchers": matchers})), ("on_no_match", tree)])
}

/// What follows the first axis, from a cell on.
fn branch(plan: &Plan, use_case: &UseCase, axes: &[Axis], cell: usize) -> Value {
    let Some((axis, rest)) = axes.split_first() else {
        let decision = use_case.cells.get(cell).copied().unwrap_or_default();
        return leaf(plan, use_case, decision);
    };
    let size = axis.positions();
    let under = (0..size).map(|at| branch(plan, use_case, rest, cell * size + at));
    let under: Vec<Value> = under.collect();
    if axis.name() == AxisName::Classification {
        return by_classification(axis, under);
    }
    let map = if axis.cuts.is_some() { by_band(plan, axis, &under) } else { by_value(plan, axis, under) };
    let lost = refusal(plan, 403, "block", "the request states something that is not understood");
    header_tree(&stated(plan, &axis.fact), map, lost)
}

/// Its own, none or a lower classification: the first position.
fn by_classification(axis: &Axis, mut under: Vec<Value>) -> Value {
    let higher = under.split_off(1.min(under.len()));
    let own = under.pop().unwrap_or_default();
    if higher.is_empty() {
        return own;
    }
    let names = axis.values.iter().flatten().skip(1).cloned();
    let map: Map<String, Value> = names.zip(higher).collect();
    header_tree("x-decide-classification", map, own)
}

/// The front listener states the first of all cuts that holds, counted from 1, and 0 for none.
fn by_band(plan: &Plan, axis: &Axis, under: &[Value]) -> Map<String, Value> {
    let own = axis.cuts.as_deref().unwrap_or_default();
    let all = budgets(plan).into_iter().find(|(name, _)| *name == axis.fact).map(|(_, cuts)| cuts);
    let mut map = Map::new();
    for (number, cut) in (1..).zip(all.unwrap_or_default()) {
        let at = own.iter().position(|known| ascending(known) >= ascending(&cut)).unwrap_or(own.len());
        map.insert(format!("{number}"), under.get(at).cloned().unwrap_or_default());
    }
    map.insert("0".to_owned(), under.last().cloned().unwrap_or_default());
    map
}

/// The front listener states the position among the fact's declared values, counted from 1.
fn by_value(plan: &Plan, axis: &Axis, under: Vec<Value>) -> Map<String, Value> {
    let declared = plan.table.facts.get(&axis.fact).map(|fact| fact.values.as_slice()).unwrap_or_default();
    let mut map = Map::new();
    for (value, tree) in axis.values.iter().flatten().zip(under) {
        if let Some(at) = declared.iter().position(|known| known == value) {
            map.insert(format!("{}", at + 1), tree);
        }
    }
    map
}

/// A cell: the tiers of its decision, or a refusal.
fn leaf(plan: &Plan, use_case: &UseCase, decision: usize) -> Value {
    let name = Value::String(use_case.name.clone()).to_string();
    let prefix = &plan.request.header_prefix;
    let mut metadata = json!({"govctl": log(plan, use_case, decision)});
    if plan.table.decisions.get(decision).is_some_and(|found| super::apart::asks_user(plan, found)) {
        // The script of the front listener reads what has the name of its filter.
        merge(&mut metadata, json!({"front": {"per_user": true}}));
    }
    let mut route = json!({
        "name": format!("{}/{decision}", use_case.name),
        "match": {"prefix": "/"},
        "metadata": {"filter_metadata": metadata},
        "response_headers_to_add": [header(&format!("{prefix}decision"), &decision.to_string())],
    });
    let quotas = plan.table.decisions.get(decision).map(|found| found.quotas.as_slice()).unwrap_or_default();
    let top = plan.nests.tops.get(decision).and_then(Option::as_ref);
    let rest = if let Some(tier) = top {
        let mut headers = vec![
            header("x-decide-decision", &decision.to_string()),
            header("x-decide-name", &super::parts::literal(&name)),
        ];
        headers.extend(super::quota::route_headers(plan, use_case, quotas));
        let budgets =
            plan.table.decisions.get(decision).map(|found| found.budgets.as_slice()).unwrap_or_default();
        headers.extend(super::budget::route_headers(plan, use_case, budgets));
        json!({"route": {"cluster": tier, "timeout": "0s", "idle_timeout": super::parts::IDLE},
               "request_headers_to_add": headers})
    } else {
        let message = "no model may serve this request";
        let name = super::parts::literal(&name);
        let body = answer("block", message, &name, &decision.to_string(), &plan.table.digest);
        json!({"direct_response": direct(403, &body), "response_headers_to_add": [
            header(&format!("{prefix}decision"), &decision.to_string()),
            header(&format!("{prefix}route"), "block"), header(&format!("{prefix}hop"), "-")]})
    };
    merge(&mut route, rest);
    action(route)
}

/// What the access log says of a cell.
fn log(plan: &Plan, use_case: &UseCase, decision: usize) -> Value {
    let table = plan.table;
    let found = table.decisions.get(decision);
    let names = |indices: Option<&Vec<usize>>, name: &dyn Fn(usize) -> Option<String>| -> Vec<String> {
        indices.into_iter().flatten().filter_map(|at| name(*at)).collect()
    };
    let rules = found.and_then(|decision| table.rule_sets.get(decision.rules)).map(Vec::as_slice);
    let mut said = json!({
        // As JSON text, for answers.
        "name": Value::String(use_case.name.clone()).to_string(),
        "decision": decision.to_string(),
        "rules": rules.unwrap_or_default(),
        "budgets": names(found.map(|d| &d.budgets), &|at| Some(table.budgets.get(at)?.name.clone())),
        "quotas": names(found.map(|d| &d.quotas), &|at| Some(table.quotas.get(at)?.name.clone())),
    });
    if let Some(said) = said.as_object_mut() {
        let quotas = found.map(|found| found.quotas.as_slice()).unwrap_or_default();
        said.extend(super::quota::route_metadata(plan, use_case, quotas));
    }
    said
}

/// A refusal before a use case is known.
fn refusal(plan: &Plan, status: u16, code: &str, message: &str) -> Value {
    let prefix = &plan.request.header_prefix;
    let body = answer(code, message, "null", "null", &plan.table.digest);
    action(json!({
        "name": format!("refused/{status}"),
        "match": {"prefix": "/"},
        "metadata": {"filter_metadata": {"govctl": {"decision": "-"}}},
        "direct_response": direct(status, &body),
        "response_headers_to_add": [header(&format!("{prefix}decision"), "-"),
            header(&format!("{prefix}route"), "block"), header(&format!("{prefix}hop"), "-")],
    }))
}

/// The same by a listener of its own, whose answer goes to the caller as it is, whatever the caller speaks.
fn refused_elsewhere(plan: &Plan, status: u16) -> Value {
    action(json!({
        "name": format!("refused/{status}"),
        "match": {"prefix": "/"},
        "metadata": {"filter_metadata": {"govctl": {"decision": "-"}}},
        "route": {"cluster": super::hop::refusing_name(plan), "timeout": "0s", "idle_timeout": super::parts::IDLE},
        "response_headers_to_add": [header(&format!("{}decision", plan.request.header_prefix), "-")],
    }))
}

fn action(route: Value) -> Value {
    object([("action", extension("route", "envoy.config.route.v3.Route", route))])
}

/// The route configuration of the front listener.
pub(super) fn routes(plan: &Plan) -> Value {
    let prefix = &plan.request.header_prefix;
    let mut host = json!({
        "name": "govctl",
        "domains": ["*"],
        "request_body_buffer_limit": crate::limits::gateways::ENVOY_BODY,
        "response_headers_to_add": [header(&format!("{prefix}table"), &plan.table.digest)],
        "response_headers_to_remove": ["x-envoy-upstream-service-time"],
    });
    merge(&mut host, object([("matcher", matcher(plan))]));
    // As for the listeners behind it, files may be read in any order.
    object([
        ("name", "govctl".into()),
        ("validate_clusters", false.into()),
        ("virtual_hosts", Value::Array(vec![host])),
    ])
}

/// The plug-in that tries a tier's groups one after the other.
pub(super) fn groups(name: &str, groups: &[String]) -> Value {
    let kind = "envoy.extensions.router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier";
    let group = |(number, cluster): (usize, &String)| json!({"name": number.to_string(), "clusters": [{"cluster_name": cluster, "weight": 1}]});
    let groups: Vec<Value> = groups.iter().enumerate().map(group).collect();
    json!({"extension": extension(name, kind, json!({"priority_groups": groups}))})
}
