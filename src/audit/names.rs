//! What logs call models, and which model of the table that is.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::event::{Event, Field, provider};
use crate::table::format::Table;
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
        let mut names = Self { by_id, by_name: HashMap::new(), providers: HashSet::new() };
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
    /// one that the decision leads to.
    pub fn find(&self, event: &Event<'_>, decision: Option<&Decision<'_>>) -> Found {
        let provider = event.text(Field::Provider);
        let of = |field: Field| event.text(field).map(|name| self.named(name, provider, decision));
        if let Some(found) = of(Field::Route) {
            return found;
        }
        match (of(Field::ResponseModel), of(Field::RequestModel)) {
            (Some(found @ Found::Target(_)), _) | (_, Some(found @ Found::Target(_))) => found,
            (Some(Found::NoTarget), _) | (_, Some(Found::NoTarget)) => Found::NoTarget,
            (Some(Found::Several), _) | (_, Some(Found::Several)) => Found::Several,
            (None, None) => Found::Unsaid,
            _ => Found::Unknown,
        }
    }

    fn named(&self, name: &str, provider: Option<&str>, decision: Option<&Decision<'_>>) -> Found {
        if let Some(at) = self.by_id.get(name) {
            return Found::Target(*at);
        }
        let (name, provider) = match name.split_once('/') {
            Some((of, bare)) if self.providers.contains(of) => (bare, Some(of)),
            _ => (name, provider),
        };
        let Some(called) = self.by_name.get(name) else { return Found::Unknown };
        if let Some(said) = provider.filter(|provider| self.providers.contains(*provider)) {
            return called.iter().find(|one| one.provider == said).map_or(Found::Unknown, Called::found);
        }
        if let [one] = called.as_slice() {
            return one.found();
        }
        let all = called.iter().map(|one| (one, one.provider.as_str()));
        let fitting = provider::most_alike(provider.unwrap_or_default(), all);
        if let [one] = fitting.as_slice() {
            return one.found();
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
