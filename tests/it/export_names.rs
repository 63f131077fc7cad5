//! What an export refuses because a gateway could not tell it apart, and that its patterns do not grow with the table.

use std::collections::BTreeSet;

use govctl::export::envoy::{self, Options};
use govctl::export::{Refused, bedrock, envoy_ai_gateway, litellm, names, request, sql};
use govctl::table::format::{Fact, Table, Trigger};
use serde_json::{Value, json};

use crate::bundle;

/// The table of every shape, with endpoints and these settings of requests.
fn table(request: &Value) -> Table {
    let text = std::fs::read_to_string(bundle::root("conformance/tables/example.json")).expect("a table");
    let mut table: Table = serde_json::from_str(&text).expect("the format");
    for model in &mut table.models {
        let endpoint = json!({"base_url": "https://models.example/v1"});
        model.endpoint = endpoint.as_object().cloned().expect("an object");
    }
    table.request = request.as_object().cloned().expect("an object");
    table
}

fn fact() -> Fact {
    Fact { values: vec!["a".to_owned(), "b".to_owned()], default: "a".to_owned() }
}

fn refused(facts: &[&str], request: &Value) -> Option<Refused> {
    let mut table = table(request);
    table.facts.extend(facts.iter().map(|name| ((*name).to_owned(), fact())));
    names::check(&table).err()
}

#[test]
fn names_that_headers_or_claims_cannot_tell_apart_are_refused() {
    let tokens = json!({"jwks": {"file": "jwks.json"}});
    let both = |refused: Option<Refused>| refused.map(|refused| (refused.message, refused.help));
    let (message, help) = both(refused(&["Lane", "lane"], &json!({}))).expect("a refusal");
    assert_eq!(message, "`Lane` and `lane` would both be stated by the header `x-govctl-fact-lane`");
    assert_eq!(help, "names of headers have no case: rename one of the two");
    let (message, help) = both(refused(&["r.x", "r_x"], &tokens)).expect("a refusal");
    assert_eq!(message, "`r.x` and `r_x` would both be stated by the claim `govctl_r_x`");
    assert_eq!(help, "rename one of the two, or give one a claim of its own under `request.claims`");
    let (message, _) = both(refused(&["use_cases"], &tokens)).expect("a refusal");
    assert_eq!(
        message,
        "the fact `use_cases` and the use cases of a caller would both be stated by the claim `govctl_use_cases`"
    );
    let claims =
        json!({"jwks": {"file": "jwks.json"}, "claims": {"use_case": "sub", "classification": "sub"}});
    let (message, _) = both(refused(&[], &claims)).expect("a refusal");
    assert_eq!(message, "`classification` and `use_case` would both be stated by the claim `sub`");
    // Headers tell these apart, and a claim of its own does.
    assert_eq!(refused(&["r.x", "r_x"], &json!({})), None);
    let own = json!({"jwks": {"file": "jwks.json"}, "claims": {"r.x": "region"}});
    assert_eq!(refused(&["r.x", "r_x"], &own), None);
}

#[test]
fn a_prefix_of_headers_that_mean_something_is_refused() {
    for (prefix, which) in [
        ("content-", "headers that begin with `content-` have"),
        ("x-envoy-", "headers that begin with `x-envoy-` have"),
        ("x-envoy-govctl-", "headers that begin with `x-envoy-` have"),
        ("x-decide-", "headers that begin with `x-decide-` have"),
        ("x-", "the header `x-api-key` has"),
        ("user-", "the header `user-agent` has"),
    ] {
        let refused = refused(&[], &json!({"header_prefix": prefix})).expect("a refusal");
        assert_eq!(
            refused.message,
            format!("`request.header_prefix` is `{prefix}`, and {which} a meaning already")
        );
    }
    for prefix in ["x-govctl-", "x-acme-", "acme-", "x-use-"] {
        assert_eq!(refused(&[], &json!({"header_prefix": prefix})), None, "{prefix}");
    }
}

#[test]
fn a_time_to_the_first_byte_is_some_time_and_no_eternity() {
    let refused = |time: &str| request::check(&table(&json!({"first_byte_timeout": time}))).err();
    for time in ["0 s", "0.000 ms", "0 minutes", "999999999 minutes", "1000000.001 s"] {
        let message = refused(time).expect("a refusal").message;
        let begins =
            format!("`request.first_byte_timeout` is `{time}`; an attempt waits longer than no time, ");
        assert!(message.starts_with(&begins), "{message}");
    }
    for time in ["0.001 ms", "30 s", "1000000 s", "2 minutes"] {
        assert_eq!(refused(time), None, "{time}");
    }
    assert_eq!(request::check(&table(&json!({}))), Ok(()));
}

