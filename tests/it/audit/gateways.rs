//! What the gateways of this repository log is read as it is, and what was tampered with is found.

use std::process::Command;

use serde_json::{Value, json};

use super::logs::said;
use super::{table, workspace};
use crate::bundle::{self, root, stderr, stdout};

/// What a program prints as JSON; none where it is not here.
fn printed(program: &str, arguments: &[&str]) -> Option<Value> {
    let output = match Command::new(program).args(arguments).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("not run: there is no {program} here");
            return None;
        }
        output => output.expect("it runs"),
    };
    assert!(output.status.success(), "{}", stderr(&output));
    Some(serde_json::from_str(&stdout(&output)).expect("JSON"))
}

/// A row of `LiteLLM`'s spend for a record of the hook, as its export's groups make it.
fn row(record: &Value) -> Value {
    let route = record["route"].as_str().expect("a route");
    let (_, model) = route.split_once('/').expect("a provider");
    let metadata = json!({"spend_logs_metadata": {"govctl": record},
        "requester_metadata": {"user": USER, "prompt_version": "v1", "sources": ["crm.tickets"], "govctl": {"retain_days": 365}}});
    json!({"request_id": format!("{route}-{}", record["hop"]), "startTime": "2026-11-21 10:00:00", "status": "success",
        "model": format!("openai/{model}"), "model_group": format!("{route}#0"), "custom_llm_provider": "openai",
        "api_base": "https://gateway.example.com/v1", "prompt_tokens": 0, "completion_tokens": 0, "metadata": metadata})
}

const USER: &str = "hmac-sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";

/// What is said of a record, and of one in which one key is another.
fn is_clean_and_tampered_is_not(folder: &std::path::Path, row: &dyn Fn(&Value) -> Value, record: &Value) {
    let said = |record: &Value| said(folder, "log.json", &row(record).to_string(), &[]);
    assert_eq!(said(record), Vec::<String>::new(), "{record:#}");
    let hop = &record["hop"];
    let is_failover = *hop != json!(0) && *hop != json!("0");
    let mut cases =
        vec![("decision", json!("9999"), "wrong-decision"), ("team", json!("nobody"), "wrong-tag")];
    if is_failover {
        cases.push(("hop", json!("7"), "wrong-hop"));
        cases.push(("trigger", json!("unauthorized"), "wrong-trigger"));
        cases.push(("failover", json!("another"), "wrong-decision"));
        cases.push(("logged_as", json!("another"), "failover-not-logged"));
    } else {
        cases.push(("hop", json!("1"), "wrong-trigger"));
    }
    for (key, value, code) in cases {
        let mut tampered = record.clone();
        tampered[key] = value;
        let found = said(&tampered);
        assert!(found.iter().any(|line| line.starts_with(code)), "{key}: {found:?}");
    }
}

#[test]
fn what_the_hook_for_litellm_records_is_clean_and_what_was_tampered_with_is_found() {
    let folder = workspace();
    table(folder.path());
    let path = folder.path().join("table.json");
    let script = root("tests/it/audit/hook_records.py");
    let arguments = [script.to_str().expect("UTF-8"), path.to_str().expect("UTF-8")];
    let Some(records) = printed("python3", &arguments) else { return };
    let records = records.as_array().expect("records");
    assert_eq!(records.len(), 4);
    for record in records {
        is_clean_and_tampered_is_not(folder.path(), &row, record);
    }
    // What the hook wrote before it used the keys of events.
    for record in records.iter().filter(|record| record["hop"] == 1) {
        let mut older = record.clone();
        let of_event = ["policies", "trigger", "failover", "business_unit", "team", "logged_as"];
        for key in of_event {
            older.as_object_mut().expect("an object").remove(key);
        }
        let found = said(folder.path(), "log.json", &row(&older).to_string(), &[]);
        assert!(found.iter().all(|line| line.starts_with("failover-not-logged")), "{found:?}");
    }
}

#[test]
fn what_the_service_before_portkey_writes_is_clean_and_what_was_tampered_with_is_found() {
    let folder = workspace();
    table(folder.path());
    let path = folder.path().join("table.json");
    let script = root("tests/it/audit/hook_records.py");
    let arguments = [script.to_str().expect("UTF-8"), path.to_str().expect("UTF-8"), "--as-asked"];
    let Some(asked) = printed("python3", &arguments) else { return };
    let event = root("integrations/portkey/src/event.mjs").display().to_string();
    let program = format!(
        "import {{ eventOf }} from {event:?};\nconst asked = {asked};\n\
         console.log(JSON.stringify(asked.map((one) => eventOf(one.table, one.decision, one))));"
    );
    let Some(records) = printed("node", &["--input-type=module", "-e", &program]) else { return };
    let row = |record: &Value| {
        let mut metadata = record.clone();
        let besides =
            json!({"_user": USER, "prompt_version": "v1", "sources": "crm.tickets", "retain_days": "365"});
        metadata.as_object_mut().expect("an object").extend(besides.as_object().expect("an object").clone());
        let route = record["route"].as_str().expect("a route");
        json!({"id": "p", "created_at": 1_795_255_200_000_u64, "ai_org": "openai",
            "ai_model": route.split_once('/').expect("a provider").1, "is_success": true, "metadata": metadata})
    };
    for record in records.as_array().expect("records") {
        for value in record.as_object().expect("an object").values() {
            assert!(value.as_str().is_some_and(|text| text.len() <= 128), "{record:#}");
        }
        is_clean_and_tampered_is_not(folder.path(), &row, record);
    }
}

