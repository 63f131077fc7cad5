//! Envoy's access log: a line is the event that says the same, and what stands in a real one is read as it is.

use std::collections::BTreeSet;

use govctl::event::adapters::{self, Adapter};
use govctl::event::{Event, Field, Value as Said};
use serde_json::{Map, Value, json};

use super::{audit, finds_just, found, made, planted, table, workspace, write};
use crate::bundle::{self, root, status, stderr, stdout};

fn adapter() -> &'static Adapter {
    adapters::named("envoy").expect("the format")
}

/// An event as Envoy writes it: numbers of headers are texts, a terminal is a route, and what a proxy does not know is
/// not there.
fn line(event: &made::Event, names: &[(String, String)]) -> made::Event {
    let mut line = Map::new();
    for (key, value) in event {
        let Some(field) = Field::of(key).filter(|field| adapter().states.has(*field)) else { continue };
        let value = match field {
            Field::Hop | Field::Decision => json!(value.to_string()),
            _ => value.clone(),
        };
        line.insert(key.clone(), value);
    }
    if let Some(tag) = event.get("endpoint_tag").and_then(Value::as_str) {
        let name = names.iter().find(|(known, _)| known == tag).map(|(_, name)| name.clone());
        line.insert("use_case".into(), json!(name.expect("an endpoint tag of the table")));
    }
    let is_blocked = line.remove("status") == Some(json!("blocked"));
    if is_blocked {
        line.insert("route".into(), json!("block"));
        line.insert("hop".into(), json!("-"));
    }
    line.insert("http.response.status_code".into(), json!(if is_blocked { 403 } else { 200 }));
    line.insert("log".into(), json!("govctl-envoy/1"));
    line.insert("flags".into(), json!("-"));
    line.insert("obligations".into(), json!({"budgets": [], "quotas": []}));
    line
}

fn lines(text: &str, events: &[made::Event]) -> Vec<made::Event> {
    let table: Value = serde_json::from_str(text).expect("a table");
    let of = |use_case: &Value| {
        let text = |key: &str| use_case[key].as_str().map(str::to_owned);
        Some((text("endpoint_tag")?, text("name")?))
    };
    let names: Vec<_> = table["use_cases"].as_array().expect("use cases").iter().filter_map(of).collect();
    events.iter().map(|event| line(event, &names)).collect()
}

/// What a proxy can state goes wrong in its log as in any other, and nothing besides is found.
#[test]
fn what_is_wrong_with_an_event_is_wrong_with_its_line() {
    let planted_here = [
        "unreadable-event",
        "unknown-table",
        "expired-table",
        "unknown-use-case",
        "not-understood",
        "not-allowed",
        "wrong-hop",
        "wrong-trigger",
        "wrong-decision",
        "missing-tag",
        "wrong-tag",
        "failover-not-logged",
    ];
    let folder = workspace();
    let text = table(folder.path());
    let mut maker = made::Maker::new(&text, 13);
    let (events, wanted) = planted(&mut maker, &planted_here);
    write(folder.path(), "access.log", &lines(&text, &events));
    let output = audit(folder.path(), &["access.log", "--table", "table.json", "--format", "lines"]);
    finds_just(&output, &wanted);
}

#[test]
fn clean_traffic_is_clean_in_the_log_of_a_proxy() {
    for example in ["examples/logistics", "examples/hospital", "examples/saas"] {
        let folder = tempfile::tempdir().expect("a folder");
        let text = stdout(&bundle::run(&root(example), &["compile"]));
        std::fs::write(folder.path().join("table.json"), &text).expect("a file");
        let mut maker = made::Maker::new(&text, 17);
        let events: Vec<made::Event> = (0..400).map(|_| maker.clean()).collect();
        write(folder.path(), "access.log", &lines(&text, &events));
        let output = audit(folder.path(), &["access.log", "--table", "table.json", "--format", "json"]);
        let report = bundle::json(&output);
        assert_eq!((status(&output), &report["events"]), (0, &json!(400)), "{example}: {report:#}");
        assert_eq!(report["tables"][0]["events"], 400);
    }
}

