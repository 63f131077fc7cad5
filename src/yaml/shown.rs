//! A value as messages show it: short, and no secret.

use super::{Kind, Value};
use crate::source::keys;

/// A value as it is written, in back quotes; what its key says is to be kept secret is not shown.
pub(super) fn value(value: &Value, key: Option<&str>) -> String {
    let short = |text: &str| {
        if text.chars().count() <= 60 {
            text.to_owned()
        } else {
            text.chars().take(57).collect::<String>() + "…"
        }
    };
    let is_kept = |text: &str| key.is_some_and(keys::names_secret) && keys::is_random(text);
    match &value.kind {
        Kind::Null => "nothing".to_owned(),
        Kind::Bool(value) => format!("`{value}`"),
        Kind::Number { text, .. } => format!("`{}`", short(text)),
        Kind::String(text) if is_kept(text) => "what looks like a secret".to_owned(),
        Kind::String(text) => format!("`{}`", short(text)),
        Kind::List(_) => "a list".to_owned(),
        Kind::Map(_) => "a map".to_owned(),
    }
}
