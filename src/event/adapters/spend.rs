//! What was spent by use case and month: the table that finance keeps anyway.

use serde_json::{Map, Value};

use super::{Adapter, Event, Fault, Field, Fields, in_dollars, take, take_first, text};
use crate::event;

pub(super) static ADAPTER: Adapter = Adapter {
    name: "spend",
    about: "spend by use case and month: `use_case`, `month`, `usd`, and `provider`, `model`, `team`, `requests` … where known",
    states: Fields::of(&[
        Field::Time,
        Field::UseCase,
        Field::BusinessUnit,
        Field::Team,
        Field::Project,
        Field::Application,
        Field::Provider,
        Field::RequestModel,
        Field::Billed,
        Field::Requests,
    ]),
    recognizes: |record| record.contains_key("month") && record.contains_key("usd"),
    columns: &["month", "usd"],
    is_paged: false,
    read: |record, each| super::one(event(record), each),
};

fn event(record: &Map<String, Value>) -> Result<Event<'_>, Fault> {
    let mut event = Event::default();
    for key in ["currency", "billing_currency"] {
        in_dollars(record, key)?;
    }
    if let Some(month) = text(record, "month") {
        let day = format!("{}-01T00:00:00Z", month.get(..7).unwrap_or(&month));
        if event::time::day(&day).is_none() {
            let shown: String = month.chars().take(20).collect();
            return Err(Fault(format!("`{shown}` is not a month; write it as 2026-11")));
        }
        event.set(Field::Time, event::Value::Text(day.into()));
    }
    for (field, key) in [
        (Field::UseCase, "use_case"),
        (Field::BusinessUnit, "business_unit"),
        (Field::Team, "team"),
        (Field::Project, "project"),
        (Field::Application, "application"),
        (Field::Billed, "usd"),
    ] {
        take(&mut event, field, record, key)?;
    }
    // What was spent in a month is of nobody knows how many requests, where it does not say so.
    take(&mut event, Field::Requests, record, "requests")?;
    if event.count(Field::Requests).is_none() {
        event.set(Field::Requests, event::Value::Count(0));
    }
    take_first(&mut event, Field::Provider, record, &["provider"])?;
    take_first(&mut event, Field::RequestModel, record, &["model"])?;
    Ok(event)
}
