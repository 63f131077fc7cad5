//! `providers`: which endpoints there are, and in how many places each is reached.

use std::collections::{BTreeMap, BTreeSet};

use super::keys::{self, Allowed, ApiKey, ENVIRONMENT, Place, blocks};
use crate::catalogue::vendor;
use crate::import::Notes;
use crate::import::draft::{Draft, Endpoint};
use crate::import::provider::{self, Base};
use crate::import::text::{self, Names};
use crate::limits::MAX_IMPORTED_ENTRIES;
use crate::source::{Span, visible};
use crate::yaml::Value;

/// The name of a model that a rule leaves to the request.
pub(super) const OPEN: &str = "model-of-the-request";

/// A provider as it is configured.
pub(super) struct Provider {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) keys: Vec<ApiKey>,
    /// Why it is odd that it has no keys.
    pub(super) keyless: Option<&'static str>,
    pub(super) retries: Option<u64>,
    pub(super) base_type: Option<String>,
}

/// All of them, with the endpoints that were asked for.
#[derive(Default)]
pub(super) struct Providers {
    pub(super) all: Vec<Provider>,
    known: BTreeMap<(usize, Option<String>, Place), usize>,
    names: BTreeMap<(usize, Place), (String, Option<String>)>,
    taken: Names,
    /// Names of vendors, each for all providers that are asked there.
    vendors: BTreeMap<String, String>,
    /// Providers whose keys name a model.
    serving: BTreeMap<String, Vec<usize>>,
    by_name: BTreeMap<String, usize>,
}

impl Providers {
    pub(super) fn read(section: Option<&Value>, empty_is_all: bool, notes: &mut Notes) -> Self {
        let mut providers = Self::default();
        for (name, value) in section.map(Value::entries).unwrap_or_default() {
            if visible::hidden_in_name(&name.value).is_some() || name.value.contains('/') {
                notes.left(
                    name.span,
                    format!(
                        "the provider `{}`: a registry cannot have such a name",
                        text::comment(&name.value)
                    ),
                );
                continue;
            }
            if providers.all.len() >= MAX_IMPORTED_ENTRIES {
                notes.left(name.span, format!("providers beyond {MAX_IMPORTED_ENTRIES}"));
                break;
            }
            providers.all.push(keys::provider((name.value.clone(), name.span), value, empty_is_all, notes));
        }
        for at in 0..providers.all.len() {
            for model in providers.models(at).0 {
                providers.serving.entry(model).or_default().push(at);
            }
        }
        let names = providers.all.iter().enumerate().map(|(at, provider)| (provider.name.clone(), at));
        providers.by_name = names.collect();
        providers
    }

    /// Providers whose keys name a model.
    pub(super) fn serving(&self, model: &str) -> &[usize] {
        self.serving.get(model).map(Vec::as_slice).unwrap_or_default()
    }

    /// What the keys of a provider are called.
    pub(super) fn key_names(&self, at: usize) -> BTreeSet<&str> {
        let keys = self.all.get(at).into_iter().flat_map(|provider| &provider.keys);
        keys.flat_map(|key| &key.names).map(String::as_str).collect()
    }

