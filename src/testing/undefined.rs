//! Why a use case has no decision that a test could be held against.

use super::Reason;
use crate::decide::Undefined;
use crate::decide::survey::{Case, Survey};
use crate::model::words::list;
use crate::model::{FailoverId, UseCase, World};
use crate::source::Span;

/// The reasons: of the test's own context if it has any, else of the first context that has some.
pub(super) fn reasons(
    survey: &Survey,
    case: &Case,
    use_case: &UseCase,
    own: Option<&Undefined>,
) -> Vec<Reason> {
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
        let shown = world.show_context(context);
        let shown: Vec<String> = shown.iter().map(|(name, value)| format!("{name} {value}")).collect();
        Some(of(world, decision.as_ref().err()?, &format!(" in another context, {}", shown.join(", "))))
    });
    elsewhere.unwrap_or_default()
}

fn of(world: &World, undefined: &Undefined, where_else: &str) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (tier, rules) in &undefined.preferences {
        let rules: Vec<_> = rules.iter().filter_map(|id| world.rules.get(*id)).collect();
        let names: Vec<&str> = rules.iter().map(|rule| rule.name.value.as_str()).collect();
        let text = format!("the {} rules {} all order it{where_else}", tier.word(), list(&names));
        reasons.push(Reason { text, place: rules.first().map(|rule| rule.name.span) });
    }
    for (ids, on) in undefined.claims() {
        let (names, place) = failovers(world, ids);
        let on = list(&on.names());
        let text = format!("the failover statements {} all apply on {on}{where_else}", list(&names));
        reasons.push(Reason { text, place });
    }
    for fork in &undefined.forks {
        let (names, place) = failovers(world, &[*fork]);
        let text = format!("failover {} gives a model two successors{where_else}", list(&names));
        reasons.push(Reason { text, place });
    }
    reasons
}

fn failovers<'a>(world: &'a World, ids: &[FailoverId]) -> (Vec<&'a str>, Option<Span>) {
    let found: Vec<_> = ids.iter().filter_map(|id| world.failovers.get(*id)).collect();
    let names = found.iter().map(|failover| failover.name.value.as_str()).collect();
    (names, found.first().map(|failover| failover.name.span))
}
