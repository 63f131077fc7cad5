//! Parameters of deployments that become nothing in the workspace: named, and secrets never shown.

use super::deployments::Deployment;
use super::settle::Statement;
use super::{ENVIRONMENT, credentials};
use crate::import::{Notes, text};
use crate::yaml::{Kind, Value};

/// Parameters that become something in the workspace.
const TAKEN: [&str; 16] = [
    "model",
    "custom_llm_provider",
    "api_base",
    "base_url",
    "api_key",
    "order",
    "weight",
    "max_budget",
    "budget_duration",
    "region_name",
    "aws_region_name",
    "vertex_location",
    "vertex_ai_location",
    "aws_bedrock_runtime_endpoint",
    "sagemaker_base_url",
    "num_retries",
];

/// Ends of names of parameters that hold secrets.
const SECRETS: [&str; 7] =
    ["api_key", "access_key_id", "secret_access_key", "token", "password", "secret", "credentials"];

/// What people write where a server asks for no key.
const NO_KEYS: [&str; 5] = ["", "none", "dummy", "empty", "-"];

/// A price of a deployment that is not per token: said, since a registry has none of that kind.
pub(super) fn other_unit(one: &Deployment, notes: &mut Notes) -> Option<()> {
    let places = [Some(one.params), one.entry.get("model_info")];
    let keys = places.into_iter().flatten().flat_map(Value::entries).map(|(key, _)| key);
    let mut units = keys.filter(|key| {
        let unit =
            ["input_cost_per_", "output_cost_per_"].iter().find_map(|begin| key.value.strip_prefix(begin));
        unit.is_some_and(|unit| !unit.starts_with("token"))
    });
    let key = units.next()?;
    notes.state(
        key.span,
        format!(
            "what `{}` costs per token: the file has `{}`",
            text::comment(&one.model),
            text::comment(&key.value)
        ),
    );
    Some(())
}

/// Whether a parameter holds a secret; a price per token does not.
pub(super) fn is_secret(key: &str) -> bool {
    SECRETS.iter().any(|end| key.ends_with(end)) && !key.contains("_cost_per_")
}

/// The environment variable of `${NAME}`, which something fills in before the proxy reads the file.
pub(super) fn filled_in(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

/// Keys that stand in the file itself: said, never shown.
pub(super) fn secrets(params: &Value, notes: &mut Notes) {
    for (key, value) in params.entries() {
        let is_secret = is_secret(&key.value);
        if let Some(variable) = value.text().and_then(filled_in).filter(|_| is_secret) {
            let name = text::comment(&key.value);
            notes.read(value.span, format!("`{name}` as the environment variable `{variable}`: LiteLLM itself takes `${{{variable}}}` as it stands, so something has to fill it in before"));
        }
        let is_written = |text: &str| {
            !text.starts_with(ENVIRONMENT)
                && filled_in(text).is_none()
                && !NO_KEYS.contains(&text.to_ascii_lowercase().as_str())
        };
        if is_secret && value.text().is_some_and(is_written) {
            notes.state(
                value.span,
                format!(
                    "`{}` is written in the file itself: it is not carried over; keep it in the environment",
                    text::comment(&key.value)
                ),
            );
        }
    }
}

/// Parameters without an equivalent.
pub(super) fn others(one: &Deployment, statement: &Statement, filters: bool, notes: &mut Notes) {
    let of = |map: &Value, taken: &[&str]| -> Vec<String> {
        let keys = map.entries().iter().map(|(key, _)| key.value.as_str());
        let is_account = |key: &str| credentials::ACCOUNTS.contains(&key);
        keys.filter(|key| !taken.contains(key) && !is_account(key) && !statement.has(key))
            .map(|key| format!("`{}`", text::comment(key)))
            .collect()
    };
    let mut names = of(one.params, &TAKEN);
    if let Some(info) = one.entry.get("model_info") {
        names.extend(of(info, &["base_model", "team_id", "order"]));
    }
    names.extend(of(one.entry, &["model_name", "litellm_params", "model_info"]));
    misshapen(one, notes);
    if names.is_empty() {
        return;
    }
    let tags = one.params.get("tags").filter(|tags| matches!(tags.kind, Kind::List(_)));
    let more = match (tags, filters) {
        (None, _) => "",
        (Some(_), true) => "; requests with other tags go elsewhere, which no rule says",
        (Some(_), false) => "; without `enable_tag_filtering` LiteLLM does not look at tags",
    };
    notes.left(one.params.span, format!("of `{}`: {}{more}", text::comment(&one.model), names.join(", ")));
}

/// Lists what is no text where only a text is read.
fn misshapen(one: &Deployment, notes: &mut Notes) {
    const TEXTS: [&str; 9] = [
        "custom_llm_provider",
        "api_base",
        "base_url",
        "region_name",
        "aws_region_name",
        "vertex_location",
        "vertex_ai_location",
        "aws_bedrock_runtime_endpoint",
        "sagemaker_base_url",
    ];
    let info = one.entry.get("model_info");
    let shown = |value: &Value| text::comment(&text::flow(value));
    if let Some(info) = info.filter(|info| !matches!(info.kind, Kind::Map(_))) {
        notes.left(
            info.span,
            format!(
                "`model_info` of `{}`: it is {}, `{}`, and no map",
                text::comment(&one.model),
                text::kind(info),
                shown(info)
            ),
        );
    }
    let texts = TEXTS.iter().filter_map(|key| one.params.entry(key));
    let texts = texts.chain(["base_model", "team_id"].iter().filter_map(|key| info?.entry(key)));
    for (key, value) in texts.filter(|(_, value)| value.text().is_none()) {
        notes.left(
            value.span,
            format!(
                "`{}` of `{}`: it is {}, `{}`, and no text",
                key.value,
                text::comment(&one.model),
                text::kind(value),
                shown(value)
            ),
        );
    }
    if let (Some(base), Some(other)) = (one.params.get("api_base"), one.params.get("base_url"))
        && shown(base) != shown(other)
    {
        notes.left(other.span, "`base_url`: `api_base` stands beside it and counts");
    }
}
