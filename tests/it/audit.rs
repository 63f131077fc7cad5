//! `audit`: everything planted is found, and nothing besides; what others log is read as it is.

#[path = "../../benches/events/mod.rs"]
pub(crate) mod made;

mod blocks;
mod decided;
mod envoy;
mod gateways;
mod logs;
mod spans;
mod whole;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::bundle::{self, govctl, root, status, stderr, stdout};
use crate::schemas;

/// A workspace in which everything can go wrong.
pub(crate) fn workspace() -> tempfile::TempDir {
    let text = std::fs::read_to_string(root("tests/data/evidence.txt")).expect("a bundle");
    bundle::unpack_text(&text)
}

/// Its table, written beside it as `table.json`.
pub(crate) fn table(folder: &Path) -> String {
    let output = bundle::run(folder, &["compile", "-o", folder.join("table.json").to_str().expect("UTF-8")]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    std::fs::read_to_string(folder.join("table.json")).expect("the table")
}

fn audit(folder: &Path, arguments: &[&str]) -> Output {
    govctl().current_dir(folder).arg("audit").args(arguments).output().expect("govctl runs")
}

/// The violations by line and code, as `--format lines` has them.
fn found(output: &Output) -> BTreeSet<(u64, String)> {
    let lines = stdout(output);
    let one = |line: &str| {
        let value: Value = serde_json::from_str(line).expect("JSON");
        schemas::holds("audit-line", &value);
        (value["line"].as_u64().expect("a line"), value["code"].as_str().expect("a code").to_owned())
    };
    lines.lines().map(one).collect()
}

fn write(folder: &Path, name: &str, events: &[made::Event]) {
    let lines: String = events.iter().map(|event| Value::Object(event.clone()).to_string() + "\n").collect();
    std::fs::write(folder.join(name), lines).expect("the log is written");
}

/// Clean events with something planted among them: the events, and what is to be found by line and code.
fn planted(maker: &mut made::Maker, of: &[&str]) -> (Vec<made::Event>, BTreeSet<(u64, String)>) {
    let (mut events, mut wanted) = (Vec::new(), BTreeSet::new());
    for round in 0..4 {
        for code in of {
            events.extend((0..10).map(|_| maker.clean()));
            if let Some(event) = maker.planted(code) {
                events.push(event);
                wanted.insert((events.len() as u64, (*code).to_owned()));
            } else {
                assert!(round > 0 || *code == "not-confirmed", "no occasion for {code}");
            }
        }
    }
    let codes: BTreeSet<&str> = wanted.iter().map(|(_, code)| code.as_str()).collect();
    assert_eq!(codes.len(), of.len(), "something was not planted: {codes:?}");
    (events, wanted)
}

/// Whether just that was found.
fn finds_just(output: &Output, wanted: &BTreeSet<(u64, String)>) {
    assert_eq!(status(output), 1, "{}", stderr(output));
    let found = found(output);
    let missed: Vec<_> = wanted.difference(&found).collect();
    let besides: Vec<_> = found.difference(wanted).collect();
    assert!(missed.is_empty() && besides.is_empty(), "missed {missed:#?}, besides {besides:#?}");
}

#[test]
fn everything_planted_is_found_and_nothing_besides() {
    let folder = workspace();
    let text = table(folder.path());
    let mut maker = made::Maker::new(&text, 7);
    let (events, wanted) = planted(&mut maker, &made::PLANTED);
    write(folder.path(), "log.ndjson", &events);
    for of in [&["--table", "table.json"][..], &[]] {
        let output = audit(folder.path(), &[&["log.ndjson", "--format", "lines"], of].concat());
        finds_just(&output, &wanted);
    }
}

#[test]
fn clean_events_of_the_examples_are_clean_in_every_form() {
    for example in ["examples/logistics", "examples/hospital", "examples/saas"] {
        let folder = tempfile::tempdir().expect("a folder");
        let output = bundle::run(&root(example), &["compile"]);
        let text = stdout(&output);
        std::fs::write(folder.path().join("table.json"), &text).expect("a file");
        let mut maker = made::Maker::new(&text, 11);
        let events: Vec<made::Event> = (0..400).map(|_| maker.clean()).collect();
        write(folder.path(), "log.ndjson", &events);
        std::fs::write(folder.path().join("log.csv"), csv(&events)).expect("a file");
        std::fs::write(folder.path().join("spans.json"), otlp(&events)).expect("a file");
        let list = serde_json::to_string_pretty(&events).expect("JSON");
        std::fs::write(folder.path().join("log.json"), list).expect("a file");
        let logs = ["log.ndjson", "log.csv", "spans.json", "log.json"];
        for log in logs {
            let output = audit(folder.path(), &[log, "--table", "table.json", "--format", "json"]);
            let report: Value = bundle::json(&output);
            schemas::holds("audit", &report);
            assert_eq!((status(&output), &report["events"]), (0, &json!(400)), "{example} {log}: {report:#}");
            assert_eq!(report["tables"][0]["events"], 400);
        }
        let all = audit(folder.path(), &[&logs[..], &["--table", "table.json", "--format", "json"]].concat());
        let all = bundle::json(&all);
        assert_eq!((&all["events"], &all["requests"]), (&json!(1600), &json!(400)));
        assert_eq!(all["summary"]["repeated_events"], 1200);
        // Whatever the form, an event is the same, and its money to the billionth; it counts once.
        let one =
            bundle::json(&audit(folder.path(), &["log.csv", "--table", "table.json", "--format", "json"]));
        let nanos = |value: &Value| {
            let text = value["cost"]["by_price_usd"].as_str().expect("an amount").to_owned();
            govctl::event::money::parse(&text).expect("an amount")
        };
        assert_eq!(nanos(&all), nanos(&one));
    }
}

/// Events as CSV: a column for every key.
pub(crate) fn csv(events: &[made::Event]) -> String {
    let mut rows: Vec<Vec<(String, String)>> = Vec::new();
    for event in events {
        let mut row = Vec::new();
        for (key, value) in event {
            match value {
                Value::Object(pairs) => {
                    let pairs = pairs.iter().map(|(name, value)| {
                        (format!("{key}.{name}"), value.as_str().expect("text").to_owned())
                    });
                    row.extend(pairs);
                }
                Value::Array(list) => {
                    let list: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                    row.push((key.clone(), list.join(";")));
                }
                Value::String(text) => row.push((key.clone(), text.clone())),
                other => row.push((key.clone(), other.to_string())),
            }
        }
        rows.push(row);
    }
    let columns: BTreeSet<&str> = rows.iter().flatten().map(|(key, _)| key.as_str()).collect();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = columns.iter().map(|column| quoted(column)).collect::<Vec<String>>().join(",") + "\n";
    for row in &rows {
        let cell = |column: &&str| {
            let value = row.iter().find(|(key, _)| key == column).map_or("", |(_, value)| value);
            if value.is_empty() { String::new() } else { quoted(value) }
        };
        text += &(columns.iter().map(cell).collect::<Vec<String>>().join(",") + "\n");
    }
    text
}

/// Events as spans: one batch a line, ten spans a batch.
fn otlp(events: &[made::Event]) -> String {
    let attribute = |key: &str, value: &Value| {
        let ours = if key.starts_with("gen_ai.") { key.to_owned() } else { format!("govctl.{key}") };
        let value = match value {
            Value::Number(number) => json!({"intValue": number.to_string()}),
            Value::Array(list) => {
                let values: Vec<Value> = list.iter().map(|text| json!({"stringValue": text})).collect();
                json!({"arrayValue": {"values": values}})
            }
            other => json!({"stringValue": other}),
        };
        json!({"key": ours, "value": value})
    };
    let span = |event: &made::Event| {
        let mut attributes = Vec::new();
        for (key, value) in event {
            match value {
                Value::Object(pairs) => attributes
                    .extend(pairs.iter().map(|(name, value)| attribute(&format!("{key}.{name}"), value))),
                value if key != "time" => attributes.push(attribute(key, value)),
                _ => {}
            }
        }
        let at: jiff::Timestamp = event["time"].as_str().expect("a time").parse().expect("a time");
        json!({"traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": "00f067aa0ba902b7",
               "startTimeUnixNano": at.as_nanosecond().to_string(), "attributes": attributes, "status": {}})
    };
    let mut text = String::new();
    for batch in events.chunks(10) {
        let mut spans: Vec<Value> = batch.iter().map(span).collect();
        // What agents do besides asks no model.
        spans.push(json!({"spanId": "1", "startTimeUnixNano": "1", "attributes": [
            {"key": "gen_ai.operation.name", "value": {"stringValue": "execute_tool"}}]}));
        let batch = json!({"resourceSpans": [{
            "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "gateway"}},
                                        {"key": "cloud.region", "value": {"stringValue": "moon"}}]},
            "scopeSpans": [{"spans": spans}]}]});
        text += &(batch.to_string() + "\n");
    }
    text
}

