//! What a decision tries, trigger by trigger.

use std::collections::HashSet;

use super::{Decision, LeftOut, Multiplier, Target};
use crate::model::trigger::{OUTAGE, Triggers};
use crate::model::{FailoverId, ModelId, Trigger};

/// What is tried when the primary fails in certain ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Every trigger that leads here.
    pub on: Triggers,
    /// The statement that says so.
    pub failover: FailoverId,
    /// What is tried, in order.
    pub targets: Vec<Target>,
    /// Candidates that were walked and left out, in the order of the walk.
    pub left_out: Vec<LeftOut>,
}

impl Path {
    /// Its models, in order.
    pub fn models(&self) -> impl Iterator<Item = ModelId> {
        self.targets.iter().map(|target| target.model)
    }
}

impl Target {
    /// The primary, as if it were tried after itself.
    fn primary(model: ModelId) -> Self {
        Self { model, multiplier: Multiplier::one(), notify: None, throttle: false, confirm: false }
    }
}

impl Decision {
    /// The path of a trigger.
    pub fn path_on(&self, trigger: Trigger) -> Option<&Path> {
        self.paths.iter().find(|path| path.on.has(trigger))
    }

    /// The path that is taken while something is down.
    pub fn outage_path(&self) -> Option<&Path> {
        OUTAGE.into_iter().find_map(|trigger| self.path_on(trigger))
    }

    /// The path of a trigger, or of an outage where none is asked for.
    pub fn path(&self, on: Option<Trigger>) -> Option<&Path> {
        match on {
            Some(trigger) => self.path_on(trigger),
            None => self.outage_path(),
        }
    }

    /// What may serve, in order: with a trigger the targets of its path, without one the primary and the targets of
    /// the outage path.
    pub fn tried(&self, on: Option<Trigger>) -> Vec<ModelId> {
        let primary = self.primary.filter(|_| on.is_none());
        primary.into_iter().chain(self.path(on).into_iter().flat_map(Path::models)).collect()
    }

    /// The primary and the targets of the outage path.
    pub fn chain(&self) -> Vec<ModelId> {
        self.tried(None)
    }

    /// The same with what stands on each; nothing stands on the primary.
    pub fn chain_targets(&self) -> Vec<Target> {
        let primary = self.primary.map(Target::primary);
        primary.into_iter().chain(self.outage_path().into_iter().flat_map(|p| p.targets.clone())).collect()
    }

    /// The primary and the targets of every path, each once, in this order.
    pub fn reaches(&self) -> Vec<ModelId> {
        let mut known = HashSet::new();
        let all = self.primary.into_iter().chain(self.paths.iter().flat_map(Path::models));
        all.filter(|model| known.insert(*model)).collect()
    }
}