/// Lines that Envoy 1.40.0 wrote for the table of every shape, with that table's digest and day: the primary, other
/// targets, each terminal, requests that are refused.
#[test]
fn lines_of_a_real_log_are_read_and_only_what_has_no_use_case_is_found() {
    let log = root("tests/data/envoy-access.ndjson");
    let table = root("conformance/tables/example.json");
    let arguments =
        [log.to_str().expect("UTF-8"), "--table", table.to_str().expect("UTF-8"), "--format", "lines"];
    let output = audit(&root("."), &arguments);
    let text = std::fs::read_to_string(&log).expect("the log");
    let without = text.lines().zip(1..).filter(|(line, _)| !line.contains("\"use_case\""));
    let wanted: BTreeSet<(u64, String)> =
        without.map(|(_, number)| (number, "unknown-use-case".to_owned())).collect();
    assert!(!wanted.is_empty());
    assert_eq!(found(&output), wanted, "{}", stderr(&output));
    let statuses: BTreeSet<String> = text
        .lines()
        .map(|line| read(line).expect("an event"))
        .filter_map(|record| record.get("status").and_then(Value::as_str).map(str::to_owned))
        .collect();
    let all: Vec<&str> = statuses.iter().map(String::as_str).collect();
    assert_eq!(all, ["blocked", "degraded", "error", "queued", "success"]);
    insta::assert_snapshot!("envoy_events", text.lines().map(|line| shown(line) + "\n").collect::<String>());
}

/// An event as JSON of its keys.
fn read(line: &str) -> Result<Map<String, Value>, String> {
    let record: Map<String, Value> = serde_json::from_str(line).expect("JSON");
    let mut all = Vec::new();
    (adapter().read)(&record, &mut |event| {
        all.push(event.map(|event| keys(&event)).map_err(|fault| fault.0));
    });
    assert_eq!(all.len(), 1, "a line is an event");
    all.remove(0)
}

fn keys(event: &Event<'_>) -> Map<String, Value> {
    let pairs = |pairs: &[(govctl::event::Text<'_>, govctl::event::Text<'_>)]| {
        pairs.iter().map(|(name, value)| (name.to_string(), json!(value))).collect::<Map<String, Value>>()
    };
    let of = |field: Field| {
        let value = match event.get(field) {
            Said::Absent => return None,
            Said::Text(text) => json!(text),
            Said::Count(count) => json!(count),
            Said::List(list) => json!(list),
            Said::Pairs(all) => Value::Object(pairs(all)),
            other => json!(format!("{other:?}")),
        };
        Some((field.key().to_owned(), value))
    };
    Field::ALL.into_iter().filter_map(of).collect()
}

fn shown(line: &str) -> String {
    read(line).map_or_else(|fault| fault, |event| Value::Object(event).to_string())
}

