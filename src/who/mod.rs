//! Reverse questions: who rests on a certification, an agreement, a provider, a region, a model, and what the registry
//! holds of each model.

pub mod posture;

use std::collections::BTreeSet;

use crate::decide::compare::{self, Side};
use crate::decide::survey::{Decided, Survey};
use crate::decide::{Decision, outage, show};
use crate::model::names::Set;
use crate::model::{Down, Model, ModelId, UseCaseId, World};
use crate::vocabulary::{Criticality, DpaStatus};

/// What is asked about, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// A certification, of everybody or of one provider or model.
    Certification(String, Option<String>),
    /// The data processing agreement of a provider or model.
    Agreement(String),
    /// All models of one provider.
    Provider(String),
    /// What falls together.
    FailureDomain(String),
    /// A model's id.
    Model(String),
    /// A region, with everything within it.
    Region(String),
    /// Where providers are established.
    Jurisdiction(String),
}

impl Question {
    /// Its kind, as the command line names it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Certification(..) => "certification",
            Self::Agreement(_) => "agreement",
            Self::Provider(_) => "provider",
            Self::FailureDomain(_) => "failure-domain",
            Self::Model(_) => "model",
            Self::Region(_) => "region",
            Self::Jurisdiction(_) => "jurisdiction",
        }
    }

    /// The name of what something rests on.
    pub fn name(&self) -> &str {
        match self {
            Self::Certification(name, _)
            | Self::Agreement(name)
            | Self::Provider(name)
            | Self::FailureDomain(name)
            | Self::Model(name)
            | Self::Region(name)
            | Self::Jurisdiction(name) => name,
        }
    }

    /// Of whom a certification is asked.
    pub fn of(&self) -> Option<&str> {
        match self {
            Self::Certification(_, of) => of.as_deref(),
            _ => None,
        }
    }

    /// Whether it is a fact that can be lost while the models stay.
    fn is_fact(&self) -> bool {
        matches!(self, Self::Certification(..) | Self::Agreement(_))
    }
}

/// Which part it plays for a use case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// It serves the ordinary request.
    Primary,
    /// The ordinary request fails over to it.
    Failover,
    /// It serves in other contexts only.
    Elsewhere,
}

impl Part {
    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Failover => "failover",
            Self::Elsewhere => "elsewhere",
        }
    }
}

/// Where the ordinary request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goes {
    /// To a model.
    To(String),
    /// Nowhere: queue, degrade or block.
    Terminal(&'static str),
}

/// A use case that rests on it.
#[derive(Debug, Clone)]
pub struct Rest {
    /// As the estate writes it.
    pub use_case: String,
    /// Who answers for it.
    pub owner: String,
    /// Of the use case.
    pub criticality: Criticality,
    /// Which part it plays.
    pub part: Part,
    /// Where the ordinary request goes.
    pub now: Goes,
    /// Where it would go without it.
    pub without: Goes,
}

/// Who rests on something, and what happens to them without it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The models that have it, by id.
    pub models: Vec<String>,
    /// Those that would and are retired: nobody rests on them.
    pub retired: Vec<String>,
    /// Who rests on it: the more critical first, then by part and name.
    pub rests: Vec<Rest>,
}

/// Answers a question; none where nothing has that name.
pub fn ask(survey: &Survey<'_>, question: &Question) -> Option<Answer> {
    let world = survey.world;
    let all = world.models.ids().filter(|id| has(world, *id, question));
    let (gone, ids): (Vec<ModelId>, Vec<ModelId>) = all.partition(|id| world.models[*id].retired);
    if ids.is_empty() && gone.is_empty() && !is_listed(world, question) {
        return None;
    }
    let named = |ids: &[ModelId]| ids.iter().map(|id| world.models[*id].id.clone()).collect();
    let (models, retired) = (named(&ids), named(&gone));
    let lost = question.is_fact().then(|| without(world, question, &ids));
    let lost = lost.as_ref().map(Survey::new);
    let mut rests: Vec<Rest> = survey
        .decided()
        .filter_map(|decided| rest(survey, &decided, question, &ids, lost.as_ref()))
        .collect();
    let order = |rest: &Rest| (std::cmp::Reverse(rest.criticality), rest.part, rest.use_case.clone());
    rests.sort_by_key(order);
    Some(Answer { models, retired, rests })
}

