//! Which spans and rows are requests, and which of two names of an attribute counts.

use serde_json::{Value, json};

use super::logs::said;
use super::{audit, table, workspace};
use crate::bundle::{self, status, stderr};

fn span(attributes: &[(&str, Value)]) -> String {
    let value = |value: &Value| match value {
        Value::Number(_) => json!({"intValue": value.to_string()}),
        _ => json!({"stringValue": value}),
    };
    let attributes: Vec<Value> =
        attributes.iter().map(|(key, one)| json!({"key": key, "value": value(one)})).collect();
    let span = json!({"spanId": "a", "startTimeUnixNano": "1795168800000000000", "attributes": attributes});
    json!({"resourceSpans": [{"instrumentationLibrarySpans": [{"spans": [span]}]}]}).to_string()
}

#[test]
fn spans_that_ask_no_model_are_passed_over_and_counted() {
    let folder = workspace();
    table(folder.path());
    let model = ("gen_ai.request.model", json!("alpha"));
    let provider = ("gen_ai.provider.name", json!("north"));
    let use_case = ("govctl.use_case", json!("nobody"));
    let is_request = |more: (&str, &str)| {
        let text = span(&[model.clone(), provider.clone(), use_case.clone(), (more.0, json!(more.1))]);
        std::fs::write(folder.path().join("log.json"), text).expect("a log");
        let output = audit(folder.path(), &["log.json", "--table", "table.json"]);
        let is_none = stderr(&output).contains("1 record that asks no model, passed over");
        assert_eq!(status(&output), if is_none { 2 } else { 1 }, "{more:?} {}", stderr(&output));
        !is_none
    };
    for operation in [
        "invoke_agent",
        "execute_tool",
        "plan",
        "retrieval",
        "search_memory",
        "create_memory",
        "upsert_memory",
        "update_memory",
        "delete_memory",
        "create_memory_store",
        "delete_memory_store",
    ] {
        assert!(!is_request(("gen_ai.operation.name", operation)), "{operation}");
    }
    for operation in ["chat", "text_completion", "generate_content", "embeddings", "something_new"] {
        assert!(is_request(("gen_ai.operation.name", operation)), "{operation}");
    }
    assert!(!is_request(("traceloop.span.kind", "workflow")) && !is_request(("guardrail_name", "pii")));
    assert!(
        !is_request(("openinference.span.kind", "CHAIN")) && is_request(("openinference.span.kind", "LLM"))
    );
    // LiteLLM's rows of calls of tools.
    let row = |call: &str, spend: f64| {
        json!({"request_id": call, "call_type": call, "startTime": "2026-11-20 08:00:00",
        "model": "", "custom_llm_provider": "", "spend": spend, "metadata": {}})
    };
    let rows = json!([row("list_mcp_tools", 0.0), row("acompletion", 0.0), row("call_mcp_tool", 0.5)]);
    let found = said(folder.path(), "rows.json", &rows.to_string(), &[]);
    assert_eq!(found.iter().filter(|line| line.starts_with("unknown-use-case")).count(), 2, "{found:?}");
    let page = json!({"data": rows, "total": 3, "page": 1, "page_size": 50, "total_pages": 1});
    assert_eq!(said(folder.path(), "page.json", &page.to_string(), &[]), found);
    let more = page.to_string().replace("\"total_pages\":1", "\"total_pages\":2");
    std::fs::write(folder.path().join("page.json"), more).expect("a log");
    let output = audit(folder.path(), &["page.json", "--table", "table.json"]);
    assert!(
        stderr(&output).contains("its last page says that more follow, from `2` on"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn the_newer_of_two_names_counts_and_openinference_is_read() {
    let folder = workspace();
    table(folder.path());
    let of = |attributes: &[(&str, Value)]| {
        std::fs::write(folder.path().join("log.json"), span(attributes)).expect("a log");
        let output = audit(folder.path(), &["log.json", "--table", "table.json", "--format", "json"]);
        assert!(status(&output) < 2, "{}", stderr(&output));
        let report = bundle::json(&output);
        let codes = report["violations"].as_array().expect("violations").iter();
        let codes: Vec<String> = codes.map(|of| of["code"].as_str().unwrap_or_default().to_owned()).collect();
        (
            codes.contains(&"unreadable-event".to_owned()) || codes.contains(&"unknown-model".to_owned()),
            report["cost"]["by_price_usd"].clone(),
        )
    };
    let (input, output) = (json!(1000), json!(100));
    let newer = [
        ("gen_ai.system", json!("south")),
        ("gen_ai.usage.prompt_tokens", json!(7)),
        ("gen_ai.provider.name", json!("north")),
        ("gen_ai.request.model", json!("alpha")),
        ("gen_ai.usage.input_tokens", input.clone()),
        ("gen_ai.usage.output_tokens", output.clone()),
        ("llm.model_name", json!("else")),
    ];
    assert_eq!(of(&newer[..6]), (false, json!("0.0045")));
    let open = [
        ("openinference.span.kind", json!("LLM")),
        ("llm.model_name", json!("alpha")),
        ("llm.provider", json!("north")),
        ("llm.token_count.prompt", input),
        ("llm.token_count.completion", output),
    ];
    assert_eq!(of(&open), (false, json!("0.0045")));
}

/// What came from a cache stands in Portkey's answer; without it nobody knows what a request costs.
#[test]
fn portkeys_cached_tokens_are_read_from_the_answer() {
    let folder = workspace();
    table(folder.path());
    // 1,000 of 3 and 9,000 of 0.3, 100 of 15 a million.
    let row = |cents: f64, response: Value| {
        json!({"id": "c", "created_at": "2026-11-20T08:00:01Z", "ai_org": "north", "ai_model": "alpha",
            "req_units": 100_000, "res_units": 500, "cost": cents, "response_time": 812.5, "is_success": true,
            "response": response, "metadata": {"use_case": "numbers"}})
    };
    let usage =
        json!({"usage": {"prompt_tokens": 100_000, "prompt_tokens_details": {"cached_tokens": 90_000}}});
    let of = |row: &Value| {
        let found = said(folder.path(), "log.jsonl", &(row.to_string() + "\n"), &[]);
        found.into_iter().any(|line| line.starts_with("cost-off"))
    };
    // A long prompt: 10,000 of 6, 90,000 of 0.6 and 500 of 22.5 a million.
    assert!(!of(&row(12.525, usage.clone())) && of(&row(60.0, usage.clone())));
    assert!(!of(&row(12.525, json!(usage.to_string()))));
    assert!(!of(&row(12.525, Value::Null)) && !of(&row(60.0, Value::Null)));
    // What no cache explains is off all the same: written to one, all input costs twice its price.
    for (cents, is_off) in [(0.0, false), (61.0, false), (122.0, false), (125.0, true), (500_000.0, true)] {
        assert_eq!(of(&row(cents, Value::Null)), is_off, "{cents}");
    }
    let mut nothing_asked = row(1.0, Value::Null);
    nothing_asked["req_units"] = json!(0);
    assert!(!of(&nothing_asked));
    nothing_asked["cost"] = json!(3);
    assert!(of(&nothing_asked));
    let said = said(folder.path(), "log.jsonl", &(row(500_000.0, Value::Null).to_string() + "\n"), &[]);
    let why =
        "cost-off: `billed_usd` is 5000.00 usd, and its tokens cost at most 1.21125 usd at `north/alpha`";
    assert!(said.iter().any(|line| line == why), "{said:?}");
}
