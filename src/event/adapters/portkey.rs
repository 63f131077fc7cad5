//! Portkey: its log exports, whose `cost` is in cents.

use serde_json::{Map, Value};

use super::{
    Adapter, Event, Fault, Field, Fields, has, in_dollars, metadata, object, sum, tags, take, take_cents,
    take_first, whole,
};
use super::{text, time};
use crate::event;

pub(super) static ADAPTER: Adapter = Adapter {
    name: "portkey",
    about: "Portkey's log exports; what the table asks for in the request's metadata",
    states: Fields::ALL.without(&[Field::Cost]),
    recognizes: |record| record.contains_key("ai_model") && record.contains_key("ai_org"),
    columns: &[],
    is_paged: false,
    read: |record, each| super::one(event(record), each),
};

/// What of the tokens went to and from a cache: only the answer says so.
fn of_usage(event: &mut Event<'_>, record: &Map<String, Value>) {
    let answer = object(record, "response");
    let Some(usage) = answer.as_ref().and_then(|answer| object(answer, "usage")) else {
        return event.leave_cache_unsaid();
    };
    let details = object(&usage, "prompt_tokens_details").or_else(|| object(&usage, "input_tokens_details"));
    let read = details.as_ref().and_then(|details| sum(details, &["cached_tokens"]));
    let read = read.or_else(|| sum(&usage, &["cache_read_input_tokens"]));
    let written = sum(&usage, &["cache_creation_input_tokens"]);
    for (field, count) in [(Field::CachedTokens, read), (Field::CacheWriteTokens, written)] {
        if let Some(count) = count {
            event.set(field, event::Value::Count(count));
        }
    }
}

fn event(record: &Map<String, Value>) -> Result<Event<'_>, Fault> {
    let mut event = Event::default();
    time(&mut event, record, "created_at")?;
    take(&mut event, Field::RequestId, record, "id")?;
    take(&mut event, Field::CorrelationId, record, "trace_id")?;
    take(&mut event, Field::ResponseModel, record, "ai_model")?;
    take(&mut event, Field::InputTokens, record, "req_units")?;
    take(&mut event, Field::OutputTokens, record, "res_units")?;
    take(&mut event, Field::HttpStatus, record, "response_status_code")?;
    let took = text(record, "response_time").and_then(|text| text.trim().parse::<f64>().ok());
    if let Some(millis) = took.and_then(whole) {
        event.set(Field::ProviderMs, event::Value::Count(millis));
    }
    of_usage(&mut event, record);
    let word = match text(record, "is_success").as_deref() {
        Some("true" | "1" | "1.0") => Some("success"),
        Some(_) => Some("error"),
        None => None,
    };
    if let Some(word) = word {
        event.set(Field::Status, event::Value::Text(word.into()));
    }
    if has(record, "request") || has(record, "response") {
        event.set(Field::Content, event::Value::Present);
    }
    if let Some(stated) = tags(record, "metadata")? {
        metadata(&mut event, &stated)?;
        if let Some(user) = text(&stated, "_user").filter(|_| !event.has(Field::User)) {
            event.set(Field::User, event::Value::Text(user.into_owned().into()));
        }
    }
    // With a route of ours, `openai` is the protocol in which the gateway asked.
    let is_protocol = event.has(Field::Route) && text(record, "ai_org").is_some_and(|said| said == "openai");
    if !is_protocol {
        take(&mut event, Field::Provider, record, "ai_org")?;
    }
    in_dollars(record, "cost_currency")?;
    take_cents(&mut event, record, "cost")?;
    take_first(&mut event, Field::PromptVersion, record, &["prompt_slug"])?;
    Ok(event)
}
