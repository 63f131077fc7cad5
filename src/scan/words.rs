//! The words that are looked for, all at once.

use std::collections::BTreeMap;

use super::named::Named;
use aho_corasick::{AhoCorasick, MatchKind};

use crate::catalogue::facts::{Model, models};
use crate::catalogue::{Catalogue, called};
use crate::registry::secrets;
use crate::source::address;
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
const HOSTS: [&str; 36] = [
    "api.openai.com",
    "openai.azure.com",
    "services.ai.azure.com",
    "models.inference.ai.azure.com",
    "models.github.ai",
    "chatgpt.com/backend-api",
    "api.githubcopilot.com",
    "api.anthropic.com",
    "generativelanguage.googleapis.com",
    "aiplatform.googleapis.com",
    "bedrock-runtime.",
    "api.mistral.ai",
    "codestral.mistral.ai",
    "api.cohere.com",
    "api.cohere.ai",
    "api.groq.com",
    "api.together.xyz",
    "api.together.ai",
    "api.fireworks.ai",
    "api.deepseek.com",
    "api.deepinfra.com",
    "api.perplexity.ai",
    "api.x.ai",
    "api.cerebras.ai",
    "api.sambanova.ai",
    "api.moonshot.ai",
    "api.minimax.io",
    "dashscope.aliyuncs.com",
    "dashscope-intl.aliyuncs.com",
    "integrate.api.nvidia.com",
    "api.voyageai.com",
    "api.ai21.com",
    "api-inference.huggingface.co",
    "router.huggingface.co",
    "openrouter.ai/api",
    "ai-gateway.vercel.sh",
];

/// Words with what they mean.
#[derive(Debug)]
pub struct Words {
    automaton: AhoCorasick,
    meanings: Vec<What>,
    named: Named,
    /// Whether a word counts only in quotes, by its number.
    quoted: Vec<bool>,
    /// What is known of models, by the number in [`What::Model`].
    pub known: Vec<Known>,
}

/// A model of the registry, by one of its words.
struct Own {
    /// What may stand before the word: its provider, and what that speaks.
    of: Vec<String>,
    id: String,
    approved: Vec<String>,
    sunset: Option<String>,
}

/// What may stand before the words of a model. At an address of its own it is no model of the vendor whose protocol it
/// speaks.
fn sellers(model: &Model) -> Vec<String> {
    let provider = model.id.split('/').next().unwrap_or_default();
    let spoken = model.endpoint("protocol").map(called).unwrap_or_default();
    let spoken = spoken.into_iter().filter(|vendor| model.elsewhere(vendor).is_none());
    std::iter::once(provider).chain(spoken).map(str::to_owned).collect()
}

