//! The one path that some gateways walk, by the statuses of its triggers, and what is declared of all others; where they
//! ask, and by which names.

use govctl::export::promise::Level;
use govctl::export::{Export, bifrost, cloudflare, envoy_ai_gateway, portkey};
use govctl::table::format::{Fact, Table, Trigger};
use serde_json::{Value, json};

use crate::bundle;

use Trigger::{OutOfCredit, RateLimited, ServerError, Timeout, Unauthorized, Unavailable};

/// The table of every shape, with endpoints; every decision has one path, on these triggers.
fn table(on: &[Trigger]) -> Table {
    let text = std::fs::read_to_string(bundle::root("conformance/tables/example.json")).expect("a table");
    let mut table: Table = serde_json::from_str(&text).expect("the format");
    for model in &mut table.models {
        let endpoint = json!({"base_url": "https://models.example/v1"});
        model.endpoint = endpoint.as_object().cloned().expect("an object");
    }
    for decision in &mut table.decisions {
        decision.paths.truncate(1);
        decision.paths.iter_mut().for_each(|path| path.on = on.to_vec());
    }
    table.failovers.iter_mut().for_each(|failover| failover.retry = 0);
    table
}

fn level(export: &Export, promise: &str) -> Level {
    export.promises.iter().find(|kept| kept.promise == promise).expect("a promise").level
}

/// The manifests of one kind.
fn manifests(table: &Table, kind: &str) -> Vec<Value> {
    let export = envoy_ai_gateway::export(table).expect("an export");
    let parts = export.files["manifests.yaml"].split("---\n").skip(1);
    let all = parts.map(|part| serde_saphyr::from_str::<Value>(part).expect("YAML"));
    all.filter(|manifest| manifest["kind"] == kind).collect()
}

/// On what Envoy AI Gateway goes on, in every rule that can.
fn retry_on(on: &[Trigger]) -> (Vec<String>, Vec<u64>) {
    let policies = manifests(&table(on), "BackendTrafficPolicy");
    let retries: Vec<&Value> = policies.iter().map(|policy| &policy["spec"]["retry"]).collect();
    let going_on: Vec<&&Value> = retries.iter().filter(|retry| retry["numRetries"] != 0).collect();
    assert!(!going_on.is_empty() && going_on.iter().all(|retry| retry["retryOn"] == going_on[0]["retryOn"]));
    let triggers = going_on[0]["retryOn"]["triggers"].as_array().expect("triggers");
    let statuses = going_on[0]["retryOn"]["httpStatusCodes"].as_array().expect("statuses");
    let triggers = triggers.iter().map(|trigger| trigger.as_str().expect("text").to_owned());
    (triggers.collect(), statuses.iter().filter_map(Value::as_u64).collect())
}

#[test]
fn portkey_walks_the_one_path_of_any_trigger() {
    let others: Vec<u64> = (500..600).filter(|status| ![503, 504, 529].contains(status)).collect();
    for (on, statuses) in [
        (RateLimited, vec![429]),
        (Unauthorized, vec![401, 403]),
        (OutOfCredit, vec![402]),
        (Unavailable, vec![503, 529]),
        (Timeout, vec![408, 504]),
        (ServerError, others),
    ] {
        let export = portkey::export(&table(&[on])).expect("an export");
        let config: Value = serde_json::from_str(&export.files["configs/planning.json"]).expect("JSON");
        let targets = config["targets"].as_array().expect("targets");
        let walks: Vec<&Value> =
            targets.iter().filter(|target| target["strategy"]["mode"] == "fallback").collect();
        assert!(!walks.is_empty(), "{on:?}");
        for walk in walks {
            assert_eq!(walk["strategy"]["on_status_codes"], json!(statuses), "{on:?}");
        }
        for trigger in Trigger::ALL {
            let promise = format!("trigger:{}", trigger.name());
            assert_eq!(level(&export, &promise), Level::Hook, "{on:?} {promise}");
        }
    }
}

#[test]
fn only_the_triggers_of_other_paths_are_lost() {
    let mut table = table(&[Unavailable]);
    let decision = table.decisions.iter_mut().find(|decision| !decision.paths.is_empty()).expect("a path");
    let mut other = decision.paths[0].clone();
    other.on = vec![RateLimited];
    decision.paths.insert(0, other);
    for export in [portkey::export(&table), envoy_ai_gateway::export(&table)] {
        let export = export.expect("an export");
        assert_eq!(level(&export, "trigger:rate-limited"), Level::Lost, "{}", export.target);
        assert!(level(&export, "trigger:server-error").is_faithful(), "{}", export.target);
    }
}

#[test]
fn envoy_cannot_tell_silence_from_a_reset() {
    let export = |on: &[Trigger]| envoy_ai_gateway::export(&table(on)).expect("an export");
    for (on, last, timeout, unavailable) in [
        (vec![Timeout, Unavailable], "reset", Level::ByConstruction, Level::ByConstruction),
        (vec![Unavailable], "reset-before-request", Level::ByConstruction, Level::Lost),
        (vec![Timeout], "retriable-status-codes", Level::Lost, Level::ByConstruction),
    ] {
        let (triggers, _) = retry_on(&on);
        assert_eq!(triggers.last().map(String::as_str), Some(last), "{on:?}");
        let export = export(&on);
        let levels = (level(&export, "trigger:timeout"), level(&export, "trigger:unavailable"));
        assert_eq!(levels, (timeout, unavailable), "{on:?}");
    }
    assert_eq!(retry_on(&[RateLimited]).1, [429]);
    assert_eq!(retry_on(&[ServerError]).1.len(), 97);
    // A body may say of a 4xx what its status does not.
    assert_eq!(level(&export(&[ServerError, Unavailable]), "no-other-walk"), Level::Native);
    assert_eq!(level(&export(&[RateLimited]), "no-other-walk"), Level::Lost);
    for rule in manifests(&table(&[Timeout]), "AIGatewayRoute") {
        assert_eq!(rule["spec"]["rules"][0]["timeouts"]["request"], "0s");
    }
}

