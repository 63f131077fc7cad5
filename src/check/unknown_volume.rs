//! `unknown-volume`: a budget covers use cases whose volume nobody states, so that its forecast is a lower bound.

use super::named::Named;
use super::{Check, Family, Run};
use crate::cost::Spending;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("unknown-volume"),
    severity: Severity::Warning,
    family: Family::Practice,
    summary: "a budget covers a use case that states no volume, so its forecast is a lower bound",
    why: "A use case that states no volume adds nothing to the forecast, so a budget looks safe that is not.",
    example: example!("unknown-volume"),
    hides: &[],
    run: Run::Spending(run),
};

fn run(spending: &Spending) -> Vec<Finding> {
    let world = spending.survey().world;
    let budgets = world.budgets.enumerated();
    let mut named = Named::new();
    let findings = budgets.filter_map(|(id, budget)| {
        let unknown = spending.unknown(id);
        let (first, more) = (unknown.first()?, unknown.len() - 1);
        let first = &world.use_cases[*first].name.value;
        let who = match more {
            0 => format!("`{first}` states"),
            1 => format!("`{first}` and one more use case state"),
            _ => format!("`{first}` and {more} more use cases state"),
        };
        let message =
            format!("the forecast of the budget `{}` is a lower bound: {who} no volume", budget.name.value);
        let finding = CHECK
            .finding(budget.head, message)
            .help("add `expected_monthly: {requests: …, input_tokens: …, output_tokens: …}` to the use case");
        Some(named.on(world, finding, &unknown))
    });
    findings.collect()
}
