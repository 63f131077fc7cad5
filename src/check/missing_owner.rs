//! `missing-owner`: a budget or provider that nobody answers for.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("missing-owner"),
    severity: Severity::Warning,
    family: Family::Accountability,
    summary: "a budget or provider that nobody answers for",
    why: "An alert without an owner is read by nobody. Cost and provider reviews need a name, and a way to escalate.",
    example: example!("missing-owner"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let world = survey.world;
    let budgets = world.budgets.iter().filter_map(|budget| {
        let lacking = match (&budget.owner, budget.escalate.is_empty()) {
            (None, true) => "no `owner` and no `escalate`",
            (None, false) => "no `owner`",
            (Some(_), true) => "no `escalate`",
            (Some(_), false) => return None,
        };
        let message = format!("the budget `{}` has {lacking}", budget.name.value);
        Some(
            CHECK
                .finding(budget.name.span, message)
                .help("add an `owner`, who answers for it, and `escalate`, who is told when it runs out"),
        )
    });
    let providers = world.providers.iter().filter(|provider| provider.owner.is_none()).map(|provider| {
        let message = format!("the provider `{}` has no `owner`", provider.name.value);
        CHECK.finding(provider.name.span, message).help("say who reviews it: `owner: …`")
    });
    budgets.chain(providers).collect()
}
