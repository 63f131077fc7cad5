//! `unroutable`: no model may serve a use case.

use super::{Check, Family, Run, smallest};
use crate::decide::outside::{outside, said};
use crate::decide::survey::{Decided, Survey};
use crate::decide::{Excluded, Gate, reference};
use crate::diag::{Code, Finding, Severity};
use crate::model::words::{count, list};
use crate::model::{Context, UseCase, World};

pub(super) const CHECK: Check = Check {
    code: Code("unroutable"),
    severity: Severity::Error,
    family: Family::Routing,
    summary: "no model may serve a use case",
    why: "Requests for this use case are blocked. It happens when a certification is asked for that no approved model holds, or when two promises contradict each other; better found in the pull request than by the first caller.",
    example: example!("unroutable"),
    hides: &[Code("unroutable-context")],
    run: Run::Survey(run),
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
    let finding = CHECK.finding(decided.use_case.name.span, message).use_cases([name]);
    explain(world, decided.use_case, &context, finding)
}

/// Says of each model what removes it, nearest first, and which promises would have to go.
pub(super) fn explain(world: &World, use_case: &UseCase, context: &Context, mut finding: Finding) -> Finding {
    if world.models.is_empty() {
        return finding.help("the registry has no model: add a provider with one");
    }
    let residency = reference::residency(world, use_case, context);
    let mut excluded = reference::exclusions(world, use_case, context);
    excluded.sort_by_key(|e| (e.gates.len() + e.rules.len(), e.model));
    let mut remedy = None;
    for one in excluded.iter().take(SHOWN) {
        let Some(model) = world.models.get(one.model) else { continue };
        let mut note = format!("`{}` is out by {}", model.id, removers(world, one));
        if let Some(residency) = residency.as_ref().filter(|_| one.gates.contains(&Gate::Residency)) {
            let why = outside(world, residency, model);
            note += &format!(": it {}", why.words(world, residency));
            if one.gates.len() == 1 && one.rules.is_empty() {
                remedy = remedy.or(why.remedy().map(|remedy| format!("for `{}`: {remedy}", model.id)));
            }
        }
        finding = finding.note(note);
    }
    let more = excluded.len().saturating_sub(SHOWN);
    if more > 0 {
        finding = finding.note(format!("{} more are out too", count(more, "model", "models")));
    }
    if excluded.iter().any(|one| one.gates.contains(&Gate::Residency)) {
        finding = where_it_may_be(world, use_case, context, finding);
    }
    let help = match smallest::find(world, use_case, context) {
        None => {
            "no rule can help, the gates alone remove every model: approve or certify one in the registry, or ask less in the estate".to_owned()
        }
        Some((model, promises)) => {
            for (_, span) in &promises {
                finding = finding.related(*span, format!("without this promise `{}` would be left", model.id));
            }
            let mut names: Vec<&str> = promises.iter().map(|(name, _)| *name).collect();
            names.sort_unstable();
            names.dedup();
            let what = match promises.len() {
                1 => "this promise".to_owned(),
                n => format!("these {n} promises"),
            };
            format!(
                "give `{}` what {what} of {} asks for, or narrow the `when`: nothing else keeps it out",
                model.id,
                list(&names)
            )
        }
    };
    finding.help(remedy.map(|remedy| format!("{remedy}; otherwise ")).unwrap_or_default() + &help)
}

/// Says who narrows where the request may be processed.
fn where_it_may_be(world: &World, use_case: &UseCase, context: &Context, finding: Finding) -> Finding {
    let rules = reference::applying(world, use_case, context);
    let says = said(world, use_case, context, &rules);
    match says.as_slice() {
        [] | [_] if rules.iter().all(|id| world.rules.get(*id).is_none_or(|r| r.process_in.is_empty())) => {
            finding
        }
        says => finding.note(format!("where it may be processed: {}", says.join(", "))),
    }
}

/// What removes a model, gates first.
pub(super) fn removers(world: &World, excluded: &Excluded) -> String {
    let gates = excluded.gates.iter().map(|gate| format!("gate `{}`", gate.name()));
    let rules = excluded.rules.iter().filter_map(|id| world.rules.get(*id));
    let all: Vec<String> = gates.chain(rules.map(|rule| format!("rule `{}`", rule.name.value))).collect();
    all.join(", ")
}