/// Whether it is a region of the workspace's list: that no model works there is an answer.
fn is_listed(world: &World, question: &Question) -> bool {
    let Question::Region(name) = question else { return false };
    world.names.find(name).is_some_and(|region| world.regions.is_listed(region))
}

/// The names that a kind of question can be asked about.
pub fn names(world: &World, question: &Question) -> Vec<String> {
    let mut names = BTreeSet::new();
    let symbol = |symbol| world.names.name(symbol).to_owned();
    if let Question::Region(_) = question {
        names.extend(world.regions.listed().map(symbol));
    }
    for model in &world.models {
        match question {
            Question::Certification(..) => {
                names.extend(model.compliance.iter().flat_map(|set| world.names.sorted(set)));
            }
            Question::Agreement(_) => names.extend([symbol(model.provider_symbol), model.id.clone()]),
            Question::Provider(_) => drop(names.insert(symbol(model.provider_symbol))),
            Question::FailureDomain(_) => drop(names.insert(symbol(model.failure_domain))),
            Question::Model(_) => drop(names.insert(model.id.clone())),
            Question::Region(_) => {
                names.extend(model.regions.iter().flat_map(|set| world.names.sorted(set)));
            }
            Question::Jurisdiction(_) => names.extend(model.jurisdiction.map(symbol)),
        }
    }
    names.into_iter().collect()
}

/// Whether a model has what is asked about.
fn has(world: &World, id: ModelId, question: &Question) -> bool {
    let model = &world.models[id];
    let named = |symbol, name: &str| world.names.name(symbol) == name;
    let is_of = |name: &str| model.id == name || named(model.provider_symbol, name);
    match question {
        Question::Certification(name, of) => {
            let holds = |set: &Set| set.iter().any(|symbol| named(symbol, name));
            model.compliance.as_ref().is_some_and(holds) && of.as_deref().is_none_or(is_of)
        }
        Question::Agreement(name) => is_of(name) && model.dpa == Some(DpaStatus::Confirmed),
        Question::Provider(name) => named(model.provider_symbol, name),
        Question::FailureDomain(name) => named(model.failure_domain, name),
        Question::Model(name) => model.id == *name,
        Question::Region(name) => {
            model.regions.as_ref().is_some_and(|set| set.iter().any(|region| within(world, region, name)))
        }
        Question::Jurisdiction(name) => model.jurisdiction.is_some_and(|symbol| named(symbol, name)),
    }
}

/// Whether a region lies within a named one.
fn within(world: &World, region: crate::model::names::Symbol, name: &str) -> bool {
    world.names.name(region) == name
        || world.names.find(name).is_some_and(|outer| world.regions.lies_within(region, outer))
}

/// The world in which a fact of some models is lost.
fn without(world: &World, question: &Question, ids: &[ModelId]) -> World {
    let mut lost = world.clone();
    for id in ids {
        let model = &mut lost.models[*id];
        match question {
            Question::Certification(name, _) => {
                let kept = model.compliance.iter().flat_map(Set::iter);
                let kept = kept.filter(|symbol| world.names.name(*symbol) != name);
                model.compliance = Some(kept.collect());
            }
            // What has ended is pending.
            _ => model.dpa = Some(DpaStatus::Pending),
        }
    }
    lost
}

fn rest(
    survey: &Survey<'_>,
    decided: &Decided<'_>,
    question: &Question,
    ids: &[ModelId],
    lost: Option<&Survey<'_>>,
) -> Option<Rest> {
    let world = survey.world;
    let part = match lost {
        Some(lost) => of_fact(survey, decided, lost, ids)?,
        None => of_models(world, decided, question, ids)?,
    };
    let without = if let Some(lost) = lost {
        let after = lost.decided_at(decided.id);
        after.map_or(Goes::Terminal("undefined"), |after| goes(lost.world, after.baseline, &[]))
    } else {
        let lost = ids.iter().filter(|id| is_lost(world, decided.baseline, **id, question));
        let down: Vec<Down> = lost.map(|id| Down::Model(*id)).collect();
        goes(world, decided.baseline, &down)
    };
    Some(Rest {
        use_case: decided.name(),
        owner: decided.use_case.owner.clone(),
        criticality: decided.use_case.criticality,
        part,
        now: goes(world, decided.baseline, &[]),
        without,
    })
}

