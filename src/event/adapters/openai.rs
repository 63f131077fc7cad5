//! `OpenAI`'s usage export: rows that add up requests by model, project and key.

use serde_json::{Map, Value};

use super::{Adapter, Each, Event, Fault, Field, Fields, take, text, time};
use crate::event;

pub(super) static ADAPTER: Adapter = Adapter {
    name: "openai",
    about: "OpenAI's usage of completions: pages, buckets or rows of CSV; each row adds up many requests",
    states: Fields::of(&[
        Field::Time,
        Field::Project,
        Field::User,
        Field::Provider,
        Field::ResponseModel,
        Field::InputTokens,
        Field::OutputTokens,
        Field::CachedTokens,
        Field::Requests,
        Field::Workload,
    ]),
    recognizes: |record| {
        let object = text(record, "object");
        let is_ours = |name: &str| name == "bucket" || name.starts_with("organization.usage.");
        let pages = || record.get("data").and_then(|data| data.get(0)).and_then(|one| one.get("object"));
        object.as_deref().is_some_and(is_ours)
            || pages().and_then(Value::as_str).is_some_and(is_ours)
            || record.contains_key("num_model_requests")
    },
    read,
};

fn read<'v>(record: &'v Map<String, Value>, each: &mut Each<'v, '_>) {
    let list = |key: &str| record.get(key).and_then(Value::as_array);
    if let Some(buckets) = list("data") {
        for bucket in buckets.iter().filter_map(Value::as_object) {
            of_bucket(bucket, each);
        }
    } else {
        of_bucket(record, each);
    }
}

fn of_bucket<'v>(bucket: &'v Map<String, Value>, each: &mut Each<'v, '_>) {
    let Some(rows) = bucket.get("results").and_then(Value::as_array) else {
        return each(event(bucket, bucket));
    };
    for row in rows.iter().filter_map(Value::as_object) {
        each(event(bucket, row));
    }
}

fn event<'v>(bucket: &'v Map<String, Value>, row: &'v Map<String, Value>) -> Result<Event<'v>, Fault> {
    let mut event = Event::default();
    time(&mut event, bucket, "start_time")?;
    event.set(Field::Provider, event::Value::Text("openai".into()));
    take(&mut event, Field::ResponseModel, row, "model")?;
    take(&mut event, Field::Project, row, "project_id")?;
    take(&mut event, Field::User, row, "user_id")?;
    take(&mut event, Field::InputTokens, row, "input_tokens")?;
    take(&mut event, Field::OutputTokens, row, "output_tokens")?;
    take(&mut event, Field::CachedTokens, row, "input_cached_tokens")?;
    take(&mut event, Field::Requests, row, "num_model_requests")?;
    if text(row, "batch").is_some_and(|batch| batch.eq_ignore_ascii_case("true")) {
        event.set(Field::Workload, event::Value::Text("batch".into()));
    }
    Ok(event)
}
