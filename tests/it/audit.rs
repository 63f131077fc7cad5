//! `audit`: everything planted is found, and nothing besides; what others log is read as it is.

#[path = "../../benches/events/mod.rs"]
pub(crate) mod made;

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
    (events, wanted)
}

#[test]
fn everything_planted_is_found_and_nothing_besides() {
    let folder = workspace();
    let text = table(folder.path());
    let mut maker = made::Maker::new(&text, 7);
    let (events, wanted) = planted(&mut maker, &made::PLANTED);
    write(folder.path(), "log.ndjson", &events);
    let codes: BTreeSet<&str> = wanted.iter().map(|(_, code)| code.as_str()).collect();
    assert_eq!(codes.len(), made::PLANTED.len(), "something was not planted: {codes:?}");
    for of in [&["--table", "table.json"][..], &[]] {
        let output = audit(folder.path(), &[&["log.ndjson", "--format", "lines"], of].concat());
        assert_eq!(status(&output), 1, "{}", stderr(&output));
        let found = found(&output);
        let missed: Vec<_> = wanted.difference(&found).collect();
        let besides: Vec<_> = found.difference(&wanted).collect();
        assert!(missed.is_empty() && besides.is_empty(), "missed {missed:#?}, besides {besides:#?}");
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
        assert_eq!(all["events"], 1600);
        // Whatever the form, the money is the same to the billionth.
        let one =
            bundle::json(&audit(folder.path(), &["log.csv", "--table", "table.json", "--format", "json"]));
        let nanos = |value: &Value| {
            let text = value["cost"]["by_price_usd"].as_str().expect("an amount").to_owned();
            govctl::event::money::parse(&text).expect("an amount")
        };
        assert_eq!(nanos(&all), 4 * nanos(&one));
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

/// What an audit of one text says, with `--format lines`, as `code: message`.
fn said(folder: &Path, name: &str, text: &str, arguments: &[&str]) -> Vec<String> {
    std::fs::write(folder.join(name), text).expect("the log is written");
    let arguments = [&[name, "--format", "lines", "--table", "table.json"], arguments].concat();
    let output = audit(folder, &arguments);
    assert!(status(&output) < 2, "{}", stderr(&output));
    stdout(&output)
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).expect("JSON");
            format!(
                "{}: {}",
                value["code"].as_str().expect("a code"),
                value["message"].as_str().expect("text")
            )
        })
        .collect()
}

