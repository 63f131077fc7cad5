//! What logs call models, and which model of the table that is.

use std::collections::HashMap;

use serde_json::Value;

use crate::event::Event;
use crate::event::models::{Meant, Models, Sold};
use crate::table::format::{Model, Table};
use crate::table::{Decision, Target};

/// What a table does not hold: names of a workspace's registry, and which use cases are batches.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Every model with its aliases and what its provider calls it.
    pub models: Vec<Sold>,
    /// Whether each use case is a batch, by name.
    pub batches: HashMap<String, bool>,
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
    /// Those of the table, then those of the registry that no decision leads to.
    models: Models,
    targets: usize,
}

impl Names {
    /// The names of a table, and of the registry where there is one.
    pub fn new(table: &Table, registry: &Registry) -> Self {
        let models = Models::new(table.models.iter().map(sold).chain(registry.models.iter().cloned()));
        Self { models, targets: table.models.len() }
    }

    /// Which model an event means. Of several that may be meant it is the one that the decision leads to.
    pub fn find(&self, event: &Event<'_>, decision: Option<&Decision<'_>>) -> Found {
        let settle = |several: &[usize]| {
            let decision = decision?;
            let is_meant = |target: Target<'_>| {
                let at = self.models.with_id(&target.model().id)?;
                several.contains(&at).then_some(at)
            };
            let paths = decision.paths().flat_map(|path| path.targets());
            let led = decision.primary().into_iter().chain(paths).find_map(is_meant);
            led.or_else(|| several.first().copied())
        };
        match self.models.of(event, &settle) {
            Meant::One(at) if at < self.targets => Found::Target(at),
            Meant::One(_) => Found::NoTarget,
            Meant::Several(_) => Found::Several,
            Meant::Unknown => Found::Unknown,
            Meant::Unsaid => Found::Unsaid,
        }
    }

    /// Whether a route is a model of ours, and of which provider.
    pub fn seller(&self, route: &str) -> Option<&str> {
        self.models.provider_of(self.models.with_id(route)?)
    }
}

fn sold(model: &Model) -> Sold {
    let text = |key: &str| model.endpoint.get(key).and_then(Value::as_str).map(str::to_owned);
    Sold {
        provider: model.provider.clone(),
        name: model.name.clone(),
        aliases: text("model").into_iter().collect(),
        protocol: text("protocol"),
        is_own: model.hosting.as_deref() == Some("self-hosted"),
    }
}
