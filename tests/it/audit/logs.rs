//! Logs of others, packed ones, and what is no log.

use std::path::Path;

use serde_json::{Value, json};

use super::{audit, made, table, workspace, write};
use crate::bundle::{self, status, stderr, stdout};

/// What an audit of one text says, with `--format lines`, as `code: message`.
pub(super) fn said(folder: &Path, name: &str, text: &str, arguments: &[&str]) -> Vec<String> {
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
fn the_logs_of_gateways_are_read_as_they_are() {
    let folder = workspace();
    table(folder.path());
    let said = |name: &str, text: &str| said(folder.path(), name, text, &[]);
    // LiteLLM's row of spend: metadata as text, the prefix of the protocol, an attempt's number.
    let row = json!({"request_id": "a", "call_type": "acompletion", "startTime": "2026-11-21 10:00:00.5",
        "model": "openai/alpha-2026-01-01", "model_group": "north/alpha#0", "custom_llm_provider": "North",
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
            "missing-tag: `business_unit` is missing",
            "missing-tag: `team` is missing",
            "missing-tag: `user` is missing",
            "missing-prompt-version: `prompt_version` is missing",
            "missing-lineage: `sources` is missing",
            "masked-data: it holds prompt or answer, and nothing says that `pii` was masked",
            "missing-retention: `retain_days` is missing; 365 required"
        ]
    );
    let portkey = json!({"id": "c", "trace_id": "t", "created_at": "2026-11-21T10:00:00.000Z", "ai_org": "north",
        "ai_model": "beta", "req_units": 10, "res_units": 5, "is_success": true, "response_status_code": 200,
        "cost": 0.9, "metadata": {"_user": "u", "use_case": "numbers", "team": "planning", "business_unit": "ops",
        "prompt_version": "v1", "status": "theirs"}});
    assert_eq!(
        said("portkey.jsonl", &(portkey.to_string() + "\n")),
        // It may have been by `long`, which asks for nothing.
        ["wrong-trigger: `north/beta` was asked by failover, and no trigger is named"]
    );
}

#[test]
fn the_pages_of_providers_are_read_as_they_are() {
    let folder = workspace();
    table(folder.path());
    let said = |name: &str, text: &str| said(folder.path(), name, text, &[]);
    // What another provider sells is not ours, whatever it is called.
    let of = |provider: &str, models: [&str; 2]| {
        models.map(|model| format!("unknown-model: no model is called `{model}` of `{provider}`"))
    };
    let openai = json!({"object": "page", "data": [{"object": "bucket", "start_time": 1_795_255_200, "results": [
        {"object": "organization.usage.completions.result", "model": "alpha", "input_tokens": 5, "output_tokens": 5,
         "num_model_requests": 7, "batch": true},
        {"object": "organization.usage.completions.result", "model": "mystery", "input_tokens": 5, "output_tokens": 5,
         "num_model_requests": 1, "batch": false}]}]});
    let pretty = serde_json::to_string_pretty(&openai).expect("JSON");
    assert_eq!(said("openai.json", &pretty), of("openai", ["alpha", "mystery"]));
    let rows = "start_time,num_model_requests,model,input_tokens,output_tokens,batch\n1795255200,3,alpha,5,5,False\n1795255200,1,mystery,1,1,\n";
    assert_eq!(said("openai.csv", rows), of("openai", ["alpha", "mystery"]));
    let anthropic = json!({"data": [{"starting_at": "2026-11-21T00:00:00Z", "results": [
        {"model": "beta", "uncached_input_tokens": 5, "cache_read_input_tokens": 3, "output_tokens": 1,
         "cache_creation": {"ephemeral_1h_input_tokens": 1, "ephemeral_5m_input_tokens": 1}, "service_tier": "batch"},
        {"model": "delta", "uncached_input_tokens": 5, "output_tokens": 1}]}], "has_more": false});
    assert_eq!(said("anthropic.json", &anthropic.to_string()), of("anthropic", ["beta", "delta"]));
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
    // A part of a millisecond costs nobody an event.
    let part = payload.to_string().replace("892", "892.6");
    assert_eq!(said("part.json", &part), said("payload.json", &payload.to_string()));
}

/// What stands in metadata means what it means in an event of ours: a share however small, and no rule at all.
#[test]
fn metadata_says_what_events_say() {
    let folder = workspace();
    table(folder.path());
    let said = |name: &str, value: &Value| {
        let found = said(folder.path(), name, &(value.to_string() + "\n"), &[]);
        let of_decision =
            |line: &String| line.starts_with("wrong-decision") || line.starts_with("not-understood");
        found.into_iter().filter(of_decision).collect::<Vec<String>>()
    };
    let ours = |key: &str, value: &Value| {
        json!({"time": "2026-11-20T08:00:00Z", "request_id": "r", "use_case": "numbers",
            "route": "north/alpha", "facts": {"tenant": "premium"}, key: value})
    };
    let metadata = |key: &str, value: &Value| json!({"use_case": "numbers", "route": "north/alpha", "facts": {"tenant": "premium"}, key: value});
    let of_litellm = |metadata: &Value| {
        json!({"startTime": "2026-11-20T08:00:00Z", "request_id": "r", "call_type": "acompletion",
            "custom_llm_provider": "north", "model": "alpha", "prompt_tokens": 0, "completion_tokens": 0,
            "status": "success", "metadata": {"govctl": metadata}})
    };
    let of_portkey = |metadata: &Value| {
        json!({"id": "r", "created_at": "2026-11-20T08:00:00Z", "ai_org": "north", "ai_model": "alpha",
            "is_success": true, "metadata": {"govctl": metadata}})
    };
    for (key, value) in [
        ("budget.remaining", json!(0.000_001)),
        ("budget.remaining", json!(1e-7)),
        ("policies", json!([])),
        ("policies", json!(["nothing-of-the-kind"])),
    ] {
        let wanted = said("ours.ndjson", &ours(key, &value));
        assert_eq!(said("litellm.jsonl", &of_litellm(&metadata(key, &value))), wanted, "{key}: {value}");
        assert_eq!(said("portkey.jsonl", &of_portkey(&metadata(key, &value))), wanted, "{key}: {value}");
        assert!(key != "policies" || !wanted.is_empty(), "{value}");
    }
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
    let event = r#"{"time":"2026-11-21T00:00:00Z","use_case":"nobody"}"#;
    for torn in [format!("[{event},\n{event},\n"), format!("[{event},\n{{\"time\":")] {
        std::fs::write(folder.path().join("torn.json"), torn).expect("a file");
        let torn = audit(folder.path(), &["torn.json", "--table", "table.json"]);
        assert_eq!((status(&torn), stdout(&torn)), (2, String::new()));
        let said = stderr(&torn);
        assert!(said.starts_with("error: cannot read `torn.json`: it is cut off: "), "{said}");
    }
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
    let names = "otlp, envoy, litellm, portkey, openai, anthropic, opsmeter, focus, spend, event, say so with `--input`\n";
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
            "unreadable-event: expected an event, which is a JSON object, found the number `1`",
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
