//! Why a use case has no decision that a test could be held against.

use super::Reason;
use crate::decide::Undefined;
use crate::decide::survey::{Case, Survey};
use crate::model::words::{count, list};
use crate::model::{Context, FailoverId, UseCase, World};
use crate::source::Span;

/// The reasons: of the test's own context if it has any, else of the first context that has some.
pub fn reasons(survey: &Survey, case: &Case, use_case: &UseCase, own: Option<&Undefined>) -> Vec<Reason> {
    let world = survey.world;
    if !case.missing.is_empty() {
        let missing = case.missing.iter().map(|missing| Reason {
            text: format!(
                "`{}` does not state `{}`, which a condition tests",
                use_case.name.value,
                missing.attribute.name()
            ),
            place: Some(missing.tested),
        });
        return missing.collect();
    }
    if let Some(own) = own {
        return of(world, own, "");
    }
    let elsewhere = survey.pairs(case).find_map(|(context, decision)| {
        let elsewhere = format!(" in another context, {}", shown(world, context));
        Some(of(world, decision.as_ref().err()?, &elsewhere))
    });
    elsewhere.unwrap_or_default()
}

/// What makes the decision of a use case undefined, after a colon; nothing where it is defined.
pub fn in_words(survey: &Survey, case: &Case) -> String {
    let world = survey.world;
    let use_case = &world.use_cases[case.id];
    let found = if case.missing.is_empty() {
        let baseline = world.baseline(use_case);
        let undefined =
            survey.pairs(case).filter_map(|(context, decision)| Some((context, decision.as_ref().err()?)));
        let nearest = undefined.min_by_key(|(context, _)| world.distance(use_case, context));
        let of = |(context, undefined): (&Context, &Undefined)| {
            let shown =
                if *context == baseline { String::new() } else { format!(" in {}", shown(world, context)) };
            of(world, undefined, &shown)
        };
        nearest.map(of).unwrap_or_default()
    } else {
        reasons(survey, case, use_case, None)
    };
    match found.split_first() {
        None => String::new(),
        Some((first, [])) => format!(": {}", first.text),
        Some((first, more)) => {
            format!(": {}, and {} more", first.text, count(more.len(), "reason", "reasons"))
        }
    }
}

fn shown(world: &World, context: &Context) -> String {
    let shown: Vec<String> =
        world.show_context(context).iter().map(|(name, value)| format!("{name} {value}")).collect();
    shown.join(", ")
}

fn of(world: &World, undefined: &Undefined, where_else: &str) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (tier, rules) in &undefined.preferences {
        let rules: Vec<_> = rules.iter().map(|id| &world.rules[*id]).collect();
        let names: Vec<&str> = rules.iter().map(|rule| rule.name.value.as_str()).collect();
        let all = both(&names);
        let text = format!("the {} rules {} {all} order it{where_else}", tier.name(), list(&names));
        reasons.push(Reason { text, place: rules.first().map(|rule| rule.name.span) });
    }
    for (ids, on) in undefined.claims() {
        let (names, place) = failovers(world, ids);
        let on = list(&on.names());
        let all = both(&names);
        let text = format!("the failover statements {} {all} apply on {on}{where_else}", list(&names));
        reasons.push(Reason { text, place });
    }
    for fork in &undefined.forks {
        let (names, place) = failovers(world, &[*fork]);
        let text = format!("failover {} gives a model two successors{where_else}", list(&names));
        reasons.push(Reason { text, place });
    }
    reasons
}

fn both(names: &[&str]) -> &'static str {
    if names.len() == 2 { "both" } else { "all" }
}

fn failovers<'a>(world: &'a World, ids: &[FailoverId]) -> (Vec<&'a str>, Option<Span>) {
    let found: Vec<_> = ids.iter().map(|id| &world.failovers[*id]).collect();
    let names = found.iter().map(|failover| failover.name.value.as_str()).collect();
    (names, found.first().map(|failover| failover.name.span))
}
