//! The answer of `resolve` as a program reads it (docs/cli.md), from a workspace or from a table.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::decide::outage::{self, Outcome};
use crate::decide::{reference, show};
use crate::explain::{self, Question};

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Answer {
    pub(super) use_case: String,
    #[serde(serialize_with = "in_order")]
    pub(super) context: Vec<(String, String)>,
    pub(super) outcome: &'static str,
    pub(super) targets: Vec<Target>,
    pub(super) route: Option<String>,
    pub(super) then: String,
    pub(super) failover: Option<String>,
    pub(super) on: Vec<String>,
    pub(super) rules: Vec<String>,
    pub(super) obligations: Obligations,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) excluded: Option<Vec<Excluded>>,
    pub(super) sentence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) why_not: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Target {
    pub(super) model: String,
    pub(super) cost_multiplier: String,
    pub(super) actions: Vec<&'static str>,
    pub(super) regions: Option<Vec<String>>,
    pub(super) up: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Obligations {
    pub(super) budgets: Vec<String>,
    pub(super) quotas: Vec<String>,
    pub(super) audit: Option<Audit>,
    #[serde(serialize_with = "in_order")]
    pub(super) tags: Vec<(String, String)>,
    pub(super) retry: u64,
    pub(super) log_as: Option<String>,
    pub(super) notify: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Audit {
    pub(super) retain_days: Option<u64>,
    pub(super) lineage: bool,
    pub(super) mask: Vec<String>,
    pub(super) owners: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Excluded {
    pub(super) model: String,
    pub(super) by: Vec<String>,
}

fn in_order<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(pairs.len()))?;
    for (name, value) in pairs {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

/// The answer to a question asked of a workspace.
pub(super) fn from_world(question: &Question) -> Answer {
    let (world, decision) = (question.world, question.decision);
    let outcome = outage::outcome(world, decision, question.on, question.down);
    let failover = decision.path(question.on).and_then(|path| world.failovers.get(path.failover));
    let id = |model: usize| world.models.get(model).map(|model| model.id.clone()).unwrap_or_default();
    let route = match outcome {
        Outcome::Route(model) => Some(id(model)),
        Outcome::Terminal | Outcome::Unroutable => None,
    };
    Answer {
        use_case: question.use_case.name.value.clone(),
        context: world.show_context(question.context),
        outcome: outcome.name(),
        targets: targets(question),
        route,
        then: outage::terminal(world, decision, question.on).kind().word().to_owned(),
        failover: failover.map(|failover| failover.name.value.clone()),
        on: failover.iter().flat_map(|f| f.triggers().names()).map(str::to_owned).collect(),
        rules: names(&decision.rules, |rule| world.rules.get(rule).map(|rule| &rule.name.value)),
        obligations: Obligations {
            budgets: names(&decision.budgets, |budget| world.budgets.get(budget).map(|b| &b.name.value)),
            quotas: names(&decision.quotas, |quota| world.quotas.get(quota).map(|q| &q.name.value)),
            audit: decision.audit.as_ref().map(|audit| Audit {
                retain_days: audit.retain_days,
                lineage: audit.lineage,
                mask: audit.mask.clone(),
                owners: audit.owners.clone(),
            }),
            tags: show::tags(world, question.use_case),
            retry: failover.map_or(0, |failover| failover.retry),
            log_as: failover.and_then(|failover| failover.log_as.clone()),
            notify: failover.map(|failover| failover.notify.clone()).unwrap_or_default(),
        },
        excluded: Some(excluded(question)),
        sentence: explain::sentence(question),
        why_not: None,
    }
}

fn names<'a>(ids: &[usize], name: impl Fn(usize) -> Option<&'a String>) -> Vec<String> {
    ids.iter().filter_map(|id| name(*id).cloned()).collect()
}

fn targets(question: &Question) -> Vec<Target> {
    let world = question.world;
    let targets = question.decision.chain_targets();
    let targets = targets.iter().filter_map(|target| {
        let model = world.models.get(target.model)?;
        let actions =
            [("notify", target.notify.is_some()), ("throttle", target.throttle), ("confirm", target.confirm)];
        Some(Target {
            model: model.id.clone(),
            cost_multiplier: show::multiplier(&target.multiplier),
            actions: actions.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect(),
            regions: show::regions(world, question.use_case, model),
            up: outage::is_up(world, question.down, target.model),
        })
    });
    targets.collect()
}

fn excluded(question: &Question) -> Vec<Excluded> {
    let world = question.world;
    let excluded = reference::exclusions(world, question.use_case, question.context);
    let excluded = excluded.iter().filter_map(|one| {
        let gates = one.gates.iter().map(|gate| format!("gate:{}", gate.name()));
        let rules = one.rules.iter().filter_map(|rule| world.rules.get(*rule));
        let rules = rules.map(|rule| format!("rule:{}", rule.name.value));
        Some(Excluded { model: world.models.get(one.model)?.id.clone(), by: gates.chain(rules).collect() })
    });
    excluded.collect()
}
