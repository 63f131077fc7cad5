//! Which model an event means, by everything that logs may call models: one answer for `audit` and for `usage`.

use std::collections::{BTreeSet, HashMap};

use super::provider::{self, Seller};
use super::spelled::{ends, undated, words_of};
use super::{Event, Field};

/// A model that is sold, with what it may be called.
#[derive(Debug, Clone)]
pub struct Sold {
    /// The provider's name.
    pub provider: String,
    /// The bare name.
    pub name: String,
    /// Aliases, and the id in its `endpoint`.
    pub aliases: Vec<String>,
    /// What the provider speaks, `endpoint.protocol`.
    pub protocol: Option<String>,
    /// Whether it is run by us.
    pub is_own: bool,
}

/// What a name means, by positions among all models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// By position in the table.
    One(usize),
    /// One of several, and nothing says which.
    Several(Vec<usize>),
    /// None that is known.
    Unknown,
    /// The event names no model.
    Unsaid,
}

/// Chooses among several models that may be meant, where something can.
pub type Settle<'s> = dyn Fn(&[usize]) -> Option<usize> + 's;

/// Models by everything that logs may call them.
#[derive(Debug)]
pub struct Models {
    sold: Vec<Sold>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    providers: BTreeSet<String>,
}

impl Models {
    /// All of them. One that comes a second time only adds its names to the first.
    pub fn new(all: impl IntoIterator<Item = Sold>) -> Self {
        let (by_id, by_name, providers) = (HashMap::new(), HashMap::new(), BTreeSet::new());
        let mut models = Self { sold: Vec::new(), by_id, by_name, providers };
        for one in all {
            models.add(one);
        }
        models
    }

    fn add(&mut self, one: Sold) {
        let id = format!("{}/{}", one.provider, one.name);
        let at = *self.by_id.entry(id).or_insert(self.sold.len());
        for name in std::iter::once(&one.name).chain(&one.aliases) {
            let known = self.by_name.entry(name.clone()).or_default();
            if !known.contains(&at) {
                known.push(at);
            }
        }
        self.providers.insert(one.provider.clone());
        if at == self.sold.len() {
            self.sold.push(one);
        }
    }

    /// Our name of a provider, where what is said is just that, in letters of either case.
    pub fn provider(&self, said: &str) -> Option<&str> {
        if let Some(ours) = self.providers.get(said) {
            return Some(ours);
        }
        self.providers.iter().find(|ours| ours.eq_ignore_ascii_case(said)).map(String::as_str)
    }

    /// Our name of a provider by whatever others call it: as [`Models::provider`], else the one whose name shares most words
    /// with it; none where that is none or several. What a provider speaks says nothing here, for others speak it too.
    pub fn provider_like(&self, said: &str) -> Option<&str> {
        if said.is_empty() {
            return None;
        }
        let named = |name| (name, Seller { name, protocol: None, is_own: false });
        let alike = || provider::most_alike(said, self.providers.iter().map(|name| named(name.as_str())));
        self.provider(said).or_else(|| match alike().as_slice() {
            [one] => Some(*one),
            _ => None,
        })
    }

    /// The provider of a model.
    pub fn provider_of(&self, at: usize) -> Option<&str> {
        self.sold.get(at).map(|one| one.provider.as_str())
    }

