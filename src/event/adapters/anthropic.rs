//! Anthropic's usage report on messages and its cost report: rows that add up by model, workspace and key.

use serde_json::{Map, Value};

use super::{
    Adapter, Each, Event, Fault, Field, Fields, in_dollars, is_empty_page, object, sum, take, take_cents,
};
use super::{text, time};
use crate::event::{self, Page, Prompts};

pub(super) static ADAPTER: Adapter = Adapter {
    name: "anthropic",
    about: "Anthropic's usage report on messages and its cost report: pages or buckets; each row adds up many \
            requests, and does not say how many",
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
        Field::Region,
        Field::Billed,
        Field::Tier,
    ]),
    recognizes: |record| {
        let is_bucket = |bucket: &Map<String, Value>| bucket.contains_key("starting_at");
        let first = record.get("data").and_then(|data| data.get(0)).and_then(Value::as_object);
        is_bucket(record)
            || first.is_some_and(is_bucket)
            || (is_empty_page(record) && !record.contains_key("object"))
    },
    columns: &[],
    is_paged: true,
    read,
};

fn read<'v>(record: &'v Map<String, Value>, each: &mut Each<'v, '_>) -> u64 {
    let buckets = record.get("data").and_then(Value::as_array);
    let own = buckets.is_none().then_some(record);
    let buckets = buckets.into_iter().flatten().filter_map(Value::as_object);
    for bucket in buckets.chain(own) {
        let rows = bucket.get("results").and_then(Value::as_array);
        for row in rows.into_iter().flatten().filter_map(Value::as_object) {
            each(event(bucket, row));
        }
    }
    0
}

fn event<'v>(bucket: &'v Map<String, Value>, row: &'v Map<String, Value>) -> Result<Event<'v>, Fault> {
    let mut event = Event::default();
    time(&mut event, bucket, "starting_at")?;
    event.set(Field::Provider, event::Value::Text("anthropic".into()));
    take(&mut event, Field::ResponseModel, row, "model")?;
    take(&mut event, Field::Project, row, "workspace_id")?;
    if row.contains_key("amount") {
        costs(&mut event, row)?;
        return Ok(event);
    }
    event.be_of_page(Page::Usage);
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
    // Rows that are not grouped by it say nothing.
    if let Some(tier) = text(row, "service_tier") {
        let workload = if tier == "batch" { "batch" } else { "interactive" };
        event.set(Field::Workload, event::Value::Text(workload.into()));
    }
    tier(&mut event, row);
    event.add_up(prompts(row));
    Ok(event)
}

/// What was billed, in cents.
fn costs<'v>(event: &mut Event<'v>, row: &'v Map<String, Value>) -> Result<(), Fault> {
    event.be_of_page(Page::Costs);
    // How many requests that was stands elsewhere.
    event.set(Field::Requests, event::Value::Count(0));
    in_dollars(row, "currency")?;
    take_cents(event, row, "amount")
}

/// Where it was processed, and what makes its prices others than the ordinary ones.
fn tier<'v>(event: &mut Event<'v>, row: &'v Map<String, Value>) {
    let geo = text(row, "inference_geo").filter(|geo| *geo != "global" && *geo != "not_available");
    let speed = text(row, "speed").filter(|speed| *speed != "standard");
    let tier = text(row, "service_tier").filter(|tier| *tier != "standard" && *tier != "batch");
    if let Some(other) = tier.or(speed).or_else(|| geo.clone()) {
        event.set(Field::Tier, event::Value::Text(other));
    }
    if let Some(geo) = geo {
        event.set(Field::Region, event::Value::Text(geo));
    }
}

/// How long the prompts were that a row adds up: `0-200k`, `200k-1M`, or nothing.
fn prompts(row: &Map<String, Value>) -> Prompts {
    let bound = |text: &str| {
        let (digits, unit) = match text.strip_suffix(['k', 'K']) {
            Some(digits) => (digits, 1000),
            None => text.strip_suffix(['m', 'M']).map_or((text, 1), |digits| (digits, 1_000_000)),
        };
        digits.parse::<u64>().ok()?.checked_mul(unit)
    };
    let window = text(row, "context_window");
    let parts = window.as_deref().and_then(|window| window.split_once('-'));
    match parts.map(|(from, to)| (bound(from), bound(to))) {
        Some((Some(above), up_to)) => Prompts::Said { above, up_to },
        _ => Prompts::Unsaid,
    }
}
