//! `budget-cycle`: budgets stand within each other in a circle.

use super::circles::circles;
use super::circles::drawing;
use super::{Check, Family, Run};
use crate::decide::survey::Survey;
use crate::diag::{Code, Finding, Severity};

pub(super) const CHECK: Check = Check {
    code: Code("budget-cycle"),
    severity: Severity::Error,
    family: Family::Budgets,
    summary: "budgets stand within each other in a circle",
    why: "Budgets that stand within each other have no whole, and spend could not be added up.",
    example: example!("budget-cycle"),
    hides: &[],
    run: Run::Survey(run),
};

fn run(survey: &Survey) -> Vec<Finding> {
    let budgets = &survey.world.budgets;
    let edges = budgets.enumerated().filter_map(|(id, budget)| Some((id, budget.within.as_ref()?.value)));
    circles(edges).findings(|circle| {
        let members: Vec<_> = circle.iter().map(|id| &budgets[*id]).collect();
        let names: Vec<&str> = members.iter().map(|budget| budget.name.value.as_str()).collect();
        let places = members.iter().filter_map(|budget| budget.within.as_ref()).map(|within| within.span);
        let first = members.first()?.head;
        let message = match names.as_slice() {
            [one] => format!("the budget `{one}` stands within itself"),
            _ => format!("budgets stand within each other in a circle: {}", drawing(&names)),
        };
        let finding =
            places.fold(CHECK.finding(first, message), |finding, place| finding.related(place, "within"));
        Some(finding.help("remove one of these `within`"))
    })
}
