//! Portkey: its log exports, whose `cost` is in cents.

use serde_json::{Map, Value};

use super::{
    Adapter, Event, Fault, Field, Fields, has, in_dollars, metadata, tags, take, take_cents, take_first,
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
    read: |record, each| each(event(record)),
};

fn event(record: &Map<String, Value>) -> Result<Event<'_>, Fault> {
    let mut event = Event::default();
    time(&mut event, record, "created_at")?;
    take(&mut event, Field::RequestId, record, "id")?;
    take(&mut event, Field::CorrelationId, record, "trace_id")?;
    take(&mut event, Field::ResponseModel, record, "ai_model")?;
    take(&mut event, Field::InputTokens, record, "req_units")?;
    take(&mut event, Field::OutputTokens, record, "res_units")?;
    take(&mut event, Field::HttpStatus, record, "response_status_code")?;
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
