//! What of a target has no equivalent.

use super::target::variable;
use crate::import::{Notes, text};
use crate::yaml::Value;

/// Keys that become something in the workspace, or say how the tree is walked.
const TAKEN: [&str; 17] = [
    "strategy",
    "targets",
    "provider",
    "virtual_key",
    "api_key",
    "override_params",
    "custom_host",
    "retry",
    "weight",
    "name",
    "slug",
    "id",
    "aws_region",
    "vertex_region",
    "resource_name",
    "deployment_id",
    "on_status_codes",
];

/// Keys that the gateway reads and the language has nothing for.
const KNOWN: [&str; 22] = [
    "cache",
    "request_timeout",
    "forward_headers",
    "input_guardrails",
    "output_guardrails",
    "before_request_hooks",
    "after_request_hooks",
    "default_input_guardrails",
    "default_output_guardrails",
    "input_mutators",
    "output_mutators",
    "strict_open_ai_compliance",
    "openai_project",
    "openai_organization",
    "openai_beta",
    "api_version",
    "cb_config",
    "index",
    "url_to_fetch",
    "mistral_fim_completion",
    "model_pricing_config",
    "headers",
];

/// How keys begin of which the gateway has many for one provider.
const FAMILIES: [&str; 11] = [
    "aws_",
    "azure_",
    "vertex_",
    "anthropic_",
    "huggingface_",
    "workers_ai_",
    "snowflake_",
    "stability_",
    "fireworks_",
    "oracle_",
    "amzn_",
];

/// Ends of keys that hold secrets.
const SECRETS: [&str; 9] = [
    "api_key",
    "secret_access_key",
    "access_key_id",
    "session_token",
    "ad_token",
    "client_secret",
    "account_json",
    "private_key",
    "passphrase",
];

/// Lists every key of a target, or of what holds targets, that is not carried over.
pub(super) fn of(target: &Value, title: &str, is_leaf: bool, notes: &mut Notes) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for (key, value) in target.entries() {
        let name = key.value.as_str();
        let shown = format!("`{}`", text::comment(name));
        if SECRETS.iter().any(|end| name.ends_with(end)) {
            if value.text().is_none_or(|text| variable(text).is_none()) {
                notes.state(value.span, format!("{shown} is written in the file itself: it is not carried over; keep it in the environment"));
            }
            continue;
        }
        let is_family = FAMILIES.iter().any(|begin| name.starts_with(begin));
        let misplaced = !is_leaf
            && matches!(
                name,
                "provider"
                    | "virtual_key"
                    | "api_key"
                    | "resource_name"
                    | "deployment_id"
                    | "aws_region"
                    | "vertex_region"
            );
        match name {
            "override_params" => {
                let others = value.entries().iter().filter(|(key, _)| key.value != "model");
                known.extend(
                    others.map(|(key, _)| format!("`override_params.{}`", text::comment(&key.value))),
                );
            }
            "retry" => {
                let others = value.entries().iter().filter(|(key, _)| key.value != "attempts");
                known.extend(others.map(|(key, _)| format!("`retry.{}`", text::comment(&key.value))));
            }
            "on_status_codes" => known.push(format!("{shown} outside `strategy`")),
            _ if misplaced => known.push(format!("{shown} beside `targets`")),
            _ if TAKEN.contains(&name) => {}
            _ if KNOWN.contains(&name) || is_family => known.push(shown),
            _ => unknown.push(shown),
        }
    }
    let of = text::comment(title);
    if !known.is_empty() {
        notes.left(target.span, format!("of {of}: {}", known.join(", ")));
    }
    if !unknown.is_empty() {
        notes.left(
            target.span,
            format!("of {of}: {}, which Portkey does not know and ignores", unknown.join(", ")),
        );
    }
    let hooks = ["input_guardrails", "before_request_hooks", "output_guardrails", "after_request_hooks"];
    if let Some((key, _)) = hooks.iter().find_map(|hook| target.entry(hook)) {
        notes.state(
            key.span,
            "what the guardrails block: no rule says so, and requests pass when the webhook is down"
                .to_owned(),
        );
    }
}