#[test]
fn a_table_is_in_force_by_digest_or_by_day() {
    let folder = workspace();
    let old = table(folder.path());
    std::fs::create_dir(folder.path().join("tables")).expect("a folder");
    std::fs::write(folder.path().join("tables/old.json"), &old).expect("a file");
    // A month later `beta` is gone for everybody.
    let registry = folder.path().join("registry/main.yaml");
    let text = std::fs::read_to_string(&registry).expect("the registry");
    let narrowed = text.replacen(
        "name: beta\n        approved_use_cases: [\"*\"]",
        "name: beta\n        approved_use_cases: [letters]",
        1,
    );
    assert_ne!(narrowed, text);
    std::fs::write(&registry, narrowed).expect("a file");
    let mut made = std::process::Command::new(env!("CARGO_BIN_EXE_govctl"));
    let made =
        made.args(["--as-of", "2026-12-01", "compile", "-o", "tables/new.json"]).current_dir(folder.path());
    assert!(made.status().expect("govctl runs").success());
    let new = std::fs::read_to_string(folder.path().join("tables/new.json")).expect("the table");
    let digest = |table: &str| made::parsed(table).digest;
    let event = |time: &str, table: Option<&str>| {
        let mut event = json!({"time": time, "use_case": "numbers", "business_unit": "ops", "team": "planning",
            "user": "u", "prompt_version": "v1", "facts": {"tenant": "premium"}, "route": "north/beta", "hop": 0,
            "status": "success"});
        if let Some(table) = table {
            event["table"] = json!(digest(table));
        }
        event.to_string() + "\n"
    };
    let log = [
        event("2026-11-01T00:00:00Z", None),
        event("2026-11-30T23:59:59Z", None),
        event("2026-12-01T00:00:00Z", None),
        event("2026-11-30T23:00:00-05:00", None),
        event("2026-12-01T00:00:00Z", Some(&old)),
        event("2026-12-02T00:00:00Z", Some(&old)),
        event("2026-12-02T00:00:00Z", Some(&new)),
        event("2027-06-01T00:00:00Z", Some(&old)),
        // The clocks of a gateway and of a compiler differ by a day at most.
        event("2026-11-30T00:00:00Z", Some(&new)),
        event("2026-11-29T00:00:00", Some(&new)),
    ];
    std::fs::write(folder.path().join("log.ndjson"), log.concat()).expect("a log");
    let output = audit(folder.path(), &["log.ndjson", "--table", "tables", "--format", "lines"]);
    let wanted: BTreeSet<(u64, String)> = [
        // The third and the fourth are of the day of the new table, on which the old one may have decided.
        (6, "old-table"),
        (7, "not-allowed"),
        (8, "old-table"),
        (8, "expired-table"),
        (9, "not-allowed"),
        (10, "not-allowed"),
        (10, "unknown-table"),
    ]
    .map(|(line, code)| (line, code.to_owned()))
    .into();
    assert_eq!(found(&output), wanted, "{}", stderr(&output));
}

