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

impl Served {
    /// Whether it is asked at an address of the vendor that is the same for all customers.
    fn is_at_vendor(&self) -> bool {
        match &self.account.base {
            Some(base) => base.vendor().is_some(),
            None => vendor::is_known(&self.provider) && !vendor::has_resources(&self.provider),
        }
    }
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
    /// Names of vendors, each for all accounts there.
    vendors: BTreeMap<String, String>,
    names: Names,
}

impl Targets {
    /// Counts the accounts of providers, before any is given a name.
    pub(super) fn survey(&mut self, target: &Value, inherited: &Inherited) {
        if let Some(served) = served(target, inherited) {
            let accounts = self.accounts.entry(served.provider).or_default();
            let base = served.account.base.as_ref().filter(|base| base.vendor().is_none());
            accounts.bases.insert(base.and_then(Base::apart));
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
        if served.is_at_vendor() {
            // An outage there takes all accounts.
            let named = self.vendors.entry(name.clone());
            let known = named.or_insert_with(|| text::unique(&name, &mut self.names)).clone();
            name = known;
        } else {
            if let (true, Some(word)) = (has_others, &served.account.word) {
                name = format!("{name}-{}", text::slug(word, &mut Names::default()));
            }
            name = text::unique(&name, &mut self.names);
        }
        let named = (name, protocol);
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
    if let Some(key) = target.get("virtual_key").and_then(Value::text).filter(|key| *key != served.provider) {
        comments.push(format!("Its `virtual_key` is `{}`.", text::comment(key)));
    }
    let model = served.model.clone().unwrap_or_else(|| OPEN.to_owned());
    let sold_by = served.account.base.as_ref().and_then(Base::vendor).unwrap_or(&served.provider);
    let base_url = match &served.account.base {
        Some(Base::Url(url)) => Some(url.clone()),
        _ => None,
    };
    let is_said = slug.is_none() && target.get("provider").is_some();
    let protocol = protocol.or_else(|| is_said.then(|| served.provider.clone()));
    Endpoint {
        asked_as: vec![format!("{sold_by}/{}", served.asked.as_ref().unwrap_or(&model))],
        elsewhere: vendor::elsewhere(sold_by, served.account.base.as_ref().map(Base::address)),
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
pub(super) fn variable(text: &str) -> Option<&str> {
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

/// What a target is called in notes.
pub(super) fn title(target: &Value, path: &str) -> String {
    match target.get("name").and_then(Value::text) {
        Some(name) => format!("`{name}`"),
        None => format!("`{path}`"),
    }
}