    /// How many keys a provider has.
    pub(super) fn keys(&self, provider: &str) -> usize {
        self.find(provider).and_then(|at| self.all.get(at)).map_or(0, |provider| provider.keys.len())
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Where a provider stands in the file.
    pub(super) fn span(&self, at: usize) -> Span {
        self.all.get(at).map_or(Span::start_of(crate::source::FileId::NONE), |provider| provider.span)
    }

    /// Models that the keys of a provider name; whether they let others through too.
    pub(super) fn models(&self, at: usize) -> (Vec<String>, bool) {
        let mut names: Vec<String> = Vec::new();
        let mut is_open = false;
        for key in self.all.get(at).into_iter().flat_map(|provider| &provider.keys) {
            match &key.models {
                Allowed::All if key.aliases.is_empty() => is_open = true,
                Allowed::All => names.extend(key.aliases.keys().cloned()),
                Allowed::These(listed) => names.extend(listed.names.iter().cloned()),
            }
        }
        let mut met = BTreeSet::new();
        names.retain(|name| met.insert(name.clone()));
        (names, is_open)
    }

    /// The endpoints that serve a model of a provider through some of its keys, the likeliest first.
    pub(super) fn endpoints(
        &mut self,
        at: usize,
        model: Option<&str>,
        keys: &Allowed,
        draft: &mut Draft,
        notes: &mut Notes,
    ) -> Vec<usize> {
        let Some(provider) = self.all.get(at) else { return Vec::new() };
        let fits = |key: &&ApiKey| {
            let is_named =
                matches!(keys, Allowed::All) || key.is_none || key.names.iter().any(|name| keys.has(name));
            let serves = model.is_none_or(|model| key.models.has(model) && !blocks(&key.blacklisted, model));
            is_named && serves
        };
        let mut fitting: Vec<&ApiKey> = provider.keys.iter().filter(fits).collect();
        fitting.sort_by(|a, b| b.weight.cmp(&a.weight));
        let places: BTreeSet<&Place> = provider.keys.iter().map(|key| &key.place).collect();
        let (several, bases) =
            (places.len() > 1, places.iter().map(|place| place.own_base()).collect::<BTreeSet<_>>());
        let mut found = Vec::new();
        for key in fitting {
            let identity = (at, model.map(str::to_owned), key.place.clone());
            let endpoint = *self.known.entry(identity).or_insert_with(|| {
                let (name, protocol) = self
                    .names
                    .entry((at, key.place.clone()))
                    .or_insert_with(|| {
                        let named = (&mut self.taken, &mut self.vendors);
                        called(provider, key, several, bases.len() > 1, named)
                    })
                    .clone();
                draft.endpoints.push(endpoint(provider, key, model, (name, protocol), notes));
                draft.endpoints.len() - 1
            });
            if !found.contains(&endpoint) {
                found.push(endpoint);
            }
        }
        found
    }
}

/// What a provider in one place is called in the registry.
fn called(
    provider: &Provider,
    key: &ApiKey,
    several: bool,
    bases: bool,
    (taken, vendors): (&mut Names, &mut BTreeMap<String, String>),
) -> (String, Option<String>) {
    let kind = provider.base_type.as_deref().unwrap_or(&provider.name);
    let vendor = key.place.base.as_ref().and_then(Base::vendor);
    let is_theirs = vendor::is_known(kind) && !vendor::has_resources(kind);
    if let Some(vendor) = vendor.or_else(|| (key.place.base.is_none() && is_theirs).then_some(kind)) {
        // An outage there takes all of them.
        let (name, _) = provider::name(kind, key.place.base.as_ref(), false);
        let known = vendors.entry(name.clone()).or_insert_with(|| text::unique(&name, taken)).clone();
        return (known, (!vendor::is_same(kind, vendor)).then(|| kind.to_owned()));
    }
    let (mut name, protocol) = match &provider.base_type {
        Some(kind) => (provider.name.clone(), Some(kind.clone())),
        None => provider::name(&provider.name, key.place.base.as_ref(), bases),
    };
    if let (true, Some(region)) = (several, &key.place.region) {
        name = format!("{name}-{}", text::slug(region, &mut Names::default()));
    }
    (text::unique(&name, taken), protocol)
}

fn endpoint(
    provider: &Provider,
    key: &ApiKey,
    model: Option<&str>,
    (name, protocol): (String, Option<String>),
    notes: &mut Notes,
) -> Endpoint {
    let asked = model.unwrap_or(OPEN);
    let alias = key.aliases.get(asked);
    let own = alias.filter(|own| !own.starts_with(ENVIRONMENT)).cloned().unwrap_or_else(|| asked.to_owned());
    let hidden = alias.and_then(|own| own.strip_prefix(ENVIRONMENT));
    let comments = comments(provider, key, (model, hidden), &name, notes);
    let base_url = match &key.place.base {
        Some(Base::Url(url)) => Some(url.clone()),
        Some(Base::Variable(_)) | None => None,
    };
    let kind = provider.base_type.as_deref().unwrap_or(&provider.name);
    let sold_by = key.place.base.as_ref().and_then(Base::vendor).unwrap_or(kind);
    Endpoint {
        name: if own == asked { String::new() } else { asked.to_owned() },
        asked_as: vec![format!("{sold_by}/{own}"), format!("{sold_by}/{asked}"), asked.to_owned()],
        model: own,
        elsewhere: vendor::elsewhere(sold_by, key.place.base.as_ref().map(Base::address)),
        no_price: model.is_none() || hidden.is_some(),
        of: Some(provider.name.clone()),
        protocol: protocol.or_else(|| Some(kind.to_owned())),
        provider: name,
        base_url,
        key_env: key.variable.clone(),
        comments,
        span: Some(provider.span),
        ..Endpoint::default()
    }
}

/// What only people can say of an endpoint, beside it and in the list of what to state.
fn comments(
    provider: &Provider,
    key: &ApiKey,
    (model, hidden): (Option<&str>, Option<&str>),
    name: &str,
    notes: &mut Notes,
) -> Vec<String> {
    let asked = model.unwrap_or(OPEN);
    let mut comments = Vec::new();
    if let Some(variable) = hidden {
        let variable = text::comment(variable);
        comments.push(format!("Only the environment variable `{variable}` says which model it is."));
        notes.state(
            provider.span,
            format!(
                "which model `{}` of `{}` is: only the environment variable `{variable}` says",
                text::comment(asked),
                text::comment(name)
            ),
        );
    }
    if model.is_none() {
        comments
            .push("Each request names the model: write one entry for every model it may name.".to_owned());
        notes.state(
            provider.span,
            format!(
                "which models `{}` serves: each request names one, so the registry has it as `{OPEN}`",
                text::comment(name)
            ),
        );
    }
    if let Some(region) = &key.place.region {
        let region = text::comment(region);
        comments.push(format!("Calls go to `{region}` (`region`); only the contract says whether data is processed there and nowhere else."));
        notes.state(
            provider.span,
            format!(
                "whether `{}` is processed only in `{region}`, as its `region` suggests",
                text::comment(asked)
            ),
        );
    }
    if let Some(Base::Variable(variable)) = &key.place.base {
        comments.push(format!("Its address is in the environment variable `{}`.", text::comment(variable)));
    }
    comments
}
