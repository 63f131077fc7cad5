//! OpenTelemetry spans as OTLP-JSON, as the collector's file exporter writes them: one batch a record.

use serde_json::{Map, Value};

use super::{Adapter, Each, Event, Fault, Field, Fields, Text, row, written};
use crate::event::{self, time};

pub(super) static ADAPTER: Adapter = Adapter {
    name: "otlp",
    about: "OpenTelemetry spans as OTLP-JSON: attributes `gen_ai.…`, ours as `govctl.KEY`",
    states: Fields::ALL,
    recognizes: |record| record.contains_key("resourceSpans"),
    columns: &[],
    is_paged: false,
    read,
};

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn read<'v>(record: &'v Map<String, Value>, each: &mut Each<'v, '_>) -> u64 {
    let mut passed = 0;
    let batches = record.get("resourceSpans").and_then(Value::as_array);
    for resource in batches.into_iter().flatten() {
        let of_resource = ranked(resource.get("resource").map(attributes).unwrap_or_default());
        // The second name is that of before 2022.
        let scopes = ["scopeSpans", "instrumentationLibrarySpans"].map(|key| list(resource, key));
        for span in scopes.into_iter().flatten().flat_map(|scope| list(scope, "spans")) {
            let of_span = attributes(span);
            if asks_a_model(&of_span) {
                each(event(span, &of_resource, of_span));
            } else {
                passed += 1;
            }
        }
    }
    passed
}

/// What a span that asks a model has.
const MARKS: [&str; 6] = [
    "gen_ai.request.model",
    "gen_ai.response.model",
    "llm.model_name",
    "govctl.use_case",
    "govctl.endpoint_tag",
    "govctl.route",
];

/// Operations that ask no model, by the conventions' names: of agents, tools, searches and memories.
const OF_NO_MODEL: [&str; 14] = [
    "invoke_agent",
    "create_agent",
    "invoke_workflow",
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
    "execute_guardrail",
];

/// Only spans that ask a model are requests. What agents, tools and guardrails do asks none, whatever stands on their
/// spans: their usage is that of the spans below them, and would count twice.
fn asks_a_model(of_span: &[(&str, &Value)]) -> bool {
    let said = |wanted: &str| {
        let (_, value) = of_span.iter().find(|(key, _)| *key == wanted)?;
        any(value)
    };
    // OpenLLMetry marks what calls no model, and OpenInference what does.
    let is_around = said("traceloop.span.kind").is_some()
        || said("guardrail_name").is_some()
        || said("openinference.span.kind").is_some_and(|kind| !["LLM", "EMBEDDING"].contains(&&*kind));
    let is_of_none = said("gen_ai.operation.name").is_some_and(|name| OF_NO_MODEL.contains(&&*name));
    !is_around && !is_of_none && of_span.iter().any(|(key, _)| MARKS.contains(key))
}

/// Attributes that hold prompts or answers, beside those that events know: older ones and `OpenInference`'s.
fn is_content(key: &str) -> bool {
    const WHOLE: [&str; 6] = [
        "gen_ai.prompt",
        "gen_ai.completion",
        "gen_ai.event.content",
        "input.value",
        "output.value",
        "llm.prompts",
    ];
    const BEGINS: [&str; 4] =
        ["gen_ai.prompt.", "gen_ai.completion.", "llm.input_messages.", "llm.output_messages."];
    WHOLE.contains(&key)
        || BEGINS.iter().any(|begin| key.starts_with(begin))
        || Field::of(key.strip_prefix("govctl.").unwrap_or(key)) == Some(Field::Content)
}

/// Whether an event of a span holds prompt or answer.
fn holds_content(span: &Value) -> bool {
    let events = list(span, "events").flat_map(attributes);
    events
        .into_iter()
        .any(|(key, value)| is_content(key) && any(value).is_some_and(|text| !row::holds_nothing(&text)))
}

/// Attributes by key, as OTLP-JSON lists them.
fn attributes(of: &Value) -> Vec<(&str, &Value)> {
    list(of, "attributes")
        .filter_map(|attribute| Some((attribute.get("key")?.as_str()?, attribute.get("value")?)))
        .collect()
}

