//! `OpenAI`'s usage and cost exports: rows that add up requests, or money, by model, project and key.

use serde_json::{Map, Value};

use super::{Adapter, Each, Event, Fault, Field, Fields, in_dollars, is_empty_page, take, text, time};
use crate::event::{self, Page};

pub(super) static ADAPTER: Adapter = Adapter {
    name: "openai",
    about: "OpenAI's usage of completions and its costs: pages, buckets or rows of CSV; each row adds up many requests",
    states: Fields::of(&[
        Field::Time,
        Field::Project,
        Field::User,
        Field::Provider,
        Field::ResponseModel,
        Field::InputTokens,
        Field::OutputTokens,
        Field::CachedTokens,
        Field::CacheWriteTokens,
        Field::Billed,
        Field::Tier,
        Field::Requests,
        Field::Workload,
    ]),
    recognizes: |record| {
        let object = text(record, "object");
        let is_ours =
            |name: &str| name == "bucket" || name.starts_with("organization.usage.") || name == COSTS;
        let pages = || record.get("data").and_then(|data| data.get(0)).and_then(|one| one.get("object"));
        object.as_deref().is_some_and(is_ours)
            || pages().and_then(Value::as_str).is_some_and(is_ours)
            || record.contains_key("num_model_requests")
            || record.contains_key("amount_value")
            || (is_empty_page(record) && object.as_deref() == Some("page"))
    },
    columns: &[],
    is_paged: true,
    read,
};

/// What rows of costs are called.
const COSTS: &str = "organization.costs.result";

/// What was billed, by line item: `gpt-5.4-2026-03-05, input`.
fn costs<'v>(event: &mut Event<'v>, row: &'v Map<String, Value>) -> Result<(), Fault> {
    event.be_of_page(Page::Costs);
    // How many requests that was stands elsewhere.
    event.set(Field::Requests, event::Value::Count(0));
    take(event, Field::Project, row, "project_id")?;
    if let Some(model) = row.get("line_item").and_then(Value::as_str).and_then(|item| item.split_once(", ")) {
        event.set(Field::ResponseModel, event::Value::Text(model.0.into()));
    }
    in_dollars(row, "amount_currency")?;
    take(event, Field::Billed, row, "amount_value")?;
    if let Some(amount) = row.get("amount").and_then(Value::as_object) {
        in_dollars(amount, "currency")?;
        take(event, Field::Billed, amount, "value")?;
    }
    Ok(())
}

fn read<'v>(record: &'v Map<String, Value>, each: &mut Each<'v, '_>) -> u64 {
    let list = |key: &str| record.get(key).and_then(Value::as_array);
    if let Some(buckets) = list("data") {
        for bucket in buckets.iter().filter_map(Value::as_object) {
            of_bucket(bucket, each);
        }
    } else {
        of_bucket(record, each);
    }
    0
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
    if text(row, "object").is_some_and(|name| name == COSTS) || row.contains_key("amount_value") {
        costs(&mut event, row)?;
        return Ok(event);
    }
    event.be_of_page(Page::Usage);
    take(&mut event, Field::ResponseModel, row, "model")?;
    take(&mut event, Field::Project, row, "project_id")?;
    take(&mut event, Field::User, row, "user_id")?;
    take(&mut event, Field::InputTokens, row, "input_tokens")?;
    take(&mut event, Field::OutputTokens, row, "output_tokens")?;
    take(&mut event, Field::CachedTokens, row, "input_cached_tokens")?;
    take(&mut event, Field::CacheWriteTokens, row, "input_cache_write_tokens")?;
    take(&mut event, Field::Requests, row, "num_model_requests")?;
    take(&mut event, Field::Tier, row, "service_tier")?;
    // Rows that are not grouped by it say nothing.
    if let Some(batch) = text(row, "batch") {
        let workload = if batch.eq_ignore_ascii_case("true") { "batch" } else { "interactive" };
        event.set(Field::Workload, event::Value::Text(workload.into()));
    }
    Ok(event)
}
