//! Whether a record holds anything of prompt or answer: what it holds matters to nobody here.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::event::{Value, row};
use crate::limits::effort;

/// The same of a value as it is written in a record; none where it takes a closer look.
pub(in crate::event) fn quickly<'a>(value: &str) -> Option<Value<'a>> {
    let inner = value.get(1..value.len().saturating_sub(1)).unwrap_or_default();
    let is_empty = match value.bytes().next()? {
        b'"' if inner.contains('\\') => {
            return (inner.len() > effort::ESCAPED_BYTES).then_some(Value::Present);
        }
        b'"' => row::holds_nothing(inner),
        b'[' | b'{' => inner.trim().is_empty(),
        _ => false,
    };
    Some(if is_empty { Value::Absent } else { Value::Present })
}

/// Whether anything stands there: no empty text, list or object, and nothing written as one.
pub(super) struct OfAnything(pub(super) bool);

impl<'de> Deserialize<'de> for OfAnything {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(AnythingVisitor).map(OfAnything)
    }
}

struct AnythingVisitor;

impl<'de> Visitor<'de> for AnythingVisitor {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        Ok(!row::holds_nothing(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        let mut is_there = false;
        while list.next_element::<IgnoredAny>()?.is_some() {
            is_there = true;
        }
        Ok(is_there)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut is_there = false;
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            is_there = true;
        }
        Ok(is_there)
    }
}
