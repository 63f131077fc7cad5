//! What quotas and budgets of `govctl export envoy` count, what they count apart, and what of a body goes on.

use std::collections::BTreeSet;

use govctl::export::envoy::{self, Options};
use govctl::export::promise::{Kept, Level};
use govctl::table::format::Table;
use serde_json::{Value, json};

use crate::bundle;

/// The table of every shape, with endpoints and tokens.
fn table() -> Table {
    let text = std::fs::read_to_string(bundle::root("conformance/tables/example.json")).expect("a table");
    let mut table: Table = serde_json::from_str(&text).expect("the format");
    for model in &mut table.models {
        model.endpoint =
            json!({"base_url": "https://models.example/v1"}).as_object().cloned().expect("an object");
    }
    table.request = json!({"jwks": {"file": "jwks.json"}}).as_object().cloned().expect("an object");
    table
}

fn exported(table: &Table, is_shared: bool) -> govctl::export::Export {
    let service = is_shared.then(|| ("ratelimit".to_owned(), 8081));
    envoy::export(table, &Options { rate_limit_service: service, ..Options::default() }).expect("an export")
}

fn kept(table: &Table, is_shared: bool, promise: &str) -> Kept {
    let all = exported(table, is_shared).promises;
    all.into_iter().find(|kept| kept.promise == promise).expect("a promise")
}

fn listeners(table: &Table, is_shared: bool) -> Value {
    serde_json::from_str(&exported(table, is_shared).files["xds/listeners.json"]).expect("JSON")
}

/// Calls `see` for every object below a value.
fn walk<'a>(value: &'a Value, see: &mut impl FnMut(&'a Value)) {
    match value {
        Value::Object(members) => {
            see(value);
            members.values().for_each(|one| walk(one, see));
        }
        Value::Array(items) => items.iter().for_each(|one| walk(one, see)),
        _ => {}
    }
}

/// The models at which something is counted that is called so.
fn counted_at(listeners: &Value, key: &str, name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(listeners, &mut |value| {
        let is_it = value["descriptor_key"] == key
            && value["descriptor_value"].as_str().is_some_and(|known| known.starts_with(name));
        if is_it {
            found.extend(value["headers"][0]["string_match"]["exact"].as_str().map(str::to_owned));
        }
    });
    found
}

#[test]
fn a_bare_name_is_a_provider_whatever_other_providers_call_their_models() {
    let mut table = table();
    table.models[0].name = "openai".to_owned();
    table.models[0].id = "anthropic/openai".to_owned();
    table.budgets[1].on = vec!["openai".to_owned()];
    let only = BTreeSet::from(["openai/gpt-4-turbo".to_owned()]);
    assert_eq!(counted_at(&listeners(&table, false), "quota", "0/"), only);
    let shared = listeners(&table, true);
    assert_eq!(counted_at(&shared, "quota", "openai-batch/"), only);
    assert_eq!(counted_at(&shared, "budget", "planning-daily/"), only);
    table.quotas[0].on = Some("anthropic/openai".to_owned());
    let one = BTreeSet::from(["anthropic/openai".to_owned()]);
    assert_eq!(counted_at(&listeners(&table, false), "quota", "0/"), one);
}

#[test]
fn a_dimension_that_the_table_does_not_hold_is_a_loss() {
    let mut table = table();
    table.quotas[1].per = Some("team".to_owned());
    table.use_cases[0].tags.clear();
    // Where the table would hold it, whoever states none has none.
    let why = kept(&table, false, "quotas");
    assert_eq!(why.level, Level::Native, "{why:?}");
    table.attribution = None;
    let why = kept(&table, false, "quotas");
    assert_eq!(why.level, Level::Lost, "{why:?}");
    let begins = "use cases of which the table holds no `team`, since `attribution` does not require it, together use up \
                  `tenant-day`; local rate limits";
    assert!(why.why.starts_with(begins), "{why:?}");
    assert_eq!(kept(&table, true, "quotas").level, Level::Lost);
    // Budgets are counted by the service alone.
    table.budgets.iter_mut().for_each(|budget| budget.at.retain(|at| at.action == "block"));
    let why = kept(&table, true, "budgets");
    assert_eq!(why.level, Level::Lost, "{why:?}");
    assert!(why.why.contains("no `team`") && why.why.contains("use up `planning-daily`; "), "{why:?}");
    assert!(!kept(&table, false, "budgets").why.contains("team"));
}

