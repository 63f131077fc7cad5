//! The payload that cost meters take beside each call: `externalRequestId`, `endpointTag`, `promptVersion` and so on.

use serde_json::{Map, Value};

use super::{Adapter, Event, Fault, Field, Fields, take, time};

pub(super) static ADAPTER: Adapter = Adapter {
    name: "opsmeter",
    about: "the payload of cost meters: `externalRequestId`, `endpointTag`, `promptVersion`, `dataMode` …",
    states: Fields::of(&[
        Field::RequestId,
        Field::Provider,
        Field::RequestModel,
        Field::EndpointTag,
        Field::PromptVersion,
        Field::User,
        Field::InputTokens,
        Field::OutputTokens,
        Field::ProviderMs,
        Field::Status,
        Field::DataMode,
        Field::Environment,
    ]),
    recognizes: |record| record.contains_key("endpointTag") || record.contains_key("externalRequestId"),
    columns: &[],
    is_paged: false,
    read: |record, each| super::one(event(record), each),
};

fn event(record: &Map<String, Value>) -> Result<Event<'_>, Fault> {
    let mut event = Event::default();
    // Not a part of the payload, but what stores it adds one of these.
    for key in ["timestamp", "createdAt", "time"] {
        if !event.has(Field::Time) {
            time(&mut event, record, key)?;
        }
    }
    let keys = [
        (Field::RequestId, "externalRequestId"),
        (Field::Provider, "provider"),
        (Field::RequestModel, "model"),
        (Field::EndpointTag, "endpointTag"),
        (Field::PromptVersion, "promptVersion"),
        (Field::User, "userId"),
        (Field::InputTokens, "inputTokens"),
        (Field::OutputTokens, "outputTokens"),
        (Field::ProviderMs, "latencyMs"),
        (Field::Status, "status"),
        (Field::DataMode, "dataMode"),
        (Field::Environment, "environment"),
    ];
    for (field, key) in keys {
        take(&mut event, field, record, key)?;
    }
    Ok(event)
}