#[test]
fn a_replay_says_what_another_policy_would_have_done() {
    let folder = workspace();
    let text = table(folder.path());
    let mut maker = made::Maker::new(&text, 3);
    let events: Vec<made::Event> = (0..300).map(|_| maker.clean()).collect();
    write(folder.path(), "log.ndjson", &events);
    let replay = |other: &str| {
        let arguments = ["log.ndjson", "--table", "table.json", "--replay", other, "--format", "json"];
        let report = bundle::json(&audit(folder.path(), &arguments));
        schemas::holds("replay", &report);
        report
    };
    let same = replay(".");
    assert_eq!(same["summary"]["requests"], 300);
    assert_eq!(same["summary"]["same"], 300, "{same:#}");
    assert_eq!(same["summary"]["cost_usd"], same["summary"]["would_cost_usd"]);
    // What is not understood is refused, under the use case that it names.
    let mut unclear = maker.clean();
    unclear.insert("facts".to_owned(), json!({"no such fact": "x"}));
    let name = unclear.get("use_case").or_else(|| unclear.get("endpoint_tag")).is_some();
    write(folder.path(), "log.ndjson", &[unclear]);
    let refused = replay(".");
    assert!(name && refused["use_cases"][0]["use_case"].is_string(), "{refused:#}");
    assert_eq!(refused["summary"]["requests"], 1);
    write(folder.path(), "log.ndjson", &events);
    let rules = folder.path().join("policies/rules.gov");
    let policy = std::fs::read_to_string(&rules).expect("the policy");
    let only_house = policy
        + "\ncompliance rule home {\n  require model.hosting == self-hosted\n  because \"a test\"\n}\n";
    std::fs::write(&rules, only_house).expect("a file");
    let moved = replay(".");
    assert_eq!(moved["unread"], 0);
    let moves = moved["use_cases"].as_array().expect("use cases").iter().flat_map(|of| {
        of["moves"]
            .as_array()
            .expect("moves")
            .iter()
            .map(|one| one["to"].as_str().expect("a name").to_owned())
    });
    let moves: BTreeSet<String> = moves.collect();
    assert_eq!(moves, BTreeSet::from(["house/gamma".to_owned(), "refused".to_owned()]));
    // What was asked in vain at hop 1 of a path that has no target now is refused.
    assert!(moved["summary"]["refused"].as_u64().expect("a count") > 0);
}

