//! `unroutable`: no model may serve a use case.

use super::survey::{Decided, Survey};
use super::{Family, Rule};
use crate::decide::{Excluded, reference};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::{count, list};
use crate::model::{Context, Model, RuleId, UseCase, World};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: Code("unroutable"),
    severity: Severity::Error,
    family: Family::Routing,
    summary: "no model may serve a use case",
    run: Some(run),
};

/// How many models are named one by one.
const SHOWN: usize = 6;

fn run(survey: &Survey) -> Vec<Finding> {
    let empty = |decided: &Decided| decided.baseline.primary.is_none();
    survey.decided().filter(empty).map(|decided| finding(survey.world, &decided)).collect()
}

fn finding(world: &World, decided: &Decided) -> Finding {
    let (name, context) = (decided.name(), world.baseline(decided.use_case));
    let message = format!("no model may serve `{name}`");
    let finding = RULE.finding(decided.use_case.name.span, message).use_cases([name]);
    explain(world, decided.use_case, &context, finding)
}

/// Says of each model what removes it, nearest first, and which promises would have to go.
pub(super) fn explain(world: &World, use_case: &UseCase, context: &Context, mut finding: Finding) -> Finding {
    if world.models.is_empty() {
        return finding.help("the registry has no model: add a provider with one");
    }
    let mut excluded = reference::exclusions(world, use_case, context);
    excluded.sort_by_key(|e| (e.gates.len() + e.rules.len(), e.model));
    for one in excluded.iter().take(SHOWN) {
        if let Some(model) = world.models.get(one.model) {
            finding = finding.note(format!("`{}` is out by {}", model.id, removers(world, one)));
        }
    }
    let more = excluded.len().saturating_sub(SHOWN);
    if more > 0 {
        finding = finding.note(format!("{} more are out too", count(more, "model", "models")));
    }
    match smallest(world, use_case, context, &excluded) {
        None => finding.help(
            "no rule can help, the gates alone remove every model: approve or certify one in the registry, or ask less in the estate",
        ),
        Some((model, promises)) => {
            for (_, span) in &promises {
                finding = finding.related(*span, format!("without this promise `{}` would be left", model.id));
            }
            let mut names: Vec<&str> = promises.iter().map(|(name, _)| *name).collect();
            names.dedup();
            let what = match promises.len() {
                1 => "this promise".to_owned(),
                n => format!("these {n} promises"),
            };
            finding.help(format!(
                "give `{}` what {what} of {} asks for, or narrow the `when`: nothing else keeps it out",
                model.id,
                list(&names)
            ))
        }
    }
}

/// What removes a model, gates first.
pub(super) fn removers(world: &World, excluded: &Excluded) -> String {
    let gates = excluded.gates.iter().map(|gate| format!("gate `{}`", gate.name()));
    let rules = excluded.rules.iter().filter_map(|id| world.rules.get(*id));
    let all: Vec<String> = gates.chain(rules.map(|rule| format!("rule `{}`", rule.name.value))).collect();
    all.join(", ")
}

/// The smallest set of promises whose removal leaves a model: that of the model which passes all gates with the fewest
/// broken promises, since freeing a model takes exactly those.
fn smallest<'a>(
    world: &'a World,
    use_case: &UseCase,
    context: &Context,
    excluded: &[Excluded],
) -> Option<(&'a Model, Vec<(&'a str, Span)>)> {
    let candidates = excluded.iter().filter(|e| e.gates.is_empty()).filter_map(|e| world.models.get(e.model));
    let sets = candidates.map(|model| (model, reference::broken_promises(world, use_case, context, model)));
    let (model, promises) = sets.min_by_key(|(model, promises)| (promises.len(), model.id.clone()))?;
    let place = |(rule, position): &(RuleId, usize)| {
        let rule = world.rules.get(*rule)?;
        Some((rule.name.value.as_str(), rule.promises.get(*position)?.span))
    };
    Some((model, promises.iter().filter_map(place).collect()))
}
