//! §8.6: the route while providers or models are down.

use super::Decision;
use crate::model::{ModelId, Selector, Terminal, World};

/// Where a request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// To this model.
    Route(ModelId),
    /// Nowhere: targets exist and none is up.
    Terminal,
    /// Nowhere: no model is eligible.
    Unroutable,
}

impl Outcome {
    /// Its name in machine-readable output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Route(_) => "route",
            Self::Terminal => "terminal",
            Self::Unroutable => "unroutable",
        }
    }
}

/// Whether a model is up.
pub fn is_up(world: &World, down: &[Selector], model: ModelId) -> bool {
    !down.iter().any(|selector| selector.matches(world, model))
}

/// The first target that is up.
pub fn outcome(world: &World, decision: &Decision, down: &[Selector]) -> Outcome {
    if decision.targets.is_empty() {
        return Outcome::Unroutable;
    }
    let up = decision.targets.iter().find(|target| is_up(world, down, target.model));
    up.map_or(Outcome::Terminal, |target| Outcome::Route(target.model))
}

/// The terminal of a decision: `block` where there is no target or no failover statement.
pub fn terminal(world: &World, decision: &Decision) -> Terminal {
    if decision.targets.is_empty() {
        return Terminal::Block;
    }
    let failover = decision.failover.and_then(|id| world.failovers.get(id));
    failover.map_or(Terminal::Block, |failover| failover.then.clone())
}
