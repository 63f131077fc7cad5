//! The answer of `resolve` as a program reads it (docs/cli.md), from a workspace or from a table.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::decide::outage::{self, Outcome};
use crate::decide::{self, show};
use crate::explain::{self, Explanation, Question};
use crate::model::{Id, ModelId, Table};
use crate::number;

/// What `resolve` prints of one context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Answer {
    pub(super) use_case: String,
    #[serde(serialize_with = "in_order")]
    pub(super) context: Vec<(String, String)>,
    pub(super) outcome: &'static str,
    pub(super) primary: Option<Primary>,
    pub(super) paths: Vec<Path>,
    pub(super) route: Option<String>,
    pub(super) then: String,
    pub(super) rules: Vec<String>,
    pub(super) obligations: Obligations,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) excluded: Option<Vec<Excluded>>,
    pub(super) sentence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) why_not: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Primary {
    pub(super) model: String,
    pub(super) regions: Option<Vec<String>>,
    pub(super) up: bool,
}

/// What is tried when the primary fails in certain ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Path {
    pub(super) on: Vec<&'static str>,
    pub(super) failover: String,
    pub(super) targets: Vec<Target>,
    pub(super) then: String,
    pub(super) retry: u64,
    pub(super) cooldown_seconds: Option<u64>,
    pub(super) log_as: Option<String>,
    pub(super) notify: Vec<String>,
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

/// The answer to a question asked of a workspace, but for the models that are not eligible.
pub(super) fn from_world(explanation: &Explanation) -> Answer {
    Answer { paths: paths(&explanation.question), ..in_words(explanation) }
}

/// The same for people, whom the sentence tells what is tried: without paths.
pub(super) fn in_words(explanation: &Explanation) -> Answer {
    let question = &explanation.question;
    let (world, decision) = (question.world, question.decision);
    let outcome = explanation.outcome;
    let id = |model: ModelId| world.models[model].id.clone();
    let route = match outcome {
        Outcome::Route(model) => Some(id(model)),
        Outcome::Terminal | Outcome::Unroutable => None,
    };
    Answer {
        use_case: question.use_case.name.value.clone(),
        context: world.show_context(question.context),
        outcome: outcome.name(),
        primary: primary(question),
        paths: Vec::new(),
        route,
        then: outage::terminal(world, decision, question.on).kind().name().to_owned(),
        rules: names(&decision.rules, &world.rules, |rule| &rule.name.value),
        obligations: Obligations {
            budgets: names(&decision.budgets, &world.budgets, |budget| &budget.name.value),
            quotas: names(&decision.quotas, &world.quotas, |quota| &quota.name.value),
            audit: decision.audit.as_ref().map(|audit| Audit {
                retain_days: audit.retain_days,
                lineage: audit.lineage,
                mask: audit.mask.clone(),
                owners: audit.owners.clone(),
            }),
            tags: show::tags(world, question.use_case),
        },
        excluded: None,
        sentence: explain::sentence(explanation),
        why_not: None,
    }
}

fn names<E>(ids: &[Id<E>], all: &Table<E>, name: impl Fn(&E) -> &String) -> Vec<String> {
    ids.iter().map(|id| name(&all[*id]).clone()).collect()
}

fn primary(question: &Question) -> Option<Primary> {
    let id = question.decision.primary?;
    let model = &question.world.models[id];
    Some(Primary {
        model: model.id.clone(),
        regions: show::regions(question.world, question.decision, model),
        up: outage::is_up(question.world, question.down, id),
    })
}

/// Every path, or that of the trigger that is asked for.
fn paths(question: &Question) -> Vec<Path> {
    let all = question.decision.paths.iter();
    let asked = all.filter(|path| question.on.is_none_or(|trigger| path.on.has(trigger)));
    let paths = asked.map(|path| {
        let failover = &question.world.failovers[path.failover];
        Path {
            on: question.on.map_or_else(|| path.on.names(), |trigger| vec![trigger.name()]),
            failover: failover.name.value.clone(),
            targets: targets(question, path),
            then: failover.then.kind().name().to_owned(),
            retry: failover.retry,
            cooldown_seconds: failover.cooldown.as_ref().map(number::ceil),
            log_as: failover.log_as.clone(),
            notify: failover.notify.clone(),
        }
    });
    paths.collect()
}

fn targets(question: &Question, path: &decide::Path) -> Vec<Target> {
    let world = question.world;
    let targets = path.targets.iter().map(|target| {
        let model = &world.models[target.model];
        let actions =
            [("notify", target.notify.is_some()), ("throttle", target.throttle), ("confirm", target.confirm)];
        Target {
            model: model.id.clone(),
            cost_multiplier: show::multiplier(&target.multiplier),
            actions: actions.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect(),
            regions: show::regions(world, question.decision, model),
            up: outage::is_up(world, question.down, target.model),
        }
    });
    targets.collect()
}

/// The models that are not eligible, each with all that removes it.
pub(super) fn excluded(explanation: &Explanation) -> Vec<Excluded> {
    let excluded = explanation.removed().iter().map(|one| {
        let gates = one.gates.iter().map(|gate| format!("gate:{}", gate.name()));
        let rules = one.rules().into_iter().map(|rule| format!("rule:{}", explanation.rule(rule)));
        Excluded { model: explanation.id(one.model).to_owned(), by: gates.chain(rules).collect() }
    });
    excluded.collect()
}