    /// The model with an id, `provider/name`.
    pub fn with_id(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Which model an event means: by route, else as answered, else as asked. What is known to have answered counts before
    /// a route that it is not.
    pub fn of(&self, event: &Event<'_>, settle: &Settle<'_>) -> Meant {
        let provider = event.text(Field::Provider);
        let named = |name: &str| self.named(name, provider, settle);
        let answered = event.text(Field::ResponseModel);
        if let Some(route) = event.text(Field::Route) {
            let is_another = |name: &&str| self.with_id(route).is_some_and(|at| self.is_another(name, at));
            // A route is written by us, and is the id of a model or none.
            let routed = || self.routed(route, provider, settle);
            return answered.filter(is_another).map_or_else(routed, named);
        }
        let mut found = Meant::Unsaid;
        // Of a bill the columns count in their order, and not the one by which its model is shown.
        let mut called = event.called().iter().map(|name| &**name);
        let first = called.next().or(answered);
        for name in first.into_iter().chain(event.text(Field::RequestModel)).chain(called) {
            match named(name) {
                one @ Meant::One(_) => return one,
                several @ Meant::Several(_) => found = several,
                other if !matches!(found, Meant::Several(_)) => found = other,
                _ => {}
            }
        }
        match found {
            // Bills describe what was used in words.
            Meant::Unknown if !event.called().is_empty() => {
                let texts = event.called().iter().map(|text| &**text);
                self.described(texts, provider.unwrap_or_default())
            }
            other => other,
        }
    }

    /// Which model a route means. Without its provider it is the model of that name, and whoever is none of ours says
    /// nothing about whose.
    fn routed(&self, route: &str, provider: Option<&str>, settle: &Settle<'_>) -> Meant {
        let is_bare = self.by_name.contains_key(route) && self.with_id(route).is_none();
        let ours = provider.filter(|said| !is_bare || self.provider(said).is_some());
        self.exactly(route, ours, settle)
    }

    /// The model whose name stands in a text in words, between others: the longest of those that the provider sells.
    fn described<'t>(&self, texts: impl Iterator<Item = &'t str>, provider: &str) -> Meant {
        let texts: Vec<Vec<String>> = texts.map(words_of).collect();
        let length = |name: &String| {
            let name = words_of(name);
            let is_in = |text: &Vec<String>| {
                let mut parts = text.windows(name.len()).enumerate();
                parts.any(|(at, part)| part == name.as_slice() && ends(text, at + name.len()))
            };
            // One word may be anybody's.
            (name.len() > 1 && texts.iter().any(is_in)).then_some(name.len())
        };
        let longest = |one: &Sold| std::iter::once(&one.name).chain(&one.aliases).filter_map(length).max();
        let found = self.sold.iter().enumerate().filter_map(|(at, one)| Some((longest(one)?, at)));
        let mut found: Vec<(usize, usize)> = found.collect();
        let most = found.iter().map(|(length, _)| *length).max().unwrap_or(0);
        found.retain(|(length, _)| *length == most);
        let all = found.into_iter().filter_map(|(_, at)| Some((at, self.seller(at)?)));
        match provider::most_alike(provider, all).as_slice() {
            [one] => Meant::One(*one),
            _ => Meant::Unknown,
        }
    }

    /// Which model is meant by a name and what its provider is called. A provider that is just one of ours decides. A day or
    /// `latest` behind a name that is known says nothing else.
    pub fn named(&self, name: &str, provider: Option<&str>, settle: &Settle<'_>) -> Meant {
        let whole = self.exactly(name, provider, settle);
        match undated(name) {
            Some(undated) if whole == Meant::Unknown && !self.is_known(name) => {
                self.exactly(undated, provider, settle)
            }
            _ => whole,
        }
    }

    fn exactly(&self, name: &str, provider: Option<&str>, settle: &Settle<'_>) -> Meant {
        let stated = provider.and_then(|said| self.provider(said));
        if let Some(at) = self.with_id(name) {
            let is_its = stated.is_none_or(|ours| self.provider_of(at) == Some(ours));
            if is_its {
                return Meant::One(at);
            }
        }
        let (name, of) = self.parted(name);
        let ours = stated.or_else(|| self.provider(of?));
        let Some(called) = self.by_name.get(name) else { return Meant::Unknown };
        if let Some(ours) = ours {
            let its = called.iter().find(|at| self.provider_of(**at) == Some(ours));
            return its.map_or(Meant::Unknown, |at| Meant::One(*at));
        }
        // A provider that is none of ours sells nothing of ours, whatever its models are called.
        let all = called.iter().filter_map(|at| Some((*at, self.seller(*at)?)));
        let fitting = provider::most_alike(provider.or(of).unwrap_or_default(), all);
        match fitting.as_slice() {
            [] => Meant::Unknown,
            [one] => Meant::One(*one),
            several => settle(several).map_or_else(|| Meant::Several(several.to_vec()), Meant::One),
        }
    }

