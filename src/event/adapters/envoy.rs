//! The access log of the proxy that `govctl export envoy` configures: our own keys, as far as a proxy knows what they ask for.

use serde_json::{Map, Value};

use super::{Adapter, Event, Fault, Field, Fields, Text, row, written};
use crate::event;
use crate::limits::shown;

/// What a line is known by, before its version.
const LOG: &str = "govctl-envoy/";

/// The version that is read.
const VERSION: &str = "1";

/// How the gateway answered instead of a model, with the status of such an event.
const TERMINALS: [(&str, &str); 3] = [("block", "blocked"), ("queue", "queued"), ("degrade", "degraded")];

pub(super) static ADAPTER: Adapter = Adapter {
    name: "envoy",
    about: "the access log of an Envoy that `govctl export envoy` configures, a line of JSON each request",
    states: Fields::of(&[
        Field::Time,
        Field::RequestId,
        Field::Application,
        Field::BusinessUnit,
        Field::Team,
        Field::Project,
        Field::UseCase,
        Field::Classification,
        Field::BudgetRemaining,
        Field::Budgets,
        Field::Facts,
        Field::Table,
        Field::Decision,
        Field::Policies,
        Field::Route,
        Field::Hop,
        Field::Trigger,
        Field::Failover,
        Field::LoggedAs,
        Field::GovernanceMs,
        Field::ProviderMs,
        Field::Status,
        Field::HttpStatus,
        Field::Error,
    ]),
    recognizes: |record| record.get("log").and_then(Value::as_str).is_some_and(|log| log.starts_with(LOG)),
    columns: &[],
    is_paged: false,
    read: |record, each| super::one(event(record), each),
};

fn event(record: &Map<String, Value>) -> Result<Event<'_>, Fault> {
    let log = record.get("log").and_then(Value::as_str);
    if log.and_then(|log| log.strip_prefix(LOG)) != Some(VERSION) {
        return Err(Fault(format!("its `log` is not `{LOG}{VERSION}`")));
    }
    let mut event = Event::default();
    for (key, value) in record {
        if let Some(field) = Field::of(key).filter(|field| ADAPTER.states.has(*field)) {
            state(&mut event, field, value)?;
        }
    }
    let http = event.count(Field::HttpStatus).unwrap_or(0);
    let route = event.text(Field::Route);
    let terminal = TERMINALS.into_iter().find(|(name, _)| route == Some(*name));
    let status = match terminal {
        Some((_, status)) => status,
        None if (100..400).contains(&http) => "success",
        None => "error",
    };
    event.set(Field::Status, event::Value::Text(status.into()));
    // No model was asked, or none answered.
    if terminal.is_some() {
        event.set(Field::Route, event::Value::Absent);
    }
    Ok(event)
}

fn state<'v>(event: &mut Event<'v>, field: Field, value: &'v Value) -> Result<(), Fault> {
    match (field, value) {
        (_, Value::Null) => Ok(()),
        // It is worked out from the route.
        (Field::Status, _) => Ok(()),
        (Field::Facts | Field::Budgets, Value::Object(pairs)) => {
            pairs.iter().try_for_each(|(name, value)| match written(value) {
                Some(text) => event.pair(field, name.as_str().into(), text),
                None if value.as_str() == Some("") => Ok(()),
                None => Err(Fault(format!("`{}.{}` is not text", field.key(), shown(name)))),
            })
        }
        (Field::Policies, Value::Array(names)) => {
            let names = names.iter().map(|name| name.as_str().map(Text::from)).collect::<Option<Vec<Text>>>();
            let names = names.ok_or_else(|| Fault(format!("`{}` are not texts", field.key())))?;
            event.state(field, event::Value::List(names))
        }
        (Field::Policies, _) => Err(Fault(format!("`{}` is not a list", field.key()))),
        (_, Value::Array(_) | Value::Object(_)) => {
            Err(Fault(format!("`{}` cannot be a list or an object", field.key())))
        }
        _ => match written(value) {
            Some(text) if !is_nothing(field, &text) => {
                let text =
                    if [Field::Failover, Field::LoggedAs].contains(&field) { plain(text) } else { text };
                event.state(field, row::value(field, field.key(), text)?)
            }
            _ => Ok(()),
        },
    }
}

/// What is written in headers where there is nothing to say.
fn is_nothing(field: Field, text: &str) -> bool {
    text == "-" && [Field::Decision, Field::Hop, Field::Route].contains(&field)
}

/// A name as the policy has it: in headers, what is not a letter, a digit, `-`, `_` or `.` is `~` and two hexadecimal digits.
fn plain(name: Text<'_>) -> Text<'_> {
    if !name.contains('~') {
        return name;
    }
    let (mut bytes, mut rest) = (Vec::with_capacity(name.len()), name.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let is_coded = |digits: &&[u8]| *first == b'~' && digits.iter().all(u8::is_ascii_hexdigit);
        let digits = after.get(..2).filter(is_coded).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).map_or(name, Text::from)
}

fn shown(name: &str) -> String {
    name.chars().take(shown::QUOTED).collect()
}
