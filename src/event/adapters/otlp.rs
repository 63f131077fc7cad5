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

fn read<'v>(record: &'v Map<String, Value>, each: &mut Each<'v, '_>) {
    let batches = record.get("resourceSpans").and_then(Value::as_array);
    for resource in batches.into_iter().flatten() {
        let of_resource: Vec<(&str, &Value)> = resource.get("resource").map(attributes).unwrap_or_default();
        for span in list(resource, "scopeSpans").flat_map(|scope| list(scope, "spans")) {
            let of_span = attributes(span);
            // Only spans that ask a model. What agents and tools do asks none, whatever stands on their spans: their
            // usage is that of the spans below them, and would count twice.
            if !is_of_agent(&of_span) && of_span.iter().any(|(key, _)| MARKS.contains(key)) {
                each(event(span, &of_resource, &of_span));
            }
        }
    }
}

/// What a span that asks a model has.
const MARKS: [&str; 5] = [
    "gen_ai.request.model",
    "gen_ai.response.model",
    "govctl.use_case",
    "govctl.endpoint_tag",
    "govctl.route",
];

/// Operations of agents and tools, whose usage is that of the spans below them.
const OF_AGENTS: [&str; 4] = ["invoke_agent", "create_agent", "invoke_workflow", "execute_tool"];

fn is_of_agent(of_span: &[(&str, &Value)]) -> bool {
    let operation = of_span.iter().find(|(key, _)| *key == "gen_ai.operation.name");
    operation.and_then(|(_, value)| any(value)).is_some_and(|name| OF_AGENTS.contains(&&*name))
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
    events.into_iter().any(|(key, value)| is_content(key) && any(value).is_some_and(|text| !text.is_empty()))
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
    of_span: &[(&'v str, &'v Value)],
) -> Result<Event<'v>, Fault> {
    let mut event = Event::default();
    for (key, value) in of_span {
        state(&mut event, key, value)?;
    }
    for (key, value) in of_resource {
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

/// Our key for an attribute's, where it is one of ours or of those that we know under another name.
fn named(key: &str) -> Option<&str> {
    match key {
        "service.name" => Some(Field::Application.key()),
        "openai.response.service_tier" => Some(Field::Tier.key()),
        "enduser.id" | "user.id" | "user.hash" => Some(Field::User.key()),
        "gen_ai.response.id" => Some(Field::RequestId.key()),
        key if is_content(key) => Some(Field::Content.key()),
        _ => Some(key.strip_prefix("govctl.").unwrap_or(key))
            .filter(|key| key.starts_with("gen_ai.") || Field::of(key).is_some() || row::is_pair(key)),
    }
}

/// States an attribute. Ours count under `govctl.` only: `status` or `region` alone is somebody else's.
fn state<'v>(event: &mut Event<'v>, key: &'v str, value: &'v Value) -> Result<(), Fault> {
    let is_known = key.contains('.') && !key.starts_with("facts.") && !key.starts_with("budget");
    let Some(ours) = named(key).filter(|_| is_known) else { return Ok(()) };
    // `service.name` and the like say less than an attribute of ours.
    let is_second = ours != key && !key.starts_with("govctl.");
    if is_second && Field::of(ours).is_some_and(|field| event.has(field)) {
        return Ok(());
    }
    if !is_second && let Some(field @ Field::Application) = Field::of(ours) {
        event.set(field, event::Value::Absent);
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
