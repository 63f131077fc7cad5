//! The models that pass each gate of a use case.

use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::Engine;
use super::case::Situation;
use crate::decide::Gate;
use crate::model::attribute::ModelAttribute;
use crate::model::{ModelId, UseCase};

/// The models that pass each gate; the ceiling depends on the context and the lifecycle on nothing.
pub(super) struct Gates {
    pub(super) approved: FixedBitSet,
    pub(super) compliance: FixedBitSet,
    pub(super) retention: Arc<FixedBitSet>,
    pub(super) capability: FixedBitSet,
    /// All of them together, and alive; where it is processed depends on the rules.
    pub(super) together: FixedBitSet,
    /// Models that are taken to have ended.
    ended: Vec<ModelId>,
}

impl Gates {
    pub(super) fn new(engine: &Engine, use_case: &UseCase) -> Self {
        let index = &engine.index;
        let all = index.all();
        let retention = use_case.retention_max.as_ref();
        let retention = retention
            .map_or_else(|| Arc::new(all.clone()), |max| index.beside(ModelAttribute::Retention, max, false));
        let mut capability = index.capabilities.covering(&use_case.capabilities, &all);
        if let Some(min) = &use_case.min_context {
            capability.intersect_with(&index.beside(ModelAttribute::ContextWindow, min, true));
        }
        let approved = index.approved(&use_case.name.value);
        let compliance = index.compliance.covering(&use_case.compliance, &all);
        let mut together = approved.clone();
        for gate in [&compliance, &*retention, &capability, &index.alive] {
            together.intersect_with(gate);
        }
        Self { approved, compliance, retention, capability, together, ended: Vec::new() }
    }

    /// Takes some models to have ended.
    pub(super) fn end(&mut self, models: &[ModelId]) {
        for model in models {
            self.together.set(model.position(), false);
        }
        self.ended = models.to_vec();
    }

    /// The gates that a model fails at a classification, in order.
    pub(super) fn failed(&self, engine: &Engine, situation: &Situation, model: ModelId) -> Vec<Gate> {
        let has_ended = self.ended.contains(&model);
        let (index, model) = (&engine.index, model.position());
        let passes = |gate: &Gate| match gate {
            Gate::ApprovedUseCase => self.approved.contains(model),
            Gate::ClassificationCeiling => index.ceilings[situation.context.classification].contains(model),
            Gate::ComplianceCoverage => self.compliance.contains(model),
            Gate::Residency => situation.resident.contains(model),
            Gate::Retention => self.retention.contains(model),
            Gate::Lifecycle => index.alive.contains(model) && !has_ended,
            Gate::Capability => self.capability.contains(model),
        };
        Gate::ALL.into_iter().filter(|gate| !passes(gate)).collect()
    }
}