#[test]
fn odd_and_hostile_lines_are_refused_or_read_as_they_are() {
    let with = |more: &Value| {
        let mut line = json!({"log": "govctl-envoy/1", "time": "2026-11-21T10:00:00.000001Z", "use_case": "planning",
            "route": "openai/gpt", "hop": "1", "http.response.status_code": 200});
        line.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        line
    };
    let said = |more: Value, key: &str| {
        read(&with(&more).to_string()).expect("an event").get(key).cloned().unwrap_or(Value::Null)
    };
    // Names as the policy has them, whatever they hold.
    assert_eq!(said(json!({"failover": "a~20b~0a~7e~c3~a4.c"}), "failover"), "a b\n~ä.c");
    for kept in ["~", "~2", "~zz", "~+f", "~ff", "plain"] {
        assert_eq!(said(json!({"logged_as": kept}), "logged_as"), kept);
    }
    assert_eq!(said(json!({"facts": {"~20": "~20"}}), "facts"), json!({"~20": "~20"}));
    // Nothing is nothing.
    for key in ["hop", "decision", "route"] {
        assert_eq!(said(json!({key: "-"}), key), Value::Null);
    }
    assert_eq!(said(json!({"use_case": null, "facts": null, "trigger": ""}), "use_case"), Value::Null);
    // How it ended is what route and status say, and nothing else.
    let ended = |route: &str, http: u64| {
        said(json!({"route": route, "http.response.status_code": http, "status": "success"}), "status")
    };
    assert_eq!(ended("openai/gpt", 200), "success");
    assert_eq!(ended("openai/gpt", 307), "success");
    assert_eq!((ended("openai/gpt", 400), ended("openai/gpt", 0)), (json!("error"), json!("error")));
    assert_eq!((ended("block", 403), ended("queue", 503)), (json!("blocked"), json!("queued")));
    assert_eq!((ended("degrade", 503), ended("Block", 403)), (json!("degraded"), json!("error")));
    assert_eq!(said(json!({"route": "block"}), "route"), Value::Null);
    // What a proxy cannot know is not taken from its log.
    for key in
        ["user", "content", "masked", "retain_days", "confirmed_by", "cost_usd", "sources", "endpoint_tag"]
    {
        assert_eq!(said(json!({key: "7"}), key), Value::Null);
    }
    let refused = |more: Value| read(&with(&more).to_string()).expect_err("no event");
    assert_eq!(refused(json!({"log": "govctl-envoy/2"})), "its `log` is not `govctl-envoy/1`");
    assert_eq!(refused(json!({"log": null})), "its `log` is not `govctl-envoy/1`");
    assert_eq!(refused(json!({"facts": "premium"})), "`facts` has names of its own: `facts.NAME`");
    assert_eq!(refused(json!({"facts": {"tenant": ["premium"]}})), "`facts.tenant` is not text");
    assert_eq!(refused(json!({"policies": "a b"})), "`policies` is not a list");
    assert_eq!(refused(json!({"policies": [1]})), "`policies` are not texts");
    assert_eq!(refused(json!({"route": {"a": "b"}})), "`route` cannot be a list or an object");
    assert_eq!(refused(json!({"hop": "first"})), "`hop` is a whole number of at least 0, not `first`");
    assert_eq!(refused(json!({"decision": -1})), "`decision` is a whole number of at least 0, not `-1`");
}

/// The keys that the export logs are those that are read: none is missing, and none is somebody else's.
#[test]
fn what_is_exported_is_what_is_read() {
    let text = std::fs::read_to_string(root("conformance/tables/example.json")).expect("a table");
    let mut table: govctl::table::format::Table = serde_json::from_str(&text).expect("the format");
    for model in &mut table.models {
        let endpoint = json!({"base_url": "https://models.example/v1", "protocol": "openai"});
        model.endpoint = endpoint.as_object().cloned().expect("an object");
    }
    for use_case in &mut table.use_cases {
        let dimensions = ["application", "business_unit", "project", "team"];
        use_case.tags = dimensions.map(|name| (name.to_owned(), "x".to_owned())).into_iter().collect();
    }
    let export = govctl::export::envoy::export(&table, &govctl::export::envoy::Options::default());
    let export = export.expect("an export");
    let listeners: Value = serde_json::from_str(&export.files["xds/listeners.json"]).expect("JSON");
    let front =
        listeners["resources"].as_array().expect("listeners").iter().find(|one| one["name"] == "front");
    let format = front
        .expect("the front listener")
        .pointer("/filter_chains/0/filters/0/typed_config/access_log/0/typed_config/log_format")
        .expect("a log")
        .clone();
    assert_eq!(format["omit_empty_values"], true);
    let fields = format["json_format"].as_object().expect("fields");
    let besides = ["log", "obligations", "flags", "first_byte_ms", "total_ms"];
    let logged: BTreeSet<Field> = fields
        .keys()
        .filter(|key| !besides.contains(&key.as_str()))
        .map(|key| Field::of(key).expect(key))
        .collect();
    let read: BTreeSet<Field> = Field::ALL
        .into_iter()
        .filter(|field| adapter().states.has(*field) && *field != Field::Status)
        .collect();
    assert_eq!(logged, read);
    assert_eq!(adapters::recognize(fields).map(|known| known.name), Some("envoy"));
}