#[test]
fn the_logs_of_others_are_read_as_they_are() {
    let folder = workspace();
    table(folder.path());
    let said = |name: &str, text: &str| said(folder.path(), name, text, &[]);
    // LiteLLM's row of spend: metadata as text, the prefix of the protocol, an attempt's number.
    let row = json!({"request_id": "a", "call_type": "acompletion", "startTime": "2026-11-21 10:00:00.5",
        "model": "openai/alpha-2026-01-01", "model_group": "north/alpha#0", "custom_llm_provider": "openai",
        "prompt_tokens": 1000, "completion_tokens": 100, "spend": 0.5, "status": "success",
        "metadata": "{\"user_api_key_team_alias\": \"planning\", \"requester_metadata\": {\"govctl\": {\"use_case\": \"numbers\"}, \"business_unit\": \"ops\", \"user\": \"u\", \"prompt_version\": \"v1\"}}"});
    assert_eq!(
        said("row.json", &row.to_string()),
        ["cost-off: `billed_usd` is 0.50 usd, and its tokens cost 0.0045 usd at `north/alpha`"]
    );
    let callback = json!({"id": "b", "trace_id": "t", "startTime": 1_795_255_200.25, "status": "failure",
        "model": "alpha", "custom_llm_provider": "north", "prompt_tokens": 10, "completion_tokens": 0,
        "response_cost": 0.00003, "messages": [{"role": "user", "content": "x"}],
        "error_information": {"error_class": "Timeout"},
        "metadata": {"requester_metadata": {"govctl": {"use_case": "letters", "facts": {"tenant": "premium"}}}}});
    assert_eq!(
        said("callback.json", &callback.to_string()),
        [
            "wrong-trigger: `north/alpha` was asked by failover, and no trigger is named",
            "failover-not-logged: failover `outage` is to be logged as `governance-event`",
            "missing-tag: it says no `business_unit`",
            "missing-tag: it says no `team`",
            "missing-tag: it says no `user`",
            "missing-prompt-version: it says no `prompt_version`",
            "missing-lineage: it says no `sources`",
            "masked-data: it holds prompt or answer, and nothing says that `pii` was masked",
            "missing-retention: it says no `retain_days`, 365 are asked for"
        ]
    );
    let portkey = json!({"id": "c", "trace_id": "t", "created_at": "2026-11-21T10:00:00.000Z", "ai_org": "north",
        "ai_model": "beta", "req_units": 10, "res_units": 5, "is_success": true, "response_status_code": 200,
        "cost": 0.9, "metadata": {"_user": "u", "use_case": "numbers", "team": "planning", "business_unit": "ops",
        "prompt_version": "v1", "status": "theirs"}});
    assert_eq!(
        said("portkey.jsonl", &(portkey.to_string() + "\n")),
        [
            "wrong-trigger: `north/beta` was asked by failover, and no trigger is named",
            "failover-not-logged: failover `outage` is to be logged as `governance-event`",
            "not-confirmed: `north/beta` asks for a confirmation, and nobody is named"
        ]
    );
    let openai = json!({"object": "page", "data": [{"object": "bucket", "start_time": 1_795_255_200, "results": [
        {"object": "organization.usage.completions.result", "model": "alpha", "input_tokens": 5, "output_tokens": 5,
         "num_model_requests": 7, "batch": true},
        {"object": "organization.usage.completions.result", "model": "mystery", "input_tokens": 5, "output_tokens": 5,
         "num_model_requests": 1, "batch": false}]}]});
    let pretty = serde_json::to_string_pretty(&openai).expect("JSON");
    assert_eq!(said("openai.json", &pretty), ["unknown-model: no model is called `mystery` of `openai`"]);
    let rows = "start_time,num_model_requests,model,input_tokens,output_tokens,batch\n1795255200,3,alpha,5,5,False\n1795255200,1,mystery,1,1,\n";
    assert_eq!(said("openai.csv", rows), ["unknown-model: no model is called `mystery` of `openai`"]);
    let anthropic = json!({"data": [{"starting_at": "2026-11-21T00:00:00Z", "results": [
        {"model": "beta", "uncached_input_tokens": 5, "cache_read_input_tokens": 3, "output_tokens": 1,
         "cache_creation": {"ephemeral_1h_input_tokens": 1, "ephemeral_5m_input_tokens": 1}, "service_tier": "batch"},
        {"model": "delta", "uncached_input_tokens": 5, "output_tokens": 1}]}], "has_more": false});
    assert_eq!(
        said("anthropic.json", &anthropic.to_string()),
        ["unknown-model: no model is called `delta` of `anthropic`"]
    );
    let payload = json!({"externalRequestId": "req_01", "provider": "north", "model": "alpha",
        "endpointTag": "help.letters", "promptVersion": "summary_v3", "userId": "tenant_acme_hash",
        "inputTokens": 540, "outputTokens": 180, "latencyMs": 892, "status": "success", "dataMode": "demo",
        "environment": "prod"});
    assert_eq!(
        said("payload.json", &payload.to_string()),
        [
            "raw-user: `user` has 16 characters and is not `hmac-sha256:` and 64 hex digits",
            "test-in-production: `demo` data in `prod`"
        ]
    );
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
    ];
    std::fs::write(folder.path().join("log.ndjson"), log.concat()).expect("a log");
    let output = audit(folder.path(), &["log.ndjson", "--table", "tables", "--format", "lines"]);
    let wanted: BTreeSet<(u64, String)> = [
        (3, "not-allowed"),
        (4, "not-allowed"),
        (6, "old-table"),
        (7, "not-allowed"),
        (8, "old-table"),
        (8, "expired-table"),
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

#[test]
fn compressed_logs_are_read_and_half_a_file_is_no_answer() {
    use std::io::Write as _;
    let folder = workspace();
    let text = table(folder.path());
    let mut maker = made::Maker::new(&text, 5);
    let events: Vec<made::Event> = (0..50).map(|_| maker.clean()).collect();
    write(folder.path(), "log.ndjson", &events);
    let plain = std::fs::read(folder.path().join("log.ndjson")).expect("the log");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&plain).expect("packed");
    let packed = packed.finish().expect("packed");
    std::fs::write(folder.path().join("log.gz"), &packed).expect("a file");
    let report =
        bundle::json(&audit(folder.path(), &["log.gz", "--table", "table.json", "--format", "json"]));
    assert_eq!((&report["events"], &report["violations"]), (&json!(50), &json!([])));
    std::fs::write(folder.path().join("half.gz"), &packed[..packed.len() / 2]).expect("a file");
    let half = audit(folder.path(), &["half.gz", "--table", "table.json"]);
    assert_eq!((status(&half), stdout(&half)), (2, String::new()));
    assert!(stderr(&half).starts_with("error: cannot read `half.gz`: "), "{}", stderr(&half));
}

