//! `unroutable`: no model may serve a use case.

use super::{Check, Family, Run, smallest};
use crate::decide::outside::{outside, said};
use crate::decide::survey::{Decided, Survey};
use crate::decide::{Excluded, Gate, reference};
use crate::diag::{Code, Finding, Severity, nearest};
use crate::model::names::Set;
use crate::model::words::{count, list};
use crate::model::{Context, Model, UseCase, World};

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
        let model = &world.models[one.model];
        let mut note = format!("`{}` is out by {}", model.id, removers(world, one));
        if let Some(residency) = residency.as_ref().filter(|_| one.gates.contains(&Gate::Residency)) {
            let why = outside(world, residency, model);
            note += &format!(": it {}", why.words(world, residency));
            if one.gates.len() == 1 && one.rules.is_empty() {
                remedy = remedy.or(why.remedy().map(|remedy| format!("for `{}`: {remedy}", model.id)));
            }
        }
        for lacking in lacking(world, use_case, model, one) {
            note += &format!(": it {lacking}");
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
            let of_it = match promises.len() {
                1 => format!("without this promise `{}` would be left", model.id),
                n => format!("without these {n} promises `{}` would be left", model.id),
            };
            for (_, span) in &promises {
                finding = finding.related(*span, of_it.clone());
            }
            let mut names: Vec<&str> = promises.iter().map(|(name, _)| *name).collect();
            names.sort_unstable();
            names.dedup();
            let (what, asks) = match promises.len() {
                1 => ("this promise".to_owned(), "asks"),
                n => (format!("these {n} promises"), "ask"),
            };
            format!(
                "give `{}` what {what} of {} {asks} for, or narrow the `when`: nothing else keeps it out",
                model.id,
                list(&names)
            )
        }
    };
    if let Some(misspelt) = held_by_none(world, use_case) {
        return finding.help(misspelt);
    }
    finding.help(remedy.map(|remedy| format!("{remedy}; otherwise ")).unwrap_or_default() + &help)
}

/// What a model lacks of the certifications and capabilities that a use case asks for.
fn lacking(world: &World, use_case: &UseCase, model: &Model, excluded: &Excluded) -> Vec<String> {
    let of = |gate: Gate, verb: &str, asked: &Set, held: Option<&Set>| {
        let missing = asked.without(held.unwrap_or(&Set::default()));
        let missing = world.names.sorted(&missing);
        let says = excluded.gates.contains(&gate) && !missing.is_empty();
        says.then(|| format!("does not {verb} {}", list(&missing)))
    };
    let held = of(Gate::ComplianceCoverage, "hold", &use_case.compliance, model.compliance.as_ref());
    let offered = of(Gate::Capability, "offer", &use_case.capabilities, model.capabilities.as_ref());
    held.into_iter().chain(offered).collect()
}

/// A certification or capability that no model of the registry has, which may be misspelt.
fn held_by_none(world: &World, use_case: &UseCase) -> Option<String> {
    let all = |of: fn(&Model) -> Option<&Set>| -> Set {
        world.models.iter().filter_map(of).flat_map(Set::iter).collect()
    };
    let held = all(|model| model.compliance.as_ref());
    let offered = all(|model| model.capabilities.as_ref());
    let asked = [("holds", &use_case.compliance, held), ("offers", &use_case.capabilities, offered)];
    let (verb, name, known) = asked.into_iter().find_map(|(verb, asked, known)| {
        let first = world.names.sorted(&asked.without(&known)).into_iter().next()?;
        Some((verb, first, world.names.sorted(&known)))
    })?;
    let near = nearest::nearest(&name, known.iter().map(String::as_str));
    Some(if near.is_empty() {
        format!(
            "no model {verb} `{name}`: state it in the registry where one does, or ask for less in the estate"
        )
    } else {
        format!("no model {verb} `{name}`; did you mean {}?", nearest::either(&near))
    })
}

/// Says who narrows where the request may be processed.
fn where_it_may_be(world: &World, use_case: &UseCase, context: &Context, finding: Finding) -> Finding {
    let rules = reference::applying(world, use_case, context);
    let says = said(world, use_case, context, &rules);
    match says.as_slice() {
        [] | [_] if rules.iter().all(|id| world.rules[*id].process_in.is_empty()) => finding,
        says => finding.note(format!("where it may be processed: {}", says.join(", "))),
    }
}

/// What removes a model, gates first.
pub(super) fn removers(world: &World, excluded: &Excluded) -> String {
    let gates = excluded.gates.iter().map(|gate| format!("gate `{}`", gate.name()));
    let rules = excluded.rules.iter().map(|id| &world.rules[*id]);
    let all: Vec<String> = gates.chain(rules.map(|rule| format!("rule `{}`", rule.name.value))).collect();
    all.join(", ")
}
