//! `ambiguous-failover`: several failover statements claim the same request.

use std::collections::BTreeMap;

use super::one_overrides::{Part, choices};
use super::seen::{Seen, cut};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::FailoverId;
use crate::model::trigger::Triggers;
use crate::model::words::{list, written};

pub(super) const CHECK: Check = Check {
    code: Code("ambiguous-failover"),
    severity: Severity::Error,
    family: Family::Failover,
    summary: "two failover statements both apply to the same request",
    why: "Two failover statements claim the same request: whether it is queued or sent on would depend on chance, and a failover is a governance event.",
    example: example!("ambiguous-failover"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut is_cut = false;
    let mut all: BTreeMap<Vec<FailoverId>, Seen> = BTreeMap::new();
    let mut on: BTreeMap<Vec<FailoverId>, Triggers> = BTreeMap::new();
    for case in &survey.cases {
        let use_case = &world.use_cases[case.id];
        for (at, (context, decision)) in survey.pairs(case).enumerate() {
            let Err(undefined) = decision else { continue };
            let distance = case.distance(at);
            for (ids, triggers) in undefined.claims() {
                if !Seen::note(&mut all, ids.to_vec(), &use_case.name.value, context, distance) {
                    is_cut = true;
                    continue;
                }
                let known = on.entry(ids.to_vec()).or_default();
                *known = known.with(triggers);
            }
        }
    }
    let findings = all.into_iter().filter_map(|(ids, seen)| {
        let statements: Vec<_> = ids.iter().map(|id| &world.failovers[*id]).collect();
        let names: Vec<&str> = statements.iter().map(|failover| failover.name.value.as_str()).collect();
        let (first, rest) = statements.split_first()?;
        let on = on.get(&ids).map(|on| list(&on.names())).unwrap_or_default();
        let message =
            format!("the failover statements {} apply to `{}` at once, on {on}", list(&names), seen.use_case);
        let mut finding = CHECK.finding(first.name.span, message).label("applies here");
        for failover in rest {
            finding = finding.related(failover.name.span, "and applies here");
        }
        let help = match names.as_slice() {
            [a, b, ..] => format!(
                "decide which one counts: write `overrides {}` in `{a}` or the reverse, or narrow one's `when`",
                written(b)
            ),
            _ => "narrow their `when`".to_owned(),
        };
        let parts: Vec<Part> = statements.iter().map(|one| Part::new(&one.name, &one.overrides)).collect();
        finding.fixes = choices(&parts);
        Some(finding.help(help).use_cases(seen.use_cases).context(world.show_context(&seen.context)))
    });
    cut(findings.collect(), is_cut, "sets")
}
