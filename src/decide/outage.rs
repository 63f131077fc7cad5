//! The route while providers, failure domains or models are down.

use super::Decision;
use crate::model::{Down, ModelId, Terminal, Trigger, World};

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
pub fn is_up(world: &World, down: &[Down], model: ModelId) -> bool {
    !down.iter().any(|down| down.takes(world, model))
}

/// Where a request goes: to the first that is up of what may serve, on an outage or on a trigger.
pub fn outcome(world: &World, decision: &Decision, on: Option<Trigger>, down: &[Down]) -> Outcome {
    if decision.primary.is_none() {
        return Outcome::Unroutable;
    }
    let up = decision.tried(on).into_iter().find(|model| is_up(world, down, *model));
    up.map_or(Outcome::Terminal, Outcome::Route)
}

/// What happens where nothing is up, on an outage or on a trigger: `block` where there is no path.
pub fn terminal(world: &World, decision: &Decision, on: Option<Trigger>) -> Terminal {
    let failover = decision.path(on).map(|path| &world.failovers[path.failover]);
    failover.map_or(Terminal::Block, |failover| failover.then.clone())
}