#[test]
fn a_use_case_is_called_by_its_tag_as_well() {
    let table = table(&[Unavailable]);
    let tagged = table.use_cases.iter().find(|one| one.endpoint_tag.is_some()).expect("a tag");
    let routes = manifests(&table, "AIGatewayRoute");
    let rules = routes.iter().filter_map(|route| route["spec"]["rules"].as_array()).flatten();
    let matches: Vec<&Value> = rules.filter_map(|rule| rule["matches"].as_array()).flatten().collect();
    let called = |name: &str| matches.iter().filter(|one| one["headers"][0]["value"] == name).count();
    let tag = tagged.endpoint_tag.as_deref().expect("a tag");
    assert_eq!(called(&tagged.name), called(tag));
    assert!(called(tag) > 0);
}

#[test]
fn a_provider_is_asked_at_the_path_that_the_registry_states() {
    for (base, prefix, asked) in [
        ("https://models.example", "/", Some("https://models.example")),
        ("https://models.example/", "/", Some("https://models.example")),
        ("https://models.example/a/b", "/a/b", Some("https://models.example/a/b")),
        ("https://models.example/a/v1", "/a/v1", None),
    ] {
        let mut table = table(&[Unavailable]);
        for model in &mut table.models {
            model.endpoint.insert("base_url".to_owned(), json!(base));
        }
        for backend in manifests(&table, "AIServiceBackend") {
            assert_eq!(backend["spec"]["schema"]["prefix"], prefix, "{base}");
        }
        let export = bifrost::export(&table).expect("an export");
        let config: Value = serde_json::from_str(&export.files["config.json"]).expect("JSON");
        let providers = config["providers"].as_object().expect("providers");
        for (name, provider) in providers.iter().filter(|(name, _)| *name != "govctl-nobody") {
            let paths = &provider["custom_provider_config"]["request_path_overrides"];
            let stated = paths["chat_completion"].as_str();
            // Without one, Bifrost appends `/v1/chat/completions`.
            assert_eq!(stated, asked.map(|_| "/chat/completions"), "{name} {base}");
            let wanted = asked.unwrap_or("https://models.example/a");
            assert_eq!(provider["network_config"]["base_url"], wanted, "{name} {base}");
        }
    }
}

#[test]
fn what_keys_of_metadata_cannot_tell_apart_is_refused() {
    let fact = Fact { values: vec!["a".to_owned(), "b".to_owned()], default: "a".to_owned() };
    for (names, key) in [(vec!["x.y", "x_y"], "x_y"), (vec!["budget_remaining"], "budget_remaining")] {
        let mut table = table(&[Unavailable]);
        table.facts.extend(names.iter().map(|name| ((*name).to_owned(), fact.clone())));
        for refused in [portkey::export(&table), cloudflare::export(&table)] {
            let message = refused.expect_err("a refusal").message;
            assert!(
                message.ends_with(&format!("would both be stated by the key `{key}` of the metadata")),
                "{message}"
            );
        }
    }
}

#[test]
fn configs_without_conditions_come_with_the_context_of_each() {
    let mut table = table(&[ServerError]);
    // Too many models for a header.
    let list = table.target_lists.iter_mut().find(|list| !list.is_empty()).expect("targets");
    *list = std::iter::repeat_n(list[0].clone(), 60).collect();
    let export = portkey::export(&table).expect("an export");
    let index: Value = serde_json::from_str(&export.files["index.json"]).expect("JSON");
    let apart: Vec<&String> = index
        .as_object()
        .expect("an object")
        .iter()
        .filter(|(_, entry)| entry.get("decisions").is_some())
        .map(|(name, _)| name)
        .collect();
    assert!(!apart.is_empty(), "{index}");
    for use_case in &table.use_cases {
        let routes: Vec<_> = export.routes.iter().filter(|route| route.use_case == use_case.name).collect();
        let wanted = if apart.contains(&&use_case.name) { use_case.cells.len() } else { 0 };
        assert_eq!(routes.len(), wanted, "{}", use_case.name);
        for (route, cell) in routes.iter().zip(&use_case.cells) {
            assert_eq!((route.decision, export.files.contains_key(&route.route)), (*cell, true));
        }
    }
    let why = &export.promises.iter().find(|kept| kept.promise == "facts").expect("a promise").why;
    assert!(why.contains("`routes` of `export.json`"), "{why}");
}

#[test]
fn both_that_read_bodies_for_portkey_know_the_same_words() {
    let of = |path: &str| {
        let text = std::fs::read_to_string(bundle::root(path)).expect("the source");
        ["const FILTERED = ", "const TOO_LONG = ", "const NO_CREDIT = "].map(|start| {
            let line = text.lines().find(|line| line.starts_with(start));
            line.expect("the words").to_owned()
        })
    };
    assert_eq!(of("src/export/fetch.mjs"), of("integrations/portkey/src/triggers.mjs"));
}
