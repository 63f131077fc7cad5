//! What else a configuration says: how the proxy runs, and what has no equivalent.

use super::Config;
use crate::import::{Notes, text};

/// Keys of sections that are read elsewhere.
const TAKEN: [&str; 11] = [
    "fallbacks",
    "content_policy_fallbacks",
    "context_window_fallbacks",
    "default_fallbacks",
    "model_group_alias",
    "provider_budget_config",
    "num_retries",
    "cooldown_time",
    "max_fallbacks",
    "max_budget",
    "budget_duration",
];

/// Lists every key that is not carried over: one note for a section.
pub(super) fn list(config: &Config, notes: &mut Notes) {
    for (_, root) in config.documents {
        for (section, value) in root.entries() {
            let name = text::comment(&section.value);
            match section.value.as_str() {
                "model_list" | "include" => {}
                "router_settings" | "litellm_settings" | "general_settings" => {
                    let keys = value.entries().iter().filter(|(key, _)| !TAKEN.contains(&key.value.as_str()));
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
}
