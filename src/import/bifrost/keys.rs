//! Keys of providers: which models each opens, and where it reaches its provider.

use std::collections::{BTreeMap, BTreeSet};

use super::providers::Provider;
use super::unread;
use crate::import::provider::Base;
use crate::import::{Notes, text};
use crate::number::{self, Rational};
use crate::source::Span;
use crate::yaml::{Kind, Value};

/// What a value that names an environment variable begins with.
pub(super) const ENVIRONMENT: &str = "env.";

/// Which names a list lets through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Allowed {
    All,
    These(Listed),
}

/// Names in their order, and everything that they let through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) names: Vec<String>,
    through: BTreeSet<String>,
}

impl Allowed {
    /// Reads a list; `empty_is_all` as version 1 of the format has it.
    pub(super) fn read(list: Option<&Value>, empty_is_all: bool) -> Self {
        let items = list.map(Value::items).unwrap_or_default();
        let names: Vec<String> = items.iter().filter_map(Value::text).map(str::to_owned).collect();
        let is_all = names.iter().any(|name| name == "*" || name.starts_with("regex:"));
        if is_all || (names.is_empty() && empty_is_all) { Self::All } else { Self::these(names) }
    }

    /// Which keys of a provider a virtual key may use; naming none is all of them in version 1 of the format alone.
    pub(super) fn keys(item: &Value, empty_is_all: bool) -> Self {
        let listed = |key: &str| item.get(key).map(Value::items).unwrap_or_default();
        let lists = ["keys", "key_ids", "allowed_keys"].map(listed);
        let list = lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default();
        let names: Vec<String> = list.iter().filter_map(name_of).map(str::to_owned).collect();
        let is_all = item.get("allow_all_keys").is_some_and(|all| all.kind == Kind::Bool(true));
        if is_all || names == ["*"] || (list.is_empty() && empty_is_all) {
            Self::All
        } else {
            Self::these(names)
        }
    }

    pub(super) fn these(names: Vec<String>) -> Self {
        let mut through: BTreeSet<String> = names.iter().cloned().collect();
        // `openai/gpt-4o` lets `gpt-4o` through.
        through.extend(names.iter().filter_map(|name| Some(name.split_once('/')?.1.to_owned())));
        Self::These(Listed { names, through })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(listed) => listed.through.contains(name),
        }
    }
}

/// The name of a key in a list of them.
fn name_of(key: &Value) -> Option<&str> {
    key.text().or_else(|| key.get("key_id").or_else(|| key.get("name"))?.text())
}

/// Whether a list of models that are not to be asked for has one; `*` is all of them.
pub(super) fn blocks(listed: &BTreeSet<String>, model: &str) -> bool {
    listed.contains(model) || listed.contains("*")
}

/// Where a key reaches its provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) base: Option<Base>,
    pub(super) region: Option<String>,
}

impl Place {
    /// Its address, unless that is the one of the vendor for everybody.
    pub(super) fn own_base(&self) -> Option<&Base> {
        self.base.as_ref().filter(|base| base.vendor().is_none())
    }
}

/// A key with what it opens.
pub(super) struct ApiKey {
    pub(super) names: Vec<String>,
    pub(super) models: Allowed,
    pub(super) blacklisted: BTreeSet<String>,
    /// Names of models with what the provider calls them.
    pub(super) aliases: BTreeMap<String, String>,
    pub(super) place: Place,
    pub(super) weight: Rational,
    pub(super) variable: Option<String>,
    /// Whether it stands for a provider that has none.
    pub(super) is_none: bool,
    pub(super) span: Span,
}

