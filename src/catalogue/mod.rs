//! Public catalogues of models: what is sold at what price, how large a window is, when a model ends.
//!
//! A catalogue knows nothing about governance, and nothing of it is ever taken for that. What it calls a model is
//! compared with what a registry calls it; what differs is not matched by likeness.

pub mod add;
pub mod agree;
pub mod facts;
pub mod findings;
mod genai;
pub mod lines;
pub mod litellm;
mod models_dev;
mod openrouter;
mod read;
pub mod refresh;
pub mod report;
pub mod vendor;

use std::collections::HashMap;

use crate::number::Rational;
use crate::registry::{Date, LongPrompt};

/// A public list of models with what they cost, as read from one file.
#[derive(Debug)]
pub struct Catalogue {
    /// What it is called where its words are shown: the path of its file.
    pub name: String,
    /// Everything it lists, sorted by provider and model.
    pub entries: Vec<Entry>,
    by_id: HashMap<(String, String), usize>,
}

/// A model as one provider sells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The provider, in the catalogue's word.
    pub provider: String,
    /// The model, as the provider's API calls it.
    pub model: String,
    /// What it costs; where there is no price per token, why not.
    pub price: Result<Price, String>,
    /// Tokens.
    pub context_window: Option<u64>,
    /// Capabilities that it certainly has, sorted.
    pub capabilities: Vec<&'static str>,
    /// The first day without it.
    pub sunset: Option<Date>,
    /// Whether its provider advises against it.
    pub is_deprecated: bool,
    /// What else of its price is listed, which a registry cannot state: units other than tokens, further steps.
    pub beside: Vec<String>,
    /// How the catalogue's own file names it, where it may name one model several times.
    pub listed_as: String,
    /// What it says of the model under other names, where this one is the id that is asked for.
    pub rivals: Vec<Entry>,
    /// What else it is called, as a rule for names.
    pub(crate) matches: Option<genai::Match>,
}

impl Entry {
    /// One of which nothing is known.
    fn unknown() -> Self {
        Self {
            provider: String::new(),
            model: String::new(),
            price: Err(String::new()),
            context_window: None,
            capabilities: Vec::new(),
            sunset: None,
            is_deprecated: false,
            beside: Vec::new(),
            listed_as: String::new(),
            rivals: Vec::new(),
            matches: None,
        }
    }
}

/// Prices in US dollars per 1M tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// Of tokens of the prompt.
    pub input: Rational,
    /// Of tokens of the answer.
    pub output: Rational,
    /// Of input read from the provider's cache.
    pub cached_input: Option<Rational>,
    /// Of a request with a long prompt.
    pub long_prompt: Option<LongPrompt>,
    /// Percent off every price for what runs in batches.
    pub batch_discount: Option<Rational>,
}

/// What catalogues call one provider: the first is how registries and `LiteLLM` call it.
#[rustfmt::skip]
const PROVIDERS: [&[&str]; 24] = [
    &["azure", "azure-openai", "azure_openai"],
    &["azure_ai", "azure-ai"],
    &["bedrock", "aws", "amazon-bedrock"],
    &["cloudflare", "workers-ai", "cloudflare-workers-ai"],
    &["cohere", "cohere_chat"],
    &["deepinfra", "deep-infra"],
    &["featherless_ai", "featherless-ai"],
    &["fireworks_ai", "fireworks", "fireworks-ai"],
    &["gemini", "google", "google-ai-studio"],
    &["jina_ai", "jina", "jina-ai"],
    &["lambda_ai", "lambda"],
    &["mistral", "mistralai", "mistral-ai"],
    &["moonshot", "moonshotai"],
    &["novita", "novita-ai"],
    &["ollama", "ollama_chat"],
    &["openai", "text-completion-openai"],
    &["perplexity", "perplexity-ai"],
    &["recraft", "recraft-ai", "recraftai"],
    &["reka", "reka-ai"],
    &["stability", "stability-ai"],
    &["together_ai", "together", "togetherai", "together-ai"],
    &["vertex_ai", "vertex", "vertex-ai", "vertex_ai_beta", "google-vertex", "google"],
    &["xai", "x-ai", "x_ai"],
    &["zai", "z-ai", "zhipuai", "zhipu"],
];

impl Catalogue {
    /// Reads a catalogue of any of the known formats; prices are those of a day.
    pub fn read(name: &str, text: &str, day: Date) -> Result<Self, String> {
        let json = serde_json::from_str(text).map_err(|error| format!("this is not JSON: {error}"))?;
        let mut entries = [litellm::read, models_dev::read, openrouter::read]
            .into_iter()
            .find_map(|read| read(&json))
            .or_else(|| genai::read(&json, day))
            .ok_or(
                "this is not a known catalogue: those of LiteLLM, genai-prices, models.dev and OpenRouter are",
            )?;
        // Models are asked for with their provider: what is listed so comes first.
        let order = |entry: &Entry| entry.listed_as == entry.model;
        entries.sort_by(|a, b| (&a.provider, &a.model, order(a)).cmp(&(&b.provider, &b.model, order(b))));
        entries.dedup_by(|later, first| {
            let is_same = (&later.provider, &later.model) == (&first.provider, &first.model);
            if is_same && later.listed_as != first.listed_as {
                first.rivals.push(std::mem::replace(later, Entry::unknown()));
            }
            is_same
        });
        let key = |(at, entry): (usize, &Entry)| ((entry.provider.clone(), entry.model.clone()), at);
        let by_id = entries.iter().enumerate().map(key).collect();
        Ok(Self { name: name.to_owned(), entries, by_id })
    }

    /// What it says of a model, of which several names of the provider and of the model are known; the earlier name counts.
    pub fn find(&self, providers: &[&str], models: &[&str]) -> Option<&Entry> {
        let providers: Vec<&str> = providers.iter().flat_map(|name| called(name)).collect();
        let exact = |model: &str| {
            let of = |provider: &&str| self.by_id.get(&((*provider).to_owned(), model.to_owned()));
            providers.iter().find_map(of)
        };
        // `azure/eu/gpt-4o` names provider and model at once; `openai/gpt-4o` of a reseller is that of the reseller.
        let whole = |model: &str| {
            let (provider, rest) =
                model.split_once('/').filter(|(provider, _)| providers.contains(provider))?;
            self.by_id.get(&(provider.to_owned(), rest.to_owned()))
        };
        let found = models.iter().find_map(|model| exact(model).or_else(|| whole(model)));
        if let Some(at) = found {
            return self.entries.get(*at);
        }
        let rule_of = |entry: &'_ Entry, by: fn(&genai::Match, &str, &str) -> bool, model: &str| {
            providers.contains(&entry.provider.as_str())
                && entry.matches.as_ref().is_some_and(|rule| by(rule, &entry.model, &model.to_lowercase()))
        };
        let by = |by: fn(&genai::Match, &str, &str) -> bool| {
            models.iter().find_map(|model| self.entries.iter().find(|entry| rule_of(entry, by, model)))
        };
        by(|rule, _, name| rule.names(name)).or_else(|| by(genai::Match::dates))
    }
}

/// The one name of a provider that is called otherwise elsewhere.
pub fn canonical(name: &str) -> &str {
    PROVIDERS
        .iter()
        .find(|names| names.contains(&name))
        .and_then(|names| names.first().copied())
        .unwrap_or(name)
}

/// What catalogues call a provider.
pub(crate) fn called(name: &str) -> Vec<&str> {
    let others =
        PROVIDERS.iter().filter(|names| names.contains(&name)).flat_map(|names| names.iter().copied());
    let mut names = vec![name];
    names.extend(others.filter(|other| *other != name));
    names
}