/// A catalogue's name that is a word of the registry behind its provider, or what that speaks, is that model:
/// `azure/eu/gpt-4o` is `eu/gpt-4o` of who speaks `azure`.
fn behind_a_provider(name: &str, known: &mut Known, own: &BTreeMap<String, Vec<Own>>) {
    let Some((of, mut rest)) = name.split_once('/') else { return };
    loop {
        let found = own.get(rest).map(Vec::as_slice).unwrap_or_default();
        for model in found.iter().filter(|model| model.of.iter().any(|known| known == of)) {
            known.name(&model.id, &model.approved, model.sunset.as_deref());
        }
        match rest.split_once('/') {
            Some((_, after)) if known.registered.is_none() => rest = after,
            _ => return,
        }
    }
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
        let mut ours: BTreeMap<String, Vec<Own>> = BTreeMap::new();
        let mut hosts: Vec<String> = HOSTS.iter().map(|host| (*host).to_owned()).collect();
        for entry in catalogues.iter().flat_map(|catalogue| &catalogue.entries) {
            if weight(&entry.model) == Weight::None {
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
            let own = model.value.get("lifecycle").and_then(|life| life.get("sunset")?.text());
            // What the registry does not state a catalogue may know of the same model at the same place.
            let found = catalogues.iter().filter_map(|catalogue| model.find(catalogue));
            let listed = found.filter(|entry| model.elsewhere(&entry.provider).is_none());
            let listed = listed.filter_map(|entry| entry.sunset).min().map(|day| day.to_string());
            let sunset = own.or(listed.as_deref());
            let of = sellers(&model);
            for word in words.map(str::to_owned).chain([model.id.clone()]).filter(|word| word.len() >= 3) {
                names.entry(word.clone()).or_default().name(&model.id, &approved, sunset);
                let (id, approved, sunset) = (model.id.clone(), approved.clone(), sunset.map(str::to_owned));
                ours.entry(word).or_default().push(Own { of: of.clone(), id, approved, sunset });
            }
            let base = model.endpoint("base_url").map(address::host).map(address::without_port);
            hosts.extend(base.filter(|host| host.contains('.')).map(str::to_owned));
        }
        for (name, known) in names.iter_mut().filter(|(_, known)| known.registered.is_none()) {
            behind_a_provider(name, known, &ours);
        }
        let known: Vec<Known> = names.values().cloned().collect();
        let is_quoted =
            |(name, known): (&String, &Known)| known.registered.is_none() && weight(name) == Weight::Quoted;
        let quoted: Vec<bool> = names.iter().map(is_quoted).collect();
        let mut words: Vec<String> = names.into_keys().collect();
        let mut meanings: Vec<What> = (0..words.len()).map(What::Model).collect();
        meanings.extend(hosts.iter().map(|_| What::Endpoint));
        words.extend(hosts);
        let keys = secrets::beginnings();
        meanings.extend(keys.iter().map(|_| What::Key));
        words.extend(keys.iter().map(|key| (*key).to_owned()));
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&words);
        let automaton = built.map_err(|error| format!("too much to look for: {error}"))?;
        Ok(Self { automaton, meanings, named: Named::new()?, quoted, known })
    }

    /// Where words stand alone in a text, in order: from, to, what.
    pub(super) fn find(&self, text: &str) -> Vec<(usize, usize, What)> {
        let mut found = Vec::new();
        for at in self.automaton.find_iter(text) {
            let Some(what) = self.meanings.get(at.pattern().as_usize()) else { continue };
            let (start, end) = (at.start(), at.end());
            let hit = match what {
                What::Model(at) => {
                    let needs_quotes = self.quoted.get(*at).is_some_and(|quoted| *quoted);
                    let end = dated(text, end);
                    let counts = if needs_quotes {
                        in_quotes(text, start, end)
                    } else {
                        stands_alone(text, start, end)
                    };
                    counts.then_some((start, end))
                }
                // A claim of a token, which is no address that anything is sent to.
                What::Endpoint if text.get(end..).is_some_and(|rest| rest.starts_with("/auth\"")) => None,
                What::Endpoint => Some((start, end)),
                What::Key => key(text, start),
            };
            found.extend(hit.map(|(start, end)| (start, end, *what)));
        }
        let apart: Vec<(usize, usize, What)> = self
            .named
            .find(text)
            .filter(|(start, end)| {
                // What begins as a key of some service does is found already.
                let after = found.partition_point(|(from, ..)| from < end);
                let last = after.checked_sub(1).and_then(|at| found.get(at));
                last.is_none_or(|(_, to, what)| *what != What::Key || to <= start)
            })
            .map(|(start, end)| (start, end, What::Key))
            .collect();
        if !apart.is_empty() {
            found.extend(apart);
            found.sort_by_key(|(start, ..)| *start);
        }
        found
    }
}

/// How much a catalogue's word says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// It could be anything, or is a price class and not a model.
    None,
    /// A model, where it is all that stands in quotes.
    Quoted,
    /// A model, wherever it stands: long, with digits and with parts.
    Plain,
}

