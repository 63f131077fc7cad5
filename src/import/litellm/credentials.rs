//! `credential_list`: addresses and keys that deployments name instead of stating them.

use std::collections::{BTreeMap, BTreeSet};

use super::ENVIRONMENT;
use crate::import::{Notes, text};
use crate::yaml::{Kind, Value};

/// The key by which a deployment names one.
pub(super) const NAMED: &str = "litellm_credential_name";

/// Gives each deployment what the credential holds that it names; what it states itself counts, as in the proxy.
pub(super) fn resolve(root: &mut Value, notes: &mut Notes) {
    let list = root.get("credential_list").cloned();
    let mut known: BTreeMap<&str, &Value> = BTreeMap::new();
    for one in list.iter().flat_map(Value::items) {
        if let Some(name) = one.get("credential_name").and_then(Value::text) {
            known.entry(name).or_insert(one);
        }
    }
    let mut used = BTreeSet::new();
    let Kind::Map(sections) = &mut root.kind else { return };
    let lists = sections.iter_mut().filter(|(key, _)| key.value == "model_list");
    for (_, deployments) in lists {
        let Kind::List(entries) = &mut deployments.kind else { continue };
        for params in entries.iter_mut().filter_map(params_of) {
            let Some(value) = params.get(NAMED) else { continue };
            let (span, name) = (value.span, value.text().unwrap_or_default().to_owned());
            if let Some(one) = known.get(name.as_str()) {
                used.insert(name);
                fill(params, one.get("credential_values"));
            } else {
                let shown = text::comment(&name);
                notes.state(span, format!("where and with whose account the credential `{shown}` calls: `credential_list` does not have it; the proxy's database may"));
            }
        }
    }
    for (name, one) in known.iter().filter(|(name, _)| !used.contains(**name)) {
        notes.left(one.span, format!("the credential `{}`: no deployment names it", text::comment(name)));
    }
}

fn params_of(entry: &mut Value) -> Option<&mut Value> {
    let Kind::Map(entries) = &mut entry.kind else { return None };
    entries.iter_mut().find(|(key, _)| key.value == "litellm_params").map(|(_, value)| value)
}

fn fill(params: &mut Value, values: Option<&Value>) {
    let Kind::Map(entries) = &mut params.kind else { return };
    for (key, value) in values.map(Value::entries).unwrap_or_default() {
        if !entries.iter().any(|(own, _)| own.value == key.value) {
            entries.push((key.clone(), value.clone()));
        }
    }
}

/// Parameters that say whose account a model is called with, and so under which contract.
pub(super) const ACCOUNTS: [&str; 17] = [
    NAMED,
    "organization",
    "project_id",
    "space_id",
    "aws_role_name",
    "aws_profile_name",
    "aws_access_key_id",
    "aws_web_identity_token",
    "aws_external_id",
    "vertex_project",
    "vertex_ai_project",
    "vertex_credentials",
    "vertex_ai_credentials",
    "tenant_id",
    "client_id",
    "azure_ad_token",
    "inference_geo",
];

/// What tells the account of a deployment from others; never shown as it is, since secrets are among it.
pub(super) fn account(params: &Value) -> Vec<(&'static str, String)> {
    let stated = ACCOUNTS.into_iter().filter_map(|key| Some((key, params.get(key)?)));
    stated
        .filter(|(_, value)| value.kind != Kind::Null)
        .map(|(key, value)| (key, text::flow(value)))
        .collect()
}

/// The same in words, as far as it is no secret.
pub(super) fn shown(params: &Value, is_secret: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, value) in ACCOUNTS.into_iter().filter_map(|key| Some((key, params.get(key)?.text()?))) {
        if let Some(variable) = value.strip_prefix(ENVIRONMENT) {
            lines.push(format!("Its `{key}` is in the environment variable `{}`.", text::comment(variable)));
        } else if !is_secret(key) {
            lines.push(format!("Its `{key}` is `{}`.", text::comment(value)));
        }
    }
    lines
}
