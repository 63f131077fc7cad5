//! The logs of others as events: one file a format, each with what it cannot say.

mod anthropic;
mod envoy;
mod focus;
mod litellm;
mod metadata;
mod openai;
mod opsmeter;
mod otlp;
mod own;
mod portkey;
mod spend;

use crate::limits::shown;
use serde_json::{Map, Number, Value};

use super::{Event, Fault, Field, Fields, Text, row};
use metadata::metadata;

/// What takes each event of a record, or what is wrong with it.
pub type Each<'v, 'e> = dyn FnMut(Result<Event<'v>, Fault>) + 'e;

/// A format of logs.
pub struct Adapter {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// What its records can state. What they cannot is not asked of them.
    pub states: Fields,
    /// Whether a record is of this format.
    recognizes: fn(&Map<String, Value>) -> bool,
    /// The columns without which a table of it says nothing.
    pub columns: &'static [&'static str],
    /// Whether its records are pages of an answer, of which each says whether more follow.
    pub is_paged: bool,
    /// Reads a record; how many of what is in it ask no model, which are passed over.
    pub read: for<'v> fn(&'v Map<String, Value>, &mut Each<'v, '_>) -> u64,
}

impl Adapter {
    /// Whether its records may name a use case, without which no decision is known.
    pub fn names_use_cases(&self) -> bool {
        self.states.has(Field::UseCase) || self.states.has(Field::EndpointTag)
    }
}

impl std::fmt::Debug for Adapter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// All, in the order in which a record is tried.
pub static ALL: [&Adapter; 10] = [
    &otlp::ADAPTER,
    &envoy::ADAPTER,
    &litellm::ADAPTER,
    &portkey::ADAPTER,
    &openai::ADAPTER,
    &anthropic::ADAPTER,
    &opsmeter::ADAPTER,
    &focus::ADAPTER,
    &spend::ADAPTER,
    &own::ADAPTER,
];

/// Our own events, which [`super::json`] reads without a detour.
pub static OWN: &Adapter = &own::ADAPTER;

/// The format of a record, if it is known.
pub fn recognize(record: &Map<String, Value>) -> Option<&'static Adapter> {
    ALL.into_iter().find(|adapter| (adapter.recognizes)(record))
}

/// The format with a name.
pub fn named(name: &str) -> Option<&'static Adapter> {
    ALL.into_iter().find(|adapter| adapter.name == name)
}

/// A record that is one event.
fn one<'v>(event: Result<Event<'v>, Fault>, each: &mut Each<'v, '_>) -> u64 {
    each(event);
    0
}

/// The object under a key, also where it is written as JSON in a text.
fn object<'v>(record: &'v Map<String, Value>, key: &str) -> Option<std::borrow::Cow<'v, Map<String, Value>>> {
    match record.get(key)? {
        Value::Object(object) => Some(std::borrow::Cow::Borrowed(object)),
        Value::String(text) if text.starts_with('{') => {
            Some(std::borrow::Cow::Owned(serde_json::from_str(text).ok()?))
        }
        _ => None,
    }
}

/// The text under a key; a number as it is written.
fn text<'v>(record: &'v Map<String, Value>, key: &str) -> Option<Text<'v>> {
    record.get(key).and_then(written)
}

/// A scalar as text; none for nothing, for an empty text and for what has parts.
fn written(value: &Value) -> Option<Text<'_>> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.as_str().into()),
        Value::Number(number) => Some(decimal(number).into()),
        Value::Bool(bool) => Some(bool.to_string().into()),
        _ => None,
    }
}

/// A number without an exponent, which some write where it is small.
fn decimal(number: &Number) -> String {
    let float = number.as_f64().filter(|_| number.is_f64());
    float.map_or_else(|| number.to_string(), |float| float.to_string())
}

/// Whether something stands under a key.
fn has(record: &Map<String, Value>, key: &str) -> bool {
    match record.get(key) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.is_empty() && text != "{}" && text != "[]",
        Some(Value::Object(object)) => !object.is_empty(),
        Some(Value::Array(list)) => !list.is_empty(),
        Some(_) => true,
    }
}