/// The part of models that are reached; none where none of them is.
fn of_models(world: &World, decided: &Decided<'_>, question: &Question, ids: &[ModelId]) -> Option<Part> {
    let one = |decision: &Decision, id: ModelId| ids.contains(&id) && serves(world, decision, id, question);
    let baseline = decided.baseline;
    if baseline.primary.is_some_and(|id| one(baseline, id)) {
        return Some(Part::Primary);
    }
    if baseline.reaches().into_iter().any(|id| one(baseline, id)) {
        return Some(Part::Failover);
    }
    let elsewhere =
        decided.distinct().any(|decision| decision.reaches().into_iter().any(|id| one(decision, id)));
    elsewhere.then_some(Part::Elsewhere)
}

/// The part of a fact whose loss changes some decision; none where it changes none.
fn of_fact(survey: &Survey<'_>, decided: &Decided<'_>, lost: &Survey<'_>, ids: &[ModelId]) -> Option<Part> {
    let before = side(survey, decided.id)?;
    let differs = side(lost, decided.id).is_none_or(|after| compare::differ(before, after));
    if !differs {
        return None;
    }
    let baseline = decided.baseline;
    let after = lost.decided_at(decided.id);
    let primary = |decision: &Decision| decision.primary;
    if after.as_ref().is_none_or(|after| primary(after.baseline) != primary(baseline)) {
        return Some(Part::Primary);
    }
    let holds = |id: &ModelId| ids.contains(id);
    let fewer = after.is_some_and(|after| after.baseline.reaches() != baseline.reaches());
    let part = if fewer && baseline.reaches().iter().any(holds) { Part::Failover } else { Part::Elsewhere };
    Some(part)
}

fn side<'s>(survey: &'s Survey<'_>, id: UseCaseId) -> Option<Side<'s>> {
    let decided = survey.decided_at(id)?;
    Some(Side { world: survey.world, use_case: decided.use_case, decisions: decided.all })
}

/// Whether a model serves a decision in the way that is asked about: in a region only where it may be processed there.
fn serves(world: &World, decision: &Decision, id: ModelId, question: &Question) -> bool {
    let Question::Region(name) = question else { return true };
    let model = &world.models[id];
    let pinned = show::regions(world, decision, model).or_else(|| of_model(world, model));
    let is_in = |region: &String| world.names.find(region).is_some_and(|region| within(world, region, name));
    pinned.is_some_and(|regions| regions.iter().any(is_in))
}

/// Whether a model is lost with it: where a region is, only if there is no other, or none can be chosen.
fn is_lost(world: &World, decision: &Decision, id: ModelId, question: &Question) -> bool {
    let Question::Region(name) = question else { return true };
    let model = &world.models[id];
    let allowed =
        show::regions(world, decision, model).or_else(|| of_model(world, model)).unwrap_or_default();
    let is_in = |region: &String| world.names.find(region).is_some_and(|region| within(world, region, name));
    let others = allowed.iter().any(|region| !is_in(region));
    allowed.iter().any(is_in) && !(others && model.region_selectable == Some(true))
}

fn of_model(world: &World, model: &Model) -> Option<Vec<String>> {
    Some(world.names.sorted(model.regions.as_ref()?))
}

fn goes(world: &World, decision: &Decision, down: &[Down]) -> Goes {
    match outage::outcome(world, decision, None, down) {
        outage::Outcome::Route(id) => Goes::To(world.models[id].id.clone()),
        outage::Outcome::Terminal => Goes::Terminal(outage::terminal(world, decision, None).kind().name()),
        outage::Outcome::Unroutable => Goes::Terminal("block"),
    }
}
