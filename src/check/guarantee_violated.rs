//! `guarantee-violated`: some context breaks a guarantee.

use super::{Check, Family, Run};
use crate::decide::engine::{Held, Statement};
use crate::decide::survey::Survey;
use crate::decide::{Decision, reference, show};
use crate::diag::{Code, Finding, Severity};
use crate::explain::command;
use crate::model::attribute::{Attribute, ChainAttribute, ModelAttribute};
use crate::model::{Context, Guarantee, GuaranteeId, GuaranteePart, ModelId, UseCase, World};
use crate::source::Span;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: Code("guarantee-violated"),
    severity: Severity::Error,
    family: Family::Guarantees,
    summary: "some context breaks a guarantee",
    why: "What the company promised to auditors does not hold in at least one context. The counterexample is a request that shows it.",
    example: example!("guarantee-violated"),
    hides: &[],
    run: Run::Survey(run),
};

/// A context in which a target breaks a part of a guarantee.
struct Counterexample<'a> {
    distance: usize,
    use_case: &'a UseCase,
    context: &'a Context,
    decision: &'a Decision,
    broken: reference::Broken,
}

fn run(survey: &Survey) -> Vec<Finding> {
    let all = survey.world.guarantees.enumerated();
    all.filter_map(|(id, guarantee)| violated(survey, id, guarantee)).collect()
}

fn violated(survey: &Survey, id: GuaranteeId, guarantee: &Guarantee) -> Option<Finding> {
    let world = survey.world;
    let of_context = |(attribute, _): &(Attribute, Span)| attribute.is_of_context();
    let varies = guarantee.parts.iter().any(|part| part.expr.reads.iter().any(of_context));
    // Read of nothing but the registry, the verdict is the same wherever the same targets stand.
    let portable =
        guarantee.parts.iter().all(|part| part.expr.reads.iter().all(|(read, _)| of_targets(*read)));
    let mut by_targets: HashMap<(Vec<ModelId>, Vec<ModelId>), Option<reference::Broken>> = HashMap::new();
    let mut smallest: Option<Counterexample> = None;
    let mut use_cases = Vec::new();
    for decided in survey.decided() {
        let before = use_cases.len();
        let held = survey.engine.held(decided.use_case, decided.space, Statement::Guarantee(id));
        if held == Held::Never {
            continue;
        }
        // Contexts that share a decision share the verdict, unless the guarantee itself looks at the context.
        let mut known: Vec<Option<Option<reference::Broken>>> = vec![None; decided.all.distinct.len()];
        for ((at, cell), (context, decision)) in decided.cells().enumerate().zip(decided.pairs()) {
            if !held.at(at) {
                continue;
            }
            let verdict = || reference::breaks(world, decided.use_case, context, decision, guarantee);
            let broken = match known.get_mut(cell) {
                Some(known) if portable => known
                    .get_or_insert_with(|| {
                        let models = (decision.reaches(), decision.chain());
                        by_targets.entry(models).or_insert_with(verdict).clone()
                    })
                    .clone(),
                Some(known) if !varies => known.get_or_insert_with(verdict).clone(),
                _ => verdict(),
            };
            let Some(broken) = broken else { continue };
            if use_cases.len() == before {
                use_cases.push(decided.name());
            }
            let distance = world.distance(decided.use_case, context);
            if smallest.as_ref().is_none_or(|known| distance < known.distance) {
                let use_case = decided.use_case;
                smallest = Some(Counterexample { distance, use_case, context, decision, broken });
            }
        }
    }
    Some(finding(world, guarantee, &smallest?, use_cases))
}

/// Whether an attribute is the same of a list of targets whoever asks.
fn of_targets(attribute: Attribute) -> bool {
    match attribute {
        Attribute::Request(_) => false,
        Attribute::Model(attribute) => attribute != ModelAttribute::Cost,
        Attribute::Chain(attribute) => attribute != ChainAttribute::MaxCostMultiplier,
        Attribute::Duty(_) => false,
    }
}