/// Names with values under a key: an object, a list of objects with `key` and `value`, or either written as JSON in a text;
/// none where nothing stands there.
fn tags<'v>(
    record: &'v Map<String, Value>,
    key: &str,
) -> Result<Option<std::borrow::Cow<'v, Map<String, Value>>>, Fault> {
    // What stands there may be anything, and stands in no output of ours.
    let unread = || Fault(format!("`{key}` is neither a JSON object nor a list of `key` and `value`"));
    let listed = |list: &[Value]| {
        let pair = |one: &Value| {
            let name = one.get("key").or(one.get("Key")).and_then(Value::as_str)?;
            Some((name.to_owned(), one.get("value").or(one.get("Value"))?.clone()))
        };
        list.iter().map(pair).collect::<Option<Map<String, Value>>>().ok_or_else(unread)
    };
    match record.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(std::borrow::Cow::Borrowed(object))),
        Some(Value::Array(list)) => listed(list).map(|pairs| Some(std::borrow::Cow::Owned(pairs))),
        Some(Value::String(text)) => {
            let text = text.trim();
            if text.is_empty() || text.eq_ignore_ascii_case("null") {
                return Ok(None);
            }
            // Some clouds leave out the braces.
            match serde_json::from_str(text).or_else(|_| serde_json::from_str(&format!("{{{text}}}"))) {
                Ok(Value::Object(object)) => Ok(Some(std::borrow::Cow::Owned(object))),
                Ok(Value::Array(list)) => listed(&list).map(|pairs| Some(std::borrow::Cow::Owned(pairs))),
                _ => Err(unread()),
            }
        }
        Some(_) => Err(unread()),
    }
}

/// States what was billed as the amount in cents under a key says.
fn take_cents(event: &mut Event<'_>, record: &Map<String, Value>, key: &str) -> Result<(), Fault> {
    let Some(amount) = text(record, key) else { return Ok(()) };
    let cents = super::money::parse(&amount).ok_or_else(|| row::unfit(key, "in cents", &amount))?;
    event.set(Field::Billed, super::Value::Money(super::money::divided(cents, 100)));
    Ok(())
}

/// Whether a record is a page without anything in it: no more is known of it.
fn is_empty_page(record: &Map<String, Value>) -> bool {
    let is_empty = record.get("data").and_then(Value::as_array).is_some_and(Vec::is_empty);
    is_empty && record.contains_key("has_more")
}

/// States a field as the text under a key says.
fn take<'v>(
    event: &mut Event<'v>,
    field: Field,
    record: &'v Map<String, Value>,
    key: &str,
) -> Result<(), Fault> {
    let millis = matches!(field, Field::GovernanceMs | Field::ProviderMs);
    match text(record, key) {
        // A part of a millisecond matters to nobody.
        Some(text) if millis && text.contains('.') => {
            let count = text.trim().parse().ok().and_then(whole);
            let count = count.ok_or_else(|| row::unfit(key, "a number of at least 0", &text))?;
            event.state(field, super::Value::Count(count))
        }
        Some(text) => event.state(field, row::value(field, key, text)?),
        None => Ok(()),
    }
}

/// The same where nothing is stated yet.
fn take_first<'v>(
    event: &mut Event<'v>,
    field: Field,
    record: &'v Map<String, Value>,
    keys: &[&str],
) -> Result<(), Fault> {
    for key in keys {
        if !event.has(field) {
            take(event, field, record, key)?;
        }
    }
    Ok(())
}

/// A time in any of the forms that logs have: RFC 3339, without a zone, or seconds or milliseconds since 1970.
fn time<'v>(event: &mut Event<'v>, record: &'v Map<String, Value>, key: &str) -> Result<(), Fault> {
    let at = match record.get(key) {
        Some(Value::Number(number)) => number.as_f64().and_then(super::time::of_seconds),
        Some(Value::String(text)) => match text.parse::<f64>() {
            Ok(seconds) => super::time::of_seconds(seconds),
            Err(_) => super::time::of_local(text),
        },
        _ => None,
    };
    match (at, text(record, key)) {
        (Some(at), _) => event.state(Field::Time, super::Value::Text(at.into())),
        // What happened at no time that is understood is not left out of sums.
        (None, Some(other)) => {
            let shown: String = other.chars().take(shown::QUOTED).collect();
            Err(Fault(format!("`{key}` is not a time: `{shown}`")))
        }
        (None, None) => Ok(()),
    }
}

/// Refuses amounts in another currency than US dollars, where a key names one.
fn in_dollars(record: &Map<String, Value>, key: &str) -> Result<(), Fault> {
    match text(record, key).filter(|currency| !currency.eq_ignore_ascii_case("USD")) {
        Some(currency) => {
            let shown: String = currency.chars().take(10).collect();
            Err(Fault(format!("the currency is `{shown}`, and amounts are in US dollars")))
        }
        None => Ok(()),
    }
}

/// Adds up token counts; one that is not there counts nothing.
fn sum(record: &Map<String, Value>, keys: &[&str]) -> Option<u64> {
    let counts = keys.iter().filter_map(|key| match record.get(*key)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    });
    counts.reduce(u64::saturating_add)
}

/// A number that others may write with a fraction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is that of numbers that are exact"
)]
fn whole(number: f64) -> Option<u64> {
    const MOST: f64 = 9_007_199_254_740_991.0;
    (0.0..=MOST).contains(&number).then(|| number.round() as u64)
}

/// A name without a number after `#`: an attempt of an exported configuration.
fn without_attempt(name: &str) -> &str {
    match name.rsplit_once('#') {
        Some((name, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => name,
    }
}
