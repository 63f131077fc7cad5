//! The words that are looked for, all at once.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::catalogue::Catalogue;
use crate::catalogue::facts::models;
use crate::registry::secrets;
use crate::yaml::Value;

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A model: its place in [`Words::known`].
    Model(usize),
    /// Where a provider is reached.
    Endpoint,
    /// What looks like a key.
    Key,
}

/// What is known of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Its id in the registry, if it is registered.
    pub registered: Option<String>,
    /// Other models of the registry that have the name too.
    pub also: Vec<String>,
    /// What it is approved for there.
    pub approved: Vec<String>,
    /// The first day without it, as the registry or a catalogue has it.
    pub sunset: Option<String>,
    /// Providers that list it.
    pub providers: Vec<String>,
}

/// Where well-known providers are reached.
const HOSTS: [&str; 18] = [
    "api.openai.com",
    "openai.azure.com",
    "api.anthropic.com",
    "generativelanguage.googleapis.com",
    "aiplatform.googleapis.com",
    "bedrock-runtime.",
    "api.mistral.ai",
    "api.cohere.com",
    "api.cohere.ai",
    "api.groq.com",
    "api.together.xyz",
    "api.fireworks.ai",
    "api.deepseek.com",
    "api.perplexity.ai",
    "api.x.ai",
    "api.cerebras.ai",
    "api-inference.huggingface.co",
    "openrouter.ai/api",
];

/// Words with what they mean.
#[derive(Debug)]
pub struct Words {
    automaton: AhoCorasick,
    meanings: Vec<What>,
    /// What is known of models, by the number in [`What::Model`].
    pub known: Vec<Known>,
}

impl Known {
    /// Adds a model of the registry that has the name.
    fn name(&mut self, id: &str, approved: &[String], sunset: Option<&str>) {
        let sunset = sunset.map(str::to_owned);
        match &self.registered {
            None => {
                self.registered = Some(id.to_owned());
                self.sunset = sunset.or(self.sunset.take());
            }
            Some(first) if first == id || self.also.iter().any(|also| also == id) => {}
            Some(_) => {
                self.also.push(id.to_owned());
                // The name goes on until the last of them is gone.
                self.sunset = sunset.zip(self.sunset.take()).map(|(own, before)| own.max(before));
            }
        }
        self.approved = approved.iter().fold(std::mem::take(&mut self.approved), |mut all, name| {
            if !all.contains(name) {
                all.push(name.clone());
            }
            all
        });
    }
}

impl Words {
    /// All words of registries and catalogues; why not where they are too many.
    pub fn new(registries: &[Value], catalogues: &[Catalogue]) -> Result<Self, String> {
        let mut names: BTreeMap<String, Known> = BTreeMap::new();
        let mut ends: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
        let mut hosts: Vec<String> = HOSTS.iter().map(|host| (*host).to_owned()).collect();
        for entry in catalogues.iter().flat_map(|catalogue| &catalogue.entries) {
            if !tells(&entry.model) {
                continue;
            }
            let whole = format!("{}/{}", entry.provider, entry.model);
            for name in [entry.model.clone(), whole] {
                let known = names.entry(name.clone()).or_default();
                if !known.providers.contains(&entry.provider) {
                    known.providers.push(entry.provider.clone());
                }
                ends.entry(name).or_default().push(entry.sunset.map(|day| day.to_string()));
            }
        }
        // It is gone when the last of those that list it has ended it.
        for (name, ends) in ends {
            let all: Option<Vec<String>> = ends.into_iter().collect();
            if let (Some(known), Some(days)) = (names.get_mut(&name), all) {
                known.sunset = days.into_iter().max();
            }
        }
        for model in registries.iter().flat_map(models) {
            let text = |key: &str| model.value.get(key).and_then(Value::text);
            let aliases = model.value.get("aliases").map(Value::items).unwrap_or_default();
            let words = text("name")
                .into_iter()
                .chain(model.endpoint("model"))
                .chain(aliases.iter().filter_map(Value::text));
            let approved = model.value.get("approved_use_cases").map(Value::items).unwrap_or_default();
            let approved: Vec<String> = approved.iter().filter_map(Value::text).map(str::to_owned).collect();
            let sunset = model.value.get("lifecycle").and_then(|life| life.get("sunset")?.text());
            for word in words.map(str::to_owned).chain([model.id.clone()]).filter(|word| word.len() >= 3) {
                names.entry(word).or_default().name(&model.id, &approved, sunset);
            }
            hosts.extend(
                model.endpoint("base_url").map(host).filter(|host| host.contains('.')).map(str::to_owned),
            );
        }
        let known: Vec<Known> = names.values().cloned().collect();
        let mut words: Vec<String> = names.into_keys().collect();
        let mut meanings: Vec<What> = (0..words.len()).map(What::Model).collect();
        meanings.extend(hosts.iter().map(|_| What::Endpoint));
        words.extend(hosts);
        let keys = secrets::beginnings();
        meanings.extend(keys.iter().map(|_| What::Key));
        words.extend(keys.iter().map(|key| (*key).to_owned()));
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&words);
        let automaton = built.map_err(|error| format!("too much to look for: {error}"))?;
        Ok(Self { automaton, meanings, known })
    }

    /// Where words stand alone in a text, in order: from, to, what.
    pub(super) fn find(&self, text: &str) -> Vec<(usize, usize, What)> {
        let mut found = Vec::new();
        for at in self.automaton.find_iter(text) {
            let Some(what) = self.meanings.get(at.pattern().as_usize()) else { continue };
            let (start, end) = (at.start(), at.end());
            let hit = match what {
                What::Model(_) => stands_alone(text, start, end).then_some((start, end)),
                What::Endpoint => Some((start, end)),
                What::Key => key(text, start),
            };
            found.extend(hit.map(|(start, end)| (start, end, *what)));
        }
        found
    }
}

/// Whether a catalogue's word says that a model is meant wherever it stands: long, with digits and with parts.
fn tells(model: &str) -> bool {
    let has = |test: fn(char) -> bool| model.chars().any(test);
    model.len() >= 5
        && has(|c| c.is_ascii_digit())
        && has(|c| matches!(c, '-' | '.' | ':'))
        && has(|c| c.is_ascii_alphabetic())
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':', '?']).next().unwrap_or_default()
}

/// Whether a word is no part of a longer one.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let mut after = text.get(end..).unwrap_or_default().chars();
    let (next, then) = (after.next(), after.next());
    let goes_on = match next {
        Some('.' | ':' | '@' | '/') => then.is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(c) => joins(c),
        None => false,
    };
    !before.is_some_and(|c| joins(c) || c == '.' || c == '@') && !goes_on
}

/// The whole of a word that begins as a key does, if it is one.
fn key(text: &str, start: usize) -> Option<(usize, usize)> {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
        return None;
    }
    let rest = text.get(start..)?;
    let length =
        rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.+".contains(c))).unwrap_or(rest.len());
    secrets::key_in(rest.get(..length)?).map(|_| (start, start + length))
}
