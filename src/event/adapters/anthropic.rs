//! Anthropic's usage report on messages: rows that add up requests by model, workspace and key.

use serde_json::{Map, Value};

use super::{Adapter, Each, Event, Fault, Field, Fields, object, sum, take, text, time};
use crate::event;

pub(super) static ADAPTER: Adapter = Adapter {
    name: "anthropic",
    about: "Anthropic's usage report on messages: pages or buckets; each row adds up many requests, and does not say \
            how many",
    states: Fields::of(&[
        Field::Time,
        Field::Project,
        Field::Provider,
        Field::ResponseModel,
        Field::InputTokens,
        Field::OutputTokens,
        Field::CachedTokens,
        Field::CacheWriteTokens,
        Field::Workload,
    ]),
    recognizes: |record| {
        let is_bucket = |bucket: &Map<String, Value>| bucket.contains_key("starting_at");
        let first = record.get("data").and_then(|data| data.get(0)).and_then(Value::as_object);
        is_bucket(record) || first.is_some_and(is_bucket)
    },
    read,
};

fn read<'v>(record: &'v Map<String, Value>, each: &mut Each<'v, '_>) {
    let buckets = record.get("data").and_then(Value::as_array);
    let own = buckets.is_none().then_some(record);
    let buckets = buckets.into_iter().flatten().filter_map(Value::as_object);
    for bucket in buckets.chain(own) {
        let rows = bucket.get("results").and_then(Value::as_array);
        for row in rows.into_iter().flatten().filter_map(Value::as_object) {
            each(event(bucket, row));
        }
    }
}

fn event<'v>(bucket: &'v Map<String, Value>, row: &'v Map<String, Value>) -> Result<Event<'v>, Fault> {
    let mut event = Event::default();
    time(&mut event, bucket, "starting_at")?;
    event.set(Field::Provider, event::Value::Text("anthropic".into()));
    take(&mut event, Field::ResponseModel, row, "model")?;
    take(&mut event, Field::Project, row, "workspace_id")?;
    take(&mut event, Field::OutputTokens, row, "output_tokens")?;
    let written = object(row, "cache_creation")
        .and_then(|of| sum(&of, &["ephemeral_1h_input_tokens", "ephemeral_5m_input_tokens"]));
    let read = sum(row, &["cache_read_input_tokens"]);
    let plain = sum(row, &["uncached_input_tokens"]);
    let all = [plain, read, written].into_iter().flatten().reduce(u64::saturating_add);
    let counts = [(Field::InputTokens, all), (Field::CachedTokens, read), (Field::CacheWriteTokens, written)];
    for (field, count) in counts {
        if let Some(count) = count {
            event.set(field, event::Value::Count(count));
        }
    }
    if text(row, "service_tier").is_some_and(|tier| tier == "batch") {
        event.set(Field::Workload, event::Value::Text("batch".into()));
    }
    Ok(event)
}