/// Reads a provider with its keys.
pub(super) fn provider(
    (name, span): (String, Span),
    value: &Value,
    empty_is_all: bool,
    notes: &mut Notes,
) -> Provider {
    let network = value.get("network_config");
    let custom = value.get("custom_provider_config");
    let base = network.and_then(|network| network.get("base_url")).and_then(|url| base(url, notes));
    let list = value.get("keys").map(Value::items).unwrap_or_default();
    let mut keys: Vec<ApiKey> =
        list.iter().filter_map(|item| enabled(item, base.as_ref(), &name, notes)).collect();
    for key in keys.iter_mut().filter(|key| empty_is_all && key.models == Allowed::these(Vec::new())) {
        key.models = Allowed::All;
    }
    let mut keyless = None;
    if keys.is_empty() {
        keyless = without_keys(custom, list);
        let place = Place { base, region: None };
        let weight = number::whole(1);
        keys.push(ApiKey {
            names: Vec::new(),
            models: Allowed::All,
            blacklisted: BTreeSet::new(),
            aliases: BTreeMap::new(),
            place,
            weight,
            variable: None,
            is_none: true,
            span,
        });
    }
    let of = format!("the provider `{name}`");
    unread(value, &of, &["keys", "network_config", "custom_provider_config"], &PROVIDER, notes);
    if let Some(network) = network {
        unread(network, &format!("`network_config` of {of}"), &["base_url", "max_retries"], &NETWORK, notes);
    }
    if let Some(custom) = custom {
        unread(
            custom,
            &format!("`custom_provider_config` of {of}"),
            &["base_provider_type", "is_key_less"],
            &["request_path_overrides", "allowed_requests"],
            notes,
        );
    }
    let retries = network.and_then(|network| number::to_whole(network.get("max_retries")?.number()?));
    let base_type = custom.and_then(|custom| custom.get("base_provider_type")?.text()).map(str::to_owned);
    Provider { name, span, keys, keyless, retries: retries.filter(|times| *times > 0), base_type }
}

const PROVIDER: [&str; 8] = [
    "concurrency_and_buffer_size",
    "proxy_config",
    "send_back_raw_request",
    "send_back_raw_response",
    "store_raw_request_response",
    "pricing_overrides",
    "openai_config",
    "description",
];

const NETWORK: [&str; 15] = [
    "extra_headers",
    "default_request_timeout_in_seconds",
    "retry_backoff_initial",
    "retry_backoff_max",
    "enforce_http2",
    "http2_ping_interval_in_seconds",
    "insecure_skip_verify",
    "ca_cert_pem",
    "stream_idle_timeout_in_seconds",
    "keep_alive_timeout_in_seconds",
    "max_conns_per_host",
    "beta_header_overrides",
    "allow_private_network",
    "stream_throughput_guard",
    "keep_alive",
];

/// Parts of a key that say where it reaches its provider.
const PLACES: [&str; 7] = [
    "azure_key_config",
    "bedrock_key_config",
    "bedrock_mantle_key_config",
    "vertex_key_config",
    "vllm_key_config",
    "ollama_key_config",
    "sgl_key_config",
];

/// How a provider without keys is read, if that may be wrong.
fn without_keys(custom: Option<&Value>, list: &[Value]) -> Option<&'static str> {
    let is_free = custom.and_then(|custom| custom.get("is_key_less")).map(|value| &value.kind);
    if !list.is_empty() {
        Some("none of its own is enabled: Bifrost answers no request to it")
    } else if is_free == Some(&Kind::Bool(true)) {
        None
    } else {
        Some("it has none: Bifrost answers no request to it unless the caller brings a key")
    }
}

fn enabled(item: &Value, base: Option<&Base>, provider: &str, notes: &mut Notes) -> Option<ApiKey> {
    if item.get("enabled").is_some_and(|enabled| enabled.kind == Kind::Bool(false)) {
        let name = item.get("name").or_else(|| item.get("id")).map(text::flow).unwrap_or_default();
        notes.left(
            item.span,
            format!("the key `{}` of `{}`: it is not enabled", text::comment(&name), text::comment(provider)),
        );
        return None;
    }
    matches!(item.kind, Kind::Map(_)).then(|| key(item, base, provider, notes))
}

