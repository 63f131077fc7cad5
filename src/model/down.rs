//! What is down: all that a name takes with it, or one model.

use super::names::Symbol;
use super::{ModelId, World};

/// Something that is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Down {
    /// The models of the provider of this name, and those whose failure domain has it.
    Named(Symbol),
    /// A model alone, its provider being up.
    Model(ModelId),
}

impl Down {
    /// Whether it takes a model down.
    pub fn takes(self, world: &World, model: ModelId) -> bool {
        match self {
            Self::Model(down) => down == model,
            Self::Named(name) => {
                let model = &world.models[model];
                model.provider_symbol == name || model.failure_domain == name
            }
        }
    }

    /// The name of the provider or failure domain, or the model's id.
    pub fn name(self, world: &World) -> &str {
        match self {
            Self::Named(name) => world.names.name(name),
            Self::Model(model) => world.models[model].id.as_str(),
        }
    }
}

impl World {
    /// What a name takes down that is a provider's or a failure domain's.
    pub fn down(&self, name: &str) -> Option<Down> {
        let known = |symbol: &&Symbol| self.names.name(**symbol) == name;
        self.failure_domains.iter().find(known).map(|symbol| Down::Named(*symbol))
    }
}
