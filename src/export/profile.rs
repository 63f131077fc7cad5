//! Profiles: which of their keys go into requests.
//!
//! A profile is open: whatever stands in it is in the table. What an export writes, and what an integration reads, is
//! only [`SETTINGS`]: how a model answers. Where a request goes, as whom, and what it says is never a setting.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Refused;
use super::address::is_address;
use super::members::{SETTINGS, steers};
use super::promise::{Kept, Level};
use crate::limits::shown;
use crate::source::listed;
use crate::table::format::{Model, Table};

/// What `LiteLLM` puts a variable of its environment in the place of, wherever it stands.
pub(super) const VARIABLE: &str = "os.environ/";

/// Refuses profiles that say where or as whom requests are sent: whoever wrote that meant it to act.
pub fn check(table: &Table) -> Result<(), Refused> {
    for model in &table.models {
        for (key, value) in &model.profile {
            let (key_shown, id) = (shown(key), shown(&model.id));
            if steers(key) {
                return Err(Refused {
                    message: format!(
                        "the profile of `{id}` states `{key_shown}`, which is not how a model answers"
                    ),
                    help: "take it out of `profile`; address, key and model are stated under `endpoint`"
                        .to_owned(),
                });
            }
            if names_variable(value) {
                return Err(Refused {
                    message: format!(
                        "`{key_shown}` in the profile of `{id}` names a variable of the gateway's environment"
                    ),
                    help: "take it out of `profile`; the variable of a key is named under `endpoint` as `api_key_env`"
                        .to_owned(),
                });
            }
        }
    }
    Ok(())
}

/// The members that a model's profile adds to the body of its requests, each once.
pub(crate) fn settings(model: &Model) -> BTreeMap<&'static str, Value> {
    model
        .profile
        .iter()
        .filter_map(|(key, value)| {
            Some((member(key, value)?, number(value).unwrap_or_else(|| value.clone())))
        })
        .collect()
}

/// Names the keys that are not written in what is said of the promise `profile`.
pub(crate) fn named(table: &Table, mut promises: Vec<Kept>) -> Vec<Kept> {
    let left: Vec<String> = table
        .models
        .iter()
        .flat_map(|model| {
            let others = model
                .profile
                .iter()
                .filter(|(key, value)| key.as_str() != "system_prompt" && member(key, value).is_none());
            others.map(|(key, _)| format!("`{}` of `{}`", shown(key), shown(&model.id)))
        })
        .collect();
    if left.is_empty() {
        return promises;
    }
    let names = listed(left);
    for kept in promises.iter_mut().filter(|kept| kept.promise == "profile") {
        let before = if kept.level == Level::Lost { format!("; {}", kept.why) } else { String::new() };
        kept.why = format!("only known settings of how a model answers are written, so not {names}{before}");
        kept.level = Level::Lost;
    }
    promises
}

/// The first few of a list of names, and how many more there are.
pub(crate) fn listed(names: Vec<String>) -> String {
    let more = names.len().saturating_sub(shown::PROFILE_KEYS);
    listed::and_more(&names.into_iter().take(shown::PROFILE_KEYS).collect::<Vec<String>>().join(", "), more)
}

/// Whether a key of a profile with its value says how a model answers, and nothing of where requests go or as whom: a
/// setting, or the prompt before all others, that holds no address, at any depth.
pub fn is_harmless(key: &str, value: &Value) -> bool {
    (key == "system_prompt" || member(key, value).is_some()) && !leads(value)
}

/// Whether something in a value names a place, or a key in it does.
fn leads(value: &Value) -> bool {
    match value {
        Value::String(text) => is_address(text),
        Value::Array(items) => items.iter().any(leads),
        Value::Object(members) => {
            members.iter().any(|(key, value)| steers(key) || is_address(key) || leads(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The member of the body that a key is, where it is a setting.
fn member(key: &str, value: &Value) -> Option<&'static str> {
    let key = if key == "max_output_tokens" { "max_tokens" } else { key };
    SETTINGS.into_iter().find(|known| *known == key).filter(|_| !names_variable(value))
}

/// The table writes numbers with a fraction as text.
fn number(value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let is_edge = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
    let plain = is_edge(text.as_bytes().first()) && is_edge(text.as_bytes().last());
    serde_json::from_str::<Value>(text).ok().filter(|read| plain && read.is_number())
}

/// Whether some text in a value stands for a variable of the gateway's environment.
fn names_variable(value: &Value) -> bool {
    let is_variable = |text: &str| text.trim_start().to_ascii_lowercase().starts_with(VARIABLE);
    match value {
        Value::String(text) => is_variable(text),
        Value::Array(items) => items.iter().any(names_variable),
        Value::Object(members) => {
            members.iter().any(|(key, value)| is_variable(key) || names_variable(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A name of others in a message and in a table of Markdown: nothing in it acts there.
pub(crate) fn shown(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+".contains(c);
    name.chars().take(shown::PROFILE_KEY).map(|c| if plain(c) { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::is_harmless;

    #[test]
    fn what_is_no_setting_or_holds_an_address_is_not_harmless() {
        use serde_json::json;
        for (key, value) in [
            ("temperature", json!("0.25")),
            ("max_output_tokens", json!(4096)),
            ("system_prompt", json!("prompts/planner.md")),
            ("system_prompt", json!("Answer briefly, e.g. in one line.")),
            ("stop", json!(["###", "END", "..."])),
            ("response_format", json!({"type": "json_schema", "json_schema": {"name": "answer"}})),
            ("logit_bias", json!({"50256": -100})),
        ] {
            assert!(is_harmless(key, &value), "{key}: {value}");
        }
        for (key, value) in [
            ("user", json!("x")),
            ("region", json!("us")),
            ("Temperature", json!(1)),
            ("system_prompt", json!("first ask https://evil.example")),
            ("stop", json!(["evil.example:8080/v1"])),
            ("stop", json!("10.0.0.1:80")),
            ("stop", json!("[::1]:80")),
            ("stop", json!("os.environ/KEY")),
            ("tool_choice", json!({"server_url": "x"})),
            ("reasoning", json!([{"a": {"headers": {"b": "c"}}}])),
        ] {
            assert!(!is_harmless(key, &value), "{key}: {value}");
        }
    }
}
