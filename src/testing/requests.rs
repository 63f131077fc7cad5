//! The smallest request that reaches each item and each distinct decision, over all contexts of all use cases.

use std::collections::BTreeMap;

use super::reach::Reach;
use crate::decide::survey::Survey;
use crate::decide::{Audit, Decision, Path, Target, show};
use crate::model::trigger::Triggers;
use crate::model::{
    BudgetId, Context, FailoverId, ModelId, QuotaId, RuleId, Trigger, UseCase, UseCaseId, World,
};

/// A request: of so many things that are not as usual, for a use case, in one of its contexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TestRequest {
    pub(super) distance: usize,
    pub(super) use_case: UseCaseId,
    pub(super) context: usize,
    /// How its primary has failed, where it is asked for a path that is not taken on an outage.
    pub(super) on: Option<Trigger>,
}

/// What makes two decisions one in a decision table.
pub(super) type DecisionKey = (PrimaryKey, Vec<PathKey>, Vec<RuleId>, Vec<BudgetId>, Vec<QuotaId>, AuditKey);

type PrimaryKey = Option<(ModelId, Option<Vec<String>>)>;

type PathKey = (Triggers, FailoverId, Vec<TargetKey>);
type TargetKey = (ModelId, String, Option<Vec<String>>, [bool; 2], Option<Vec<String>>);
type AuditKey = Option<(Option<u64>, bool, Vec<String>, Vec<String>)>;

/// The smallest requests.
#[derive(Debug)]
pub(super) struct Requests {
    /// Per item; none: no request reaches it.
    pub(super) items: Vec<Option<TestRequest>>,
    /// Per distinct decision.
    pub(super) decisions: BTreeMap<DecisionKey, TestRequest>,
}

/// Goes through every context of every use case whose decision is defined.
pub(super) fn requests(survey: &Survey, reach: &Reach) -> Requests {
    let world = survey.world;
    let mut found = Requests { items: vec![None; reach.items.len()], decisions: BTreeMap::new() };
    for decided in survey.decided() {
        for (at, (context, decision)) in decided.pairs().enumerate() {
            let distance = decided.space.distance(at);
            let request = TestRequest { distance, use_case: decided.id, context: at, on: None };
            for on in asked(decision) {
                let request = TestRequest { distance: distance + usize::from(on.is_some()), on, ..request };
                for item in reach.of(decided.use_case, context, decision, on) {
                    if let Some(known) = found.items.get_mut(item) {
                        *known = Some(known.map_or(request, |known| known.min(request)));
                    }
                }
            }
            let known = found.decisions.entry(key(world, decision)).or_insert(request);
            *known = (*known).min(request);
        }
    }
    found
}

/// What a test may ask of a decision: what serves on an outage, and every other path by its first trigger.
fn asked(decision: &Decision) -> impl Iterator<Item = Option<Trigger>> {
    let outage = decision.outage_path().map(|path| path.on);
    let others = decision.paths.iter().filter(move |path| Some(path.on) != outage);
    std::iter::once(None).chain(others.filter_map(|path| path.on.iter().next().map(Some)))
}

/// The decision as a decision table stores it: without what was considered on the way.
pub(super) fn key(world: &World, decision: &Decision) -> DecisionKey {
    let regions = |model: ModelId| show::regions(world, decision, &world.models[model]);
    let target = |target: &Target| {
        let regions = regions(target.model);
        let actions = [target.throttle, target.confirm];
        (target.model, show::multiplier(&target.multiplier), target.notify.clone(), actions, regions)
    };
    let path = |path: &Path| (path.on, path.failover, path.targets.iter().map(target).collect());
    let audit = |audit: &Audit| (audit.retain_days, audit.lineage, audit.mask.clone(), audit.owners.clone());
    (
        decision.primary.map(|model| (model, regions(model))),
        decision.paths.iter().map(path).collect(),
        decision.rules.to_vec(),
        decision.budgets.to_vec(),
        decision.quotas.to_vec(),
        decision.audit.as_deref().map(audit),
    )
}

/// The use case, the context and the decision of a request.
pub(super) fn look<'a>(
    survey: &'a Survey,
    request: TestRequest,
) -> Option<(&'a UseCase, &'a Context, &'a Decision)> {
    let case = &survey.cases[request.use_case];
    let (context, decision) = survey.at(case, request.context)?;
    Some((&survey.world.use_cases[request.use_case], context, decision.as_ref().ok()?))
}
