//! Targets: who serves, and what of a target has no equivalent.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::vendor;
use crate::import::Notes;
use crate::import::draft::{Draft, Endpoint};
use crate::import::provider::{self, Base};
use crate::import::text::{self, Names};
use crate::source::visible;
use crate::yaml::Value;

/// The name of a model that a target leaves to the request.
const OPEN: &str = "model-of-the-request";

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

/// What a target takes over from those that it stands in.
#[derive(Debug, Clone, Default)]
pub(super) struct Inherited<'a> {
    model: Option<&'a Value>,
    host: Option<&'a Value>,
    pub(super) retry: Option<&'a Value>,
    pub(super) timeout: Option<&'a Value>,
}

impl<'a> Inherited<'a> {
    /// The same within a target that states some of it itself.
    pub(super) fn within(&self, target: &'a Value) -> Self {
        let model = target.get("override_params").and_then(|params| params.get("model"));
        Self {
            model: model.or(self.model),
            host: target.get("custom_host").or(self.host),
            retry: target.get("retry").or(self.retry),
            timeout: target.get("request_timeout").or(self.timeout),
        }
    }
}

/// What tells two accounts with one provider apart; never shown whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Account {
    base: Option<Base>,
    word: Option<String>,
    key: Option<String>,
}

/// Who is asked for what.
struct Served {
    provider: String,
    /// What the provider knows it by: a deployment, where Azure serves one under a name of its own.
    model: Option<String>,
    /// The model that requests name, where that is something else.
    asked: Option<String>,
    account: Account,
    region: Option<(&'static str, String)>,
}

/// The accounts with one provider, and the addresses among them.
#[derive(Default)]
struct Accounts {
    all: BTreeSet<Account>,
    bases: BTreeSet<Option<Base>>,
}

/// Endpoints as they are found, and how their providers are called.
#[derive(Default)]
pub(super) struct Targets {
    known: BTreeMap<(String, Option<String>, Account), usize>,
    accounts: BTreeMap<String, Accounts>,
    providers: BTreeMap<(String, Account), (String, Option<String>)>,
    names: Names,
}

impl Targets {
    /// Counts the accounts of providers, before any is given a name.
    pub(super) fn survey(&mut self, target: &Value, inherited: &Inherited) {
        if let Some(served) = served(target, inherited) {
            let accounts = self.accounts.entry(served.provider).or_default();
            accounts.bases.insert(served.account.base.clone());
            accounts.all.insert(served.account);
        }
    }

    /// The endpoint of a target; none where it names no provider.
    pub(super) fn endpoint(
        &mut self,
        target: &Value,
        inherited: &Inherited,
        draft: &mut Draft,
        notes: &mut Notes,
    ) -> Option<usize> {
        let Some(served) = served(target, inherited) else {
            notes.left(target.span, "a target without `provider` or `virtual_key`: it serves nothing");
            return None;
        };
        let hidden = |text: &str| visible::hidden_in_name(text).is_some() || text.contains('/');
        if hidden(&served.provider)
            || served.model.as_deref().is_some_and(|text| visible::hidden_in_name(text).is_some())
        {
            notes.left(
                target.span,
                format!("`{}`: not a name that a registry can have", text::comment(&served.provider)),
            );
            return None;
        }
        let identity = (served.provider.clone(), served.model.clone(), served.account.clone());
        if let Some(at) = self.known.get(&identity) {
            return Some(*at);
        }
        let (name, protocol) = self.provider(&served);
        draft.endpoints.push(written(&served, name, protocol, target, notes));
        self.known.insert(identity, draft.endpoints.len() - 1);
        Some(draft.endpoints.len() - 1)
    }

