//! What logs call models, and which model of the table that is.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::event::{Event, Field};
use crate::table::format::Table;

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

    /// Which model an event means: by route, else as answered, else as asked.
    pub fn find(&self, event: &Event<'_>) -> Found {
        if let Some(route) = event.text(Field::Route) {
            return self.named(route, event.text(Field::Provider));
        }
        let provider = event.text(Field::Provider);
        let of = |field: Field| event.text(field).map(|name| self.named(name, provider));
        match (of(Field::ResponseModel), of(Field::RequestModel)) {
            (Some(found @ Found::Target(_)), _) | (_, Some(found @ Found::Target(_))) => found,
            (Some(Found::NoTarget), _) | (_, Some(Found::NoTarget)) => Found::NoTarget,
            (None, None) => Found::Unsaid,
            _ => Found::Unknown,
        }
    }

    fn named(&self, name: &str, provider: Option<&str>) -> Found {
        if let Some(at) = self.by_id.get(name) {
            return Found::Target(*at);
        }
        let (name, provider) = match name.split_once('/') {
            Some((of, bare)) if self.providers.contains(of) => (bare, Some(of)),
            _ => (name, provider),
        };
        let Some(called) = self.by_name.get(name) else { return Found::Unknown };
        let is_ours = provider.is_some_and(|provider| self.providers.contains(provider));
        // What others call a provider (`aws.bedrock`) is no name of ours; then the model's name has to be enough.
        let mut fitting = called.iter().filter(|one| !is_ours || Some(one.provider.as_str()) == provider);
        match (fitting.next(), fitting.next()) {
            (Some(Called { target: Some(at), .. }), None) => Found::Target(*at),
            (Some(Called { target: None, .. }), None) => Found::NoTarget,
            _ => Found::Unknown,
        }
    }
}