/// A folder of tables of which each must be signed: one that is not, or by somebody else, stops the audit.
#[test]
fn a_folder_of_tables_is_believed_where_every_one_is_signed() {
    let folder = workspace();
    let key = |name: &str| root("loaders/rust/tests/signing").join(name).display().to_string();
    let make = |day: &str, name: &str| {
        let mut govctl = std::process::Command::new(env!("CARGO_BIN_EXE_govctl"));
        govctl
            .args(["--as-of", day, "compile", "-o", name, "--sign-key", &key("ci.key")])
            .current_dir(folder.path());
        assert!(govctl.status().expect("govctl runs").success());
    };
    std::fs::create_dir(folder.path().join("tables")).expect("a folder");
    make("2026-11-01", "tables/first.json");
    make("2026-11-21", "tables/second.json");
    let text = std::fs::read_to_string(folder.path().join("tables/second.json")).expect("a table");
    let mut maker = made::Maker::new(&text, 9);
    let events: Vec<made::Event> = (0..20).map(|_| maker.clean()).collect();
    write(folder.path(), "log.ndjson", &events);
    let ask = |public: &str| {
        audit(folder.path(), &["log.ndjson", "--table", "tables", "--trusted-key", &key(public)])
    };
    let output = ask("ci.pub");
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert_eq!(status(&ask("other.pub")), 2);
    std::fs::remove_file(folder.path().join("tables/first.json.sig")).expect("a signature");
    let output = ask("ci.pub");
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("first.json"), "{}", stderr(&output));
}