fn event<'v>(
    span: &'v Value,
    of_resource: &[(&'v str, &'v Value)],
    of_span: Vec<(&'v str, &'v Value)>,
) -> Result<Event<'v>, Fault> {
    let mut event = Event::default();
    for (key, value) in ranked(of_span) {
        state(&mut event, key, value)?;
    }
    for (key, value) in of_resource.iter().copied() {
        let is_free = named(key).is_none_or(|key| Field::of(key).is_none_or(|field| !event.has(field)));
        if is_free {
            state(&mut event, key, value)?;
        }
    }
    if holds_content(span) {
        event.set(Field::Content, event::Value::Present);
    }
    let start = span.get("startTimeUnixNano").and_then(written);
    if let Some(at) = start.as_deref().and_then(time::of_nanos).filter(|_| !event.has(Field::Time)) {
        event.set(Field::Time, event::Value::Text(at.into()));
    }
    for (field, key) in [(Field::RequestId, "spanId"), (Field::CorrelationId, "traceId")] {
        if let Some(id) = span.get(key).and_then(written).filter(|_| !event.has(field)) {
            event.set(field, event::Value::Text(id));
        }
    }
    let failed = span
        .pointer("/status/code")
        .is_some_and(|code| code.as_u64() == Some(2) || code.as_str() == Some("STATUS_CODE_ERROR"));
    if !event.has(Field::Status) {
        event.set(Field::Status, event::Value::Text(if failed { "error" } else { "success" }.into()));
    }
    Ok(event)
}

/// Attributes in the order in which they count: ours, those by today's names, those by older ones, those of others.
fn ranked<'v>(mut attributes: Vec<(&'v str, &'v Value)>) -> Vec<(&'v str, &'v Value)> {
    attributes.sort_by_cached_key(|(key, _)| rank(key));
    attributes
}

fn rank(key: &str) -> usize {
    if key.starts_with("govctl.") {
        return 0;
    }
    let Some(field) = Field::of(key) else { return usize::MAX };
    field.other_keys().iter().position(|other| *other == key).map_or(1, |at| at + 2)
}

/// Our key for an attribute's, where it is one of ours or of those that we know under another name.
fn named(key: &str) -> Option<&str> {
    match key {
        "service.name" => Some(Field::Application.key()),
        "openai.response.service_tier" => Some(Field::Tier.key()),
        "enduser.id" | "user.id" | "user.hash" => Some(Field::User.key()),
        "gen_ai.response.id" => Some(Field::RequestId.key()),
        "llm.model_name" => Some(Field::ResponseModel.key()),
        "llm.provider" | "llm.system" => Some(Field::Provider.key()),
        "llm.token_count.prompt" => Some(Field::InputTokens.key()),
        "llm.token_count.completion" => Some(Field::OutputTokens.key()),
        "llm.token_count.prompt_details.cache_read" => Some(Field::CachedTokens.key()),
        "llm.token_count.prompt_details.cache_write" => Some(Field::CacheWriteTokens.key()),
        "llm.token_count.completion_details.reasoning" => Some(Field::ReasoningTokens.key()),
        key if is_content(key) => Some(Field::Content.key()),
        _ => Some(key.strip_prefix("govctl.").unwrap_or(key))
            .filter(|key| key.starts_with("gen_ai.") || Field::of(key).is_some() || row::is_pair(key)),
    }
}

/// States an attribute. Ours count under `govctl.` only: `status` or `region` alone is somebody else's.
fn state<'v>(event: &mut Event<'v>, key: &'v str, value: &'v Value) -> Result<(), Fault> {
    let is_known = key.contains('.') && !key.starts_with("facts.") && !key.starts_with("budget");
    let Some(ours) = named(key).filter(|_| is_known) else { return Ok(()) };
    // An older name, `service.name` and the like say less than an attribute by its name of today, which came first.
    if rank(key) > 1 && Field::of(ours).is_some_and(|field| event.has(field)) {
        return Ok(());
    }
    if let Some(text) = any(value).filter(|text| !text.is_empty() || !is_content(key)) {
        row::put(event, ours, text)?;
    }
    Ok(())
}

/// A value of OTLP-JSON: `{"stringValue": "…"}`, `{"intValue": "7"}`, a list of those.
fn any(value: &Value) -> Option<Text<'_>> {
    let (kind, value) = value.as_object()?.iter().next()?;
    match kind.as_str() {
        "arrayValue" => {
            let texts: Vec<Text> = list(value, "values").filter_map(any).collect();
            Some(texts.join(";").into())
        }
        "kvlistValue" => Some("{…}".into()),
        _ => written(value),
    }
}
