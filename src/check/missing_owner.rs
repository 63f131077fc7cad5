//! `missing-owner`: a budget or provider that nobody answers for.

use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::fix::{Applies, Change, FILL_IN, Fix};
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
        let help = match (&budget.owner, budget.escalate.is_empty()) {
            (None, true) => {
                "write an `owner`, who answers for it, and `escalate`, who is told when it runs out"
            }
            (None, false) => "write an `owner`, who answers for it",
            (Some(_), _) => "write `escalate`, who is told when it runs out",
        };
        let message = format!("the budget `{}` has {lacking}", budget.name.value);
        let lacking = [("owner", budget.owner.is_none()), ("escalate", budget.escalate.is_empty())];
        let lacking = lacking.into_iter().filter(|(_, lacks)| *lacks);
        let clause = |(word, _)| Change::Clause(budget.name.span, format!("{word} \"{FILL_IN}\""));
        let changes = lacking.map(clause).collect();
        let fix = Fix { title: "add addresses to fill in".to_owned(), applies: Applies::Unsafe, changes };
        Some(CHECK.finding(budget.name.span, message).help(help).fix(fix))
    });
    let providers = world.providers.iter().filter(|provider| provider.owner.is_none()).map(|provider| {
        let message = format!("the provider `{}` has no `owner`", provider.name.value);
        let change = Change::Below(provider.name.span, "owner", FILL_IN.to_owned());
        CHECK
            .finding(provider.name.span, message)
            .help("say who reviews it: `owner: …`")
            .fix(Fix::not_safe("add an `owner` to fill in", change))
    });
    budgets.chain(providers).collect()
}