    /// What a provider is called in the registry.
    fn provider(&mut self, served: &Served) -> (String, Option<String>) {
        let key = (served.provider.clone(), served.account.clone());
        if let Some(known) = self.providers.get(&key) {
            return known.clone();
        }
        let accounts = self.accounts.get(&served.provider);
        let has_bases = accounts.is_some_and(|accounts| accounts.bases.len() > 1);
        let has_others = accounts
            .is_some_and(|accounts| accounts.all.len() > usize::from(accounts.all.contains(&served.account)));
        let (mut name, protocol) = provider::name(&served.provider, served.account.base.as_ref(), has_bases);
        if let (true, Some(word)) = (has_others, &served.account.word) {
            name = format!("{name}-{}", text::slug(word, &mut Names::default()));
        }
        let named = (text::unique(&name, &mut self.names), protocol);
        self.providers.insert(key, named.clone());
        named
    }
}

/// Whether a target says who serves it.
pub(super) fn names_somebody(target: &Value, inherited: &Inherited) -> bool {
    served(target, inherited).is_some()
}

/// Reads who a target asks, and for what.
fn served(target: &Value, inherited: &Inherited) -> Option<Served> {
    let inherited = inherited.within(target);
    let text = |key: &str| target.get(key).and_then(Value::text).filter(|text| !text.is_empty());
    let asked = inherited.model.and_then(Value::text);
    // `@provider/model` names both; `@cf/…` and `@hf/…` are Cloudflare's own names of models.
    let both = asked.filter(|asked| !["@cf/", "@hf/"].iter().any(|begin| asked.starts_with(begin)));
    let (from_model, asked) = match both.and_then(|asked| asked.strip_prefix('@')?.split_once('/')) {
        Some((provider, model)) => (Some(provider), Some(model)),
        None => (None, asked),
    };
    let stated = text("provider").map(|name| name.trim_start_matches('@'));
    let key = text("virtual_key");
    let provider = stated.or(from_model).or(key)?.to_owned();
    let deployment = text("deployment_id").or_else(|| text("azure_deployment_name"));
    // At Azure the deployment answers, whatever model a request names; to others its name is nothing.
    let is_azure = stated.or(from_model).is_none_or(|name| name.contains("azure"));
    let model = if is_azure { deployment.or(asked) } else { asked.or(deployment) };
    let asked = asked.filter(|asked| model.is_some_and(|model| model != *asked));
    let region = ["aws_region", "vertex_region", "oracle_region"]
        .into_iter()
        .find_map(|key| Some((key, text(key)?.to_owned())));
    let base = inherited.host.and_then(Value::text).map(|url| {
        let scheme = url.split_once("://").map_or("https", |(scheme, _)| scheme);
        let is_secret = text::holds_secret(url);
        let plain = url.trim_end_matches('/').to_owned();
        Base::Url(if is_secret { format!("{scheme}://{}", text::host(url)) } else { plain })
    });
    let word = text("resource_name").or_else(|| key.filter(|key| *key != provider));
    let word = word.map(str::to_owned).or_else(|| region.as_ref().map(|(_, region)| region.clone()));
    let account = Account { base, word, key: text("api_key").map(str::to_owned) };
    let [model, asked] = [model, asked].map(|name| name.map(str::to_owned));
    Some(Served { provider, model, asked, account, region })
}

fn written(
    served: &Served,
    provider: String,
    protocol: Option<String>,
    target: &Value,
    notes: &mut Notes,
) -> Endpoint {
    let span =
        target.get("provider").or_else(|| target.get("virtual_key")).map_or(target.span, |value| value.span);
    let mut comments = Vec::new();
    if served.model.is_none() {
        comments
            .push("Each request names the model: write one entry for every model it may name.".to_owned());
        notes.state(
            span,
            format!(
                "which models `{}` serves: each request names one, so the registry has it as `{OPEN}`",
                text::comment(&provider)
            ),
        );
    }
    if let Some((key, region)) = &served.region {
        let region = text::comment(region);
        comments.push(format!("Calls go to `{region}` (`{key}`); only the contract says whether data is processed there and nowhere else."));
        notes.state(
            span,
            format!(
                "whether `{}` is processed only in `{region}`, as its `{key}` suggests",
                text::comment(served.model.as_deref().unwrap_or(&provider))
            ),
        );
    }
    if let (Some(asked), Some(deployment)) = (&served.asked, &served.model) {
        let [asked, deployment] = [asked, deployment].map(|name| text::comment(name));
        comments.push(format!("`{deployment}` is a deployment; the config names its model `{asked}`."));
    }
    if let Some(resource) = target.get("resource_name").and_then(Value::text) {
        comments.push(format!("Its `resource_name` is `{}`.", text::comment(resource)));
    }
    let slug = target.get("provider").and_then(Value::text).filter(|name| name.starts_with('@'));
    if let Some(slug) = slug.filter(|_| protocol.is_none()) {
        notes.state(span, format!("whose models `{}` serves: it is a name of an account in Portkey; `endpoint: {{protocol: …}}` says it", text::comment(slug)));
    }
    let model = served.model.clone().unwrap_or_else(|| OPEN.to_owned());
    let base_url = match &served.account.base {
        Some(Base::Url(url)) => Some(url.clone()),
        _ => None,
    };
    let is_said = slug.is_none() && target.get("provider").is_some();
    let protocol = protocol.or_else(|| is_said.then(|| served.provider.clone()));
    Endpoint {
        asked_as: vec![format!("{}/{}", served.provider, served.asked.as_ref().unwrap_or(&model))],
        elsewhere: vendor::elsewhere(&served.provider, served.account.base.as_ref().map(Base::address)),
        no_price: served.model.is_none(),
        key_env: served.account.key.as_deref().and_then(variable).map(str::to_owned),
        provider,
        model,
        protocol,
        base_url,
        comments,
        span: Some(span),
        ..Endpoint::default()
    }
}

/// The environment variable that a text stands for: `${NAME}`, `$NAME`, `{{NAME}}`, `env.NAME`.
fn variable(text: &str) -> Option<&str> {
    let bare = text
        .strip_prefix("${")
        .and_then(|text| text.strip_suffix('}'))
        .or_else(|| text.strip_prefix("{{")?.strip_suffix("}}"))
        .or_else(|| text.strip_prefix('$'))
        .or_else(|| text.strip_prefix("process.env."))
        .or_else(|| text.strip_prefix("env."))?
        .trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!bare.is_empty() && bare.chars().all(is_name) && !bare.starts_with(|c: char| c.is_ascii_digit()))
        .then_some(bare)
}

/// Lists every key of a target, or of what holds targets, that is not carried over.
pub(super) fn rest(target: &Value, title: &str, is_leaf: bool, notes: &mut Notes) {
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

/// What a target is called in notes.
pub(super) fn title(target: &Value, path: &str) -> String {
    match target.get("name").and_then(Value::text) {
        Some(name) => format!("`{name}`"),
        None => format!("`{path}`"),
    }
}
