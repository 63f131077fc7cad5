//! What callers and gateways put into a request's metadata: our keys, under `govctl` or beside it.

use serde_json::{Map, Value};

use super::{Event, Fault, Field, Text, object, row, text, written};
use crate::event;

/// States what a request's metadata says, never over what is stated already.
pub(super) fn metadata(event: &mut Event<'_>, metadata: &Map<String, Value>) -> Result<(), Fault> {
    if let Some(ours) = object(metadata, "govctl") {
        stated(event, &ours, true)?;
        older(event, &ours)?;
    }
    stated(event, metadata, false)
}

/// Our keys of an object. Where it is the caller's, what it calls `status` or `content` is not ours.
fn stated(event: &mut Event<'_>, object: &Map<String, Value>, is_ours: bool) -> Result<(), Fault> {
    // Whoever names the use case speaks our language.
    let speaks = ["use_case", "endpoint_tag"].iter().any(|key| text(object, key).is_some());
    for (key, value) in object {
        let (key, is_ours) = match key.strip_prefix("govctl.") {
            Some(ours) => (ours, true),
            None => (key.as_str(), is_ours),
        };
        let field = Field::of(key);
        if let (Some(field @ (Field::Facts | Field::Budgets)), Some(all)) = (field, pairs(value)) {
            for (name, value) in &*all {
                if let Some(text) = written(value) {
                    event.pair(field, name.clone().into(), text.into_owned().into())?;
                }
            }
            continue;
        }
        let of_callers =
            |field: &Field| OF_CALLERS.contains(field) || (speaks && OF_GATEWAYS.contains(field));
        let is_free = field.is_none_or(|field| !event.has(field) && (is_ours || of_callers(&field)));
        if let Some(field) = field.filter(|field| is_free && is_empty_list(*field, value)) {
            // None of them is something else than nothing said.
            event.set(field, event::Value::List(Vec::new()));
        } else if let Some(text) = value_of(field, value).filter(|_| is_free) {
            row::put(event, key, text.into_owned().into())?;
        }
    }
    Ok(())
}

/// Pairs, also where they are written as JSON in a text.
fn pairs(value: &Value) -> Option<std::borrow::Cow<'_, Map<String, Value>>> {
    match value {
        Value::Object(pairs) => Some(std::borrow::Cow::Borrowed(pairs)),
        Value::String(text) => serde_json::from_str(text).ok().map(std::borrow::Cow::Owned),
        _ => None,
    }
}

/// Whether a value is a list without anything in it, of a field that is one.
fn is_empty_list(field: Field, value: &Value) -> bool {
    let is_empty = match value {
        Value::Array(list) => list.is_empty(),
        Value::String(text) => text.trim_start().starts_with('[') && row::holds_nothing(text),
        _ => false,
    };
    is_empty && field.kind() == event::Kind::List
}

/// A value as a row of a table would have it: lists with `;` between, also those written as JSON in a text.
fn value_of(field: Option<Field>, value: &Value) -> Option<Text<'_>> {
    let joined = |list: &[Value]| list.iter().filter_map(written).collect::<Vec<Text>>().join(";").into();
    let is_list = field.is_some_and(|field| field.kind() == event::Kind::List);
    match value {
        Value::Array(list) => Some(joined(list)),
        Value::String(text) if is_list && text.starts_with('[') => {
            serde_json::from_str::<Vec<Value>>(text).ok().map(|list| joined(&list)).or_else(|| written(value))
        }
        other => written(other),
    }
}

/// What the hook for `LiteLLM` wrote before it used our keys: `rules`, `tags`, `triggers`, `path`.
fn older(event: &mut Event<'_>, ours: &Map<String, Value>) -> Result<(), Fault> {
    if let Some(Value::Array(rules)) = ours.get("rules").filter(|_| !event.has(Field::Policies)) {
        let rules = rules.iter().filter_map(written).map(|rule| rule.into_owned().into()).collect();
        event.set(Field::Policies, event::Value::List(rules));
    }
    if let Some(Value::Object(tags)) = ours.get("tags") {
        for (name, value) in tags {
            let field = Field::of(name).filter(|field| OF_CALLERS.contains(field) && !event.has(*field));
            if let (Some(_), Some(text)) = (field, written(value)) {
                row::put(event, name, text.into_owned().into())?;
            }
        }
    }
    let mut set = |field: Field, value: Option<Text<'_>>| {
        if let Some(value) = value.filter(|_| !event.has(field)) {
            event.set(field, event::Value::Text(value.into_owned().into()));
        }
    };
    if text(ours, "hop").is_some_and(|hop| hop != "0") {
        set(Field::Failover, text(ours, "path"));
        // Several of one kind say on which the primary failed; of others nobody knows which was which.
        let triggers: Vec<Text<'_>> = ours
            .get("triggers")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(written)
            .collect();
        if let [first, rest @ ..] = triggers.as_slice()
            && rest.iter().all(|one| one == first)
        {
            set(Field::Trigger, Some(first.clone()));
        }
    }
    Ok(())
}

/// What callers may put into metadata under our names without the key `govctl`.
const OF_CALLERS: [Field; 15] = [
    Field::CorrelationId,
    Field::Application,
    Field::Agent,
    Field::BusinessUnit,
    Field::Team,
    Field::Project,
    Field::User,
    Field::UseCase,
    Field::EndpointTag,
    Field::PromptVersion,
    Field::Environment,
    Field::DataMode,
    Field::Classification,
    Field::Sources,
    Field::Workload,
];

/// What else a gateway writes there, where it names the use case too: elsewhere these words mean other things.
const OF_GATEWAYS: [Field; 14] = [
    Field::BudgetRemaining,
    Field::Table,
    Field::Decision,
    Field::Policies,
    Field::Route,
    Field::Hop,
    Field::Trigger,
    Field::Failover,
    Field::LoggedAs,
    Field::ConfirmedBy,
    Field::Region,
    Field::Data,
    Field::Masked,
    Field::RetainDays,
];
