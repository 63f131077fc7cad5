//! What would change if the one thing that removes a model were otherwise: the world with that change is decided again.

use super::explanation::Explanation;
use super::words::{kept, thousands};
use crate::decide::Gate;
use crate::decide::reference::{Deciding, Reader, Removed};
use crate::model::words::set;
use crate::model::{ClassificationId, names::Set};
use crate::model::{Model, ModelId, UseCase, World};
use crate::source::Spanned;

/// ``If it held `hipaa`, it would be the primary``, where one change suffices.
pub(super) fn change(explanation: &Explanation, removed: &Removed) -> Option<String> {
    let mut world = explanation.world().clone();
    let condition = match (removed.gates.as_slice(), removed.promises.as_slice()) {
        ([gate], []) => {
            let condition = given(explanation, removed.model, *gate)?;
            let question = &explanation.question;
            let (use_case, level) = (question.use_case, question.context.classification);
            alter(&mut world.models[removed.model], use_case, level, *gate);
            condition
        }
        ([], [(rule, position)]) => {
            let rule = &mut world.rules[*rule];
            if *position >= rule.promises.len() {
                return None;
            }
            let forbids: Vec<bool> = rule.promises.iter().map(|promise| promise.forbid).collect();
            let forbid = rule.promises.remove(*position).forbid;
            let alike = |at: &[bool]| at.iter().filter(|other| **other == forbid).count();
            let before = alike(forbids.get(..*position).unwrap_or_default());
            let word = if forbid { "forbid" } else { "require" };
            let which = which(before, alike(&forbids));
            format!("Without {which} `{word}` of rule `{}`", rule.name.value)
        }
        _ => return None,
    };
    Some(format!("{condition}, it would {}", becomes(explanation, &world, removed.model)?))
}

/// What would make a model the primary that may serve and stands behind it, where one wish less suffices.
pub(super) fn first(explanation: &Explanation, model: ModelId) -> Option<String> {
    let question = &explanation.question;
    let by = explanation.reading.deciding(question.decision.primary?, model);
    let Deciding::Preference(rule, position) = by else { return None };
    let mut world = explanation.world().clone();
    let rule = &mut world.rules[rule];
    if position >= rule.prefers.len() {
        return None;
    }
    let which = which(position, rule.prefers.len());
    rule.prefers.remove(position);
    let name = rule.name.value.clone();
    let decision = Reader::new(&world, question.use_case).decide(question.context).ok()?;
    let is_first = decision.primary == Some(model);
    is_first.then(|| format!("Without {which} `prefer` of rule `{name}`, it would be the primary"))
}

/// A clause of several alike: `the second`; `this` where it is the only one.
fn which(before: usize, all: usize) -> String {
    let names = ["first", "second", "third", "fourth", "fifth"];
    match names.get(before) {
        _ if all < 2 => "this".to_owned(),
        Some(name) => format!("the {name}"),
        None => format!("clause {}, a", before + 1),
    }
}

/// What the model would be; nothing where it still could not serve.
fn becomes(explanation: &Explanation, world: &World, model: ModelId) -> Option<String> {
    let question = &explanation.question;
    let reader = Reader::new(world, question.use_case);
    let decision = reader.decide(question.context).ok()?;
    if decision.primary == Some(model) {
        return Some("be the primary".to_owned());
    }
    let target = decision.outage_path().and_then(|path| path.models().position(|target| target == model));
    if let Some(position) = target {
        return Some(format!("be target {} on an outage", position + 1));
    }
    let ranking = reader.reading(question.context).ranking();
    let position = ranking.iter().position(|ranked| *ranked == model)?;
    Some(format!("be allowed to serve, {} of {} in the ranking", position + 1, ranking.len()))
}

/// The change in words; none where no single fact of the registry makes a model pass.
fn given(explanation: &Explanation, model: ModelId, gate: Gate) -> Option<String> {
    let (world, use_case) = (explanation.world(), explanation.question.use_case);
    let model = explanation.model(model);
    Some(match gate {
        Gate::ApprovedUseCase => "If it were approved".to_owned(),
        Gate::ClassificationCeiling => {
            format!("If it might see `{}` data", explanation.question.classification())
        }
        Gate::ComplianceCoverage => {
            let held = model.compliance.clone().unwrap_or_default();
            format!("If it held {}", set(world, &use_case.compliance.without(&held)))
        }
        Gate::Residency => {
            let residency = explanation.reading.residency()?;
            let stated = model.regions.as_ref()?;
            let inside = world.regions.inside(stated, residency);
            if inside.is_empty() {
                return None;
            }
            format!("If it could be pinned to {}", set(world, &inside))
        }
        Gate::Retention => {
            let max = use_case.retention_max.as_ref()?;
            format!("If it kept data for at most {}", kept(max))
        }
        Gate::Lifecycle => return None,
        Gate::Capability => {
            let lacking = use_case.capabilities.without(&model.capabilities.clone().unwrap_or_default());
            let window = use_case
                .min_context
                .as_ref()
                .filter(|needed| model.context_window.as_ref().is_none_or(|window| window < *needed));
            match (lacking.is_empty(), window) {
                (false, None) => format!("If it offered {}", set(world, &lacking)),
                (true, Some(needed)) => format!("If its context window were {}", thousands(needed)),
                _ => return None,
            }
        }
    })
}

/// Makes a model pass a gate.
fn alter(model: &mut Model, use_case: &UseCase, level: ClassificationId, gate: Gate) {
    let with = |held: &Option<Set>, more: &Set| -> Set {
        held.iter().flat_map(Set::iter).chain(more.iter()).collect()
    };
    match gate {
        Gate::ApprovedUseCase => {
            let name = &use_case.name;
            model.approved.push(Spanned { value: name.value.clone(), span: name.span });
        }
        Gate::ClassificationCeiling => model.ceiling = level,
        Gate::ComplianceCoverage => model.compliance = Some(with(&model.compliance, &use_case.compliance)),
        Gate::Residency => model.region_selectable = Some(true),
        Gate::Retention => model.retention.clone_from(&use_case.retention_max),
        Gate::Lifecycle => {}
        Gate::Capability => {
            model.capabilities = Some(with(&model.capabilities, &use_case.capabilities));
            if let Some(needed) = &use_case.min_context
                && model.context_window.as_ref().is_none_or(|window| window < needed)
            {
                model.context_window = Some(needed.clone());
            }
        }
    }
}