#[test]
fn users_are_told_by_tokens_alone() {
    let mut table = table();
    assert!(!kept(&table, false, "quotas").why.contains("user"));
    table.quotas[1].per = Some("user".to_owned());
    let why = kept(&table, false, "quotas");
    assert_eq!(why.level, Level::Native, "{why:?}");
    assert!(why.why.contains("`sub`") && why.why.contains("after 100,000 others"), "{why:?}");
    let why = kept(&table, true, "quotas");
    assert!(why.why.contains("`sub`") && !why.why.contains("100,000"), "{why:?}");
    table.request.clear();
    let why = kept(&table, false, "quotas");
    assert_eq!(why.level, Level::Lost, "{why:?}");
    assert!(
        why.why.starts_with(
            "without `request.jwks` nobody says who asks, so all users together use up `tenant-day`; "
        ),
        "{why:?}"
    );
}

#[test]
fn a_proxy_remembers_every_value_of_a_closed_set_and_many_users() {
    let mut table = table();
    let most = |table: &Table| {
        let mut found = Vec::new();
        let listeners = listeners(table, false);
        walk(&listeners, &mut |value| found.extend(value["max_dynamic_descriptors"].as_u64()));
        found.sort_unstable();
        found
    };
    assert_eq!(most(&table), [4, 4]);
    let values = (0..20_000).map(|number| number.to_string());
    table.facts.get_mut("tenant").expect("the fact").values.extend(values);
    let many = most(&table);
    assert!(many.iter().all(|most| *most > 20_000), "{many:?}");
    table.quotas[1].per = Some("user".to_owned());
    assert_eq!(most(&table).last(), Some(&100_000));
}

#[test]
fn only_decisions_with_a_limit_for_each_user_ask_for_one() {
    let mut table = table();
    let asked = |table: &Table, is_shared| {
        let mut found = 0;
        walk(&listeners(table, is_shared), &mut |value| {
            found += usize::from(value["filter_metadata"]["front"]["per_user"] == true);
        });
        found
    };
    let script = |table: &Table| exported(table, false).files["xds/listeners.json"].clone();
    assert_eq!(asked(&table, true), 0);
    assert!(script(&table).contains("local COUNTS_TOKENS, PER_USER = false, false"));
    table.quotas[1].per = Some("user".to_owned());
    let routes = asked(&table, false);
    assert!(routes > 0);
    assert!(script(&table).contains("local COUNTS_TOKENS, PER_USER = false, true"));
    table.quotas[1].per = None;
    table.budgets[1].per = Some("user".to_owned());
    assert_eq!(asked(&table, false), 0, "nobody counts budgets");
    assert!(asked(&table, true) > 0);
    table.request.clear();
    assert_eq!(asked(&table, true), 0, "nobody says who asks");
}

#[test]
fn of_a_callers_body_only_known_members_go_on() {
    // The profiles of the table, and the other name of a length.
    const SET: [&str; 4] = ["max_completion_tokens", "max_tokens", "model", "temperature"];
    let mut table = table();
    table.models[0].profile = json!({"temperature": "0.2"}).as_object().cloned().expect("an object");
    let listeners = listeners(&table, false);
    let mut hops = Vec::new();
    walk(&listeners, &mut |value| {
        if value["filter_context"]["model"].is_string() {
            hops.push(value);
        }
    });
    assert!(hops.len() > 4);
    for hop in hops {
        let set: Vec<&String> = hop["filter_context"].as_object().expect("an object").keys().collect();
        assert!(set.iter().all(|name| SET.contains(&name.as_str())), "{set:?}");
        let script = hop["default_source_code"]["inline_string"].as_str().expect("a script");
        let (_, list) = script.split_once("local PASSED = {").expect("the list");
        let (list, _) = list.split_once('}').expect("its end");
        let passed: BTreeSet<&str> = list.split(", ").filter_map(|one| one.strip_suffix(" = true")).collect();
        for member in ["messages", "stream", "tools", "top_k", "functions", "max_tokens", "user"] {
            assert!(passed.contains(member), "{member}");
        }
        for member in [
            "model",
            "metadata",
            "store",
            "service_tier",
            "vertex_location",
            "azure_deployment",
            "litellm_params",
            "router_settings",
            "model_override",
            "fallback",
            "override_params",
            "virtualKey",
            "baseURL",
            "order",
            "only",
        ] {
            assert!(!passed.contains(member), "{member}");
        }
    }
}

