//! What else a configuration says: how the proxy runs, and what has no equivalent.

use super::Config;
use crate::import::{Notes, text};
use crate::source::Spanned;
use crate::yaml::{Kind, Value};

/// Keys of sections that are read elsewhere; of each key only in sections where it counts.
const TAKEN: [(&str, &[&str]); 3] = [
    (
        "router_settings",
        &[
            "fallbacks",
            "content_policy_fallbacks",
            "context_window_fallbacks",
            "default_fallbacks",
            "model_group_alias",
            "routing_groups",
            "provider_budget_config",
            "num_retries",
            "cooldown_time",
            "max_fallbacks",
            "retry_policy",
            "model_group_retry_policy",
            "enable_weighted_failover",
        ],
    ),
    (
        "litellm_settings",
        &[
            "fallbacks",
            "content_policy_fallbacks",
            "context_window_fallbacks",
            "default_fallbacks",
            "provider_budget_config",
            "num_retries",
            "cooldown_time",
            "max_fallbacks",
            "max_budget",
            "max_internal_user_budget",
        ],
    ),
    ("general_settings", &["provider_budget_config"]),
];

/// Keys that count where another one stands beside them.
const BESIDE: [(&str, &str); 2] =
    [("budget_duration", "max_budget"), ("internal_user_budget_duration", "max_internal_user_budget")];

/// Lists every key that is not carried over: one note for a section.
pub(super) fn list(config: &Config, notes: &mut Notes) {
    for (_, root) in config.documents {
        for (section, value) in root.entries() {
            let name = text::comment(&section.value);
            match section.value.as_str() {
                "model_list" => {
                    if !matches!(value.kind, Kind::List(_)) {
                        misshapen(section, value, "list", notes);
                    }
                }
                "include" => {}
                "credential_list" if matches!(value.kind, Kind::List(_)) => {}
                "router_settings" | "litellm_settings" | "general_settings"
                    if !matches!(value.kind, Kind::Map(_)) =>
                {
                    misshapen(section, value, "map", notes);
                }
                "router_settings" | "litellm_settings" | "general_settings" => {
                    let read = TAKEN
                        .iter()
                        .find(|(known, _)| *known == section.value)
                        .map_or(&[][..], |(_, keys)| keys);
                    let is_read = |key: &str| {
                        let beside = BESIDE.iter().find(|(known, _)| *known == key);
                        let belongs = beside.is_some_and(|(_, owner)| {
                            section.value == "litellm_settings" && value.get(owner).is_some()
                        });
                        read.contains(&key) || belongs
                    };
                    let keys = value.entries().iter().filter(|(key, _)| !is_read(&key.value));
                    let keys: Vec<String> =
                        keys.map(|(key, _)| format!("`{}`", text::comment(&key.value))).collect();
                    if !keys.is_empty() {
                        notes.left(section.span, format!("of `{name}`: {}", keys.join(", ")));
                    }
                }
                _ => notes.left(section.span, format!("`{name}`")),
            }
        }
    }
    overridden(config, notes);
}

/// Lists a section of a shape in which nothing of it counts.
fn misshapen(section: &Spanned<String>, value: &Value, wanted: &str, notes: &mut Notes) {
    let (name, what) = (text::comment(&section.value), text::kind(value));
    let shown = text::comment(&text::flow(value));
    let shown: String = shown.chars().take(60).collect();
    notes.left(section.span, format!("`{name}`: it is {what}, `{shown}`, and no {wanted}"));
}

/// Settings that stand in two sections with two values: the router's counts.
fn overridden(config: &Config, notes: &mut Notes) {
    for key in ["num_retries", "cooldown_time", "max_fallbacks"] {
        let Some(first) = config.first(&["router_settings"], key) else { continue };
        let others = config.all("litellm_settings", key);
        for other in others.into_iter().filter(|other| text::flow(other) != text::flow(first)) {
            notes.left(other.span, format!("`{key}`: the value in `router_settings` takes precedence"));
        }
    }
}
