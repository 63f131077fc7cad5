//! Numbers, days and capabilities in JSON.

use serde_json::{Map, Value};

use crate::number::{self, Rational};
use crate::registry::Date;

/// A number, or a text that is one, exactly as it is written: no price has more digits than survive a double.
pub(super) fn decimal(value: &Value) -> Option<Rational> {
    match value {
        Value::Number(number) => match number.as_u64() {
            Some(whole) => Some(number::whole(whole)),
            None => number::parse_decimal(&number.as_f64()?.to_string()),
        },
        Value::String(text) => number::parse_decimal(text),
        _ => None,
    }
}

/// A price under a key, times a factor; none where it is not there, no number or below zero.
pub(super) fn price(map: &Map<String, Value>, key: &str, factor: u64) -> Option<Rational> {
    let price = map.get(key).and_then(decimal)? * number::whole(factor);
    (price >= number::whole(0)).then_some(price)
}

/// A count of tokens under a key.
pub(super) fn tokens(map: &Map<String, Value>, key: &str) -> Option<u64> {
    let tokens = number::to_whole(&map.get(key).and_then(decimal)?)?;
    (tokens > 0).then_some(tokens)
}

/// A day under a key.
pub(super) fn day(map: &Map<String, Value>, key: &str) -> Option<Date> {
    map.get(key)?.as_str()?.get(..10)?.parse().ok()
}

/// Whether a key says true.
pub(super) fn is(map: &Map<String, Value>, key: &str) -> bool {
    map.get(key) == Some(&Value::Bool(true))
}

/// Whether a list under a key has a text.
pub(super) fn lists(map: &Map<String, Value>, key: &str, text: &str) -> bool {
    map.get(key).and_then(Value::as_array).is_some_and(|list| list.iter().any(|item| item == text))
}

/// Those of some capabilities that hold, sorted.
pub(super) fn capabilities(held: &[(&'static str, bool)]) -> Vec<&'static str> {
    let mut held: Vec<&str> = held.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    held.sort_unstable();
    held
}
