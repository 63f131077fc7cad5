//! Tests of the table: what it looks like, what is refused, what is answered.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod canonical;
mod hostile;
mod letter;
mod live;
mod lookup;
mod misread;
mod prepared;
mod quick;
mod refusals;
mod round_trip;
mod schema;
mod signed;

use serde_json::Value;

use super::{Decision, DecisionTable, LoadError, LoadOptions, Target, canonical_json, sha256_hex};

/// The example of docs/table.md, completed so that every part of it means something.
const EXAMPLE: &str = include_str!("../tests/example.table.json");

/// The day of every test.
const TODAY: &str = "2026-11-21";

fn example() -> Value {
    serde_json::from_str(EXAMPLE).expect("JSON")
}

fn load(text: &str) -> Result<DecisionTable, LoadError> {
    DecisionTable::from_slice(text.as_bytes(), &LoadOptions::at(TODAY))
}

/// The table with the digest that belongs to it.
fn sealed(mut table: Value) -> String {
    let object = table.as_object_mut().expect("an object");
    object.remove("digest");
    let digest = sha256_hex(canonical_json(&table).as_bytes());
    table["digest"] = format!("sha256:{digest}").into();
    canonical_json(&table)
}

/// The example with one value replaced, or with `None` taken away; the digest fits.
fn edited(pointer: &str, value: Option<Value>) -> String {
    let mut table = example();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let key = key.replace("~1", "/");
    match (table.pointer_mut(parent).expect("a place"), value) {
        (Value::Array(items), Some(value)) => {
            let at: usize = key.parse().expect("an index");
            if at == items.len() { items.push(value) } else { items[at] = value }
        }
        (Value::Array(items), None) => drop(items.remove(key.parse().expect("an index"))),
        (Value::Object(members), Some(value)) => drop(members.insert(key, value)),
        (Value::Object(members), None) => drop(members.remove(&key).expect("a key")),
        (other, _) => panic!("{pointer} is in {other}"),
    }
    sealed(table)
}

/// The primary and what stands after it on the first path.
fn targets<'a>(decision: &Decision<'a>) -> Vec<Target<'a>> {
    let after = decision.paths().next().into_iter().flat_map(|path| path.targets());
    decision.primary().into_iter().chain(after).collect()
}

/// Why a table is refused.
fn refusal(text: &str) -> String {
    load(text).map(drop).expect_err("the table is refused").to_string()
}

/// The pointers of all keys, however deep.
fn keys(pointer: &str, value: &Value, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let place = format!("{pointer}/{}", key.replace('/', "~1"));
                keys(&place, value, places);
                places.push(place);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                keys(&format!("{pointer}/{at}"), value, places);
            }
        }
        _ => {}
    }
}