#[test]
fn a_provider_that_is_stated_and_known_decides() {
    let folder = workspace();
    table(folder.path());
    let said = |event: Value| {
        let allowed: Vec<&str> = super::made::PLANTED
            .iter()
            .filter(|code| code.starts_with("missing") || code.starts_with("failover"))
            .flat_map(|code| ["--allow", code])
            .collect();
        said(folder.path(), "log.ndjson", &(event.to_string() + "\n"), &allowed)
    };
    let event = |provider: &str, key: &str, model: &str| {
        json!({"time": "2026-11-20T08:00:00Z", "request_id": "x", "use_case": "numbers", "user": "u",
            "gen_ai.provider.name": provider, key: model})
    };
    let of_house = |model: &str| vec![format!("unknown-model: no model is called `{model}` of `house`")];
    for key in ["gen_ai.response.model", "gen_ai.request.model"] {
        assert_eq!(said(event("house", key, "alpha")), of_house("alpha"), "{key}");
        assert_eq!(said(event("north", key, "alpha")), Vec::<String>::new(), "{key}");
    }
    assert_eq!(
        said(event("house", "route", "north/alpha")),
        ["unknown-model: it names the model `north/alpha`, and of `house` no such model is known"]
    );
    let row = |base: &str| {
        json!({"request_id": "l", "startTime": "2026-11-20T08:00:00Z", "model": "alpha", "custom_llm_provider": "house",
            "api_base": base, "metadata": {"govctl": {"use_case": "numbers", "user": "u"}}})
    };
    assert_eq!(said(row("https://api.example.com")), of_house("alpha"));
}

/// What `LiteLLM` took out of a log does not stand in it.
#[test]
fn what_was_redacted_is_no_content() {
    let folder = workspace();
    table(folder.path());
    let said = |messages: Value, response: Value| {
        let callback = json!({"id": "b", "startTime": 1_795_255_200.25, "model": "alpha", "custom_llm_provider": "north",
            "messages": messages, "response": response, "metadata": {"govctl": {"use_case": "letters"}}});
        let found = said(folder.path(), "callback.json", &callback.to_string(), &[]);
        found.iter().any(|line| line.starts_with("masked-data"))
    };
    let gone = "redacted-by-litellm";
    let messages = json!([{"role": "user", "content": gone}]);
    let response = json!({"id": "c", "choices": [{"index": 0, "finish_reason": "stop",
        "message": {"role": "assistant", "content": gone, "tool_calls": null}}], "usage": {"prompt_tokens": 3}});
    assert!(!said(messages.clone(), response.clone()));
    assert!(!said(json!(gone), json!({"text": gone})));
    assert!(!said(json!(messages.to_string()), json!({})));
    assert!(said(json!([{"role": "user", "content": gone}, {"role": "user", "content": "x"}]), response));
    assert!(said(messages, json!({"choices": [{"message": {"content": "an answer"}}]})));
}

