//! What kind of value stands where: Portkey refuses a config that has another one there. A number that is written as a
//! text is read as that number; what is read as nothing is listed.

use super::numbers::number;
use crate::import::{Notes, text};
use crate::yaml::{Kind, Value};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Number,
    Numbers,
    Object,
    List,
}

impl Holds {
    fn shown(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Numbers => "a list of numbers",
            Self::Object => "an object",
            Self::List => "a list",
        }
    }

    fn fits(self, value: &Value) -> bool {
        match (self, &value.kind) {
            (Self::Text, Kind::String(_)) | (Self::Object, Kind::Map(_)) | (Self::List, Kind::List(_)) => {
                true
            }
            (Self::Number, Kind::Number { exact, .. }) => exact.is_some(),
            (Self::Numbers, Kind::List(items)) => items.iter().all(|item| Self::Number.fits(item)),
            _ => false,
        }
    }
}

/// Keys that are read, with what they hold, by where they stand in a target.
const KEYS: [(&str, &[(&str, Holds)]); 4] = [
    (
        "",
        &[
            ("strategy", Holds::Object),
            ("targets", Holds::List),
            ("provider", Holds::Text),
            ("virtual_key", Holds::Text),
            ("custom_host", Holds::Text),
            ("name", Holds::Text),
            ("weight", Holds::Number),
            ("retry", Holds::Object),
            ("override_params", Holds::Object),
            ("aws_region", Holds::Text),
            ("vertex_region", Holds::Text),
            ("resource_name", Holds::Text),
            ("deployment_id", Holds::Text),
        ],
    ),
    (
        "strategy",
        &[
            ("mode", Holds::Text),
            ("on_status_codes", Holds::Numbers),
            ("conditions", Holds::List),
            ("default", Holds::Text),
        ],
    ),
    ("retry", &[("attempts", Holds::Number)]),
    ("override_params", &[("model", Holds::Text)]),
];

/// Lists what of a target, or of what holds targets, is not of the kind that Portkey reads there.
pub(super) fn misshapen(target: &Value, title: &str, notes: &mut Notes) {
    for (place, keys) in KEYS {
        let Some(of) = (if place.is_empty() { Some(target) } else { target.get(place) }) else { continue };
        for (key, holds) in keys {
            let Some(value) = of.get(key).filter(|value| !holds.fits(value)) else { continue };
            let path = if place.is_empty() { (*key).to_owned() } else { format!("{place}.{key}") };
            member(value, &path, *holds, title, notes);
        }
    }
    for item in target.get("targets").map(Value::items).unwrap_or_default() {
        if !matches!(item.kind, Kind::Map(_)) {
            notes.left(
                item.span,
                format!("an entry of `targets` of {}: it is not an object", text::comment(title)),
            );
        }
    }
}

fn member(value: &Value, path: &str, holds: Holds, title: &str, notes: &mut Notes) {
    let of = text::comment(title);
    let shown = text::comment(&text::flow(value));
    let items =
        if let Kind::List(items) = &value.kind { items.as_slice() } else { std::slice::from_ref(value) };
    let is_read = match holds {
        Holds::Number => number(value).is_some(),
        Holds::Numbers => {
            matches!(value.kind, Kind::List(_)) && items.iter().all(|item| number(item).is_some())
        }
        _ => false,
    };
    let wanted = holds.shown();
    let read = if holds == Holds::Numbers { "the numbers that it says" } else { "the number that it says" };
    if is_read {
        notes.read(
            value.span,
            format!(
                "`{path}` of {of}, `{shown}`, as {read}: Portkey refuses a config without {wanted} there"
            ),
        );
    } else {
        notes.left(
            value.span,
            format!("`{path}` of {of}: `{shown}` is not {wanted}, without which Portkey refuses the config"),
        );
    }
}
