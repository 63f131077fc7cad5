//! `no-cost-breaker`: a failover may cost several times as much, and nothing stops or tells it.

use super::every_path::every_path;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::decide::{Multiplier, show};
use crate::diag::{Code, Finding, Severity};
use crate::explain::roughly;
use crate::number::whole;

pub(super) const CHECK: Check = Check {
    code: Code("no-cost-breaker"),
    severity: Severity::Warning,
    family: Family::Practice,
    summary: "a failover may cost over 3 times as much, and no `above` says what happens then",
    why: "An outage of an hour costs little, one of a week several times the month. Without `above` nobody hears of it before the invoice.",
    example: example!("no-cost-breaker"),
    hides: &[],
    run: Run::Survey(run),
};

/// How many times the primary's cost a target may have without a word.
const TIMES: u64 = 3;

fn run(survey: &Survey) -> Vec<Finding> {
    let most = Multiplier::Finite(whole(TIMES));
    let dear = every_path(survey, |look| {
        let dearest = look.path.targets.iter().max_by_key(|target| &target.multiplier)?;
        let is_dear = look.failover.above.is_empty() && dearest.multiplier > most;
        is_dear.then(|| (dearest.multiplier.clone(), dearest.model, look.primary))
    });
    let findings = dear.into_iter().map(|(id, seen)| {
        let world = survey.world;
        let (multiplier, target, primary) = &seen.worst;
        let failover = &world.failovers[id];
        let (primary, target) = (&world.models[*primary], &world.models[*target]);
        let times = match multiplier {
            Multiplier::Infinite => format!("costs money where `{}` costs none", primary.id),
            finite @ Multiplier::Finite(_) => {
                let times = roughly(finite).unwrap_or_else(|| show::multiplier(finite));
                format!("has {times} of `{}`", primary.id)
            }
        };
        let message = format!(
            "failover `{}` takes `{}` to `{}`, which {times}",
            failover.name.value, seen.of, target.id
        );
        CHECK.finding(failover.head, message)
                .label("no `above` here")
                .related(target.price_span, "its price")
                .help("say what happens then, as in `above 3x cost notify \"…\"`, or `throttle`, `confirm`, `block`")
                .use_cases(seen.use_cases)
    });
    findings.collect()
}