#[test]
fn envoy_waits_for_whole_milliseconds_and_for_one_at_least() {
    for (time, wanted) in [
        ("0.001 ms", "0.001s"),
        ("0.5 ms", "0.001s"),
        ("0.001 s", "0.001s"),
        ("1.001 ms", "0.002s"),
        ("0.002 minutes", "0.12s"),
        ("30 s", "30s"),
        ("1000000 s", "1000000s"),
    ] {
        let export = envoy::export(&table(&json!({"first_byte_timeout": time})), &Options::default());
        let listeners = &export.expect("an export").files["xds/listeners.json"];
        let key = "\"per_try_timeout\":\"";
        let found = listeners.split(key).skip(1).filter_map(|rest| rest.split('"').next());
        assert_eq!(found.collect::<BTreeSet<_>>(), BTreeSet::from([wanted]), "{time}");
    }
}

#[test]
fn the_manifests_state_the_whole_time_to_the_first_byte_however_long() {
    for (time, wanted) in [
        ("30 s", "30000ms"),
        ("99.999 s", "99999ms"),
        ("100 s", "1m40s"),
        ("2 minutes", "2m"),
        ("3600.5 s", "1h500ms"),
        ("1000000 s", "277h46m40s"),
    ] {
        let export = envoy_ai_gateway::export(&table(&json!({"first_byte_timeout": time})));
        let manifests = &export.expect("an export").files["manifests.yaml"];
        assert!(manifests.contains(&format!("\"timeout\": \"{wanted}\"")), "{time}: {manifests}");
    }
}

/// Every pattern that a proxy has to compile.
fn patterns(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("regex").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| patterns(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| patterns(item, found)),
        _ => {}
    }
}

#[test]
fn envoy_compiles_the_same_few_patterns_for_any_table() {
    let mut seen = Vec::new();
    for walks in ["as they are", "none", "one for every trigger, again and again"] {
        let mut table = table(&json!({}));
        for decision in table.decisions.iter_mut().filter(|_| walks != "as they are") {
            decision.paths.truncate(usize::from(walks != "none"));
            decision.paths.iter_mut().for_each(|path| path.on = Trigger::ALL.to_vec());
        }
        table.failovers.iter_mut().for_each(|failover| failover.retry = 3);
        let export = envoy::export(&table, &Options::default()).expect("an export");
        let mut found = BTreeSet::new();
        for text in export.files.values() {
            patterns(&serde_json::from_str(text).expect("JSON"), &mut found);
        }
        seen.push(found);
    }
    assert!(seen[0].len() < 10, "{:?}", seen[0]);
    assert!(seen.iter().all(|found| *found == seen[0]), "{seen:?}");
}

#[test]
fn a_backslash_that_warehouses_read_in_different_ways_is_refused() {
    let mut table = table(&json!({}));
    assert_eq!(sql::export(&table).err(), None);
    table.facts.insert("back\\slash".to_owned(), fact());
    let refused = sql::export(&table).expect_err("a refusal");
    assert_eq!(
        refused.message,
        "`back\\slash` holds a backslash, which some warehouses read as the beginning of an escape"
    );
}

#[test]
fn litellm_is_told_a_key_of_every_model() {
    let export = litellm::export(&table(&json!({}))).expect("an export");
    let config = &export.files["config.yaml"];
    let groups = config.matches("model_name:").count();
    assert_eq!((config.matches("api_key: none").count(), groups > 3), (groups, true), "{config}");
}

/// The refusal of a table whose first model states this endpoint.
fn unreachable(endpoint: &Value, export: impl Fn(&Table) -> Option<Refused>) -> (String, String) {
    let mut table = table(&json!({}));
    table.models[0].endpoint = endpoint.as_object().cloned().expect("an object");
    let Refused { message, help } = export(&table).expect("a refusal");
    (message.replacen(&table.models[0].id, "MODEL", 1), help)
}

#[test]
fn an_endpoint_means_one_place_and_one_key() {
    let envoy = |table: &Table| envoy::export(table, &Options::default()).err();
    for base in ["https://models.example/v1/../admin", "https://models.example/./v1"] {
        let (message, _) = unreachable(&json!({"base_url": base}), envoy);
        assert_eq!(message, "`MODEL` has an `endpoint.base_url` that is not an http or https address");
    }
    for key in ["", "A=B", "1KEY"] {
        let endpoint = json!({"base_url": "https://models.example/v1", "api_key_env": key});
        let (message, help) = unreachable(&endpoint, envoy);
        assert_eq!(
            message,
            format!("`MODEL` has an `endpoint.api_key_env` that is not the name of a variable: `{key}`")
        );
        assert_eq!(help, "name the environment variable that holds the key, such as `OPENAI_API_KEY`");
    }
    for model in ["*", "claude-?", "${aws:username}"] {
        let (message, _) = unreachable(&json!({"protocol": "bedrock", "model": model}), |table| {
            bedrock::export(table).err()
        });
        assert_eq!(
            message,
            format!(
                "`{model}` is not the id of a model or region of Amazon Bedrock: a policy would take part of it for a pattern"
            )
        );
    }
}
