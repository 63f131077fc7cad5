//! What logs call models, and which model of the table that is.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::event::provider::{self, Seller};
use crate::event::{Event, Field};
use crate::table::format::{Model, Table};
use crate::table::{Decision, Target};

/// Names that a table does not hold: those of a workspace's registry.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Every model with its aliases and what its provider calls it.
    pub models: Vec<Named>,
}

/// A model and what it is called besides.
#[derive(Debug, Clone)]
pub struct Named {
    /// The provider.
    pub provider: String,
    /// The bare name.
    pub name: String,
    /// Aliases.
    pub aliases: Vec<String>,
}

/// Which model an event means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The model at this index of the table.
    Target(usize),
    /// A model of the registry that no decision leads to.
    NoTarget,
    /// Several providers sell one of that name, and nothing says which.
    Several,
    /// None that is known.
    Unknown,
    /// The event names no model.
    Unsaid,
}

/// The models of a table by everything that logs may call them.
#[derive(Debug)]
pub struct Names {
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, Vec<Called>>,
    providers: HashSet<String>,
    /// Of each model of the table: its provider, what that speaks, and whether we run it.
    sold: Vec<(String, Option<String>, bool)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Called {
    provider: String,
    target: Option<usize>,
}

impl Names {
    /// The names of a table, and of the registry where there is one.
    pub fn new(table: &Table, registry: &Registry) -> Self {
        let by_id: HashMap<String, usize> =
            (0..).zip(&table.models).map(|(at, model)| (model.id.clone(), at)).collect();
        let protocol =
            |model: &Model| model.endpoint.get("protocol").and_then(Value::as_str).map(str::to_owned);
        let is_own = |model: &Model| model.hosting.as_deref() == Some("self-hosted");
        let sold = table.models.iter().map(|model| (model.provider.clone(), protocol(model), is_own(model)));
        let (by_name, providers) = (HashMap::new(), HashSet::new());
        let mut names = Self { by_id, by_name, providers, sold: sold.collect() };
        for (at, model) in table.models.iter().enumerate() {
            names.add(&model.name, &model.provider, Some(at));
            if let Some(Value::String(other)) = model.endpoint.get("model") {
                names.add(other, &model.provider, Some(at));
            }
        }
        for model in &registry.models {
            let target = names.by_id.get(&format!("{}/{}", model.provider, model.name)).copied();
            for name in std::iter::once(&model.name).chain(&model.aliases) {
                names.add(name, &model.provider, target);
            }
        }
        names
    }

    fn add(&mut self, name: &str, provider: &str, target: Option<usize>) {
        self.providers.insert(provider.to_owned());
        let called = Called { provider: provider.to_owned(), target };
        let known = self.by_name.entry(name.to_owned()).or_default();
        if !known.contains(&called) {
            known.push(called);
        }
    }

    /// Which model an event means: by route, else as answered, else as asked. Of several that may be meant it is the
    /// one that the decision leads to. What is known to have answered counts before a route that it is not.
    pub fn find(&self, event: &Event<'_>, decision: Option<&Decision<'_>>) -> Found {
        let provider = event.text(Field::Provider);
        let of = |field: Field| event.text(field).map(|name| self.named(name, provider, decision));
        let answered =
            || event.text(Field::ResponseModel).map(|name| self.answered(name, provider, decision));
        if let Some(route) = event.text(Field::Route) {
            let found = self.named(route, provider, decision);
            let Found::Target(at) = found else { return found };
            if event.text(Field::ResponseModel).is_some_and(|name| self.is_another(name, at)) {
                return answered().unwrap_or(Found::Unknown);
            }
            let is_of_other = |said: &str| self.providers.contains(said) && !self.is_sold_by(at, said);
            return match provider.filter(|said| is_of_other(said)) {
                Some(said) => {
                    self.named(route.split_once('/').map_or(route, |(_, bare)| bare), Some(said), decision)
                }
                None => found,
            };
        }
        match (answered(), of(Field::RequestModel)) {
            (Some(found @ Found::Target(_)), _) | (_, Some(found @ Found::Target(_))) => found,
            (Some(Found::NoTarget), _) | (_, Some(Found::NoTarget)) => Found::NoTarget,
            (Some(Found::Several), _) | (_, Some(Found::Several)) => Found::Several,
            (None, None) => Found::Unsaid,
            _ => Found::Unknown,
        }
    }

    /// What answered: where the stated provider has no model of that name and others have, it is theirs.
    fn answered(&self, name: &str, provider: Option<&str>, decision: Option<&Decision<'_>>) -> Found {
        match self.named(name, provider, decision) {
            Found::Unknown => {
                let is_ours = provider.is_some_and(|said| self.providers.contains(said));
                if is_ours { self.named(name, None, decision) } else { Found::Unknown }
            }
            found => found,
        }
    }

    /// A name without the provider of ours before it, and that one.
    fn parted<'n>(&self, name: &'n str) -> (&'n str, Option<&'n str>) {
        let parted = name.split_once('/').filter(|(of, _)| self.providers.contains(*of));
        parted.map_or((name, None), |(of, bare)| (bare, Some(of)))
    }

    /// Whether a name is known, and none of those that it may mean is the model at an index.
    fn is_another(&self, name: &str, at: usize) -> bool {
        if let Some(named) = self.by_id.get(name) {
            return *named != at;
        }
        let known = self.by_name.get(self.parted(name).0).map(Vec::as_slice).unwrap_or_default();
        !known.is_empty() && !known.iter().any(|one| one.target == Some(at))
    }

    fn is_sold_by(&self, at: usize, provider: &str) -> bool {
        self.sold.get(at).is_some_and(|(name, ..)| name == provider)
    }

    fn seller<'a>(&'a self, called: &'a Called) -> Seller<'a> {
        let sold = called.target.and_then(|at| self.sold.get(at));
        Seller {
            name: &called.provider,
            protocol: sold.and_then(|(_, protocol, _)| protocol.as_deref()),
            is_own: sold.is_some_and(|(.., is_own)| *is_own),
        }
    }

    fn named(&self, name: &str, provider: Option<&str>, decision: Option<&Decision<'_>>) -> Found {
        if let Some(at) = self.by_id.get(name) {
            return Found::Target(*at);
        }
        let (name, of) = self.parted(name);
        let provider = of.or(provider);
        let Some(called) = self.by_name.get(name) else { return Found::Unknown };
        if let Some(said) = provider.filter(|provider| self.providers.contains(*provider)) {
            return called.iter().find(|one| one.provider == said).map_or(Found::Unknown, Called::found);
        }
        // A provider that is none of ours sells nothing of ours, whatever its models are called.
        let all = called.iter().map(|one| (one, self.seller(one)));
        let fitting = provider::most_alike(provider.unwrap_or_default(), all);
        match fitting.as_slice() {
            [] => return Found::Unknown,
            [one] => return one.found(),
            _ => {}
        }
        let Some(decision) = decision else { return Found::Several };
        let is_meant = |target: Target<'_>| {
            let at = self.by_id.get(&target.model().id);
            at.copied().filter(|at| fitting.iter().any(|one| one.target == Some(*at)))
        };
        let paths = decision.paths().flat_map(|path| path.targets());
        let led = decision.primary().into_iter().chain(paths).find_map(is_meant);
        led.map_or_else(|| fitting.first().map_or(Found::Unknown, |one| one.found()), Found::Target)
    }
}

impl Called {
    fn found(&self) -> Found {
        self.target.map_or(Found::NoTarget, Found::Target)
    }
}