fn finding(world: &World, guarantee: &Guarantee, found: &Counterexample, use_cases: Vec<String>) -> Finding {
    let (name, use_case) = (&guarantee.name.value, &found.use_case.name.value);
    let command = command::resolve(world, found.use_case, found.context);
    let part = guarantee.parts.get(found.broken.part);
    let inside = part.and_then(|part| part.expr.parts.get(found.broken.inside?).copied());
    let place = inside.or(part.map(|part| part.span)).unwrap_or(guarantee.name.span);
    let read: Vec<Attribute> = part.map(|part| read_within(part, place)).unwrap_or_default();
    let of_model = || {
        read.iter().filter_map(|attribute| match attribute {
            Attribute::Model(attribute) => Some(*attribute),
            Attribute::Request(_) | Attribute::Chain(_) | Attribute::Duty(_) => None,
        })
    };
    let of_duty = || {
        read.iter().filter_map(|attribute| match attribute {
            Attribute::Duty(attribute) => Some(*attribute),
            Attribute::Request(_) | Attribute::Chain(_) | Attribute::Model(_) => None,
        })
    };
    let of_chain = read.iter().filter_map(|attribute| match attribute {
        Attribute::Chain(attribute) => Some(*attribute),
        Attribute::Request(_) | Attribute::Model(_) | Attribute::Duty(_) => None,
    });
    let model = of_model().next().map(|_| &world.models[found.broken.model]);
    let mut facts: Vec<String> = model
        .map(|model| of_model().map(|a| show::fact(world, Some(found.use_case), model, a)).collect())
        .unwrap_or_default();
    facts.extend(of_chain.map(|attribute| {
        show::chain_fact(attribute, reference::chain_value(world, found.decision, attribute).as_ref())
    }));
    facts.extend(of_duty().map(|attribute| show::duty_fact(world, found.decision, attribute)));
    let is_duty = of_duty().next().is_some();
    let whom = match model {
        Some(model) if found.decision.primary == Some(found.broken.model) => {
            format!("`{use_case}` can reach `{}`, the primary", model.id)
        }
        Some(model) => format!("`{use_case}` can reach `{}`, a failover target", model.id),
        None if is_duty => format!("the obligations of `{use_case}` break it"),
        None => format!("the route of `{use_case}` breaks it"),
    };
    let verdict = if part.is_some_and(|part| part.never) { "not false" } else { "not true" };
    let why = if facts.is_empty() { String::new() } else { format!(": {}", facts.join(", ")) };
    let mut finding = CHECK
        .finding(guarantee.name.span, format!("guarantee `{name}` does not hold: {whom}"))
        .label("promised here")
        .related(place, format!("{verdict}{why}"));
    if let Some(model) = model {
        finding = finding.related(model.name.span, format!("`{}`", model.id));
    }
    finding
        .related(found.use_case.name.span, "the use case")
        .note(format!("see it with `{command}`"))
        .help(match model {
            Some(_) => "add a rule that keeps such models out, state the fact in the registry if it is only missing, or narrow the guarantee's `for`",
            None if is_duty => "say it in the audit, failover, budget or quota statement that applies, or narrow the guarantee's `for`",
            None => "change the failover that makes this route, or narrow the guarantee's `for`",
        })
        .use_cases(use_cases)
        .context(world.show_context(found.context))
}

/// The attributes that a part of a guarantee reads in a place.
fn read_within(part: &GuaranteePart, place: Span) -> Vec<Attribute> {
    let within = |span: &Span| place.start <= span.start && span.end <= place.end;
    let read = part.expr.reads.iter().filter(|(_, span)| within(span)).map(|(attribute, _)| *attribute);
    let mut read: Vec<Attribute> = read.collect();
    // An attribute is remembered where it is first read: elsewhere in the clause, the whole clause says more.
    if read.is_empty() {
        read = part.expr.reads.iter().map(|(attribute, _)| *attribute).collect();
    }
    read
}
