//! A decision as the table has it, by itself: lists still in it, models and failover statements numbered as in the world.

use crate::decide::{Decision, Target, show};
use crate::model::{FailoverId, ModelId, World};
use crate::table::format::{self, Action, Trigger};

use super::parts;

/// A decision as the table has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Portable {
    pub(super) primary: Option<(ModelId, Option<Vec<String>>)>,
    pub(super) paths: Vec<PortablePath>,
    pub(super) rules: Vec<String>,
    pub(super) budgets: Vec<usize>,
    pub(super) quotas: Vec<usize>,
    pub(super) audit: Option<format::Audit>,
}

/// What is tried on some triggers, in the words of the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct PortablePath {
    pub(super) on: Vec<Trigger>,
    pub(super) failover: FailoverId,
    pub(super) targets: Vec<PortableTarget>,
}

/// A model as it serves, in the words of the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct PortableTarget {
    pub(super) model: ModelId,
    pub(super) cost_multiplier: String,
    pub(super) actions: Vec<Action>,
    pub(super) regions: Option<Vec<String>>,
}

/// A decision of a use case.
pub(super) fn decision(world: &World, decision: &Decision) -> Portable {
    let names = decision.rules.iter().map(|id| &world.rules[*id]);
    let paths = decision.paths.iter().map(|path| PortablePath {
        on: path.on.iter().collect(),
        failover: path.failover,
        targets: path.targets.iter().map(|one| target(world, decision, one)).collect(),
    });
    Portable {
        primary: decision.primary.map(|model| (model, regions(world, decision, model))),
        paths: paths.collect(),
        rules: names.map(|rule| rule.name.value.clone()).collect(),
        budgets: decision.budgets.iter().map(|id| id.position()).collect(),
        quotas: decision.quotas.iter().map(|id| id.position()).collect(),
        audit: decision.audit.as_deref().map(parts::audit),
    }
}

fn target(world: &World, decision: &Decision, target: &Target) -> PortableTarget {
    PortableTarget {
        model: target.model,
        cost_multiplier: show::multiplier(&target.multiplier),
        actions: parts::actions(target),
        regions: regions(world, decision, target.model),
    }
}

fn regions(world: &World, decision: &Decision, model: ModelId) -> Option<Vec<String>> {
    show::regions(world, decision, &world.models[model])
}