fn weight(model: &str) -> Weight {
    let has = |test: fn(char) -> bool| model.chars().any(test);
    let is_class = ["together-ai-", "fireworks-ai-"].iter().any(|class| model.starts_with(class));
    let parts = has(|c| matches!(c, '-' | '.' | ':'));
    let digits = has(|c| c.is_ascii_digit());
    match (is_class || !has(|c| c.is_ascii_alphabetic()), parts, digits) {
        (true, _, _) => Weight::None,
        (_, true, true) if model.len() >= 5 => Weight::Plain,
        (_, true, false) if model.len() >= 8 && is_family(model) => Weight::Quoted,
        (_, false, true) if model.len() == 2 && model.starts_with('o') => Weight::Quoted,
        _ => Weight::None,
    }
}

/// Whether a name without digits is one that nothing but a model has.
fn is_family(model: &str) -> bool {
    const FAMILIES: [&str; 16] = [
        "gpt-",
        "chatgpt-",
        "claude-",
        "gemini-",
        "gemma-",
        "command-",
        "mistral-",
        "codestral-",
        "ministral-",
        "pixtral-",
        "deepseek-",
        "qwen-",
        "grok-",
        "sonar-",
        "llama-",
        "text-embedding-",
    ];
    model.ends_with("-latest") || FAMILIES.iter().any(|family| model.starts_with(family))
}

/// The end of a name with the day or month that follows it: `gpt-4-32k-0314` is `gpt-4-32k` of a day.
fn dated(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let Some(first) = rest.strip_prefix(['-', '@']) else { return end };
    let length = match digits(first) {
        4 => match first.get(4..).and_then(|rest| rest.strip_prefix('-')) {
            Some(month) if digits(month) == 2 => match month.get(2..).and_then(|rest| rest.strip_prefix('-'))
            {
                Some(day) if digits(day) == 2 => 10,
                _ => 4,
            },
            _ => 4,
        },
        6 => 6,
        8 => 8,
        _ => return end,
    };
    end + 1 + length
}

/// Whether a word is all that stands between two quotes of one kind, perhaps behind a provider.
fn in_quotes(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(end..).and_then(|text| text.chars().next());
    matches!(before, Some('"' | '\'' | '`')) && before == after
}

/// Whether a word is no part of a longer one; a whole part of a path is none.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let rest = text.get(end..).unwrap_or_default();
    let mut after = rest.chars();
    let (next, then) = (after.next(), after.next());
    // Catalogues list what can be tuned as `ft:gpt-4o-mini-2024-07-18`, too.
    let is_tuned = text.get(..start).is_some_and(|before| before.ends_with("ft:"))
        || text.get(start..end).is_some_and(|word| word.starts_with("ft:"));
    let goes_on = match next {
        // `ft:gpt-4o-mini-2024-07-18:acme::id` is that model, tuned.
        Some(':') if is_tuned => false,
        Some('/') if before == Some('/') => false,
        Some(':') if before == Some('/') && is_called(rest) => false,
        Some('.' | ':' | '@' | '/') => then.is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(c) => joins(c),
        None => false,
    };
    !before.is_some_and(|c| joins(c) || c == '.' || c == '@') && !goes_on
}

/// Whether what follows is how Google's addresses end: `/models/gemini-2.5-flash:generateContent`.
fn is_called(rest: &str) -> bool {
    const METHODS: [&str; 11] = [
        "generateContent",
        "streamGenerateContent",
        "batchGenerateContent",
        "countTokens",
        "embedContent",
        "batchEmbedContents",
        "predict",
        "predictLongRunning",
        "rawPredict",
        "streamRawPredict",
        "serverStreamingPredict",
    ];
    let name = rest.get(1..).unwrap_or_default();
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    METHODS.contains(&name.get(..end).unwrap_or_default())
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
    // What manuals show in place of one.
    let word =
        rest.get(..length).filter(|word| !word.ends_with("EXAMPLE") && !word.ends_with("EXAMPLEKEY"))?;
    secrets::key_in(word).map(|_| (start, start + length))
}