/// A bucket of a local rate limit holds one at least: of a limit of none, every request asks for more.
#[test]
fn a_quota_of_none_lets_nothing_through() {
    let mut table = table();
    for (on, per) in [(None, None), (Some("openai".to_owned()), None), (None, Some("model".to_owned()))] {
        for is_tokens in [false, true] {
            let quota = &mut table.quotas[1];
            (quota.on, quota.per) = (on.clone(), per.clone());
            (quota.requests_per_day, quota.tokens_per_day) =
                if is_tokens { (None, Some(0)) } else { (Some(0), None) };
            let mut taken = BTreeSet::new();
            walk(&listeners(&table, false), &mut |value| {
                let is_it = |action: &Value| {
                    let value = action.pointer("/generic_key/descriptor_value");
                    let value = value.or_else(|| action.pointer("/header_value_match/descriptor_value"));
                    value.and_then(Value::as_str).is_some_and(|name| name.starts_with("1/"))
                };
                if value["actions"].as_array().is_some_and(|actions| actions.iter().any(is_it)) {
                    taken.insert(value["hits_addend"].to_string());
                }
            });
            assert_eq!(taken, BTreeSet::from([r#"{"number":2}"#.to_owned()]), "{on:?} {per:?} {is_tokens}");
        }
    }
}

/// How much is asked for before an attempt that a budget covers.
fn asked_of_budgets(table: &Table) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(&listeners(table, true), &mut |value| {
        let is_asked = value.pointer("/actions/0/header_value_match/descriptor_key");
        if is_asked.is_some_and(|key| key == "budget") {
            found.insert(value["hits_addend"]["number"].to_string());
        }
    });
    found
}

#[test]
fn a_budget_of_none_lets_nothing_through() {
    let mut table = table();
    for budget in &mut table.budgets {
        budget.at.iter_mut().for_each(|at| at.action = "block".to_owned());
    }
    assert_eq!(asked_of_budgets(&table), BTreeSet::from(["0".to_owned()]));
    table.budgets.iter_mut().for_each(|budget| budget.limit_usd = "0".to_owned());
    assert_eq!(asked_of_budgets(&table), BTreeSet::from(["1".to_owned()]));
}

#[test]
fn the_page_of_losses_says_the_limits_that_hold() {
    let why = kept(&table(), false, "trigger:unavailable").why;
    assert!(why.contains("more than 1,000 headers") && why.contains("head above 512 KiB"), "{why}");
    let clusters = serde_json::from_str(&exported(&table(), false).files["xds/clusters.json"]).expect("JSON");
    let mut limits = BTreeSet::new();
    walk(&clusters, &mut |value| {
        limits.extend(value["max_headers_count"].as_u64().zip(value["max_response_headers_kb"].as_u64()));
    });
    assert_eq!(limits, BTreeSet::from([(1000, 512), (2000, 1024)]));
    assert_eq!(govctl::limits::MAX_KEPT_TABLES, 4);
    let why = kept(&table(), false, "hot-swap").why;
    assert!(
        why.contains("what the four tables before it need") && why.contains("while five new tables come"),
        "{why}"
    );
    // What the proxy answers by itself to gRPC has gRPC's form, also where the front of an old table leads nowhere.
    assert!(why.contains("answered with 503 (with 200 in gRPC's form"), "{why}");
    let why = kept(&table(), false, "answers").why;
    assert!(why.contains("by a connection whose table is no longer kept"), "{why}");
}