    /// A name as somebody sells it, and what stands before it: a provider of ours, or the words of a gateway for what it
    /// speaks and where (`azure/…`, `bedrock/eu-central-1/…`).
    fn parted<'n>(&self, name: &'n str) -> (&'n str, Option<&'n str>) {
        if self.by_name.contains_key(name) {
            return (name, None);
        }
        let of = name.split_once('/').map(|(of, _)| of);
        let mut rest = name;
        while let Some((_, after)) = rest.split_once('/') {
            if self.by_name.contains_key(after) {
                return (after, of);
            }
            rest = after;
        }
        (name, None)
    }

    /// Whether some model has a name, whoever sells it.
    fn is_known(&self, name: &str) -> bool {
        self.by_name.contains_key(self.parted(name).0)
    }

    /// Whether a name is known, and none of those that it may mean is the model at a position.
    fn is_another(&self, name: &str, at: usize) -> bool {
        let name = undated(name).filter(|_| !self.is_known(name)).unwrap_or(name);
        if let Some(named) = self.with_id(name) {
            return named != at;
        }
        let known = self.by_name.get(self.parted(name).0).map(Vec::as_slice).unwrap_or_default();
        !known.is_empty() && !known.contains(&at)
    }

    fn seller(&self, at: usize) -> Option<Seller<'_>> {
        let Sold { provider, protocol, is_own, .. } = self.sold.get(at)?;
        Some(Seller { name: provider, protocol: protocol.as_deref(), is_own: *is_own })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models() -> Models {
        let sold = |provider: &str, name: &str, alias: &str| Sold {
            provider: provider.to_owned(),
            name: name.to_owned(),
            aliases: vec![alias.to_owned()],
            protocol: Some("openai".to_owned()),
            is_own: provider == "house",
        };
        Models::new([
            sold("azure-eu", "gpt-5.4", "gpt-5.4-2026-03-05"),
            sold("openai", "gpt-6", "gpt-6-2026-09-01"),
            sold("bedrock-eu", "claude", "eu.anthropic.claude-v1:0"),
            sold("house", "qwen", "Qwen/Qwen-32B"),
            sold("mirror", "gpt-5.4", "gpt-5.4-mirror"),
        ])
    }

    #[test]
    fn a_provider_that_is_stated_and_known_decides() {
        let models = models();
        let named = |name: &str, provider: Option<&str>| models.named(name, provider, &|_| None);
        assert_eq!(named("gpt-5.4", Some("openai")), Meant::Unknown);
        assert_eq!(named("gpt-5.4", Some("OpenAI")), Meant::Unknown);
        assert_eq!(named("azure-eu/gpt-5.4", Some("openai")), Meant::Unknown);
        assert_eq!(named("gpt-6-2026-09-01", Some("openai")), Meant::One(1));
        // Others are told by their words.
        assert_eq!(named("gpt-5.4", Some("azure.ai.openai")), Meant::One(0));
        assert_eq!(named("gpt-5.4", None), Meant::Several(vec![0, 4]));
        assert_eq!(named("gpt-6", Some("somebody")), Meant::Unknown);
    }

    #[test]
    fn a_provider_alone_is_told_by_the_words_of_its_name() {
        let models = models();
        let ours = [
            ("OpenAI", Some("openai")),
            ("Microsoft", Some("azure-eu")),
            ("Amazon Web Services", Some("bedrock-eu")),
            ("azure.ai.openai", None),
            ("vllm", None),
            ("Some Reseller", None),
            ("", None),
        ];
        for (said, wanted) in ours {
            assert_eq!(models.provider_like(said), wanted, "{said}");
        }
    }

    #[test]
    fn a_bill_names_a_model_in_words() {
        let models = models();
        let of = |texts: &[&'static str], provider: &str| {
            let mut event = Event::default();
            event.set(Field::Provider, crate::event::Value::Text(provider.to_owned().into()));
            for text in texts {
                event.may_be_called((*text).into());
            }
            models.of(&event, &|_| None)
        };
        assert_eq!(of(&["my-account", "GPT 5.4 Inp glbl Tokens"], "Microsoft"), Meant::One(0));
        assert_eq!(of(&["gpt 6 2026 09 01 outp"], "OpenAI"), Meant::One(1));
        assert_eq!(of(&["gpt 5.4"], "AWS"), Meant::Unknown);
        // A word of a variant makes it another model, and so does a further part of its version.
        for text in ["gpt 5.4 nano Inp glbl Tokens", "gpt-5.4-pro Outp", "gpt 5.4 1 Inp", "gpt 5.4 codex"] {
            assert_eq!(of(&[text], "Microsoft"), Meant::Unknown, "{text}");
        }
        for text in ["gpt 5.4 0305 Inp glbl Tokens", "gpt 5.4 2026-03-06 cchd Inp", "gpt-5.4-latest in"] {
            assert_eq!(of(&[text], "Microsoft"), Meant::One(0), "{text}");
        }
        assert_eq!(of(&["claude v3"], "AWS"), Meant::Unknown);
        assert_eq!(
            of(&["2K8Z", "arn:aws:bedrock:eu:9:inference-profile/eu.anthropic.claude-v1:0"], "AWS"),
            Meant::One(2)
        );
    }

    #[test]
    fn a_day_behind_a_name_says_nothing_else() {
        let models = models();
        let named = |name: &str, provider: Option<&str>| models.named(name, provider, &|_| None);
        for name in
            ["gpt-6-2026-10-01", "gpt-6-20261001", "gpt-6@20261001", "gpt-6-latest", "openai/gpt-6-1001"]
        {
            assert_eq!(named(name, Some("openai")), Meant::One(1), "{name}");
        }
        for name in ["gpt-6-mini", "gpt-6-1", "gpt-6-2026-10", "gpt-6-2026-10-01-mini", "-2026", "é2026"] {
            assert_eq!(named(name, Some("openai")), Meant::Unknown, "{name}");
        }
        // A snapshot that is known is the one that it is.
        assert_eq!(named("gpt-5.4-2026-03-05", Some("mirror")), Meant::Unknown);
        // A route is an id of ours.
        let mut event = Event::default();
        event.set(Field::Route, crate::event::Value::Text("openai/gpt-6-2026-10-01".into()));
        assert_eq!(models.of(&event, &|_| None), Meant::Unknown);
    }

    #[test]
    fn what_gateways_put_before_a_name_says_who_sells_it() {
        let models = models();
        let named = |name: &str| models.named(name, None, &|_| None);
        assert_eq!(named("azure/gpt-5.4"), Meant::One(0));
        assert_eq!(named("bedrock/eu.anthropic.claude-v1:0"), Meant::One(2));
        assert_eq!(named("bedrock/converse/eu.anthropic.claude-v1:0"), Meant::One(2));
        assert_eq!(named("hosted_vllm/Qwen/Qwen-32B"), Meant::One(3));
        assert_eq!(named("Qwen/Qwen-32B"), Meant::One(3));
        assert_eq!(named("deepinfra/gpt-5.4"), Meant::Unknown);
        assert_eq!(named("mirror/gpt-5.4-mirror"), Meant::One(4));
        assert_eq!(named("openai/gpt-5.4"), Meant::Unknown);
    }
}
