//! `ambiguous-preference`: several rules of one tier order the same request.

use std::collections::BTreeMap;

use super::one_overrides::{Part, choices};
use super::seen::{Seen, cut};
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};
use crate::model::words::{list, written};
use crate::model::{RuleId, Tier};

pub(super) const CHECK: Check = Check {
    code: Code("ambiguous-preference"),
    severity: Severity::Error,
    family: Family::Routing,
    summary: "two rules of one tier both order the same request",
    why: "Two rules of the same tier pull in different directions and nobody decided which one counts, so a reorganised file could move traffic to another provider.",
    example: example!("ambiguous-preference"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let mut is_cut = false;
    let mut all: BTreeMap<(Tier, Vec<RuleId>), Seen> = BTreeMap::new();
    for case in &survey.cases {
        let use_case = &world.use_cases[case.id];
        for (at, (context, decision)) in survey.pairs(case).enumerate() {
            for (tier, rules) in
                decision.as_ref().err().into_iter().flat_map(|undefined| &undefined.preferences)
            {
                let distance = case.distance(at);
                let key = (*tier, rules.clone());
                is_cut |= !Seen::note(&mut all, key, &use_case.name.value, context, distance);
            }
        }
    }
    let findings = all.into_iter().filter_map(|((tier, ids), seen)| {
        let rules: Vec<_> = ids.iter().map(|id| &world.rules[*id]).collect();
        let names: Vec<&str> = rules.iter().map(|rule| rule.name.value.as_str()).collect();
        let (first, rest) = rules.split_first()?;
        let message = format!(
            "the {} rules {} all order the requests for `{}`",
            tier.name(),
            list(&names),
            seen.use_case
        );
        let message = if rules.len() == 2 { message.replace(" all order ", " both order ") } else { message };
        let mut finding = CHECK.finding(first.name.span, message).label("prefers here");
        for rule in rest {
            finding = finding.related(rule.name.span, "and prefers here");
        }
        let help = match names.as_slice() {
            [a, b, ..] => format!(
                "decide which one counts: write `overrides {}` in `{a}` or the reverse, or narrow one's `when`",
                written(b)
            ),
            _ => "narrow their `when`".to_owned(),
        };
        let parts: Vec<Part> = rules.iter().map(|one| Part::new(&one.name, &one.overrides)).collect();
        finding.fixes = choices(&parts);
        Some(finding.help(help).use_cases(seen.use_cases).context(world.show_context(&seen.context)))
    });
    cut(findings.collect(), is_cut, "sets")
}