#[test]
fn what_is_no_log_is_named() {
    let folder = workspace();
    table(folder.path());
    let refused = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("a file");
        let output = audit(folder.path(), &[name, "--table", "table.json"]);
        assert_eq!((status(&output), stdout(&output).as_str()), (2, ""));
        stderr(&output)
    };
    let names =
        "otlp, litellm, portkey, openai, anthropic, opsmeter, focus, spend, event, say so with `--input`\n";
    let wanted = format!(
        "error: cannot read `a.csv`: it is neither JSON nor a table whose first row names columns that are known; if it is one of {names}"
    );
    assert_eq!(refused("a.csv", "colour,size\nred,1\n"), wanted);
    let wanted = format!("error: cannot read `a.json`: its format is not known; if it is one of {names}");
    assert_eq!(refused("a.json", "{\"colour\": \"red\"}\n"), wanted);
    let absent = audit(folder.path(), &["none.ndjson", "--table", "table.json"]);
    assert_eq!(stderr(&absent), "error: cannot read `none.ndjson`: there is no such file or folder\n");
    let lines = "{\"time\":\"2026-11-21T00:00:00Z\",\"use_case\":\"nobody\"}\n{\"time\":\n[1]\n{\"use_case\":\"vault\"}\n{\"time\":\"soon\",\"use_case\":\"vault\"}\n";
    assert_eq!(
        said(folder.path(), "bad.ndjson", lines, &[]),
        [
            "unknown-use-case: `nobody` is not a use case or endpoint tag",
            "unreadable-event: this is not JSON: EOF while parsing a value (column 8)",
            "unreadable-event: invalid type: sequence, expected an event, which is a JSON object",
            "unreadable-event: it says no time",
            "unreadable-event: `soon` is not a time"
        ]
    );
    let allowed = ["--allow", "unreadable-event", "--allow", "unknown-use-case"];
    assert_eq!(said(folder.path(), "bad.ndjson", lines, &allowed), Vec::<String>::new());
}

#[test]
fn what_logs_say_acts_in_no_terminal() {
    let folder = workspace();
    table(folder.path());
    let event = json!({"time": "2026-11-21T00:00:00Z", "request_id": "\u{1b}]0;x\u{7}\n::error::x",
        "use_case": "\u{1b}[2J\u{202e}vault\n##[group]"});
    std::fs::write(folder.path().join("log.ndjson"), event.to_string() + "\n").expect("a log");
    for format in ["human", "json", "lines"] {
        let output = audit(folder.path(), &["log.ndjson", "--table", "table.json", "--format", format]);
        let text = stdout(&output);
        let hidden = text.chars().any(|c| c != '\n' && govctl::source::visible::is_hidden(c));
        assert!(
            !hidden && !text.lines().any(|line| line.trim_start().starts_with("::")),
            "{format}: {text:?}"
        );
    }
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