/// A part of a cost that has no price makes no cost wrong, and it is said how many there were.
#[test]
fn a_cost_without_a_price_for_every_part_is_not_held() {
    let folder = workspace();
    table(folder.path());
    let event = |more: Value| {
        let mut event = json!({"time": "2026-11-20T08:00:00Z", "use_case": "numbers", "user": "u", "business_unit": "ops",
            "team": "planning", "prompt_version": "v1", "route": "north/alpha", "hop": 0, "billed_usd": 0.9,
            "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100});
        event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        event.to_string() + "\n"
    };
    let open = [
        event(json!({"gen_ai.usage.cache_write.input_tokens": 500})),
        event(json!({"service_tier": "priority"})),
        // Some prompts may have been long: the mean is not.
        event(json!({"requests": 100, "gen_ai.usage.input_tokens": 60_000})),
    ];
    assert_eq!(said(folder.path(), "open.ndjson", &open.concat(), &[]), Vec::<String>::new());
    let output = super::audit(folder.path(), &["open.ndjson", "--table", "table.json"]);
    assert!(stdout(&output).contains("\nnote: 3 events state a cost that no price could be held against"));
    let row = |usage: Value| {
        json!({"request_id": usage, "startTime": "2026-11-20T08:00:00Z", "model": "alpha", "custom_llm_provider": "north",
            "prompt_tokens": 1000, "completion_tokens": 100, "spend": 0.9, "metadata": {"usage_object": usage,
            "govctl": {"use_case": "numbers", "user": "u", "business_unit": "ops", "team": "planning", "prompt_version": "v1"}}})
        .to_string() + "\n"
    };
    let rows = [
        row(json!({"cache_creation_input_tokens": 500})),
        row(json!({"prompt_tokens_details": {"cache_creation_tokens": 500}})),
        row(json!({"speed": "fast"})),
    ];
    assert_eq!(said(folder.path(), "rows.ndjson", &rows.concat(), &[]), Vec::<String>::new());
    assert_eq!(said(folder.path(), "rows.ndjson", &row(json!({"speed": "standard"})), &[]).len(), 1);
    let held = [event(json!({"service_tier": "standard"})), event(json!({"requests": 2}))];
    assert_eq!(said(folder.path(), "held.ndjson", &held.concat(), &[]).len(), 2);
    let report = bundle::json(&super::audit(
        folder.path(),
        &["open.ndjson", "--table", "table.json", "--format", "json"],
    ));
    assert_eq!(report["summary"]["events_with_cost_not_held"], 3);
}

/// An agent's span adds up what the spans below it used, and asks no model itself.
#[test]
fn spans_of_agents_are_no_requests() {
    let folder = workspace();
    table(folder.path());
    let span = |operation: &str| {
        let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
        json!({"spanId": operation, "startTimeUnixNano": "1795255200000000000", "attributes": [
            text("gen_ai.operation.name", operation), text("gen_ai.request.model", "alpha"),
            text("govctl.use_case", "numbers"), {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "9"}}]})
    };
    let spans = ["invoke_agent", "chat", "create_agent", "invoke_workflow", "execute_tool"].map(span);
    let older = json!({"key": "deployment.environment", "value": {"stringValue": "prod"}});
    let demo = json!({"key": "govctl.data_mode", "value": {"stringValue": "demo"}});
    let batch = json!({"resourceSpans": [{"resource": {"attributes": [older, demo]}, "scopeSpans": [{"spans": spans}]}]});
    let text = batch.to_string() + "\n";
    std::fs::write(folder.path().join("spans.json"), &text).expect("a file");
    let report = bundle::json(&super::audit(
        folder.path(),
        &["spans.json", "--table", "table.json", "--format", "json"],
    ));
    assert_eq!((&report["events"], &report["requests"]), (&json!(1), &json!(1)));
    assert!(
        said(folder.path(), "spans.json", &text, &[])
            .contains(&"test-in-production: `demo` data in `prod`".to_owned())
    );
}

/// Rows of a provider that name no model are counted; pages after which others follow are no answer.
#[test]
fn what_exports_leave_out_is_said() {
    let folder = workspace();
    table(folder.path());
    let page = |has_more: bool, model: Value| {
        json!({"object": "page", "has_more": has_more, "next_page": if has_more { json!("page_two") } else { Value::Null },
            "data": [{"object": "bucket", "start_time": 1_795_255_200, "results": [{"model": model, "input_tokens": 5,
            "object": "organization.usage.completions.result", "output_tokens": 5, "num_model_requests": 1}]}]}).to_string() + "\n"
    };
    std::fs::write(folder.path().join("last.json"), page(false, Value::Null)).expect("a file");
    std::fs::write(folder.path().join("first.json"), page(true, Value::Null)).expect("a file");
    let output = super::audit(folder.path(), &["last.json", "--table", "table.json"]);
    assert!(
        stdout(&output)
            .contains("\nnote: 1 event names no model, so nothing was asked about where it went\n")
    );
    let output = super::audit(folder.path(), &["first.json", "last.json", "--table", "table.json"]);
    assert_eq!(bundle::status(&output), 0, "{}", stderr(&output));
    for files in [&["first.json"][..], &["last.json", "first.json"]] {
        for format in ["human", "lines", "sarif"] {
            let arguments = [files, &["--table", "table.json", "--format", format]].concat();
            let output = super::audit(folder.path(), &arguments);
            let why = "error: cannot read `first.json` to its end: its last page says that more follow, from `page_two` on; name their files after it\n";
            assert_eq!((bundle::status(&output), stderr(&output).as_str()), (2, why));
        }
    }
}

/// What a table does not know is named.
#[test]
fn what_is_not_understood_is_named() {
    let folder = workspace();
    table(folder.path());
    let of = |more: Value| {
        let mut event =
            json!({"time": "2026-11-20T08:00:00Z", "use_case": "numbers", "route": "north/alpha"});
        event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        said(folder.path(), "log.ndjson", &(event.to_string() + "\n"), &[])
    };
    let fact = "not-understood: a fact or its value is not declared, or appears twice";
    assert_eq!(
        of(json!({"facts": {"colour": "red"}})),
        [format!("{fact} (the fact `colour`), so the decision is to block")]
    );
    assert_eq!(
        of(json!({"facts": {"tenant": "red"}})),
        [format!("{fact} (a value of the fact `tenant`), so the decision is to block")]
    );
}
