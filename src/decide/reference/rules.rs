//! The rules: which apply, where they let a request be processed, and which models they exclude: "How a decision is
//! made" in docs/language.md, step 2.

use super::evaluation::evaluate;
use super::gates::passes_in;
use super::reading::Removed;
use super::{Scope, holding};
use crate::decide::Gate;
use crate::model::names::Set;
use crate::model::{Context, Model, ModelId, Rule, RuleId, UseCase, World};
use crate::source::Span;

pub(super) fn applying_rules(scope: Scope) -> Vec<RuleId> {
    holding(scope, &scope.world.rules, |known| &known.rules, |rule| rule.when.as_ref())
}

/// The regions where a request may be processed: those that the use case states, narrowed by every `process in`; none
/// is every region.
pub(super) fn effective_residency(scope: Scope, rules: &[RuleId]) -> Option<Set> {
    residency_without(scope, rules, &[])
}

/// The same without some of the clauses.
fn residency_without(scope: Scope, rules: &[RuleId], without: &[Span]) -> Option<Set> {
    let (world, facts) = (scope.world, &scope.context.facts);
    let rules = rules.iter().map(|id| &world.rules[*id]);
    let clauses = rules.flat_map(|rule| &rule.process_in).filter(|clause| !without.contains(&clause.span));
    let clauses = clauses.map(|clause| clause.regions(world, facts));
    clauses.fold(scope.use_case.stated_residency().cloned(), |so_far, named| match so_far {
        None => Some(named),
        Some(so_far) => Some(world.regions.shared(&so_far, &named)),
    })
}

/// Where a request would be processed by a model: where it is pinned to, else wherever the model processes.
pub fn processed_in<'a>(
    world: &World,
    residency: Option<&Set>,
    model: &'a Model,
) -> Option<std::borrow::Cow<'a, Set>> {
    let stated = model.regions.as_ref()?;
    Some(match residency {
        Some(residency) if model.region_selectable == Some(true) => {
            std::borrow::Cow::Owned(world.regions.inside(stated, residency))
        }
        Some(_) | None => std::borrow::Cow::Borrowed(stated),
    })
}

/// Everything that removes a model from those that may serve; nothing does where it is eligible.
pub(super) fn removed_by(scope: Scope, rules: &[RuleId], model: ModelId) -> Removed {
    let candidate = &scope.world.models[model];
    let gates = Gate::ALL.into_iter().filter(|gate| !passes_in(scope, candidate, *gate)).collect();
    // A rule whose promises are all kept breaks none: mostly every one, and in many contexts.
    let is_kept = |rule: &RuleId| scope.known.is_some_and(|known| known.keeps(scope, *rule, model));
    let rules: Vec<RuleId> = rules.iter().copied().filter(|rule| !is_kept(rule)).collect();
    Removed { model, gates, promises: broken(Scope { model: Some(candidate), ..scope }, &rules) }
}

/// Whether a promise of a rule is not kept by the scope's model.
pub(super) fn excludes(scope: Scope, rule: &Rule) -> bool {
    rule.promises.iter().any(|promise| evaluate(scope, &promise.expr.root) != Some(!promise.forbid))
}

pub(super) fn eligible(scope: Scope, rules: &[RuleId]) -> Vec<ModelId> {
    if let Some(known) = scope.known {
        return known.eligible(scope, rules).to_vec();
    }
    let applying: Vec<&Rule> = rules.iter().map(|id| &scope.world.rules[*id]).collect();
    let passes = |gate: Gate, model| passes_in(scope, model, gate);
    let is_kept = |model| {
        let on_model = Scope { model: Some(model), ..scope };
        !applying.iter().any(|rule| excludes(on_model, rule))
    };
    let models = &scope.world.models;
    let passing =
        models.enumerated().filter(|(_, model)| Gate::ALL.into_iter().all(|gate| passes(gate, model)));
    passing.filter(|(_, model)| is_kept(model)).map(|(id, _)| id).collect()
}

/// The rules that apply, by name.
pub fn applying(world: &World, use_case: &UseCase, context: &Context) -> Vec<RuleId> {
    applying_rules(Scope::of(world, use_case, context))
}

/// The models that no gate keeps out without some `process in` clauses, each with the promises of rules that apply which
/// would; `rules` are all that apply.
pub fn kept_out_by_promises<'a>(
    world: &'a World,
    use_case: &UseCase,
    context: &Context,
    rules: &[RuleId],
    without: &[Span],
) -> Vec<(&'a Model, Vec<(RuleId, usize)>)> {
    let scope = Scope::of(world, use_case, context);
    let residency = residency_without(scope, rules, without);
    let scope = Scope { residency: residency.as_ref(), ..scope };
    let passing =
        world.models.iter().filter(|model| Gate::ALL.into_iter().all(|gate| passes_in(scope, model, gate)));
    passing.map(|model| (model, broken(Scope { model: Some(model), ..scope }, rules))).collect()
}

/// The promises of rules that the scope's model does not keep.
pub(super) fn broken(scope: Scope, rules: &[RuleId]) -> Vec<(RuleId, usize)> {
    let broken = rules.iter().copied().flat_map(|id| {
        let broken = scope.world.rules[id]
            .promises
            .iter()
            .enumerate()
            .filter(move |(_, promise)| evaluate(scope, &promise.expr.root) != Some(!promise.forbid));
        broken.map(move |(position, _)| (id, position))
    });
    broken.collect()
}