fn key(item: &Value, base_of_all: Option<&Base>, provider: &str, notes: &mut Notes) -> ApiKey {
    let of_text = |key: &str| item.get(key).and_then(Value::text);
    let names = ["id", "name"].into_iter().filter_map(of_text).map(str::to_owned).collect::<Vec<String>>();
    let shown = format!("the key `{}` of `{provider}`", names.last().map_or("", String::as_str));
    let place = PLACES.into_iter().find_map(|key| item.get(key));
    let url = place.and_then(|place| place.get("endpoint").or_else(|| place.get("url")));
    let region =
        place.and_then(|place| place.get("region")?.text()).filter(|region| !region.starts_with(ENVIRONMENT));
    let deployments = place.and_then(|place| place.get("deployments"));
    let mut aliases = BTreeMap::new();
    for (alias, own) in [item.get("aliases"), deployments].into_iter().flatten().flat_map(Value::entries) {
        let own = own.text().or_else(|| own.get("model_id")?.text());
        aliases.extend(own.map(|own| (alias.value.clone(), own.to_owned())));
    }
    secrets(item, notes);
    if let Some((name, place)) = PLACES.into_iter().find_map(|key| Some((key, item.get(key)?))) {
        let read = ["endpoint", "url", "region", "deployments"];
        let known: Vec<&str> = place.entries().iter().map(|(key, _)| key.value.as_str()).collect();
        let taken: Vec<&str> = read.into_iter().chain(SECRETS).collect();
        unread(place, &format!("`{name}` of {shown}"), &taken, &known, notes);
    }
    unread(
        item,
        &shown,
        &["id", "name", "value", "models", "weight", "aliases", "blacklisted_models", "enabled"]
            .into_iter()
            .chain(PLACES)
            .collect::<Vec<&str>>(),
        &["use_for_batch_api", "description", "replicate_key_config"],
        notes,
    );
    let variable = of_text("value").and_then(|value| value.strip_prefix(ENVIRONMENT)).map(str::to_owned);
    ApiKey {
        models: match item.get("models") {
            None => Allowed::All,
            list => Allowed::read(list, !aliases.is_empty()),
        },
        blacklisted: item
            .get("blacklisted_models")
            .map(Value::items)
            .unwrap_or_default()
            .iter()
            .filter_map(Value::text)
            .map(str::to_owned)
            .collect(),
        names,
        aliases,
        place: Place {
            base: url.and_then(|url| base(url, notes)).or_else(|| base_of_all.cloned()),
            region: region.map(str::to_owned),
        },
        weight: item.get("weight").and_then(Value::number).cloned().unwrap_or_else(|| number::whole(1)),
        variable,
        is_none: false,
        span: item.span,
    }
}

fn base(value: &Value, notes: &mut Notes) -> Option<Base> {
    value.text().filter(|text| !text.is_empty())?;
    Base::read(value, ENVIRONMENT, notes)
}

/// What holds a secret, of a key or of a part of one.
const SECRETS: [&str; 8] = [
    "value",
    "access_key",
    "secret_key",
    "session_token",
    "auth_credentials",
    "client_secret",
    "api_key",
    "password",
];

/// What people write where a server asks for no key.
const NO_KEYS: [&str; 4] = ["dummy", "empty", "none", "-"];

/// Keys that stand in the file itself: said, never shown.
fn secrets(item: &Value, notes: &mut Notes) {
    let mut look = |key: &str, value: &Value| {
        let is_plain = value.text().is_some_and(|text| {
            !text.is_empty()
                && !text.starts_with(ENVIRONMENT)
                && !NO_KEYS.contains(&text.to_ascii_lowercase().as_str())
        });
        if SECRETS.contains(&key) && (is_plain || matches!(value.kind, Kind::Map(_))) {
            notes.state(
                value.span,
                format!(
                    "`{}` is written in the file itself: it is not carried over; keep it in the environment",
                    text::comment(key)
                ),
            );
        }
    };
    for (key, value) in item.entries() {
        look(&key.value, value);
        for (key, value) in value.entries() {
            look(&key.value, value);
        }
    }
}
