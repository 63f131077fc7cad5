//! Who serves a deployment: the prefix of its model, unless that only names the protocol.

use super::{Notes, text};
use crate::catalogue::Catalogue;
use crate::catalogue::vendor::{self, Address};
use crate::yaml::Value;

/// Prefixes that always say how a server is spoken to, and not whose it is.
const PROTOCOLS: [&str; 7] =
    ["custom_openai", "openai_like", "hosted_vllm", "vllm", "litellm_proxy", "lm_studio", "llamafile"];

/// Where a deployment is reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Base {
    /// An endpoint that the file states.
    Url(String),
    /// The environment variable that holds it.
    Variable(String),
}

impl Base {
    /// An address as a file states it, without a secret and without the slash behind it; variables begin with a prefix.
    pub(super) fn read(value: &Value, environment: &str, notes: &mut Notes) -> Option<Self> {
        let written = value.text()?;
        if let Some(variable) = written.strip_prefix(environment) {
            return Some(Self::Variable(variable.to_owned()));
        }
        if text::holds_secret(written) {
            notes.state(
                value.span,
                "an address that contains a password or a query: only its host is carried over",
            );
            let scheme = written.split_once("://").map_or("https", |(scheme, _)| scheme);
            return Some(Self::Url(format!("{scheme}://{}", text::host(written))));
        }
        Some(Self::Url(written.trim_end_matches('/').to_owned()))
    }

    /// A word for it in a provider's name.
    fn word(&self, whole: bool) -> String {
        let named = match self {
            Self::Variable(name) => name.as_str(),
            Self::Url(url) if whole => text::host(url),
            Self::Url(url) => {
                let host = text::host(url);
                let first = host.split('.').next().unwrap_or_default();
                if first.bytes().all(|byte| byte.is_ascii_digit()) { host } else { first }
            }
        };
        let word = text::slug(named, &mut text::Names::default());
        word.strip_prefix("n-").map_or(word.clone(), |digits| format!("host-{digits}"))
    }

    /// The vendor whose own address it is, the same for all customers.
    pub(super) fn vendor(&self) -> Option<&'static str> {
        match self {
            Self::Url(url) => vendor::owner(url),
            Self::Variable(_) => None,
        }
    }

    /// The machine or name that answers there.
    pub(super) fn machine(&self) -> Self {
        match self {
            Self::Url(url) => Self::Url(text::host(url).to_ascii_lowercase()),
            Self::Variable(_) => self.clone(),
        }
    }

    /// What tells it from other addresses: nothing where it is the one that a vendor's models are asked at anyway.
    pub(super) fn apart(&self) -> Option<Self> {
        match self {
            Self::Url(url) => match vendor::owner(url) {
                Some(vendor) if vendor::is_usual(vendor, url) => None,
                Some(_) => Some(self.machine()),
                None => {
                    let host = text::host(url);
                    Some(Self::Url(url.trim_end_matches('/').replacen(host, &host.to_ascii_lowercase(), 1)))
                }
            },
            Self::Variable(_) => Some(self.clone()),
        }
    }

    /// As those know it who know whose it is.
    pub(super) fn address(&self) -> Address<'_> {
        match self {
            Self::Url(url) => Address::Url(url),
            Self::Variable(name) => Address::Variable(name),
        }
    }
}

/// How models of a provider begin that people write without it.
const KNOWN: [(&str, &[&str]); 2] = [
    ("openai", &["gpt-", "o1", "o3", "o4", "chatgpt-", "text-embedding-", "dall-e", "whisper-", "tts-"]),
    ("anthropic", &["claude-"]),
];

/// The prefix of a model and the rest: what the configuration says, else what a bare name is known to be.
pub(super) fn split(
    model: &str,
    stated: Option<&str>,
    catalogue: Option<&Catalogue>,
) -> Option<(String, String)> {
    if let Some(stated) = stated {
        let rest = model.strip_prefix(stated).and_then(|rest| rest.strip_prefix('/')).unwrap_or(model);
        return Some((stated.to_owned(), rest.to_owned()));
    }
    if let Some((prefix, rest)) =
        model.split_once('/').filter(|(prefix, rest)| !prefix.is_empty() && !rest.is_empty())
    {
        return Some((prefix.to_owned(), rest.to_owned()));
    }
    // What was tuned is named by what it was made of.
    let bare = model.strip_prefix("ft:").unwrap_or(model);
    let listed =
        |provider: &&str| catalogue.is_some_and(|catalogue| catalogue.find(&[provider], &[model]).is_some());
    let named = |(_, begins): &&(&str, &[&str])| begins.iter().any(|begin| bare.starts_with(begin));
    let providers = ["openai", "anthropic", "vertex_ai", "bedrock", "cohere", "mistral"];
    let found = KNOWN
        .iter()
        .find(named)
        .map(|(provider, _)| *provider)
        .or_else(|| providers.into_iter().find(listed));
    found.map(|provider| (provider.to_owned(), model.to_owned()))
}

/// Whether a prefix only says how the server at an address is spoken to: it is not known to be that of the vendor.
pub(super) fn is_protocol(prefix: &str, base: &Base) -> bool {
    let at = Some(base.address());
    if vendor::is_known(prefix) {
        return vendor::elsewhere(prefix, at).is_some();
    }
    PROTOCOLS.contains(&prefix)
}

/// What the provider is called in the registry, and the protocol where that is something else. An address that is a
/// vendor's own makes no second provider of it, whoever's protocol is spoken there.
pub(super) fn name(prefix: &str, base: Option<&Base>, has_others: bool) -> (String, Option<String>) {
    let protocol = || Some(prefix.to_owned());
    match (base, base.and_then(Base::vendor)) {
        (_, Some(vendor)) if vendor::is_same(prefix, vendor) => (prefix.to_owned(), None),
        (_, Some(vendor)) => (vendor.to_owned(), protocol()),
        (Some(base), None) if is_protocol(prefix, base) => (base.word(true), protocol()),
        (Some(base), None) if has_others => (format!("{prefix}-{}", base.word(false)), protocol()),
        _ => (prefix.to_owned(), None),
    }
}
