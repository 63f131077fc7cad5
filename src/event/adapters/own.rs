//! Our own events, where they come as rows of CSV: a column is a key.

use serde_json::{Map, Value};

use super::{Adapter, Each, Event, Field, Fields, row, written};

pub(super) static ADAPTER: Adapter = Adapter {
    name: "event",
    about: "events of `schemas/event.schema.json`, as lines of JSON or as CSV",
    states: Fields::ALL,
    recognizes: |record| record.keys().any(|key| Field::of(key).is_some_and(|field| FIRM.contains(&field))),
    columns: &["time"],
    is_paged: false,
    read,
};

/// What others do not call so.
const FIRM: [Field; 6] = [
    Field::Time,
    Field::UseCase,
    Field::EndpointTag,
    Field::Provider,
    Field::RequestModel,
    Field::ResponseModel,
];

/// A row. Of a line of JSON, `crate::event::json` is asked instead.
fn read<'v>(record: &'v Map<String, Value>, each: &mut Each<'v, '_>) -> u64 {
    let mut event = Event::default();
    for (key, value) in record {
        if let Some(text) = written(value)
            && let Err(fault) = row::put(&mut event, key, text)
        {
            return super::one(Err(fault), each);
        }
    }
    super::one(Ok(event), each)
}
